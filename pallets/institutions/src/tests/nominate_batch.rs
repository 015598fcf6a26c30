use super::*;
use crate::ProfileOf;

type Batch = BoundedVec<ProfileOf<Test>, <Test as crate::Config>::MaxBatch>;

fn batch(numbers: core::ops::Range<u32>) -> Batch {
    let profiles: Vec<_> = numbers
        .map(|n| profile(InstitutionId::from_parts(320_100, 200 + n), 200 + u64::from(n)))
        .collect();
    profiles.try_into().expect("short enough")
}

#[test]
fn nominate_batch_registers_all() {
    ExtBuilder::default().build_and_execute(|| {
        let profiles = batch(0..MAX_BATCH);
        let ids: Vec<_> = profiles.iter().map(|profile| profile.id).collect();
        assert_ok!(Institutions::nominate_batch(by(PAN_JIANGSU), profiles));
        for id in &ids {
            assert_eq!(status(*id), Some(InstitutionStatus::Nominated));
        }
        System::assert_last_event(
            Event::BatchNominated { region: JIANGSU, institutions: list(&ids) }.into(),
        );
        assert_eq!(System::event_count(), MAX_BATCH + 1, "a new account each, and one event");
    });
}

#[test]
fn nominate_batch_is_all_or_nothing() {
    ExtBuilder::default().build_and_execute(|| {
        let mut profiles = batch(0..3);
        profiles[2].controller = DEAN;
        assert_noop!(
            Institutions::nominate_batch(by(PAN_JIANGSU), profiles),
            Error::<Test>::ControllerTaken
        );
    });
}

#[test]
fn nominate_batch_notices_repetitions_within_itself() {
    ExtBuilder::default().build_and_execute(|| {
        let mut same_code = batch(0..2);
        same_code[1].id = same_code[0].id;
        assert_noop!(
            Institutions::nominate_batch(by(PAN_JIANGSU), same_code),
            Error::<Test>::InstitutionExists
        );
        let mut same_controller = batch(0..2);
        same_controller[1].controller = same_controller[0].controller;
        assert_noop!(
            Institutions::nominate_batch(by(PAN_JIANGSU), same_controller),
            Error::<Test>::ControllerTaken
        );
    });
}

#[test]
fn nominate_batch_refuses_an_empty_list() {
    ExtBuilder::default().build_and_execute(|| {
        assert_noop!(
            Institutions::nominate_batch(by(PAN_JIANGSU), batch(0..0)),
            Error::<Test>::BatchEmpty
        );
    });
}

#[test]
fn nominate_batch_refuses_everybody_but_active_pan_centres() {
    ExtBuilder::default().build_and_execute(|| {
        for origin in everybody_but(&[PAN_JIANGSU, PAN_ZHEJIANG]) {
            assert_noop!(Institutions::nominate_batch(origin, batch(0..1)), BadOrigin);
        }
    });
}
