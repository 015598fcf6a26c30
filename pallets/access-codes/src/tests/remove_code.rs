//! `remove_code`: by anybody, when nobody needs the code any more.

use super::*;

#[test]
fn anybody_removes_a_code_after_its_grace() {
    ExtBuilder.build_and_execute(|| {
        assert_ok!(issue(1, 2));
        assert_ok!(issue(2, 1));
        assert_ok!(redeem(1, DOCTOR, doctor()));
        assert_ok!(redeem(2, DOCTOR, doctor()));
        let remove = |seed| AccessCodes::remove_code(signed(STRANGER), key(seed));
        set_now(NOW + 11 * DAY - 1);
        assert_noop!(remove(1), Error::<Test>::NotOver);
        assert_noop!(remove(2), Error::<Test>::NotOver);
        set_now(NOW + 11 * DAY);
        assert_ok!(remove(1));
        assert_eq!(last_event(), Event::CodeRemoved { person: ALICE, code: key(1) });
        assert_ok!(remove(2));
        assert_noop!(remove(1), Error::<Test>::CodeNotFound);
        assert!(open_codes().is_empty());
        assert_eq!(holders(), [(doctor(), 1), (doctor(), 2)], "terms outlive their code");
    });
}

#[test]
fn remove_refuses_root_and_unsigned() {
    ExtBuilder.build_and_execute(|| {
        assert_ok!(issue(1, 1));
        set_now(NOW + 20 * DAY);
        for origin in unsigned_origins() {
            assert_noop!(AccessCodes::remove_code(origin, key(1)), BadOrigin);
        }
    });
}
