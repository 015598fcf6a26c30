use codec::Encode;
use frame_support::dispatch::Pays;
use sp_runtime::{Digest, DigestItem, traits::Header as _};

use super::*;
use crate::{LastReported, WeightInfo, evidence::AURA_ENGINE_ID};

const SLOT: u64 = 700;

#[test]
fn report_drops_the_author_from_the_next_set_at_no_fee() {
    ExtBuilder::default().build_and_execute(|| {
        let info = Authorities::report_double_block(
            signed(STRANGER),
            sealed(&CAROL, SLOT, 1),
            sealed(&CAROL, SLOT, 2),
        )
        .unwrap();
        assert_eq!(info.pays_fee, Pays::No);
        assert_eq!(info.actual_weight, Some(<() as WeightInfo>::report_double_block(3)));
        assert_eq!(Authorities::next_set(), vec![ALICE, BOB, DAVE]);
        assert_eq!(accounts(), vec![ALICE, BOB, CAROL, DAVE]);
        assert_eq!(
            last_event(),
            Event::OffenderDropped { account: CAROL, cause: Cause::DoubleBlock { slot: SLOT } }
        );
    });
}

#[test]
fn report_takes_any_signed_origin_and_no_other() {
    ExtBuilder::default().build_and_execute(|| {
        for origin in [RuntimeOrigin::root(), RuntimeOrigin::none()] {
            let error = Authorities::report_double_block(
                origin,
                sealed(&CAROL, SLOT, 1),
                sealed(&CAROL, SLOT, 2),
            )
            .unwrap_err();
            assert_eq!(error.error, BadOrigin);
        }
        for (who, about) in [(council(), &ALICE), (signed(BOB), &BOB)] {
            assert_ok!(Authorities::report_double_block(
                who,
                sealed(about, SLOT, 1),
                sealed(about, SLOT, 2)
            ));
        }
    });
}

/// Asserts that the report is refused with the error and changes nothing.
#[track_caller]
fn assert_refused(first: Box<Header>, second: Box<Header>, error: Error<Test>) {
    let root = sp_io::storage::root(sp_runtime::StateVersion::V1);
    let result = Authorities::report_double_block(signed(STRANGER), first, second);
    assert_eq!(result.unwrap_err().error, error.into());
    assert_eq!(root, sp_io::storage::root(sp_runtime::StateVersion::V1));
}

#[test]
fn report_refuses_headers_of_different_slots() {
    ExtBuilder::default().build_and_execute(|| {
        assert_refused(sealed(&CAROL, SLOT, 1), sealed(&CAROL, SLOT + 1, 2), Error::DifferentSlots);
    });
}

#[test]
fn report_refuses_one_block_sealed_twice() {
    ExtBuilder::default().build_and_execute(|| {
        let (first, second) = (sealed(&CAROL, SLOT, 1), sealed(&CAROL, SLOT, 1));
        assert_ne!(first.hash(), second.hash(), "sr25519 seals are random");
        assert_refused(first, second, Error::SameBlock);
    });
}

#[test]
fn report_refuses_a_slot_yet_to_come() {
    ExtBuilder::default().build_and_execute(|| {
        CurrentSlot::set(SLOT - 1);
        assert_refused(sealed(&CAROL, SLOT, 1), sealed(&CAROL, SLOT, 2), Error::FutureSlot);
        CurrentSlot::set(SLOT);
        report(&CAROL, SLOT);
    });
}

#[test]
fn report_refuses_seals_of_strangers_and_of_two_authors() {
    ExtBuilder::default().build_and_execute(|| {
        for (first, second) in [(STRANGER, STRANGER), (CAROL, DAVE), (DAVE, CAROL)] {
            assert_refused(sealed(&first, SLOT, 1), sealed(&second, SLOT, 2), Error::UnknownAuthor);
        }
    });
}

#[test]
fn report_refuses_a_seal_of_another_header() {
    ExtBuilder::default().build_and_execute(|| {
        let mut forged = sealed(&CAROL, SLOT, 2);
        forged.set_number(3);
        assert_refused(sealed(&CAROL, SLOT, 1), forged, Error::UnknownAuthor);
    });
}

#[test]
fn report_refuses_an_author_that_is_no_authority_any_more() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(Authorities::remove(council(), CAROL));
        assert_refused(sealed(&CAROL, SLOT, 1), sealed(&CAROL, SLOT, 2), Error::NotAuthority);
    });
}

#[test]
fn report_counts_once() {
    ExtBuilder::default().build_and_execute(|| {
        report(&CAROL, SLOT);
        assert_refused(sealed(&CAROL, SLOT, 1), sealed(&CAROL, SLOT, 2), Error::AlreadyReported);
        // Left out already: another slot changes nothing.
        assert_refused(
            sealed(&CAROL, SLOT + 1, 1),
            sealed(&CAROL, SLOT + 1, 2),
            Error::AlreadyReported,
        );
    });
}

#[test]
fn report_of_an_old_slot_does_not_count_against_one_added_anew() {
    ExtBuilder::default().build_and_execute(|| {
        report(&CAROL, SLOT);
        assert_ok!(Authorities::remove(council(), CAROL));
        assert_ok!(Authorities::add(council(), CAROL, SICHUAN));
        for slot in [SLOT - 1, SLOT] {
            assert_refused(
                sealed(&CAROL, slot, 1),
                sealed(&CAROL, slot, 2),
                Error::AlreadyReported,
            );
        }
        report(&CAROL, SLOT + 1);
        assert_eq!(LastReported::<Test>::get(CAROL), Some(SLOT + 1));
    });
}

#[test]
fn report_keeps_the_last_that_can_validate() {
    ExtBuilder::default().authorities(vec![(ALICE, BEIJING), (BOB, JIANGSU)]).build_and_execute(
        || {
            report(&ALICE, SLOT);
            report(&BOB, SLOT);
            assert_eq!(
                last_event(),
                Event::OffenderKept { account: BOB, cause: Cause::DoubleBlock { slot: SLOT } }
            );
            assert_eq!(Authorities::next_set(), vec![BOB]);
            assert_refused(sealed(&BOB, SLOT, 3), sealed(&BOB, SLOT, 4), Error::AlreadyReported);
        },
    );
}

#[test]
fn report_refuses_malformed_headers() {
    ExtBuilder::default().build_and_execute(|| {
        let good = || sealed(&CAROL, SLOT, 1);
        let with = |logs: Vec<DigestItem>| {
            let header = Header::new(
                2,
                Default::default(),
                Default::default(),
                Default::default(),
                Digest { logs },
            );
            seal(header, &CAROL)
        };
        let slot = || DigestItem::PreRuntime(AURA_ENGINE_ID, SLOT.encode());

        let unsealed = Box::new(unsealed(SLOT, 2));
        let mut sealed_before_the_end = sealed(&CAROL, SLOT, 2);
        sealed_before_the_end.digest_mut().push(DigestItem::Other(vec![]));
        let mut seal_too_short = unsealed.clone();
        seal_too_short.digest_mut().push(DigestItem::Seal(AURA_ENGINE_ID, vec![0; 63]));
        let mut seal_of_another_engine = unsealed.clone();
        seal_of_another_engine.digest_mut().push(DigestItem::Seal(*b"FRNK", vec![0; 64]));
        let without_slot = with(vec![]);
        let two_slots = with(vec![slot(), slot()]);
        let second_slot_unreadable =
            with(vec![slot(), DigestItem::PreRuntime(AURA_ENGINE_ID, vec![1])]);
        let slot_with_more_bytes =
            with(vec![DigestItem::PreRuntime(AURA_ENGINE_ID, (SLOT, 0u8).encode())]);
        let too_long = with(vec![slot(), DigestItem::Other(vec![0; 1_024])]);

        for bad in [
            unsealed,
            sealed_before_the_end,
            seal_too_short,
            seal_of_another_engine,
            without_slot,
            two_slots,
            second_slot_unreadable,
            slot_with_more_bytes,
            too_long,
        ] {
            assert_refused(bad.clone(), good(), Error::MalformedHeader);
            assert_refused(good(), bad, Error::MalformedHeader);
        }
    });
}

#[test]
fn report_takes_headers_with_other_digests_beside() {
    ExtBuilder::default().build_and_execute(|| {
        let header = Header::new(
            9,
            Default::default(),
            Default::default(),
            Default::default(),
            Digest {
                logs: vec![
                    DigestItem::PreRuntime(*b"othr", vec![1]),
                    DigestItem::PreRuntime(AURA_ENGINE_ID, SLOT.encode()),
                    DigestItem::Consensus(*b"FRNK", vec![0; 40]),
                ],
            },
        );
        assert_ok!(Authorities::report_double_block(
            signed(STRANGER),
            sealed(&CAROL, SLOT, 1),
            seal(header, &CAROL)
        ));
    });
}
