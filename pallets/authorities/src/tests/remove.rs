use super::*;

#[test]
fn remove_takes_an_authority_out() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(Authorities::remove(council(), BOB));
        assert_eq!(accounts(), vec![ALICE, CAROL, DAVE]);
        assert_eq!(last_event(), Event::AuthorityRemoved { account: BOB, region: JIANGSU });
    });
}

#[test]
fn remove_refuses_every_other_origin() {
    ExtBuilder::default().build_and_execute(|| {
        for origin in [signed(BOB), signed(STRANGER), RuntimeOrigin::root(), RuntimeOrigin::none()]
        {
            assert_noop!(Authorities::remove(origin, BOB), BadOrigin);
        }
    });
}

#[test]
fn remove_refuses_a_stranger() {
    ExtBuilder::default().build_and_execute(|| {
        assert_noop!(Authorities::remove(council(), STRANGER), Error::<Test>::NotAuthority);
    });
}

#[test]
fn remove_refuses_the_last_authority() {
    ExtBuilder::default().authorities(vec![(ALICE, BEIJING)]).build_and_execute(|| {
        assert_noop!(Authorities::remove(council(), ALICE), Error::<Test>::LastAuthority);
    });
}

#[test]
fn remove_refuses_the_last_that_is_no_offender_and_has_keys() {
    ExtBuilder::default()
        .authorities(vec![(ALICE, BEIJING), (BOB, JIANGSU), (CAROL, SICHUAN)])
        .build_and_execute(|| {
            report(&ALICE, 7);
            WithoutKeys::set(vec![BOB]);
            assert_noop!(Authorities::remove(council(), CAROL), Error::<Test>::LastAuthority);
            assert_ok!(Authorities::remove(council(), ALICE));
            assert_ok!(Authorities::remove(council(), BOB));
        });
}

#[test]
fn remove_and_add_clear_an_offender() {
    ExtBuilder::default().build_and_execute(|| {
        report(&BOB, 7);
        assert_ok!(Authorities::remove(council(), BOB));
        assert!(Authorities::offenders().is_empty());
        assert_ok!(Authorities::add(council(), BOB, JIANGSU));
        assert_eq!(Authorities::next_set(), vec![ALICE, CAROL, DAVE, BOB]);
    });
}
