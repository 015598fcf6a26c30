use super::*;

const HEBEI: RegionCode = RegionCode(130_000);

#[test]
fn a_set_is_given_once_and_again_only_when_it_changes() {
    ExtBuilder::default().build_and_execute(|| {
        let plan = Authorities::validators_for_next_session;
        assert_eq!(plan(), Some(vec![ALICE, BOB, CAROL, DAVE]));
        assert_eq!(plan(), None);
        assert_ok!(Authorities::add(council(), ERIN, HEBEI));
        assert_eq!(plan(), Some(vec![ALICE, BOB, CAROL, DAVE, ERIN]));
        assert_eq!(plan(), None);
        report(&ALICE, 7);
        assert_eq!(plan(), Some(vec![BOB, CAROL, DAVE, ERIN]));
        assert_eq!(plan(), None);
    });
}

#[test]
fn a_set_leaves_out_those_without_session_keys() {
    ExtBuilder::default().build_and_execute(|| {
        WithoutKeys::set(vec![BOB]);
        assert_eq!(Authorities::validators_for_next_session(), Some(vec![ALICE, CAROL, DAVE]));
        WithoutKeys::set(vec![]);
        assert_eq!(Authorities::validators_for_next_session(), Some(vec![ALICE, BOB, CAROL, DAVE]));
    });
}

#[test]
fn no_set_is_given_when_nobody_could_validate() {
    ExtBuilder::default().build_and_execute(|| {
        WithoutKeys::set(vec![ALICE, BOB, CAROL, DAVE]);
        assert_eq!(Authorities::validators_for_next_session(), None);
        WithoutKeys::set(vec![]);
        assert!(Authorities::validators_for_next_session().is_some());
    });
}

#[test]
fn a_removal_between_two_plans_that_is_undone_changes_the_order_of_the_set() {
    ExtBuilder::default().build_and_execute(|| {
        Authorities::validators_for_next_session();
        assert_ok!(Authorities::remove(council(), ALICE));
        assert_ok!(Authorities::add(council(), ALICE, BEIJING));
        assert_eq!(Authorities::validators_for_next_session(), Some(vec![BOB, CAROL, DAVE, ALICE]));
    });
}
