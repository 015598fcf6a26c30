//! Random sequences against a model of who acts for whom.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

const ADULTS: [PersonId; 3] = [MOTHER, FATHER, GRANDFATHER];

#[derive(Clone, Debug)]
enum Step {
    Attest { guardian: usize, basis: GuardianBasis, days: u64, holds: bool, ward: bool },
    Confirm { guardian: usize, council: bool },
    End { guardian: usize, council: bool },
    TakeOver { wallet: u8 },
    Appoint { person: usize, proxy: usize, actions: u8, days: u64 },
    Revoke { person: usize, proxy: usize, renounce: bool },
    Pass { days: u64 },
    Suspend { who: usize, on: bool },
}

fn step() -> impl Strategy<Value = Step> {
    let who = || 0..3usize;
    let basis = prop_oneof![
        Just(GuardianBasis::Minor),
        Just(GuardianBasis::Judgment),
        Just(GuardianBasis::Interim)
    ];
    prop_oneof![
        4 => (who(), basis, 1..900u64, any::<bool>(), any::<bool>()).prop_map(
            |(guardian, basis, days, holds, ward)| Step::Attest { guardian, basis, days, holds, ward }
        ),
        3 => (who(), any::<bool>()).prop_map(|(guardian, council)| Step::Confirm { guardian, council }),
        2 => (who(), any::<bool>()).prop_map(|(guardian, council)| Step::End { guardian, council }),
        2 => (1..200u8).prop_map(|wallet| Step::TakeOver { wallet }),
        3 => (who(), who(), any::<u8>(), 1..900u64)
            .prop_map(|(person, proxy, actions, days)| Step::Appoint { person, proxy, actions, days }),
        2 => (who(), who(), any::<bool>())
            .prop_map(|(person, proxy, renounce)| Step::Revoke { person, proxy, renounce }),
        2 => (1..200u64).prop_map(|days| Step::Pass { days }),
        1 => (who(), any::<bool>()).prop_map(|(who, on)| Step::Suspend { who, on }),
    ]
}

/// The account, without making its key pair again.
fn account_of(person: PersonId) -> RuntimeOrigin {
    signed(Persons::get()[&person].controller.clone())
}

fn act_by(by: PersonId, person: PersonId, call: RuntimeCall) -> DispatchResult {
    let done = Guardianships::act_for(account_of(by), person, Box::new(call));
    done.map(|_| ()).map_err(|refused| refused.error)
}

/// Until when each acts: guardians of the child, and proxies with their actions.
#[derive(Default)]
struct Model {
    guardians: BTreeMap<PersonId, Instant>,
    proxies: BTreeMap<(PersonId, PersonId), (ActionSet, Instant)>,
}

impl Model {
    fn take(&mut self, step: Step) {
        let now = Timestamp::get();
        match step {
            Step::Attest { guardian, basis, days, holds, ward } => {
                let guardian = ADULTS[guardian];
                let mut until = now + days * DAY;
                if basis == GuardianBasis::Minor {
                    until = until.next_multiple_of(COMING_OF_AGE_STEP);
                }
                if wallet(CHILD).account() != Persons::get()[&CHILD].controller && ward {
                    return; // The wallet that signs is another by now.
                }
                if attest_body(&body(guardian, basis, until, holds), ward).is_ok()
                    && ward
                    && basis == GuardianBasis::Minor
                {
                    self.guardians.insert(guardian, until);
                }
            },
            Step::Confirm { guardian, council } => {
                let guardian = ADULTS[guardian];
                let by = if council { COUNCIL } else { PAN_CENTRE };
                if confirm(by, guardian).is_ok() {
                    let all = Guardianships::guardians_of(CHILD);
                    let one = all.iter().find(|one| one.guardian == guardian).unwrap();
                    assert!(council || one.basis != GuardianBasis::Judgment);
                    self.guardians.insert(guardian, one.until);
                }
            },
            Step::End { guardian, council } => {
                let by = if council { COUNCIL } else { PAN_CENTRE };
                if end(by, ADULTS[guardian]).is_ok() {
                    self.guardians.remove(&ADULTS[guardian]);
                }
            },
            Step::TakeOver { wallet } => {
                let due: Vec<_> = Guardianships::guardians_of(CHILD)
                    .into_iter()
                    .filter(|one| one.takeover_from() <= now)
                    .map(|one| one.guardian)
                    .collect();
                if take_over(CLINIC_ACCOUNT, Wallet(wallet)).is_ok() {
                    self.guardians.retain(|guardian, _| !due.contains(guardian));
                }
            },
            Step::Appoint { person, proxy, actions, days } => {
                let (person, proxy) = (ADULTS[person], ADULTS[proxy]);
                // Without reading, which needs terms.
                let actions = ActionSet(actions & 0b1011_1111);
                let until = now + days * DAY;
                let medical = BusinessBlockSet::of(blocks::MEDICAL);
                let call =
                    Guardianships::appoint_proxy(of(person), proxy, medical, actions, until, None);
                if call.is_ok() {
                    assert!(!actions.contains(Action::Manage) && person != proxy);
                    self.proxies.insert((person, proxy), (actions, until));
                }
            },
            Step::Revoke { person, proxy, renounce } => {
                let (person, proxy) = (ADULTS[person], ADULTS[proxy]);
                let call = match renounce {
                    true => Guardianships::renounce_proxy(account_of(proxy), person),
                    false => Guardianships::revoke_proxy(account_of(person), proxy),
                };
                if call.is_ok() {
                    assert!(self.proxies.remove(&(person, proxy)).is_some());
                }
            },
            Step::Pass { days } => set_now(now + days * DAY),
            Step::Suspend { who, on } => change(ADULTS[who], |known| known.suspended = on),
        }
    }

    fn check(&self) {
        let now = Timestamp::get();
        for by in ADULTS {
            let stands = !Persons::get()[&by].suspended;
            let guards = stands && self.guardians.get(&by).is_some_and(|until| now < *until);
            let child_stands = !Persons::get()[&CHILD].suspended;
            assert_eq!(act_by(by, CHILD, revoking()).is_ok(), guards && child_stands, "{by}");
            for person in ADULTS {
                for (action, _) in Action::ALL {
                    let may = stands
                        && self.proxies.get(&(person, by)).is_some_and(|(actions, until)| {
                            actions.contains(action) && now < *until
                        });
                    let call = remark(action, BusinessBlockSet::EMPTY, None, vec![]);
                    assert_eq!(act_by(by, person, call).is_ok(), may, "{by} {person} {action}");
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 100,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn nobody_acts_by_a_mandate_that_is_over(steps in prop::collection::vec(step(), 5..30)) {
        ExtBuilder.build().execute_with(|| {
            let mut model = Model::default();
            for step in steps {
                model.take(step);
                model.check();
                Guardianships::do_try_state().unwrap();
                System::reset_events();
            }
        });
    }
}
