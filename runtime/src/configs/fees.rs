//! What a call costs, who pays nothing, and where coins may go.

use codec::Encode;
use frame_support::{
    parameter_types,
    traits::{ConstU32, Contains, NoDrop, fungible::Credit},
    unsigned::TransactionValidityError,
    weights::{ConstantMultiplier, IdentityFee},
};
use kanglian_primitives::{Instant, RegistrarKey, VaultKey};
use kanglian_traits::{
    ActInspect, InstitutionInspect, PersonInspect, RegionInspect, RegistrarInspect,
};
use pallet_free_lane::{FreeQuota, Quota};
use pallet_transaction_payment::{ConstFeeMultiplier, FungibleAdapter, Multiplier};
use sp_runtime::traits::{DispatchInfoOf, One, PostDispatchInfoOf, StaticLookup};

use super::acting::ActsForOthers;
use super::system::OperationalFeeMultiplier;
use crate::weights;
use crate::{
    AccountId, Balance, Balances, FreeLane, Guardianships, HealthCoin, Institutions, KeyCustody,
    RealName, Regions, Registrars, Runtime, RuntimeCall, RuntimeEvent, RuntimeFreezeReason,
    RuntimeHoldReason, System, Timestamp,
    constants::{free_lane, money::EXISTENTIAL_DEPOSIT},
};

parameter_types! {
    pub const ExistentialDeposit: Balance = EXISTENTIAL_DEPOSIT;
    pub const LengthFee: Balance = 1_000;
    pub FeeMultiplier: Multiplier = Multiplier::one();
}

impl pallet_balances::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeHoldReason = RuntimeHoldReason;
    type RuntimeFreezeReason = RuntimeFreezeReason;
    type WeightInfo = weights::pallet_balances::WeightInfo<Runtime>;
    type Balance = Balance;
    type DustRemoval = HealthCoin;
    type ExistentialDeposit = ExistentialDeposit;
    type AccountStore = System;
    type ReserveIdentifier = [u8; 8];
    type FreezeIdentifier = RuntimeFreezeReason;
    type MaxLocks = ConstU32<16>;
    type MaxReserves = ConstU32<16>;
    type MaxFreezes = ConstU32<16>;
    type DoneSlashHandler = ();
}

/// Fees go into the pot that pays for shares, so that nothing is burned unseen.
type Paid = FungibleAdapter<Balances, HealthCoin>;
/// What was paid from the balance; nothing when the quota paid.
type Liquidity = Option<Credit<AccountId, Balances>>;

/// The free lane before the balance: a registered account's quota is drawn first, whatever the
/// call's outcome; when it is used up, the fee is paid as on any Substrate chain.
pub struct FreeLaneThenBalance;

/// As how many calls a transaction counts in the free lane: by its weight and by its length, so
/// that a batch or a blob is not one call.
fn free_calls(call: &RuntimeCall, info: &DispatchInfoOf<RuntimeCall>) -> u32 {
    let weight = info.total_weight().ref_time().div_ceil(free_lane::CALL_REF_TIME);
    let length =
        u64::try_from(call.encoded_size()).unwrap_or(u64::MAX).div_ceil(free_lane::CALL_LENGTH);
    u32::try_from(weight.max(length).max(1)).unwrap_or(u32::MAX)
}

impl pallet_transaction_payment::TxCreditHold<Runtime> for FreeLaneThenBalance {
    type Credit = NoDrop<Credit<AccountId, Balances>>;
}

impl pallet_transaction_payment::OnChargeTransaction<Runtime> for FreeLaneThenBalance {
    type Balance = Balance;
    type LiquidityInfo = Liquidity;

    fn withdraw_fee(
        who: &AccountId,
        call: &RuntimeCall,
        info: &DispatchInfoOf<RuntimeCall>,
        fee: Balance,
        tip: Balance,
    ) -> Result<Liquidity, TransactionValidityError> {
        let calls = free_calls(call, info);
        if tip == 0
            && let Some(quota) = Quotas::paying(who, call, calls)
            && FreeLane::draw_from(&quota, calls)
        {
            return Ok(None);
        }
        <Paid as pallet_transaction_payment::OnChargeTransaction<Runtime>>::withdraw_fee(
            who, call, info, fee, tip,
        )
    }

    fn can_withdraw_fee(
        who: &AccountId,
        call: &RuntimeCall,
        info: &DispatchInfoOf<RuntimeCall>,
        fee: Balance,
        tip: Balance,
    ) -> Result<(), TransactionValidityError> {
        if tip == 0 && Quotas::paying(who, call, free_calls(call, info)).is_some() {
            return Ok(());
        }
        <Paid as pallet_transaction_payment::OnChargeTransaction<Runtime>>::can_withdraw_fee(
            who, call, info, fee, tip,
        )
    }

    fn correct_and_deposit_fee(
        who: &AccountId,
        info: &DispatchInfoOf<RuntimeCall>,
        post_info: &PostDispatchInfoOf<RuntimeCall>,
        corrected_fee: Balance,
        tip: Balance,
        paid: Liquidity,
    ) -> Result<(), TransactionValidityError> {
        if paid.is_none() {
            return Ok(());
        }
        <Paid as pallet_transaction_payment::OnChargeTransaction<Runtime>>::correct_and_deposit_fee(
            who,
            info,
            post_info,
            corrected_fee,
            tip,
            paid,
        )
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn endow_account(who: &AccountId, amount: Balance) {
        <Paid as pallet_transaction_payment::OnChargeTransaction<Runtime>>::endow_account(
            who, amount,
        );
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn minimum_balance() -> Balance {
        EXISTENTIAL_DEPOSIT
    }
}

impl pallet_transaction_payment::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type OnChargeTransaction = FreeLaneThenBalance;
    type OperationalFeeMultiplier = OperationalFeeMultiplier;
    type WeightToFee = IdentityFee<Balance>;
    type LengthToFee = ConstantMultiplier<Balance, LengthFee>;
    type FeeMultiplierUpdate = ConstFeeMultiplier<FeeMultiplier>;
    type WeightInfo = weights::pallet_transaction_payment::WeightInfo<Runtime>;
}

/// Workplaces looked at for a practitioner's quota.
const MOST_WORKPLACES: usize = 8;

/// Whether the account is an active practitioner anywhere.
fn practises(who: &AccountId, now: Instant) -> bool {
    pallet_institutions::Practitioners::<Runtime>::iter_key_prefix(who)
        .take(MOST_WORKPLACES)
        .any(|institution| Institutions::is_practitioner(who, &institution, now))
}

/// Free calls an hour, by what the account is registered as.
pub struct Quotas;

impl Quotas {
    /// The quota that has room for a transaction that counts as so many calls: the account's, else
    /// the one for revocations, else the one for a recovery.
    fn paying(who: &AccountId, call: &RuntimeCall, calls: u32) -> Option<Quota<AccountId>> {
        let room = |quota: &Quota<AccountId>| FreeLane::has_room(quota, calls);
        if let Some(quota) = Self::of_the_represented(who, call) {
            return Some(quota).filter(room);
        }
        Self::of(who)
            .filter(room)
            .or_else(|| Self::of_revocations(who, call).filter(room))
            .or_else(|| Self::of_recovery(who, call).filter(room))
    }

    /// A recovery's own quota for the call that executes it, while it can be executed, sent by the
    /// account that it names: whoever lost the keys has no coins and asks no institution.
    fn of_recovery(who: &AccountId, call: &RuntimeCall) -> Option<Quota<AccountId>> {
        let RuntimeCall::KeyCustody(pallet_key_custody::Call::execute_recovery { id }) = call
        else {
            return None;
        };
        KeyCustody::is_executable_by(*id, who)
            .then(|| Quota { hourly: free_lane::RECOVERY, drawn_by: stands_for(b"recovery", id) })
    }

    /// What is done for a person counts for that person, when who does it is guardian or proxy now.
    fn of_the_represented(who: &AccountId, call: &RuntimeCall) -> Option<Quota<AccountId>> {
        let RuntimeCall::Guardianships(pallet_guardianships::Call::act_for { person, call }) = call
        else {
            return None;
        };
        let act = <ActsForOthers as ActInspect<RuntimeCall>>::act(person, call)?;
        Guardianships::capacity(who, person, act.action, Timestamp::get())?;
        Some(Quota { hourly: free_lane::PERSON, drawn_by: stands_for(b"person", *person) })
    }

    /// A person's own quota for revoking, and for what ends a recovery of the keys, beside any
    /// other: who has used the other up, is suspended, expired or being recovered can still do it,
    /// and need not hold coins for that.
    fn of_revocations(who: &AccountId, call: &RuntimeCall) -> Option<Quota<AccountId>> {
        let revokes = matches!(
            call,
            RuntimeCall::Consents(pallet_consents::Call::revoke { .. })
                | RuntimeCall::AccessCodes(pallet_access_codes::Call::cancel_code { .. })
                | RuntimeCall::Consents(pallet_consents::Call::revoke_linked { .. })
                | RuntimeCall::RealName(pallet_real_name::Call::refuse_link { .. })
                | RuntimeCall::Referrals(pallet_referrals::Call::close_own { .. })
                | RuntimeCall::Guardianships(pallet_guardianships::Call::revoke_proxy { .. })
                | RuntimeCall::KeyCustody(
                    pallet_key_custody::Call::veto_recovery { .. }
                        | pallet_key_custody::Call::prune_case { .. }
                )
        );
        let person = revokes.then(|| RealName::speaks_for(who)).flatten()?;
        let drawn_by = stands_for(b"revocations", person);
        Some(Quota { hourly: free_lane::REVOCATIONS, drawn_by })
    }
}

/// The account whose bucket a person, an institution or a vault draws from: it stays when their
/// account changes. Nobody holds its key.
fn stands_for(kind: &[u8], id: impl Encode) -> AccountId {
    AccountId::new((kind, id).using_encoded(sp_io::hashing::blake2_256))
}

impl FreeQuota<AccountId> for Quotas {
    /// The quota of an account in good standing.
    fn of(who: &AccountId) -> Option<Quota<AccountId>> {
        let now = Timestamp::get();
        if let Some(institution) = Institutions::acting(who, now) {
            return Some(Quota {
                hourly: free_lane::INSTITUTION,
                drawn_by: stands_for(b"institution", institution.id),
            });
        }
        if RealName::acting(who, now).is_some()
            || Regions::region_of_pan_centre(who).is_some()
            || practises(who, now)
            || crate::Council::is_member(who)
        {
            let person = RealName::speaks_for(who);
            return Some(Quota {
                hourly: free_lane::PERSON,
                drawn_by: person
                    .map_or_else(|| who.clone(), |person| stands_for(b"person", person)),
            });
        }
        if let Some((region, _)) = KeyCustody::custodian_of(who) {
            return Some(Quota {
                hourly: free_lane::CUSTODIAN,
                drawn_by: stands_for(b"custodian", region),
            });
        }
        let registrar = RegistrarKey(*AsRef::<[u8; 32]>::as_ref(who));
        if Registrars::region_of(&registrar).is_some() {
            return Some(Quota {
                hourly: free_lane::REGISTRAR,
                drawn_by: stands_for(b"registrar", registrar),
            });
        }
        Regions::region_of_vault(&VaultKey(*AsRef::<[u8; 32]>::as_ref(who))).map(|region| Quota {
            hourly: free_lane::VAULT,
            drawn_by: stands_for(b"vault", region),
        })
    }

    /// As a vault: everything else is looked at before.
    #[cfg(feature = "runtime-benchmarks")]
    fn benchmark_set_quota(who: &AccountId) {
        let vault = VaultKey(*AsRef::<[u8; 32]>::as_ref(who));
        let region = kanglian_primitives::RegionCode(320_000);
        Regions::benchmark_set_region(region, &AccountId::new([7; 32]), vault);
    }
}

impl pallet_free_lane::Config for Runtime {
    type Clock = Timestamp;
    type Quota = Quotas;
    type MinAhead = ConstU32<64>;
    type SweepLimit = ConstU32<16>;
    type WeightInfo = weights::pallet_free_lane::WeightInfo<Runtime>;
}

/// Whether the account is somebody the chain knows: the members' policy lets coins go to these
/// only.
pub struct Registered;
impl Contains<AccountId> for Registered {
    fn contains(who: &AccountId) -> bool {
        Quotas::of(who).is_some()
    }
}

/// Refuses transfers that the governing policy does not allow, and a council seat handed on by its
/// holder, however they are wrapped.
pub struct TransferPolicyFilter;
impl Contains<RuntimeCall> for TransferPolicyFilter {
    fn contains(call: &RuntimeCall) -> bool {
        let call = match call {
            RuntimeCall::Balances(call) => call,
            // A seat changes by vote (`swap_member`), never by its holder alone.
            RuntimeCall::CouncilMembership(call) => {
                return !matches!(call, pallet_membership::Call::change_key { .. });
            },
            _ => return true,
        };
        let destination = match call {
            pallet_balances::Call::transfer_allow_death { dest, .. }
            | pallet_balances::Call::transfer_keep_alive { dest, .. }
            | pallet_balances::Call::transfer_all { dest, .. } => dest,
            // The coin's books count what is emitted and burned; these would pass them by.
            pallet_balances::Call::burn { .. }
            | pallet_balances::Call::force_set_balance { .. }
            | pallet_balances::Call::force_adjust_total_issuance { .. } => return false,
            _ => return true,
        };
        HealthCoin::may_receive(|| {
            <Runtime as frame_system::Config>::Lookup::lookup(destination.clone())
                .is_ok_and(|account| Registered::contains(&account))
        })
    }
}
