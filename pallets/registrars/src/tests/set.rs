use super::*;

#[test]
fn genesis_puts_a_set_in_force() {
    ExtBuilder::default().build_and_execute(|| {
        assert_eq!(Registrars::present(), Some(crate::mock::set(0, 0)));
        assert_eq!(Registrars::region_of(&key(42)), Some(JIANGSU));
        assert_eq!(Registrars::region_of(&key(99)), None);
        assert_eq!(Registrars::open_generation(), Some(0));
        assert_eq!(System::sufficients(&account(41)), 1);
    });
}

#[test]
#[should_panic(expected = "refused")]
fn genesis_refuses_a_set_that_the_call_would_refuse() {
    let twice = (320_000, key(41), [1; 32], "http://a".to_owned());
    let set = Some((1, NETWORK_KEY, vec![twice.clone(), twice]));
    let _ = sp_runtime::BuildStorage::build_storage(&RuntimeGenesisConfig {
        registrars: GenesisConfig { set, ..Default::default() },
        ..Default::default()
    });
}

#[test]
fn set_takes_the_first_set() {
    ExtBuilder::default().empty().build_and_execute(|| {
        assert_eq!(Registrars::open_generation(), Some(0));
        let first = crate::mock::set(0, 3);
        assert_ok!(put(first.clone()));
        last_event(Event::RegistrarsSet {
            generation: 0,
            epoch: 3,
            threshold: 2,
            network_key: NETWORK_KEY,
            members: vec![key(41), key(42), key(43)],
        });
        assert_eq!(Registrars::present(), Some(first));
    });
}

#[test]
fn set_replaces_a_registrar_under_the_same_key() {
    ExtBuilder::default().build_and_execute(|| {
        let mut next = crate::mock::set(0, 1);
        next.members[2] = member(SICHUAN, 44);
        assert_ok!(put(next));
        assert_eq!(Registrars::region_of(&key(43)), None);
        assert_eq!(Registrars::region_of(&key(44)), Some(SICHUAN));
        let held = [41, 42, 43, 44].map(|number| System::sufficients(&account(number)));
        assert_eq!(held, [1, 1, 0, 1]);
        // The one that left has no say any more.
        assert_noop!(
            Registrars::anchor_evaluation_log(registrar(43), 1, [1; 32], Default::default()),
            Error::<Test>::NotRegistrar
        );
    });
}

#[test]
fn set_refuses_everybody_but_two_thirds_of_the_council() {
    ExtBuilder::default().build_and_execute(|| {
        for origin in [
            RuntimeOrigin::none(),
            RuntimeOrigin::root(),
            RuntimeOrigin::signed(STRANGER),
            registrar(41),
        ] {
            assert_noop!(Registrars::set_registrars(origin, crate::mock::set(0, 1)), BadOrigin);
        }
    });
}

#[test]
fn set_refuses_an_epoch_that_does_not_rise() {
    ExtBuilder::default().build_and_execute(|| {
        assert_noop!(put(crate::mock::set(0, 0)), Error::<Test>::EpochNotRising);
        assert_ok!(put(crate::mock::set(0, 5)));
        for old in [0, 4, 5] {
            assert_noop!(put(crate::mock::set(0, old)), Error::<Test>::EpochNotRising);
        }
    });
}

#[test]
fn set_refuses_another_key_within_a_generation() {
    ExtBuilder::default().build_and_execute(|| {
        let mut other = crate::mock::set(0, 1);
        other.network_key = [9; 32];
        assert_noop!(put(other), Error::<Test>::NetworkKeyChanged);
    });
}

#[test]
fn a_generation_follows_a_compromised_one_only() {
    ExtBuilder::default().build_and_execute(|| {
        assert_noop!(put(crate::mock::set(1, 0)), Error::<Test>::GenerationInForce);
        assert_ok!(Registrars::declare_compromised(two_thirds(), 0, 1));
        assert_noop!(put(crate::mock::set(0, 1)), Error::<Test>::GenerationClosed);
        for wrong in [2, u32::MAX] {
            let far = RegistrarSetOf::<Test> { generation: wrong, ..crate::mock::set(1, 0) };
            assert_noop!(put(far), Error::<Test>::WrongGeneration);
        }
        let mut same = crate::mock::set(1, 0);
        same.network_key = NETWORK_KEY;
        assert_noop!(put(same), Error::<Test>::NetworkKeyUnchanged);
        assert_ok!(put(crate::mock::set(1, 0)));
        assert_eq!(Registrars::open_generation(), Some(1));
        // The compromised one does not come back.
        assert_noop!(put(crate::mock::set(0, 9)), Error::<Test>::WrongGeneration);
    });
}

#[test]
fn the_first_set_is_of_generation_0() {
    ExtBuilder::default().empty().build_and_execute(|| {
        assert_noop!(put(crate::mock::set(1, 0)), Error::<Test>::WrongGeneration);
    });
}

#[test]
fn set_refuses_a_set_that_does_not_hold() {
    ExtBuilder::default().build_and_execute(|| {
        let refused = |change: &dyn Fn(&mut RegistrarSetOf<Test>), error: Error<Test>| {
            let mut bad = crate::mock::set(0, 1);
            change(&mut bad);
            assert_noop!(put(bad), error);
        };
        refused(&|set| set.threshold = 0, Error::InvalidThreshold);
        refused(&|set| set.threshold = 4, Error::InvalidThreshold);
        refused(&|set| set.members = Default::default(), Error::InvalidThreshold);
        refused(&|set| set.members[1].region = YUNNAN, Error::RegionNotActive);
        refused(&|set| set.members[1].region = BEIJING, Error::RegionTwice);
        refused(&|set| set.members[1].signing_key = key(41), Error::KeyTwice);
        refused(&|set| set.members[1].share_key = [141; 32], Error::KeyTwice);
        refused(&|set| set.members[1].share_key = [0; 32], Error::WeakKey);
        refused(&|set| set.members[1].signing_key = key(0), Error::WeakKey);
        refused(&|set| set.network_key = [0; 32], Error::WeakKey);
        for bad in ["", "ftp://a", "http://", "http://a b"] {
            refused(&|set| set.members[1].url = url(bad), Error::InvalidUrl);
        }
    });
}
