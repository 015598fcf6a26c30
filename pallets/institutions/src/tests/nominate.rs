use super::*;

#[test]
fn nominate_registers_and_permits_nothing() {
    ExtBuilder::default().build_and_execute(|| {
        let profile = profile(unknown(), STRANGER);
        assert_ok!(Institutions::nominate(by(PAN_ZHEJIANG), profile.clone()));
        let expected = Institution {
            region: ZHEJIANG,
            kind: profile.kind,
            name: profile.name,
            controller: STRANGER,
            encryption_key: KEY,
            blocks: profile.blocks,
            valid_until: NOW + YEAR,
            status: InstitutionStatus::Nominated,
        };
        assert_eq!(Registry::<Test>::get(unknown()), Some(expected));
        assert_eq!(InstitutionOf::<Test>::get(STRANGER), Some(unknown()));
        assert_eq!(System::sufficients(&STRANGER), 1);
        assert_eq!(Institutions::permitted(&unknown(), NOW), None);
        assert_eq!(Institutions::acting(&STRANGER, NOW), None);
        System::assert_last_event(
            Event::Nominated { institution: unknown(), region: ZHEJIANG, controller: STRANGER }
                .into(),
        );
    });
}

#[test]
fn nominate_refuses_everybody_but_active_pan_centres() {
    ExtBuilder::default().build_and_execute(|| {
        for origin in everybody_but(&[PAN_JIANGSU, PAN_ZHEJIANG]) {
            assert_noop!(Institutions::nominate(origin, profile(unknown(), STRANGER)), BadOrigin);
        }
    });
}

#[test]
fn nominate_takes_classes_of_ws_218_only() {
    ExtBuilder::default().build_and_execute(|| {
        for kind in ["", "1A", "a1", "A-1", "A 1", "医院"] {
            let mut profile = profile(unknown(), STRANGER);
            profile.kind = text(kind);
            assert_noop!(
                Institutions::nominate(by(PAN_JIANGSU), profile),
                Error::<Test>::KindInvalid
            );
        }
        for (n, kind) in ["A", "A1", "D110", "ABCDEFG9"].into_iter().enumerate() {
            let n = u32::try_from(n).expect("small");
            let mut profile =
                profile(InstitutionId::from_parts(320_100, 500 + n), 500 + u64::from(n));
            profile.kind = text(kind);
            assert_ok!(Institutions::nominate(by(PAN_JIANGSU), profile));
        }
    });
}

#[test]
fn nominate_refuses_names_that_cannot_be_shown() {
    ExtBuilder::default().build_and_execute(|| {
        for name in [&b""[..], b" ", b"a\nb", b"\0", b"\xff\xfe"] {
            let mut profile = profile(unknown(), STRANGER);
            profile.name = name.to_vec().try_into().expect("short");
            assert_noop!(
                Institutions::nominate(by(PAN_JIANGSU), profile),
                Error::<Test>::NameInvalid
            );
        }
    });
}

#[test]
fn nominate_refuses_a_key_of_small_order() {
    ExtBuilder::default().build_and_execute(|| {
        let mut profile = profile(unknown(), STRANGER);
        profile.encryption_key = WEAK_KEY;
        assert_noop!(Institutions::nominate(by(PAN_JIANGSU), profile), Error::<Test>::WeakKey);
    });
}

#[test]
fn nominate_asks_for_open_blocks() {
    ExtBuilder::default().build_and_execute(|| {
        let mut profile = profile(unknown(), STRANGER);
        profile.blocks = BusinessBlockSet::EMPTY;
        assert_noop!(
            Institutions::nominate(by(PAN_JIANGSU), profile.clone()),
            Error::<Test>::BlocksEmpty
        );
        profile.blocks = BusinessBlockSet(0b1_0000_0001);
        assert_noop!(
            Institutions::nominate(by(PAN_JIANGSU), profile.clone()),
            Error::<Test>::BlockNotOpen
        );
        profile.blocks = BusinessBlockSet(0xff);
        assert_ok!(Institutions::nominate(by(PAN_JIANGSU), profile));
    });
}

#[test]
fn nominate_asks_for_an_end_in_the_future() {
    ExtBuilder::default().build_and_execute(|| {
        let mut profile = profile(unknown(), STRANGER);
        for end in [0, NOW - 1, NOW] {
            profile.valid_until = end;
            assert_noop!(
                Institutions::nominate(by(PAN_JIANGSU), profile.clone()),
                Error::<Test>::Expired
            );
        }
        profile.valid_until = u64::MAX;
        assert_ok!(Institutions::nominate(by(PAN_JIANGSU), profile));
    });
}

#[test]
fn nominate_refuses_a_known_code_whatever_its_standing() {
    ExtBuilder::default().build_and_execute(|| {
        let again = || Institutions::nominate(by(PAN_JIANGSU), profile(hospital(), STRANGER));
        assert_noop!(again(), Error::<Test>::InstitutionExists);
        revoke_hospital();
        assert_noop!(again(), Error::<Test>::InstitutionExists);
    });
}

#[test]
fn sites_of_one_code_are_institutions_of_their_own() {
    ExtBuilder::default().build_and_execute(|| {
        let site: InstitutionId =
            format!("{}-3", hospital()).parse().expect("a site of a valid code");
        assert_ok!(Institutions::nominate(by(PAN_JIANGSU), profile(site, STRANGER)));
        assert_eq!(status(site), Some(InstitutionStatus::Nominated));
        assert_eq!(status(hospital()), Some(InstitutionStatus::Permitted));
    });
}

#[test]
fn nominate_refuses_an_account_that_speaks_for_another() {
    ExtBuilder::default().build_and_execute(|| {
        for taken in [DEAN, FOUNDER] {
            assert_noop!(
                Institutions::nominate(by(PAN_JIANGSU), profile(unknown(), taken)),
                Error::<Test>::ControllerTaken
            );
        }
        revoke_hospital();
        assert_ok!(Institutions::nominate(by(PAN_JIANGSU), profile(unknown(), DEAN)));
    });
}
