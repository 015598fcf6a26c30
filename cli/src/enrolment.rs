//! The file that a person hands to the institution that enrols them: keys, consents and the
//! person's signature. It holds nothing secret.

use std::path::Path;

use anyhow::Context;
use kanglian_primitives::{
    BusinessBlockId, BusinessBlockSet, EncryptionKey, Hash32, Instant, InstitutionId, PersonId,
    RegionCode, payloads, payloads::AttestationBody,
};
use kanglian_sdk::{
    AccountId,
    chain::types::Attestation,
    vault::{AccountSigner, verify},
    wire::Scheme,
};
use serde::{Deserialize, Serialize};
use subxt::utils::MultiSignature;

use crate::{fault::Fault, files};

const FORMAT: &str = "kanglian-enrolment-v1";

/// What a person asks to be enrolled with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EnrolmentRequest {
    format: String,
    genesis: String,
    /// Of the registrars that evaluated the id; not written when it is the first.
    #[serde(default, skip_serializing_if = "is_first")]
    generation: u32,
    person: PersonId,
    controller: AccountId,
    home_region: RegionCode,
    data_key: EncryptionKey,
    scope_keys: Vec<ScopeKey>,
    attester: InstitutionId,
    write_blocks: BusinessBlockSet,
    write_until: Instant,
    valid_until: Instant,
    scheme: Scheme,
    signature: String,
}

fn is_first(generation: &u32) -> bool {
    *generation == 0
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ScopeKey {
    block: BusinessBlockId,
    key: EncryptionKey,
}

impl EnrolmentRequest {
    /// Signs a request with the account that is to speak for the person.
    pub fn sign(
        genesis: &Hash32,
        generation: u32,
        body: &AttestationBody<AccountId>,
        signer: &dyn AccountSigner,
    ) -> Self {
        Self {
            format: FORMAT.to_owned(),
            genesis: hex::encode(genesis),
            generation,
            person: body.person,
            controller: body.controller,
            home_region: body.home_region,
            data_key: body.data_key,
            scope_keys: body
                .scope_keys
                .iter()
                .map(|(block, key)| ScopeKey { block: *block, key: *key })
                .collect(),
            attester: body.attester,
            write_blocks: body.write_blocks,
            write_until: body.write_until,
            valid_until: body.valid_until,
            scheme: signer.scheme(),
            signature: hex::encode(signer.sign(&payloads::attest_under(genesis, generation, body))),
        }
    }

    /// The generation of registrars under which the id was evaluated.
    pub fn generation(&self) -> u32 {
        self.generation
    }

    /// The person.
    pub fn person(&self) -> PersonId {
        self.person
    }

    /// What the person signed.
    pub fn body(&self) -> AttestationBody<AccountId> {
        AttestationBody {
            person: self.person,
            controller: self.controller,
            home_region: self.home_region,
            data_key: self.data_key,
            scope_keys: self.scope_keys.iter().map(|scope| (scope.block, scope.key)).collect(),
            attester: self.attester,
            write_blocks: self.write_blocks,
            write_until: self.write_until,
            valid_until: self.valid_until,
        }
    }

    /// What the institution submits.
    pub fn attestation(&self) -> Attestation {
        let body = self.body();
        Attestation {
            controller: body.controller,
            data_key: body.data_key,
            scope_keys: body.scope_keys,
            write_blocks: body.write_blocks,
            write_until: body.write_until,
            valid_until: body.valid_until,
        }
    }

    /// The person's signature, checked: over this request, for this chain.
    pub fn checked_signature(&self, genesis: &Hash32) -> Result<MultiSignature, Fault> {
        if self.format != FORMAT {
            return Err(Fault::usage(format!("not an enrolment request ({FORMAT})")));
        }
        if self.genesis != hex::encode(genesis) {
            return Err(Fault::verification("the enrolment request was made for another chain"));
        }
        let mut signature = [0u8; 64];
        hex::decode_to_slice(&self.signature, &mut signature)
            .map_err(|_| Fault::usage("the signature is not 64 bytes in hexadecimal"))?;
        let message = payloads::attest_under(genesis, self.generation, &self.body());
        if !verify(self.scheme, &self.controller, &message, &signature) {
            return Err(Fault::verification(
                "the signature is not the person's over this enrolment request",
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
            .map_err(|error| Fault::usage(format!("not an enrolment request: {error}")))
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
    use kanglian_primitives::blocks;

    fn request() -> EnrolmentRequest {
        let signer = subxt_signer::sr25519::dev::alice();
        let body = AttestationBody {
            person: PersonId([1; 32]),
            controller: AccountSigner::account(&signer),
            home_region: RegionCode(320_000),
            data_key: EncryptionKey::x25519([9; 32]),
            scope_keys: vec![(blocks::MEDICAL, EncryptionKey::x25519([10; 32]))],
            attester: InstitutionId::from_parts(320_100, 7),
            write_blocks: BusinessBlockSet::of(blocks::MEDICAL),
            write_until: 10,
            valid_until: 20,
        };
        EnrolmentRequest::sign(&[5; 32], 0, &body, &signer)
    }

    #[test]
    fn a_request_survives_its_file_and_checks() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("request.json");
        request().write(&path).unwrap();
        let read = EnrolmentRequest::read(&path).unwrap();
        assert_eq!(read, request_with_signature(&read));
        assert!(read.checked_signature(&[5; 32]).is_ok());
        assert!(request().write(&path).is_err(), "an existing file stays");
    }

    fn request_with_signature(read: &EnrolmentRequest) -> EnrolmentRequest {
        EnrolmentRequest { signature: read.signature.clone(), ..request() }
    }

    #[test]
    fn a_changed_request_is_noticed() {
        let good = request();
        assert!(good.checked_signature(&[6; 32]).is_err(), "another chain");
        let later = EnrolmentRequest { generation: 1, ..good.clone() };
        let longer = EnrolmentRequest { write_until: 11, ..good.clone() };
        let person = EnrolmentRequest { person: PersonId([2; 32]), ..good.clone() };
        let format = EnrolmentRequest { format: "other".to_owned(), ..good };
        for changed in [later, longer, person, format] {
            assert!(changed.checked_signature(&[5; 32]).is_err());
        }
    }
}
