//! Random sequences of calls through the whole runtime: nothing panics, and what the pallets hold
//! true stays true.
//!
//! `KANGLIAN_SEED` repeats a run, `KANGLIAN_SEQUENCES` lengthens it.

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
    Institutions, KeyCustody, Mandates, RealName, Records, Referrals, Regions, RuntimeCall,
    RuntimeOrigin, System,
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

    fn share(&mut self) -> RuntimeCall {
        let record = self.record();
        let lifted = self.record();
        let author = self.one_of(&[Author::Institution(hospital()), Author::Person(patient())]);
        let honest = [
            receipt("Jiangsu", JIANGSU, record, author),
            receipt("Zhejiang", ZHEJIANG, record, author),
        ];
        let receipts = match self.below(5) {
            0 => vec![honest[0]],
            1 => vec![honest[0], honest[0]],
            2 => vec![honest[0], receipt("Zhejiang", ZHEJIANG, lifted, author)],
            _ => honest.to_vec(),
        };
        let receipts = receipts.try_into().expect("short");
        let block = self.block();
        let schema = SchemaId(u32::from(block.0) * 1_000 + 4);
        let size = self.one_of(&[1_000, 1_000, 1_000, 0, u64::MAX]);
        RuntimeCall::Records(match self.below(4) {
            0 => pallet_records::Call::share_batch {
                subject: patient(),
                block,
                schema,
                record,
                size,
                epoch: KeyEpoch(0),
                receipts,
                count: self.one_of(&[0, 1, 1_000, u32::MAX]),
            },
            1 => pallet_records::Call::supersede {
                old: lifted,
                schema,
                record,
                size,
                epoch: KeyEpoch(0),
                receipts,
            },
            _ => pallet_records::Call::share {
                subject: patient(),
                block,
                schema,
                record,
                size,
                epoch: KeyEpoch(0),
                receipts,
            },
        })
    }

    fn consent(&mut self) -> RuntimeCall {
        use pallet_consents::Call;
        let id = TermsId(self.below(4).into());
        let acting_as = self.grantee();
        let grantee = self.grantee();
        RuntimeCall::Consents(match self.below(7) {
            0 | 1 => Call::grant { terms: self.terms(None), grantee },
            2 => {
                let parent = ParentTerms { grantee: acting_as.clone(), id };
                let terms = self.terms(Some(parent));
                Call::delegate { subject: patient(), acting_as, grantee, terms }
            },
            3 => Call::revoke { grantee, id },
            4 => Call::renounce { subject: patient(), acting_as, id },
            5 => Call::allow_writing {
                institution: hospital(),
                blocks: BusinessBlockSet::of(self.block()),
                until: self.instant(),
            },
            _ => Call::rotate_scope_key {
                block: self.block(),
                epoch: KeyEpoch(self.below(3)),
                key: self.key(),
                resealed: vec![(grantee, id, [3; 32])].try_into().expect("short"),
            },
        })
    }

    /// Codes and referrals.
    fn care(&mut self) -> RuntimeCall {
        let seed = self.below(3) as u8;
        let pair = sp_core::ed25519::Pair::from_seed(&[seed; 32]);
        let code = CodeKey(pair.public().0);
        let (acting_as, to, id) = (self.grantee(), self.grantee(), ReferralId(self.below(4)));
        let parent = ParentTerms { grantee: acting_as.clone(), id: TermsId(self.below(4).into()) };
        match self.below(9) {
            0 | 1 => {
                let terms = self.terms(None);
                RuntimeCall::AccessCodes(pallet_access_codes::Call::issue_code {
                    code,
                    template: TermsTemplate {
                        blocks: terms.blocks,
                        purposes: terms.purposes,
                        from: terms.from,
                        until: terms.until,
                        records_from: terms.records_from,
                        records_until: terms.records_until,
                        may_delegate: terms.may_delegate,
                    },
                    uses: self.one_of(&[0, 1, 2, 16, 17]),
                    expires_at: self.instant(),
                    sealed: [3; 32],
                })
            },
            2 => RuntimeCall::AccessCodes(pallet_access_codes::Call::cancel_code { code }),
            3 => {
                let expires_at = self.instant();
                let body = payloads::RedemptionBody {
                    code,
                    person: patient(),
                    redeemer: account("Doctor"),
                    grantee: acting_as.clone(),
                    expires_at,
                };
                let signature = pair.sign(&payloads::code(&genesis_hash(), &body)).0;
                RuntimeCall::AccessCodes(pallet_access_codes::Call::redeem_code {
                    code,
                    acting_as,
                    expires_at,
                    signature,
                })
            },
            4 => {
                let bundle = [4; 32];
                let call = pallet_access_codes::Call::adopt_bundle { code, acting_as, bundle };
                RuntimeCall::AccessCodes(call)
            },
            5 => {
                let terms = self.terms(None);
                let offers = vec![(to, terms)].try_into().expect("one");
                let record = self.record();
                let request = self.one_of(&[None, Some(record)]);
                RuntimeCall::Referrals(pallet_referrals::Call::refer_own { request, offers })
            },
            6 => {
                let offers = vec![(to, self.terms(Some(parent)))].try_into().expect("one");
                RuntimeCall::Referrals(pallet_referrals::Call::refer {
                    subject: patient(),
                    acting_as,
                    request: None,
                    offers,
                })
            },
            7 => {
                let subject = patient();
                RuntimeCall::Referrals(match self.below(4) {
                    0 => pallet_referrals::Call::accept { subject, id, acting_as },
                    1 => pallet_referrals::Call::reject {
                        subject,
                        id,
                        acting_as,
                        reason: pallet_referrals::Reason::Other,
                    },
                    2 => {
                        let record = self.record();
                        pallet_referrals::Call::return_result { subject, id, acting_as, record }
                    },
                    _ => pallet_referrals::Call::close { subject, id, acting_as },
                })
            },
            _ => match self.below(2) {
                0 => RuntimeCall::Referrals(pallet_referrals::Call::close_own { id }),
                _ => RuntimeCall::AccessCodes(pallet_access_codes::Call::remove_code { code }),
            },
        }
    }

    fn identity(&mut self) -> RuntimeCall {
        use pallet_real_name::Call;
        RuntimeCall::RealName(match self.below(7) {
            0 => Call::renew { person: patient(), valid_until: self.instant() },
            1 => {
                let new = self.one_of(&["Patient", "Patient2", "Hospital"]);
                let old = account("Patient");
                let message = payloads::rotate(&genesis_hash(), &patient(), &old, &account(new));
                let signature = MultiSignature::Sr25519(pair(new).sign(&message));
                Call::rotate_controller { new: account(new), signature }
            },
            2 => Call::rotate_data_key { key: self.key() },
            3 => Call::move_region { region: self.one_of(&[JIANGSU, ZHEJIANG]) },
            4 => Call::suspend { person: patient() },
            5 => Call::lift { person: patient() },
            _ => Call::invalidate_attester { institution: hospital(), from: self.instant() },
        })
    }

    fn institution(&mut self) -> RuntimeCall {
        use pallet_institutions::Call;
        let somebody = account(self.actor());
        RuntimeCall::Institutions(match self.below(8) {
            0 => Call::permit { ids: vec![hospital()].try_into().expect("short") },
            1 => Call::suspend { id: hospital() },
            2 => Call::renew { id: hospital(), valid_until: self.instant() },
            3 => Call::replace_controller { id: hospital(), account: somebody },
            4 => Call::add_practitioner {
                account: somebody,
                role: pallet_institutions::Role::Doctor,
                encryption_key: self.key(),
                valid_until: self.instant(),
            },
            5 => Call::remove_practitioner { account: somebody },
            6 => Call::suspend_practitioner { id: hospital(), account: somebody },
            _ => Call::set_encryption_key { key: self.key() },
        })
    }

    fn coin(&mut self) -> RuntimeCall {
        let dest = account(self.actor()).into();
        let value = self.amount();
        match self.below(6) {
            0 => RuntimeCall::Balances(pallet_balances::Call::transfer_allow_death { dest, value }),
            1 => RuntimeCall::Balances(pallet_balances::Call::transfer_all {
                dest,
                keep_alive: false,
            }),
            2 => RuntimeCall::Balances(pallet_balances::Call::burn { value, keep_alive: false }),
            3 => {
                RuntimeCall::HealthCoin(pallet_health_coin::Call::settle_era { era: self.below(3) })
            },
            4 => RuntimeCall::HealthCoin(pallet_health_coin::Call::claw_back {
                who: account(self.actor()),
                amount: value,
            }),
            _ => RuntimeCall::HealthCoin(pallet_health_coin::Call::set_transfer_policy {
                policy: self.one_of(&[
                    pallet_health_coin::TransferPolicy::ClosedLoop,
                    pallet_health_coin::TransferPolicy::Members,
                    pallet_health_coin::TransferPolicy::Open,
                ]),
            }),
        }
    }

    fn order(&mut self) -> RuntimeCall {
        let region = self.one_of(&[JIANGSU, ZHEJIANG]);
        match self.below(7) {
            0 => RuntimeCall::Records(pallet_records::Call::reject { record: self.record() }),
            1 => RuntimeCall::Regions(pallet_regions::Call::suspend { code: region }),
            2 => RuntimeCall::Regions(pallet_regions::Call::resume { code: region }),
            3 => RuntimeCall::Authorities(pallet_authorities::Call::remove {
                account: account(self.actor()),
            }),
            4 => RuntimeCall::Mandates(pallet_mandates::Call::propose_upgrade {
                code_hash: H256::repeat_byte(self.below(3) as u8),
            }),
            5 => RuntimeCall::Mandates(pallet_mandates::Call::enact {
                code_hash: H256::repeat_byte(self.below(3) as u8),
            }),
            _ => RuntimeCall::Mandates(pallet_mandates::Call::veto {
                code_hash: H256::repeat_byte(self.below(3) as u8),
            }),
        }
    }

    fn dealing(&mut self) -> RuntimeCall {
        use pallet_key_custody::Call;
        let person = patient();
        let scope = self.one_of(&[DealtScope::Whole, DealtScope::Emergency]);
        let number = self.below(3);
        RuntimeCall::KeyCustody(match self.below(4) {
            0 => {
                let threshold = self.one_of(&[0, 2, 2, 2, 4]);
                let codes = [310_000, 320_000, 330_000];
                let parts = codes[self.below(2) as usize..]
                    .iter()
                    .map(|code| DealingPart { region: RegionCode(*code), share: [5; 32] })
                    .collect::<Vec<_>>();
                let terms = DealingTerms {
                    threshold,
                    commitments: vec![[1; 32]; threshold.into()].try_into().expect("short"),
                    parts: parts.try_into().expect("short"),
                    sealed: [6; 32],
                };
                Call::deal { scope, terms }
            },
            1 => {
                let reason = ComplaintReason::Missing;
                Call::complain { person, scope, number, reason }
            },
            _ => Call::acknowledge { person, scope, number },
        })
    }

    fn recovery(&mut self) -> RuntimeCall {
        use pallet_key_custody::Call;
        let id = RecoveryId(self.below(2).into());
        RuntimeCall::KeyCustody(match self.below(9) {
            0 | 1 => {
                let device = self.one_of(&["Patient2", "Patient2", "Patient"]);
                let body = RecoveryBody {
                    person: patient(),
                    new_controller: account(device),
                    new_data_key: self.key(),
                    reseal_key: EncryptionKey::x25519([7; 32]),
                };
                let message = payloads::recovery(&genesis_hash(), &body);
                let signature = MultiSignature::Sr25519(pair(device).sign(&message));
                let RecoveryBody { person, new_controller, new_data_key, reseal_key } = body;
                Call::open_recovery { person, new_controller, new_data_key, reseal_key, signature }
            },
            2 | 3 => Call::approve_recovery { id },
            4 => Call::veto_recovery { id },
            5 => Call::record_hearing { id, protocol: [8; 32] },
            6 => Call::dismiss_recovery { id },
            7 => Call::withdraw_recovery { id },
            _ => Call::execute_recovery { id },
        })
    }

    fn emergency(&mut self) -> RuntimeCall {
        use pallet_key_custody::Call;
        let id = EmergencyId(self.below(2).into());
        let case = self
            .one_of(&[CaseRef::Emergency(id), CaseRef::Recovery(RecoveryId(self.below(2).into()))]);
        RuntimeCall::KeyCustody(match self.below(8) {
            0 | 1 => Call::open_emergency {
                person: patient(),
                acting_as: hospital(),
                reason: EmergencyReason::NoRepresentative,
                hours: self.below(6) as u8,
            },
            2 | 3 => Call::hand_over { case, blob: [9; 32] },
            4 => {
                let outcome = self.one_of(&[ReviewOutcome::Justified, ReviewOutcome::Abuse]);
                Call::review_emergency { id, outcome }
            },
            5 => Call::escalate_emergency { id },
            6 => Call::close_emergency { id },
            _ => Call::prune_case { case },
        })
    }

    fn custodian(&mut self) -> RuntimeCall {
        use pallet_key_custody::Call;
        RuntimeCall::KeyCustody(match self.below(3) {
            0 => Call::remove_custodian {},
            _ => Call::set_custodian { account: account(self.actor()), key: self.key() },
        })
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
