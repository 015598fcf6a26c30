//! Random sequences of calls and events against a model of who has access by which referral.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

#[derive(Clone, Debug)]
enum Step {
    Refer { by: usize, to: u8 },
    Accept { who: usize, id: u32, by: usize },
    Reject { who: usize, id: u32, by: usize },
    Return { who: usize, id: u32, by: usize, author: usize },
    Close { who: usize, id: u32, by: usize },
    CloseOwn { alice: bool, id: u32 },
    Remove { id: u32 },
    Pass { days: u64 },
    Suspend { person: bool },
    Leave { who: usize, acts: bool },
}

fn step() -> impl Strategy<Value = Step> {
    let (who, by, id) = (|| 0..4usize, || 0..3usize, || 1..6u32);
    prop_oneof![
        5 => (0..3usize, 0..8u8).prop_map(|(by, to)| Step::Refer { by, to }),
        5 => (who(), id(), by()).prop_map(|(who, id, by)| Step::Accept { who, id, by }),
        3 => (who(), id(), by()).prop_map(|(who, id, by)| Step::Reject { who, id, by }),
        3 => (who(), id(), by(), by())
            .prop_map(|(who, id, by, author)| Step::Return { who, id, by, author }),
        2 => (who(), id(), by()).prop_map(|(who, id, by)| Step::Close { who, id, by }),
        1 => (any::<bool>(), id()).prop_map(|(alice, id)| Step::CloseOwn { alice, id }),
        1 => id().prop_map(|id| Step::Remove { id }),
        1 => (0..6u64).prop_map(|days| Step::Pass { days }),
        1 => any::<bool>().prop_map(|person| Step::Suspend { person }),
        1 => (who(), any::<bool>()).prop_map(|(who, acts)| Step::Leave { who, acts }),
    ]
}

fn accounts() -> [AccountId; 4] {
    [DOCTOR, NURSE, DEAN, STRANGER]
}

fn grantees() -> [Grantee<AccountId>; 3] {
    [doctor(), team(), hospital()]
}

fn institutions() -> [kanglian_primitives::InstitutionId; 3] {
    [village(), county(), city()]
}

/// By referral: who may have access, with the number of the terms, and who accepted.
#[derive(Default)]
struct Model {
    access: BTreeMap<ReferralId, Vec<(usize, TermsId)>>,
    accepted: BTreeMap<ReferralId, usize>,
    records: u8,
}

impl Model {
    fn acts(who: usize, by: usize) -> bool {
        Acting::get().contains(&(accounts()[who].clone(), grantees()[by].clone()))
    }

    fn has(&self, id: ReferralId, by: usize) -> bool {
        self.access.get(&id).is_some_and(|all| all.iter().any(|(grantee, _)| *grantee == by))
    }

    fn take(&mut self, step: Step) {
        match step {
            Step::Refer { by, to } => {
                let to: Vec<usize> = (1..3).filter(|at| to >> at & 1 == 1).collect();
                let offers: Vec<_> = to
                    .iter()
                    .map(|at| {
                        let grantee = grantees()[*at].clone();
                        let terms = if by == 2 { terms(&grantee) } else { child(&grantee) };
                        (grantee, terms)
                    })
                    .collect();
                let numbers: Vec<_> =
                    to.iter().zip(&offers).map(|(at, (_, terms))| (*at, terms.id)).collect();
                let offers = offers.try_into().unwrap();
                let call = match by {
                    2 => Referrals::refer_own(signed(ALICE_ACCOUNT), None, offers),
                    by => {
                        let who = accounts()[by].clone();
                        Referrals::refer(signed(who), ALICE, doctor(), None, offers)
                    },
                };
                if call.is_ok() {
                    assert!(by != 1, "the nurse holds nothing to give on");
                    self.access.insert(crate::Files::<Test>::get(ALICE).last, numbers);
                }
            },
            Step::Accept { who, id, by } => {
                let id = ReferralId(id);
                let free = self.has(id, by) && !self.accepted.contains_key(&id);
                let call = accept(accounts()[who].clone(), id, grantees()[by].clone());
                if call.is_ok() {
                    assert!(free && Self::acts(who, by) && !Suspended::get().contains(&ALICE));
                    self.accepted.insert(id, by);
                    self.access.get_mut(&id).unwrap().retain(|(grantee, _)| *grantee == by);
                }
            },
            Step::Reject { who, id, by } => {
                let id = ReferralId(id);
                let free = self.has(id, by) && !self.accepted.contains_key(&id);
                let call = reject(accounts()[who].clone(), id, grantees()[by].clone());
                assert_eq!(call.is_ok(), free && Self::acts(who, by));
                if call.is_ok() {
                    self.access.get_mut(&id).unwrap().retain(|(grantee, _)| *grantee != by);
                }
            },
            Step::Return { who, id, by, author } => {
                let id = ReferralId(id);
                self.records = self.records.wrapping_add(1);
                let record = share(self.records, institutions()[author]);
                let may = self.accepted.get(&id) == Some(&by)
                    && self.has(id, by)
                    && Self::acts(who, by)
                    && author == by;
                let (who, by) = (accounts()[who].clone(), grantees()[by].clone());
                let call = return_result(who, id, by, record);
                assert_eq!(call.is_ok(), may, "{call:?}");
                if call.is_ok() {
                    self.access.remove(&id);
                }
            },
            Step::Close { who, id, by } => {
                let id = ReferralId(id);
                let (account, grantee) = (accounts()[who].clone(), grantees()[by].clone());
                if close(account, id, grantee).is_ok() {
                    assert!(Self::acts(who, by));
                    assert!(by == 0 || self.accepted.get(&id) == Some(&by), "a party closes");
                    self.access.remove(&id);
                }
            },
            Step::CloseOwn { alice, id } => {
                let by = if alice { ALICE_ACCOUNT } else { BOB_ACCOUNT };
                if Referrals::close_own(signed(by), ReferralId(id)).is_ok() {
                    assert!(alice);
                    self.access.remove(&ReferralId(id));
                }
            },
            Step::Remove { id } => {
                let id = ReferralId(id);
                if Referrals::remove(signed(STRANGER), ALICE, id).is_ok() {
                    for (grantee, terms) in self.access.remove(&id).unwrap_or_default() {
                        assert!(!reads(&grantees()[grantee], terms.0), "access is over");
                    }
                    self.accepted.remove(&id);
                }
            },
            Step::Pass { days } => set_now(Timestamp::get() + days * DAY),
            Step::Suspend { person } => suspend_person(ALICE, person),
            Step::Leave { who, acts } => {
                if who < 3 {
                    set_acting(accounts()[who].clone(), grantees()[who].clone(), acts);
                }
            },
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 2_000,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn nobody_reads_by_a_referral_that_is_over(steps in prop::collection::vec(step(), 10..40)) {
        ExtBuilder.build().execute_with(|| {
            let mut model = Model::default();
            for step in steps {
                model.take(step);
                let open: Vec<_> = model.access.values().flatten().copied().collect();
                for (at, grantee) in grantees().iter().enumerate().skip(1) {
                    for number in 1..40 {
                        let may = open.contains(&(at, TermsId(number)));
                        assert!(may || !reads(grantee, number), "{grantee:?} {number}");
                    }
                }
                Referrals::do_try_state().unwrap();
            }
        });
    }
}
