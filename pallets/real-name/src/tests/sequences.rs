//! Random sequences of calls: nothing panics, invariants hold after each call, and the answers
//! never go beyond what the entry says.

use kanglian_primitives::payloads::{self, AttestationBody, LinkBody, MigrationBody};
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
    Link { by: usize, alias: usize, canonical: usize, signers: (u8, u8), signed: bool },
    Approve { jiangsu: bool, alias: usize },
    Refuse { wallet: u8 },
    Undo { jiangsu: bool, alias: usize },
    Migrate { by: usize, old: usize, new: usize, wallet: u8 },
    Generation { open: Option<u32> },
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
        2 => (by.clone(), person.clone()).prop_map(|(by, person)| Step::ReAttest { by, person }),
        6 => (by.clone(), person.clone(), person.clone(), (2..7u8, 2..7u8), any::<bool>()).prop_map(
            |(by, alias, canonical, signers, signed)| Step::Link {
                by,
                alias,
                canonical,
                signers,
                signed,
            }
        ),
        2 => (any::<bool>(), person.clone())
            .prop_map(|(jiangsu, alias)| Step::Approve { jiangsu, alias }),
        1 => (2..7u8).prop_map(|wallet| Step::Refuse { wallet }),
        2 => (any::<bool>(), person.clone())
            .prop_map(|(jiangsu, alias)| Step::Undo { jiangsu, alias }),
        4 => (by, person.clone(), person.clone(), 2..7u8)
            .prop_map(|(by, old, new, wallet)| Step::Migrate { by, old, new, wallet }),
        1 => proptest::option::of(0..3u32).prop_map(|open| Step::Generation { open }),
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

/// What is signed under the present generation.
fn attest_payload_under(
    person: PersonId,
    attester: kanglian_primitives::InstitutionId,
    home_region: kanglian_primitives::RegionCode,
    given: &Attestation<AccountId32>,
) -> Vec<u8> {
    let body = AttestationBody {
        person,
        controller: given.controller.clone(),
        home_region,
        data_key: given.data_key,
        scope_keys: given.scope_keys.to_vec(),
        attester,
        write_blocks: given.write_blocks,
        write_until: given.write_until,
        valid_until: given.valid_until,
    };
    payloads::attest_under(&genesis(), OpenGeneration::get().unwrap_or_default(), &body)
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
            let payload = attest_payload_under(PEOPLE[person], id, home, &given);
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
        Step::Link { by, alias, canonical, signers, signed } => {
            let (origin, id) = institution(by);
            let (alias, canonical) = (PEOPLE[alias], PEOPLE[canonical]);
            let round = RealName::round(alias);
            let body = LinkBody { alias, canonical, institution: id, round };
            let payload = payloads::link(&genesis(), &body);
            // Mostly the right accounts.
            let wallet = |id: PersonId, other: u8| {
                let speaks = |n: &u8| RealName::person_of(Wallet(*n).account()) == Some(id);
                Wallet((2..7u8).find(speaks).unwrap_or(other))
            };
            let own = wallet(canonical, signers.0).sign(&payload);
            let others = signed.then(|| wallet(alias, signers.1).sign(&payload));
            RealName::link(origin, alias, canonical, own, others)
        },
        Step::Approve { jiangsu, alias } => {
            RealName::approve_link(RuntimeOrigin::signed(region(jiangsu).0), PEOPLE[alias])
        },
        Step::Refuse { wallet } => RealName::refuse_link(signed(wallet)),
        Step::Undo { jiangsu, alias } => {
            RealName::undo_alias(RuntimeOrigin::signed(region(jiangsu).0), PEOPLE[alias])
        },
        Step::Migrate { by, old, new, wallet } => {
            let (origin, id) = institution(by);
            let (old, new) = (PEOPLE[old], PersonId([PEOPLE[new].0[0] ^ 1; 32]));
            let generation = OpenGeneration::get().unwrap_or_default();
            let round = RealName::round(new);
            let body = MigrationBody { generation, old, new, institution: id, round };
            let payload = payloads::migrate(&genesis(), &body);
            RealName::migrate(origin, old, new, Wallet(wallet).sign(&payload))
        },
        Step::Generation { open } => {
            OpenGeneration::set(open);
            Ok(())
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
                    let leads = RealName::canonical(&person);
                    assert_eq!(leads == person, Aliases::<Test>::get(person).is_none());
                    assert_eq!(RealName::canonical(&leads), leads);
                    assert!(leads == person || valid.is_none());
                    let counts = [Some(Standing::Valid), Some(Standing::Recovering)];
                    assert_eq!(valid.is_some(), counts.contains(&standing));
                }
                let references: u32 = (2..7).map(|n| System::sufficients(&Wallet(n).account())).sum();
                assert_eq!(usize::try_from(references), Ok(PersonOf::<Test>::iter().count()));
            }
        });
    }
}
