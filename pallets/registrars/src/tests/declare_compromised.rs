use super::*;

#[test]
fn nobody_is_attested_from_the_height_on() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(Registrars::declare_compromised(two_thirds(), 0, 5));
        last_event(Event::GenerationCompromised { generation: 0, from: 5 });
        System::set_block_number(4);
        assert_eq!(Registrars::open_generation(), Some(0));
        System::set_block_number(5);
        assert_eq!(Registrars::open_generation(), None);
        assert_eq!(Registrars::compromised_from(0), Some(5));
        // Its registrars go on anchoring: the log of what they did stays.
        assert_ok!(Registrars::anchor_evaluation_log(
            registrar(41),
            1,
            [1; 32],
            Default::default()
        ));
    });
}

#[test]
fn declare_compromised_refuses_everybody_but_two_thirds_of_the_council() {
    ExtBuilder::default().build_and_execute(|| {
        for origin in [RuntimeOrigin::none(), RuntimeOrigin::signed(STRANGER), registrar(41)] {
            assert_noop!(Registrars::declare_compromised(origin, 0, 1), BadOrigin);
        }
    });
}

#[test]
fn declare_compromised_refuses_what_is_not_the_present_generation() {
    ExtBuilder::default().build_and_execute(|| {
        let declare =
            |generation, from| Registrars::declare_compromised(two_thirds(), generation, from);
        assert_noop!(declare(1, 5), Error::<Test>::WrongGeneration);
        System::set_block_number(6);
        assert_noop!(declare(0, 5), Error::<Test>::HeightInPast);
        assert_ok!(declare(0, 6));
        assert_noop!(declare(0, 9), Error::<Test>::AlreadyCompromised);
    });
    ExtBuilder::default().empty().build_and_execute(|| {
        assert_noop!(
            Registrars::declare_compromised(two_thirds(), 0, 1),
            Error::<Test>::NoRegistrars
        );
    });
}
