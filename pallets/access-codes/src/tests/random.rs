//! Random sequences of calls and events against a model that keeps what was issued and redeemed.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

#[derive(Clone, Debug)]
enum Step {
    Issue { seed: u8, uses: u8, life: u64 },
    Cancel { seed: u8, by_alice: bool },
    Redeem { seed: u8, signed_by: u8, who: usize, grantee: usize },
    Adopt { seed: u8, who: usize, grantee: usize },
    Remove { seed: u8 },
    Pass { days: u64 },
    Suspend { person: bool },
    Leave { who: usize, grantee: usize, acts: bool },
}

fn step() -> impl Strategy<Value = Step> {
    let seed = || 1..5u8;
    prop_oneof![
        4 => (seed(), 0..18u8, 0..32u64)
            .prop_map(|(seed, uses, life)| Step::Issue { seed, uses: uses % 4, life }),
        2 => (seed(), any::<bool>()).prop_map(|(seed, by_alice)| Step::Cancel { seed, by_alice }),
        8 => (seed(), 0..6u8, 0..3usize, 0..3usize).prop_map(|(seed, other, who, grantee)| {
            let signed_by = if other == 5 { seed % 4 + 1 } else { seed };
            Step::Redeem { seed, signed_by, who, grantee }
        }),
        2 => (seed(), 0..3usize, 0..3usize)
            .prop_map(|(seed, who, grantee)| Step::Adopt { seed, who, grantee }),
        2 => seed().prop_map(|seed| Step::Remove { seed }),
        2 => (0..8u64).prop_map(|days| Step::Pass { days }),
        1 => any::<bool>().prop_map(|person| Step::Suspend { person }),
        1 => (0..3usize, 0..3usize, any::<bool>())
            .prop_map(|(who, grantee, acts)| Step::Leave { who, grantee, acts }),
    ]
}

fn accounts() -> [AccountId; 3] {
    [DOCTOR, NURSE, STRANGER]
}

fn grantees() -> [Grantee<AccountId>; 3] {
    [doctor(), team(), Grantee::Person(BOB)]
}

/// Codes that can be redeemed, with the uses left and who used them; and what was given.
#[derive(Default)]
struct Model {
    codes: BTreeMap<u8, (u8, u64, Vec<usize>)>,
    given: Vec<Grantee<AccountId>>,
}

fn take(model: &mut Model, step: Step) {
    let now = Timestamp::get();
    match step {
        Step::Issue { seed, uses, life } => {
            let (by, expires_at) = (signed(ALICE_ACCOUNT), now + life * DAY);
            let call =
                AccessCodes::issue_code(by, key(seed), template(), uses, expires_at, [seed; 32]);
            if call.is_ok() {
                assert!((1..=16).contains(&uses) && (1..=30).contains(&life));
                model.codes.insert(seed, (uses, expires_at, Vec::new()));
            }
        },
        Step::Cancel { seed, by_alice } => {
            let by = if by_alice { ALICE_ACCOUNT } else { BOB_ACCOUNT };
            if AccessCodes::cancel_code(signed(by), key(seed)).is_ok() {
                assert!(by_alice, "only the issuer cancels");
                model.codes.remove(&seed);
            }
        },
        Step::Redeem { seed, signed_by, who, grantee } => {
            let (account, to) = (accounts()[who].clone(), grantees()[grantee].clone());
            let body = redemption(seed, account.clone(), to.clone());
            let signature = sign(signed_by, &body);
            let by = signed(account.clone());
            let may = model.codes.get(&seed).is_some_and(|(uses, expires_at, used)| {
                *uses > 0 && now < *expires_at && !used.contains(&grantee)
            }) && signed_by == seed
                && grantee < 2
                && Acting::get().contains(&(account, to.clone()))
                && !Suspended::get().contains(&ALICE);
            let call =
                AccessCodes::redeem_code(by, key(seed), to.clone(), body.expires_at, signature);
            assert_eq!(call.is_ok(), may, "{call:?}");
            if may {
                let (uses, _, used) = model.codes.get_mut(&seed).unwrap();
                *uses -= 1;
                used.push(grantee);
                model.given.push(to);
            }
        },
        Step::Adopt { seed, who, grantee } => {
            let (account, to) = (accounts()[who].clone(), grantees()[grantee].clone());
            let adopted = AccessCodes::adopt_bundle(signed(account), key(seed), to, [99; 32]);
            if adopted.is_ok() {
                assert!(model.given.contains(&grantees()[grantee]));
            }
        },
        Step::Remove { seed } => {
            if AccessCodes::remove_code(signed(STRANGER), key(seed)).is_ok()
                && let Some((_, expires_at, _)) = model.codes.remove(&seed)
            {
                assert!(now >= expires_at + DAY);
            }
        },
        Step::Pass { days } => set_now(now + days * DAY),
        Step::Suspend { person } => suspend_person(ALICE, person),
        Step::Leave { who, grantee, acts } => {
            set_acting(accounts()[who].clone(), grantees()[grantee].clone(), acts);
        },
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 500,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn codes_give_what_was_issued_and_no_more(steps in prop::collection::vec(step(), 10..40)) {
        ExtBuilder.build().execute_with(|| {
            let mut model = Model::default();
            for step in steps {
                take(&mut model, step);
                let held: Vec<_> = Given::get().into_iter().map(|(_, grantee, _)| grantee).collect();
                assert_eq!(held, model.given);
                AccessCodes::do_try_state().unwrap();
            }
        });
    }
}
