//! Registrars and other names of persons: what the chain keeps of them.

use codec::{Decode, Encode};
use kanglian_primitives::{Height, Instant, InstitutionId, PersonId, RegionCode, RegistrarKey};
use serde::{Deserialize, Serialize};

use super::{
    At, ChainError, Client,
    types::{LogAnchor, Text},
};

/// A registrar of the present set.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize)]
pub struct ChainRegistrar {
    /// Its province.
    pub region: RegionCode,
    /// It signs log heads and its extrinsics with this key.
    pub signing_key: RegistrarKey,
    /// The public key of its share.
    #[serde(with = "crate::wire::hex_bytes")]
    pub share_key: [u8; 32],
    /// Where it answers.
    pub url: Text,
}

/// The set of registrars that the council put in force.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize)]
pub struct ChainRegistrars {
    /// The number of the group key.
    pub generation: u32,
    /// The number of its shares.
    pub epoch: u32,
    /// How many have to answer.
    pub threshold: u16,
    /// The group's public key.
    #[serde(with = "crate::wire::hex_bytes")]
    pub network_key: [u8; 32],
    /// The registrars; the first has index 1.
    pub members: Vec<ChainRegistrar>,
}

/// Why an id is another name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AliasKind {
    /// It was attested for another document of the same person.
    #[codec(index = 0)]
    Linked,
    /// It is the same document's under a later generation of registrars.
    #[codec(index = 1)]
    Migrated,
}

/// Another name of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, Serialize)]
pub struct Alias {
    /// What it leads to.
    pub canonical: PersonId,
    /// Why.
    pub kind: AliasKind,
    /// The institution that vouches for it.
    pub by: InstitutionId,
    /// Since when.
    pub since: Instant,
}

/// A link that waits for the alias's pan-centre.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, Serialize)]
pub struct LinkRequest {
    /// What the alias is to lead to.
    pub canonical: PersonId,
    /// The institution that saw both documents.
    pub by: InstitutionId,
    /// From when on it may be approved.
    pub from: Instant,
    /// First instant at which it no longer may.
    pub until: Instant,
}

/// Nothing, when the node's runtime does not know of it yet.
fn of_older_runtime<T: Default>(answer: Result<T, ChainError>) -> Result<T, ChainError> {
    match answer {
        Err(ChainError::UnknownStorage { .. }) => Ok(T::default()),
        answer => answer,
    }
}

/// Registrars.
impl Client {
    /// The registrars that the council put in force; none before the first set.
    pub async fn chain_registrars(&self, at: At) -> Result<Option<ChainRegistrars>, ChainError> {
        of_older_runtime(self.fetch("Registrars", "Present", &[], at).await)
    }

    /// The number of the registrars' present group key.
    pub async fn generation(&self, at: At) -> Result<u32, ChainError> {
        let number = of_older_runtime(self.fetch("Registrars", "Generation", &[], at).await);
        Ok(number?.unwrap_or_default())
    }

    /// From which height on a generation's ids are attested no more.
    pub async fn compromised_from(
        &self,
        generation: u32,
        at: At,
    ) -> Result<Option<Height>, ChainError> {
        let key = generation.encode();
        of_older_runtime(self.fetch("Registrars", "Compromised", &[key], at).await)
    }

    /// The last anchored head of a registrar's log.
    pub async fn evaluation_log(
        &self,
        registrar: &RegistrarKey,
        at: At,
    ) -> Result<Option<LogAnchor>, ChainError> {
        of_older_runtime(self.fetch("Registrars", "Logs", &[registrar.encode()], at).await)
    }

    /// Anchored heads of all registrars' logs, former ones' too.
    pub async fn evaluation_logs(
        &self,
        at: At,
    ) -> Result<Vec<(RegistrarKey, LogAnchor)>, ChainError> {
        of_older_runtime(self.entries("Registrars", "Logs", &[], at).await)
    }
}

/// Other names of persons.
impl Client {
    /// What an id is another name of.
    pub async fn alias(&self, id: &PersonId, at: At) -> Result<Option<Alias>, ChainError> {
        of_older_runtime(self.fetch("RealName", "Aliases", &[id.encode()], at).await)
    }

    /// All ids that are other names.
    pub async fn aliases(&self, at: At) -> Result<Vec<(PersonId, Alias)>, ChainError> {
        of_older_runtime(self.entries("RealName", "Aliases", &[], at).await)
    }

    /// Other names of a person, without those of its linked ids.
    pub async fn aliases_of(&self, id: &PersonId, at: At) -> Result<Vec<PersonId>, ChainError> {
        let names = of_older_runtime(self.fetch("RealName", "AliasesOf", &[id.encode()], at).await);
        Ok(names?.unwrap_or_default())
    }

    /// The id that this one leads to; itself when it is no alias.
    pub async fn canonical(&self, id: &PersonId, at: At) -> Result<PersonId, ChainError> {
        let mut last = *id;
        // A later generation's id, then a linked one.
        for _ in 0..2 {
            let Some(alias) = self.alias(&last, at).await? else { break };
            last = alias.canonical;
        }
        Ok(last)
    }

    /// A link of the id that waits for its pan-centre.
    pub async fn link_request(
        &self,
        alias: &PersonId,
        at: At,
    ) -> Result<Option<LinkRequest>, ChainError> {
        of_older_runtime(self.fetch("RealName", "LinkRequests", &[alias.encode()], at).await)
    }

    /// All links that wait for a pan-centre.
    pub async fn link_requests(&self, at: At) -> Result<Vec<(PersonId, LinkRequest)>, ChainError> {
        of_older_runtime(self.entries("RealName", "LinkRequests", &[], at).await)
    }

    /// How often a link or a migration to the id was refused or undone.
    pub async fn link_round(&self, alias: &PersonId, at: At) -> Result<u32, ChainError> {
        let round = of_older_runtime(self.fetch("RealName", "Rounds", &[alias.encode()], at).await);
        Ok(round?.unwrap_or_default())
    }
}
