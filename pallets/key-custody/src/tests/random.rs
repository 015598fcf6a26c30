//! Random sequences of calls: nothing panics, invariants hold after each call, and nobody gets
//! what the history of calls does not give.

use std::collections::BTreeSet;

use frame_support::traits::fungible::{Inspect, Mutate};
use kanglian_traits::{EmergencyInspect, IdentityStatus, PersonInspect};
use proptest::prelude::*;

use super::*;

const DEVICES: [Device; 3] = [NEW, THIEF, Device(5)];
const DOCTORS: [AccountId32; 2] = [DOCTOR, SURGEON];

#[derive(Clone, Debug)]
enum Step {
    SetCustodian { region: usize, key: u8 },
    Deal { emergency: bool, threshold: u8, first: usize, last: usize },
    Answer { region: usize, emergency: bool, number: u32, good: bool },
    Open { hospital_b: bool, device: usize, forged: bool },
    Approve { region: usize, id: u64 },
    Veto { old: bool, id: u64 },
    Hear { region: usize, id: u64 },
    Dismiss { region: usize, id: u64 },
    Withdraw { hospital_b: bool, id: u64 },
    Execute { id: u64 },
    HandOver { region: usize, emergency: bool, id: u64 },
    Emergency { doctor: usize, hospital_b: bool, hours: u8 },
    Review { region: usize, id: u64, abuse: bool },
    Escalate { id: u64 },
    Close { doctor: usize, id: u64 },
    Prune { emergency: bool, id: u64 },
    Suspend { what: u8, suspended: bool },
    Wait { hours: u64 },
}

fn step() -> impl Strategy<Value = Step> {
    let region = || 0..REGIONS.len();
    let id = || 0..3u64;
    prop_oneof![
        1 => (region(), 0..3u8).prop_map(|(region, key)| Step::SetCustodian { region, key }),
        2 => (any::<bool>(), 1..5u8, 0..3usize, 3..6usize).prop_map(
            |(emergency, threshold, first, last)| Step::Deal { emergency, threshold, first, last }
        ),
        4 => (region(), any::<bool>(), 0..3u32, 0..4u8).prop_map(
            |(region, emergency, number, dice)| {
                Step::Answer { region, emergency, number, good: dice > 0 }
            }
        ),
        3 => (any::<bool>(), 0..3usize, 0..5u8).prop_map(|(hospital_b, device, dice)| {
            Step::Open { hospital_b, device, forged: dice == 0 }
        }),
        6 => (region(), id()).prop_map(|(region, id)| Step::Approve { region, id }),
        2 => (any::<bool>(), id()).prop_map(|(old, id)| Step::Veto { old, id }),
        1 => (region(), id()).prop_map(|(region, id)| Step::Hear { region, id }),
        1 => (region(), id()).prop_map(|(region, id)| Step::Dismiss { region, id }),
        1 => (any::<bool>(), id()).prop_map(|(hospital_b, id)| Step::Withdraw { hospital_b, id }),
        4 => id().prop_map(|id| Step::Execute { id }),
        3 => (region(), any::<bool>(), id()).prop_map(|(region, emergency, id)| {
            Step::HandOver { region, emergency, id }
        }),
        3 => (0..2usize, any::<bool>(), 0..6u8).prop_map(|(doctor, hospital_b, hours)| {
            Step::Emergency { doctor, hospital_b, hours }
        }),
        2 => (region(), id(), any::<bool>())
            .prop_map(|(region, id, abuse)| Step::Review { region, id, abuse }),
        1 => id().prop_map(|id| Step::Escalate { id }),
        1 => (0..2usize, id()).prop_map(|(doctor, id)| Step::Close { doctor, id }),
        1 => (any::<bool>(), id()).prop_map(|(emergency, id)| Step::Prune { emergency, id }),
        2 => (0..6u8, any::<bool>())
            .prop_map(|(what, suspended)| Step::Suspend { what, suspended }),
        4 => prop_oneof![0..5u64, 70..80u64, 700..9_000u64].prop_map(|hours| Step::Wait { hours }),
    ]
}

fn scope(emergency: bool) -> DealtScope {
    if emergency { DealtScope::Emergency } else { DealtScope::Whole }
}

fn case(emergency: bool, id: u64) -> CaseRef {
    match emergency {
        true => CaseRef::Emergency(EmergencyId(id)),
        false => CaseRef::Recovery(RecoveryId(id)),
    }
}

fn suspend(what: u8, suspended: bool) {
    match what {
        0 => set_active(JIANGSU, !suspended),
        1 => set_active(ANHUI, !suspended),
        2 => set_person(ALICE, |person| {
            person.status =
                if suspended { IdentityStatus::Suspended } else { IdentityStatus::Open };
        }),
        3 if suspended => forbid(hospital_b()),
        3 => Permitted::mutate(|all| {
            all.insert(hospital_b(), (ZHEJIANG, CONTROLLER_B));
        }),
        _ => {},
    }
}

fn run(step: Step) -> DispatchResult {
    let centre = |region: usize| signed(pan_centre(REGIONS[region]));
    let holder = |region: usize| signed(custodian(REGIONS[region]));
    let controller = |b: bool| signed(if b { CONTROLLER_B } else { CONTROLLER_A });
    let speaks = || signed(person(ALICE).controller);
    match step {
        Step::SetCustodian { region, key: 0 } => Custody::remove_custodian(centre(region)),
        Step::SetCustodian { region, key } => {
            let mut fresh = custodian_key(REGIONS[region]);
            fresh.key[31] = key - 1;
            Custody::set_custodian(centre(region), custodian(REGIONS[region]), fresh)
        },
        Step::Deal { emergency, threshold, first, last } => {
            Custody::deal(speaks(), scope(emergency), terms(threshold, &REGIONS[first..last], 1))
        },
        Step::Answer { region, emergency, number, good: true } => {
            Custody::acknowledge(holder(region), ALICE, scope(emergency), number)
        },
        Step::Answer { region, emergency, number, good: false } => {
            let reason = ComplaintReason::BadShare;
            Custody::complain(holder(region), ALICE, scope(emergency), number, reason)
        },
        Step::Open { hospital_b, device, forged } => {
            let device = DEVICES[device];
            let signer = if forged { Device(9) } else { device };
            let by = if hospital_b { crate::mock::hospital_b() } else { hospital_a() };
            Custody::open_recovery(
                controller(hospital_b),
                ALICE,
                device.account(),
                device.data_key(),
                device.reseal_key(),
                signer.sign(&device.payload(ALICE, by)),
            )
        },
        Step::Approve { region, id } => Custody::approve_recovery(centre(region), RecoveryId(id)),
        Step::Veto { old, id } => {
            let who = if old { signed(ALICE_OLD) } else { speaks() };
            Custody::veto_recovery(who, RecoveryId(id))
        },
        Step::Hear { region, id } => {
            Custody::record_hearing(centre(region), RecoveryId(id), [1; 32])
        },
        Step::Dismiss { region, id } => Custody::dismiss_recovery(centre(region), RecoveryId(id)),
        Step::Withdraw { hospital_b, id } => {
            Custody::withdraw_recovery(controller(hospital_b), RecoveryId(id))
        },
        Step::Execute { id } => execute(RecoveryId(id)),
        Step::HandOver { region, emergency, id } => {
            Custody::hand_over(holder(region), case(emergency, id), [region as u8; 32])
        },
        Step::Emergency { doctor, hospital_b: at_b, hours } => {
            let at = if at_b { hospital_b() } else { hospital_a() };
            let reason = EmergencyReason::Unconscious;
            Custody::open_emergency(signed(DOCTORS[doctor].clone()), ALICE, at, reason, hours)
        },
        Step::Review { region, id, abuse } => {
            let outcome = if abuse { ReviewOutcome::Abuse } else { ReviewOutcome::Justified };
            Custody::review_emergency(centre(region), EmergencyId(id), outcome)
        },
        Step::Escalate { id } => Custody::escalate_emergency(signed(STRANGER), EmergencyId(id)),
        Step::Close { doctor, id } => {
            Custody::close_emergency(signed(DOCTORS[doctor].clone()), EmergencyId(id))
        },
        Step::Prune { emergency, id } => Custody::prune_case(signed(STRANGER), case(emergency, id)),
        Step::Suspend { what, suspended } => {
            suspend(what, suspended);
            Ok(())
        },
        Step::Wait { hours } => {
            at(Timestamp::get() + hours * HOUR);
            Ok(())
        },
    }
}

/// What the sequence did so far.
#[derive(Default)]
struct History {
    /// Approvals of the pending recovery since its opening or veto.
    approved: BTreeSet<RegionCode>,
    vetoed: bool,
    since: Instant,
    opener: Option<InstitutionId>,
}

impl History {
    /// Plays a step and checks what it gave.
    fn play(&mut self, step: Step) -> bool {
        let before = person(ALICE);
        let now = Timestamp::get();
        let done = run(step.clone()).is_ok();
        let after = person(ALICE);
        match step {
            Step::Open { forged, hospital_b: by_b, .. } if done => {
                assert!(!forged, "a forged possession opens nothing");
                let opener = if by_b { hospital_b() } else { hospital_a() };
                *self = Self { since: now, opener: Some(opener), ..Self::default() };
            },
            Step::Approve { region, .. } if done => {
                assert!(self.approved.insert(REGIONS[region]), "each region approves once");
            },
            Step::Veto { .. } if done => {
                assert!(!self.vetoed, "a recovery is vetoed once");
                *self = Self { vetoed: true, since: now, opener: self.opener, ..Self::default() };
            },
            _ => {},
        }
        if before.controller != after.controller {
            assert!(matches!(step, Step::Execute { .. }), "{step:?} changed the account");
            let bar = if self.vetoed { 4 } else { 3 };
            assert!(self.approved.len() >= bar, "only {:?} approved", self.approved);
            assert!(now >= self.since + DELAY, "the delay was not over");
            assert_eq!(before.status, IdentityStatus::Open);
            assert_eq!(Tables::speaks_for(&before.controller), None);
        }
        done
    }
}

/// Whoever has no open case of their own sees nothing, and whoever has one acts within it.
fn check_emergencies() {
    let now = Timestamp::get();
    for doctor in DOCTORS {
        for at in [hospital_a(), hospital_b()] {
            let case = <Custody as EmergencyInspect<_>>::open_case(&ALICE, &doctor, &at, now);
            if let Some(id) = case {
                let found = emergency(id);
                assert!(found.is_open(now) && found.review != Some(ReviewOutcome::Abuse));
                assert!(found.ends_at - found.opened_at <= 4 * HOUR);
                assert_eq!((found.practitioner, found.institution), (doctor.clone(), at));
            }
        }
    }
    assert!(!Custody::can_fetch(&STRANGER, &ALICE, &[0x81; 32], now));
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 1_000,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn invariants_hold_after_any_sequence(steps in prop::collection::vec(step(), 20)) {
        ExtBuilder::default().dealt().build().execute_with(|| {
            let mut history = History::default();
            Balances::mint_into(&ALICE_OLD, 1_000).expect("minted");
            for step in steps {
                history.play(step);
                Custody::do_try_state().expect("invariants hold");
                check_emergencies();
                let pending = RecoveryOf::<Test>::get(ALICE)
                    .and_then(Recoveries::<Test>::get)
                    .is_some_and(|recovery| recovery.is_pending());
                assert_eq!(person(ALICE).frozen, pending, "frozen exactly while one pends");
                // The coins are with whoever speaks for her, and move only while nothing pends.
                let account = person(ALICE).controller;
                assert_eq!(Balances::total_balance(&account), 1_000);
                assert_eq!(Custody::has_frozen_coins(&account), pending);
            }
        });
    }
}

/// The sequences above are worth something only when they get somewhere.
#[test]
fn a_sequence_does_recover_after_a_veto() {
    ExtBuilder::default().dealt().build_and_execute(|| {
        let mut history = History::default();
        let id = 0;
        let mut steps = vec![
            Step::Open { hospital_b: false, device: 0, forged: false },
            Step::Approve { region: 0, id },
            Step::Veto { old: true, id },
            Step::Hear { region: 1, id },
        ];
        steps.extend((0..4).map(|region| Step::Approve { region, id }));
        steps.extend([Step::Wait { hours: 72 }, Step::Execute { id }]);
        steps.extend((0..5).map(|region| Step::HandOver { region, emergency: false, id }));
        for step in steps {
            assert!(history.play(step.clone()), "{step:?}");
        }
        assert_eq!(person(ALICE).controller, NEW.account());
        assert_eq!(recovery(FIRST).handed_over.len(), 5);
    });
}
