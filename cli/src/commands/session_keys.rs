//! Session keys of a validator: made on its node, announced on chain by its account.

use anyhow::Context as _;
use clap::Subcommand;
use codec::Encode;
use kanglian_sdk::{
    AccountId,
    chain::{At, ChainError, Client, calls},
};
use serde::Deserialize;
use serde_json::json;

use crate::{context::Context, fault::Fault, shown::fields};

/// What can be done with session keys.
#[derive(Debug, Subcommand)]
pub enum SessionKeys {
    /// Show the keys that an account announced, and whether the node has their secrets
    Show {
        /// The validator's account: a name, a key file, or an address
        account: String,
    },
    /// Make new keys on the node; their secrets stay there
    Rotate {
        /// The validator's account, which the proof names: a name, a key file, or an address
        account: String,
    },
    /// Announce keys; without `--keys`, new ones that the node makes
    Set {
        /// The validator's account: a name or a key file
        #[arg(long)]
        account: String,
        /// Public keys, as `rotate` shows them
        #[arg(long, value_parser = bytes, requires = "proof")]
        keys: Option<Bytes>,
        /// Proof of their ownership, as `rotate` shows it
        #[arg(long, value_parser = bytes, requires = "keys")]
        proof: Option<Bytes>,
    },
}

/// Bytes on the command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bytes(Vec<u8>);

fn bytes(text: &str) -> Result<Bytes, Fault> {
    let digits = text.strip_prefix("0x").filter(|digits| !digits.is_empty());
    digits
        .and_then(|digits| hex::decode(digits).ok())
        .map(Bytes)
        .ok_or_else(|| Fault::usage("expected 0x and hexadecimal digits"))
}

fn show(bytes: &[u8]) -> String {
    format!("0x{}", hex::encode(bytes))
}

/// What the node answers when it makes keys for an owner.
#[derive(Deserialize)]
struct Generated {
    keys: String,
    #[serde(default)]
    proof: Option<String>,
}

/// Carries out a command.
pub async fn run(command: &SessionKeys, context: &Context) -> anyhow::Result<()> {
    let chain = context.chain().await?;
    match command {
        SessionKeys::Show { account } => {
            let account = context.address(account)?;
            let keys = announced(&chain, &account).await?.ok_or_else(|| {
                Fault::refused(format!("{account} has announced no session keys"))
            })?;
            let here: bool = local(chain.rpc("author_hasSessionKeys", json!([show(&keys)])).await)?;
            context.output.fields(fields!({
                "validator": account.to_string(),
                "keys": show(&keys),
                "secrets_on_this_node": here,
            }));
        },
        SessionKeys::Rotate { account } => {
            let account = context.address(account)?;
            let (keys, proof) = rotate(&chain, &account).await?;
            context.output.fields(fields!({
                "validator": account.to_string(),
                "keys": show(&keys),
                "proof": show(&proof),
                "next": "announce them with `operator session-keys set`",
            }));
        },
        SessionKeys::Set { account, keys, proof } => {
            let account = context.account(account)?;
            let (keys, proof) = match (keys, proof) {
                (Some(keys), Some(proof)) => (keys.0.clone(), proof.0.clone()),
                _ => rotate(&chain, &account.id()).await?,
            };
            let call = calls::session::set_keys(&keys, &proof);
            let included = context.send(&chain, &call, &account).await?;
            context.output.fields(fields!({
                "validator": account.address(),
                "keys": show(&keys),
                "block": included.number,
                "counts": "from the session after next, once the account is an authority",
            }));
        },
    }
    Ok(())
}

/// Keys that an account announced.
async fn announced(chain: &Client, account: &AccountId) -> Result<Option<Vec<u8>>, ChainError> {
    chain.fetch_bytes("Session", "NextKeys", &[account.encode()], At::Best).await
}

/// New keys on the node, with the proof that they are the owner's.
async fn rotate(chain: &Client, owner: &AccountId) -> anyhow::Result<(Vec<u8>, Vec<u8>)> {
    let params = json!([show(&owner.encode())]);
    let made: Generated = local(chain.rpc("author_rotateKeysWithOwner", params).await)?;
    let proof = made.proof.context("the node's runtime proves no ownership of session keys")?;
    Ok((bytes(&made.keys)?.0, bytes(&proof)?.0))
}

/// Explains why a node refuses requests that touch its keys.
fn local<T>(answer: Result<T, ChainError>) -> anyhow::Result<T> {
    match answer {
        Ok(answer) => Ok(answer),
        Err(error) if error.is_unreachable() => Err(error.into()),
        Err(error) => {
            let hint = "nodes do this only for their own machine: run it there, with --node \
                        ws://127.0.0.1:… (and see the node's --rpc-methods)";
            Err(anyhow::Error::new(error).context(hint))
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_hexadecimal_with_a_prefix() {
        assert_eq!(bytes("0x00ff").unwrap(), Bytes(vec![0, 255]));
        assert_eq!(show(&[0, 255]), "0x00ff");
        for text in ["", "0x", "00ff", "0x0", "0xgg"] {
            assert!(bytes(text).is_err(), "{text}");
        }
    }

    #[test]
    fn the_nodes_answer_may_lack_a_proof() {
        let read = |text| serde_json::from_str::<Generated>(text).unwrap();
        assert!(read(r#"{"keys":"0x00"}"#).proof.is_none());
        assert_eq!(read(r#"{"keys":"0x00","proof":"0x01"}"#).proof.as_deref(), Some("0x01"));
    }
}
