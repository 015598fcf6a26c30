//! `redeem_code`: terms for whoever holds the code, and for nobody else.

use frame_support::dispatch::DispatchResult;
use kanglian_primitives::{Instant, Terms, payloads, payloads::RedemptionBody};
use sp_core::Pair;

use super::*;

fn redeem_with(
    who: AccountId,
    grantee: Grantee<AccountId>,
    expires_at: Instant,
    signature: [u8; 64],
) -> DispatchResult {
    AccessCodes::redeem_code(signed(who), key(1), grantee, expires_at, signature)
}

#[test]
fn redeeming_gives_the_terms_of_the_template_and_says_so() {
    ExtBuilder.build_and_execute(|| {
        assert_ok!(issue(1, 2));
        assert_ok!(redeem(1, DOCTOR, doctor()));
        let event = Event::CodeRedeemed {
            person: ALICE,
            code: key(1),
            grantee: doctor(),
            account: DOCTOR,
            id: TermsId(1),
            uses_left: 1,
        };
        assert_eq!(last_event(), event);
        let terms = Terms::from_template(&template(), TermsId(1), [1; 32]);
        assert_eq!(Given::get(), vec![(ALICE, doctor(), terms)]);
        assert_eq!(open_codes(), [key(1)]);
    });
}

#[test]
fn the_last_use_closes_a_code() {
    ExtBuilder.build_and_execute(|| {
        assert_ok!(issue(1, 2));
        assert_ok!(redeem(1, DOCTOR, doctor()));
        assert_ok!(redeem(1, NURSE, team()));
        assert!(open_codes().is_empty());
        let other = Grantee::Practitioner { account: NURSE, institution: hospital() };
        set_acting(NURSE, other.clone(), true);
        assert_noop!(redeem(1, NURSE, other), Error::<Test>::UsedUp);
        assert_eq!(holders(), [(doctor(), 1), (team(), 1)]);
    });
}

#[test]
fn a_grantee_redeems_a_code_once_whoever_acts_for_it() {
    ExtBuilder.build_and_execute(|| {
        assert_ok!(issue(1, 16));
        assert_ok!(redeem(1, NURSE, team()));
        assert_noop!(redeem(1, NURSE, team()), Error::<Test>::AlreadyRedeemed);
        assert_noop!(redeem(1, DOCTOR, team()), Error::<Test>::AlreadyRedeemed);
    });
}

#[test]
fn a_replayed_redemption_is_refused() {
    ExtBuilder.build_and_execute(|| {
        assert_ok!(issue(1, 3));
        let body = redemption(1, DOCTOR, doctor());
        let signature = sign(1, &body);
        assert_ok!(redeem_with(DOCTOR, doctor(), body.expires_at, signature));
        let replay = || redeem_with(DOCTOR, doctor(), body.expires_at, signature);
        assert_noop!(replay(), Error::<Test>::AlreadyRedeemed);
        // Nor after the code was removed and issued anew, when the signature is long over.
        set_now(NOW + 11 * DAY);
        assert_ok!(AccessCodes::remove_code(signed(STRANGER), key(1)));
        let again = AccessCodes::issue_code(
            signed(ALICE_ACCOUNT),
            key(1),
            template(),
            1,
            NOW + 20 * DAY,
            [1; 32],
        );
        assert_ok!(again);
        assert_noop!(replay(), Error::<Test>::SignatureOver);
    });
}

#[test]
fn a_signature_seen_in_the_pool_serves_nobody_else() {
    ExtBuilder.build_and_execute(|| {
        assert_ok!(issue(1, 2));
        let body = redemption(1, DOCTOR, doctor());
        let signature = sign(1, &body);
        // Another account, for itself or for the team.
        let own = Grantee::Practitioner { account: NURSE, institution: hospital() };
        set_acting(NURSE, own.clone(), true);
        let not_genuine = Error::<Test>::SignatureNotGenuine;
        assert_noop!(redeem_with(NURSE, own, body.expires_at, signature), not_genuine);
        let not_genuine = Error::<Test>::SignatureNotGenuine;
        assert_noop!(redeem_with(NURSE, team(), body.expires_at, signature), not_genuine);
        // The same account for another grantee, or for longer.
        let not_genuine = Error::<Test>::SignatureNotGenuine;
        assert_noop!(redeem_with(DOCTOR, team(), body.expires_at, signature), not_genuine);
        let not_genuine = Error::<Test>::SignatureNotGenuine;
        assert_noop!(redeem_with(DOCTOR, doctor(), body.expires_at + 1, signature), not_genuine);
        assert!(holders().is_empty());
    });
}

#[test]
fn forged_signatures_are_refused() {
    ExtBuilder.build_and_execute(|| {
        assert_ok!(issue(1, 1));
        assert_ok!(issue(2, 1));
        let body = redemption(1, DOCTOR, doctor());
        let honest = sign(1, &body);
        let mut flipped = honest;
        flipped[0] ^= 1;
        let bob = RedemptionBody { person: BOB, ..body.clone() };
        let wrong_genesis = pair(1).sign(&payloads::code(&[9; 32], &body)).0;
        let wrong_domain = pair(1)
            .sign(&payloads::access(
                &genesis(),
                &payloads::AccessStatement {
                    region: kanglian_primitives::RegionCode(320_000),
                    account: DOCTOR,
                    acting_as: doctor(),
                    subject: ALICE,
                    purpose: kanglian_primitives::Purpose::Treatment,
                    issued_at: NOW,
                    expires_at: body.expires_at,
                },
            ))
            .0;
        for forged in [flipped, [0; 64], sign(2, &body), sign(1, &bob), wrong_genesis, wrong_domain]
        {
            let call = redeem_with(DOCTOR, doctor(), body.expires_at, forged);
            assert_noop!(call, Error::<Test>::SignatureNotGenuine);
        }
        assert_ok!(redeem_with(DOCTOR, doctor(), body.expires_at, honest));
    });
}

#[test]
fn a_guessed_code_is_not_found() {
    ExtBuilder.build_and_execute(|| {
        assert_ok!(issue(1, 1));
        for guess in 2..50 {
            assert_noop!(redeem(guess, DOCTOR, doctor()), Error::<Test>::CodeNotFound);
        }
    });
}

#[test]
fn a_code_counts_until_its_boundary_instant() {
    ExtBuilder.build_and_execute(|| {
        assert_ok!(issue(1, 2));
        set_now(NOW + 10 * DAY - 1);
        assert_ok!(redeem(1, DOCTOR, doctor()));
        set_now(NOW + 10 * DAY);
        assert_noop!(redeem(1, NURSE, team()), Error::<Test>::Expired);
    });
}

#[test]
fn a_signature_counts_for_a_short_time_only() {
    ExtBuilder.build_and_execute(|| {
        assert_ok!(issue(1, 1));
        for expires_at in [0, NOW, NOW + 10 * MINUTE + 1, Instant::MAX] {
            let body = RedemptionBody { expires_at, ..redemption(1, DOCTOR, doctor()) };
            let call = redeem_with(DOCTOR, doctor(), expires_at, sign(1, &body));
            assert_noop!(call, Error::<Test>::SignatureOver);
        }
        let expires_at = NOW + 10 * MINUTE;
        let body = RedemptionBody { expires_at, ..redemption(1, DOCTOR, doctor()) };
        assert_ok!(redeem_with(DOCTOR, doctor(), expires_at, sign(1, &body)));
    });
}

#[test]
fn only_practitioners_and_teams_redeem() {
    ExtBuilder.build_and_execute(|| {
        assert_ok!(issue(1, 3));
        for grantee in [Grantee::Institution(hospital()), Grantee::Person(BOB)] {
            set_acting(DOCTOR, grantee.clone(), true);
            assert_noop!(redeem(1, DOCTOR, grantee), Error::<Test>::GranteeNotEligible);
        }
    });
}

#[test]
fn a_suspended_redeemer_and_a_leaver_are_refused() {
    ExtBuilder.build_and_execute(|| {
        assert_ok!(issue(1, 2));
        set_acting(NURSE, team(), false);
        assert_noop!(redeem(1, NURSE, team()), Error::<Test>::NotActingAs);
        assert_noop!(redeem(1, STRANGER, team()), Error::<Test>::NotActingAs);
        set_acting(DOCTOR, doctor(), false);
        assert_noop!(redeem(1, DOCTOR, doctor()), Error::<Test>::NotActingAs);
        assert_noop!(redeem(1, NURSE, doctor()), Error::<Test>::NotActingAs);
    });
}

#[test]
fn codes_of_a_suspended_person_give_nothing() {
    ExtBuilder.build_and_execute(|| {
        assert_ok!(issue(1, 1));
        suspend_person(ALICE, true);
        assert_noop!(redeem(1, DOCTOR, doctor()), Error::<Test>::SubjectNotActive);
    });
}

#[test]
fn what_the_consents_refuse_uses_nothing_up() {
    ExtBuilder.build_and_execute(|| {
        assert_ok!(issue(1, 1));
        RefuseTerms::set(true);
        assert_noop!(redeem(1, DOCTOR, doctor()), TERMS_REFUSED);
        RefuseTerms::set(false);
        assert_ok!(redeem(1, DOCTOR, doctor()));
    });
}

#[test]
fn redeem_refuses_root_and_unsigned() {
    ExtBuilder.build_and_execute(|| {
        assert_ok!(issue(1, 1));
        let body = redemption(1, DOCTOR, doctor());
        for origin in unsigned_origins() {
            let signature = sign(1, &body);
            let call =
                AccessCodes::redeem_code(origin, key(1), doctor(), body.expires_at, signature);
            assert_noop!(call, BadOrigin);
        }
    });
}
