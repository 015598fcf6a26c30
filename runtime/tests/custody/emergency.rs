//! What an emergency opens, and its review.

use super::*;

#[test]
fn an_emergency_opens_the_summary_and_nothing_else() {
    local().execute_with(|| {
        begin_emergency();
        let refused = Decision::Refused(Refusal::NoConsent);
        assert_eq!(by_doctor(Purpose::EmergencyTreatment, SUMMARY), refused);
        let paid = [balance("Doctor"), balance("Hospital"), balance("Patient")];
        assert_ok!(open_emergency(1));
        let allowed = Decision::Allowed(Basis::Emergency(CASE));
        assert_eq!(by_doctor(Purpose::EmergencyTreatment, SUMMARY), allowed);
        assert_eq!(by_doctor(Purpose::BreakTheGlass, SUMMARY), allowed);
        assert_eq!(by_doctor(Purpose::EmergencyTreatment, LETTER), refused);
        assert_eq!(by_doctor(Purpose::Treatment, SUMMARY), refused);
        assert_err!(open_emergency(1), Error::<Runtime>::AlreadyOpen);

        // Custodians hand over at once; the person sees who opened it.
        let case = CaseRef::Emergency(CASE);
        for (n, province) in ["Jiangsu", "Zhejiang", "Shanghai"].into_iter().enumerate() {
            assert_eq!(
                KeyCustody::waiting_cases(PROVINCES[1].1, None, 9, now()).len(),
                usize::from(n == 0)
            );
            let blob = [n as u8 + 1; 32];
            assert_ok!(send(&custodian(province), Call::hand_over { case, blob }));
            assert!(KeyCustody::may_fetch(account("Doctor"), patient(), blob, now()));
            assert!(!KeyCustody::may_fetch(account("Hospital"), patient(), blob, now()));
        }
        let notes = KeyCustody::emergencies_of(patient());
        assert_eq!(
            notes.iter().map(|note| &note.practitioner).collect::<Vec<_>>(),
            [&account("Doctor")]
        );

        // Nobody is paid for it, and after the hour nothing is open.
        pallet_timestamp::Now::<Runtime>::put(now() + 3_600_000);
        assert_eq!(by_doctor(Purpose::EmergencyTreatment, SUMMARY), refused);
        assert!(!KeyCustody::may_fetch(account("Doctor"), patient(), [1; 32], now()));
        assert_eq!([balance("Doctor"), balance("Hospital"), balance("Patient")], paid);
    });
}

#[test]
fn an_emergency_ends_with_the_physicians_standing_and_abuse_ends_that() {
    local().execute_with(|| {
        begin_emergency();
        assert_ok!(open_emergency(4));
        let read = || by_doctor(Purpose::EmergencyTreatment, SUMMARY);
        assert!(matches!(read(), Decision::Allowed(_)));
        let review = |who| {
            let outcome = ReviewOutcome::Abuse;
            send(who, Call::review_emergency { id: CASE, outcome })
        };
        assert_err!(review("Zhejiang"), Error::<Runtime>::OtherRegion);
        assert_err!(review("Hospital"), DispatchError::BadOrigin);
        assert_err!(review("Doctor"), DispatchError::BadOrigin);
        assert_ok!(review("Jiangsu"));
        assert_eq!(read(), Decision::Refused(Refusal::NotActingAs));
        let found =
            pallet_institutions::Practitioners::<Runtime>::get(account("Doctor"), hospital())
                .expect("registered");
        assert_eq!(found.status, pallet_institutions::PractitionerStatus::Suspended);
        // The hospital cannot undo it; the council can, and the emergency stays over.
        let id = hospital();
        let remove = pallet_institutions::Call::remove_practitioner { account: account("Doctor") };
        assert!(submit("Hospital", RuntimeCall::Institutions(remove)).expect("free").is_err());
        let lift = pallet_institutions::Call::lift_practitioner { id, account: account("Doctor") };
        council(RuntimeCall::Institutions(lift));
        assert_eq!(read(), Decision::Refused(Refusal::NoConsent));
    });
}

#[test]
fn an_overdue_review_is_escalated_by_anybody() {
    local().execute_with(|| {
        begin_emergency();
        assert_ok!(open_emergency(1));
        let escalate = || send("Zhejiang", Call::escalate_emergency { id: CASE });
        assert_err!(escalate(), Error::<Runtime>::NotOverdue);
        let due = KeyCustody::emergency(CASE).expect("opened").review_by;
        pallet_timestamp::Now::<Runtime>::put(due);
        assert_eq!(KeyCustody::overdue_reviews(None, 9, due), [CASE]);
        assert_ok!(escalate());
        assert_eq!(KeyCustody::overdue_count(JIANGSU), 1);
        let outcome = ReviewOutcome::Justified;
        let review = Call::review_emergency { id: CASE, outcome };
        assert_ok!(send("Jiangsu", review));
        assert_eq!(KeyCustody::overdue_count(JIANGSU), 0);
    });
}
