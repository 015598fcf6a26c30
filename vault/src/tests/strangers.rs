//! Accounts that the chain does not know: anybody can make as many as they like.

use super::*;
use crate::{
    auth::{Auth, MAX_STRANGERS, MAX_USED_OF_STRANGERS, Signed, Standing},
    error::ApiError,
    http::remote::Address,
};
use kanglian_sdk::wire::{ChallengeReply, ChallengeRequest, LoginReply, LoginRequest};
use std::{net::IpAddr, sync::atomic::Ordering::Relaxed};

fn address(number: u32) -> Address {
    IpAddr::V4(std::net::Ipv4Addr::from_bits(0x0a00_0000 + number)).into()
}

/// A verified challenge of an account of that number.
fn signed(number: u32, now: u64) -> Signed {
    let mut account = [0; 32];
    account[..4].copy_from_slice(&number.to_le_bytes());
    let mut salt = [0; 16];
    salt[..4].copy_from_slice(&number.to_le_bytes());
    Signed { account: account.into(), expires_at: now + crate::auth::CHALLENGE_VALIDITY, salt }
}

fn open(auth: &Auth, number: u32, standing: Standing, now: u64) -> Result<LoginReply, ApiError> {
    auth.open(&signed(number, now), standing, address(number), now)
}

#[test]
fn a_flood_of_strangers_signs_out_and_refuses_strangers_only() {
    let auth = Auth::new(GENESIS, JIANGSU, "vault".to_owned(), 0);
    let now = 1_000;
    let known = open(&auth, 0, Standing::Known, now).unwrap().token;
    let count = MAX_USED_OF_STRANGERS as u32;
    let tokens: Vec<String> = (1..=count)
        .map(|number| open(&auth, number, Standing::Stranger, now + 1).unwrap().token)
        .collect();
    assert_eq!(open(&auth, count + 1, Standing::Stranger, now + 1).unwrap_err().code, "busy");
    let lives = |token: &&String| auth.account(token, now + 2).is_some();
    assert_eq!(tokens.iter().filter(lives).count(), MAX_STRANGERS);
    assert!(lives(&&known));
    open(&auth, count + 2, Standing::Known, now + 2).unwrap();
    // Their places become free with the end of their challenges.
    let later = now + crate::auth::CHALLENGE_VALIDITY + 1;
    open(&auth, count + 3, Standing::Stranger, later).unwrap();
}

#[test]
fn the_oldest_stranger_makes_room() {
    let auth = Auth::new(GENESIS, JIANGSU, "vault".to_owned(), 0);
    let tokens: Vec<String> = (0..=MAX_STRANGERS as u32)
        .map(|number| open(&auth, number, Standing::Stranger, u64::from(number)).unwrap().token)
        .collect();
    let now = MAX_STRANGERS as u64;
    assert_eq!(auth.account(&tokens[0], now), None);
    assert!(tokens[1..].iter().all(|token| auth.account(token, now).is_some()));
}

#[test]
fn a_challenge_counts_once_whatever_the_standing() {
    for (first, second) in
        [(Standing::Known, Standing::Stranger), (Standing::Stranger, Standing::Known)]
    {
        let auth = Auth::new(GENESIS, JIANGSU, "vault".to_owned(), 0);
        open(&auth, 1, first, 1_000).unwrap();
        assert_eq!(open(&auth, 1, second, 1_000).unwrap_err().code, "login_unknown");
    }
}

/// A client at an address of the loopback network.
fn client(from: [u8; 4]) -> reqwest::Client {
    reqwest::Client::builder().local_address(IpAddr::from(from)).build().unwrap()
}

/// Signs in; the status.
async fn login(vault: &Vault, signer: &SigningKey, client: &reqwest::Client) -> u16 {
    let account = signer.account().to_string();
    let url = vault.url.join("/v1/login/challenge").unwrap();
    let request = client.post(url).json(&ChallengeRequest { account: account.clone() });
    let ChallengeReply { text, .. } = request.send().await.unwrap().json().await.unwrap();
    let signature = hex::encode(AccountSigner::sign(signer, text.as_bytes()));
    let request = LoginRequest { account, text, signature, scheme: None };
    let url = vault.url.join("/v1/login").unwrap();
    client.post(url).json(&request).send().await.unwrap().status().as_u16()
}

#[tokio::test(flavor = "multi_thread")]
async fn so_many_strangers_sign_in_from_an_address_and_known_accounts_always_do() {
    let network =
        Network::start_with(&[JIANGSU], |settings| settings.stranger_logins_per_address = 3).await;
    let vault = &network.vaults[0];
    let (here, elsewhere) = (client([127, 0, 0, 1]), client([127, 0, 0, 2]));
    for number in 0..6 {
        let stranger = dev_vault_key(&format!("//Stranger{number}"));
        let expected = if number < 3 { 200 } else { 429 };
        assert_eq!(login(vault, &stranger, &here).await, expected);
    }
    assert_eq!(login(vault, &stranger(), &elsewhere).await, 200);
    // Persons, institutions and practitioners.
    for known in [patient(), hospital(), doctor()] {
        for _ in 0..5 {
            assert_eq!(login(vault, &known, &here).await, 200);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_chain_is_asked_once_about_an_account_that_stays_signed_in() {
    let network = Network::start(&[JIANGSU]).await;
    let vault = &network.vaults[0];
    let here = client([127, 0, 0, 1]);
    for _ in 0..3 {
        assert_eq!(login(vault, &patient(), &here).await, 200);
    }
    assert_eq!(vault.node.asked_for_accounts.load(Relaxed), 1);
    for _ in 0..3 {
        assert_eq!(login(vault, &stranger(), &here).await, 200);
    }
    assert_eq!(vault.node.asked_for_accounts.load(Relaxed), 4);
}
