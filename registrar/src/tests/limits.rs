//! How often somebody may ask, and with how many outcomes missing.

use super::{world::*, *};
use crate::store::Limits;

#[tokio::test(flavor = "multi_thread")]
async fn an_institution_has_so_many_evaluations_an_hour_and_takes_none_of_anothers() {
    let network = Network::single(Limits { per_hour: 3, ..limits() }).await;
    for _ in 0..3 {
        network.person(DOCUMENT).await;
    }
    for signer in [hospital(), nurse()] {
        let asked = network.client(signer).person(for_hospital(), DOCUMENT).await;
        let text = asked.as_ref().unwrap_err().to_string();
        assert!(text.contains("3 evaluations an hour are allowed"), "{text}");
        assert!(text.contains("in 60 minutes"), "{text}");
        assert_eq!(codes(asked), ["rate_limited"]);
    }
    network.client(clinic()).person(for_clinic(), DOCUMENT).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn two_requests_at_once_do_not_both_take_the_last_place() {
    let network = Network::single(Limits { per_hour: 5, ..limits() }).await;
    let client = network.client(hospital());
    let ask = || client.person(for_hospital(), DOCUMENT);
    let asked = futures::future::join_all((0..20).map(|_| ask())).await;
    assert_eq!(asked.iter().filter(|asked| asked.is_ok()).count(), 5);
    assert_eq!(network.registrars[0].app.store.head().0, 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn too_many_missing_outcomes_stop_an_institution_until_it_files() {
    let network = Network::single(Limits { overdue_after: 1, ..limits() }).await;
    let client = network.client(hospital());
    let ask = || client.person(for_hospital(), DOCUMENT);
    let pause = || tokio::time::sleep(Duration::from_millis(5));
    let mut opened = Vec::new();
    // Two may be overdue: the third still passes, the fourth does not.
    for _ in 0..3 {
        opened.extend(ask().await.unwrap().opened);
        pause().await;
    }
    let asked = ask().await;
    let text = asked.as_ref().unwrap_err().to_string();
    assert!(text.contains("3 evaluations have no outcome"), "{text}");
    assert!(text.contains("kanglian institution outcome"), "{text}");
    assert_eq!(codes(asked), ["outcomes_overdue"]);
    let open = client.open(1, &for_hospital()).await.unwrap();
    assert_eq!((open.open.len(), open.overdue_limit), (3, 2));
    assert_eq!(open.open[0].evaluation, opened[0].evaluation);
    // Others are not stopped by it.
    network.client(clinic()).person(for_clinic(), DOCUMENT).await.unwrap();
    let line = &opened[0];
    let reason = Outcome::Closed(Reason::WrongDocument);
    client.file(&line.registrar, line.evaluation, reason).await.unwrap();
    ask().await.unwrap();
    assert_eq!(client.open(1, &Evaluator::Regulator).await.unwrap().open.len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_and_bodies_have_bounds() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let network = Network::single(limits()).await;
    let url = format!("{}/v1/evaluate", network.registrars[0].url);
    let big = "x".repeat(5_000);
    let http = reqwest::Client::new();
    let reply = http.post(&url).header("content-type", "application/json").body(big);
    let reply = reply.send().await.unwrap();
    assert_eq!(reply.status(), 413);
    assert!(reply.text().await.unwrap().contains("too_large"));
    for body in ["", "{}", "[]", "null", "{\"element\":\"\"}"] {
        let reply = http.post(&url).header("content-type", "application/json").body(body);
        let status = reply.send().await.unwrap().status();
        assert!(matches!(status.as_u16(), 400 | 422), "{body}: {status}");
    }
    // Whoever never ends the head, or the body, is cut off.
    let set = network.set.clone();
    let identity = kanglian_sdk::registrar::RegistrarIdentity::dev(PHRASE, 1);
    let share = kanglian_sdk::registrar::RegistrarShare::dev(PHRASE, 1, 1);
    let keys = crate::settings::Keys::new(set, identity, &share).unwrap();
    let quick = crate::settings::Connections {
        header: Duration::from_millis(300),
        whole: Duration::from_millis(600),
        per_address: 2,
        ..connections()
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let folder = tempfile::TempDir::new().unwrap();
    let node = Arc::new(Node(network.world.clone()));
    let _running = Registrar::start(listener, keys, node, folder.path(), limits(), quick);
    for begin in [
        "GET /health HTTP/1.1\r\nhost:",
        "POST /v1/evaluate HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\
         content-type: application/json\r\n\r\n{",
    ] {
        let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
        stream.write_all(begin.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        let ended = stream.read_to_end(&mut answer);
        // Either an end or a reset will do.
        let _ = tokio::time::timeout(Duration::from_secs(5), ended).await.expect("it is cut off");
    }
    // A third connection of the address is not served while two are open.
    let two = [(); 2].map(|()| tokio::net::TcpStream::connect(address));
    let two = futures::future::try_join_all(two).await.unwrap();
    let health = reqwest::get(format!("http://{address}/health"));
    assert!(health.await.is_err());
    drop(two);
}
