//! Authorisation codes and referrals on the whole runtime: what opens, and what must not.

mod common;

use common::*;
use frame_support::{assert_noop, assert_ok};
use kanglian_primitives::{
    AccessQuery, BusinessBlockSet, CodeKey, Decision, EncryptionKey, Grantee, ParentTerms, Purpose,
    PurposeSet, RecordId, ReferralId, Refusal, TeamId, Terms, TermsId, TermsTemplate, blocks,
    payloads::{self, RedemptionBody},
};
use kanglian_runtime::{
    AccessCodes, AccountId, Consents, Institutions, Records, Referrals, Runtime, RuntimeCall,
    System,
};
use kanglian_traits::{ConsentInspect, RecordInspect};
use sp_core::{Pair, ed25519};
use sp_runtime::{DispatchError, ModuleError};

const TEAM: TeamId = TeamId(1);
const DAY: u64 = 86_400_000;

fn now() -> u64 {
    pallet_timestamp::Now::<Runtime>::get()
}

fn team() -> Grantee<AccountId> {
    Grantee::CareTeam { institution: hospital(), team: TEAM }
}

fn practitioner(name: &str) -> Grantee<AccountId> {
    Grantee::Practitioner { account: account(name), institution: hospital() }
}

/// Hospital, patient, a record, and a team of Nurse and Doctor.
fn world(test: impl FnOnce()) {
    local().execute_with(|| {
        permit_hospital();
        enrol_patient();
        let key = EncryptionKey::x25519([9; 32]);
        for name in ["Nurse", "Doctor"] {
            assert_ok!(Institutions::add_practitioner(
                signed("Hospital"),
                account(name),
                pallet_institutions::Role::Nurse,
                key,
                START + YEAR,
            ));
        }
        let name = b"team".to_vec().try_into().expect("short");
        assert_ok!(Institutions::create_team(signed("Hospital"), TEAM, name, key));
        for name in ["Nurse", "Doctor"] {
            let member = account(name);
            assert_ok!(Institutions::add_team_member(signed("Hospital"), TEAM, member));
        }
        assert_ok!(submit("Hospital", share(record(), blocks::MEDICAL)).expect("free"));
        test();
        assert_ok!(AccessCodes::do_try_state());
        assert_ok!(Referrals::do_try_state());
        assert_ok!(Consents::do_try_state());
    });
}

fn record() -> RecordId {
    RecordId([1; 32])
}

fn decide(who: &str, acting_as: Grantee<AccountId>) -> Decision {
    let facts = Records::facts(&record()).expect("it was shared");
    let query = AccessQuery {
        account: account(who),
        acting_as,
        subject: patient(),
        purpose: Purpose::Treatment,
    };
    Consents::decide(&query, &facts, now())
}

fn reads(who: &str, acting_as: Grantee<AccountId>) -> bool {
    matches!(decide(who, acting_as), Decision::Allowed(_))
}

fn pair_of(seed: u8) -> ed25519::Pair {
    ed25519::Pair::from_seed(&[seed; 32])
}

fn key_of(seed: u8) -> CodeKey {
    CodeKey(pair_of(seed).public().0)
}

fn issue(seed: u8, uses: u8, may_delegate: u8) {
    let template = TermsTemplate {
        blocks: BusinessBlockSet::of(blocks::MEDICAL),
        purposes: PurposeSet::of(Purpose::Treatment),
        from: now(),
        until: now() + 30 * DAY,
        records_from: 0,
        records_until: u64::MAX,
        may_delegate,
    };
    let call = pallet_access_codes::Call::issue_code {
        code: key_of(seed),
        template,
        uses,
        expires_at: now() + DAY,
        sealed: [seed; 32],
    };
    assert_ok!(submit("Patient", RuntimeCall::AccessCodes(call)).expect("the quota pays"));
}

fn redemption(seed: u8, who: &str, grantee: Grantee<AccountId>, genesis: [u8; 32]) -> RuntimeCall {
    let expires_at = now() + 60_000;
    let body = RedemptionBody {
        code: key_of(seed),
        person: patient(),
        redeemer: account(who),
        grantee: grantee.clone(),
        expires_at,
    };
    let signature = pair_of(seed).sign(&payloads::code(&genesis, &body)).0;
    RuntimeCall::AccessCodes(pallet_access_codes::Call::redeem_code {
        code: key_of(seed),
        acting_as: grantee,
        expires_at,
        signature,
    })
}

fn redeem(seed: u8, who: &str, grantee: Grantee<AccountId>) -> Result<(), DispatchError> {
    submit(who, redemption(seed, who, grantee, genesis_hash())).expect("the quota pays")
}

fn error(of: pallet_access_codes::Error<Runtime>) -> DispatchError {
    of.into()
}

#[test]
fn a_team_reads_by_a_code_and_a_leaver_does_not() {
    world(|| {
        issue(1, 1, 0);
        assert!(!reads("Nurse", team()) && !reads("Doctor", team()));
        assert_ok!(redeem(1, "Nurse", team()));
        assert!(reads("Nurse", team()) && reads("Doctor", team()));
        assert!(!reads("Doctor", practitioner("Doctor")), "the terms are the team's");
        let member = account("Nurse");
        assert_ok!(Institutions::remove_team_member(signed("Hospital"), TEAM, member));
        assert_eq!(decide("Nurse", team()), Decision::Refused(Refusal::NotActingAs));
        assert!(reads("Doctor", team()));
        let revoke = pallet_consents::Call::revoke { grantee: team(), id: TermsId(1) };
        assert_ok!(submit("Patient", RuntimeCall::Consents(revoke)).expect("free"));
        assert_eq!(decide("Doctor", team()), Decision::Refused(Refusal::NoConsent));
    });
}

#[test]
fn a_code_gives_nothing_to_a_suspended_redeemer_twice_or_on_another_chain() {
    world(|| {
        issue(1, 1, 0);
        let elsewhere = redemption(1, "Nurse", team(), [7; 32]);
        assert_eq!(
            submit("Nurse", elsewhere).expect("the quota pays"),
            Err(error(pallet_access_codes::Error::SignatureNotGenuine))
        );
        // What the nurse signed, sent by the doctor.
        let copied = redemption(1, "Nurse", team(), genesis_hash());
        assert_eq!(
            submit("Doctor", copied).expect("the quota pays"),
            Err(error(pallet_access_codes::Error::SignatureNotGenuine))
        );
        assert_ok!(Institutions::suspend_practitioner(
            signed("Jiangsu"),
            hospital(),
            account("Nurse")
        ));
        let call = redemption(1, "Nurse", team(), genesis_hash());
        let RuntimeCall::AccessCodes(call) = call else { panic!("a redemption") };
        let dispatched = frame_support::traits::UnfilteredDispatchable::dispatch_bypass_filter(
            call,
            signed("Nurse"),
        );
        assert_eq!(
            dispatched.map(drop).map_err(|failed| failed.error),
            Err(error(pallet_access_codes::Error::NotActingAs))
        );
        assert_ok!(redeem(1, "Doctor", team()));
        assert_eq!(
            redeem(1, "Doctor", practitioner("Doctor")),
            Err(error(pallet_access_codes::Error::UsedUp))
        );
    });
}

#[test]
fn a_cancelled_code_is_gone_and_cancelling_is_free_in_any_standing() {
    world(|| {
        issue(1, 2, 0);
        issue(2, 2, 0);
        let suspend = pallet_real_name::Call::suspend { person: patient() };
        assert_ok!(submit("Jiangsu", RuntimeCall::RealName(suspend)).expect("free"));
        let coins = balance("Patient");
        let cancel = pallet_access_codes::Call::cancel_code { code: key_of(1) };
        assert_ok!(submit("Patient", RuntimeCall::AccessCodes(cancel)).expect("free"));
        assert_eq!(balance("Patient"), coins);
        assert_eq!(
            redeem(1, "Nurse", team()),
            Err(error(pallet_access_codes::Error::CodeNotFound))
        );
        assert_eq!(
            redeem(2, "Nurse", team()),
            Err(error(pallet_access_codes::Error::SubjectNotActive))
        );
    });
}

fn child(to: &Grantee<AccountId>, parent: Grantee<AccountId>) -> Terms<AccountId> {
    let id = Consents::last_terms_id(patient(), to.clone()).0 + 1;
    Terms {
        id: TermsId(id),
        blocks: BusinessBlockSet::of(blocks::MEDICAL),
        purposes: PurposeSet::of(Purpose::Treatment),
        from: now(),
        until: now() + DAY,
        records_from: 0,
        records_until: u64::MAX,
        may_delegate: 0,
        parent: Some(ParentTerms { grantee: parent, id: TermsId(1) }),
        bundle: [4; 32],
    }
}

fn refer(terms: Vec<(Grantee<AccountId>, Terms<AccountId>)>) -> Result<(), DispatchError> {
    let call = pallet_referrals::Call::refer {
        subject: patient(),
        acting_as: team(),
        request: None,
        offers: terms.try_into().expect("few"),
    };
    submit("Doctor", RuntimeCall::Referrals(call)).expect("the quota pays")
}

#[test]
fn a_referral_opens_at_once_stays_within_its_parent_and_ends_with_it() {
    world(|| {
        issue(1, 1, 1);
        assert_ok!(redeem(1, "Nurse", team()));
        let to = practitioner("Nurse");
        let wider = Terms {
            blocks: BusinessBlockSet::of(blocks::MEDICAL).with(blocks::HEALTH),
            ..child(&to, team())
        };
        assert_eq!(
            refer(vec![(to.clone(), wider)]),
            Err(pallet_consents::Error::<Runtime>::BeyondParent.into())
        );
        let longer = Terms { until: now() + 40 * DAY, ..child(&to, team()) };
        assert_eq!(
            refer(vec![(to.clone(), longer)]),
            Err(pallet_consents::Error::<Runtime>::BeyondParent.into())
        );
        assert_ok!(refer(vec![(to.clone(), child(&to, team()))]));
        assert!(reads("Nurse", to.clone()));
        assert_ok!(Consents::revoke(signed("Patient"), team(), TermsId(1)));
        assert!(!reads("Nurse", to.clone()), "the child ends with its parent");
        let accept = Referrals::accept(signed("Nurse"), patient(), ReferralId(1), to);
        assert_noop!(accept, pallet_referrals::Error::<Runtime>::AccessEnded);
    });
}

#[test]
fn rejected_by_one_accepted_by_another_returned_and_over() {
    world(|| {
        issue(1, 1, 1);
        assert_ok!(redeem(1, "Nurse", team()));
        let (one, other) = (practitioner("Nurse"), practitioner("Doctor"));
        let offers =
            vec![(one.clone(), child(&one, team())), (other.clone(), child(&other, team()))];
        assert_ok!(refer(offers));
        let id = ReferralId(1);
        assert!(reads("Nurse", one.clone()) && reads("Doctor", other.clone()));
        let reason = pallet_referrals::Reason::NoCapacity;
        assert_ok!(Referrals::reject(signed("Nurse"), patient(), id, one.clone(), reason));
        assert!(!reads("Nurse", one) && reads("Doctor", other.clone()));
        assert_ok!(Referrals::accept(signed("Doctor"), patient(), id, other.clone()));
        next_block();
        let result = RecordId([2; 32]);
        assert_ok!(submit("Hospital", share(result, blocks::MEDICAL)).expect("free"));
        let back = Referrals::return_result(signed("Doctor"), patient(), id, other.clone(), result);
        assert_ok!(back);
        assert!(!reads("Doctor", other), "access ended with the result");
        assert!(reads("Doctor", team()), "the team's own terms stay");
        assert_ok!(Referrals::close(signed("Doctor"), patient(), id, team()));
    });
}

#[test]
fn a_person_closes_a_referral_for_free_in_any_standing() {
    world(|| {
        let to = practitioner("Nurse");
        let terms = Terms { parent: None, ..child(&to, team()) };
        let call = pallet_referrals::Call::refer_own {
            request: Some(record()),
            offers: vec![(to.clone(), terms)].try_into().expect("one"),
        };
        assert_ok!(submit("Patient", RuntimeCall::Referrals(call)).expect("the quota pays"));
        assert!(reads("Nurse", to.clone()));
        let suspend = pallet_real_name::Call::suspend { person: patient() };
        assert_ok!(submit("Jiangsu", RuntimeCall::RealName(suspend)).expect("free"));
        let close = pallet_referrals::Call::close_own { id: ReferralId(1) };
        assert_ok!(submit("Patient", RuntimeCall::Referrals(close)).expect("free"));
        assert_ok!(kanglian_runtime::RealName::lift(
            kanglian_runtime::RuntimeOrigin::root(),
            patient()
        ));
        assert!(!reads("Nurse", to));
    });
}

#[test]
fn errors_of_the_new_pallets_are_told_apart() {
    world(|| {
        let (codes, referrals) = (
            error(pallet_access_codes::Error::NoUses),
            DispatchError::from(pallet_referrals::Error::<Runtime>::NoOffers),
        );
        let index = |error| match error {
            DispatchError::Module(ModuleError { index, .. }) => index,
            other => panic!("{other:?}"),
        };
        assert_eq!((index(codes), index(referrals)), (60, 61));
        assert!(System::block_number() > 0);
    });
}
