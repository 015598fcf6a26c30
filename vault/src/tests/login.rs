use super::*;
use crate::{
    auth::{Auth, Standing},
    error::ApiError,
};
use kanglian_sdk::wire::{
    ChallengeReply, ChallengeRequest, ErrorBody, LoginReply, LoginRequest, Scheme,
};

struct Sr25519(schnorrkel::Keypair);

impl AccountSigner for Sr25519 {
    fn account(&self) -> AccountId {
        AccountId::from(self.0.public.to_bytes())
    }
    fn scheme(&self) -> Scheme {
        Scheme::Sr25519
    }
    fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.0.sign_simple(b"substrate", message).to_bytes()
    }
}

fn sr25519() -> Sr25519 {
    let seed = schnorrkel::MiniSecretKey::from_bytes(&[3; 32]).unwrap();
    Sr25519(seed.expand_to_keypair(schnorrkel::ExpansionMode::Ed25519))
}

async fn challenge(vault: &Vault, signer: &dyn AccountSigner) -> ChallengeReply {
    let request = ChallengeRequest { account: signer.account().to_string() };
    let url = vault.url.join("/v1/login/challenge").unwrap();
    reqwest::Client::new().post(url).json(&request).send().await.unwrap().json().await.unwrap()
}

async fn login(vault: &Vault, request: &LoginRequest) -> Result<LoginReply, String> {
    let url = vault.url.join("/v1/login").unwrap();
    let reply = reqwest::Client::new().post(url).json(request).send().await.unwrap();
    if reply.status().is_success() {
        return Ok(reply.json().await.unwrap());
    }
    Err(reply.json::<ErrorBody>().await.unwrap().code)
}

fn signed(signer: &dyn AccountSigner, text: &str, over: &str) -> LoginRequest {
    LoginRequest {
        account: signer.account().to_string(),
        text: text.to_owned(),
        signature: hex::encode(signer.sign(over.as_bytes())),
        scheme: Some(signer.scheme()),
    }
}

/// Signs in as an account that the chain knows.
pub fn sign_in(auth: &Auth, request: &LoginRequest, now: u64) -> Result<LoginReply, ApiError> {
    let here = std::net::IpAddr::from([127, 0, 0, 1]).into();
    auth.open(&auth.verify(request, now)?, Standing::Known, here, now)
}

#[tokio::test(flavor = "multi_thread")]
async fn both_schemes_sign_in_raw_and_wrapped_with_and_without_naming_the_scheme() {
    let network = Network::start(&[JIANGSU]).await;
    let vault = &network.vaults[0];
    let (ed25519, sr25519) = (patient(), sr25519());
    let signers: [&dyn AccountSigner; 2] = [&ed25519, &sr25519];
    for signer in signers {
        for wrapped in [false, true] {
            for named in [false, true] {
                let text = challenge(vault, signer).await.text;
                let over = if wrapped { format!("<Bytes>{text}</Bytes>") } else { text.clone() };
                let mut request = signed(signer, &text, &over);
                request.scheme = request.scheme.filter(|_| named);
                let reply = login(vault, &request).await.unwrap();
                assert_eq!(reply.token.len(), 64);
                let now = kanglian_sdk::now();
                assert_eq!(vault.app.auth.account(&reply.token, now), Some(signer.account()));
                let later = reply.expires_at;
                assert_eq!(vault.app.auth.account(&reply.token, later), None, "tokens end");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_challenge_counts_once_and_a_wrong_signature_does_not_use_it_up() {
    let network = Network::start(&[JIANGSU]).await;
    let vault = &network.vaults[0];
    let signer = patient();
    let text = challenge(vault, &signer).await.text;
    let request = signed(&signer, &text, &text);
    login(vault, &request).await.unwrap();
    assert_eq!(login(vault, &request).await, Err("login_unknown".to_owned()));
    let text = challenge(vault, &signer).await.text;
    assert_eq!(
        login(vault, &signed(&signer, &text, "another text")).await,
        Err("login_signature".to_owned())
    );
    login(vault, &signed(&signer, &text, &text)).await.unwrap();
    assert_eq!(login(vault, &signed(&signer, &text, &text)).await, Err("login_unknown".to_owned()));
}

#[tokio::test]
async fn nobody_pushes_out_a_challenge_of_another() {
    let network = Network::start(&[JIANGSU]).await;
    let auth = &network.vaults[0].app.auth;
    let now = kanglian_sdk::now();
    let honest = auth.challenge(patient().account(), now);
    for _ in 0..50_000 {
        auth.challenge(patient().account(), now);
        auth.challenge(stranger().account(), now);
    }
    // A nonce that was made up, and one of another process.
    let other = Network::start(&[JIANGSU]).await;
    let nonce = |text: &str| text.rsplit(':').nth(1).unwrap().to_owned();
    let foreign = other.vaults[0].app.auth.challenge(patient().account(), now);
    for made_up in [nonce(&foreign.text), "00".repeat(48), "00".repeat(16), "x".to_owned()] {
        let text = honest.text.replace(&nonce(&honest.text), &made_up);
        let refused = sign_in(auth, &signed(&patient(), &text, &text), now);
        assert_eq!(refused.unwrap_err().code, "login_mismatch");
    }
    sign_in(auth, &signed(&patient(), &honest.text, &honest.text), now).unwrap();
}

#[tokio::test]
async fn an_account_has_eight_sessions_and_its_oldest_goes() {
    let network = Network::start(&[JIANGSU]).await;
    let auth = &network.vaults[0].app.auth;
    let start = kanglian_sdk::now();
    let open = |signer: &SigningKey, now| {
        let text = auth.challenge(signer.account(), now).text;
        sign_in(auth, &signed(signer, &text, &text), now).unwrap().token
    };
    let others = open(&patient(), start);
    let tokens: Vec<String> = (0..20).map(|at| open(&stranger(), start + at)).collect();
    let now = start + 20;
    let lives: Vec<bool> = tokens.iter().map(|token| auth.account(token, now).is_some()).collect();
    assert_eq!(lives, [vec![false; 12], vec![true; 8]].concat());
    assert_eq!(auth.account(&others, now), Some(patient().account()));
    // Those that are over leave their places.
    let later = start + crate::auth::TOKEN_VALIDITY + 20;
    let again = open(&stranger(), later);
    assert!(tokens.iter().all(|token| auth.account(token, later).is_none()));
    assert_eq!(auth.account(&again, later), Some(stranger().account()));
}

#[tokio::test(flavor = "multi_thread")]
async fn slow_strangers_keep_nobody_from_signing_in() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let network = Network::start_with(&[JIANGSU], |s| {
        s.max_requests = 32;
        s.body_idle_timeout = Duration::from_secs(60);
    })
    .await;
    let vault = &network.vaults[0];
    let mut slow = Vec::new();
    for at in 0..100 {
        let path = if at % 2 == 0 { "/v1/login" } else { "/v1/login/challenge" };
        let mut stream = tokio::net::TcpStream::connect(vault.url.authority()).await.unwrap();
        let head = format!("POST {path} HTTP/1.1\r\nhost: x\r\ncontent-length: 4000\r\n\r\n{{");
        stream.write_all(head.as_bytes()).await.unwrap();
        slow.push(stream);
    }
    let client = vault.client(patient());
    client.login().await.unwrap();
    assert!(client.file(&Ask::own(PATIENT), None, 1).await.unwrap().records.is_empty());
    // A byte now and then does not help them.
    let mut stream = slow.swap_remove(0);
    let drip = async {
        let began = std::time::Instant::now();
        let mut reply = [0; 12];
        loop {
            tokio::select! {
                read = stream.read_exact(&mut reply) => { read.unwrap(); break },
                () = tokio::time::sleep(Duration::from_millis(500)) => {},
            }
            stream.write_all(b" ").await.unwrap();
        }
        assert_eq!(&reply, b"HTTP/1.1 408");
        began.elapsed()
    };
    let took = tokio::time::timeout(Duration::from_secs(8), drip).await.expect("given up in time");
    assert!(took > Duration::from_secs(3), "{took:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_host_region_chain_account_or_time_does_not_count() {
    let network = Network::start(&[JIANGSU, ZHEJIANG]).await;
    let vault = &network.vaults[0];
    let signer = patient();
    for (from, to) in [
        ("127.0.0.1", "localhost"),
        (":320000:", ":330000:"),
        ("login:v1:0x6b", "login:v1:0x6c"),
        ("kanglian-login:v1", "kanglian-login:v2"),
    ] {
        let text = challenge(vault, &signer).await.text;
        let changed = text.replacen(from, to, 1);
        assert_ne!(text, changed);
        assert_eq!(
            login(vault, &signed(&signer, &changed, &changed)).await,
            Err("login_mismatch".to_owned())
        );
    }
    // What one vault asked for is nothing at another.
    let text = challenge(&network.vaults[1], &signer).await.text;
    let request = signed(&signer, &text, &text);
    assert_eq!(login(vault, &request).await, Err("login_mismatch".to_owned()));
    // The challenge is bound to the account.
    let text = challenge(vault, &signer).await.text;
    let request = signed(&stranger(), &text, &text);
    assert_eq!(login(vault, &request).await, Err("login_mismatch".to_owned()));
    // And to its time.
    let reply = challenge(vault, &signer).await;
    let later = reply.expires_at + 60_000;
    let text = reply.text.replace(&reply.expires_at.to_string(), &later.to_string());
    let request = signed(&signer, &text, &text);
    assert_eq!(login(vault, &request).await, Err("login_mismatch".to_owned()));
}

#[tokio::test]
async fn a_challenge_ends_after_five_minutes() {
    let network = Network::start(&[JIANGSU]).await;
    let auth = &network.vaults[0].app.auth;
    let signer = patient();
    for (late, expected) in [(0, Err("login_expired")), (1, Ok(()))] {
        let reply = auth.challenge(signer.account(), 1_000);
        assert_eq!(reply.expires_at, 301_000);
        let request = signed(&signer, &reply.text, &reply.text);
        let result = sign_in(auth, &request, reply.expires_at - late);
        assert_eq!(result.map(drop).map_err(|error| error.code), expected);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_that_are_no_logins_are_refused() {
    let network = Network::start(&[JIANGSU]).await;
    let vault = &network.vaults[0];
    for body in [
        "".to_owned(),
        "{}".to_owned(),
        "{\"account\":\"x\"}".to_owned(),
        format!("{{\"account\":\"{}\",\"more\":1}}", patient().account()),
        "[".repeat(4_000),
    ] {
        let url = vault.url.join("/v1/login/challenge").unwrap();
        let reply = reqwest::Client::new().post(url).body(body.clone()).send().await.unwrap();
        assert_eq!(reply.status(), 400, "{body}");
        assert_eq!(reply.json::<ErrorBody>().await.unwrap().code, "bad_request");
    }
    let url = vault.url.join("/v1/login").unwrap();
    let reply = reqwest::Client::new().post(url).body(vec![b' '; 4_097]).send().await.unwrap();
    assert_eq!(reply.status(), 413);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_given_without_a_token() {
    let network = Network::start(&[JIANGSU]).await;
    let vault = &network.vaults[0];
    let id = RecordId([4; 32]);
    for path in [
        format!("/v1/objects/{id}"),
        format!("/v1/persons/{id}/file"),
        format!("/v1/persons/{id}/log"),
        format!("/v1/bundles/{id}?subject={id}"),
        format!("/v1/custody/{id}?subject={id}"),
    ] {
        for token in [None, Some("".to_owned()), Some("0".repeat(64))] {
            let mut request = reqwest::Client::new().get(vault.url.join(&path).unwrap());
            if let Some(token) = token {
                request = request.bearer_auth(token);
            }
            let reply = request.send().await.unwrap();
            assert_eq!(reply.status(), 401, "{path}");
            assert_eq!(reply.json::<ErrorBody>().await.unwrap().code, "not_signed_in");
        }
    }
}
