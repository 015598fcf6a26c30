use crate::{Emitted, Era, Event, RegionEarned, mock::*};

#[test]
fn an_era_begins_when_its_length_is_over_and_not_a_block_earlier() {
    ExtBuilder::default().build_and_execute(|| {
        go_to(u64::from(ERA) - 1);
        assert_eq!((Era::<Test>::get().index, Emitted::<Test>::get()), (0, EMISSION));
        go_to(u64::from(ERA));
        assert_eq!((Era::<Test>::get().index, Era::<Test>::get().started_at), (1, ERA));
        assert_eq!(Emitted::<Test>::get(), 2 * EMISSION);
        assert_eq!(pot(), 2 * EMISSION);
        assert_eq!(last_event(), Event::EraBegan { era: 1, emission: EMISSION }.into());
        go_to(u64::from(ERA) * 2 - 1);
        assert_eq!(Era::<Test>::get().index, 1);
        go_to(u64::from(ERA) * 2);
        assert_eq!(Era::<Test>::get().index, 2);
    });
}

#[test]
fn what_regions_earned_outlives_the_era() {
    ExtBuilder::default().build_and_execute(|| {
        reward(ALICE, HOSPITAL, &STORED, 100).unwrap();
        let each = cents(10, 0, 0).subject;
        let earned = vec![(JIANGSU, each), (ZHEJIANG, each)];
        assert_eq!(HealthCoin::region_earned(0), earned);
        let budget = HealthCoin::budget();
        go_to(u64::from(ERA));
        assert_eq!(HealthCoin::region_earned(0), earned);
        assert_eq!(HealthCoin::region_earned(1), vec![]);
        assert_eq!(Era::<Test>::get().reserved, 2 * each);
        assert_eq!(HealthCoin::budget(), budget + EMISSION);
    });
}

#[test]
fn an_era_in_which_no_region_earned_leaves_nothing_behind() {
    ExtBuilder::default().build_and_execute(|| {
        go_to(u64::from(ERA) * 3);
        assert_eq!(RegionEarned::<Test>::iter().count(), 0);
    });
}

#[test]
fn caps_begin_anew_with_an_era() {
    ExtBuilder::default().build_and_execute(|| {
        for _ in 0..5 {
            assert_eq!(reward(ALICE, HOSPITAL, &STORED, 100), Ok(cents(40, 40, 20)));
        }
        assert_eq!(reward(ALICE, CLINIC, &STORED, 100), Ok(cents(0, 40, 20)));
        go_to(u64::from(ERA) - 1);
        assert_eq!(reward(ALICE, CLINIC, &STORED, 100), Ok(cents(0, 40, 20)));
        go_to(u64::from(ERA));
        assert_eq!(HealthCoin::earned_by_person(person(ALICE)), 0);
        assert_eq!(reward(ALICE, CLINIC, &STORED, 100), Ok(cents(40, 40, 20)));
        assert_eq!(HealthCoin::earned_by_person(person(ALICE)), cents(40, 0, 0).subject);
        assert_eq!(HealthCoin::earned_by_author(CLINIC), cents(40, 0, 0).subject);
    });
}
