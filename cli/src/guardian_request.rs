//! The files that a guardian, or a ward who takes over, hands to the institution. They hold nothing
//! secret.

use std::path::Path;

use anyhow::Context;
use kanglian_primitives::{
    Hash32, payloads,
    payloads::{GuardianBody, TakeOverBody},
};
use kanglian_sdk::{AccountId, keys::Account, vault::verify, wire::Scheme};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use subxt::utils::MultiSignature;

use crate::{fault::Fault, files};

const GUARDIAN: &str = "kanglian-guardian-v1";
const TAKE_OVER: &str = "kanglian-take-over-v1";

/// What a guardian signed, and the ward's own key where it did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuardianRequest {
    format: String,
    genesis: String,
    #[serde(flatten)]
    body: Guardian,
    guardian_account: AccountId,
    guardian_signature: String,
    ward_account: Option<AccountId>,
    ward_signature: Option<String>,
}

/// [`GuardianBody`] as it stands in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Guardian {
    ward: kanglian_primitives::PersonId,
    guardian: kanglian_primitives::PersonId,
    institution: kanglian_primitives::InstitutionId,
    basis: kanglian_primitives::GuardianBasis,
    until: kanglian_primitives::Instant,
    holds_keys: bool,
    number: u32,
}

impl GuardianRequest {
    /// Signs with the guardian's account, and with the ward's where the guardian has it.
    pub fn sign(
        genesis: &Hash32,
        body: &GuardianBody,
        guardian: &Account,
        ward: Option<&Account>,
    ) -> Self {
        let message = payloads::guardian(genesis, body);
        let GuardianBody { ward: id, guardian: by, institution, basis, until, holds_keys, number } =
            *body;
        Self {
            format: GUARDIAN.to_owned(),
            genesis: hex::encode(genesis),
            body: Guardian {
                ward: id,
                guardian: by,
                institution,
                basis,
                until,
                holds_keys,
                number,
            },
            guardian_account: guardian.id(),
            guardian_signature: hex::encode(guardian.sign(&message)),
            ward_account: ward.map(Account::id),
            ward_signature: ward.map(|ward| hex::encode(ward.sign(&message))),
        }
    }

    /// What was signed.
    pub fn body(&self) -> GuardianBody {
        let Guardian { ward, guardian, institution, basis, until, holds_keys, number } = self.body;
        GuardianBody { ward, guardian, institution, basis, until, holds_keys, number }
    }

    /// The guardian's signature and the ward's, checked: over this request, for this chain.
    pub fn checked_signatures(
        &self,
        genesis: &Hash32,
    ) -> Result<(MultiSignature, Option<MultiSignature>), Fault> {
        check_frame(&self.format, GUARDIAN, &self.genesis, genesis)?;
        let message = payloads::guardian(genesis, &self.body());
        let guardian = checked(&self.guardian_signature, &self.guardian_account, &message)?;
        let ward = match (&self.ward_signature, &self.ward_account) {
            (Some(signature), Some(account)) => Some(checked(signature, account, &message)?),
            (None, None) => None,
            _ => return Err(Fault::usage("the ward's account and signature go together")),
        };
        Ok((guardian, ward))
    }
}

/// What a ward's new account signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TakeOverRequest {
    format: String,
    genesis: String,
    ward: kanglian_primitives::PersonId,
    old: AccountId,
    new: AccountId,
    data_key: kanglian_primitives::EncryptionKey,
    institution: kanglian_primitives::InstitutionId,
    signature: String,
}

impl TakeOverRequest {
    /// Signs with the new account.
    pub fn sign(genesis: &Hash32, body: &TakeOverBody<AccountId>, new: &Account) -> Self {
        Self {
            format: TAKE_OVER.to_owned(),
            genesis: hex::encode(genesis),
            ward: body.ward,
            old: body.old,
            new: body.new,
            data_key: body.data_key,
            institution: body.institution,
            signature: hex::encode(new.sign(&payloads::take_over(genesis, body))),
        }
    }

    /// What was signed.
    pub fn body(&self) -> TakeOverBody<AccountId> {
        let Self { ward, old, new, data_key, institution, .. } = self;
        let (ward, old, new) = (*ward, *old, *new);
        TakeOverBody { ward, old, new, data_key: *data_key, institution: *institution }
    }

    /// The signature, checked: over this request, for this chain.
    pub fn checked_signature(&self, genesis: &Hash32) -> Result<MultiSignature, Fault> {
        check_frame(&self.format, TAKE_OVER, &self.genesis, genesis)?;
        checked(&self.signature, &self.new, &payloads::take_over(genesis, &self.body()))
    }
}

fn check_frame(found: &str, format: &str, chain: &str, genesis: &Hash32) -> Result<(), Fault> {
    if found != format {
        return Err(Fault::usage(format!("not a request of this kind ({format})")));
    }
    if chain != hex::encode(genesis) {
        return Err(Fault::verification("the request was made for another chain"));
    }
    Ok(())
}

fn checked(text: &str, signer: &AccountId, message: &[u8]) -> Result<MultiSignature, Fault> {
    let mut signature = [0u8; 64];
    hex::decode_to_slice(text, &mut signature)
        .map_err(|_| Fault::usage("the signature is not 64 bytes in hexadecimal"))?;
    if !verify(Scheme::Sr25519, signer, message, &signature) {
        return Err(Fault::verification(format!(
            "the signature is not {signer}'s over this request"
        )));
    }
    Ok(MultiSignature::Sr25519(signature))
}

/// Reads a request from a file.
pub fn read<T: DeserializeOwned>(path: &Path) -> anyhow::Result<T> {
    let text = files::read_small(path)?;
    serde_json::from_slice(&text)
        .map_err(|error| Fault::usage(format!("not a request of this kind: {error}")))
        .with_context(|| path.display().to_string())
}

/// Writes a request to a new file.
pub fn write<T: Serialize>(request: &T, path: &Path) -> anyhow::Result<()> {
    files::write_new(path, &serde_json::to_vec_pretty(request)?)
}

#[cfg(test)]
mod tests {
    use kanglian_primitives::{EncryptionKey, GuardianBasis, InstitutionId, PersonId};

    use super::*;

    const GENESIS: Hash32 = [5; 32];

    fn guardian() -> (GuardianRequest, GuardianBody) {
        let body = GuardianBody {
            ward: PersonId([1; 32]),
            guardian: PersonId([2; 32]),
            institution: InstitutionId::from_parts(320_100, 7),
            basis: GuardianBasis::Minor,
            until: 7_776_000_000,
            holds_keys: true,
            number: 1,
        };
        let (mother, child) = (Account::generate(), Account::generate());
        (GuardianRequest::sign(&GENESIS, &body, &mother, Some(&child)), body)
    }

    #[test]
    fn a_guardians_request_survives_its_file_and_a_change_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("guardian.json");
        let (made, body) = guardian();
        write(&made, &path).unwrap();
        let found: GuardianRequest = read(&path).unwrap();
        assert_eq!((&found, found.body()), (&made, body));
        assert!(found.checked_signatures(&GENESIS).unwrap().1.is_some());
        assert!(found.checked_signatures(&[6; 32]).is_err(), "another chain");
        let mut longer = found.clone();
        longer.body.until += 1;
        let mut of_another = found.clone();
        of_another.ward_account = Some(Account::generate().id());
        let mut half = found;
        half.ward_account = None;
        for changed in [longer, of_another, half] {
            assert!(changed.checked_signatures(&GENESIS).is_err());
        }
        std::fs::write(&path, "{}").unwrap();
        assert!(read::<GuardianRequest>(&path).is_err());
    }

    #[test]
    fn a_request_to_take_over_is_the_new_accounts_for_this_chain() {
        let new = Account::generate();
        let body = TakeOverBody {
            ward: PersonId([1; 32]),
            old: AccountId::from([3; 32]),
            new: new.id(),
            data_key: EncryptionKey::x25519([9; 32]),
            institution: InstitutionId::from_parts(320_100, 7),
        };
        let made = TakeOverRequest::sign(&GENESIS, &body, &new);
        assert_eq!(made.body(), body);
        assert!(made.checked_signature(&GENESIS).is_ok());
        assert!(made.checked_signature(&[6; 32]).is_err());
        let other = TakeOverRequest { old: AccountId::from([4; 32]), ..made };
        assert!(other.checked_signature(&GENESIS).is_err());
    }
}
