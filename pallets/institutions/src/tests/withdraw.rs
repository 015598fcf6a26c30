use super::*;

#[test]
fn withdraw_leaves_no_trace() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(Institutions::withdraw(by(PAN_ZHEJIANG), clinic()));
        System::assert_last_event(Event::Withdrawn { institution: clinic() }.into());
        assert_eq!(status(clinic()), None);
        assert_eq!(InstitutionOf::<Test>::get(FOUNDER), None);
        assert_eq!(System::sufficients(&FOUNDER), 0);
        assert_ok!(Institutions::nominate(by(PAN_JIANGSU), profile(clinic(), FOUNDER)));
    });
}

#[test]
fn withdraw_refuses_everybody_but_active_pan_centres() {
    ExtBuilder::default().build_and_execute(|| {
        for origin in everybody_but(&[PAN_JIANGSU, PAN_ZHEJIANG]) {
            assert_noop!(Institutions::withdraw(origin, clinic()), BadOrigin);
        }
    });
}

#[test]
fn withdraw_stays_inside_the_province() {
    ExtBuilder::default().build_and_execute(|| {
        assert_noop!(Institutions::withdraw(by(PAN_JIANGSU), clinic()), Error::<Test>::OtherRegion);
    });
}

#[test]
fn withdraw_refuses_an_unknown_code() {
    ExtBuilder::default().build_and_execute(|| {
        assert_noop!(
            Institutions::withdraw(by(PAN_JIANGSU), unknown()),
            Error::<Test>::InstitutionUnknown
        );
    });
}

#[test]
fn withdraw_takes_back_mere_nominations_only() {
    ExtBuilder::default().build_and_execute(|| {
        let withdraw = || Institutions::withdraw(by(PAN_JIANGSU), hospital());
        assert_noop!(withdraw(), Error::<Test>::NotNominated);
        assert_ok!(Institutions::suspend(by(PAN_JIANGSU), hospital()));
        assert_noop!(withdraw(), Error::<Test>::NotNominated);
        revoke_hospital();
        assert_noop!(withdraw(), Error::<Test>::NotNominated);
    });
}
