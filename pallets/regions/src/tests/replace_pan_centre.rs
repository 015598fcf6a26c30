use kanglian_traits::RegionInspect;
use sp_runtime::AccountId32;

use super::*;

#[test]
fn replace_pan_centre_moves_the_place() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(Regions::replace_pan_centre(two_thirds(), JIANGSU, NEW_CENTRE));
        assert_eq!(Regions::region_of_pan_centre(&NEW_CENTRE), Some(JIANGSU));
        assert_eq!(Regions::region_of_pan_centre(&JIANGSU_CENTRE), None);
        assert_eq!(System::sufficients(&NEW_CENTRE), 1);
        assert_eq!(System::sufficients(&JIANGSU_CENTRE), 0);
        assert_eq!(
            last_event(),
            Event::PanCentreReplaced { region: JIANGSU, old: JIANGSU_CENTRE, new: NEW_CENTRE }
        );
    });
}

#[test]
fn replace_pan_centre_works_for_a_suspended_region() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(Regions::suspend(majority(), JIANGSU));
        assert_ok!(Regions::replace_pan_centre(two_thirds(), JIANGSU, NEW_CENTRE));
        assert_eq!(Regions::region_of_pan_centre(&NEW_CENTRE), None);
        assert_eq!(Regions::pan_centre(JIANGSU), Some(NEW_CENTRE));
    });
}

#[test]
fn replace_pan_centre_refuses_every_other_origin() {
    ExtBuilder::default().build_and_execute(|| {
        for origin in [
            majority(),
            signed(JIANGSU_CENTRE),
            signed(STRANGER),
            RuntimeOrigin::root(),
            RuntimeOrigin::none(),
        ] {
            assert_noop!(Regions::replace_pan_centre(origin, JIANGSU, NEW_CENTRE), BadOrigin);
        }
    });
}

#[test]
fn replace_pan_centre_refuses_an_unknown_region_and_accounts_with_a_place() {
    ExtBuilder::default().build_and_execute(|| {
        assert_noop!(
            Regions::replace_pan_centre(two_thirds(), YUNNAN, NEW_CENTRE),
            Error::<Test>::NotRegistered
        );
        for account in [BEIJING_CENTRE, JIANGSU_CENTRE, AccountId32::new(JIANGSU_VAULT.0)] {
            assert_noop!(
                Regions::replace_pan_centre(two_thirds(), JIANGSU, account),
                Error::<Test>::AccountTaken
            );
        }
    });
}
