//! Random sequences of calls: nothing panics, invariants hold after each call, and the answers
//! never go beyond what the entry says.

use kanglian_traits::{PersonInspect, RecoverPerson};
use proptest::prelude::*;

use super::*;

const PEOPLE: [PersonId; 3] = [ALICE, BOB, PersonId([0xc0; 32])];

#[derive(Clone, Debug)]
enum Step {
    Attest { by: usize, person: usize, wallet: u8, days: u64 },
    Renew { by: usize, person: usize, days: u64 },
    Rotate { from: u8, to: u8, person: usize },
    RotateKey { wallet: u8, key: u8 },
    Move { wallet: u8, jiangsu: bool },
    Invalidate { institution: usize, days: u64 },
    ReAttest { by: usize, person: usize },
    Suspend { jiangsu: bool, person: usize },
    Lift { person: usize },
    Remove { person: usize },
    Freeze { person: usize, thaw: bool },
    Recover { person: usize, wallet: u8 },
    Wait { days: u64 },
}

fn step() -> impl Strategy<Value = Step> {
    let (by, person, wallet) = (0..3usize, 0..PEOPLE.len(), 2..7u8);
    prop_oneof![
        4 => (by.clone(), person.clone(), wallet.clone(), 0..4_000u64)
            .prop_map(|(by, person, wallet, days)| Step::Attest { by, person, wallet, days }),
        2 => (by.clone(), person.clone(), 0..4_000u64)
            .prop_map(|(by, person, days)| Step::Renew { by, person, days }),
        2 => (wallet.clone(), wallet.clone(), person.clone())
            .prop_map(|(from, to, person)| Step::Rotate { from, to, person }),
        1 => (wallet.clone(), 0..4u8).prop_map(|(wallet, key)| Step::RotateKey { wallet, key }),
        1 => (wallet, any::<bool>()).prop_map(|(wallet, jiangsu)| Step::Move { wallet, jiangsu }),
        1 => (by.clone(), 0..2_000u64)
            .prop_map(|(institution, days)| Step::Invalidate { institution, days }),
        2 => (by, person.clone()).prop_map(|(by, person)| Step::ReAttest { by, person }),
        1 => (any::<bool>(), person.clone())
            .prop_map(|(jiangsu, person)| Step::Suspend { jiangsu, person }),
        1 => person.clone().prop_map(|person| Step::Lift { person }),
        2 => person.clone().prop_map(|person| Step::Remove { person }),
        2 => (person.clone(), any::<bool>())
            .prop_map(|(person, thaw)| Step::Freeze { person, thaw }),
        2 => (person, 2..7u8).prop_map(|(person, wallet)| Step::Recover { person, wallet }),
        2 => (0..900u64).prop_map(|days| Step::Wait { days }),
    ]
}

fn institution(by: usize) -> (RuntimeOrigin, kanglian_primitives::InstitutionId) {
    let (controller, id) =
        [(CONTROLLER_A, hospital_a()), (CONTROLLER_B, hospital_b()), (CONTROLLER_Z, hospital_z())]
            [by]
            .clone();
    (RuntimeOrigin::signed(controller), id)
}

fn region(jiangsu: bool) -> (AccountId32, kanglian_primitives::RegionCode) {
    match jiangsu {
        true => (PAN_CENTRE_JIANGSU, JIANGSU),
        false => (PAN_CENTRE_ZHEJIANG, ZHEJIANG),
    }
}

fn run(step: Step) -> DispatchResult {
    let now = Timestamp::get();
    let signed = |wallet: u8| RuntimeOrigin::signed(Wallet(wallet).account());
    match step {
        Step::Attest { by, person, wallet, days } => {
            let (origin, id) = institution(by);
            let home = if by == 2 { ZHEJIANG } else { JIANGSU };
            let given =
                Attestation { valid_until: now + days * DAY, ..attestation(Wallet(wallet)) };
            let payload = attest_payload(PEOPLE[person], id, home, &given);
            RealName::attest(origin, PEOPLE[person], given, Wallet(wallet).sign(&payload))
        },
        Step::Renew { by, person, days } => {
            RealName::renew(institution(by).0, PEOPLE[person], now + days * DAY)
        },
        Step::Rotate { from, to, person } => {
            let old = Wallet(from).account();
            let signature = Wallet(to).sign_rotation(PEOPLE[person], &old);
            RealName::rotate_controller(signed(from), Wallet(to).account(), signature)
        },
        Step::RotateKey { wallet, key: 0 } => {
            RealName::rotate_data_key(signed(wallet), low_order_key())
        },
        Step::RotateKey { wallet, key: n } => RealName::rotate_data_key(signed(wallet), key(n)),
        Step::Move { wallet, jiangsu } => RealName::move_region(signed(wallet), region(jiangsu).1),
        Step::Invalidate { institution: by, days } => RealName::invalidate_attester(
            RuntimeOrigin::root(),
            institution(by).1,
            START + days * DAY,
        ),
        Step::ReAttest { by, person } => RealName::re_attest(institution(by).0, PEOPLE[person]),
        Step::Suspend { jiangsu, person } => {
            RealName::suspend(RuntimeOrigin::signed(region(jiangsu).0), PEOPLE[person])
        },
        Step::Lift { person } => RealName::lift(RuntimeOrigin::root(), PEOPLE[person]),
        Step::Remove { person } => {
            RealName::remove_expired(RuntimeOrigin::signed(STRANGER), PEOPLE[person])
        },
        Step::Freeze { person, thaw: false } => {
            <RealName as RecoverPerson<AccountId32>>::freeze(&PEOPLE[person])
        },
        Step::Freeze { person, thaw: true } => {
            <RealName as RecoverPerson<AccountId32>>::thaw(&PEOPLE[person])
        },
        Step::Recover { person, wallet } => {
            let new = Wallet(wallet).account();
            <RealName as RecoverPerson<_>>::recover(&PEOPLE[person], &new, key(9))
        },
        Step::Wait { days } => {
            at(now + days * DAY);
            Ok(())
        },
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..Default::default() })]

    #[test]
    fn invariants_hold_after_any_sequence(steps in prop::collection::vec(step(), 20)) {
        ExtBuilder::default().build_and_execute(|| {
            for step in steps {
                let _ = run(step);
                RealName::do_try_state().expect("invariants hold");
                let now = Timestamp::get();
                for person in PEOPLE {
                    let valid = RealName::valid(&person, now);
                    let standing = RealName::standing(person);
                    if let Some(view) = &valid {
                        let entry = entry(person);
                        let frozen = entry.status == PersonStatus::Recovering;
                        assert!(now < entry.valid_until);
                        assert!(frozen || entry.status == PersonStatus::Active);
                        let acts = RealName::acting(&view.controller, now);
                        assert_eq!(acts, valid.clone().filter(|_| !frozen));
                    }
                    let counts = [Some(Standing::Valid), Some(Standing::Recovering)];
                    assert_eq!(valid.is_some(), counts.contains(&standing));
                }
                let references: u32 = (2..7).map(|n| System::sufficients(&Wallet(n).account())).sum();
                assert_eq!(usize::try_from(references), Ok(PersonOf::<Test>::iter().count()));
            }
        });
    }
}
