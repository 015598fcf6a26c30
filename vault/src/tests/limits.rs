use super::{uploading::token, *};
use kanglian_sdk::wire::{ErrorBody, HEADER_UPLOAD, encode_header, paths};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

#[tokio::test(flavor = "multi_thread")]
async fn a_head_that_comes_byte_by_byte_is_cut_off() {
    let patience = Duration::from_millis(500);
    let network = Network::start_with(&[JIANGSU], |s| s.header_timeout = patience).await;
    let vault = &network.vaults[0];
    let mut stream = tokio::net::TcpStream::connect(vault.url.authority()).await.unwrap();
    let drip = async {
        for byte in b"GET /health HTTP/1.1\r\nhost: x\r\nx-slow: ".iter().cycle() {
            if stream.write_all(&[*byte]).await.is_err() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
            let mut buffer = [0u8; 256];
            match stream.try_read(&mut buffer) {
                Ok(0) => return,
                Ok(_) => continue,
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {},
                Err(_) => return,
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(10), drip).await.expect("cut off in time");
}

#[tokio::test(flavor = "multi_thread")]
async fn heads_that_are_too_large_are_refused() {
    let network = Network::start(&[JIANGSU]).await;
    let url = network.vaults[0].url.join("/health").unwrap();
    let send = |value: String, count: usize| {
        let mut request = reqwest::Client::new().get(url.clone());
        for number in 0..count {
            request = request.header(format!("x-{number}"), &value);
        }
        request.send()
    };
    assert_eq!(send("a".repeat(1_000), 10).await.unwrap().status(), 200);
    assert_eq!(send("a".repeat(40_000), 1).await.unwrap().status(), 431);
    assert_eq!(send("a".to_owned(), 100).await.unwrap().status(), 431);
}

/// Begins an upload and leaves it hanging.
async fn hang(vault: &Vault, token: &str, seed: u8) -> tokio::net::TcpStream {
    let bytes = sealed(100_000, seed);
    let upload = upload_of(&bytes, PATIENT);
    let mut stream = tokio::net::TcpStream::connect(vault.url.authority()).await.unwrap();
    let head = format!(
        "PUT {} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\n{HEADER_UPLOAD}: {}\r\n\
         content-length: 100000\r\n\r\n",
        paths::object(&upload.claim.record),
        encode_header(&upload),
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(&bytes[..100]).await.unwrap();
    stream
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_and_the_vault_have_places_for_so_many_requests() {
    let network = Network::start_with(&[JIANGSU], |settings| {
        settings.max_requests = 3;
        settings.max_requests_per_account = 2;
        settings.body_idle_timeout = Duration::from_secs(30);
    })
    .await;
    let vault = &network.vaults[0];
    let (hospitals, patients) = (token(vault, &hospital()).await, token(vault, &patient()).await);
    let mut hanging = vec![hang(vault, &hospitals, 1).await, hang(vault, &hospitals, 2).await];
    uploading::wait_until(|| vault.spooled() >= 2).await;
    let list = |token: &str| {
        let url = vault.url.join(&format!("/v1/persons/{PATIENT}/log")).unwrap();
        reqwest::Client::new().get(url).bearer_auth(token).send()
    };
    let reply = list(&hospitals).await.unwrap();
    assert_eq!(reply.status(), 429);
    assert_eq!(reply.json::<ErrorBody>().await.unwrap().code, "busy");
    assert_eq!(list(&patients).await.unwrap().status(), 200);
    network.world.script().authors.insert(doctor().account().0, Author::Institution(hospital_id()));
    let doctors = token(vault, &doctor()).await;
    hanging.push(hang(vault, &doctors, 3).await);
    uploading::wait_until(|| vault.spooled() >= 3).await;
    assert_eq!(list(&patients).await.unwrap().status(), 503);
    // Operators get through all the same.
    let health = reqwest::get(vault.url.join("/health").unwrap()).await.unwrap();
    assert_eq!(health.status(), 200);
    drop(hanging);
    uploading::wait_until(|| vault.spooled() == 0).await;
    assert_eq!(list(&hospitals).await.unwrap().status(), 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_object_that_is_too_large_is_refused() {
    let network = Network::start_with(&[JIANGSU], |s| s.max_object_bytes = 1_000).await;
    let client = network.vaults[0].client(hospital());
    let bytes = sealed(1_001, 4);
    let result = client.upload_bytes(&upload_of(&bytes, PATIENT), bytes).await;
    assert_eq!(code(result), "too_large");
    let bytes = sealed(1_000, 4);
    client.upload_bytes(&upload_of(&bytes, PATIENT), bytes).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_uploads_so_many_bytes_an_hour() {
    let network = Network::start_with(&[JIANGSU], |s| s.hourly_bytes_per_account = 2_000).await;
    let client = network.vaults[0].client(hospital());
    for (seed, size, expected) in [(4, 1_500, None), (5, 501, Some("busy")), (6, 500, None)] {
        let bytes = sealed(size, seed);
        let result = client.upload_bytes(&upload_of(&bytes, PATIENT), bytes).await;
        match expected {
            None => drop(result.unwrap()),
            Some(expected) => assert_eq!(code(result), expected),
        }
    }
    // Another account is not affected.
    network.world.script().authors.insert(doctor().account().0, Author::Institution(hospital_id()));
    let bytes = sealed(1_999, 7);
    let doctors = network.vaults[0].client(doctor());
    doctors.upload_bytes(&upload_of(&bytes, PATIENT), bytes).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopping_vault_lets_running_requests_end() {
    let mut network = Network::start(&[JIANGSU]).await;
    let bytes = sealed(100_000, 5);
    let upload = upload_of(&bytes, PATIENT);
    let token = token(&network.vaults[0], &hospital()).await;
    let mut stream = hang(&network.vaults[0], &token, 5).await;
    uploading::wait_until(|| network.vaults[0].spooled() > 0).await;
    let url = network.vaults[0].url.clone();
    let finish = async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        assert!(tokio::net::TcpStream::connect(url.authority()).await.is_err());
        stream.write_all(&bytes[100..]).await.unwrap();
        let mut reply = String::new();
        stream.read_to_string(&mut reply).await.unwrap();
        reply
    };
    let (reply, ()) = tokio::join!(finish, network.vaults[0].stop());
    assert!(reply.starts_with("HTTP/1.1 200"), "{reply}");
    assert!(network.vaults[0].object_file(&upload.claim.record).exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn web_origins_may_call_only_when_named() {
    let closed = Network::start(&[JIANGSU]).await;
    let named = ["https://console.example".to_owned()];
    let open = Network::start_with(&[JIANGSU], |s| s.cors_origins = named.to_vec()).await;
    let ask = |network: &Network, origin: &'static str| {
        let url = network.vaults[0].url.join("/v1/login").unwrap();
        reqwest::Client::new()
            .request(reqwest::Method::OPTIONS, url)
            .header("origin", origin)
            .header("access-control-request-method", "POST")
            .send()
    };
    let allowed = |reply: &reqwest::Response| {
        reply.headers().get("access-control-allow-origin").map(|value| value.as_bytes().to_vec())
    };
    let reply = ask(&open, "https://console.example").await.unwrap();
    assert_eq!(allowed(&reply), Some(b"https://console.example".to_vec()));
    assert_eq!(allowed(&ask(&open, "https://other.example").await.unwrap()), None);
    assert_eq!(allowed(&ask(&closed, "https://console.example").await.unwrap()), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn callers_cannot_make_up_series_of_metrics() {
    let network = Network::start(&[JIANGSU]).await;
    let url = &network.vaults[0].url;
    let client = reqwest::Client::new();
    let series = || async {
        let url = url.join("/metrics").unwrap();
        client.get(url).send().await.unwrap().text().await.unwrap()
    };
    for number in 0..20 {
        let method = reqwest::Method::from_bytes(format!("BREW{number}").as_bytes()).unwrap();
        for path in ["/health".to_owned(), format!("/pot/{number}"), format!("/v1/pot{number}")] {
            client.request(method.clone(), url.join(&path).unwrap()).send().await.unwrap();
            client.get(url.join(&path).unwrap()).send().await.unwrap();
        }
    }
    let text = series().await;
    assert!(!text.contains("BREW") && !text.contains("pot"), "{text}");
    let counted = |line: &&str| line.starts_with("kanglian_vault_requests_total");
    let lines: Vec<&str> = text.lines().filter(counted).collect();
    assert_eq!(lines.len(), 4, "{lines:#?}");
    for labels in [r#"method="other",route="none",status="404""#, r#"method="GET",route="none""#] {
        let held = lines.iter().filter(|line| line.contains(labels));
        assert!(held.clone().all(|line| line.ends_with(" 40")) && held.count() == 1, "{lines:#?}");
    }
}
