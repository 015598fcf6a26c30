//! Guardians, proxies and corrections: what the chain keeps of them, and the questions for it.

use codec::{Decode, Encode};
use kanglian_primitives::{
    Action, Capacity, Correction, CorrectionId, Guardianship, Hash32, Instant, InstitutionId,
    PersonId, Proxyship, RecordId,
};
use serde::Serialize;

use super::{At, ChainError, Client};
use crate::AccountId;

/// A ward's guardians.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, Serialize)]
pub struct Ward {
    /// How many guardianships were attested.
    pub attested: u32,
    /// The guardians, also those whose time is over or who are not confirmed.
    pub guardians: Vec<Guardianship>,
}

/// Counts of a person's requests for corrections.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, Serialize)]
pub struct CorrectionFile {
    /// The last number given.
    pub last: CorrectionId,
    /// How many wait for somebody.
    pub open: u32,
}

/// Guardians, proxies and corrections.
impl Client {
    /// A ward's guardians.
    pub async fn ward(&self, ward: &PersonId, at: At) -> Result<Ward, ChainError> {
        let found = self.fetch("Guardianships", "Wards", &[ward.encode()], at).await?;
        Ok(found.unwrap_or_default())
    }

    /// A person's proxies, also those whose mandate has expired.
    pub async fn proxies(&self, person: &PersonId, at: At) -> Result<Vec<Proxyship>, ChainError> {
        let found = self.fetch("Guardianships", "Proxies", &[person.encode()], at).await?;
        Ok(found.unwrap_or_default())
    }

    /// As what the account may do this for the person at this instant.
    pub async fn acts_for(
        &self,
        account: AccountId,
        person: PersonId,
        action: Action,
        now: Instant,
        at: At,
    ) -> Result<Option<Capacity>, ChainError> {
        let args = (account, person, action, now);
        self.runtime_call("GuardianshipsApi_acts_for", args, at).await
    }

    /// A request of a person.
    pub async fn correction(
        &self,
        person: &PersonId,
        id: CorrectionId,
        at: At,
    ) -> Result<Option<Correction>, ChainError> {
        self.fetch("Corrections", "Corrections", &[person.encode(), id.encode()], at).await
    }

    /// Requests of a person that were not removed, by number.
    pub async fn corrections(
        &self,
        person: &PersonId,
        at: At,
    ) -> Result<Vec<(CorrectionId, Correction)>, ChainError> {
        let mut all: Vec<(CorrectionId, Correction)> =
            self.entries("Corrections", "Corrections", &[person.encode()], at).await?;
        all.sort_by_key(|(id, _)| *id);
        Ok(all)
    }

    /// Requests of everybody that were not removed, by person and number.
    pub async fn all_corrections(
        &self,
        at: At,
    ) -> Result<Vec<((PersonId, CorrectionId), Correction)>, ChainError> {
        let mut all: Vec<((PersonId, CorrectionId), Correction)> =
            self.entries_by_pair("Corrections", "Corrections", &[], at).await?;
        all.sort_by_key(|(id, _)| *id);
        Ok(all)
    }

    /// The last number of a person's requests, and how many wait.
    pub async fn correction_file(
        &self,
        person: &PersonId,
        at: At,
    ) -> Result<CorrectionFile, ChainError> {
        let file = self.fetch("Corrections", "Files", &[person.encode()], at).await?;
        Ok(file.unwrap_or_default())
    }

    /// Who made the record that a waiting request with this sealed text is about.
    pub async fn correction_text_for(
        &self,
        person: PersonId,
        text: Hash32,
        at: At,
    ) -> Result<Option<InstitutionId>, ChainError> {
        self.runtime_call("CorrectionsApi_text_for", (person, text), at).await
    }

    /// Whether the author of the record says that it is about somebody else.
    pub async fn is_wrong_person(&self, record: RecordId, at: At) -> Result<bool, ChainError> {
        self.runtime_call("CorrectionsApi_is_wrong_person", (record,), at).await
    }
}
