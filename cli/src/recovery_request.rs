//! The file that a person with new keys hands to the institution that opens the recovery. It holds
//! nothing secret.

use std::path::Path;

use anyhow::Context;
use kanglian_primitives::{EncryptionKey, Hash32, PersonId, payloads, payloads::RecoveryBody};
use kanglian_sdk::{
    AccountId,
    vault::{AccountSigner, verify},
    wire::Scheme,
};
use serde::{Deserialize, Serialize};
use subxt::utils::MultiSignature;

use crate::{fault::Fault, files};

const FORMAT: &str = "kanglian-recovery-v1";

/// The keys that are to count from the recovery on, signed by the new account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecoveryRequest {
    format: String,
    genesis: String,
    person: PersonId,
    new_controller: AccountId,
    new_data_key: EncryptionKey,
    reseal_key: EncryptionKey,
    scheme: Scheme,
    signature: String,
}

impl RecoveryRequest {
    /// Signs a request with the new account.
    pub fn sign(
        genesis: &Hash32,
        body: &RecoveryBody<AccountId>,
        signer: &dyn AccountSigner,
    ) -> Self {
        Self {
            format: FORMAT.to_owned(),
            genesis: hex::encode(genesis),
            person: body.person,
            new_controller: body.new_controller,
            new_data_key: body.new_data_key,
            reseal_key: body.reseal_key,
            scheme: signer.scheme(),
            signature: hex::encode(signer.sign(&payloads::recovery(genesis, body))),
        }
    }

    /// What was signed.
    pub fn body(&self) -> RecoveryBody<AccountId> {
        RecoveryBody {
            person: self.person,
            new_controller: self.new_controller,
            new_data_key: self.new_data_key,
            reseal_key: self.reseal_key,
        }
    }

    /// The signature, checked: over this request, for this chain.
    pub fn checked_signature(&self, genesis: &Hash32) -> Result<MultiSignature, Fault> {
        if self.format != FORMAT {
            return Err(Fault::usage(format!("not a recovery request ({FORMAT})")));
        }
        if self.genesis != hex::encode(genesis) {
            return Err(Fault::verification("the recovery request was made for another chain"));
        }
        let mut signature = [0u8; 64];
        hex::decode_to_slice(&self.signature, &mut signature)
            .map_err(|_| Fault::usage("the signature is not 64 bytes in hexadecimal"))?;
        let message = payloads::recovery(genesis, &self.body());
        if !verify(self.scheme, &self.new_controller, &message, &signature) {
            return Err(Fault::verification(
                "the signature is not the new account's over this recovery request",
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
            .map_err(|error| Fault::usage(format!("not a recovery request: {error}")))
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

    fn request() -> RecoveryRequest {
        let signer = subxt_signer::sr25519::dev::alice();
        let body = RecoveryBody {
            person: PersonId([1; 32]),
            new_controller: AccountSigner::account(&signer),
            new_data_key: EncryptionKey::x25519([9; 32]),
            reseal_key: EncryptionKey::x25519([10; 32]),
        };
        RecoveryRequest::sign(&[5; 32], &body, &signer)
    }

    #[test]
    fn a_request_survives_its_file_and_checks() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("recovery.json");
        let made = request();
        made.write(&path).unwrap();
        let read = RecoveryRequest::read(&path).unwrap();
        assert_eq!(read, made);
        assert!(read.checked_signature(&[5; 32]).is_ok());
        assert!(made.write(&path).is_err(), "an existing file stays");
        std::fs::write(&path, "{}").unwrap();
        assert!(RecoveryRequest::read(&path).is_err());
    }

    #[test]
    fn a_changed_request_is_noticed() {
        let good = request();
        assert!(good.checked_signature(&[6; 32]).is_err(), "another chain");
        let person = RecoveryRequest { person: PersonId([2; 32]), ..good.clone() };
        let key = EncryptionKey::x25519([11; 32]);
        let reseal = RecoveryRequest { reseal_key: key, ..good.clone() };
        let data = RecoveryRequest { new_data_key: key, ..good.clone() };
        let account = AccountId::from([3; 32]);
        let controller = RecoveryRequest { new_controller: account, ..good.clone() };
        let format = RecoveryRequest { format: "other".to_owned(), ..good };
        for changed in [person, reseal, data, controller, format] {
            assert!(changed.checked_signature(&[5; 32]).is_err());
        }
    }
}
