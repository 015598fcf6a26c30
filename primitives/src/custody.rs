//! Shares of people's secrets at custodians, recoveries of lost keys, and emergencies.

use bounded_collections::{BoundedVec, ConstU32};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

use crate::{EncryptionKey, Hash32, Instant, InstitutionId, PersonId, RegionCode};

/// Most custodians in one dealing.
pub const MAX_CUSTODIANS: u32 = 16;

/// Most regions that approve one recovery.
pub const MAX_APPROVALS: u32 = 40;

/// Fewest shares that open a dealing.
pub const MIN_THRESHOLD: u8 = 2;

/// Fewest custodians in one dealing.
pub const MIN_CUSTODIANS: u8 = 3;

/// A list with an entry for each custodian at most.
pub type PerCustodian<T> = BoundedVec<T, ConstU32<MAX_CUSTODIANS>>;

macro_rules! custody_type {
    ($(#[$doc:meta])* copy pub $($rest:tt)*) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode,
            DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Serialize, Deserialize,
        )]
        #[serde(rename_all = "snake_case")]
        pub $($rest)*
    };
    ($(#[$doc:meta])* pub $($rest:tt)*) => {
        $(#[$doc])*
        #[derive(
            Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen,
            TypeInfo, Serialize, Deserialize,
        )]
        #[serde(rename_all = "snake_case")]
        pub $($rest)*
    };
}

custody_type!(
    /// Which secrets a dealing holds.
    copy pub enum DealtScope {
        /// The person's secret, from which everything derives.
        #[codec(index = 0)]
        Whole,
        /// The scope secrets of the emergency summary alone.
        #[codec(index = 1)]
        Emergency,
    }
);

custody_type!(
    /// A recovery; rising, never reused.
    copy pub struct RecoveryId(pub u64);
);

custody_type!(
    /// An emergency; rising, never reused.
    copy pub struct EmergencyId(pub u64);
);

impl core::fmt::Display for RecoveryId {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        core::fmt::Display::fmt(&self.0, f)
    }
}

impl core::fmt::Display for EmergencyId {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        core::fmt::Display::fmt(&self.0, f)
    }
}

custody_type!(
    /// A case for which custodians hand shares over.
    copy pub enum CaseRef {
        /// A recovery, once executed.
        #[codec(index = 0)]
        Recovery(RecoveryId),
        /// An emergency, while open.
        #[codec(index = 1)]
        Emergency(EmergencyId),
    }
);

custody_type!(
    /// Who holds shares for a region.
    pub struct Custodian<AccountId> {
        /// The account that answers for it.
        pub account: AccountId,
        /// The key that shares are sealed to.
        pub key: EncryptionKey,
        /// When this account and key were set.
        pub since: Instant,
    }
);

custody_type!(
    /// One custodian's part of a dealing. The share's x-coordinate is the part's position, from 1.
    copy pub struct DealingPart {
        /// Whose custodian.
        pub region: RegionCode,
        /// BLAKE3 of the sealed share, kept at the vaults.
        pub share: Hash32,
    }
);

custody_type!(
    /// What a person commits to when dealing.
    pub struct DealingTerms {
        /// How many shares open it.
        pub threshold: u8,
        /// Feldman commitments, ristretto255, as many as the threshold.
        pub commitments: PerCustodian<[u8; 32]>,
        /// The custodians' parts, rising by region.
        pub parts: PerCustodian<DealingPart>,
        /// BLAKE3 of the sealed payload, kept at the vaults.
        pub sealed: Hash32,
    }
);

custody_type!(
    /// What is wrong with a custodian's part.
    copy pub enum ComplaintReason {
        /// The share does not open, or does not match the commitments.
        #[codec(index = 0)]
        BadShare,
        /// The share or the sealed payload is at no vault.
        #[codec(index = 1)]
        Missing,
    }
);

custody_type!(
    /// What a custodian said of its part.
    copy pub enum PartAnswer {
        /// Nothing yet.
        #[codec(index = 0)]
        Waiting,
        /// The share matches the commitments and the sealed payload is there.
        #[codec(index = 1)]
        Acknowledged,
        /// The part is bad.
        #[codec(index = 2)]
        Bad(ComplaintReason),
    }
);

custody_type!(
    /// A dealing as the chain keeps it.
    pub struct Dealing {
        /// Rising by one for each person and scope; the first is 1.
        pub number: u32,
        /// When it was made.
        pub dealt_at: Instant,
        /// What the person committed to.
        pub terms: DealingTerms,
        /// The custodians' keys when it was made, in the order of the parts. A part counts only
        /// while its region's custodian has this key.
        pub keys: PerCustodian<EncryptionKey>,
        /// What the custodians said, in the order of the parts.
        pub answers: PerCustodian<PartAnswer>,
    }
);

impl Dealing {
    /// The position of a region's part, from 0.
    pub fn index_of(&self, region: RegionCode) -> Option<usize> {
        self.terms.parts.iter().position(|part| part.region == region)
    }

    /// Whether the hash is the sealed payload's or a share's.
    pub fn names(&self, hash: &Hash32) -> bool {
        self.terms.sealed == *hash || self.terms.parts.iter().any(|part| part.share == *hash)
    }

    /// Regions whose custodian acknowledged its part.
    pub fn acknowledged(&self) -> impl Iterator<Item = (RegionCode, EncryptionKey)> {
        let parts = self.terms.parts.iter().zip(&self.keys).zip(&self.answers);
        parts.filter_map(|((part, key), answer)| {
            (*answer == PartAnswer::Acknowledged).then_some((part.region, *key))
        })
    }
}

custody_type!(
    /// A dealing and whether it could be opened now.
    pub struct DealingView {
        /// The dealing.
        pub dealing: Dealing,
        /// Acknowledged parts whose region is active and whose custodian has the same key.
        pub counting: u8,
        /// Whether they reach the threshold.
        pub recoverable: bool,
    }
);

custody_type!(
    /// A share that a custodian sealed again for a case's receiver.
    copy pub struct HandOver {
        /// Whose custodian.
        pub region: RegionCode,
        /// BLAKE3 of the share sealed to the receiver, kept at the vaults.
        pub blob: Hash32,
    }
);

custody_type!(
    /// How a recovery stands.
    copy pub enum RecoveryStatus {
        /// Takes approvals.
        #[codec(index = 0)]
        Open,
        /// The old key vetoed; approvals count anew once a hearing is recorded.
        #[codec(index = 1)]
        Contested,
        /// The new keys count; custodians hand over.
        #[codec(index = 2)]
        Executed,
        /// Ended by the home region or by governance.
        #[codec(index = 3)]
        Dismissed,
        /// Ended by the institution.
        #[codec(index = 4)]
        Withdrawn,
        /// Ended because its time was over or its institution is no longer permitted.
        #[codec(index = 5)]
        Lapsed,
    }
);

custody_type!(
    /// A recovery: an institution asks that other keys speak for a person.
    pub struct Recovery<AccountId> {
        /// Whose keys.
        pub person: PersonId,
        /// Who opened it.
        pub institution: InstitutionId,
        /// That institution's region.
        pub region: RegionCode,
        /// The account that spoke for the person when it was opened.
        pub old_controller: AccountId,
        /// The account that is to speak for the person.
        pub new_controller: AccountId,
        /// The person's data key from execution on.
        pub new_data_key: EncryptionKey,
        /// The key that custodians seal their shares to.
        pub reseal_key: EncryptionKey,
        /// When it was opened.
        pub opened_at: Instant,
        /// First instant at which it may be executed.
        pub executable_from: Instant,
        /// First instant at which it may no longer be executed.
        pub expires_at: Instant,
        /// How many regions must approve.
        pub bar: u8,
        /// Regions that approved, rising.
        pub approvals: BoundedVec<RegionCode, ConstU32<MAX_APPROVALS>>,
        /// How it stands.
        pub status: RecoveryStatus,
        /// Salted hash of the hearing's minutes, after a veto.
        pub hearing: Option<Hash32>,
        /// When it was executed or ended otherwise.
        pub ended_at: Option<Instant>,
        /// The dealing of the whole secret that was in force at execution.
        pub dealing: Option<Dealing>,
        /// Shares handed over.
        pub handed_over: PerCustodian<HandOver>,
    }
);

impl<AccountId> Recovery<AccountId> {
    /// Whether it may still be executed, its time aside.
    pub fn is_pending(&self) -> bool {
        matches!(self.status, RecoveryStatus::Open | RecoveryStatus::Contested)
    }

    /// Whether approvals are taken.
    pub fn takes_approvals(&self) -> bool {
        match self.status {
            RecoveryStatus::Open => true,
            RecoveryStatus::Contested => self.hearing.is_some(),
            _ => false,
        }
    }
}

custody_type!(
    /// Why an emergency is opened.
    copy pub enum EmergencyReason {
        /// The patient is unconscious or cannot speak for themselves (意识不清).
        #[codec(index = 0)]
        Unconscious,
        /// The patient's life is in danger (危及生命).
        #[codec(index = 1)]
        LifeThreatening,
        /// A minor or incapacitated patient without a representative at hand (无代理人在场).
        #[codec(index = 2)]
        NoRepresentative,
        /// An outbreak or a disaster with many casualties (突发公共卫生事件).
        #[codec(index = 3)]
        PublicHealth,
    }
);

custody_type!(
    /// What a pan-centre found when it reviewed an emergency.
    copy pub enum ReviewOutcome {
        /// There was an emergency.
        #[codec(index = 0)]
        Justified,
        /// There was none: the practitioner is suspended.
        #[codec(index = 1)]
        Abuse,
    }
);

custody_type!(
    /// An emergency: a physician reads a person's emergency summary for a few hours.
    pub struct Emergency<AccountId> {
        /// Whose summary.
        pub person: PersonId,
        /// Who opened it and reads.
        pub practitioner: AccountId,
        /// As whose practitioner.
        pub institution: InstitutionId,
        /// That institution's region, whose pan-centre reviews.
        pub region: RegionCode,
        /// Why.
        pub reason: EmergencyReason,
        /// The practitioner's encryption key; custodians seal their shares to it.
        pub reseal_key: EncryptionKey,
        /// When it was opened.
        pub opened_at: Instant,
        /// First instant at which it opens nothing any more.
        pub ends_at: Instant,
        /// First instant at which its review is overdue.
        pub review_by: Instant,
        /// What the review found.
        pub review: Option<ReviewOutcome>,
        /// Whether the overdue review was escalated.
        pub escalated: bool,
        /// The dealing of the summary's secrets that was in force at opening.
        pub dealing: Dealing,
        /// Shares handed over.
        pub handed_over: PerCustodian<HandOver>,
    }
);

impl<AccountId> Emergency<AccountId> {
    /// Whether it opens the summary at `now`.
    pub fn is_open(&self, now: Instant) -> bool {
        now < self.ends_at
    }
}

custody_type!(
    /// What is kept of an emergency at its person and at its practitioner.
    copy pub struct EmergencyNote<AccountId> {
        /// Which.
        pub id: EmergencyId,
        /// Who opened it.
        pub practitioner: AccountId,
        /// As whose practitioner.
        pub institution: InstitutionId,
        /// First instant at which it opens nothing any more.
        pub ends_at: Instant,
        /// First instant at which its review is overdue.
        pub review_by: Instant,
        /// Whether it was reviewed.
        pub reviewed: bool,
    }
);

/// A part that waits for its custodian's answer: whose, which scope, which dealing.
pub type WaitingPart = (PersonId, DealtScope, u32);
