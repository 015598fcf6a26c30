use super::*;

const HEBEI: RegionCode = RegionCode(130_000);

#[test]
fn add_puts_an_authority_at_the_end() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(Authorities::add(council(), ERIN, HEBEI));
        assert_eq!(accounts(), vec![ALICE, BOB, CAROL, DAVE, ERIN]);
        assert_eq!(Authorities::next_set(), accounts());
        assert_eq!(last_event(), Event::AuthorityAdded { account: ERIN, region: HEBEI });
    });
}

#[test]
fn add_refuses_every_other_origin() {
    ExtBuilder::default().build_and_execute(|| {
        for origin in
            [signed(ALICE), signed(STRANGER), RuntimeOrigin::root(), RuntimeOrigin::none()]
        {
            assert_noop!(Authorities::add(origin, ERIN, HEBEI), BadOrigin);
        }
    });
}

#[test]
fn add_refuses_a_region_that_is_not_active() {
    ExtBuilder::default().build_and_execute(|| {
        SuspendedRegions::set(vec![HEBEI]);
        let call = Authorities::add(council(), ERIN, HEBEI);
        assert_noop!(call, Error::<Test>::RegionNotActive);
    });
}

#[test]
fn add_refuses_an_account_without_session_keys() {
    ExtBuilder::default().build_and_execute(|| {
        WithoutKeys::set(vec![ERIN]);
        assert_noop!(Authorities::add(council(), ERIN, HEBEI), Error::<Test>::NoSessionKeys);
    });
}

#[test]
fn add_refuses_an_authority() {
    ExtBuilder::default().build_and_execute(|| {
        assert_noop!(Authorities::add(council(), ALICE, HEBEI), Error::<Test>::AlreadyAuthority);
    });
}

#[test]
fn add_refuses_an_authority_too_many() {
    ExtBuilder::default().build_and_execute(|| {
        for index in 5u8..9 {
            let region = RegionCode(110_000 + u32::from(index) * 10_000);
            assert_ok!(Authorities::add(council(), AccountId32::new([index; 32]), region));
        }
        let call = Authorities::add(council(), STRANGER, HEBEI);
        assert_noop!(call, Error::<Test>::TooManyAuthorities);
    });
}

#[test]
fn add_refuses_more_than_a_third_for_one_region() {
    ExtBuilder::default().build_and_execute(|| {
        // Two of five are more than ⌊4/3⌋ = 1, two of seven are ⌊6/3⌋.
        let second_of_beijing = || Authorities::add(council(), ERIN, BEIJING);
        assert_noop!(second_of_beijing(), Error::<Test>::RegionTooStrong);
        assert_ok!(Authorities::add(council(), AccountId32::new([6; 32]), HEBEI));
        assert_noop!(second_of_beijing(), Error::<Test>::RegionTooStrong);
        assert_ok!(Authorities::add(council(), AccountId32::new([7; 32]), RegionCode(330_000)));
        assert_ok!(second_of_beijing());
    });
}

#[test]
fn add_has_no_limit_below_four_and_refuses_a_fourth_beside_two_of_one_region() {
    ExtBuilder::default().authorities(vec![(ALICE, BEIJING)]).build_and_execute(|| {
        assert_ok!(Authorities::add(council(), BOB, BEIJING));
        assert_ok!(Authorities::add(council(), CAROL, JIANGSU));
        let fourth = || Authorities::add(council(), DAVE, SICHUAN);
        assert_noop!(fourth(), Error::<Test>::RegionTooStrong);
        assert_ok!(Authorities::remove(council(), BOB));
        assert_ok!(fourth());
    });
}

#[test]
fn add_is_not_stopped_by_a_region_that_removals_left_too_strong() {
    let seven = vec![
        (ALICE, BEIJING),
        (BOB, BEIJING),
        (CAROL, JIANGSU),
        (DAVE, JIANGSU),
        (ERIN, SICHUAN),
        (AccountId32::new([6; 32]), SICHUAN),
        (AccountId32::new([7; 32]), YUNNAN),
    ];
    ExtBuilder::default().authorities(seven).build_and_execute(|| {
        for byte in [5, 6] {
            assert_ok!(Authorities::remove(council(), AccountId32::new([byte; 32])));
        }
        // Beijing and Jiangsu hold two of five each. Others may come, Beijing may not grow.
        assert_noop!(Authorities::add(council(), ERIN, BEIJING), Error::<Test>::RegionTooStrong);
        assert_ok!(Authorities::add(council(), ERIN, HEBEI));
    });
}
