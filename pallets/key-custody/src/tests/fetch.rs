use kanglian_traits::IdentityStatus;

use super::*;

/// The sealed payload of Alice's dealings in these tests.
const SEALED: Hash32 = [0x81; 32];
const BLOB: Hash32 = [0xbb; 32];

fn may(account: AccountId32, hash: Hash32) -> bool {
    Custody::can_fetch(&account, &ALICE, &hash, Timestamp::get())
}

fn share(region: RegionCode) -> Hash32 {
    share_of(region, 1)
}

fn named(hash: Hash32) -> bool {
    Custody::names_blob(&ALICE, &hash)
}

#[test]
fn the_person_and_each_custodian_fetch_what_is_theirs() {
    ExtBuilder::default().dealt().build_and_execute(|| {
        assert!(named(SEALED) && named(share(ANHUI)) && !named(BLOB));
        assert!(!Custody::names_blob(&BOB, &SEALED), "named for another person only");
        assert!(may(ALICE_OLD, SEALED) && may(ALICE_OLD, share(JIANGSU)) && !may(ALICE_OLD, BLOB));
        assert!(may(custodian(JIANGSU), share(JIANGSU)) && may(custodian(JIANGSU), SEALED));
        assert!(!may(custodian(JIANGSU), share(ZHEJIANG)));
        for stranger in [STRANGER, BOB_ACCOUNT, DOCTOR, CONTROLLER_A, pan_centre(JIANGSU)] {
            assert!(!may(stranger.clone(), SEALED) && !may(stranger, share(JIANGSU)));
        }
    });
}

#[test]
fn a_custodian_loses_what_its_standing_or_key_gave() {
    ExtBuilder::default().dealt().build_and_execute(|| {
        set_active(JIANGSU, false);
        assert!(!may(custodian(JIANGSU), share(JIANGSU)));
        set_active(JIANGSU, true);
        let key = EncryptionKey::x25519([0x31; 32]);
        assert_ok!(Custody::set_custodian(signed(pan_centre(JIANGSU)), custodian(JIANGSU), key));
        assert!(!may(custodian(JIANGSU), share(JIANGSU)) && !may(custodian(JIANGSU), SEALED));
        // A replaced dealing is fetched by nobody.
        for scope in [DealtScope::Whole, DealtScope::Emergency] {
            assert_ok!(Custody::deal(signed(ALICE_OLD), scope, terms(2, &REGIONS, 2)));
        }
        assert!(!named(SEALED) && !may(ALICE_OLD, SEALED) && !may(custodian(ANHUI), SEALED));
        assert!(may(custodian(ANHUI), share_of(ANHUI, 2)));
    });
}

#[test]
fn while_a_recovery_pends_neither_key_fetches() {
    ExtBuilder::default().dealt().build_and_execute(|| {
        assert_ok!(open());
        approve(FIRST, &REGIONS);
        at(START + DELAY);
        assert!(!may(ALICE_OLD, SEALED) && !may(NEW.account(), SEALED));
    });
}

#[test]
fn after_execution_the_new_account_alone_fetches_what_was_handed_over() {
    ExtBuilder::default().dealt().build_and_execute(|| {
        recover();
        assert_ok!(Custody::hand_over(signed(custodian(JIANGSU)), CaseRef::Recovery(FIRST), BLOB));
        assert!(named(BLOB));
        // Dealt anew, so that only the case still names the old payload.
        for scope in [DealtScope::Whole, DealtScope::Emergency] {
            let new = signed(NEW.account());
            assert_ok!(Custody::deal(new, scope, terms(2, &REGIONS, 2)));
        }
        assert!(named(SEALED) && named(share(ANHUI)));
        assert!(may(NEW.account(), SEALED) && may(NEW.account(), BLOB));
        for other in [ALICE_OLD, THIEF.account(), CONTROLLER_A, DOCTOR, custodian(JIANGSU)] {
            assert!(!may(other, BLOB));
        }
        assert!(may(custodian(ANHUI), share(ANHUI)), "for its own hand-over");
        assert!(!may(ALICE_OLD, SEALED));
        // A later account of the person is not the receiver of that case.
        set_person(ALICE, |person| person.controller = THIEF.account());
        assert!(!may(THIEF.account(), BLOB) && !may(NEW.account(), BLOB));
    });
}

#[test]
fn in_an_emergency_its_practitioner_alone_fetches_and_only_the_summarys() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(deal(DealtScope::Emergency));
        acknowledge(DealtScope::Emergency, &REGIONS);
        let whole = terms(3, &REGIONS, 5);
        assert_ok!(Custody::deal(signed(ALICE_OLD), DealtScope::Whole, whole.clone()));
        assert!(!may(DOCTOR, SEALED));
        assert_ok!(open_emergency(1));
        assert_ok!(Custody::hand_over(signed(custodian(JIANGSU)), CaseRef::Emergency(CASE), BLOB));
        assert!(may(DOCTOR, SEALED) && may(DOCTOR, BLOB));
        assert!(!may(DOCTOR, whole.sealed), "nothing of the whole secret");
        assert!(!may(DOCTOR, share(JIANGSU)), "no share as it was dealt");
        assert!(!may(SURGEON, SEALED) && !may(SURGEON, BLOB) && !may(CONTROLLER_A, BLOB));
        set_person(ALICE, |person| person.status = IdentityStatus::Suspended);
        assert!(!may(DOCTOR, SEALED));
        set_person(ALICE, |person| person.status = IdentityStatus::Open);
        set_active(JIANGSU, false);
        assert!(!may(DOCTOR, SEALED), "the hospital does not count");
        set_active(JIANGSU, true);
        at(START + HOUR);
        assert!(!may(DOCTOR, SEALED) && !may(DOCTOR, BLOB));
        assert!(!named(BLOB));
    });
}
