//! What the registry keeps of a person.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{BoundedVec, traits::ConstU32};
use kanglian_primitives::{
    BusinessBlockId, BusinessBlockSet, EncryptionKey, Instant, InstitutionId, PersonId, RegionCode,
};
use scale_info::TypeInfo;

/// Most scope keys that an attestation may bring.
pub const MAX_SCOPE_KEYS: u32 = 16;

/// Status of an identity as offices set it. Expiry and voided attestations come on top.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub enum PersonStatus {
    /// In force.
    #[codec(index = 0)]
    Active,
    /// Frozen by the pan-centre of the home region.
    #[codec(index = 1)]
    Suspended,
    /// Closed for good; the account is free.
    #[codec(index = 2)]
    Closed,
    /// A recovery of the keys is pending: the identity counts, but its account does not act.
    #[codec(index = 3)]
    Recovering,
    /// A guardian's client holds the keys. In force, but from the instant on the account does not
    /// act, until the person takes over.
    #[codec(index = 6)]
    Held(Instant),
    /// Another name of a person who goes on under another id; see the aliases.
    #[codec(index = 4)]
    Linked,
}

/// An attested person.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Person<AccountId> {
    /// The account that speaks for the person; after closing, the last one that did.
    pub controller: AccountId,
    /// The home region.
    pub home_region: RegionCode,
    /// The institution that vouches.
    pub attester: InstitutionId,
    /// Since when it vouches.
    pub attested_at: Instant,
    /// The person's data key.
    pub data_key: EncryptionKey,
    /// First instant at which the identity is no longer valid.
    pub valid_until: Instant,
    /// Status as offices set it.
    pub status: PersonStatus,
}

/// What an institution attests and the person's account signs.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct Attestation<AccountId> {
    /// The account that is to speak for the person.
    pub controller: AccountId,
    /// The person's data key.
    pub data_key: EncryptionKey,
    /// First scope keys (epoch 0), rising by business block.
    pub scope_keys: BoundedVec<(BusinessBlockId, EncryptionKey), ConstU32<MAX_SCOPE_KEYS>>,
    /// Business blocks that the attesting institution may write into.
    pub write_blocks: BusinessBlockSet,
    /// Until when it may write.
    pub write_until: Instant,
    /// First instant at which the identity is no longer valid.
    pub valid_until: Instant,
}

/// How a person stands at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub enum Standing {
    /// The identity counts.
    #[codec(index = 0)]
    Valid,
    /// Suspended.
    #[codec(index = 1)]
    Suspended,
    /// Closed.
    #[codec(index = 2)]
    Closed,
    /// Expired; an institution must re-attest.
    #[codec(index = 3)]
    Expired,
    /// The attestation was voided; another institution must re-attest.
    #[codec(index = 4)]
    Invalidated,
    /// The identity counts, but its account does not act: a recovery of the keys is pending.
    #[codec(index = 5)]
    Recovering,
    /// The identity counts, but its account does not act: it was in the hands of a guardian whose
    /// time is over. The person takes over with other keys.
    #[codec(index = 8)]
    NotTakenOver,
    /// Another name of a person who goes on under another id.
    #[codec(index = 6)]
    Linked,
}

/// Most other names of a person.
pub const MAX_ALIASES: u32 = 16;

/// Other names of a person.
pub type AliasList = BoundedVec<PersonId, ConstU32<MAX_ALIASES>>;

/// Why an id is another name.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub enum AliasKind {
    /// It was attested for another document of the same person.
    #[codec(index = 0)]
    Linked,
    /// It is the same document's under a later generation of registrars; never attested.
    #[codec(index = 1)]
    Migrated,
}

/// Another name.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
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
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
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
