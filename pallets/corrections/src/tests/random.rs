//! Random sequences against a model of which requests wait for whom.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

#[derive(Clone, Debug)]
enum Step {
    Share { record: u8 },
    Ask { record: u8, bob: bool },
    Amend { id: u32, record: u8, by: u8, other: bool },
    Refuse { id: u32, other: bool },
    Mark { record: u8 },
    Escalate { id: u32 },
    Review { id: u32, far: bool, dismiss: bool },
    Withdraw { id: u32 },
    Remove { id: u32 },
    Pass { days: u64 },
}

fn step() -> impl Strategy<Value = Step> {
    let (record, id) = (|| 0..6u8, || 1..9u32);
    prop_oneof![
        3 => record().prop_map(|record| Step::Share { record }),
        5 => (record(), any::<bool>()).prop_map(|(record, bob)| Step::Ask { record, bob }),
        3 => (id(), record(), 100..120u8, any::<bool>())
            .prop_map(|(id, record, by, other)| Step::Amend { id, record, by, other }),
        3 => (id(), any::<bool>()).prop_map(|(id, other)| Step::Refuse { id, other }),
        1 => record().prop_map(|record| Step::Mark { record }),
        3 => id().prop_map(|id| Step::Escalate { id }),
        3 => (id(), any::<bool>(), any::<bool>())
            .prop_map(|(id, far, dismiss)| Step::Review { id, far, dismiss }),
        1 => id().prop_map(|id| Step::Withdraw { id }),
        1 => id().prop_map(|id| Step::Remove { id }),
        3 => (1..40u64).prop_map(|days| Step::Pass { days }),
    ]
}

/// Who has to decide, and until when; by request.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Turn {
    Author { must_amend: bool, by: u64 },
    PanCentre,
}

#[derive(Default)]
struct Model {
    turns: BTreeMap<CorrectionId, Turn>,
}

impl Model {
    fn author_turn(&self, id: CorrectionId) -> Option<Turn> {
        self.turns.get(&id).copied()
    }

    fn take(&mut self, step: Step) {
        let now = Timestamp::get();
        match step {
            Step::Share { record } => {
                if !Shared::get().contains_key(&RecordId([record; 32])) {
                    share(record, Author::Institution(clinic()));
                }
            },
            Step::Ask { record, bob } => {
                let by = if bob { BOB_ACCOUNT } else { ALICE_ACCOUNT };
                let (record, reason) = (RecordId([record; 32]), CorrectionReason::Incomplete);
                if Corrections::request(signed(by), record, reason, [9; 32]).is_ok() {
                    assert!(!bob && self.turns.len() < 3);
                    let id = crate::Files::<Test>::get(ALICE).last;
                    let turn = Turn::Author { must_amend: false, by: now + 30 * DAY };
                    self.turns.insert(id, turn);
                }
            },
            Step::Amend { id, record, by, other } => {
                let id = CorrectionId(id);
                let old = RecordId([record; 32]);
                let is_it = Corrections::correction(ALICE, id).is_some_and(|one| one.record == old);
                let is_current = Shared::get()
                    .get(&old)
                    .is_some_and(|facts| facts.status == RecordStatus::Active);
                if !is_it || !is_current || Shared::get().contains_key(&RecordId([by; 32])) {
                    return;
                }
                let new = RecordId([by; 32]);
                let who = if other { OTHER_ACCOUNT } else { CLINIC_ACCOUNT };
                let waits = self.author_turn(id).is_some();
                if waits && !other {
                    supersede(old, by);
                }
                assert_eq!(amend(who, id, new).is_ok(), waits && !other);
                if waits && !other {
                    self.turns.remove(&id);
                }
            },
            Step::Refuse { id, other } => {
                let id = CorrectionId(id);
                let who = if other { OTHER_ACCOUNT } else { CLINIC_ACCOUNT };
                let may = match self.author_turn(id) {
                    Some(Turn::Author { must_amend, .. }) => !must_amend,
                    Some(Turn::PanCentre) => true,
                    None => false,
                };
                assert_eq!(refuse(who, id).is_ok(), may && !other);
                if may && !other {
                    self.turns.remove(&id);
                }
            },
            Step::Mark { record } => {
                let record = RecordId([record; 32]);
                let id = crate::Waiting::<Test>::get(record);
                if Corrections::mark_wrong_person(signed(CLINIC_ACCOUNT), record).is_ok()
                    && let Some(id) = id
                {
                    assert!(self.turns.remove(&id).is_some());
                }
            },
            Step::Escalate { id } => {
                let id = CorrectionId(id);
                let due =
                    matches!(self.turns.get(&id), Some(Turn::Author { by, .. }) if now >= *by);
                assert_eq!(escalate(id).is_ok(), due);
                if due {
                    self.turns.insert(id, Turn::PanCentre);
                }
            },
            Step::Review { id, far, dismiss } => {
                let id = CorrectionId(id);
                let who = if far { FAR_PAN_CENTRE } else { PAN_CENTRE };
                let reason = dismiss.then_some(RefusalReason::KeptByLaw);
                let may = !far && self.turns.get(&id) == Some(&Turn::PanCentre);
                let call = Corrections::review(signed(who), ALICE, id, reason);
                assert_eq!(call.is_ok(), may);
                if may && dismiss {
                    self.turns.remove(&id);
                } else if may {
                    let turn = Turn::Author { must_amend: true, by: now + 30 * DAY };
                    self.turns.insert(id, turn);
                }
            },
            Step::Withdraw { id } => {
                let id = CorrectionId(id);
                let waits = self.turns.remove(&id).is_some();
                let call = Corrections::withdraw(signed(ALICE_ACCOUNT), id);
                assert_eq!(call.is_ok(), waits);
            },
            Step::Remove { id } => {
                let id = CorrectionId(id);
                if Corrections::remove(signed(STRANGER), ALICE, id).is_ok() {
                    assert!(!self.turns.contains_key(&id), "what waits stays");
                }
            },
            Step::Pass { days } => set_now(now + days * DAY),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 500,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn a_request_waits_for_whom_the_model_says(steps in prop::collection::vec(step(), 10..40)) {
        ExtBuilder.build().execute_with(|| {
            let mut model = Model::default();
            for step in steps {
                model.take(step);
                for (id, one) in Corrections::corrections_of(ALICE) {
                    assert_eq!(one.status.is_open(), model.turns.contains_key(&id), "{id}");
                }
                Corrections::do_try_state().unwrap();
            }
        });
    }
}
