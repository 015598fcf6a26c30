use super::*;
use codec::Encode;
use kanglian_primitives::Hash32;
use kanglian_sdk::wire::{
    ErrorBody, HEADER_PEER, HEADER_UPLOAD, SignedPeerRequest, encode_header, paths,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// How much an unknown peer says it would send.
const LENGTH: usize = 100 << 20;

/// Begins a large upload, with these headers, and never goes on; the whole answer, once the vault
/// has closed the connection.
async fn begin(vault: &Vault, path: &str, headers: &str) -> String {
    let mut stream = tokio::net::TcpStream::connect(vault.url.authority()).await.unwrap();
    let head = format!(
        "PUT {path} HTTP/1.1\r\nhost: x\r\ncontent-length: {LENGTH}\r\n{headers}\r\nbeginning"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut reply = Vec::new();
    let closed = async {
        let mut part = [0; 4096];
        // A reset, because the rest was not read, is an end too.
        while let Ok(length @ 1..) = stream.read(&mut part).await {
            reply.extend_from_slice(&part[..length]);
        }
    };
    tokio::time::timeout(Duration::from_secs(5), closed).await.expect("closed at once");
    String::from_utf8_lossy(&reply).to_ascii_lowercase()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_that_no_peer_signed_is_refused_by_its_headers() {
    let network = Network::start_with(&[JIANGSU, ZHEJIANG], |s| {
        // Whoever held the one place would be noticed.
        s.max_requests = 1;
        s.body_idle_timeout = Duration::from_secs(30);
    })
    .await;
    let vault = &network.vaults[0];
    let mut upload = upload_of(b"sealed", PATIENT);
    upload.claim.size = LENGTH as u64;
    let meta: Hash32 = blake3::hash(&upload.encode()).into();
    let path = paths::peer_object(&upload.claim.record);
    let action = format!("PUT {path}");
    let bundle = paths::peer_bundle(&[7; 32], &PATIENT);
    let sign = |action: &str, body: Hash32| {
        let identity = &network.vaults[1].app.identity;
        identity.peer_request(JIANGSU, action, body, kanglian_sdk::now())
    };
    let headers = |signed: &SignedPeerRequest| {
        let (peer, upload) = (encode_header(signed), encode_header(&upload));
        format!("{HEADER_PEER}: {peer}\r\n{HEADER_UPLOAD}: {upload}\r\n")
    };
    let mut forged = sign(&action, meta);
    forged.signature[5] ^= 1;
    let other = sign(&action, [1; 32]);
    let alone = format!("{HEADER_UPLOAD}: {}\r\n", encode_header(&upload));
    for (path, headers, status) in [
        (&path, String::new(), 400),
        (&path, alone, 400),
        (&path, format!("{HEADER_PEER}: AAAA\r\n"), 400),
        (&path, headers(&forged), 403),
        (&path, headers(&other), 403),
        (&bundle, String::new(), 400),
        (&bundle, headers(&forged), 403),
    ] {
        let reply = begin(vault, path, &headers).await;
        assert!(reply.starts_with(&format!("http/1.1 {status}")), "{reply}");
        assert!(reply.contains("connection: close"), "{reply}");
    }
}

/// Sends a request under a given signature; its status and, of an error, the code.
async fn send(
    client: &reqwest::Client,
    vault: &Vault,
    method: reqwest::Method,
    path: &str,
    signed: &SignedPeerRequest,
    upload: Option<(&Upload, &[u8])>,
) -> (u16, String) {
    let url = vault.url.join(path).unwrap();
    let mut request = client.request(method, url);
    request = request.header(HEADER_PEER, encode_header(signed));
    if let Some((upload, bytes)) = upload {
        request = request.header(HEADER_UPLOAD, encode_header(upload)).body(bytes.to_vec());
    }
    let reply = request.send().await.unwrap();
    let status = reply.status().as_u16();
    (status, reply.json::<ErrorBody>().await.map_or_else(|_| String::new(), |body| body.code))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_peers_signed_request_counts_once() {
    use reqwest::Method;
    let network = Network::start(&[JIANGSU, ZHEJIANG]).await;
    let vault = &network.vaults[0];
    let identity = &network.vaults[1].app.identity;
    let client = reqwest::Client::new();
    // As far ahead as is taken, so that they count for long.
    let at = kanglian_sdk::now() + 50_000;
    let replayed = (403, "peer_replayed".to_owned());
    // An object that is sent, and one that is asked for.
    let bytes = sealed(1_000, 1);
    let upload = upload_of(&bytes, PATIENT);
    let meta: Hash32 = blake3::hash(&upload.encode()).into();
    let path = paths::peer_object(&upload.claim.record);
    for (method, body, sent) in
        [(Method::PUT, meta, Some((&upload, &bytes[..]))), (Method::GET, [0; 32], None)]
    {
        let action = format!("{method} {path}");
        let first = identity.peer_request(JIANGSU, &action, body, at);
        // What is not the peer's is not remembered as the peer's.
        let mut forged = first.clone();
        forged.signature[0] ^= 1;
        assert_eq!(send(&client, vault, method.clone(), &path, &forged, sent).await.0, 403);
        assert_eq!(send(&client, vault, method.clone(), &path, &first, sent).await.0, 200);
        for _ in 0..3 {
            assert_eq!(send(&client, vault, method.clone(), &path, &first, sent).await, replayed);
        }
        // Another try is signed anew.
        let again = identity.peer_request(JIANGSU, &action, body, at + 1);
        assert_eq!(send(&client, vault, method.clone(), &path, &again, sent).await.0, 200);
    }
}
