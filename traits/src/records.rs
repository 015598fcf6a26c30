//! Shares and what they pay.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use kanglian_primitives::{Amount, PersonId, RecordFacts, RecordId, RegionCode};
use scale_info::TypeInfo;
use sp_runtime::DispatchError;

/// A successful share, as the coin sees it.
#[derive(Clone, Copy, Debug)]
pub struct Share<'a, AccountId> {
    /// The record.
    pub record: RecordId,
    /// Whose record.
    pub subject: PersonId,
    /// The subject's account.
    pub subject_account: &'a AccountId,
    /// The author's account.
    pub author_account: &'a AccountId,
    /// Regions whose receipts counted, rising.
    pub regions: &'a [RegionCode],
    /// The block's reward weight in percent.
    pub weight: u32,
}

/// What a share paid, party by party. Kept with the record, so that nobody gives back what another
/// party was paid.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub struct Payment {
    /// To the subject.
    pub subject: Amount,
    /// To the author.
    pub author: Amount,
    /// Noted for the storing regions, together.
    pub regions: Amount,
}

impl Payment {
    /// All parties together.
    pub fn total(&self) -> Amount {
        self.subject.saturating_add(self.author).saturating_add(self.regions)
    }
}

/// Pays for a successful share within its own transaction.
pub trait RewardOnShare<AccountId> {
    /// Pays author and subject and notes what the storing regions earn. A part is 0 when a cap or
    /// the era's budget is used up, which is no error.
    fn reward(share: Share<'_, AccountId>) -> Result<Payment, DispatchError>;

    /// Takes back what a share paid, as far as the parties still hold it. Gives what came back.
    fn claw_back(
        subject_account: &AccountId,
        author_account: &AccountId,
        regions: &[RegionCode],
        paid: Payment,
    ) -> Result<Payment, DispatchError>;
}

impl<AccountId> RewardOnShare<AccountId> for () {
    fn reward(_: Share<'_, AccountId>) -> Result<Payment, DispatchError> {
        Ok(Payment::default())
    }
    fn claw_back(
        _: &AccountId,
        _: &AccountId,
        _: &[RegionCode],
        _: Payment,
    ) -> Result<Payment, DispatchError> {
        Ok(Payment::default())
    }
}

/// What others ask of records.
pub trait RecordInspect {
    /// The record's facts.
    fn facts(id: &RecordId) -> Option<RecordFacts>;

    /// Stores a record with these facts. For benchmarks.
    #[cfg(feature = "runtime-benchmarks")]
    fn benchmark_set_record(_facts: RecordFacts) {}
}
