use super::*;

#[test]
fn endorse_is_kept_until_it_is_withdrawn() {
    ExtBuilder.build_and_execute(|| {
        assert_ok!(Draft::hospital(1).publish());
        assert_ok!(PublicWorks::endorse(signed(CLINIC), work(1)));
        assert_eq!(last_event(), Event::Endorsed { work: work(1), by: clinic() });
        let known = facts(work(1)).endorsements;
        assert_eq!((known[0].by, known[0].at, known[0].in_standing), (clinic(), NOW, true));
        assert_noop!(PublicWorks::endorse(signed(CLINIC), work(1)), Error::<Test>::AlreadyEndorsed);
        assert_ok!(PublicWorks::withdraw_endorsement(signed(CLINIC), work(1)));
        assert_eq!(last_event(), Event::EndorsementWithdrawn { work: work(1), by: clinic() });
        assert!(facts(work(1)).endorsements.is_empty());
        assert_noop!(
            PublicWorks::withdraw_endorsement(signed(CLINIC), work(1)),
            Error::<Test>::NotEndorsed
        );
    });
}

#[test]
fn endorse_is_for_other_permitted_institutions() {
    ExtBuilder.build_and_execute(|| {
        assert_ok!(Draft::hospital(1).publish());
        for origin in other_origins() {
            assert_noop!(PublicWorks::endorse(origin.clone(), work(1)), BadOrigin);
            assert_noop!(PublicWorks::withdraw_endorsement(origin, work(1)), BadOrigin);
        }
        for own in [HOSPITAL, BRANCH] {
            assert_noop!(PublicWorks::endorse(signed(own), work(1)), Error::<Test>::OwnWork);
        }
        suspend(CLINIC);
        assert_noop!(PublicWorks::endorse(signed(CLINIC), work(1)), BadOrigin);
    });
}

#[test]
fn endorse_needs_a_current_work_with_room() {
    ExtBuilder.build_and_execute(|| {
        assert_noop!(PublicWorks::endorse(signed(CLINIC), work(1)), Error::<Test>::NotFound);
        assert_noop!(
            PublicWorks::withdraw_endorsement(signed(CLINIC), work(1)),
            Error::<Test>::NotFound
        );
        assert_ok!(Draft::hospital(1).publish());
        for who in [CLINIC, COLLEGE] {
            assert_ok!(PublicWorks::endorse(signed(who), work(1)));
        }
        let third = kanglian_primitives::InstitutionId::from_parts(330_000, 77);
        permit(STRANGER, third, ZHEJIANG);
        assert_noop!(
            PublicWorks::endorse(signed(STRANGER), work(1)),
            Error::<Test>::TooManyEndorsements
        );
        assert_ok!(PublicWorks::retract(signed(HOSPITAL), work(1), RetractionReason::Outdated));
        assert_noop!(PublicWorks::endorse(signed(STRANGER), work(1)), Error::<Test>::NotCurrent);
        // Who endorsed it can still say no.
        assert_ok!(PublicWorks::withdraw_endorsement(signed(CLINIC), work(1)));
    });
}

#[test]
fn endorsements_of_who_lost_the_permit_show_as_such() {
    ExtBuilder.build_and_execute(|| {
        assert_ok!(Draft::hospital(1).publish());
        assert_ok!(PublicWorks::endorse(signed(CLINIC), work(1)));
        suspend(CLINIC);
        assert!(!facts(work(1)).endorsements[0].in_standing);
    });
}
