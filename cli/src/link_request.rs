//! The file that a person hands to the institution that links two ids, or adds the id of a new
//! generation of registrars. It holds nothing secret.

use std::path::Path;

use anyhow::Context;
use kanglian_primitives::{
    Hash32,
    payloads::{self, LinkBody, MigrationBody},
};
use kanglian_sdk::{
    AccountId,
    vault::{AccountSigner, verify},
    wire::Scheme,
};
use serde::{Deserialize, Serialize};
use subxt::utils::MultiSignature;

use crate::{fault::Fault, files};

const FORMAT: &str = "kanglian-link-v1";

/// What is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", remote = "LinkBody")]
struct LinkFields {
    alias: kanglian_primitives::PersonId,
    canonical: kanglian_primitives::PersonId,
    institution: kanglian_primitives::InstitutionId,
    round: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", remote = "MigrationBody")]
struct MigrationFields {
    generation: u32,
    old: kanglian_primitives::PersonId,
    new: kanglian_primitives::PersonId,
    institution: kanglian_primitives::InstitutionId,
    round: u32,
}

/// What a person asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wish {
    /// That one id becomes another name of a second one.
    Link(#[serde(with = "LinkFields")] LinkBody),
    /// That the id of a new generation is added.
    Migrate(#[serde(with = "MigrationFields")] MigrationBody),
}

impl Wish {
    fn message(&self, genesis: &Hash32) -> Vec<u8> {
        match self {
            Self::Link(body) => payloads::link(genesis, body),
            Self::Migrate(body) => payloads::migrate(genesis, body),
        }
    }
}

/// A wish, signed by one account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LinkRequest {
    format: String,
    genesis: String,
    wish: Wish,
    account: AccountId,
    scheme: Scheme,
    signature: String,
}

impl LinkRequest {
    /// Signs a wish.
    pub fn sign(genesis: &Hash32, wish: Wish, signer: &dyn AccountSigner) -> Self {
        Self {
            format: FORMAT.to_owned(),
            genesis: hex::encode(genesis),
            wish,
            account: signer.account(),
            scheme: signer.scheme(),
            signature: hex::encode(signer.sign(&wish.message(genesis))),
        }
    }

    /// What is asked for.
    pub fn wish(&self) -> Wish {
        self.wish
    }

    /// Who signed.
    pub fn account(&self) -> AccountId {
        self.account
    }

    /// The signature, checked: over this wish, for this chain.
    pub fn checked_signature(&self, genesis: &Hash32) -> Result<MultiSignature, Fault> {
        if self.format != FORMAT {
            return Err(Fault::usage(format!("not a request for a link or a new id ({FORMAT})")));
        }
        if self.genesis != hex::encode(genesis) {
            return Err(Fault::verification("the request was made for another chain"));
        }
        let mut signature = [0u8; 64];
        hex::decode_to_slice(&self.signature, &mut signature)
            .map_err(|_| Fault::usage("the signature is not 64 bytes in hexadecimal"))?;
        if !verify(self.scheme, &self.account, &self.wish.message(genesis), &signature) {
            return Err(Fault::verification(
                "the signature is not the account's over this request",
            ));
        }
        Ok(match self.scheme {
            Scheme::Ed25519 => MultiSignature::Ed25519(signature),
            Scheme::Sr25519 => MultiSignature::Sr25519(signature),
        })
    }

    /// Reads a request from a file.
    pub fn read(path: &Path) -> anyhow::Result<Self> {
        let text = files::read_small(path)?;
        serde_json::from_slice(&text)
            .map_err(|error| Fault::usage(format!("not a request for a link or a new id: {error}")))
            .with_context(|| path.display().to_string())
    }

    /// Writes the request to a new file.
    pub fn write(&self, path: &Path) -> anyhow::Result<()> {
        files::write_new(path, &serde_json::to_vec_pretty(self)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kanglian_primitives::{InstitutionId, PersonId};

    fn link() -> LinkBody {
        LinkBody {
            alias: PersonId([1; 32]),
            canonical: PersonId([2; 32]),
            institution: InstitutionId::from_parts(320_100, 7),
            round: 0,
        }
    }

    fn request(wish: Wish) -> LinkRequest {
        LinkRequest::sign(&[5; 32], wish, &subxt_signer::sr25519::dev::alice())
    }

    #[test]
    fn requests_survive_their_files_and_check() {
        let folder = tempfile::tempdir().unwrap();
        let migration = MigrationBody {
            generation: 1,
            old: PersonId([1; 32]),
            new: PersonId([2; 32]),
            institution: InstitutionId::from_parts(320_100, 7),
            round: 3,
        };
        for (name, wish) in [("link", Wish::Link(link())), ("new", Wish::Migrate(migration))] {
            let path = folder.path().join(name);
            let made = request(wish);
            made.write(&path).unwrap();
            assert_eq!(LinkRequest::read(&path).unwrap(), made);
            assert!(made.checked_signature(&[5; 32]).is_ok());
            assert!(made.write(&path).is_err(), "an existing file stays");
        }
        std::fs::write(folder.path().join("other"), "{}").unwrap();
        assert!(LinkRequest::read(&folder.path().join("other")).is_err());
    }

    #[test]
    fn a_changed_request_is_noticed() {
        let good = request(Wish::Link(link()));
        assert!(good.checked_signature(&[6; 32]).is_err(), "another chain");
        let round =
            LinkRequest { wish: Wish::Link(LinkBody { round: 1, ..link() }), ..good.clone() };
        let swapped = LinkBody { alias: link().canonical, canonical: link().alias, ..link() };
        let swapped = LinkRequest { wish: Wish::Link(swapped), ..good.clone() };
        let account = LinkRequest { account: AccountId::from([3; 32]), ..good.clone() };
        let format = LinkRequest { format: "other".to_owned(), ..good };
        for changed in [round, swapped, account, format] {
            assert!(changed.checked_signature(&[5; 32]).is_err());
        }
    }
}
