//! `renounce`: a grantee gives terms back.

use frame_support::{assert_noop, assert_ok};
use kanglian_primitives::Refusal;
use sp_runtime::DispatchError::BadOrigin;

use super::*;
use crate::{Error, Event};

fn renounce(who: AccountId, acting_as: Grantee<AccountId>) -> DispatchResult {
    Consents::renounce(signed(who), ALICE, acting_as, TermsId(1))
}

#[test]
fn renounce_ends_the_terms_and_says_so() {
    ExtBuilder.build_and_execute(|| {
        let holders = [
            (at_a(), HOSPITAL_A_ACCOUNT),
            (doctor_at_a(), DOCTOR),
            (team_of_a(), NURSE),
            (Grantee::Person(BOB), BOB_ACCOUNT),
        ];
        for (holder, who) in holders {
            grant(holder.clone(), terms(1));
            assert_ok!(renounce(who.clone(), holder.clone()));
            assert_eq!(
                last_event(),
                Event::Renounced { person: ALICE, grantee: holder.clone(), id: TermsId(1) }
            );
            assert_eq!(decide(who, holder), Decision::Refused(Refusal::NoConsent));
        }
    });
}

#[test]
fn renounce_refuses_accounts_that_do_not_act_as_the_holder() {
    ExtBuilder.build_and_execute(|| {
        for holder in [at_a(), doctor_at_a(), team_of_a(), Grantee::Person(BOB)] {
            grant(holder.clone(), terms(1));
            for who in [STRANGER, ALICE_ACCOUNT, HOSPITAL_B_ACCOUNT] {
                assert_noop!(renounce(who, holder.clone()), Error::<Test>::NotActingAs);
            }
            for origin in unsigned_origins() {
                let call = Consents::renounce(origin, ALICE, holder.clone(), TermsId(1));
                assert_noop!(call, BadOrigin);
            }
        }
        suspend_institution(hospital_a(), true);
        assert_noop!(renounce(HOSPITAL_A_ACCOUNT, at_a()), Error::<Test>::NotActingAs);
        assert_noop!(renounce(NURSE, team_of_a()), Error::<Test>::NotActingAs);
    });
}

#[test]
fn renounce_refuses_terms_that_are_not_there() {
    ExtBuilder.build_and_execute(|| {
        grant(at_a(), terms(1));
        assert_noop!(renounce(NURSE, team_of_a()), Error::<Test>::TermsNotFound);
        let other = Consents::renounce(signed(DOCTOR), BOB, at_a(), TermsId(1));
        assert_noop!(other, Error::<Test>::TermsNotFound);
        let other = Consents::renounce(signed(DOCTOR), ALICE, at_a(), TermsId(2));
        assert_noop!(other, Error::<Test>::TermsNotFound);
    });
}
