use super::*;

#[test]
fn genesis_may_be_empty() {
    ExtBuilder::default().authorities(vec![]).build_and_execute(|| {
        assert!(Authorities::authorities().is_empty());
        assert_eq!(Authorities::validators_for_next_session(), None);
    });
}

#[test]
fn genesis_keeps_the_order() {
    ExtBuilder::default().build_and_execute(|| {
        assert_eq!(accounts(), vec![ALICE, BOB, CAROL, DAVE]);
    });
}

#[test]
#[should_panic(expected = "is refused")]
fn genesis_refuses_an_account_twice() {
    ExtBuilder::default().authorities(vec![(ALICE, BEIJING), (ALICE, JIANGSU)]).build();
}

#[test]
#[should_panic(expected = "320100 is not the code of a province")]
fn genesis_refuses_a_region_below_province_level() {
    ExtBuilder::default().authorities(vec![(ALICE, RegionCode(320_100))]).build();
}

#[test]
#[should_panic(expected = "a province holds more than a third of the authorities")]
fn genesis_refuses_a_province_too_strong() {
    ExtBuilder::default()
        .authorities(vec![(ALICE, BEIJING), (BOB, BEIJING), (CAROL, SICHUAN), (DAVE, YUNNAN)])
        .build();
}
