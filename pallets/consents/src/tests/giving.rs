//! What other pallets ask for: giving terms, ending them, another bundle for them.

use frame_support::{assert_noop, assert_ok};
use kanglian_primitives::{Basis, Refusal, TermsTemplate};
use kanglian_traits::TermsGiver;
use sp_runtime::DispatchError;

use super::*;
use crate::{Error, Event};

fn template() -> TermsTemplate {
    TermsTemplate {
        blocks: BusinessBlockSet::of(blocks::MEDICAL),
        purposes: PurposeSet::of(Purpose::Treatment),
        from: NOW,
        until: NOW + DAY,
        records_from: 0,
        records_until: u64::MAX,
        may_delegate: 0,
    }
}

fn give(grantee: Grantee<AccountId>) -> TermsId {
    let id = Consents::next_id(&ALICE, &grantee);
    let terms = Terms::from_template(&template(), id, [1; 32]);
    assert_ok!(<Consents as TermsGiver<AccountId>>::give(ALICE, grantee, terms));
    id
}

#[test]
fn given_terms_allow_reading_and_ended_ones_do_not() {
    ExtBuilder.build_and_execute(|| {
        let id = give(doctor_at_a());
        assert_eq!(id, TermsId(1));
        assert_eq!(decide(DOCTOR, doctor_at_a()), Decision::Allowed(Basis::Terms(id)));
        assert!(Consents::in_force(&ALICE, &doctor_at_a(), id, NOW));
        assert!(<Consents as TermsGiver<AccountId>>::end(ALICE, &doctor_at_a(), id));
        assert_eq!(last_event(), Event::Ended { person: ALICE, grantee: doctor_at_a(), id });
        assert_eq!(decide(DOCTOR, doctor_at_a()), Decision::Refused(Refusal::NoConsent));
        assert!(!Consents::in_force(&ALICE, &doctor_at_a(), id, NOW));
        assert!(!<Consents as TermsGiver<AccountId>>::end(ALICE, &doctor_at_a(), id));
        assert_eq!(give(doctor_at_a()), TermsId(2), "numbers are never used twice");
    });
}

#[test]
fn terms_given_by_others_are_checked_as_a_grant_is() {
    ExtBuilder.build_and_execute(|| {
        let check = |template: TermsTemplate| Consents::check(&template, NOW);
        assert_ok!(check(template()));
        let none = BusinessBlockSet::EMPTY;
        let wrong = [
            (TermsTemplate { blocks: none, ..template() }, Error::<Test>::NoBlocks),
            (TermsTemplate { until: NOW, ..template() }, Error::EmptyPeriod),
            (TermsTemplate { from: 0, until: NOW, ..template() }, Error::AlreadyOver),
            (TermsTemplate { until: NOW + 101 * DAY, ..template() }, Error::TooLong),
            (TermsTemplate { may_delegate: 3, ..template() }, Error::DelegatesTooDeep),
        ];
        for (template, error) in wrong {
            let error = DispatchError::from(error);
            assert_eq!(check(template), Err(error));
            let terms = Terms::from_template(&template, TermsId(1), [0; 32]);
            let given = <Consents as TermsGiver<AccountId>>::give(ALICE, doctor_at_a(), terms);
            assert_noop!(given, error);
        }
    });
}

#[test]
fn terms_given_on_by_others_stay_within_the_parent() {
    ExtBuilder.build_and_execute(|| {
        grant(doctor_at_a(), Terms { may_delegate: 1, ..terms(1) });
        let on = |who, terms| {
            let (from, to) = (doctor_at_a(), at_b());
            <Consents as TermsGiver<AccountId>>::give_on(&who, ALICE, from, to, terms)
        };
        let wider = Terms { blocks: ALL_MEDICAL, ..child(1, doctor_at_a(), 1) };
        assert_noop!(on(DOCTOR, wider), Error::<Test>::BeyondParent);
        assert_noop!(on(NURSE, child(1, doctor_at_a(), 1)), Error::<Test>::NotActingAs);
        assert_ok!(on(DOCTOR, child(1, doctor_at_a(), 1)));
        assert!(Consents::in_force(&ALICE, &at_b(), TermsId(1), NOW));
        assert_ok!(Consents::revoke(signed(ALICE_ACCOUNT), doctor_at_a(), TermsId(1)));
        assert!(!Consents::in_force(&ALICE, &at_b(), TermsId(1), NOW));
    });
}

#[test]
fn a_bundle_is_replaced_once_and_only_the_one_that_is_named() {
    ExtBuilder.build_and_execute(|| {
        let id = give(doctor_at_a());
        let replace = |id, old, new| Consents::replace_bundle(ALICE, &doctor_at_a(), id, old, new);
        assert_noop!(replace(TermsId(9), [1; 32], [2; 32]), Error::<Test>::TermsNotFound);
        assert_noop!(replace(id, [3; 32], [2; 32]), Error::<Test>::OtherBundle);
        assert_ok!(replace(id, [1; 32], [2; 32]));
        let file = crate::Grants::<Test>::get(ALICE, doctor_at_a()).unwrap();
        assert_eq!(file.find(id).map(|terms| terms.bundle), Some([2; 32]));
        assert_noop!(replace(id, [1; 32], [4; 32]), Error::<Test>::OtherBundle);
    });
}

#[test]
fn acting_is_asked_at_the_instant() {
    ExtBuilder.build_and_execute(|| {
        let acts = |who| <Consents as TermsGiver<AccountId>>::acts_as(&who, &team_of_a(), NOW);
        assert!(acts(NURSE));
        assert!(!acts(DOCTOR));
        set_member(NURSE, hospital_a(), false);
        assert!(!acts(NURSE));
    });
}
