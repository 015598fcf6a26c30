//! Random sequences of calls through the whole runtime: nothing panics, and what the pallets hold
//! true stays true.
//!
//! `KANGLIAN_SEED` repeats a run, `KANGLIAN_SEQUENCES` lengthens it.

mod calls;
#[path = "../common/mod.rs"]
mod common;

use common::*;
use frame_support::storage::{TransactionOutcome, with_transaction_unchecked};
use kanglian_primitives::{
    Author, BusinessBlockId, BusinessBlockSet, CaseRef, CodeKey, ComplaintReason, DealingPart,
    DealingTerms, DealtScope, EmergencyId, EmergencyReason, EncryptionKey, Grantee, HMC, KeyEpoch,
    ParentTerms, Purpose, PurposeSet, RecordId, RecoveryId, ReferralId, RegionCode, ReviewOutcome,
    SchemaId, Terms, TermsId, TermsTemplate, blocks,
    payloads::{self, RecoveryBody},
};
use kanglian_runtime::{
    AccessCodes, AccountId, Authorities, BusinessBlocks, Consents, FreeLane, HealthCoin,
    Institutions, KeyCustody, Mandates, PublicWorks, RealName, Records, Referrals, Regions,
    RuntimeCall, RuntimeOrigin, System,
};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use sp_core::{H256, Pair};
use sp_runtime::{MultiSignature, traits::Dispatchable};

/// Calls in a sequence.
const CALLS: usize = 20;
/// Sequences of one test unless `KANGLIAN_SEQUENCES` names another number; four tests run.
const SEQUENCES: u64 = 500;

const ACTORS: [&str; 11] = [
    "Jiangsu",
    "Zhejiang",
    "Regulator",
    "Hospital",
    "Patient",
    "Patient2",
    "Doctor",
    "Stranger",
    "Shanghai",
    "Jiangsu-Custodian",
    "Zhejiang-Custodian",
];

/// Picks who, what and with which values.
struct Dice(StdRng);

impl Dice {
    fn below(&mut self, n: u32) -> u32 {
        self.0.random_range(0..n)
    }

    fn one_of<T: Clone>(&mut self, of: &[T]) -> T {
        of[self.0.random_range(0..of.len())].clone()
    }

    fn actor(&mut self) -> &'static str {
        self.one_of(&ACTORS)
    }

    /// Mostly somebody who may send the call, so that sequences get somewhere.
    fn sender(&mut self, call: &RuntimeCall) -> &'static str {
        if self.below(3) == 0 {
            return self.actor();
        }
        match call {
            RuntimeCall::Records(pallet_records::Call::reject { .. }) => "Patient",
            RuntimeCall::Consents(pallet_consents::Call::delegate { .. }) => "Hospital",
            RuntimeCall::AccessCodes(
                pallet_access_codes::Call::redeem_code { .. }
                | pallet_access_codes::Call::adopt_bundle { .. },
            ) => "Doctor",
            RuntimeCall::Referrals(
                pallet_referrals::Call::refer_own { .. } | pallet_referrals::Call::close_own { .. },
            )
            | RuntimeCall::AccessCodes(_) => "Patient",
            RuntimeCall::Referrals(_) => "Doctor",
            RuntimeCall::RealName(pallet_real_name::Call::renew { .. }) => "Hospital",
            RuntimeCall::RealName(pallet_real_name::Call::suspend { .. }) => "Jiangsu",
            RuntimeCall::Institutions(pallet_institutions::Call::suspend { .. }) => "Jiangsu",
            RuntimeCall::Records(_) | RuntimeCall::Institutions(_) => "Hospital",
            RuntimeCall::Consents(_) | RuntimeCall::RealName(_) => "Patient",
            RuntimeCall::Mandates(_) => "Regulator",
            RuntimeCall::KeyCustody(call) => {
                use pallet_key_custody::Call;
                match call {
                    Call::deal { .. } | Call::veto_recovery { .. } => "Patient",
                    Call::acknowledge { .. } | Call::complain { .. } | Call::hand_over { .. } => {
                        self.one_of(&["Jiangsu-Custodian", "Zhejiang-Custodian"])
                    },
                    Call::open_recovery { .. } | Call::withdraw_recovery { .. } => "Hospital",
                    Call::approve_recovery { .. } => {
                        self.one_of(&["Jiangsu", "Zhejiang", "Shanghai"])
                    },
                    Call::open_emergency { .. } | Call::close_emergency { .. } => "Doctor",
                    Call::execute_recovery { .. } => "Hospital",
                    _ => "Jiangsu",
                }
            },
            _ => "Jiangsu",
        }
    }

    fn record(&mut self) -> RecordId {
        RecordId([self.below(6) as u8; 32])
    }

    fn block(&mut self) -> BusinessBlockId {
        let medical = blocks::MEDICAL;
        self.one_of(&[medical, medical, medical, blocks::RESTRICTED_MEDICAL, BusinessBlockId(3)])
    }

    fn instant(&mut self) -> u64 {
        let now = pallet_timestamp::Now::<kanglian_runtime::Runtime>::get();
        let soon = [now + 1, now + 3_000, now + YEAR / 4, now + YEAR / 2];
        let wrong = [0, now - 1, now, now + 40 * YEAR, u64::MAX];
        if self.below(3) == 0 { self.one_of(&wrong) } else { self.one_of(&soon) }
    }

    fn amount(&mut self) -> u128 {
        self.one_of(&[0, 1, HMC / 1_000, HMC, 1_000 * HMC, u128::MAX])
    }

    fn key(&mut self) -> EncryptionKey {
        EncryptionKey::x25519([self.below(4) as u8; 32])
    }

    fn grantee(&mut self) -> Grantee<AccountId> {
        match self.below(3) {
            0 => Grantee::Institution(hospital()),
            1 => Grantee::Practitioner { account: account("Doctor"), institution: hospital() },
            _ => Grantee::Practitioner { account: account(self.actor()), institution: hospital() },
        }
    }

    fn terms(&mut self, parent: Option<ParentTerms<AccountId>>) -> Terms<AccountId> {
        Terms {
            id: TermsId(self.one_of(&[0, 1, 2, 3, 4, u64::MAX])),
            blocks: BusinessBlockSet::of(self.block()),
            purposes: PurposeSet::of(self.one_of(&[Purpose::Treatment, Purpose::HealthResearch])),
            from: self.one_of(&[0, 0, 0, u64::MAX]),
            until: self.instant(),
            records_from: 0,
            records_until: self.instant(),
            may_delegate: self.below(4) as u8,
            parent,
            bundle: [9; 32],
        }
    }

    fn call(&mut self, depth: u8) -> RuntimeCall {
        match self.below(if depth == 0 { 13 } else { 12 }) {
            0 | 1 => self.share(),
            2 => self.consent(),
            3 => self.identity(),
            4 => self.institution(),
            5 => self.coin(),
            6 => self.order(),
            7 => self.dealing(),
            8 => self.recovery(),
            9 => self.emergency(),
            10 => self.custodian(),
            11 => self.care(),
            _ => self.wrapped(),
        }
    }

    fn wrapped(&mut self) -> RuntimeCall {
        let calls = (0..self.below(3)).map(|_| self.call(1)).collect();
        match self.below(4) {
            0 => RuntimeCall::Utility(pallet_utility::Call::batch { calls }),
            1 => RuntimeCall::Utility(pallet_utility::Call::batch_all { calls }),
            2 => RuntimeCall::Proxy(pallet_proxy::Call::proxy {
                real: account(self.actor()).into(),
                force_proxy_type: None,
                call: Box::new(self.call(1)),
            }),
            _ => RuntimeCall::Proxy(pallet_proxy::Call::add_proxy {
                delegate: account(self.actor()).into(),
                proxy_type: Default::default(),
                delay: 0,
            }),
        }
    }
}

fn check(what: &str) {
    let checks = [
        ("regions", Regions::do_try_state()),
        ("authorities", Authorities::do_try_state()),
        ("mandates", Mandates::do_try_state()),
        ("business blocks", BusinessBlocks::do_try_state()),
        ("institutions", Institutions::do_try_state()),
        ("real name", RealName::do_try_state()),
        ("consents", Consents::do_try_state()),
        ("access codes", AccessCodes::do_try_state()),
        ("referrals", Referrals::do_try_state()),
        ("public works", PublicWorks::do_try_state()),
        ("records", Records::do_try_state()),
        ("key custody", KeyCustody::do_try_state()),
        ("health coin", HealthCoin::do_try_state()),
        ("free lane", FreeLane::do_try_state()),
    ];
    for (pallet, result) in checks {
        assert_eq!(result, Ok(()), "{pallet} after {what}");
    }
    let held: u128 = frame_system::Account::<kanglian_runtime::Runtime>::iter_values()
        .map(|account| account.data.free + account.data.reserved)
        .sum();
    assert_eq!(held, pallet_balances::TotalIssuance::<kanglian_runtime::Runtime>::get(), "{what}");
}

/// What became of the calls.
#[derive(Default)]
struct Outcomes {
    done: u64,
    refused: u64,
    unpaid: u64,
}

fn play(dice: &mut Dice, outcomes: &mut Outcomes) {
    for _ in 0..CALLS {
        let call = dice.call(0);
        match dice.below(10) {
            // The council's and root's power, whose votes other tests count.
            0..=2 => match call.dispatch(RuntimeOrigin::root()) {
                Ok(_) => outcomes.done += 1,
                Err(_) => outcomes.refused += 1,
            },
            3 => next_block(),
            _ => match submit(dice.sender(&call), call) {
                Ok(Ok(())) => outcomes.done += 1,
                Ok(Err(_)) => outcomes.refused += 1,
                Err(_) => outcomes.unpaid += 1,
            },
        }
    }
}

fn run(part: u64) {
    let number =
        |name: &str| -> Option<u64> { std::env::var(name).ok().and_then(|text| text.parse().ok()) };
    let seed = number("KANGLIAN_SEED").unwrap_or(20_261_123).wrapping_add(part);
    let sequences = number("KANGLIAN_SEQUENCES").unwrap_or(SEQUENCES);
    println!("KANGLIAN_SEED={seed} (part {part}), {sequences} sequences of {CALLS} calls");
    let mut dice = Dice(StdRng::seed_from_u64(seed));
    let mut outcomes = Outcomes::default();
    let mut ext = local();
    ext.execute_with(|| {
        permit_hospital();
        enrol_patient();
        next_block();
        check("the beginning");
        for sequence in 0..sequences {
            with_transaction_unchecked(|| {
                play(&mut dice, &mut outcomes);
                check(&format!("sequence {sequence} of seed {seed}"));
                TransactionOutcome::Rollback(())
            });
        }
    });
    let Outcomes { done, refused, unpaid } = outcomes;
    println!("{done} calls done, {refused} refused, {unpaid} not taken");
    let all = done + refused + unpaid;
    assert!(done * 10 > all, "too few calls do anything: {done} of {all}");
}

#[test]
fn random_sequences_keep_every_invariant_1() {
    run(1);
}

#[test]
fn random_sequences_keep_every_invariant_2() {
    run(2);
}

#[test]
fn random_sequences_keep_every_invariant_3() {
    run(3);
}

#[test]
fn random_sequences_keep_every_invariant_4() {
    run(4);
}

#[test]
fn an_account_removed_and_back_again_replays_nothing() {
    local().execute_with(|| {
        let transfer = |value| {
            RuntimeCall::Balances(pallet_balances::Call::transfer_allow_death {
                dest: account("Stranger").into(),
                value,
            })
        };
        let policy = pallet_health_coin::TransferPolicy::Open;
        council(RuntimeCall::HealthCoin(pallet_health_coin::Call::set_transfer_policy { policy }));
        let endow = || assert!(submit("Jiangsu", transfer(HMC)).expect("paid").is_ok());
        endow();
        // An immortal extrinsic, sent once; then the account empties itself and is removed.
        let remark = RuntimeCall::System(frame_system::Call::remark { remark: vec![7] });
        let immortal = extrinsic(&pair("Stranger"), 0, remark);
        let apply = kanglian_runtime::Executive::apply_extrinsic;
        assert!(apply(immortal.clone()).expect("paid from the balance").is_ok());
        let all = RuntimeCall::Balances(pallet_balances::Call::transfer_all {
            dest: account("Jiangsu").into(),
            keep_alive: false,
        });
        assert!(submit("Stranger", all).expect("paid").is_ok());
        assert!(!System::account_exists(&account("Stranger")), "the account is gone");
        endow();
        assert!(System::account_exists(&account("Stranger")), "and back");
        assert!(apply(immortal).is_err(), "what was sent before does not count again");
        assert_eq!(*System::account_nonce(account("Stranger")), 2);
    });
}
