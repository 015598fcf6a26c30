//! What the SDK encodes, the runtime decodes as the call it must be (docs/adr/0003).

use codec::{Decode, Encode};
use kanglian_primitives::{
    BusinessBlockId, BusinessBlockSet, CaseRef, CodeKey, ComplaintReason, DealingPart,
    DealingTerms, DealtScope, EmergencyId, EmergencyReason, EncryptionKey, Grantee, InstitutionId,
    KeyEpoch, PersonId, Purpose, PurposeSet, Receipt, RecordId, RecoveryId, ReferralId, RegionCode,
    RetractionReason, ReviewOutcome, SchemaId, TakedownReason, TeamId, Terms, TermsId,
    TermsTemplate, VaultKey, WorkClaim, WorkId, payloads::RecoveryBody,
};
use kanglian_runtime::{Runtime, RuntimeCall};
use kanglian_sdk::{
    AccountId,
    chain::{Call, calls, care, types},
};
use subxt::{Metadata, utils::MultiSignature};

fn metadata() -> Metadata {
    // Some constants are parameters that live in storage.
    let bytes = sp_io::TestExternalities::default()
        .execute_with(|| Runtime::metadata_at_version(15))
        .expect("the runtime has metadata V15");
    Metadata::decode(&mut &bytes[..]).expect("subxt reads the runtime's metadata")
}

/// Decodes to the end; anything left over is an error.
fn decoded(call: &Call, metadata: &Metadata) -> RuntimeCall {
    let bytes = call.encode(metadata).unwrap_or_else(|error| panic!("{call}: {error}"));
    let mut rest = &bytes[..];
    let decoded = RuntimeCall::decode(&mut rest).unwrap_or_else(|error| panic!("{call}: {error}"));
    assert!(rest.is_empty(), "{call}: {} bytes left over", rest.len());
    assert_eq!(decoded.encode(), bytes, "{call}");
    decoded
}

#[test]
fn every_constructor_gives_the_call_it_names() {
    let metadata = metadata();
    let account = AccountId::from([7; 32]);
    let institution = InstitutionId::from_parts(320_000, 42);
    let person = PersonId([1; 32]);
    let record = RecordId([2; 32]);
    let key = EncryptionKey::x25519([9; 32]);
    let region = RegionCode(330_000);
    let block = BusinessBlockId(3);
    let grantee = Grantee::Practitioner { account, institution };
    let terms = Terms {
        id: TermsId(5),
        blocks: BusinessBlockSet::of(block),
        purposes: PurposeSet::of(Purpose::Treatment),
        from: 1,
        until: 2,
        records_from: 3,
        records_until: 4,
        may_delegate: 1,
        parent: None,
        bundle: [8; 32],
    };
    let template = TermsTemplate {
        blocks: terms.blocks,
        purposes: terms.purposes,
        from: 1,
        until: 2,
        records_from: 3,
        records_until: 4,
        may_delegate: 1,
    };
    let team = Grantee::CareTeam { institution, team: TeamId(1) };
    let (key_of_code, referral) = (CodeKey([5; 32]), ReferralId(3));
    let receipts = [Receipt { region, expires_at: 77, signature: [6; 64] }];
    let code = [3u8; 32];
    let work = WorkClaim {
        work: WorkId([12; 32]),
        size: 9,
        metadata: [13; 32],
        author: institution,
        block: BusinessBlockId(4),
    };
    let part = |region| DealingPart { region, share: [4; 32] };
    let dealing = DealingTerms {
        threshold: 2,
        commitments: vec![[1; 32], [2; 32]].try_into().unwrap(),
        parts: vec![part(RegionCode(320_000)), part(region)].try_into().unwrap(),
        sealed: [5; 32],
    };
    let recovery = RecoveryBody {
        person,
        new_controller: account,
        new_data_key: key,
        reseal_key: EncryptionKey::x25519([10; 32]),
    };
    let signature = MultiSignature::Sr25519([11; 64]);
    let (recovered, urgent) = (RecoveryId(6), EmergencyId(7));
    let case = CaseRef::Emergency(urgent);

    let all = [
        calls::regions::register(region, "浙江", &account, key, VaultKey([4; 32]), "http://a"),
        calls::regions::update_vault(VaultKey([4; 32]), "https://b"),
        calls::regions::suspend(region),
        calls::regions::resume(region),
        calls::regions::replace_pan_centre(region, &account),
        calls::authorities::add(&account, region),
        calls::authorities::remove(&account),
        calls::institutions::withdraw(institution),
        calls::institutions::permit(&[institution]),
        calls::institutions::revoke(institution),
        calls::institutions::suspend(institution),
        calls::institutions::renew(institution, 9),
        calls::institutions::replace_controller(institution, &account),
        calls::institutions::set_encryption_key(key),
        calls::institutions::add_practitioner(&account, types::Role::Nurse, key, 9),
        calls::institutions::remove_practitioner(&account),
        calls::institutions::suspend_practitioner(institution, &account),
        calls::institutions::lift_practitioner(institution, &account),
        calls::institutions::create_team(TeamId(1), "团队", key),
        calls::institutions::add_team_member(TeamId(1), &account),
        calls::institutions::remove_team_member(TeamId(1), &account),
        calls::institutions::dissolve_team(TeamId(1)),
        calls::business_blocks::add(block, "块", "block", false, true, 100),
        calls::business_blocks::retire(block),
        calls::consents::grant(&grantee, &terms),
        calls::consents::delegate(person, &grantee, &Grantee::Person(person), &terms),
        calls::consents::revoke(&grantee, TermsId(5)),
        calls::consents::renounce(person, &grantee, TermsId(5)),
        calls::consents::allow_writing(institution, BusinessBlockSet::of(block), 9),
        calls::consents::anchor_access_log(3, [1; 32], &[[2; 32], [3; 32]]),
        calls::access_codes::issue_code(key_of_code, &template, 2, 9, [5; 32]),
        calls::access_codes::cancel_code(key_of_code),
        calls::access_codes::redeem_code(key_of_code, &grantee, 9, [6; 64]),
        calls::access_codes::adopt_bundle(key_of_code, &grantee, [5; 32]),
        calls::access_codes::remove_code(key_of_code),
        calls::referrals::refer(person, &grantee, Some(record), &[(grantee, terms)]),
        calls::referrals::refer_own(None, &[(grantee, terms), (team, terms)]),
        calls::referrals::accept(person, referral, &grantee),
        calls::referrals::reject(person, referral, &grantee, care::Reason::NotIndicated),
        calls::referrals::return_result(person, referral, &grantee, record),
        calls::referrals::close(person, referral, &grantee),
        calls::referrals::close_own(referral),
        calls::referrals::remove(person, referral),
        calls::public_works::publish(&work, SchemaId(4_013), &receipts),
        calls::public_works::supersede(work.work, &work, SchemaId(4_013), &receipts),
        calls::public_works::endorse(work.work),
        calls::public_works::withdraw_endorsement(work.work),
        calls::public_works::retract(work.work, RetractionReason::Privacy),
        calls::public_works::take_down(work.work, TakedownReason::Unlawful),
        calls::public_works::restore(work.work),
        calls::records::supersede(record, SchemaId(1), record, 9, KeyEpoch(0), &receipts),
        calls::records::reject(record),
        calls::health_coin::set_transfer_policy(types::TransferPolicy::ClosedLoop),
        calls::health_coin::set_publishing_schedule(&types::PublishingSchedule::default()),
        calls::health_coin::settle_era(4),
        calls::health_coin::claw_back(&account, 5),
        calls::key_custody::set_custodian(&account, key),
        calls::key_custody::remove_custodian(),
        calls::key_custody::deal(DealtScope::Emergency, &dealing),
        calls::key_custody::acknowledge(person, DealtScope::Whole, 3),
        calls::key_custody::complain(person, DealtScope::Whole, 3, ComplaintReason::Missing),
        calls::key_custody::open_recovery(&recovery, &signature),
        calls::key_custody::approve_recovery(recovered),
        calls::key_custody::veto_recovery(recovered),
        calls::key_custody::record_hearing(recovered, code),
        calls::key_custody::dismiss_recovery(recovered),
        calls::key_custody::withdraw_recovery(recovered),
        calls::key_custody::execute_recovery(recovered),
        calls::key_custody::hand_over(case, code),
        calls::key_custody::open_emergency(person, institution, EmergencyReason::PublicHealth, 4),
        calls::key_custody::review_emergency(urgent, ReviewOutcome::Abuse),
        calls::key_custody::escalate_emergency(urgent),
        calls::key_custody::close_emergency(urgent),
        calls::key_custody::prune_case(case),
        calls::mandates::propose_upgrade(code),
        calls::mandates::veto(code),
        calls::mandates::cancel(code),
        calls::mandates::enact(code),
        calls::mandates::set_regulator(&account),
        calls::balances::transfer_keep_alive(&account, 1),
        calls::balances::transfer_allow_death(&account, 1),
        calls::balances::transfer_all(&account, true),
        calls::council::vote(code, 300, true),
        calls::council_membership::add_member(&account),
        calls::council_membership::remove_member(&account),
        calls::council_membership::swap_member(&account, &account),
    ];
    for call in &all {
        let text = format!("{:?}", decoded(call, &metadata));
        let pallet = text.split('(').next().unwrap_or_default();
        assert_eq!(pallet, call.pallet(), "{text}");
        assert!(text.contains(call.name()), "{call} decodes as {text}");
    }
    for nested in [
        calls::utility::batch_all(all.to_vec()),
        calls::utility::batch(all.to_vec()),
        calls::utility::force_batch(all.to_vec()),
        calls::council::propose(3, calls::institutions::permit(&[institution])),
    ] {
        decoded(&nested, &metadata);
    }
}

#[test]
fn arguments_arrive_where_they_belong() {
    let metadata = metadata();
    let account = AccountId::from([7; 32]);
    let institution = InstitutionId::from_parts(320_000, 42);
    let grantee = Grantee::Practitioner { account, institution };
    let RuntimeCall::Consents(pallet_consents::Call::revoke { grantee: to, id }) =
        decoded(&calls::consents::revoke(&grantee, TermsId(5)), &metadata)
    else {
        panic!("not the call it names");
    };
    assert_eq!(id, TermsId(5));
    assert_eq!(to.encode(), grantee.encode());
}
