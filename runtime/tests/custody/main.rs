//! Lost keys come back, and an emergency opens the summary: whole journeys through `Executive`.

mod coins;
#[path = "../common/mod.rs"]
mod common;
mod emergency;
mod offices;

use common::*;
use frame_support::{assert_err, assert_ok};
use kanglian_primitives::{
    AccessQuery, Author, Basis, BusinessBlockId, BusinessBlockSet, CaseRef, ComplaintReason,
    DealingPart, DealingTerms, DealtScope, Decision, EmergencyId, EmergencyReason, EncryptionKey,
    Grantee, KeyEpoch, Purpose, PurposeSet, RecordId, RecoveryId, RecoveryStatus, Refusal,
    RegionCode, ReviewOutcome, SchemaId, Terms, TermsId, blocks,
    payloads::{self, RecoveryBody},
};
use kanglian_runtime::{
    AccountId, Consents, FreeLane, KeyCustody, RealName, Records, Regions, Runtime, RuntimeCall,
    System, constants::free_lane,
};
use kanglian_traits::{ConsentInspect, PersonInspect, RegionInspect};
use pallet_key_custody::{Call, Error};
use sp_core::Pair;
use sp_runtime::{
    DispatchError, DispatchResult, MultiSignature,
    traits::Dispatchable,
    transaction_validity::{InvalidTransaction, TransactionValidityError},
};

/// Provinces of the `local` preset, rising by code.
const PROVINCES: [(&str, RegionCode); 4] = [
    ("Shanghai", RegionCode(310_000)),
    ("Jiangsu", JIANGSU),
    ("Zhejiang", ZHEJIANG),
    ("Guangdong", RegionCode(440_000)),
];
const FIRST: RecoveryId = RecoveryId(0);
const CASE: EmergencyId = EmergencyId(0);
/// Blocks of the veto's delay on the `local` preset.
const DELAY: u32 = 30;
const SUMMARY: RecordId = RecordId([0x71; 32]);
const LETTER: RecordId = RecordId([0x72; 32]);
const PAYMENT: TransactionValidityError =
    TransactionValidityError::Invalid(InvalidTransaction::Payment);

fn now() -> u64 {
    pallet_timestamp::Now::<Runtime>::get()
}

/// Sends a call of this pallet; the quota pays.
fn send(who: &str, call: Call<Runtime>) -> DispatchResult {
    submit(who, RuntimeCall::KeyCustody(call)).expect("free of charge")
}

fn custodian(province: &str) -> String {
    format!("{province}-Custodian")
}

/// The patient deals to all four custodians; three shares open it.
fn deal_by(who: &str, scope: DealtScope, n: u8) -> DispatchResult {
    let part = |(_, region): &(&str, RegionCode)| {
        let mut share = [n; 32];
        share[..4].copy_from_slice(&region.0.to_le_bytes());
        DealingPart { region: *region, share }
    };
    let terms = DealingTerms {
        threshold: 3,
        commitments: vec![[1; 32], [2; 32], [3; 32]].try_into().expect("short"),
        parts: PROVINCES.iter().map(part).collect::<Vec<_>>().try_into().expect("short"),
        sealed: [n + 0x80; 32],
    };
    send(who, Call::deal { scope, terms })
}

fn acknowledge(scope: DealtScope, number: u32, provinces: &[&str]) {
    for province in provinces {
        let call = Call::acknowledge { person: patient(), scope, number };
        assert_ok!(send(&custodian(province), call));
    }
}

/// A patient whose secret and summary are dealt and acknowledged by everybody.
fn begin_dealt() {
    permit_hospital();
    enrol_patient();
    for scope in [DealtScope::Whole, DealtScope::Emergency] {
        assert_ok!(deal_by("Patient", scope, 1));
        acknowledge(scope, 1, &PROVINCES.map(|(name, _)| name));
    }
}

fn open_recovery(device: &str) -> DispatchResult {
    let body = RecoveryBody {
        person: patient(),
        institution: hospital(),
        new_controller: account(device),
        new_data_key: EncryptionKey::x25519([0x31; 32]),
        reseal_key: EncryptionKey::x25519([0x32; 32]),
    };
    let signature = pair(device).sign(&payloads::recovery(&genesis_hash(), &body));
    let RecoveryBody { person, new_controller, new_data_key, reseal_key, .. } = body;
    let signature = MultiSignature::Sr25519(signature);
    send(
        "Hospital",
        Call::open_recovery { person, new_controller, new_data_key, reseal_key, signature },
    )
}

fn approve(provinces: &[&str]) {
    for province in provinces {
        assert_ok!(send(province, Call::approve_recovery { id: FIRST }));
    }
}

fn execute() -> DispatchResult {
    send("Hospital", Call::execute_recovery { id: FIRST })
}

fn veto(who: &str) -> DispatchResult {
    send(who, Call::veto_recovery { id: FIRST })
}

fn wait_out_the_delay() {
    skip_to(System::block_number() + DELAY);
}

/// Opened for a new phone, approved by three provinces, executed after the delay.
fn recover() {
    assert_ok!(open_recovery("NewPhone"));
    approve(&["Shanghai", "Zhejiang", "Guangdong"]);
    wait_out_the_delay();
    assert_ok!(execute());
}

fn terms_for_hospital() -> Terms<AccountId> {
    Terms {
        id: TermsId(1),
        blocks: BusinessBlockSet::of(blocks::MEDICAL),
        purposes: PurposeSet::of(Purpose::Treatment),
        from: 0,
        until: START + YEAR,
        records_from: 0,
        records_until: START + YEAR,
        may_delegate: 0,
        parent: None,
        bundle: [9; 32],
    }
}

fn granting(grantee: Grantee<AccountId>) -> RuntimeCall {
    RuntimeCall::Consents(pallet_consents::Call::grant { grantee, terms: terms_for_hospital() })
}

fn grant(who: &str, grantee: Grantee<AccountId>) -> DispatchResult {
    submit(who, granting(grantee)).expect("free of charge")
}

/// As if the call had been taken into a block, whoever paid for it.
fn dispatch(who: &str, call: RuntimeCall) -> DispatchResult {
    call.dispatch(signed(who)).map(drop).map_err(|error| error.error)
}

/// The patient shares a record of their own.
fn share_own(record: RecordId, block: BusinessBlockId, schema: u32) {
    let author = Author::Person(patient());
    let call = pallet_records::Call::share {
        subject: patient(),
        block,
        schema: SchemaId(schema),
        record,
        size: 1_000,
        epoch: KeyEpoch(0),
        receipts: vec![
            receipt("Jiangsu", JIANGSU, record, author),
            receipt("Zhejiang", ZHEJIANG, record, author),
        ]
        .try_into()
        .expect("short"),
    };
    assert_ok!(submit("Patient", RuntimeCall::Records(call)).expect("free of charge"));
}

fn decide(who: &str, acting_as: Grantee<AccountId>, purpose: Purpose, id: RecordId) -> Decision {
    let subject = patient();
    let query = AccessQuery { account: account(who), acting_as, subject, purpose };
    Consents::decide(&query, &Records::record(id).expect("shared"), now())
}

fn doctor() -> Grantee<AccountId> {
    Grantee::Practitioner { account: account("Doctor"), institution: hospital() }
}

fn by_doctor(purpose: Purpose, record: RecordId) -> Decision {
    decide("Doctor", doctor(), purpose, record)
}

/// The hospital's physician, a summary and a letter of the patient.
fn begin_emergency() {
    begin_dealt();
    let call = pallet_institutions::Call::add_practitioner {
        account: account("Doctor"),
        role: pallet_institutions::Role::Doctor,
        encryption_key: EncryptionKey::x25519([0x41; 32]),
        valid_until: START + YEAR,
    };
    assert_ok!(submit("Hospital", RuntimeCall::Institutions(call)).expect("free of charge"));
    let call = pallet_consents::Call::rotate_scope_key {
        block: blocks::EMERGENCY_SUMMARY,
        epoch: KeyEpoch(0),
        key: EncryptionKey::x25519([0x13; 32]),
        resealed: Default::default(),
    };
    assert_ok!(submit("Patient", RuntimeCall::Consents(call)).expect("free of charge"));
    share_own(SUMMARY, blocks::EMERGENCY_SUMMARY, 7_015);
    assert_ok!(submit("Hospital", share(LETTER, blocks::MEDICAL)).expect("free of charge"));
}

fn open_emergency(hours: u8) -> DispatchResult {
    let reason = EmergencyReason::Unconscious;
    let (person, acting_as) = (patient(), hospital());
    send("Doctor", Call::open_emergency { person, acting_as, reason, hours })
}

#[test]
fn a_lost_phone_is_replaced_and_the_old_key_ends() {
    local().execute_with(|| {
        begin_dealt();
        let reader = Grantee::Institution(hospital());
        assert_ok!(grant("Patient", reader.clone()));
        assert_ok!(submit("Hospital", share(LETTER, blocks::MEDICAL)).expect("free of charge"));
        recover();

        let (old, new) = (account("Patient"), account("NewPhone"));
        assert_eq!(RealName::acting(&old, now()), None);
        assert_eq!(RealName::speaks_for(&old), None);
        assert_eq!(RealName::acting(&new, now()).map(|view| view.id), Some(patient()));
        assert_eq!(FreeLane::remaining(&old), 0, "the old key calls nothing for free");
        // Its coins are gone, so that no block takes its calls; were they taken, they did nothing.
        let revoke = pallet_consents::Call::revoke { grantee: reader.clone(), id: TermsId(1) };
        let revoke = RuntimeCall::Consents(revoke);
        for call in [granting(reader.clone()), revoke.clone()] {
            assert_eq!(submit("Patient", call.clone()), Err(PAYMENT));
            assert_err!(dispatch("Patient", call), DispatchError::BadOrigin);
        }
        let read =
            |who: &str| decide(who, Grantee::Person(patient()), Purpose::PatientRequest, LETTER);
        assert_eq!(read("Patient"), Decision::Refused(Refusal::NotActingAs));
        assert_eq!(read("NewPhone"), Decision::Allowed(Basis::Subject));

        // Terms stay, and are the new key's to end.
        let by_hospital = || Consents::terms_of(patient()).len();
        assert_eq!(by_hospital(), 1);
        assert_ok!(submit("NewPhone", revoke).expect("free of charge"));
        assert_eq!(by_hospital(), 0);

        // Custodians hand over; only the new key fetches; then it deals anew.
        let case = CaseRef::Recovery(FIRST);
        for (n, province) in ["Jiangsu", "Zhejiang", "Shanghai"].into_iter().enumerate() {
            let blob = [n as u8 + 1; 32];
            assert_ok!(send(&custodian(province), Call::hand_over { case, blob }));
            assert!(KeyCustody::is_named(patient(), blob));
            assert!(KeyCustody::may_fetch(new.clone(), patient(), blob, now()));
            for other in ["Patient", "Hospital", "Jiangsu", "Stranger", "Zhejiang-Custodian"] {
                assert!(!KeyCustody::may_fetch(account(other), patient(), blob, now()));
            }
        }
        assert_ok!(deal_by("NewPhone", DealtScope::Whole, 2));
        acknowledge(DealtScope::Whole, 2, &["Shanghai", "Jiangsu", "Zhejiang"]);
        let view = KeyCustody::dealing(patient(), DealtScope::Whole).expect("dealt");
        assert!(view.recoverable && view.dealing.number == 2);
    });
}

#[test]
fn neither_votes_nor_time_alone_recover_and_no_custodian_answers_early() {
    local().execute_with(|| {
        begin_dealt();
        assert_ok!(open_recovery("NewPhone"));
        assert_err!(execute(), Error::<Runtime>::DelayNotOver);
        approve(&["Jiangsu", "Zhejiang"]);
        let case = CaseRef::Recovery(FIRST);
        let early = || send("Jiangsu-Custodian", Call::hand_over { case, blob: [1; 32] });
        assert_err!(early(), Error::<Runtime>::NotExecuted);
        wait_out_the_delay();
        assert_err!(execute(), Error::<Runtime>::NotEnoughApprovals);
        assert_err!(
            send("Jiangsu", Call::approve_recovery { id: FIRST }),
            Error::<Runtime>::AlreadyApproved
        );
        assert_err!(
            send("Hospital", Call::approve_recovery { id: FIRST }),
            DispatchError::BadOrigin
        );
        approve(&["Guangdong"]);
        assert_err!(early(), Error::<Runtime>::NotExecuted);
        assert_ok!(execute());
        assert_ok!(early());
        assert_err!(execute(), Error::<Runtime>::NotPending);
    });
}

#[test]
fn while_a_recovery_pends_the_old_key_only_vetoes_and_revokes() {
    local().execute_with(|| {
        begin_dealt();
        let reader = Grantee::Institution(hospital());
        assert_ok!(grant("Patient", reader.clone()));
        assert_ok!(submit("Hospital", share(LETTER, blocks::MEDICAL)).expect("free of charge"));
        assert_ok!(open_recovery("NewPhone"));
        assert_eq!(submit("Patient", granting(reader.clone())), Err(PAYMENT));
        assert_err!(dispatch("Patient", granting(reader.clone())), DispatchError::BadOrigin);
        let deal = Call::deal {
            scope: DealtScope::Whole,
            terms: KeyCustody::dealing(patient(), DealtScope::Whole).expect("dealt").dealing.terms,
        };
        assert_err!(dispatch("Patient", RuntimeCall::KeyCustody(deal)), DispatchError::BadOrigin);
        // Records are shared and read as before.
        assert_ok!(
            submit("Hospital", share(RecordId([6; 32]), blocks::MEDICAL)).expect("free of charge")
        );
        let institution = Grantee::Institution(hospital());
        let read = decide("Hospital", institution, Purpose::Treatment, LETTER);
        assert!(matches!(read, Decision::Allowed(_)), "{read:?}");
        let revoke = pallet_consents::Call::revoke { grantee: reader, id: TermsId(1) };
        assert_ok!(submit("Patient", RuntimeCall::Consents(revoke)).expect("free of charge"));
        assert_ok!(veto("Patient"));
        // The case ends: the old key acts again.
        assert_ok!(send("Jiangsu", Call::dismiss_recovery { id: FIRST }));
        assert!(RealName::acting(&account("Patient"), now()).is_some());
        assert_err!(open_recovery("NewPhone"), Error::<Runtime>::CoolingDown);
    });
}

#[test]
fn a_veto_in_the_last_block_counts() {
    local().execute_with(|| {
        begin_dealt();
        assert_ok!(open_recovery("Thief"));
        approve(&["Shanghai", "Zhejiang", "Guangdong"]);
        // The first block in which it may be executed: the owner's veto comes before.
        wait_out_the_delay();
        assert_ok!(veto("Patient"));
        assert_err!(execute(), Error::<Runtime>::DelayNotOver);
        wait_out_the_delay();
        assert_err!(execute(), Error::<Runtime>::NotEnoughApprovals);
        assert_eq!(RealName::speaks_for(&account("Patient")), Some(patient()));
        assert_eq!(RealName::speaks_for(&account("Thief")), None);
    });
}

/// An operational call goes into a block that normal ones have filled.
#[test]
fn a_full_block_keeps_no_veto_out() {
    use frame_support::dispatch::{DispatchClass, GetDispatchInfo};
    let veto = RuntimeCall::KeyCustody(Call::veto_recovery { id: FIRST });
    let open = RuntimeCall::KeyCustody(Call::open_emergency {
        person: patient(),
        acting_as: hospital(),
        reason: EmergencyReason::Unconscious,
        hours: 1,
    });
    let case = CaseRef::Emergency(CASE);
    let hand_over = RuntimeCall::KeyCustody(Call::hand_over { case, blob: [0; 32] });
    for call in [veto, open, hand_over] {
        assert_eq!(call.get_dispatch_info().class, DispatchClass::Operational, "{call:?}");
    }
}

#[test]
fn a_thief_with_the_old_phone_cannot_block_for_ever() {
    local().execute_with(|| {
        begin_dealt();
        assert_ok!(open_recovery("NewPhone"));
        approve(&["Shanghai"]);
        assert_ok!(veto("Patient"));
        assert_err!(veto("Patient"), Error::<Runtime>::AlreadyContested);
        assert_err!(
            send("Shanghai", Call::approve_recovery { id: FIRST }),
            Error::<Runtime>::HearingMissing
        );
        let hear = |who| send(who, Call::record_hearing { id: FIRST, protocol: [7; 32] });
        assert_err!(hear("Zhejiang"), Error::<Runtime>::OtherRegion);
        assert_ok!(hear("Jiangsu"));
        approve(&["Shanghai", "Zhejiang", "Guangdong"]);
        wait_out_the_delay();
        assert_err!(execute(), Error::<Runtime>::NotEnoughApprovals);
        approve(&["Jiangsu"]);
        assert_err!(veto("Patient"), Error::<Runtime>::AlreadyContested);
        assert_ok!(execute());
        assert!(RealName::acting(&account("NewPhone"), now()).is_some());
    });
}

#[test]
fn a_veto_needs_neither_coins_nor_quota() {
    local().execute_with(|| {
        begin_dealt();
        let remark = || RuntimeCall::System(frame_system::Call::remark { remark: vec![1] });
        while submit("Patient", remark()).is_ok() {
            if System::block_weight().total().ref_time() > 200_000_000_000 {
                next_block();
            }
        }
        assert_ok!(open_recovery("Thief"));
        assert_eq!(balance("Patient"), 0);
        assert!(submit("Patient", remark()).is_err());
        assert_ok!(veto("Patient"));
        let stranger = RuntimeCall::KeyCustody(Call::veto_recovery { id: FIRST });
        assert_eq!(submit("Stranger", stranger), Err(PAYMENT));
    });
}

#[test]
fn a_suspended_person_is_not_recovered_and_not_thawed() {
    local().execute_with(|| {
        begin_dealt();
        assert_ok!(open_recovery("NewPhone"));
        approve(&["Shanghai", "Zhejiang", "Guangdong"]);
        wait_out_the_delay();
        let suspend = pallet_real_name::Call::suspend { person: patient() };
        assert_ok!(submit("Jiangsu", RuntimeCall::RealName(suspend)).expect("free of charge"));
        assert_err!(execute(), pallet_real_name::Error::<Runtime>::PersonSuspended);
        assert_ok!(veto("Patient"));
        let lift = || RuntimeCall::RealName(pallet_real_name::Call::lift { person: patient() });
        council(lift());
        assert_eq!(RealName::acting(&account("Patient"), now()), None, "the recovery still pends");
        assert_ok!(send("Hospital", Call::withdraw_recovery { id: FIRST }));
        assert!(RealName::acting(&account("Patient"), now()).is_some());
        assert_ok!(
            submit(
                "Jiangsu",
                RuntimeCall::RealName(pallet_real_name::Call::suspend { person: patient() })
            )
            .expect("free of charge")
        );
        assert_err!(open_recovery("NewPhone"), Error::<Runtime>::PersonSuspended);
    });
}

#[test]
fn governance_steps_in_where_the_home_region_is_suspended() {
    local().execute_with(|| {
        begin_dealt();
        assert_ok!(open_recovery("Thief"));
        council_of(
            &["Zhejiang", "Shanghai", "Guangdong"],
            RuntimeCall::Regions(pallet_regions::Call::suspend { code: JIANGSU }),
        );
        assert_err!(
            send("Zhejiang", Call::dismiss_recovery { id: FIRST }),
            Error::<Runtime>::OtherRegion
        );
        council_of(
            &["Zhejiang", "Shanghai", "Guangdong"],
            RuntimeCall::KeyCustody(Call::dismiss_recovery { id: FIRST }),
        );
        let ended = KeyCustody::recovery(FIRST).expect("kept");
        assert_eq!(ended.status, RecoveryStatus::Dismissed);
        assert!(RealName::acting(&account("Patient"), now()).is_some());
    });
}
