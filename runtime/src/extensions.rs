//! Extensions of our own around a signed extrinsic.

use codec::{Decode, DecodeWithMemTracking, Encode};
use frame_support::{dispatch::DispatchInfo, weights::Weight};
use pallet_free_lane::WeightInfo;
use scale_info::TypeInfo;
use sp_runtime::{
    DispatchResult,
    traits::{
        AsSystemOriginSigner, DispatchInfoOf, Implication, PostDispatchInfoOf,
        TransactionExtension, ValidateResult,
    },
    transaction_validity::{InvalidTransaction, TransactionSource, TransactionValidityError},
};

use crate::{FreeLane, Nonce, Runtime, RuntimeCall, RuntimeOrigin};

type Stock = frame_system::CheckNonce<Runtime>;

/// The stock nonce check, and one bound more: a nonce further ahead of the account's own than its
/// quota of free calls is refused, so that one account cannot fill the pool.
///
/// Identifier and encoding are the stock ones: wallets and libraries see nothing unusual.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct CheckNonce(#[codec(compact)] pub Nonce);

impl CheckNonce {
    /// The check for this nonce. For clients in Rust.
    pub const fn from(nonce: Nonce) -> Self {
        Self(nonce)
    }
}

impl TransactionExtension<RuntimeCall> for CheckNonce {
    const IDENTIFIER: &'static str = "CheckNonce";
    type Implicit = ();
    type Val = <Stock as TransactionExtension<RuntimeCall>>::Val;
    type Pre = <Stock as TransactionExtension<RuntimeCall>>::Pre;

    fn weight(&self, call: &RuntimeCall) -> Weight {
        // The draw, or the look at the quota before a fee is taken.
        let lane = <Runtime as pallet_free_lane::Config>::WeightInfo::draw();
        Stock::from(self.0.into()).weight(call).saturating_add(lane)
    }

    fn validate(
        &self,
        origin: RuntimeOrigin,
        call: &RuntimeCall,
        info: &DispatchInfoOf<RuntimeCall>,
        len: usize,
        implicit: Self::Implicit,
        implication: &impl Implication,
        source: TransactionSource,
    ) -> ValidateResult<Self::Val, RuntimeCall> {
        if let Some(who) = origin.as_system_origin_signer()
            && FreeLane::is_too_far_ahead(who, self.0)
        {
            return Err(InvalidTransaction::Future.into());
        }
        Stock::from(self.0.into()).validate(origin, call, info, len, implicit, implication, source)
    }

    fn prepare(
        self,
        val: Self::Val,
        origin: &RuntimeOrigin,
        call: &RuntimeCall,
        info: &DispatchInfoOf<RuntimeCall>,
        len: usize,
    ) -> Result<Self::Pre, TransactionValidityError> {
        Stock::from(self.0.into()).prepare(val, origin, call, info, len)
    }

    fn post_dispatch_details(
        pre: Self::Pre,
        info: &DispatchInfo,
        post_info: &PostDispatchInfoOf<RuntimeCall>,
        len: usize,
        result: &DispatchResult,
    ) -> Result<Weight, TransactionValidityError> {
        <Stock as TransactionExtension<RuntimeCall>>::post_dispatch_details(
            pre, info, post_info, len, result,
        )
    }
}
