//! `appoint_proxy`, `revoke_proxy`, `renounce_proxy`.

use super::*;
use kanglian_primitives::Terms;

const REVOKE: ActionSet = ActionSet::of(Action::Revoke);
const READ: ActionSet = ActionSet::of(Action::Read);

fn reads(at: Instant) -> bool {
    let grantee = Grantee::Person(NEIGHBOUR);
    <Registry as TermsGiver<AccountId>>::in_force(&MOTHER, &grantee, TermsId(1), at)
}

fn appoint_with(
    origin: RuntimeOrigin,
    proxy: PersonId,
    blocks: BusinessBlockSet,
    actions: ActionSet,
    until: Instant,
    terms: Option<Terms<AccountId>>,
) -> DispatchResult {
    Guardianships::appoint_proxy(origin, proxy, blocks, actions, until, terms)
}

#[test]
fn a_proxy_reads_by_terms_that_end_with_the_mandate() {
    ExtBuilder.build_and_execute(|| {
        assert_ok!(appoint(READ.with(Action::Revoke)));
        let mandate = Guardianships::proxies_of(MOTHER)[0];
        assert_eq!(last_event(), Event::ProxyAppointed { person: MOTHER, mandate });
        assert!(reads(NOW) && !reads(NOW + 10 * DAY));
        assert_ok!(Guardianships::revoke_proxy(of(MOTHER), NEIGHBOUR));
        let (person, proxy, renounced) = (MOTHER, NEIGHBOUR, false);
        assert_eq!(last_event(), Event::ProxyEnded { person, proxy, renounced });
        assert!(!reads(NOW), "the terms ended too");
        assert_noop!(act(NEIGHBOUR, MOTHER, revoking()), Error::<Test>::NotActingFor);
        assert_noop!(
            Guardianships::revoke_proxy(of(MOTHER), NEIGHBOUR),
            Error::<Test>::ProxyUnknown
        );
    });
}

#[test]
fn a_suspended_person_still_takes_a_mandate_back() {
    ExtBuilder.build_and_execute(|| {
        assert_ok!(appoint(REVOKE));
        change(MOTHER, |known| known.suspended = true);
        assert_noop!(Guardianships::revoke_proxy(signed(STRANGER), NEIGHBOUR), BadOrigin);
        assert_ok!(Guardianships::revoke_proxy(of(MOTHER), NEIGHBOUR));
    });
}

#[test]
fn a_proxy_gives_the_mandate_back() {
    ExtBuilder.build_and_execute(|| {
        assert_ok!(appoint(READ));
        assert_noop!(
            Guardianships::renounce_proxy(of(FATHER), MOTHER),
            Error::<Test>::ProxyUnknown
        );
        assert_ok!(Guardianships::renounce_proxy(of(NEIGHBOUR), MOTHER));
        assert!(!reads(NOW));
        assert_eq!(crate::Proxies::<Test>::iter().count(), 0);
    });
}

#[test]
fn a_mandate_is_well_formed() {
    ExtBuilder.build_and_execute(|| {
        let (medical, until) = (BusinessBlockSet::of(blocks::MEDICAL), NOW + 10 * DAY);
        let refused = |proxy, blocks, actions, until, terms, error: Error<Test>| {
            assert_noop!(appoint_with(of(MOTHER), proxy, blocks, actions, until, terms), error);
        };
        use Error as E;
        refused(MOTHER, medical, REVOKE, until, None, E::OwnSelf);
        refused(NEIGHBOUR, medical, ActionSet(0), until, None, E::NoActions);
        refused(NEIGHBOUR, medical, ActionSet(0xff), until, Some(terms(1)), E::NotForProxies);
        refused(NEIGHBOUR, BusinessBlockSet::EMPTY, REVOKE, until, None, E::NoBlocks);
        refused(NEIGHBOUR, medical, REVOKE, NOW, None, E::EndsInPast);
        refused(NEIGHBOUR, medical, REVOKE, NOW + 2 * YEAR + 1, None, E::TooLong);
        refused(PersonId([1; 32]), medical, REVOKE, until, None, E::ProxyNotActive);
        refused(NEIGHBOUR, medical, READ, until, None, E::TermsDoNotFit);
        refused(NEIGHBOUR, medical, REVOKE, until, Some(terms(1)), E::TermsDoNotFit);
        for beyond in [
            Terms { until: until + 1, ..terms(1) },
            Terms { may_delegate: 1, ..terms(1) },
            Terms { blocks: medical.with(blocks::HEALTH), ..terms(1) },
        ] {
            refused(NEIGHBOUR, medical, READ, until, Some(beyond), E::TermsBeyondMandate);
        }
        for origin in [signed(STRANGER), RuntimeOrigin::root(), RuntimeOrigin::none()] {
            let call = appoint_with(origin, NEIGHBOUR, medical, REVOKE, until, None);
            assert_noop!(call, BadOrigin);
        }
        // What the consents refuse, nobody appoints.
        assert_ok!(appoint(READ));
        let again = appoint_with(of(MOTHER), NEIGHBOUR, medical, REVOKE, until, None);
        assert_noop!(again, Error::<Test>::ProxyKnown);
        Given::mutate(|given| {
            given.insert((MOTHER, Grantee::Person(FATHER), TermsId(1)), terms(1))
        });
        let call = appoint_with(of(MOTHER), FATHER, medical, READ, until, Some(terms(1)));
        // As an extrinsic does: what was written before the refusal is undone.
        let call = frame_support::storage::with_storage_layer(|| call);
        assert_eq!(call, Err(TERMS_REFUSED));
        let _ = Guardianships::revoke_proxy(of(MOTHER), FATHER);
    });
}

#[test]
fn a_guardian_who_holds_the_keys_appoints_nobody() {
    ExtBuilder.build_and_execute(|| {
        attest_mother();
        let (medical, until) = (BusinessBlockSet::of(blocks::MEDICAL), NOW + DAY);
        let call = appoint_with(of(CHILD), NEIGHBOUR, medical, REVOKE, until, None);
        assert_noop!(call, Error::<Test>::HeldByGuardian);
    });
}

#[test]
fn there_is_room_for_eight_and_the_expired_make_room() {
    ExtBuilder.build_and_execute(|| {
        let (medical, until) = (BusinessBlockSet::of(blocks::MEDICAL), NOW + DAY);
        for n in 1..=9u8 {
            let id = PersonId([0xd0 + n; 32]);
            add_person(id, JIANGSU, wallet(id).account());
            let call = appoint_with(of(MOTHER), id, medical, REVOKE, until, None);
            match n {
                9 => assert_eq!(call, Err(Error::<Test>::TooManyProxies.into())),
                _ => {
                    assert_ok!(call);
                },
            }
        }
        set_now(NOW + DAY);
        assert_ok!(appoint_with(of(MOTHER), NEIGHBOUR, medical, REVOKE, NOW + 2 * DAY, None));
        assert_eq!(Guardianships::proxies_of(MOTHER).len(), 1);
    });
}
