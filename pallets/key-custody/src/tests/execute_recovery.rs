use kanglian_traits::{IdentityStatus, PersonInspect};

use super::*;

#[test]
fn execute_recovery_swaps_the_keys_and_calls_the_custodians() {
    ExtBuilder::default().dealt().build_and_execute(|| {
        recover();
        let after = person(ALICE);
        assert_eq!((after.controller, after.data_key), (NEW.account(), NEW.data_key()));
        assert!(!after.frozen);
        let executed = recovery(FIRST);
        assert_eq!(executed.status, RecoveryStatus::Executed);
        assert_eq!(executed.ended_at, Some(START + DELAY));
        assert_eq!(executed.dealing.as_ref().map(|dealing| dealing.number), Some(1));
        assert_eq!(PendingAt::<Test>::get(hospital_a()), 0);
        for region in REGIONS {
            let waiting = Custody::page_of_cases(region, None, 10, START + DELAY);
            assert_eq!(waiting, [CaseRef::Recovery(FIRST)]);
        }
        last_event(Event::RecoveryExecuted {
            id: FIRST,
            person: ALICE,
            old_controller: ALICE_OLD,
            new_controller: NEW.account(),
            dealing: Some(1),
        });
        assert_eq!(Tables::speaks_for(&ALICE_OLD), None, "the old key has no right left");
        assert_noop!(execute(FIRST), Error::<Test>::NotPending);
    });
}

#[test]
fn whoever_dealt_nothing_gets_the_identity_back_and_no_shares() {
    ExtBuilder::default().build_and_execute(|| {
        recover();
        assert_eq!(recovery(FIRST).dealing, None);
        assert_eq!(WaitingCases::<Test>::iter().count(), 0);
    });
}

#[test]
fn execute_recovery_is_anybodys_but_signed() {
    ExtBuilder::default().build_and_execute(|| {
        assert_noop!(execute(FIRST), Error::<Test>::RecoveryUnknown);
        assert_noop!(
            Custody::execute_recovery(RuntimeOrigin::none(), FIRST),
            DispatchError::BadOrigin
        );
        assert_noop!(
            Custody::execute_recovery(RuntimeOrigin::root(), FIRST),
            DispatchError::BadOrigin
        );
    });
}

#[test]
fn no_default_passes_neither_time_nor_votes_alone() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(open());
        assert_noop!(execute(FIRST), Error::<Test>::DelayNotOver);
        approve(FIRST, &REGIONS);
        at(START + DELAY - 1);
        assert_noop!(execute(FIRST), Error::<Test>::DelayNotOver);
        at(START + DELAY);
        assert_ok!(execute(FIRST));
    });
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(open());
        approve(FIRST, &[SHANGHAI, ZHEJIANG]);
        at(START + PERIOD - 1);
        assert_noop!(execute(FIRST), Error::<Test>::NotEnoughApprovals);
        at(START + PERIOD);
        approve_refused(ANHUI);
        assert_noop!(execute(FIRST), Error::<Test>::Expired);
    });
}

fn approve_refused(region: RegionCode) {
    assert_noop!(
        Custody::approve_recovery(signed(pan_centre(region)), FIRST),
        Error::<Test>::Expired
    );
}

#[test]
fn the_recovering_institutions_region_alone_gets_nothing() {
    ExtBuilder::default().build_and_execute(|| {
        // Were the bar so low that its own region and one other sufficed.
        Bar::set(2);
        assert_ok!(open());
        approve(FIRST, &[JIANGSU, ZHEJIANG]);
        at(START + DELAY);
        assert_noop!(execute(FIRST), Error::<Test>::NotEnoughApprovals);
        approve(FIRST, &[SHANGHAI]);
        assert_ok!(execute(FIRST));
    });
}

#[test]
fn approvals_of_regions_suspended_since_do_not_count() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(open());
        approve(FIRST, &[SHANGHAI, ZHEJIANG, ANHUI]);
        at(START + DELAY);
        set_active(ANHUI, false);
        assert_noop!(execute(FIRST), Error::<Test>::NotEnoughApprovals);
        set_active(ANHUI, true);
        assert_ok!(execute(FIRST));
    });
}

#[test]
fn an_institution_no_longer_permitted_recovers_nobody() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(open());
        approve(FIRST, &[SHANGHAI, ZHEJIANG, ANHUI]);
        at(START + DELAY);
        forbid(hospital_a());
        assert_noop!(execute(FIRST), Error::<Test>::InstitutionNotPermitted);
        assert_eq!(person(ALICE).controller, ALICE_OLD);
    });
}

#[test]
fn what_the_registry_of_real_names_refuses_changes_nothing() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(open());
        approve(FIRST, &[SHANGHAI, ZHEJIANG, ANHUI]);
        at(START + DELAY);
        set_person(ALICE, |person| person.status = IdentityStatus::Suspended);
        assert_noop!(execute(FIRST), PEOPLE_REFUSAL);
        set_person(ALICE, |person| person.status = IdentityStatus::Open);
        set_person(BOB, |bob| bob.controller = NEW.account());
        assert_noop!(execute(FIRST), PEOPLE_REFUSAL);
        set_person(BOB, |bob| bob.controller = BOB_ACCOUNT);
        assert_ok!(execute(FIRST));
    });
}

#[test]
fn the_dealing_in_force_at_execution_is_kept_whatever_is_dealt_later() {
    ExtBuilder::default().dealt().build_and_execute(|| {
        recover();
        let new = signed(NEW.account());
        assert_ok!(Custody::deal(new, DealtScope::Whole, terms(2, &REGIONS[..3], 2)));
        let kept = recovery(FIRST).dealing.expect("dealt");
        assert_eq!((kept.number, kept.terms), (1, terms(3, &REGIONS, 1)));
        assert_eq!(Dealings::<Test>::get(ALICE, DealtScope::Whole).unwrap().number, 2);
    });
}
