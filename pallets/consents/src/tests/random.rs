//! Random sequences of calls and events against a model that keeps the history of everything
//! given and ended, and derives permission from it by brute force.

use proptest::prelude::*;

use super::*;

const BLOCKS: [BusinessBlockId; 3] = [blocks::MEDICAL, blocks::RESTRICTED_MEDICAL, blocks::HEALTH];
const PURPOSES: [Purpose; 2] = [Purpose::Treatment, Purpose::HealthResearch];

fn accounts() -> [AccountId; 7] {
    [HOSPITAL_A_ACCOUNT, HOSPITAL_B_ACCOUNT, DOCTOR, NURSE, BOB_ACCOUNT, STRANGER, ALICE_ACCOUNT]
}

fn grantees() -> [Grantee<AccountId>; 5] {
    [at_a(), at_b(), doctor_at_a(), team_of_a(), Grantee::Person(BOB)]
}

#[derive(Clone, Debug)]
struct Draft {
    id: u64,
    blocks: u8,
    purposes: u8,
    from: u64,
    until: u64,
    records_from: u64,
    records_until: u64,
    may_delegate: u8,
}

impl Draft {
    fn terms(&self, parent: Option<ParentTerms<AccountId>>) -> Terms<AccountId> {
        let chosen = |bits: u8, at: usize| bits >> at & 1 == 1;
        Terms {
            id: TermsId(self.id),
            blocks: (0..3).filter(|at| chosen(self.blocks, *at)).map(|at| BLOCKS[at]).collect(),
            purposes: (0..2)
                .filter(|at| chosen(self.purposes, *at))
                .map(|at| PURPOSES[at])
                .collect(),
            from: NOW + self.from,
            until: NOW + self.until,
            records_from: self.records_from,
            records_until: self.records_until,
            may_delegate: self.may_delegate,
            parent,
            bundle: [0; 32],
        }
    }
}

#[derive(Clone, Debug)]
enum Step {
    Grant { grantee: usize, draft: Draft },
    Delegate { account: usize, acting_as: usize, grantee: usize, parent: u64, draft: Draft },
    Revoke { grantee: usize, id: u64 },
    Renounce { account: usize, acting_as: usize, id: u64 },
    Pass { time: u64 },
    Suspend { who: u8, suspended: bool },
}

fn draft() -> impl Strategy<Value = Draft> {
    // Mostly broad, so that delegation often succeeds.
    let blocks = prop_oneof![Just(0b101u8), Just(0b001), Just(0b010), 0..8u8];
    let purposes = prop_oneof![Just(0b11u8), 0..4u8];
    let (from, until) = (prop_oneof![4 => Just(0u64), 1 => 0..30u64], 1..60u64);
    let records = (prop_oneof![4 => Just(0u64), 1 => 0..5u64], 1..6u64);
    (1..12u64, blocks, purposes, from, until, records, 0..4u8).prop_map(
        |(id, blocks, purposes, from, until, (records_from, records_until), may_delegate)| Draft {
            id,
            blocks,
            purposes,
            from,
            until,
            records_from,
            records_until,
            may_delegate,
        },
    )
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (0..5usize, draft()).prop_map(|(grantee, draft)| Step::Grant { grantee, draft }),
        6 => (0..7usize, 0..5usize, 0..5usize, 1..6u64, draft()).prop_map(
            |(account, acting_as, grantee, parent, draft)| Step::Delegate {
                account, acting_as, grantee, parent, draft,
            },
        ),
        2 => (0..5usize, 1..8u64).prop_map(|(grantee, id)| Step::Revoke { grantee, id }),
        1 => (0..7usize, 0..5usize, 1..8u64)
            .prop_map(|(account, acting_as, id)| Step::Renounce { account, acting_as, id }),
        2 => (0..10u64).prop_map(|time| Step::Pass { time }),
        1 => (0..7u8, any::<bool>()).prop_map(|(who, suspended)| Step::Suspend { who, suspended }),
    ]
}

/// Everything ever given, and whether it was ended by a call.
#[derive(Default)]
struct Model {
    given: Vec<(Grantee<AccountId>, Terms<AccountId>, bool)>,
}

impl Model {
    fn end(&mut self, grantee: &Grantee<AccountId>, id: u64) {
        for (held_by, terms, is_ended) in &mut self.given {
            *is_ended |= held_by == grantee && terms.id.0 == id;
        }
    }

    fn is_permitted(id: kanglian_primitives::InstitutionId) -> bool {
        let institution = Institutions::get()[&id].clone();
        !institution.suspended && !Provinces::get()[&institution.region].suspended
    }

    fn counts(grantee: &Grantee<AccountId>) -> bool {
        match grantee {
            Grantee::Institution(id) | Grantee::CareTeam { institution: id, .. } => {
                Self::is_permitted(*id)
            },
            Grantee::Practitioner { account, institution } => {
                Self::is_permitted(*institution)
                    && Practitioners::get().contains(&(account.clone(), *institution))
            },
            Grantee::Person(id) => !Persons::get()[id].suspended,
        }
    }

    fn acts_as(account: &AccountId, grantee: &Grantee<AccountId>) -> bool {
        let practises = Practitioners::get().contains(&(account.clone(), hospital_a()));
        Self::counts(grantee)
            && match grantee {
                Grantee::Institution(id) if *id == hospital_a() => {
                    *account == HOSPITAL_A_ACCOUNT || practises
                },
                Grantee::Institution(_) => *account == HOSPITAL_B_ACCOUNT,
                Grantee::Practitioner { account: named, .. } => account == named,
                Grantee::CareTeam { institution, team } => {
                    practises && Members::get().contains(&(*institution, *team, account.clone()))
                },
                Grantee::Person(_) => *account == BOB_ACCOUNT,
            }
    }

    /// Whether terms and all they came from live now.
    fn lives(&self, grantee: &Grantee<AccountId>, id: TermsId, now: Instant) -> bool {
        let found = self
            .given
            .iter()
            .find(|(held_by, terms, is_ended)| held_by == grantee && terms.id == id && !is_ended);
        found.is_some_and(|(_, terms, _)| {
            terms.from <= now
                && now < terms.until
                && terms.parent.as_ref().is_none_or(|parent| {
                    Self::counts(&parent.grantee) && self.lives(&parent.grantee, parent.id, now)
                })
        })
    }

    fn may_read(&self, query: &AccessQuery<AccountId>, facts: &RecordFacts, now: Instant) -> bool {
        Self::acts_as(&query.account, &query.acting_as)
            && !Persons::get()[&ALICE].suspended
            && self.given.iter().any(|(held_by, terms, _)| {
                *held_by == query.acting_as
                    && terms.blocks.contains(facts.block)
                    && terms.purposes.contains(query.purpose)
                    && (terms.records_from..terms.records_until).contains(&facts.shared_at)
                    && self.lives(held_by, terms.id, now)
            })
    }
}

fn take(model: &mut Model, step: Step) {
    match step {
        Step::Grant { grantee, draft } => {
            let (grantee, terms) = (grantees()[grantee].clone(), draft.terms(None));
            let call = Consents::grant(signed(ALICE_ACCOUNT), grantee.clone(), terms.clone());
            if call.is_ok() {
                assert!(!Persons::get()[&ALICE].suspended);
                model.given.push((grantee, terms, false));
            }
        },
        Step::Delegate { account, acting_as, grantee, parent, draft } => {
            let (acting_as, grantee) = (grantees()[acting_as].clone(), grantees()[grantee].clone());
            let link = ParentTerms { grantee: acting_as.clone(), id: TermsId(parent) };
            let terms = draft.terms(Some(link));
            let account = accounts()[account].clone();
            let may = Model::acts_as(&account, &acting_as)
                && model.lives(&acting_as, TermsId(parent), Timestamp::get());
            let call = delegate(account, acting_as, grantee.clone(), terms.clone());
            if call.is_ok() {
                assert!(may, "only a holder of living terms gives them on");
                model.given.push((grantee, terms, false));
            }
        },
        Step::Revoke { grantee, id } => {
            let grantee = grantees()[grantee].clone();
            let call = Consents::revoke(signed(ALICE_ACCOUNT), grantee.clone(), TermsId(id));
            if call.is_ok() {
                model.end(&grantee, id);
            }
        },
        Step::Renounce { account, acting_as, id } => {
            let (account, holder) = (accounts()[account].clone(), grantees()[acting_as].clone());
            let may = Model::acts_as(&account, &holder);
            let call = Consents::renounce(signed(account), ALICE, holder.clone(), TermsId(id));
            if call.is_ok() {
                assert!(may, "only the holder renounces");
                model.end(&holder, id);
            }
        },
        Step::Pass { time } => set_now(Timestamp::get() + time),
        Step::Suspend { who, suspended } => match who {
            0 => suspend_institution(hospital_a(), suspended),
            1 => suspend_institution(hospital_b(), suspended),
            2 => suspend_region(JIANGSU, suspended),
            3 => suspend_person(ALICE, suspended),
            4 => suspend_person(BOB, suspended),
            5 => set_practitioner(DOCTOR, hospital_a(), !suspended),
            _ => set_member(NURSE, hospital_a(), !suspended),
        },
    }
}

/// Compares every reader, block, purpose and record date; gives how many reads were allowed.
fn compare(model: &Model) -> usize {
    let now = Timestamp::get();
    let mut allowed = 0;
    for account in accounts() {
        for acting_as in grantees() {
            for (block, shared_at) in BLOCKS.into_iter().zip([1, 2, 4]) {
                for purpose in PURPOSES {
                    let author = Author::Person(ALICE);
                    let facts = RecordFacts { shared_at, author, ..record(block) };
                    let query = query_of(ALICE, account.clone(), acting_as.clone(), purpose);
                    let decision = Consents::decide(&query, &facts, now);
                    let is_allowed = matches!(decision, Decision::Allowed(_));
                    assert_eq!(is_allowed, model.may_read(&query, &facts, now), "{query:?}");
                    allowed += usize::from(is_allowed);
                }
            }
        }
    }
    allowed
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 2_000,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn decisions_follow_from_the_history_of_calls(steps in prop::collection::vec(step(), 10..30)) {
        ExtBuilder.build().execute_with(|| {
            let mut model = Model::default();
            for step in steps {
                take(&mut model, step);
                compare(&model);
                Consents::do_try_state().unwrap();
            }
        });
    }
}

/// The sequences above are worth something only when they get somewhere.
#[test]
fn random_sequences_do_allow_reads_by_delegation() {
    ExtBuilder.build_and_execute(|| {
        let mut model = Model::default();
        let draft = |id, may_delegate| Draft {
            id,
            blocks: 0b101,
            purposes: 0b11,
            from: 0,
            until: 30,
            records_from: 0,
            records_until: 5,
            may_delegate,
        };
        take(&mut model, Step::Grant { grantee: 0, draft: draft(1, 2) });
        for (account, acting_as, grantee, depth) in [(0, 0, 2, 1), (2, 2, 4, 0)] {
            let (parent, draft) = (1, draft(1, depth));
            take(&mut model, Step::Delegate { account, acting_as, grantee, parent, draft });
        }
        assert_eq!(model.given.len(), 3);
        // Hospital A with doctor and nurse, the doctor alone, Bob: two blocks, two purposes.
        assert_eq!(compare(&model), (3 + 1 + 1) * 4);
        take(&mut model, Step::Revoke { grantee: 0, id: 1 });
        assert_eq!(compare(&model), 0);
    });
}
