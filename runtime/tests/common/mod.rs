//! The `local` preset in memory, and blocks made through `Executive` as a node makes them.
#![allow(dead_code, reason = "each test file uses its part")]

use codec::Encode;
use frame_support::{assert_ok, genesis_builder_helper};
use kanglian_primitives::{
    Author, BusinessBlockId, BusinessBlockSet, EncryptionKey, HMC, InstitutionId, KeyEpoch,
    PersonId, Receipt, RecordId, RegionCode, SchemaId, blocks,
    payloads::{self, AttestationBody, ReceiptBody},
};
use kanglian_runtime::{
    AccountId, Executive, Header, Runtime, RuntimeCall, RuntimeEvent, RuntimeGenesisConfig,
    RuntimeOrigin, System, UncheckedExtrinsic, genesis_config_presets as presets,
};
use sp_core::{Pair, ed25519, sr25519};
use sp_runtime::{
    ApplyExtrinsicResult, Digest, DigestItem, MultiSignature, generic::Era, traits::Header as _,
};

/// Time stamp of block 1, in milliseconds.
pub const START: u64 = 1_790_000_000_000;
pub const YEAR: u64 = 365 * 86_400_000;
pub const JIANGSU: RegionCode = RegionCode(320_000);
pub const ZHEJIANG: RegionCode = RegionCode(330_000);

pub fn pair(name: &str) -> sr25519::Pair {
    sr25519::Pair::from_string(&format!("//{name}"), None).expect("a valid phrase")
}

pub fn account(name: &str) -> AccountId {
    pair(name).public().into()
}

pub fn signed(name: &str) -> RuntimeOrigin {
    RuntimeOrigin::signed(account(name))
}

fn merge(base: &mut serde_json::Value, patch: serde_json::Value) {
    match (base, patch) {
        (serde_json::Value::Object(base), serde_json::Value::Object(patch)) => {
            for (key, value) in patch {
                merge(base.entry(key).or_insert(serde_json::Value::Null), value);
            }
        },
        (base, patch) => *base = patch,
    }
}

/// State of the `local` preset, standing in block 1.
pub fn local() -> sp_io::TestExternalities {
    let mut config: serde_json::Value = serde_json::from_slice(
        &genesis_builder_helper::get_preset::<RuntimeGenesisConfig>(&None, |_| None)
            .expect("there is a default genesis"),
    )
    .expect("genesis is JSON");
    let patch = presets::get_preset(&presets::LOCAL.into()).expect("the preset exists");
    merge(&mut config, serde_json::from_slice(&patch).expect("presets are JSON"));
    let mut ext = sp_io::TestExternalities::default();
    ext.execute_with(|| {
        let json = serde_json::to_vec(&config).expect("JSON encodes");
        genesis_builder_helper::build_state::<RuntimeGenesisConfig>(json).expect("valid genesis");
        begin(1);
    });
    ext
}

/// Begins block `height` as a node does: header with the slot, then the time stamp.
pub fn begin(height: u32) {
    let slot = (START / 1_000) + u64::from(height);
    let digest = Digest {
        logs: vec![DigestItem::PreRuntime(sp_consensus_aura::AURA_ENGINE_ID, slot.encode())],
    };
    let parent = if height == 1 { Default::default() } else { System::parent_hash() };
    let header = Header::new(height, Default::default(), Default::default(), parent, digest);
    Executive::initialize_block(&header);
    let now = UncheckedExtrinsic::new_bare(RuntimeCall::Timestamp(pallet_timestamp::Call::set {
        now: slot * 1_000,
    }));
    assert_ok!(Executive::apply_extrinsic(now).expect("the time stamp is taken"));
}

/// Ends the running block and begins the next.
pub fn next_block() {
    let height = System::block_number();
    let header = Executive::finalize_block();
    assert_eq!(*header.number(), height);
    begin(height + 1);
}

/// Runs empty blocks until `height` is the running one. Hooks only: fast over long distances.
pub fn skip_to(height: u32) {
    while System::block_number() < height {
        next_block();
    }
}

/// Signs a call as a stock client does.
pub fn extrinsic(signer: &sr25519::Pair, nonce: u32, call: RuntimeCall) -> UncheckedExtrinsic {
    extrinsic_with_tip(signer, nonce, 0, call)
}

pub fn extrinsic_with_tip(
    signer: &sr25519::Pair,
    nonce: u32,
    tip: u128,
    call: RuntimeCall,
) -> UncheckedExtrinsic {
    let extensions = (
        frame_system::CheckNonZeroSender::new(),
        frame_system::CheckSpecVersion::new(),
        frame_system::CheckTxVersion::new(),
        frame_system::CheckGenesis::new(),
        frame_system::CheckEra::from(Era::Immortal),
        kanglian_runtime::extensions::CheckNonce::from(nonce),
        frame_system::CheckWeight::new(),
        pallet_transaction_payment::ChargeTransactionPayment::from(tip),
        frame_metadata_hash_extension::CheckMetadataHash::new(false),
        frame_system::WeightReclaim::new(),
    );
    let payload = kanglian_runtime::SignedPayload::new(call.clone(), extensions.clone())
        .expect("extensions have their implicit parts");
    let signature = payload.using_encoded(|bytes| signer.sign(bytes));
    UncheckedExtrinsic::new_signed(
        call,
        AccountId::from(signer.public()).into(),
        MultiSignature::Sr25519(signature),
        extensions,
    )
}

/// Applies a signed call at the account's current nonce.
pub fn submit(signer: &str, call: impl Into<RuntimeCall>) -> ApplyExtrinsicResult {
    let signer = pair(signer);
    let nonce = *System::account_nonce(AccountId::from(signer.public()));
    Executive::apply_extrinsic(extrinsic(&signer, nonce, call.into()))
}

/// Carries a call through the council: proposed, voted by three provinces, closed.
pub fn council(call: impl Into<RuntimeCall>) {
    council_of(&["Jiangsu", "Zhejiang", "Shanghai", "Guangdong"], call);
}

pub fn council_of(members: &[&str], call: impl Into<RuntimeCall>) {
    use frame_support::dispatch::GetDispatchInfo;
    use sp_runtime::traits::Hash;
    let call = call.into();
    let length = call.encoded_size() as u32;
    let hash = sp_runtime::traits::BlakeTwo256::hash_of(&call);
    let index = pallet_collective::ProposalCount::<Runtime, _>::get();
    let weight = call.get_dispatch_info().call_weight;
    let propose = pallet_collective::Call::propose {
        threshold: members.len() as u32,
        proposal: Box::new(call),
        length_bound: length,
    };
    assert_ok!(submit(members[0], RuntimeCall::Council(propose)).expect("a member is free"));
    for member in members {
        let vote = pallet_collective::Call::vote { proposal: hash, index, approve: true };
        assert_ok!(submit(member, RuntimeCall::Council(vote)).expect("a member is free"));
    }
    let close = pallet_collective::Call::close {
        proposal_hash: hash,
        index,
        proposal_weight_bound: weight,
        length_bound: length,
    };
    assert_ok!(submit(members[0], RuntimeCall::Council(close)).expect("a member is free"));
    let executed = System::events().into_iter().rev().find_map(|record| match record.event {
        RuntimeEvent::Council(pallet_collective::Event::Executed { result, .. }) => Some(result),
        _ => None,
    });
    assert_eq!(executed, Some(Ok(())), "the motion was carried out");
}

pub fn hospital() -> InstitutionId {
    InstitutionId::from_parts(320_000, 4_711)
}

pub fn patient() -> PersonId {
    PersonId([0xaa; 32])
}

/// `//Hospital` becomes a permitted institution of Jiangsu.
pub fn permit_hospital() {
    let profile = pallet_institutions::Profile {
        id: hospital(),
        kind: b"A1".to_vec().try_into().expect("short"),
        name: "示例医院".as_bytes().to_vec().try_into().expect("short"),
        controller: account("Hospital"),
        encryption_key: EncryptionKey::x25519([7; 32]),
        blocks: BusinessBlockSet::of(blocks::MEDICAL).with(blocks::RESTRICTED_MEDICAL),
        valid_until: START + YEAR,
    };
    assert_ok!(
        submit(
            "Jiangsu",
            RuntimeCall::Institutions(pallet_institutions::Call::nominate { profile })
        )
        .expect("a pan-centre is free")
    );
    council(RuntimeCall::Institutions(pallet_institutions::Call::permit {
        ids: vec![hospital()].try_into().expect("short"),
    }));
}

pub fn genesis_hash() -> [u8; 32] {
    System::block_hash(0).0
}

/// `//Patient` is enrolled by the hospital.
pub fn enrol_patient() {
    let keys = vec![
        (blocks::MEDICAL, EncryptionKey::x25519([0x11; 32])),
        (blocks::RESTRICTED_MEDICAL, EncryptionKey::x25519([0x12; 32])),
    ];
    let body = AttestationBody {
        person: patient(),
        controller: account("Patient"),
        home_region: JIANGSU,
        data_key: EncryptionKey::x25519([0x21; 32]),
        scope_keys: keys.clone(),
        attester: hospital(),
        write_blocks: BusinessBlockSet::of(blocks::MEDICAL),
        write_until: START + YEAR,
        valid_until: START + YEAR,
    };
    let signature = pair("Patient").sign(&payloads::attest(&genesis_hash(), &body));
    let attestation = pallet_real_name::Attestation {
        controller: body.controller,
        data_key: body.data_key,
        scope_keys: keys.try_into().expect("short"),
        write_blocks: body.write_blocks,
        write_until: body.write_until,
        valid_until: body.valid_until,
    };
    let call = pallet_real_name::Call::attest {
        person: patient(),
        attestation,
        signature: MultiSignature::Sr25519(signature),
    };
    assert_ok!(submit("Hospital", RuntimeCall::RealName(call)).expect("a hospital is free"));
}

/// A receipt by a province's well-known vault key.
pub fn receipt(province: &str, region: RegionCode, record: RecordId, author: Author) -> Receipt {
    let mut phrase = b"kanglian/dev-vault/v1".to_vec();
    phrase.extend_from_slice(format!("//{province}-Vault").as_bytes());
    let vault = ed25519::Pair::from_seed(blake3::hash(&phrase).as_bytes());
    let body = ReceiptBody {
        region,
        record,
        size: 1_000,
        subject: patient(),
        author,
        epoch: KeyEpoch(0),
        expires_at: System::block_number() + 600,
    };
    let signature = vault.sign(&payloads::receipt(&genesis_hash(), &body)).0;
    Receipt { region, expires_at: body.expires_at, signature }
}

/// A share by the hospital with receipts of Jiangsu and Zhejiang.
pub fn share(record: RecordId, block: BusinessBlockId) -> RuntimeCall {
    let author = Author::Institution(hospital());
    RuntimeCall::Records(pallet_records::Call::share {
        subject: patient(),
        block,
        schema: SchemaId(u32::from(block.0) * 1_000 + 4),
        record,
        size: 1_000,
        epoch: KeyEpoch(0),
        receipts: vec![
            receipt("Jiangsu", JIANGSU, record, author),
            receipt("Zhejiang", ZHEJIANG, record, author),
        ]
        .try_into()
        .expect("short"),
    })
}

pub fn balance(name: &str) -> u128 {
    pallet_balances::Pallet::<Runtime>::free_balance(account(name))
}

pub fn hmc(tenths: u128) -> u128 {
    tenths * HMC / 10
}
