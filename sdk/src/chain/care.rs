//! Authorisation codes and referrals: what the chain keeps of them, and the questions for it.

use codec::{Decode, Encode};
use kanglian_primitives::{
    CodeKey, Grantee, Hash32, Instant, PersonId, RecordId, ReferralId, TermsId, TermsTemplate,
};
use serde::{Deserialize, Serialize};

use super::{At, ChainError, Client};
use crate::AccountId;

/// That a code was redeemed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Redemption {
    /// Who got terms.
    pub grantee: Grantee<AccountId>,
    /// The account that redeemed.
    pub account: AccountId,
    /// Which terms.
    pub id: TermsId,
    /// When.
    pub at: Instant,
}

/// An authorisation code.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Code {
    /// Whose records it opens.
    pub person: PersonId,
    /// What it gives.
    pub template: TermsTemplate,
    /// How many grantees may redeem it.
    pub uses: u8,
    /// First instant at which it can no longer be redeemed.
    pub expires_at: Instant,
    /// BLAKE3 of the bundle that is sealed to the code.
    pub sealed: Hash32,
    /// Whether the person cancelled it.
    pub cancelled: bool,
    /// By whom it was redeemed.
    pub redeemed: Vec<Redemption>,
}

impl Code {
    /// How often it can still be redeemed, were it neither cancelled nor over.
    pub fn uses_left(&self) -> u8 {
        self.uses.saturating_sub(u8::try_from(self.redeemed.len()).unwrap_or(u8::MAX))
    }

    /// What keeps it from being redeemed at `now`.
    pub fn standing(&self, now: Instant) -> CodeStanding {
        match () {
            () if self.cancelled => CodeStanding::Cancelled,
            () if self.uses_left() == 0 => CodeStanding::UsedUp,
            () if now >= self.expires_at => CodeStanding::Expired,
            () => CodeStanding::Open,
        }
    }
}

/// Whether a code can be redeemed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CodeStanding {
    /// It can.
    Open,
    /// The person cancelled it.
    Cancelled,
    /// As many grantees as were allowed have redeemed it.
    UsedUp,
    /// It has expired.
    Expired,
}

impl std::fmt::Display for CodeStanding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(match self {
            Self::Open => "open",
            Self::Cancelled => "cancelled",
            Self::UsedUp => "used up",
            Self::Expired => "expired",
        })
    }
}

/// Why a referral was rejected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// No bed, no appointment, no staff.
    #[codec(index = 0)]
    NoCapacity,
    /// The receiver does not treat this.
    #[codec(index = 1)]
    OutOfScope,
    /// The receiver sees no need.
    #[codec(index = 2)]
    NotIndicated,
    /// Another reason, told outside of the chain.
    #[codec(index = 3)]
    Other,
}

impl Reason {
    /// All reasons with the codes that stand for them.
    pub const ALL: [(Self, &'static str); 4] = [
        (Self::NoCapacity, "no-capacity"),
        (Self::OutOfScope, "out-of-scope"),
        (Self::NotIndicated, "not-indicated"),
        (Self::Other, "other"),
    ];
}

impl std::fmt::Display for Reason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let named = Self::ALL.iter().find(|(reason, _)| reason == self);
        f.pad(named.map_or("other", |(_, code)| code))
    }
}

/// A text that is no reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected one of no-capacity, out-of-scope, not-indicated, other")]
pub struct UnknownReason;

impl std::str::FromStr for Reason {
    type Err = UnknownReason;
    fn from_str(text: &str) -> Result<Self, UnknownReason> {
        let named = Self::ALL.iter().find(|(_, code)| *code == text);
        named.map(|(reason, _)| *reason).ok_or(UnknownReason)
    }
}

/// How far one offer of a referral has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OfferStatus {
    /// Open.
    #[codec(index = 0)]
    Offered,
    /// Accepted.
    #[codec(index = 1)]
    Accepted,
    /// Rejected.
    #[codec(index = 2)]
    Rejected(Reason),
    /// Somebody else accepted, or the referral was closed.
    #[codec(index = 3)]
    Withdrawn,
}

/// One of those to whom a referral is offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Offer {
    /// To whom.
    pub to: Grantee<AccountId>,
    /// The terms that came with it.
    pub terms: TermsId,
    /// How far it has come.
    pub status: OfferStatus,
}

/// How far a referral has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReferralStatus {
    /// Offered, and accepted by nobody.
    #[codec(index = 0)]
    Offered,
    /// Accepted by one.
    #[codec(index = 1)]
    Accepted,
    /// Rejected by all.
    #[codec(index = 2)]
    Rejected,
    /// The result has come back.
    #[codec(index = 3)]
    Returned,
    /// Closed by a party or by the person.
    #[codec(index = 4)]
    Closed,
}

impl std::fmt::Display for ReferralStatus {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(match self {
            Self::Offered => "offered",
            Self::Accepted => "accepted",
            Self::Rejected => "rejected",
            Self::Returned => "returned",
            Self::Closed => "closed",
        })
    }
}

/// A referral.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Referral {
    /// Who referred; none for the person.
    pub by: Option<Grantee<AccountId>>,
    /// The request, a record of the person.
    pub request: Option<RecordId>,
    /// When it was made.
    pub at: Instant,
    /// The latest end of the terms that came with it.
    pub until: Instant,
    /// To whom it was offered.
    pub offers: Vec<Offer>,
    /// How far it has come.
    pub status: ReferralStatus,
    /// The result, a record of the person.
    pub result: Option<RecordId>,
    /// When it was rejected by all, returned or closed.
    pub ended_at: Option<Instant>,
}

/// Counts of a person's referrals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, Serialize)]
pub struct ReferralFile {
    /// The last number given.
    pub last: ReferralId,
    /// How many are open.
    pub open: u32,
}

/// Codes and referrals.
impl Client {
    /// A code, by its key.
    pub async fn code(&self, key: &CodeKey, at: At) -> Result<Option<Code>, ChainError> {
        self.fetch("AccessCodes", "Codes", &[key.encode()], at).await
    }

    /// Codes of a person that can be redeemed, or have expired without having been removed.
    pub async fn open_codes(
        &self,
        person: &PersonId,
        at: At,
    ) -> Result<Vec<(CodeKey, Code)>, ChainError> {
        let keys: Option<Vec<CodeKey>> =
            self.fetch("AccessCodes", "OpenCodes", &[person.encode()], at).await?;
        let mut out = Vec::new();
        for key in keys.unwrap_or_default() {
            out.extend(self.code(&key, at).await?.map(|code| (key, code)));
        }
        Ok(out)
    }

    /// A referral of a person.
    pub async fn referral(
        &self,
        person: &PersonId,
        id: ReferralId,
        at: At,
    ) -> Result<Option<Referral>, ChainError> {
        self.fetch("Referrals", "Referrals", &[person.encode(), id.encode()], at).await
    }

    /// Referrals of a person that were not removed, by number.
    pub async fn referrals(
        &self,
        person: &PersonId,
        at: At,
    ) -> Result<Vec<(ReferralId, Referral)>, ChainError> {
        let mut all: Vec<(ReferralId, Referral)> =
            self.entries("Referrals", "Referrals", &[person.encode()], at).await?;
        all.sort_by_key(|(id, _)| *id);
        Ok(all)
    }

    /// The last number of a person's referrals, and how many are open.
    pub async fn referral_file(
        &self,
        person: &PersonId,
        at: At,
    ) -> Result<ReferralFile, ChainError> {
        let file = self.fetch("Referrals", "Files", &[person.encode()], at).await?;
        Ok(file.unwrap_or_default())
    }
}
