//! Pins the bytes that runtime, vaults, this crate and the browser must agree on:
//! `primitives/vectors/*.json`. With `KANGLIAN_WRITE_VECTORS=1` the files are written anew; a
//! change in them is a change of the protocol.

use std::path::PathBuf;

use codec::Encode;
use kanglian_primitives::payloads::{
    self, AccessStatement, AttestationBody, GuardianBody, LinkBody, LogEntry, LogReceiptBody,
    MigrationBody, PeerRequest, ReceiptBody, RecoveryBody, RedemptionBody, TakeOverBody,
    WorkReceiptBody,
};
use kanglian_primitives::{
    Author, Basis, BusinessBlockSet, COMING_OF_AGE_STEP, CaseRef, DealingPart, DealingTerms,
    DealtScope, EmergencyId, EncryptionKey, Grantee, GuardianBasis, InstitutionId, KeyEpoch,
    PersonId, Purpose, RecordId, RecoveryId, RegionCode, TeamId, TermsId, WorkClaim, WorkId,
    blocks,
};
use kanglian_sdk::AccountId;
use kanglian_sdk::codes::CodeSeed;
use kanglian_sdk::envelope::{
    DataKey, WrapContext, WrapRecipient, open_bytes, seal_with, unwrap, wrap,
};
use kanglian_sdk::keys::PersonSecret;
use serde_json::{Value, json};

const GENESIS: [u8; 32] = [0x11; 32];
const PERSON: PersonId = PersonId([0x22; 32]);
const RECORD: RecordId = RecordId([0x33; 32]);
const ACCOUNT: AccountId = subxt::utils::AccountId32([0x44; 32]);
const NOW: u64 = 1_767_225_600_000;

fn institution() -> InstitutionId {
    InstitutionId::from_parts(320_100, 12_345_678)
}

fn hex(bytes: impl AsRef<[u8]>) -> String {
    format!("0x{}", ::hex::encode(bytes))
}

fn pin(name: &str, value: Value) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../primitives/vectors")
        .join(format!("{name}.json"));
    if std::env::var_os("KANGLIAN_WRITE_VECTORS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        let mut text = serde_json::to_string_pretty(&value).unwrap();
        text.push('\n');
        std::fs::write(&path, text).unwrap();
    }
    let text = std::fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let pinned: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(pinned, value, "{name} differs from its pinned bytes");
}

#[test]
fn receipt() {
    let body = ReceiptBody {
        region: RegionCode(320_000),
        record: RECORD,
        size: 1_048_864,
        subject: PERSON,
        author: Author::Institution(institution()),
        epoch: KeyEpoch(0),
        expires_at: 1_800,
    };
    let by_person = ReceiptBody { author: Author::Person(PERSON), ..body };
    pin(
        "receipt",
        json!({
            "genesis": hex(GENESIS),
            "region": 320_000,
            "record": RECORD,
            "size": 1_048_864,
            "subject": PERSON,
            "institution": institution(),
            "epoch": 0,
            "expires_at": 1_800,
            "payload_by_institution": hex(payloads::receipt(&GENESIS, &body)),
            "payload_by_person": hex(payloads::receipt(&GENESIS, &by_person)),
        }),
    );
}

#[test]
fn work() {
    let body = WorkReceiptBody {
        region: RegionCode(320_000),
        work: WorkId(RECORD.0),
        size: 1_048_864,
        metadata: [0x66; 32],
        author: institution(),
        expires_at: 1_800,
    };
    let claim = WorkClaim {
        work: body.work,
        size: body.size,
        metadata: body.metadata,
        author: body.author,
        block: blocks::HEALTH_EDUCATION,
    };
    pin(
        "work",
        json!({
            "genesis": hex(GENESIS),
            "region": 320_000,
            "work": body.work,
            "size": 1_048_864,
            "metadata": hex(body.metadata),
            "author": institution(),
            "block": blocks::HEALTH_EDUCATION,
            "expires_at": 1_800,
            "claim": hex(claim.encode()),
            "receipt": hex(payloads::work_receipt(&GENESIS, &body)),
        }),
    );
}

#[test]
fn attest() {
    let secret = PersonSecret::from_bytes([0x55; 32]);
    let medical = secret.scope_secret(&GENESIS, &PERSON, blocks::MEDICAL, KeyEpoch(0)).public();
    let personal = secret.scope_secret(&GENESIS, &PERSON, blocks::PERSONAL, KeyEpoch(0)).public();
    let data_key = secret.data_secret(&GENESIS, &PERSON).public();
    let body = AttestationBody {
        person: PERSON,
        controller: ACCOUNT,
        home_region: RegionCode(320_000),
        data_key,
        scope_keys: vec![(blocks::MEDICAL, medical), (blocks::PERSONAL, personal)],
        attester: institution(),
        write_blocks: BusinessBlockSet::of(blocks::MEDICAL),
        write_until: NOW + 86_400_000,
        valid_until: NOW + 10 * 86_400_000,
    };
    let new = AccountId::from([0x45; 32]);
    pin(
        "attest",
        json!({
            "genesis": hex(GENESIS),
            "person": PERSON,
            "controller": hex(ACCOUNT.0),
            "home_region": 320_000,
            "data_key": data_key,
            "scope_keys": [[0, medical], [6, personal]],
            "attester": institution(),
            "write_blocks": body.write_blocks.0,
            "write_until": body.write_until,
            "valid_until": body.valid_until,
            "payload": hex(payloads::attest(&GENESIS, &body)),
            "rotate": {
                "old": hex(ACCOUNT.0),
                "new": hex(new.0),
                "payload": hex(payloads::rotate(&GENESIS, &PERSON, &ACCOUNT, &new)),
            },
            "under_generation_1": hex(payloads::attest_under(&GENESIS, 1, &body)),
        }),
    );
}

#[test]
fn aliases() {
    let (other, institution) = (PersonId([0x46; 32]), institution());
    let link = LinkBody { alias: other, canonical: PERSON, institution, round: 3 };
    let migration = MigrationBody { generation: 2, old: PERSON, new: other, institution, round: 4 };
    pin(
        "alias",
        json!({
            "genesis": hex(GENESIS),
            "institution": institution,
            "link": {
                "alias": other,
                "canonical": PERSON,
                "round": link.round,
                "payload": hex(payloads::link(&GENESIS, &link)),
            },
            "migrate": {
                "generation": migration.generation,
                "old": PERSON,
                "new": other,
                "round": migration.round,
                "payload": hex(payloads::migrate(&GENESIS, &migration)),
            },
        }),
    );
}

#[test]
fn custody() {
    let secret = PersonSecret::from_bytes([0x56; 32]);
    let new_data_key = secret.data_secret(&GENESIS, &PERSON).public();
    let reseal_key = secret.scope_secret(&GENESIS, &PERSON, blocks::MEDICAL, KeyEpoch(0)).public();
    let new_controller = AccountId::from([0x45; 32]);
    let body = RecoveryBody {
        person: PERSON,
        institution: institution(),
        new_controller,
        new_data_key,
        reseal_key,
    };
    let part = |code: u32, byte: u8| DealingPart { region: RegionCode(code), share: [byte; 32] };
    let terms = DealingTerms {
        threshold: 2,
        commitments: vec![[0xc1; 32], [0xc2; 32]].try_into().unwrap(),
        parts: vec![part(310_000, 0xa1), part(320_000, 0xa2), part(330_000, 0xa3)]
            .try_into()
            .unwrap(),
        sealed: [0x88; 32],
    };
    let (number, position) = (7, 2);
    let aad = |scope| hex(payloads::share_aad(&GENESIS, &PERSON, scope, number, position));
    let handed = |scope, case| {
        hex(payloads::hand_over_aad(&GENESIS, &PERSON, scope, number, position, case))
    };
    let info = |scope| hex(payloads::custody_info(&PERSON, scope, number));
    pin(
        "custody",
        json!({
            "genesis": hex(GENESIS),
            "person": PERSON,
            "institution": institution(),
            "new_controller": hex(new_controller.0),
            "new_data_key": new_data_key,
            "reseal_key": reseal_key,
            "recovery": hex(payloads::recovery(&GENESIS, &body)),
            "number": number,
            "position": position,
            "terms": hex(terms.encode()),
            "payload_info_whole": info(DealtScope::Whole),
            "payload_info_emergency": info(DealtScope::Emergency),
            "share_aad_whole": aad(DealtScope::Whole),
            "share_aad_emergency": aad(DealtScope::Emergency),
            "hand_over_aad_recovery":
                handed(DealtScope::Whole, CaseRef::Recovery(RecoveryId(3))),
            "hand_over_aad_emergency":
                handed(DealtScope::Emergency, CaseRef::Emergency(EmergencyId(4))),
            "basis_emergency": hex(Basis::Emergency(EmergencyId(4)).encode()),
        }),
    );
}

#[test]
fn access() {
    let statement = |acting_as| AccessStatement {
        region: RegionCode(320_000),
        account: ACCOUNT,
        acting_as,
        subject: PERSON,
        purpose: Purpose::Treatment,
        issued_at: NOW,
        expires_at: NOW + 600_000,
    };
    let grantees = [
        Grantee::Institution(institution()),
        Grantee::Practitioner { account: ACCOUNT, institution: institution() },
        Grantee::CareTeam { institution: institution(), team: kanglian_primitives::TeamId(7) },
        Grantee::Person(PERSON),
    ];
    let entry = LogEntry {
        at: NOW + 1_000,
        statement: statement(grantees[1]),
        scheme: 1,
        signature: vec![0x66; 64],
        record: Some(RECORD),
        basis: Some(Basis::Terms(TermsId(9))),
    };
    let receipt =
        LogReceiptBody { region: RegionCode(320_000), index: 41, leaf: [0x77; 32], at: NOW };
    let peer = PeerRequest {
        from: RegionCode(320_000),
        to: RegionCode(330_000),
        action: format!("PUT /peer/v1/objects/{RECORD}").into_bytes(),
        body: [0x78; 32],
        at: NOW,
    };
    pin(
        "access",
        json!({
            "genesis": hex(GENESIS),
            "region": 320_000,
            "account": hex(ACCOUNT.0),
            "subject": PERSON,
            "institution": institution(),
            "team": 7,
            "purpose": "TREAT",
            "issued_at": NOW,
            "expires_at": NOW + 600_000,
            "payload_as_institution": hex(payloads::access(&GENESIS, &statement(grantees[0]))),
            "payload_as_practitioner": hex(payloads::access(&GENESIS, &statement(grantees[1]))),
            "payload_as_care_team": hex(payloads::access(&GENESIS, &statement(grantees[2]))),
            "payload_as_person": hex(payloads::access(&GENESIS, &statement(grantees[3]))),
            "log_entry": hex(entry.encode()),
            "log_receipt": hex(payloads::log(&GENESIS, &receipt)),
            "peer_request": hex(payloads::peer(&GENESIS, &peer)),
        }),
    );
}

#[test]
fn login_text() {
    let text =
        payloads::login_text(&GENESIS, RegionCode(320_000), "127.0.0.1:8600", "00ff", NOW + 60_000);
    pin(
        "login",
        json!({
            "genesis": hex(GENESIS),
            "region": 320_000,
            "host": "127.0.0.1:8600",
            "nonce": "00ff",
            "expires_at": NOW + 60_000,
            "text": text,
        }),
    );
}

#[test]
fn code() {
    let seed = CodeSeed::from_bytes([0x66; 16]);
    let keys = seed.keys(&GENESIS);
    let body = RedemptionBody {
        code: keys.key(),
        person: PERSON,
        redeemer: ACCOUNT,
        grantee: Grantee::CareTeam { institution: institution(), team: TeamId(7) },
        expires_at: NOW,
    };
    let aad = payloads::envelope_aad(&GENESIS, &PERSON, blocks::MEDICAL, KeyEpoch(0), &body.code.0);
    pin(
        "code",
        json!({
            "genesis": hex(GENESIS),
            "person": PERSON,
            "redeemer": hex(ACCOUNT.0),
            "institution": institution(),
            "team": 7,
            "expires_at": NOW,
            "seed": hex([0x66; 16]),
            "text": seed.text(),
            "key": keys.key(),
            "encryption_key": keys.encryption_key(),
            "payload": hex(payloads::code(&GENESIS, &body)),
            // ed25519 is deterministic (RFC 8032).
            "signature": hex(keys.sign(&GENESIS, &body)),
            "aad_of_scope_secret": hex(aad),
        }),
    );
}

#[test]
fn guardian() {
    let body = GuardianBody {
        ward: PERSON,
        guardian: PersonId([0x77; 32]),
        institution: institution(),
        basis: GuardianBasis::Minor,
        until: COMING_OF_AGE_STEP * 300,
        holds_keys: true,
        number: 1,
    };
    let take_over = TakeOverBody {
        ward: PERSON,
        old: ACCOUNT,
        new: subxt::utils::AccountId32([0x55; 32]),
        data_key: EncryptionKey::x25519([0x66; 32]),
        institution: institution(),
    };
    pin(
        "guardian",
        json!({
            "genesis": hex(GENESIS),
            "ward": PERSON,
            "guardian": body.guardian,
            "institution": institution(),
            "basis": "minor",
            "until": body.until,
            "holds_keys": true,
            "number": 1,
            "payload": hex(payloads::guardian(&GENESIS, &body)),
            "old": hex(take_over.old.0),
            "new": hex(take_over.new.0),
            "data_key": "0x6666666666666666666666666666666666666666666666666666666666666666",
            "take_over_payload": hex(payloads::take_over(&GENESIS, &take_over)),
        }),
    );
}

#[test]
fn envelope_aad() {
    let aad = |belongs_to: &[u8]| {
        hex(payloads::envelope_aad(&GENESIS, &PERSON, blocks::MEDICAL, KeyEpoch(3), belongs_to))
    };
    pin(
        "envelope_aad",
        json!({
            "genesis": hex(GENESIS),
            "person": PERSON,
            "block": 0,
            "epoch": 3,
            "record": RECORD,
            "terms": 9,
            "aad_of_record": aad(&RECORD.0),
            "aad_of_terms": aad(&9u64.to_le_bytes()),
            "aad_of_nothing": aad(&[]),
        }),
    );
}

#[test]
fn derived_secrets() {
    let secret = PersonSecret::from_bytes([0x55; 32]);
    let scope = |block, epoch| {
        let secret = secret.scope_secret(&GENESIS, &PERSON, block, KeyEpoch(epoch));
        json!({
            "block": block,
            "epoch": epoch,
            "secret": hex(secret.as_bytes()),
            "public": secret.public(),
        })
    };
    let data = secret.data_secret(&GENESIS, &PERSON);
    pin(
        "secrets",
        json!({
            "genesis": hex(GENESIS),
            "person": PERSON,
            "person_secret": hex(secret.to_bytes().as_slice()),
            "scopes": [
                scope(blocks::MEDICAL, 0),
                scope(blocks::MEDICAL, 1),
                scope(blocks::PERSONAL, 0x0102_0304),
            ],
            "data_key": { "secret": hex(data.as_bytes()), "public": data.public() },
        }),
    );
}

#[tokio::test]
async fn sealed_object() {
    let key = DataKey::from_bytes([0x88; 32]);
    let mut objects = Vec::new();
    for content in [&b""[..], b"{\"resourceType\":\"Patient\",\"id\":\"1\"}"] {
        let mut bytes = Vec::new();
        let length = content.len() as u64;
        let sealed =
            seal_with(key.clone(), *b"prefix7", content, length, &mut bytes).await.unwrap();
        assert_eq!(open_bytes(&bytes, &key, &sealed.record).await.unwrap(), content);
        objects.push(json!({
            "content": hex(content),
            "sealed": hex(&bytes),
            "record": sealed.record,
        }));
    }
    // Two chunks: too long to be written out, pinned by its record id.
    let long: Vec<u8> = (0..100_000u32).map(|at| (at % 251) as u8).collect();
    let sealed =
        seal_with(key.clone(), *b"prefix7", &long[..], long.len() as u64, tokio::io::sink())
            .await
            .unwrap();
    pin(
        "sealed",
        json!({
            "key": hex(key.as_bytes()),
            "nonce_prefix": hex(b"prefix7"),
            "objects": objects,
            "long": {
                "content": "byte n is n modulo 251",
                "length": long.len(),
                "size": sealed.size,
                "record": sealed.record,
            },
        }),
    );
}

/// HPKE is randomised: the file holds a wrap that every implementation must open.
#[test]
fn wrapped_key() {
    let scope = PersonSecret::from_bytes([0x55; 32]).scope_secret(
        &GENESIS,
        &PERSON,
        blocks::MEDICAL,
        KeyEpoch(0),
    );
    let context = WrapContext {
        genesis: GENESIS,
        subject: PERSON,
        block: blocks::MEDICAL,
        epoch: KeyEpoch(0),
        record: RECORD,
    };
    let key = DataKey::from_bytes([0x88; 32]);
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../primitives/vectors/wrapped.json");
    if std::env::var_os("KANGLIAN_WRITE_VECTORS").is_some() {
        let wrapped = wrap(&key, &scope.public(), context.scope(), &context).unwrap();
        pin(
            "wrapped",
            json!({
                "genesis": hex(GENESIS),
                "subject": PERSON,
                "block": 0,
                "epoch": 0,
                "record": RECORD,
                "scope_secret": hex(scope.as_bytes()),
                "data_key": hex(key.as_bytes()),
                "enc": hex(wrapped.enc),
                "ciphertext": hex(&wrapped.ciphertext),
                "scale": hex(wrapped.encode()),
            }),
        );
    }
    let value: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let scale = ::hex::decode(&value["scale"].as_str().unwrap()[2..]).unwrap();
    let wrapped: kanglian_sdk::envelope::Wrap =
        codec::DecodeAll::decode_all(&mut scale.as_slice()).unwrap();
    assert_eq!(wrapped.recipient, context.scope());
    assert_eq!(hex(wrapped.enc), value["enc"].as_str().unwrap());
    assert!(unwrap(&wrapped, &scope, &context).unwrap() == key);
    let to_key = WrapRecipient::Key(EncryptionKey::x25519([0x99; 32]));
    assert_eq!(hex(to_key.encode()), format!("0x0101{}", "99".repeat(32)));
}
