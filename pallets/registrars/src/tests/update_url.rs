use super::*;

#[test]
fn a_registrar_says_where_it_answers() {
    ExtBuilder::default().build_and_execute(|| {
        let new = url("https://registrar.example");
        assert_ok!(Registrars::update_url(registrar(42), new.clone()));
        last_event(Event::UrlUpdated { registrar: key(42), url: new.clone() });
        let mut expected = crate::mock::set(0, 0);
        expected.members[1].url = new;
        assert_eq!(Registrars::present(), Some(expected));
    });
}

#[test]
fn update_url_refuses_others_and_what_is_no_url() {
    ExtBuilder::default().build_and_execute(|| {
        assert_noop!(Registrars::update_url(RuntimeOrigin::none(), url("http://a")), BadOrigin);
        assert_noop!(
            Registrars::update_url(RuntimeOrigin::signed(STRANGER), url("http://a")),
            Error::<Test>::NotRegistrar
        );
        assert_noop!(Registrars::update_url(registrar(41), url("a")), Error::<Test>::InvalidUrl);
    });
    ExtBuilder::default().empty().build_and_execute(|| {
        assert_noop!(
            Registrars::update_url(registrar(41), url("http://a")),
            Error::<Test>::NotRegistrar
        );
    });
}
