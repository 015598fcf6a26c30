//! Files that a person signs with a new account and hands to an institution, which then calls for
//! them: to be enrolled, or to have lost keys replaced. They hold nothing secret.

use std::path::Path;

use anyhow::Context;
use kanglian_primitives::{
    Hash32,
    payloads::{self, AttestationBody, RecoveryBody},
};
use kanglian_sdk::{
    AccountId,
    chain::types::Attestation,
    vault::{AccountSigner, verify},
    wire::Scheme,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use subxt::utils::MultiSignature;

use crate::{fault::Fault, files};

/// What can be asked for in such a file.
pub trait Asked: Clone + Serialize + DeserializeOwned {
    /// The file's format.
    const FORMAT: &'static str;
    /// What the file is, with its article.
    const NAME: &'static str;

    /// The account that signs.
    fn signer(&self) -> AccountId;

    /// Whether the request depends on the generation of registrars that is in force.
    const BY_GENERATION: bool = false;

    /// What it signs on a chain.
    fn payload(&self, genesis: &Hash32, generation: u32) -> Vec<u8>;
}

impl Asked for AttestationBody<AccountId> {
    const FORMAT: &'static str = "kanglian-enrolment-v2";
    const NAME: &'static str = "an enrolment request";
    const BY_GENERATION: bool = true;

    fn signer(&self) -> AccountId {
        self.controller
    }

    fn payload(&self, genesis: &Hash32, generation: u32) -> Vec<u8> {
        payloads::attest_under(genesis, generation, self)
    }
}

impl Asked for RecoveryBody<AccountId> {
    const FORMAT: &'static str = "kanglian-recovery-v2";
    const NAME: &'static str = "a recovery request";

    fn signer(&self) -> AccountId {
        self.new_controller
    }

    fn payload(&self, genesis: &Hash32, _generation: u32) -> Vec<u8> {
        payloads::recovery(genesis, self)
    }
}

/// What a person asks for, signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request<B> {
    format: String,
    genesis: String,
    /// Of the registrars that evaluated the id; not written when it is the first.
    #[serde(default, skip_serializing_if = "is_first")]
    generation: u32,
    body: B,
    scheme: Scheme,
    signature: String,
}

fn is_first(generation: &u32) -> bool {
    *generation == 0
}

/// To be enrolled with these keys.
pub type EnrolmentRequest = Request<AttestationBody<AccountId>>;
/// To have these keys count instead of lost ones.
pub type RecoveryRequest = Request<RecoveryBody<AccountId>>;

impl<B: Asked> Request<B> {
    /// Signs a request with the account that it names, under the first generation of registrars.
    pub fn sign(genesis: &Hash32, body: &B, signer: &dyn AccountSigner) -> Self {
        Self::sign_under(genesis, 0, body, signer)
    }

    /// Signs a request with the account that it names, under a generation of registrars.
    pub fn sign_under(
        genesis: &Hash32,
        generation: u32,
        body: &B,
        signer: &dyn AccountSigner,
    ) -> Self {
        Self {
            format: B::FORMAT.to_owned(),
            genesis: hex::encode(genesis),
            generation,
            body: body.clone(),
            scheme: signer.scheme(),
            signature: hex::encode(signer.sign(&body.payload(genesis, generation))),
        }
    }

    /// The generation of registrars under which the id was evaluated.
    pub fn generation(&self) -> u32 {
        self.generation
    }

    /// What was signed.
    pub fn body(&self) -> &B {
        &self.body
    }

    /// The signature, checked: over this request, for this chain.
    pub fn checked_signature(&self, genesis: &Hash32) -> Result<MultiSignature, Fault> {
        let name = B::NAME;
        if self.format != B::FORMAT {
            return Err(Fault::usage(format!("not {name} ({})", B::FORMAT)));
        }
        if self.genesis != hex::encode(genesis) {
            return Err(Fault::verification(format!("this is {name} for another chain")));
        }
        if self.generation != 0 && !B::BY_GENERATION {
            return Err(Fault::usage(format!("{name} has no generation of registrars")));
        }
        let mut signature = [0u8; 64];
        hex::decode_to_slice(&self.signature, &mut signature)
            .map_err(|_| Fault::usage("the signature is not 64 bytes in hexadecimal"))?;
        let message = self.body.payload(genesis, self.generation);
        if !verify(self.scheme, &self.body.signer(), &message, &signature) {
            return Err(Fault::verification(format!(
                "this is {name} with a signature that is not the new account's over it"
            )));
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
            .map_err(|error| Fault::usage(format!("not {}: {error}", B::NAME)))
            .with_context(|| path.display().to_string())
    }

    /// Writes the request to a new file.
    pub fn write(&self, path: &Path) -> anyhow::Result<()> {
        files::write_new(path, &serde_json::to_vec_pretty(self)?)
    }
}

impl EnrolmentRequest {
    /// What the institution submits.
    pub fn attestation(&self) -> Attestation {
        let body = self.body.clone();
        Attestation {
            controller: body.controller,
            data_key: body.data_key,
            scope_keys: body.scope_keys,
            write_blocks: body.write_blocks,
            write_until: body.write_until,
            valid_until: body.valid_until,
        }
    }
}

#[cfg(test)]
mod tests {
    use kanglian_primitives::{
        BusinessBlockSet, EncryptionKey, InstitutionId, PersonId, RegionCode, blocks,
    };

    use super::*;

    const GENESIS: Hash32 = [5; 32];

    fn key(byte: u8) -> EncryptionKey {
        EncryptionKey::x25519([byte; 32])
    }

    fn enrolment() -> AttestationBody<AccountId> {
        AttestationBody {
            person: PersonId([1; 32]),
            controller: AccountSigner::account(&subxt_signer::sr25519::dev::alice()),
            home_region: RegionCode(320_000),
            data_key: key(9),
            scope_keys: vec![(blocks::MEDICAL, key(10))],
            attester: InstitutionId::from_parts(320_100, 7),
            write_blocks: BusinessBlockSet::of(blocks::MEDICAL),
            write_until: 10,
            valid_until: 20,
        }
    }

    fn recovery() -> RecoveryBody<AccountId> {
        RecoveryBody {
            person: PersonId([1; 32]),
            institution: InstitutionId::from_parts(320_100, 7),
            new_controller: AccountSigner::account(&subxt_signer::sr25519::dev::alice()),
            new_data_key: key(9),
            reseal_key: key(10),
        }
    }

    fn signed<B: Asked>(body: &B) -> Request<B> {
        Request::sign(&GENESIS, body, &subxt_signer::sr25519::dev::alice())
    }

    fn survives_its_file<B: Asked + PartialEq + core::fmt::Debug>(body: &B) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("request.json");
        let made = signed(body);
        made.write(&path).unwrap();
        let read = Request::<B>::read(&path).unwrap();
        assert_eq!(read, made);
        assert_eq!(read.body(), body);
        assert!(read.checked_signature(&GENESIS).is_ok());
        assert!(made.write(&path).is_err(), "an existing file stays");
        // What the file says beside would be believed to be signed.
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, text.replacen('{', "{ \"more\": 1,", 1)).unwrap();
        assert!(Request::<B>::read(&path).is_err());
        std::fs::write(&path, text.replacen("\"person\"", "\"more\": 1, \"person\"", 1)).unwrap();
        assert!(Request::<B>::read(&path).is_err());
        std::fs::write(&path, "{}").unwrap();
        assert!(Request::<B>::read(&path).is_err());
    }

    #[test]
    fn a_request_survives_its_file_and_checks() {
        survives_its_file(&enrolment());
        survives_its_file(&recovery());
    }

    #[test]
    fn one_is_not_taken_for_the_other() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("request.json");
        signed(&recovery()).write(&path).unwrap();
        assert!(EnrolmentRequest::read(&path).is_err());
    }

    fn is_noticed<B: Asked>(good: &B, changed: impl IntoIterator<Item = B>) {
        let request = signed(good);
        assert!(request.checked_signature(&[6; 32]).is_err(), "another chain");
        let format = Request { format: "other".to_owned(), ..request.clone() };
        assert!(format.checked_signature(&GENESIS).is_err());
        let generation = Request { generation: 1, ..request.clone() };
        assert!(generation.checked_signature(&GENESIS).is_err());
        for body in changed {
            let changed = Request { body, ..request.clone() };
            assert!(changed.checked_signature(&GENESIS).is_err());
        }
    }

    #[test]
    fn a_changed_request_is_noticed() {
        let good = enrolment();
        is_noticed(
            &good,
            [
                AttestationBody { write_until: 11, ..good.clone() },
                AttestationBody { person: PersonId([2; 32]), ..good.clone() },
                AttestationBody { scope_keys: vec![(blocks::MEDICAL, key(11))], ..good.clone() },
            ],
        );
        let good = recovery();
        is_noticed(
            &good,
            [
                RecoveryBody { person: PersonId([2; 32]), ..good },
                RecoveryBody { institution: InstitutionId::from_parts(330_100, 7), ..good },
                RecoveryBody { reseal_key: key(11), ..good },
                RecoveryBody { new_data_key: key(11), ..good },
                RecoveryBody { new_controller: AccountId::from([3; 32]), ..good },
            ],
        );
    }
}
