use codec::{Decode, Encode};
use kanglian_primitives::{
    CaseRef, DealtScope, EmergencyId, Hash32, KeyEpoch, PersonId, RecoveryId, RegionCode, blocks,
};

use super::{
    combine::position_of,
    share::commitments,
    wire::{DrillReply, DrillRequest},
    *,
};
use crate::{envelope::ScopeSecret, keys::PersonSecret};

const GENESIS: Hash32 = [0x6b; 32];
const PERSON: PersonId = PersonId([1; 32]);
const CASE: CaseRef = CaseRef::Recovery(RecoveryId(7));
const REGIONS: [RegionCode; 5] = [
    RegionCode(310_000),
    RegionCode(320_000),
    RegionCode(330_000),
    RegionCode(340_000),
    RegionCode(440_000),
];

fn context(number: u32) -> DealingContext {
    DealingContext { genesis: GENESIS, person: PERSON, scope: DealtScope::Whole, number }
}

fn secret_of(region: RegionCode) -> EncryptionSecret {
    dev_custodian_secret(&format!("//{region}"))
}

fn custodians() -> Vec<Custodian> {
    REGIONS.map(|region| Custodian { region, key: secret_of(region).public() }).to_vec()
}

fn whole(byte: u8) -> Payload {
    Payload::Whole(PersonSecret::from_bytes([byte; 32]))
}

fn dealt(number: u32, secret: u8) -> Dealt {
    deal(&whole(secret), &context(number), &custodians(), 3).unwrap()
}

/// A custodian's share out of its blob.
fn opened(dealt: &Dealt, number: u32, region: RegionCode) -> Result<Share, ShareFault> {
    let position = position_of(&dealt.terms, region).unwrap();
    let blob = &dealt.shares[usize::from(position) - 1];
    let commitments = commitments(&dealt.terms).unwrap();
    SealedShare::read(blob)?.open(&secret_of(region), &context(number), position, &commitments)
}

/// What custodians hand over to a key in a case.
fn handed(dealt: &Dealt, number: u32, to: &EncryptionKey, regions: &[RegionCode]) -> Vec<Answer> {
    let answer = |region: &RegionCode| {
        let share = opened(dealt, number, *region).unwrap();
        let blob =
            share.hand_over(&secret_of(*region), to, &context(number), &CASE).unwrap().encode();
        Answer { region: *region, blob }
    };
    regions.iter().map(answer).collect()
}

fn collect(
    dealt: &Dealt,
    number: u32,
    secret: &EncryptionSecret,
    answers: &[Answer],
) -> Result<Combined, CustodyError> {
    combine(&dealt.terms, &context(number), &CASE, secret, answers, &dealt.sealed)
}

fn whole_of(combined: &Combined) -> [u8; 32] {
    match &combined.payload {
        Payload::Whole(secret) => secret.to_bytes().as_slice().try_into().unwrap(),
        Payload::Emergency(_) => panic!("another payload"),
    }
}

#[test]
fn any_three_of_five_give_any_secret_back() {
    let receiver = EncryptionSecret::generate();
    // Also bytes that are no scalar.
    for byte in [0, 1, 0x7f, 0xff] {
        let dealt = dealt(1, byte);
        for regions in [[0, 1, 2], [4, 2, 0], [3, 4, 1]] {
            let regions = regions.map(|at| REGIONS[at]);
            let answers = handed(&dealt, 1, &receiver.public(), &regions);
            let combined = collect(&dealt, 1, &receiver, &answers).unwrap();
            assert_eq!(whole_of(&combined), [byte; 32]);
            assert_eq!(combined.used, regions);
            assert!(combined.faults.is_empty());
        }
    }
}

#[test]
fn two_shares_open_nothing_also_when_one_is_given_twice() {
    let receiver = EncryptionSecret::generate();
    let dealt = dealt(1, 9);
    let two = handed(&dealt, 1, &receiver.public(), &REGIONS[..2]);
    let twice = [two.clone(), two.clone()].concat();
    for answers in [vec![], two.clone(), twice] {
        let have = answers.len().min(2);
        match collect(&dealt, 1, &receiver, &answers) {
            Err(CustodyError::TooFew { have: found, need: 3, faults }) => {
                assert_eq!((found, faults.len()), (have, 0));
            },
            other => panic!("{other:?}"),
        }
    }
    // Whoever takes a smaller threshold for true gets another scalar, which opens nothing.
    let (first, second) = (opened(&dealt, 1, REGIONS[0]), opened(&dealt, 1, REGIONS[1]));
    let (first, second) = (first.unwrap(), second.unwrap());
    let value = crate::sharing::combine(&[(1, &first.value), (2, &second.value)]).unwrap();
    let sealed = SealedPayload::read(&dealt.sealed).unwrap();
    assert!(matches!(sealed.open(&value, &context(1)), Err(CustodyError::Payload)));
}

#[test]
fn a_corrupted_share_is_named_and_left_out() {
    let receiver = EncryptionSecret::generate();
    let dealt = dealt(1, 9);
    let mut answers = handed(&dealt, 1, &receiver.public(), &REGIONS[..4]);
    *answers[1].blob.last_mut().unwrap() ^= 1;
    let combined = collect(&dealt, 1, &receiver, &answers).unwrap();
    assert_eq!(whole_of(&combined), [9; 32]);
    assert_eq!(combined.faults, [(REGIONS[1], ShareFault::Seal)]);
    assert_eq!(combined.used, [REGIONS[0], REGIONS[2], REGIONS[3]]);

    // A custodian that lies about its share, properly sealed.
    let position = position_of(&dealt.terms, REGIONS[0]).unwrap();
    let lie = Share { position, value: curve25519_dalek::Scalar::from(7u8) };
    let lie =
        lie.hand_over(&secret_of(REGIONS[0]), &receiver.public(), &context(1), &CASE).unwrap();
    answers[0].blob = lie.encode();
    let error = collect(&dealt, 1, &receiver, &answers).unwrap_err();
    let words = error.to_string();
    for named in ["310000", "320000", "committed", "2 shares hold, 3 are needed"] {
        assert!(words.contains(named), "{words}");
    }
    assert!(matches!(error, CustodyError::TooFew { have: 2, need: 3, .. }));

    // Somebody who has no part, and bytes that are nothing.
    answers[2].region = RegionCode(650_000);
    answers[3].blob = vec![1, 2, 3];
    match collect(&dealt, 1, &receiver, &answers) {
        Err(CustodyError::TooFew { have: 0, faults, .. }) => {
            let faults: Vec<_> = faults.into_iter().map(|(_, fault)| fault).collect();
            assert_eq!(
                faults,
                [ShareFault::Commitment, ShareFault::Seal, ShareFault::NoPart, ShareFault::Blob]
            );
        },
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_share_opens_for_its_custodian_dealing_place_and_case_only() {
    let dealt = dealt(4, 9);
    let commitments = commitments(&dealt.terms).unwrap();
    let blob = SealedShare::read(&dealt.shares[0]).unwrap();
    let secret = secret_of(REGIONS[0]);
    assert!(blob.open(&secret, &context(4), 1, &commitments).is_ok());
    let other = |change: fn(&mut DealingContext)| {
        let mut changed = context(4);
        change(&mut changed);
        blob.open(&secret, &changed, 1, &commitments).unwrap_err()
    };
    assert_eq!(other(|context| context.genesis[0] ^= 1), ShareFault::Seal);
    assert_eq!(other(|context| context.person.0[0] ^= 1), ShareFault::Seal);
    assert_eq!(other(|context| context.number = 5), ShareFault::Seal);
    assert_eq!(other(|context| context.scope = DealtScope::Emergency), ShareFault::Seal);
    let elsewhere = blob.open(&secret, &context(4), 2, &commitments);
    assert_eq!(elsewhere.unwrap_err(), ShareFault::Seal);
    let stranger = blob.open(&secret_of(REGIONS[1]), &context(4), 1, &commitments);
    assert_eq!(stranger.unwrap_err(), ShareFault::Seal);

    let receiver = EncryptionSecret::generate();
    let share = opened(&dealt, 4, REGIONS[0]).unwrap();
    let hand_over = |to: &EncryptionSecret, case| {
        share.hand_over(&secret, &to.public(), &context(4), case).unwrap()
    };
    let over = hand_over(&receiver, &CASE);
    // Made once more it is the same; for another case or key nothing of it is.
    assert_eq!(hand_over(&receiver, &CASE), over);
    let moved = CaseRef::Recovery(RecoveryId(8));
    for other in [hand_over(&receiver, &moved), hand_over(&EncryptionSecret::generate(), &CASE)] {
        assert_ne!(other.enc, over.enc);
        assert_ne!(other.ciphertext, over.ciphertext);
    }
    assert!(over.open_handed_over(&receiver, &context(4), &CASE, 1, &commitments).is_ok());
    for case in [CaseRef::Recovery(RecoveryId(8)), CaseRef::Emergency(EmergencyId(7))] {
        let moved = over.open_handed_over(&receiver, &context(4), &case, 1, &commitments);
        assert_eq!(moved.unwrap_err(), ShareFault::Seal);
    }
    // Neither is taken for the other.
    assert!(over.open(&receiver, &context(4), 1, &commitments).is_err());
    assert!(blob.open_handed_over(&secret, &context(4), &CASE, 1, &commitments).is_err());
}

#[test]
fn shares_of_an_older_dealing_open_nothing_of_a_newer_one() {
    let receiver = EncryptionSecret::generate();
    let (old, new) = (dealt(1, 9), dealt(2, 9));
    assert_ne!(old.terms.commitments, new.terms.commitments);
    assert_ne!(old.terms.sealed, new.terms.sealed);
    // Also when old shares are sealed as if they were of the new dealing.
    let mut answers = handed(&new, 2, &receiver.public(), &REGIONS[..2]);
    let stale = opened(&old, 1, REGIONS[2]).unwrap();
    let blob = stale
        .hand_over(&secret_of(REGIONS[2]), &receiver.public(), &context(2), &CASE)
        .unwrap()
        .encode();
    answers.push(Answer { region: REGIONS[2], blob });
    match collect(&new, 2, &receiver, &answers) {
        Err(CustodyError::TooFew { have: 2, need: 3, faults }) => {
            assert_eq!(faults, [(REGIONS[2], ShareFault::Commitment)]);
        },
        other => panic!("{other:?}"),
    }
    // Old shares all together do not open the new payload.
    let answers = handed(&old, 1, &receiver.public(), &REGIONS);
    let mixed = combine(&old.terms, &context(1), &CASE, &receiver, &answers, &new.sealed);
    assert!(matches!(mixed, Err(CustodyError::Hash)));
    let mut terms = old.terms.clone();
    terms.sealed = new.terms.sealed;
    let mixed = combine(&terms, &context(1), &CASE, &receiver, &answers, &new.sealed);
    assert!(matches!(mixed, Err(CustodyError::Payload)));
}

#[test]
fn a_false_dealing_is_noticed_by_the_custodian() {
    let mut dealt = dealt(1, 9);
    let other = deal(&whole(9), &context(1), &custodians(), 3).unwrap();
    // A share of another polynomial.
    dealt.shares[2] = other.shares[2].clone();
    assert_eq!(opened(&dealt, 1, REGIONS[2]).unwrap_err(), ShareFault::Commitment);
    dealt.shares[3].truncate(20);
    assert_eq!(opened(&dealt, 1, REGIONS[3]).unwrap_err(), ShareFault::Blob);
    // Commitments that are no points, the point that hides nothing, and too many of them.
    for bad in [[0xff; 32], [0; 32]] {
        let mut terms = dealt.terms.clone();
        terms.commitments[0] = bad;
        assert!(matches!(commitments(&terms), Err(CustodyError::Commitments)));
    }
    let mut terms = dealt.terms.clone();
    terms.threshold = 2;
    assert!(matches!(commitments(&terms), Err(CustodyError::Commitments)));
}

#[test]
fn thresholds_and_custodians_have_bounds() {
    let all = custodians();
    let of =
        |custodians: &[Custodian], threshold| deal(&whole(9), &context(1), custodians, threshold);
    for (count, threshold) in [(3, 2), (3, 3), (5, 5)] {
        assert!(of(&all[..count], threshold).is_ok());
    }
    let many: Vec<_> =
        (1..=17u32).map(|at| Custodian { region: RegionCode(at * 10_000), ..all[0] }).collect();
    assert!(of(&many[..16], 16).is_ok());
    let twice = [&all[..], &all[..1]].concat();
    for (custodians, threshold) in
        [(&all[..2], 2), (&all[..], 1), (&all[..], 0), (&all[..], 6), (&many[..], 3), (&twice, 3)]
    {
        let refused = of(custodians, threshold);
        assert!(matches!(refused, Err(CustodyError::Threshold)), "{threshold}");
    }
    let weak = Custodian { key: EncryptionKey::x25519([0; 32]), ..all[0] };
    let refused = of(&[weak, all[1], all[2]], 2);
    assert!(matches!(refused, Err(CustodyError::Key(region)) if region == weak.region));
    let mut emergency = context(1);
    emergency.scope = DealtScope::Emergency;
    assert!(matches!(deal(&whole(9), &emergency, &all, 3), Err(CustodyError::Threshold)));
}

#[test]
fn the_emergency_payload_keeps_all_epochs() {
    let person = PersonSecret::from_bytes([5; 32]);
    let scope = |epoch| ScopeSecret {
        block: blocks::EMERGENCY_SUMMARY,
        epoch: KeyEpoch(epoch),
        secret: person.scope_secret(&GENESIS, &PERSON, blocks::EMERGENCY_SUMMARY, KeyEpoch(epoch)),
    };
    let payload = Payload::Emergency((0..70).map(scope).collect());
    let context = DealingContext { scope: DealtScope::Emergency, ..context(3) };
    let dealt = deal(&payload, &context, &custodians(), 2).unwrap();
    let receiver = EncryptionSecret::generate();
    let commitments = commitments(&dealt.terms).unwrap();
    let answers: Vec<_> = (1..=2u8)
        .map(|position| {
            let region = REGIONS[usize::from(position) - 1];
            let sealed = SealedShare::read(&dealt.shares[usize::from(position) - 1]).unwrap();
            let share = sealed.open(&secret_of(region), &context, position, &commitments);
            let own = secret_of(region);
            let sealed = share.unwrap().hand_over(&own, &receiver.public(), &context, &CASE);
            Answer { region, blob: sealed.unwrap().encode() }
        })
        .collect();
    let combined =
        combine(&dealt.terms, &context, &CASE, &receiver, &answers, &dealt.sealed).unwrap();
    let Payload::Emergency(scopes) = combined.payload else { panic!("another payload") };
    assert_eq!(scopes.len(), 70);
    for (expected, found) in (0..70).map(scope).zip(&scopes) {
        assert_eq!((expected.block, expected.epoch), (found.block, found.epoch));
        assert_eq!(expected.secret, found.secret);
    }
}

#[test]
fn a_proof_shows_the_share_for_one_challenge_and_place() {
    let dealt = dealt(1, 9);
    let terms = commitments(&dealt.terms).unwrap();
    let share = opened(&dealt, 1, REGIONS[1]).unwrap();
    let proof = ShareProof::prove(&share, &context(1), &[3; 32]);
    assert!(proof.holds(&terms, 2, &context(1), &[3; 32]));
    assert!(!proof.holds(&terms, 2, &context(1), &[4; 32]), "a replay");
    assert!(!proof.holds(&terms, 1, &context(1), &[3; 32]), "another place");
    assert!(!proof.holds(&terms, 2, &context(2), &[3; 32]), "another dealing");
    let other = deal(&whole(9), &context(1), &custodians(), 3).unwrap();
    assert!(!proof.holds(&commitments(&other.terms).unwrap(), 2, &context(1), &[3; 32]));
    // Without the share there is no proof, whatever is sent.
    let wrong = Share { position: 2, value: curve25519_dalek::Scalar::from(7u8) };
    let wrong = ShareProof::prove(&wrong, &context(1), &[3; 32]);
    assert!(!wrong.holds(&terms, 2, &context(1), &[3; 32]));
    for (point, answer) in
        [([0; 32], [0; 32]), ([0xff; 32], proof.answer), (proof.point, [0xff; 32])]
    {
        assert!(!ShareProof { point, answer }.holds(&terms, 2, &context(1), &[3; 32]));
    }
    // Two proofs of one share have nothing in common.
    let again = ShareProof::prove(&share, &context(1), &[3; 32]);
    assert_ne!(again.point, proof.point);
    assert_ne!(again.answer, proof.answer);
}

#[test]
fn nothing_secret_shows_in_debug_output() {
    let dealt = dealt(1, 0xab);
    let share = opened(&dealt, 1, REGIONS[0]).unwrap();
    let shown = format!("{share:?} {:?}", whole(0xab));
    assert_eq!(shown, "Share(at 1) Whole(PersonSecret(…))");
    let value = hex::encode(share.value.to_bytes());
    let scopes = vec![ScopeSecret {
        block: blocks::EMERGENCY_SUMMARY,
        epoch: KeyEpoch(0),
        secret: EncryptionSecret::from_bytes([0xab; 32]),
    }];
    let shown = format!("{:?} {dealt:?} {share:?}", Payload::Emergency(scopes));
    assert!(!shown.contains(&value) && !shown.contains(&"ab".repeat(8)), "{shown}");
    assert!(!shown.contains(&"171, ".repeat(8)), "{shown}");
}

#[test]
fn blobs_and_requests_survive_the_wire_and_refuse_trailing_bytes() {
    let dealt = dealt(1, 9);
    for blob in dealt.shares.iter() {
        let read = SealedShare::read(blob).unwrap();
        assert_eq!(&read.encode(), blob);
        let longer = [&blob[..], &[0]].concat();
        assert_eq!(SealedShare::read(&longer), Err(ShareFault::Blob));
    }
    assert!(SealedPayload::read(&[&dealt.sealed[..], &[0]].concat()).is_err());
    for (part, blob) in dealt.terms.parts.iter().zip(&dealt.shares) {
        assert_eq!(part.share, blob_hash(blob));
    }
    assert_eq!(dealt.blobs().count(), 6);
    let request = DrillRequest {
        person: PERSON,
        scope: DealtScope::Emergency,
        number: 3,
        challenge: [7; 32],
    };
    let text = serde_json::to_string(&request).unwrap();
    assert_eq!(serde_json::from_str::<DrillRequest>(&text).unwrap(), request);
    let more = text.replacen('{', "{\"more\":1,", 1);
    assert!(serde_json::from_str::<DrillRequest>(&more).is_err());
    let reply = DrillReply { region: REGIONS[0], point: [1; 32], answer: [2; 32] };
    let text = serde_json::to_string(&reply).unwrap();
    assert_eq!(serde_json::from_str::<DrillReply>(&text).unwrap().proof(), reply.proof());
}

#[test]
fn well_known_custodians_are_those_of_the_presets() {
    let phrase = "//Jiangsu-Custodian";
    let account = crate::keys::Account::from_uri(phrase).unwrap().id();
    let expected = "d43faa2fe0384e19df8b53b8d7de7d2fd2d06333a37e7ab616325e919ce0c117";
    assert_eq!(hex::encode(account.0), expected);
    let expected = "0x86f2a7aa360e6182f9d1463f8fce1358f00cf18fffe3f510086a7e8fb2733240";
    assert_eq!(dev_custodian_key(phrase).to_string(), expected);
}

#[test]
fn the_associated_data_are_pinned() {
    let aad = context(0x0102_0304).share_aad(5);
    let expected = [&GENESIS[..], &PERSON.0, &[0], &[4, 3, 2, 1], &[5]].concat();
    assert_eq!(aad, expected);
    let aad = context(1).hand_over_aad(5, &CASE);
    let expected =
        [&GENESIS[..], &PERSON.0, &[0], &[1, 0, 0, 0], &[5], &[0, 7, 0, 0, 0, 0, 0, 0, 0]].concat();
    assert_eq!(aad, expected);
    assert!(CaseRef::decode(&mut &[2, 0, 0, 0, 0, 0, 0, 0, 0][..]).is_err());
}
