//! What clients ask the chain, by name.

use std::collections::BTreeMap;

use codec::Encode;
use kanglian_primitives::{
    AccessQuery, Amount, BusinessBlockId, Decision, FilePage, Grantee, Hash32, Instant,
    InstitutionId, PersonId, RecordFacts, RecordId, Refusal, RegionCode, SchemaId, ShareClaim,
    TeamId, Terms, VaultInfo, WorkClaim, WorkFacts, WorkId,
};
use serde::Serialize;

use super::types::{
    AccountInfo, Authority, Block, Blocks, DispatchInfo, Earned, Era, GrantFile, Institution,
    LogAnchor, PendingUpgrade, Person, Practitioner, Region, Regions, Schedule, Schema, Schemas,
    ScopeKey, Team, TransferPolicy, Votes, Weight, WriteConsent,
};
use super::{At, Call, ChainError, Client, calls};
use crate::AccountId;

/// A motion of the council with its call in words.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Motion {
    /// Hash of the call; with the index it names the motion.
    #[serde(serialize_with = "serialize_hash")]
    pub hash: Hash32,
    /// The pallet of the call.
    pub pallet: String,
    /// The call's name.
    pub call: String,
    /// The call's arguments.
    pub args: serde_json::Value,
    /// The call's bytes.
    #[serde(skip)]
    pub bytes: Vec<u8>,
    /// Who voted how, and until when.
    pub votes: Votes,
}

fn serialize_hash<S: serde::Serializer>(hash: &Hash32, s: S) -> Result<S::Ok, S::Error> {
    s.collect_str(&format_args!("0x{}", hex::encode(hash)))
}

/// Runtime interfaces.
impl Client {
    /// Whether a record may be read.
    pub async fn decide(
        &self,
        query: &AccessQuery<AccountId>,
        record: &RecordId,
        now: Instant,
        at: At,
    ) -> Result<Decision, ChainError> {
        self.runtime_call("ConsentsApi_decide", (query, record, now), at).await
    }

    /// What of a person's file a reader may see; a page may be short and still have a next one.
    pub async fn readable(
        &self,
        query: &AccessQuery<AccountId>,
        cursor: Option<RecordId>,
        limit: u32,
        now: Instant,
        at: At,
    ) -> Result<Result<FilePage, Refusal>, ChainError> {
        self.runtime_call("ConsentsApi_readable", (query, cursor, limit, now), at).await
    }

    /// Whether a share with these facts would be accepted from the account, receipts aside.
    pub async fn may_share(
        &self,
        account: &AccountId,
        claim: &ShareClaim,
        now: Instant,
        at: At,
    ) -> Result<Result<(), Refusal>, ChainError> {
        self.runtime_call("ConsentsApi_may_share", (account, claim, now), at).await
    }

    /// Whether the account acts as the grantee at this instant.
    pub async fn acts_as(
        &self,
        account: &AccountId,
        grantee: &Grantee<AccountId>,
        now: Instant,
        at: At,
    ) -> Result<bool, ChainError> {
        self.runtime_call("ConsentsApi_acts_as", (account, grantee, now), at).await
    }

    /// Whether the grantee itself counts at this instant, whoever acts as it.
    pub async fn in_standing(
        &self,
        grantee: &Grantee<AccountId>,
        now: Instant,
        at: At,
    ) -> Result<bool, ChainError> {
        self.runtime_call("ConsentsApi_in_standing", (grantee, now), at).await
    }

    /// Terms that a person gave, with their grantees.
    pub async fn terms_of(
        &self,
        person: &PersonId,
        at: At,
    ) -> Result<Vec<(Grantee<AccountId>, Terms<AccountId>)>, ChainError> {
        self.runtime_call("ConsentsApi_terms_of", (person,), at).await
    }

    /// A person's file, whoever asks.
    pub async fn file_of(
        &self,
        person: &PersonId,
        cursor: Option<RecordId>,
        limit: u32,
        at: At,
    ) -> Result<FilePage, ChainError> {
        self.runtime_call("RecordsApi_file_of", (person, cursor, limit), at).await
    }

    /// One record.
    pub async fn record(&self, id: &RecordId, at: At) -> Result<Option<RecordFacts>, ChainError> {
        self.runtime_call("RecordsApi_record", (id,), at).await
    }

    /// Whether a work with these facts would be accepted from the account, receipts aside.
    pub async fn may_publish(
        &self,
        account: &AccountId,
        claim: &WorkClaim,
        now: Instant,
        at: At,
    ) -> Result<Result<(), Refusal>, ChainError> {
        self.runtime_call("PublicWorksApi_may_publish", (account, claim, now), at).await
    }

    /// The works among these, with everybody's standing at `now`.
    pub async fn works(
        &self,
        ids: &[WorkId],
        now: Instant,
        at: At,
    ) -> Result<Vec<WorkFacts>, ChainError> {
        self.runtime_call("PublicWorksApi_works", (ids, now), at).await
    }

    /// Works in the order of publication from a number on.
    pub async fn works_from(
        &self,
        number: u64,
        limit: u32,
        now: Instant,
        at: At,
    ) -> Result<Vec<WorkFacts>, ChainError> {
        self.runtime_call("PublicWorksApi_works_from", (number, limit, now), at).await
    }

    /// Every registered province's vault.
    pub async fn vaults(&self, at: At) -> Result<Vec<VaultInfo>, ChainError> {
        self.runtime_call("RegionsApi_vaults", (), at).await
    }

    /// What a call weighs and costs.
    pub async fn dispatch_info(&self, call: &Call) -> Result<DispatchInfo, ChainError> {
        let bytes = self.call_bytes(call).await?;
        self.dispatch_info_of(&bytes).await
    }

    async fn dispatch_info_of(&self, bytes: &[u8]) -> Result<DispatchInfo, ChainError> {
        let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        let method = "TransactionPaymentCallApi_query_call_info";
        self.runtime_call(method, RawThen(bytes, length), At::Best).await
    }
}

/// Bytes as they are, then a number.
struct RawThen<'a>(&'a [u8], u32);

impl Encode for RawThen<'_> {
    fn encode_to<T: codec::Output + ?Sized>(&self, out: &mut T) {
        out.write(self.0);
        self.1.encode_to(out);
    }
}

/// Registries.
impl Client {
    /// An account: its number, references and coin.
    pub async fn account(&self, account: &AccountId, at: At) -> Result<AccountInfo, ChainError> {
        let info = self.fetch("System", "Account", &[account.encode()], at).await?;
        Ok(info.unwrap_or_default())
    }

    /// All provinces.
    pub async fn regions(&self, at: At) -> Result<Regions, ChainError> {
        Ok(self.fetch("Regions", "Regions", &[], at).await?.unwrap_or_default())
    }

    /// One province.
    pub async fn region(&self, code: RegionCode, at: At) -> Result<Option<Region>, ChainError> {
        Ok(self.regions(at).await?.remove(&code))
    }

    /// All validators with their provinces.
    pub async fn authorities(&self, at: At) -> Result<Vec<Authority>, ChainError> {
        Ok(self.fetch("Authorities", "Authorities", &[], at).await?.unwrap_or_default())
    }

    /// An institution.
    pub async fn institution(
        &self,
        id: &InstitutionId,
        at: At,
    ) -> Result<Option<Institution>, ChainError> {
        self.fetch("Institutions", "Institutions", &[id.encode()], at).await
    }

    /// All institutions.
    pub async fn institutions(
        &self,
        at: At,
    ) -> Result<Vec<(InstitutionId, Institution)>, ChainError> {
        self.entries("Institutions", "Institutions", &[], at).await
    }

    /// The institution an account speaks for, whatever its standing.
    pub async fn institution_of(
        &self,
        account: &AccountId,
        at: At,
    ) -> Result<Option<InstitutionId>, ChainError> {
        self.fetch("Institutions", "InstitutionOf", &[account.encode()], at).await
    }

    /// A practitioner at an institution.
    pub async fn practitioner(
        &self,
        account: &AccountId,
        id: &InstitutionId,
        at: At,
    ) -> Result<Option<Practitioner>, ChainError> {
        let keys = [account.encode(), id.encode()];
        self.fetch("Institutions", "Practitioners", &keys, at).await
    }

    /// Where an account practises.
    pub async fn practices_of(
        &self,
        account: &AccountId,
        at: At,
    ) -> Result<Vec<(InstitutionId, Practitioner)>, ChainError> {
        self.entries("Institutions", "Practitioners", &[account.encode()], at).await
    }

    /// All practitioners.
    pub async fn practitioners(
        &self,
        at: At,
    ) -> Result<Vec<((AccountId, InstitutionId), Practitioner)>, ChainError> {
        self.entries_by_pair("Institutions", "Practitioners", &[], at).await
    }

    /// A care team.
    pub async fn team(
        &self,
        id: &InstitutionId,
        team: TeamId,
        at: At,
    ) -> Result<Option<Team>, ChainError> {
        self.fetch("Institutions", "Teams", &[id.encode(), team.encode()], at).await
    }

    /// An institution's care teams.
    pub async fn teams(
        &self,
        id: &InstitutionId,
        at: At,
    ) -> Result<Vec<(TeamId, Team)>, ChainError> {
        self.entries("Institutions", "Teams", &[id.encode()], at).await
    }

    /// All business blocks.
    pub async fn blocks(&self, at: At) -> Result<Blocks, ChainError> {
        Ok(self.fetch("BusinessBlocks", "Blocks", &[], at).await?.unwrap_or_default())
    }

    /// One business block.
    pub async fn block(&self, id: BusinessBlockId, at: At) -> Result<Option<Block>, ChainError> {
        Ok(self.blocks(at).await?.remove(&id))
    }

    /// All schemas.
    pub async fn schemas(&self, at: At) -> Result<Schemas, ChainError> {
        Ok(self.entries("BusinessBlocks", "Schemas", &[], at).await?.into_iter().collect())
    }

    /// One schema.
    pub async fn schema(&self, id: SchemaId, at: At) -> Result<Option<Schema>, ChainError> {
        self.fetch("BusinessBlocks", "Schemas", &[id.encode()], at).await
    }

    /// A person's identity.
    pub async fn person(&self, id: &PersonId, at: At) -> Result<Option<Person>, ChainError> {
        self.fetch("RealName", "Persons", &[id.encode()], at).await
    }

    /// All persons.
    pub async fn persons(&self, at: At) -> Result<Vec<(PersonId, Person)>, ChainError> {
        self.entries("RealName", "Persons", &[], at).await
    }

    /// The person an account speaks for, whatever the standing.
    pub async fn person_of(
        &self,
        account: &AccountId,
        at: At,
    ) -> Result<Option<PersonId>, ChainError> {
        self.fetch("RealName", "PersonOf", &[account.encode()], at).await
    }

    /// From when on an institution's attestations are void.
    pub async fn invalid_from(
        &self,
        id: &InstitutionId,
        at: At,
    ) -> Result<Option<Instant>, ChainError> {
        self.fetch("RealName", "InvalidFrom", &[id.encode()], at).await
    }
}

/// Consents and access logs.
impl Client {
    /// Terms that a person gave one grantee.
    pub async fn grants(
        &self,
        person: &PersonId,
        grantee: &Grantee<AccountId>,
        at: At,
    ) -> Result<Option<GrantFile>, ChainError> {
        self.fetch("Consents", "Grants", &[person.encode(), grantee.encode()], at).await
    }

    /// A person's published scope key for a block.
    pub async fn scope_key(
        &self,
        person: &PersonId,
        block: BusinessBlockId,
        at: At,
    ) -> Result<Option<ScopeKey>, ChainError> {
        self.fetch("Consents", "ScopeKeys", &[person.encode(), block.encode()], at).await
    }

    /// All of a person's published scope keys.
    pub async fn scope_keys(
        &self,
        person: &PersonId,
        at: At,
    ) -> Result<Vec<(BusinessBlockId, ScopeKey)>, ChainError> {
        self.entries("Consents", "ScopeKeys", &[person.encode()], at).await
    }

    /// Whether and into what an institution may write for a person.
    pub async fn write_consent(
        &self,
        person: &PersonId,
        institution: &InstitutionId,
        at: At,
    ) -> Result<Option<WriteConsent>, ChainError> {
        self.fetch("Consents", "WriteConsents", &[person.encode(), institution.encode()], at).await
    }

    /// All institutions that may write for a person.
    pub async fn write_consents(
        &self,
        person: &PersonId,
        at: At,
    ) -> Result<Vec<(InstitutionId, WriteConsent)>, ChainError> {
        self.entries("Consents", "WriteConsents", &[person.encode()], at).await
    }

    /// The last anchor of a region's access log.
    pub async fn access_log(
        &self,
        region: RegionCode,
        at: At,
    ) -> Result<Option<LogAnchor>, ChainError> {
        self.fetch("Consents", "AccessLogs", &[region.encode()], at).await
    }
}

/// Coin.
impl Client {
    /// How shares are paid.
    pub async fn schedule(&self, at: At) -> Result<Option<Schedule>, ChainError> {
        self.fetch("HealthCoin", "Schedule", &[], at).await
    }

    /// The present era.
    pub async fn era(&self, at: At) -> Result<Option<Era>, ChainError> {
        self.fetch("HealthCoin", "Era", &[], at).await
    }

    /// Who may send coin to whom.
    pub async fn transfer_policy(&self, at: At) -> Result<Option<TransferPolicy>, ChainError> {
        self.fetch("HealthCoin", "Policy", &[], at).await
    }

    /// What regions earned in past eras that were not settled.
    pub async fn unsettled(
        &self,
        at: At,
    ) -> Result<Vec<(u32, BTreeMap<RegionCode, Amount>)>, ChainError> {
        self.entries("HealthCoin", "RegionEarned", &[], at).await
    }

    /// What a person earned in the last era in which anything was earned.
    pub async fn earned_by_person(&self, person: &PersonId, at: At) -> Result<Earned, ChainError> {
        let earned = self.fetch("HealthCoin", "EarnedByPerson", &[person.encode()], at).await?;
        Ok(earned.unwrap_or_default())
    }

    /// What an author's account earned in the last era in which anything was earned.
    pub async fn earned_by_author(
        &self,
        account: &AccountId,
        at: At,
    ) -> Result<Earned, ChainError> {
        let earned = self.fetch("HealthCoin", "EarnedByAuthor", &[account.encode()], at).await?;
        Ok(earned.unwrap_or_default())
    }

    /// What emission brought since the genesis.
    pub async fn emitted(&self, at: At) -> Result<Amount, ChainError> {
        Ok(self.fetch("HealthCoin", "Emitted", &[], at).await?.unwrap_or_default())
    }

    /// What was burned since the genesis.
    pub async fn burned(&self, at: At) -> Result<Amount, ChainError> {
        Ok(self.fetch("HealthCoin", "Burned", &[], at).await?.unwrap_or_default())
    }

    /// All coin there is.
    pub async fn total_issuance(&self, at: At) -> Result<Amount, ChainError> {
        Ok(self.fetch("Balances", "TotalIssuance", &[], at).await?.unwrap_or_default())
    }
}

/// Governance.
impl Client {
    /// The council's members.
    pub async fn council(&self, at: At) -> Result<Vec<AccountId>, ChainError> {
        Ok(self.fetch("Council", "Members", &[], at).await?.unwrap_or_default())
    }

    /// Motions that are open.
    pub async fn motions(&self, at: At) -> Result<Vec<Motion>, ChainError> {
        let hashes: Vec<Hash32> =
            self.fetch("Council", "Proposals", &[], at).await?.unwrap_or_default();
        let mut out = Vec::with_capacity(hashes.len());
        for hash in hashes {
            out.extend(self.motion(&hash, at).await?);
        }
        Ok(out)
    }

    /// One open motion.
    pub async fn motion(&self, hash: &Hash32, at: At) -> Result<Option<Motion>, ChainError> {
        let key = [hash.encode()];
        let Some(votes) = self.fetch::<Votes>("Council", "Voting", &key, at).await? else {
            return Ok(None);
        };
        let Some(bytes) = self.fetch_bytes("Council", "ProposalOf", &key, at).await? else {
            return Ok(None);
        };
        let (pallet, call, args) = self.describe_call(&bytes).await?;
        Ok(Some(Motion { hash: *hash, pallet, call, args, bytes, votes }))
    }

    /// The call that closes a motion, with bounds of weight and length that suffice.
    pub async fn close_motion(&self, motion: &Motion) -> Result<Call, ChainError> {
        let length = u32::try_from(motion.bytes.len()).unwrap_or(u32::MAX);
        let weight = match self.dispatch_info_of(&motion.bytes).await {
            Ok(info) => info.weight,
            // A runtime without that interface: a fifth of a block's time.
            Err(ChainError::Refused { .. }) => {
                Weight { ref_time: 80_000_000_000, proof_size: 1 << 20 }
            },
            Err(error) => return Err(error),
        };
        Ok(calls::council::close(motion.hash, motion.votes.index, weight, length))
    }

    /// Upgrades in their time lock.
    pub async fn pending_upgrades(
        &self,
        at: At,
    ) -> Result<Vec<(Hash32, PendingUpgrade)>, ChainError> {
        self.entries("Mandates", "Pending", &[], at).await
    }

    /// The regulator's account.
    pub async fn regulator(&self, at: At) -> Result<Option<AccountId>, ChainError> {
        self.fetch("Mandates", "Regulator", &[], at).await
    }
}
