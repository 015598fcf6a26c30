use super::{uploading::token, *};
use kanglian_sdk::wire::{ErrorBody, HEADER_UPLOAD, encode_header, paths};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
};

/// A connection from an address of the loopback network.
async fn connect(vault: &Vault, from: [u8; 4]) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind((from, 0).into()).unwrap();
    socket.connect(vault.url.authority().parse().unwrap()).await.unwrap()
}

/// Asks for the vault's health and keeps the connection; none when it was closed.
async fn ask(stream: &mut TcpStream) -> Option<String> {
    stream.write_all(b"GET /health HTTP/1.1\r\nhost: x\r\n\r\n").await.ok()?;
    let mut head = [0; 12];
    stream.read_exact(&mut head).await.ok()?;
    Some(String::from_utf8_lossy(&head).into_owned())
}

const HERE: [u8; 4] = [127, 0, 0, 1];
const ELSEWHERE: [u8; 4] = [127, 0, 0, 2];

#[tokio::test(flavor = "multi_thread")]
async fn an_address_has_its_share_of_connections() {
    let network = Network::start_with(&[JIANGSU], |s| s.max_connections_per_address = 3).await;
    let vault = &network.vaults[0];
    let mut kept = Vec::new();
    for _ in 0..3 {
        let mut stream = connect(vault, HERE).await;
        assert_eq!(ask(&mut stream).await.unwrap(), "HTTP/1.1 200");
        kept.push(stream);
    }
    for _ in 0..50 {
        assert_eq!(ask(&mut connect(vault, HERE).await).await, None);
    }
    assert_eq!(ask(&mut connect(vault, ELSEWHERE).await).await.unwrap(), "HTTP/1.1 200");
    // What is given back is free again.
    kept.pop();
    let free = async {
        while ask(&mut connect(vault, HERE).await).await.is_none() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(5), free).await.unwrap();
}

/// Begins an upload and leaves it hanging.
async fn hang(vault: &Vault, from: [u8; 4], token: &str, seed: u8, more: &str) -> TcpStream {
    let bytes = sealed(100_000, seed);
    let upload = upload_of(&bytes, PATIENT);
    let mut stream = connect(vault, from).await;
    let head = format!(
        "PUT {} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\n{HEADER_UPLOAD}: {}\r\n\
         content-length: 100000\r\n{more}\r\n",
        paths::object(&upload.claim.record),
        encode_header(&upload),
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(&bytes[..100]).await.unwrap();
    stream
}

/// Lists the patient's log; the status and, of an error, the code.
async fn list(vault: &Vault, from: [u8; 4], token: &str, forwarded: &str) -> (u16, String) {
    let client = reqwest::Client::builder().local_address(std::net::IpAddr::from(from)).build();
    let url = vault.url.join(&format!("/v1/persons/{PATIENT}/log")).unwrap();
    let request = client.unwrap().get(url).bearer_auth(token);
    let reply = request.header("x-forwarded-for", forwarded).send().await.unwrap();
    let status = reply.status().as_u16();
    (status, reply.json::<ErrorBody>().await.map_or_else(|_| String::new(), |body| body.code))
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_has_its_share_of_requests() {
    let network = Network::start_with(&[JIANGSU], |s| {
        s.max_requests_per_address = 2;
        s.body_idle_timeout = Duration::from_secs(30);
    })
    .await;
    let vault = &network.vaults[0];
    let (hospitals, patients) = (token(vault, &hospital()).await, token(vault, &patient()).await);
    let mut hanging = Vec::new();
    for seed in 0..2 {
        hanging.push(hang(vault, HERE, &hospitals, seed, "").await);
    }
    uploading::wait_until(|| vault.spooled() >= 2).await;
    // Nobody but the operator's proxies may say that it asks for another.
    for forwarded in ["", "198.51.100.1"] {
        let refused = list(vault, HERE, &patients, forwarded).await;
        assert_eq!(refused, (429, "busy".to_owned()));
    }
    assert_eq!(list(vault, ELSEWHERE, &patients, "").await.0, 200);
    drop(hanging);
    uploading::wait_until(|| vault.spooled() == 0).await;
    assert_eq!(list(vault, HERE, &patients, "").await.0, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn behind_a_trusted_proxy_each_client_has_its_own_share() {
    let network = Network::start_with(&[JIANGSU], |s| {
        s.trusted_proxies = vec![HERE.into()];
        (s.max_connections_per_address, s.max_requests_per_address) = (1, 1);
        s.body_idle_timeout = Duration::from_secs(30);
    })
    .await;
    let vault = &network.vaults[0];
    let (hospitals, patients) = (token(vault, &hospital()).await, token(vault, &patient()).await);
    let mut hanging = Vec::new();
    for client in 1..=3 {
        let forwarded = format!("x-forwarded-for: 203.0.113.9, 198.51.100.{client}\r\n");
        hanging.push(hang(vault, HERE, &hospitals, client, &forwarded).await);
    }
    uploading::wait_until(|| vault.spooled() >= 3).await;
    let refused = list(vault, HERE, &patients, "198.51.100.2").await;
    assert_eq!(refused, (429, "busy".to_owned()));
    assert_eq!(list(vault, HERE, &patients, "198.51.100.4").await.0, 200);
}
