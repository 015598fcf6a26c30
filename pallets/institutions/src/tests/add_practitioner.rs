use super::*;

fn add(origin: RuntimeOrigin, who: u64) -> sp_runtime::DispatchResult {
    Institutions::add_practitioner(origin, who, Role::Pharmacist, KEY, NOW + YEAR)
}

#[test]
fn add_practitioner_registers_until_the_end_given() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(add(by(DEAN), STRANGER));
        let expected = Practitioner {
            role: Role::Pharmacist,
            encryption_key: KEY,
            valid_until: NOW + YEAR,
            status: PractitionerStatus::Active,
        };
        assert_eq!(Practitioners::<Test>::get(STRANGER, hospital()), Some(expected));
        assert_eq!(System::sufficients(&STRANGER), 1);
        System::assert_last_event(
            Event::PractitionerAdded {
                institution: hospital(),
                account: STRANGER,
                role: Role::Pharmacist,
                valid_until: NOW + YEAR,
            }
            .into(),
        );
        assert!(Institutions::is_practitioner(&STRANGER, &hospital(), NOW));
        assert!(!Institutions::is_practitioner(&STRANGER, &clinic(), NOW));
    });
}

#[test]
fn practice_at_several_institutions_is_legal() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(Institutions::permit(by(COUNCIL), list(&[clinic()])));
        assert_ok!(add(by(FOUNDER), DOCTOR));
        assert!(Institutions::is_practitioner(&DOCTOR, &hospital(), NOW));
        assert!(Institutions::is_practitioner(&DOCTOR, &clinic(), NOW));
        assert_eq!(System::sufficients(&DOCTOR), 2);
        assert_eq!(Institutions::practises_at(DOCTOR).len(), 2);
    });
}

#[test]
fn add_practitioner_refuses_everybody_but_a_permitted_institution() {
    ExtBuilder::default().build_and_execute(|| {
        for origin in everybody_but(&[DEAN]) {
            assert_noop!(add(origin, STRANGER), BadOrigin);
        }
        set_now(NOW + YEAR);
        assert_noop!(add(by(DEAN), STRANGER), BadOrigin);
    });
}

#[test]
fn add_practitioner_refuses_a_key_of_small_order() {
    ExtBuilder::default().build_and_execute(|| {
        assert_noop!(
            Institutions::add_practitioner(by(DEAN), STRANGER, Role::Doctor, WEAK_KEY, NOW + YEAR),
            Error::<Test>::WeakKey
        );
    });
}

#[test]
fn add_practitioner_asks_for_an_end_in_the_future() {
    ExtBuilder::default().build_and_execute(|| {
        for end in [0, NOW] {
            assert_noop!(
                Institutions::add_practitioner(by(DEAN), STRANGER, Role::Doctor, KEY, end),
                Error::<Test>::Expired
            );
        }
    });
}

#[test]
fn add_practitioner_refuses_an_account_that_practises_there() {
    ExtBuilder::default().build_and_execute(|| {
        assert_noop!(add(by(DEAN), DOCTOR), Error::<Test>::PractitionerExists);
        assert_ok!(Institutions::suspend_practitioner(by(PAN_JIANGSU), hospital(), DOCTOR));
        assert_noop!(add(by(DEAN), DOCTOR), Error::<Test>::PractitionerExists);
    });
}
