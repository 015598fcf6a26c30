//! Challenges, health, and what does not show.

use std::io::Write;

use kanglian_primitives::DealingTerms;
use kanglian_sdk::custody::{
    DealingContext,
    client::{Drill, DrillFault},
};
use tokio_util::sync::CancellationToken;
use url::Url;

use super::*;
use crate::{drill, http, server, settings::Connections};

const LIMITS: Connections = Connections {
    most: 8,
    header: Duration::from_secs(2),
    whole: Duration::from_secs(10),
    stop: Duration::from_secs(2),
};

struct Served {
    url: Url,
    stop: CancellationToken,
}

impl Drop for Served {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

async fn serve(world: &Arc<World>, head: Finalised) -> (Served, Arc<TestWorker>) {
    let worker = Arc::new(worker(world));
    let (sender, heads) = tokio::sync::watch::channel(head);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap()).parse().unwrap();
    let stop = CancellationToken::new();
    let (router, token) = (http::router(http::App::new(worker.clone(), heads)), stop.clone());
    tokio::spawn(async move {
        let _sender = sender;
        server::serve(listener, router, LIMITS, token).await;
    });
    (Served { url, stop }, worker)
}

fn context(number: u32) -> DealingContext {
    DealingContext { genesis: GENESIS, person: PATIENT, scope: DealtScope::Whole, number }
}

fn terms(world: &World) -> DealingTerms {
    world.script().dealings[&(PATIENT, DealtScope::Whole)].terms.clone()
}

#[tokio::test]
async fn a_share_that_is_kept_is_proved_and_one_that_is_not_is_not() {
    let world = World::new();
    world.deal(PATIENT, &whole(), 1);
    let terms = terms(&world);
    let (served, _) = serve(&world, head()).await;
    let drill = Drill::new().unwrap();
    let (one, two) = (context(1), context(2));
    let challenge = |context| drill.challenge(&served.url, JIANGSU, context, &terms);
    challenge(&one).await.unwrap();
    // Of no dealing in force.
    match challenge(&two).await {
        Err(DrillFault::Refused { code, .. }) => assert_eq!(code, "no_share"),
        other => panic!("{other:?}"),
    }
    // It answers for its own province only.
    let other = drill.challenge(&served.url, ZHEJIANG, &context(1), &terms).await;
    assert_eq!(other, Err(DrillFault::Elsewhere(JIANGSU)));
    let nowhere = drill.challenge(&served.url, RegionCode(650_000), &context(1), &terms).await;
    assert_eq!(nowhere, Err(DrillFault::NoPart));
    // The dealing on chain is another than that of the share.
    let mut changed = terms.clone();
    changed.commitments[1] = changed.commitments[0];
    let wrong = drill.challenge(&served.url, JIANGSU, &context(1), &changed).await;
    assert_eq!(wrong, Err(DrillFault::False));

    let share = terms.parts[1].share;
    let blob = world.script().blobs.remove(&share).unwrap();
    match challenge(&one).await {
        Err(DrillFault::Refused { code, .. }) => assert_eq!(code, "share_away"),
        other => panic!("{other:?}"),
    }
    let mut spoiled = blob;
    spoiled[40] ^= 1;
    world.script().blobs.insert(share, spoiled);
    match challenge(&one).await {
        Err(DrillFault::Refused { code, .. }) => assert_eq!(code, "bad_share"),
        other => panic!("{other:?}"),
    }
    let gone: Url = "http://127.0.0.1:1".parse().unwrap();
    let silent = drill.challenge(&gone, JIANGSU, &context(1), &terms).await;
    assert!(matches!(silent, Err(DrillFault::Silent(_))), "{silent:?}");
}

#[tokio::test]
async fn the_operator_sees_which_shares_do_not_serve() {
    let world = World::new();
    world.deal(PATIENT, &whole(), 1);
    let other = PersonId([2; 32]);
    let dealt = world.deal(other, &whole(), 4);
    let worker = worker(&world);
    let kept = drill::all(&worker, &head()).await.unwrap();
    assert_eq!((kept.alive, kept.faults.len()), (2, 0));
    world.script().blobs.remove(&dealt.terms.parts[1].share);
    let kept = drill::all(&worker, &head()).await.unwrap();
    assert_eq!(kept.alive, 1);
    assert!(kept.faults[0].contains(&other.to_string()), "{:?}", kept.faults);
    let stale = drill::all(&worker, &Finalised::default()).await;
    assert_eq!(stale, Err(drill::DrillFault::NotReady));
}

#[tokio::test]
async fn health_says_how_it_stands() {
    let world = World::new();
    let (served, worker) = serve(&world, head()).await;
    let drill = Drill::new().unwrap();
    assert_eq!(drill.health(&served.url).await.unwrap().status, "stale");
    worker.round(&head()).await.unwrap();
    let health = drill.health(&served.url).await.unwrap();
    assert_eq!((health.status.as_str(), health.region), ("ok", Some(JIANGSU)));
    assert_eq!(health.account, keys(JIANGSU).account.address());
    world.script().custodians.clear();
    worker.round(&head()).await.unwrap();
    assert_eq!(drill.health(&served.url).await.unwrap().status, "not_appointed");
    let client = reqwest::Client::new();
    let metrics = client.get(served.url.join("/metrics").unwrap()).send().await.unwrap();
    assert_eq!(metrics.status(), 200);
}

#[tokio::test]
async fn wrong_requests_are_refused_with_a_code() {
    let world = World::new();
    let (served, _) = serve(&world, head()).await;
    let client = reqwest::Client::new();
    let post = |body: String| {
        let url = served.url.join("/v1/drill").unwrap();
        client.post(url).header("content-type", "application/json").body(body).send()
    };
    for (body, status) in [
        (String::new(), 400),
        ("{}".to_owned(), 422),
        ("[".to_owned(), 400),
        (format!("\"{}\"", "a".repeat(5_000)), 413),
    ] {
        let reply = post(body).await.unwrap();
        assert_eq!(reply.status(), status);
        let error: kanglian_sdk::wire::ErrorBody = reply.json().await.unwrap();
        assert!(["bad_request", "too_large"].contains(&error.code.as_str()), "{error:?}");
    }
    let reply = client.get(served.url.join("/v1/shares").unwrap()).send().await.unwrap();
    assert_eq!(reply.status(), 404);
}

#[tokio::test]
async fn whoever_sends_a_byte_now_and_then_is_cut_off() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let world = World::new();
    let (served, _) = serve(&world, head()).await;
    let mut stream = tokio::net::TcpStream::connect(served.url.authority()).await.unwrap();
    let closed = async {
        let mut part = [0; 64];
        for byte in b"GET /health HTTP/1.1\r\nx-long: ".iter().cycle() {
            if stream.write_all(&[*byte]).await.is_err() {
                return;
            }
            let pause = Duration::from_millis(200);
            let read = tokio::time::timeout(pause, stream.read(&mut part)).await;
            if let Ok(Ok(0) | Err(_)) = read {
                return;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(15), closed).await.expect("the connection ends");
}

/// Everything that the process logs.
#[derive(Clone, Default)]
struct Written(Arc<std::sync::Mutex<Vec<u8>>>);

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn nothing_secret_is_logged_whatever_happens() {
    let written = Written::default();
    let sink = written.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(move || sink.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let world = World::new();
    world.deal(PATIENT, &whole(), 1);
    let key = EncryptionSecret::generate();
    world.open(RECOVERY, PATIENT, DealtScope::Whole, CaseState::Answering, &key);
    let worker = worker(&world);
    worker.answer_dealings(&head(), &mut backoff()).await.unwrap();
    worker.answer_cases(&head(), &mut Cases::default()).await.unwrap();
    let dealt = world.deal(PATIENT, &whole(), 2);
    let share = dealt.terms.parts[1].share;
    world.script().blobs.get_mut(&share).unwrap()[50] ^= 1;
    worker.answer_dealings(&head(), &mut backoff()).await.unwrap();
    tracing::error!(keys = ?worker.keys(), round = ?worker.round(&head()).await, "all of it");

    let text = String::from_utf8(written.0.lock().unwrap().clone()).unwrap();
    for said in ["acknowledged", "handed a share over", "complained", "all of it"] {
        assert!(text.contains(said), "{said} is not logged: {text}");
    }
    let secret = keys(JIANGSU).secret;
    let first = dealt_share(&world);
    for bytes in [secret.as_bytes(), &first, &[0xab; 32], key.as_bytes()] {
        let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        assert!(!text.to_lowercase().contains(&hex[..16]), "a secret is logged");
        assert!(
            !text.contains(&format!("{:?}", &bytes[..4]).replace(']', "")),
            "a secret is logged"
        );
    }
}

/// The plain bytes of a share that was handed over.
fn dealt_share(world: &World) -> [u8; 32] {
    let script = world.script();
    let case = &script.cases[&RECOVERY];
    let dealing = case.dealing.as_ref().unwrap();
    let blob = &script.blobs[&dealing.terms.parts[1].share];
    let sealed = SealedShare::read(blob).unwrap();
    let aad = case.context(GENESIS).unwrap().share_aad(2);
    let opened = kanglian_sdk::envelope::hpke_open(
        &keys(JIANGSU).secret,
        &sealed.enc,
        kanglian_primitives::payloads::hpke_info::SHARE,
        &aad,
        &sealed.ciphertext,
    );
    opened.unwrap().as_slice().try_into().unwrap()
}
