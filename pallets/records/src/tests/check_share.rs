use frame_support::assert_ok;
use kanglian_primitives::{
    Author, BusinessBlockId, BusinessBlockSet, KeyEpoch, Refusal, ShareClaim, blocks,
};

use crate::{Error, mock::*};

fn check(account: AccountId, claim: ShareClaim) -> Result<(), Refusal> {
    Records::check_share(&account, &claim, now())
}

fn changed(change: impl FnOnce(&mut ShareClaim)) -> ShareClaim {
    let mut claim = Draft::hospital().claim();
    change(&mut claim);
    claim
}

#[test]
fn check_share_accepts_what_share_accepts() {
    ExtBuilder.build_and_execute(|| {
        assert_eq!(check(HOSPITAL, Draft::hospital().claim()), Ok(()));
        assert_eq!(check(ALICE, Draft::alice().claim()), Ok(()));
        assert_ok!(Draft::hospital().share());
        assert_ok!(Draft::alice().with(|draft| draft.record = record(2)).share());
    });
}

#[test]
fn check_share_gives_the_reason() {
    ExtBuilder.build_and_execute(|| {
        let good = Draft::hospital().claim();
        assert_eq!(check(STRANGER, good), Err(Refusal::NotActingAs));
        assert_eq!(check(CLINIC, good), Err(Refusal::NotActingAs));
        assert_eq!(check(ALICE, good), Err(Refusal::NotActingAs));
        let clinics = changed(|claim| claim.author = Author::Institution(clinic()));
        assert_eq!(check(CLINIC, clinics), Err(Refusal::NoWriteConsent));
        let anothers = changed(|claim| claim.author = Author::Person(PERSON_B));
        assert_eq!(check(BOB, anothers), Err(Refusal::NoWriteConsent));
        for block in [blocks::HEALTH_EDUCATION, BusinessBlockId(63), BusinessBlockId(255)] {
            let claim = changed(|claim| claim.block = block);
            assert_eq!(check(HOSPITAL, claim), Err(Refusal::BlockNotOpen));
        }
        let epoch = changed(|claim| claim.epoch = KeyEpoch(EPOCH.0 + 1));
        assert_eq!(check(HOSPITAL, epoch), Err(Refusal::WrongKeyEpoch));
        assert_ok!(Draft::hospital().share());
        assert_eq!(check(HOSPITAL, good), Err(Refusal::AlreadyShared));
        Valid::mutate(|table| table.clear());
        assert_eq!(check(HOSPITAL, good), Err(Refusal::SubjectNotActive));
        Permitted::mutate(|table| {
            table.get_mut(&HOSPITAL).unwrap().blocks = BusinessBlockSet::EMPTY;
        });
        assert_eq!(check(HOSPITAL, good), Err(Refusal::NotActingAs));
    });
}

#[test]
fn every_refusal_has_its_error() {
    let name = |refusal: Refusal| format!("{:?}", Error::<Test>::from(refusal));
    for (refusal, error) in [
        (Refusal::NotFound, "NotFound"),
        (Refusal::NotActingAs, "NotActingAs"),
        (Refusal::NoConsent, "NoWriteConsent"),
        (Refusal::SubjectNotActive, "SubjectNotActive"),
        (Refusal::NoWriteConsent, "NoWriteConsent"),
        (Refusal::WrongKeyEpoch, "WrongKeyEpoch"),
        (Refusal::AlreadyShared, "AlreadyShared"),
        (Refusal::BlockNotOpen, "BlockNotOpen"),
    ] {
        assert_eq!(name(refusal), error);
    }
}
