//! Public works: receipts of vaults, and what publishing pays.

use alloc::vec::Vec;
use kanglian_primitives::{Hash32, InstitutionId, Receipt, RegionCode, WorkId};
use sp_runtime::DispatchError;

use crate::Payment;

/// What is wrong with the receipts of vaults.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReceiptFault {
    /// Fewer than there must be.
    TooFew,
    /// Two are from one region.
    DuplicateRegion,
    /// One no longer counts at this height.
    Expired,
    /// One claims to count for longer than receipts may.
    TooLong,
    /// One is from a region that is unknown or suspended.
    RegionNotActive,
    /// The home region is active and none is from there.
    HomeMissing,
    /// A signature is not the region's vault's over exactly this on this chain.
    NotGenuine,
}

/// Checks receipts of vaults, whatever they are for.
pub trait ReceiptCheck {
    /// Whether the receipts count now: enough of them, of distinct active regions with the home
    /// region among them if that is active, each signed over what `payload` gives for the genesis
    /// hash and the receipt. Gives the regions, rising.
    fn check_receipts(
        receipts: &[Receipt],
        home: RegionCode,
        payload: &dyn Fn(&Hash32, &Receipt) -> Vec<u8>,
    ) -> Result<Vec<RegionCode>, ReceiptFault>;
}

/// A publication, as the coin sees it.
#[derive(Clone, Copy, Debug)]
pub struct Publication<'a, AccountId> {
    /// The work.
    pub work: WorkId,
    /// Who published it.
    pub author: InstitutionId,
    /// The author's account.
    pub author_account: &'a AccountId,
    /// Regions whose receipts counted, rising.
    pub regions: &'a [RegionCode],
    /// The block's reward weight in percent.
    pub weight: u32,
}

/// Pays for a public work within the transaction that publishes it.
pub trait RewardOnPublish<AccountId> {
    /// Pays the author and notes what the storing regions earn. A part is 0 when a cap or the era's
    /// budget is used up, which is no error.
    fn reward(publication: Publication<'_, AccountId>) -> Result<Payment, DispatchError>;

    /// Takes back what a publication paid, as far as the parties still hold it. Gives what came
    /// back.
    fn claw_back(
        author_account: &AccountId,
        regions: &[RegionCode],
        paid: Payment,
    ) -> Result<Payment, DispatchError>;
}

impl<AccountId> RewardOnPublish<AccountId> for () {
    fn reward(_: Publication<'_, AccountId>) -> Result<Payment, DispatchError> {
        Ok(Payment::default())
    }
    fn claw_back(_: &AccountId, _: &[RegionCode], _: Payment) -> Result<Payment, DispatchError> {
        Ok(Payment::default())
    }
}
