use super::*;

#[test]
fn the_pool_takes_nonces_as_far_ahead_as_the_quota_and_at_least_the_minimum() {
    ExtBuilder.build_and_execute(|| {
        assert_eq!(FreeLane::max_ahead(&HOSPITAL), 5_000);
        assert_eq!(FreeLane::max_ahead(&PATIENT), 16);
        assert_eq!(FreeLane::max_ahead(&STRANGER), 16);
    });
}

#[test]
fn a_nonce_is_measured_from_the_accounts_own() {
    ExtBuilder.build_and_execute(|| {
        assert!(!FreeLane::is_too_far_ahead(&PATIENT, 16));
        assert!(FreeLane::is_too_far_ahead(&PATIENT, 17));
        System::inc_account_nonce(&PATIENT);
        assert!(!FreeLane::is_too_far_ahead(&PATIENT, 17));
        assert!(!FreeLane::is_too_far_ahead(&PATIENT, 0));
        assert!(!FreeLane::is_too_far_ahead(&HOSPITAL, 5_000));
    });
}
