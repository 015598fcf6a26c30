//! `act_for`: what a proxy may not, and how calls are made.

use super::*;

const GRANT: ActionSet = ActionSet::of(Action::Grant);

fn medical() -> BusinessBlockSet {
    BusinessBlockSet::of(blocks::MEDICAL)
}

#[test]
fn the_call_is_made_by_the_persons_account_and_the_event_says_for_whom() {
    ExtBuilder.build_and_execute(|| {
        assert_ok!(appoint(GRANT));
        assert_ok!(act(NEIGHBOUR, MOTHER, granting(NOW + DAY)));
        let (person, by, capacity, action) = (MOTHER, NEIGHBOUR, Capacity::Proxy, Action::Grant);
        assert_eq!(last_event(), Event::ActedFor { person, by, capacity, action });
        let before = System::events().len() - 2;
        match &System::events()[before].event {
            RuntimeEvent::System(frame_system::Event::Remarked { sender, .. }) => {
                assert_eq!(*sender, wallet(MOTHER).account());
            },
            other => panic!("{other:?}"),
        }
    });
}

#[test]
fn a_proxy_who_oversteps_is_refused() {
    ExtBuilder.build_and_execute(|| {
        assert_ok!(appoint(GRANT));
        let refused = |call, error: Error<Test>| {
            assert_noop!(act(NEIGHBOUR, MOTHER, call), error);
        };
        // Another action.
        refused(revoking(), Error::ActionBeyondMandate);
        let manage = remark(Action::Manage, medical(), None, vec![]);
        refused(manage, Error::ActionBeyondMandate);
        // Another block, also beside one that is named.
        let both = medical().with(blocks::RESTRICTED_MEDICAL);
        refused(remark(Action::Grant, both, None, vec![]), Error::BlocksBeyondMandate);
        // To read oneself, without being allowed to.
        let own = remark(Action::Grant, medical(), None, vec![NEIGHBOUR]);
        refused(own, Error::ActionBeyondMandate);
        // For longer than the mandate.
        refused(granting(NOW + 10 * DAY + 1), Error::OutlastsMandate);
        assert_ok!(act(NEIGHBOUR, MOTHER, granting(NOW + 10 * DAY)));
        // After the end.
        set_now(NOW + 10 * DAY);
        refused(granting(NOW + 10 * DAY), Error::NotActingFor);
    });
}

#[test]
fn a_proxy_who_may_read_may_give_itself_terms() {
    ExtBuilder.build_and_execute(|| {
        assert_ok!(appoint(GRANT.with(Action::Read)));
        let own = remark(Action::Grant, medical(), None, vec![NEIGHBOUR]);
        assert_ok!(act(NEIGHBOUR, MOTHER, own));
    });
}

#[test]
fn what_is_not_on_the_list_is_made_for_nobody() {
    ExtBuilder.build_and_execute(|| {
        attest_mother();
        let nested = RuntimeCall::Guardianships(crate::Call::act_for {
            person: CHILD,
            call: Box::new(revoking()),
        });
        let passing_on = RuntimeCall::Guardianships(crate::Call::appoint_proxy {
            proxy: NEIGHBOUR,
            blocks: medical(),
            actions: GRANT,
            until: NOW + DAY,
            terms: None,
        });
        let other = RuntimeCall::System(frame_system::Call::remark { remark: vec![1] });
        for call in [nested, passing_on, other] {
            assert_noop!(act(MOTHER, CHILD, call), Error::<Test>::CallNotAllowed);
        }
    });
}

#[test]
fn nobody_acts_for_whom_they_do_not_guard() {
    ExtBuilder.build_and_execute(|| {
        attest_mother();
        for (by, person) in [(FATHER, CHILD), (MOTHER, NEIGHBOUR), (CHILD, MOTHER)] {
            assert_noop!(act(by, person, revoking()), Error::<Test>::NotActingFor);
        }
        let call = Guardianships::act_for(signed(STRANGER), CHILD, Box::new(revoking()));
        assert_eq!(call.unwrap_err().error, Error::<Test>::NotActingFor.into());
        for origin in [RuntimeOrigin::root(), RuntimeOrigin::none()] {
            let call = Guardianships::act_for(origin, CHILD, Box::new(revoking()));
            assert_eq!(call.unwrap_err().error, BadOrigin);
        }
    });
}

#[test]
fn a_guardians_gift_does_not_outlast_the_guardianship() {
    ExtBuilder.build_and_execute(|| {
        attest_mother();
        assert_noop!(act(MOTHER, CHILD, granting(OF_AGE + 1)), Error::<Test>::OutlastsMandate);
        assert_ok!(act(MOTHER, CHILD, granting(OF_AGE)));
        let event = last_event();
        let is_guardians = matches!(event, Event::ActedFor { capacity: Capacity::Guardian, .. });
        assert!(is_guardians, "{event:?}");
    });
}

#[test]
fn what_the_persons_own_account_could_not_do_is_named() {
    ExtBuilder.build_and_execute(|| {
        attest_mother();
        let needs_root = RuntimeCall::System(frame_system::Call::set_heap_pages { pages: 1 });
        let refused = act(MOTHER, CHILD, needs_root);
        assert_eq!(refused, Err(DispatchError::from(Error::<Test>::WardNotActive)));
    });
}

#[test]
fn the_question_of_vaults_has_the_same_answer() {
    ExtBuilder.build_and_execute(|| {
        attest_mother();
        assert_ok!(appoint(ActionSet::of(Action::Log)));
        let may = |by: PersonId, person, action, at| {
            Guardianships::acts_for(wallet(by).account(), person, action, at)
        };
        assert_eq!(may(MOTHER, CHILD, Action::Log, NOW), Some(Capacity::Guardian));
        assert_eq!(may(MOTHER, CHILD, Action::Log, OF_AGE), None);
        assert_eq!(may(NEIGHBOUR, MOTHER, Action::Log, NOW), Some(Capacity::Proxy));
        assert_eq!(may(NEIGHBOUR, MOTHER, Action::Grant, NOW), None);
        assert_eq!(may(NEIGHBOUR, CHILD, Action::Log, NOW), None);
        assert_eq!(may(FATHER, CHILD, Action::Log, NOW), None);
    });
}
