use kanglian_traits::{IdentityStatus, RecoveryInspect};
use sp_runtime::MultiSignature;

use super::*;

fn open_with(person: PersonId, device: Device, signature: MultiSignature) -> DispatchResult {
    Custody::open_recovery(
        signed(CONTROLLER_A),
        person,
        device.account(),
        device.data_key(),
        device.reseal_key(),
        signature,
    )
}

#[test]
fn open_recovery_freezes_the_old_key_and_starts_the_delay() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(open());
        let opened = recovery(FIRST);
        assert_eq!(
            opened,
            Recovery {
                person: ALICE,
                institution: hospital_a(),
                region: JIANGSU,
                old_controller: ALICE_OLD,
                new_controller: NEW.account(),
                new_data_key: NEW.data_key(),
                reseal_key: NEW.reseal_key(),
                opened_at: START,
                executable_from: START + DELAY,
                expires_at: START + PERIOD,
                bar: 3,
                approvals: Default::default(),
                status: RecoveryStatus::Open,
                hearing: None,
                ended_at: None,
                dealing: None,
                handed_over: Default::default(),
            }
        );
        assert_eq!(Custody::recovery_of(ALICE), Some(FIRST));
        assert!(<Custody as RecoveryInspect>::is_pending(&ALICE));
        assert!(!<Custody as RecoveryInspect>::is_pending(&BOB));
        assert!(person(ALICE).frozen);
        assert_eq!(person(ALICE).controller, ALICE_OLD);
        last_event(Event::RecoveryOpened {
            id: FIRST,
            person: ALICE,
            institution: hospital_a(),
            old_controller: ALICE_OLD,
            new_controller: NEW.account(),
            executable_from: START + DELAY,
        });
    });
}

#[test]
fn open_recovery_refuses_whoever_is_no_permitted_institution() {
    ExtBuilder::default().build_and_execute(|| {
        let call = |origin| {
            Custody::open_recovery(
                origin,
                ALICE,
                NEW.account(),
                NEW.data_key(),
                NEW.reseal_key(),
                NEW.agree(ALICE, hospital_a()),
            )
        };
        only(&[Caller::Institution], call);
        set_active(JIANGSU, false);
        only(&[], call);
    });
}

#[test]
fn open_recovery_takes_a_wrapped_signature() {
    ExtBuilder::default().build_and_execute(|| {
        let wrapped = [&b"<Bytes>"[..], &NEW.payload(ALICE, hospital_a()), b"</Bytes>"].concat();
        assert_ok!(open_with(ALICE, NEW, NEW.sign(&wrapped)));
    });
}

#[test]
fn open_recovery_refuses_a_signature_over_anything_else() {
    ExtBuilder::default().build_and_execute(|| {
        let mut elsewhere = NEW.payload(ALICE, hospital_a());
        // The byte after the domain is the first of the genesis hash.
        elsewhere[21] ^= 1;
        for signature in [
            THIEF.agree(ALICE, hospital_a()),
            THIEF.sign(&NEW.payload(ALICE, hospital_a())),
            NEW.agree(BOB, hospital_a()),
            // Handed to another institution than the one that asks.
            NEW.agree(ALICE, hospital_b()),
            NEW.sign(&elsewhere),
            NEW.sign(&THIEF.payload(ALICE, hospital_a())),
            NEW.sign(b""),
        ] {
            assert_noop!(open_with(ALICE, NEW, signature), Error::<Test>::BadSignature);
        }
    });
}

#[test]
fn open_recovery_refuses_unknown_suspended_and_closed_persons() {
    ExtBuilder::default().build_and_execute(|| {
        let nobody = PersonId([9; 32]);
        assert_noop!(
            open_with(nobody, NEW, NEW.agree(nobody, hospital_a())),
            Error::<Test>::PersonUnknown
        );
        set_person(ALICE, |person| person.status = IdentityStatus::Suspended);
        assert_noop!(open(), Error::<Test>::PersonSuspended);
        set_person(ALICE, |person| person.status = IdentityStatus::Closed);
        assert_noop!(open(), Error::<Test>::PersonClosed);
        // An expired identity can be recovered: another institution vouches for it again later.
        set_person(ALICE, |person| {
            person.status = IdentityStatus::Open;
            person.valid_until = START;
        });
        assert_ok!(open());
    });
}

#[test]
fn open_recovery_refuses_accounts_in_use_and_weak_keys() {
    ExtBuilder::default().build_and_execute(|| {
        let weak = EncryptionKey::x25519([1; 32].map(|_| 0));
        for (data_key, reseal_key) in [(weak, NEW.reseal_key()), (NEW.data_key(), weak)] {
            assert_noop!(
                Custody::open_recovery(
                    signed(CONTROLLER_A),
                    ALICE,
                    NEW.account(),
                    data_key,
                    reseal_key,
                    NEW.agree(ALICE, hospital_a())
                ),
                Error::<Test>::LowOrderKey
            );
        }
        set_person(BOB, |bob| bob.controller = NEW.account());
        assert_noop!(open(), Error::<Test>::AccountInUse);
        // Nor one that a recovery has replaced.
        set_person(BOB, |bob| bob.controller = BOB_ACCOUNT);
        recover();
        set_person(ALICE, |alice| alice.controller = THIEF.account());
        let lost = Device(0);
        LostAccounts::<Test>::insert(lost.account(), ALICE);
        assert_noop!(open_by(CONTROLLER_A, lost), Error::<Test>::AccountInUse);
        LostAccounts::<Test>::remove(lost.account());
    });
}

#[test]
fn a_case_cannot_be_opened_twice() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(open());
        assert_noop!(open(), Error::<Test>::RecoveryPending);
        assert_noop!(open_by(CONTROLLER_B, THIEF), Error::<Test>::RecoveryPending);
        assert_ok!(veto(FIRST));
        assert_noop!(open_by(CONTROLLER_B, THIEF), Error::<Test>::RecoveryPending);
    });
}

#[test]
fn a_case_that_cannot_go_on_gives_way() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(open());
        at(START + PERIOD);
        assert_ok!(open_by(CONTROLLER_B, NEW));
        assert_eq!(Custody::recovery(FIRST), None);
        assert_eq!(Custody::recovery_of(ALICE), Some(RecoveryId(1)));
        assert!(person(ALICE).frozen);
        System::assert_has_event(
            Event::RecoveryEnded {
                id: FIRST,
                person: ALICE,
                institution: hospital_a(),
                status: RecoveryStatus::Lapsed,
            }
            .into(),
        );
        // One whose institution is no longer permitted, too.
        forbid(hospital_b());
        at(START + PERIOD + 30 * DAY);
        assert_ok!(open());
        assert_eq!(recovery(RecoveryId(2)).institution, hospital_a());
    });
}

#[test]
fn an_institution_has_a_bounded_number_of_cases_pending() {
    ExtBuilder::default().build_and_execute(|| {
        let mut last = DispatchResult::Ok(());
        for n in 0..4u8 {
            let id = PersonId([n + 1; 32]);
            let entry = MockPerson { controller: AccountId32::new([n + 90; 32]), ..person(ALICE) };
            Persons::mutate(|all| all.insert(id, entry));
            last = open_with(id, Device(n + 20), Device(n + 20).agree(id, hospital_a()));
        }
        assert_eq!(last, Err(Error::<Test>::TooManyRecoveries.into()));
        assert_eq!(PendingAt::<Test>::get(hospital_a()), 3);
        assert_ok!(Custody::withdraw_recovery(signed(CONTROLLER_A), FIRST));
        assert_ok!(open());
    });
}

#[test]
fn the_bar_never_lies_below_the_least() {
    ExtBuilder::default().build_and_execute(|| {
        Bar::set(0);
        assert_ok!(open());
        assert_eq!(recovery(FIRST).bar, LEAST_BAR);
    });
}
