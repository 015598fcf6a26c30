use super::*;

fn dismiss(id: RecoveryId) -> DispatchResult {
    Custody::dismiss_recovery(signed(pan_centre(JIANGSU)), id)
}

fn withdraw(id: RecoveryId) -> DispatchResult {
    Custody::withdraw_recovery(signed(CONTROLLER_A), id)
}

#[test]
fn dismiss_names_the_institution_and_gives_the_old_key_back() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(open());
        approve(FIRST, &[SHANGHAI, ZHEJIANG, ANHUI]);
        at(START + DELAY);
        assert_ok!(dismiss(FIRST));
        let ended = recovery(FIRST);
        assert_eq!(
            (ended.status, ended.ended_at),
            (RecoveryStatus::Dismissed, Some(START + DELAY))
        );
        assert!(!person(ALICE).frozen);
        assert_eq!(PendingAt::<Test>::get(hospital_a()), 0);
        last_event(Event::RecoveryEnded {
            id: FIRST,
            person: ALICE,
            institution: hospital_a(),
            status: RecoveryStatus::Dismissed,
        });
        assert_noop!(execute(FIRST), Error::<Test>::NotPending);
        assert_noop!(dismiss(FIRST), Error::<Test>::NotPending);
        assert_noop!(withdraw(FIRST), Error::<Test>::NotPending);
    });
}

#[test]
fn dismiss_is_the_home_regions_or_governances() {
    ExtBuilder::default().build_and_execute(|| {
        assert_noop!(dismiss(FIRST), Error::<Test>::RecoveryUnknown);
        assert_ok!(open());
        let call = |origin| Custody::dismiss_recovery(origin, FIRST);
        only(&[Caller::PanCentre, Caller::Root, Caller::Admin], call);
        assert_noop!(call(signed(pan_centre(ZHEJIANG))), Error::<Test>::OtherRegion);
        set_active(JIANGSU, false);
        assert_noop!(dismiss(FIRST), DispatchError::BadOrigin);
        assert_ok!(call(Caller::Root.origin()));
    });
}

#[test]
fn the_institution_cools_down_and_others_do_not() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(open());
        assert_ok!(dismiss(FIRST));
        assert_noop!(open(), Error::<Test>::CoolingDown);
        assert_ok!(open_by(CONTROLLER_B, NEW));
        assert_ok!(dismiss(RecoveryId(1)));
        assert_eq!(CoolDowns::<Test>::get(ALICE).len(), 2);
        at(START + 30 * DAY - 1);
        assert_noop!(open(), Error::<Test>::CoolingDown);
        at(START + 30 * DAY);
        assert_ok!(open());
    });
}

#[test]
fn withdraw_is_the_opening_institutions() {
    ExtBuilder::default().build_and_execute(|| {
        assert_noop!(withdraw(FIRST), Error::<Test>::RecoveryUnknown);
        assert_ok!(open());
        only(&[Caller::Institution], |origin| Custody::withdraw_recovery(origin, FIRST));
        assert_noop!(
            Custody::withdraw_recovery(signed(CONTROLLER_B), FIRST),
            Error::<Test>::OtherInstitution
        );
        assert_ok!(withdraw(FIRST));
        assert_eq!(recovery(FIRST).status, RecoveryStatus::Withdrawn);
        assert!(!person(ALICE).frozen);
        // Nobody keeps a person from acting by opening and withdrawing in turn.
        assert_noop!(open(), Error::<Test>::CoolingDown);
        at(START + DELAY - 1);
        assert_noop!(open(), Error::<Test>::CoolingDown);
        at(START + DELAY);
        // The ended case gives way.
        assert_ok!(open());
        assert_eq!(Custody::recovery(FIRST), None);
    });
}

#[test]
fn a_recovery_that_nobody_approves_in_time_is_ended_by_anybody() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(open());
        let prune = || Custody::prune_case(signed(STRANGER), CaseRef::Recovery(FIRST));
        at(START + DELAY - 1);
        assert_noop!(prune(), Error::<Test>::TooEarly);
        at(START + DELAY);
        assert_ok!(prune());
        assert_eq!(recovery(FIRST).status, RecoveryStatus::Lapsed);
        assert!(!person(ALICE).frozen);
        assert_noop!(open(), Error::<Test>::CoolingDown);
    });
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(open());
        approve(FIRST, &[SHANGHAI]);
        at(START + DELAY);
        let prune = || Custody::prune_case(signed(STRANGER), CaseRef::Recovery(FIRST));
        assert_noop!(prune(), Error::<Test>::TooEarly);
        assert_noop!(open_by(CONTROLLER_B, NEW), Error::<Test>::RecoveryPending);
    });
}

#[test]
fn withdrawing_a_contested_recovery_cools_down_as_a_dismissal_does() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(open());
        assert_ok!(veto(FIRST));
        assert_ok!(withdraw(FIRST));
        assert_noop!(open(), Error::<Test>::CoolingDown);
    });
}

#[test]
fn the_list_of_cool_downs_is_bounded() {
    ExtBuilder::default().build_and_execute(|| {
        for n in 0..MAX_COOL_DOWNS + 2 {
            let id = kanglian_primitives::InstitutionId::from_parts(320_100, 100 + n);
            let controller = AccountId32::new([n as u8 + 150; 32]);
            Permitted::mutate(|all| all.insert(id, (JIANGSU, controller.clone())));
            assert_ok!(open_by(controller, NEW));
            assert_ok!(dismiss(RecoveryId(n.into())));
        }
        assert_eq!(CoolDowns::<Test>::get(ALICE).len(), MAX_COOL_DOWNS as usize);
    });
}
