//! Public works through `Executive`: paid by the coin's publishing schedule, taken down by the
//! regulator, with receipts that count for nothing else.

mod common;

use common::*;
use frame_support::assert_ok;
use kanglian_primitives::{
    Author, BusinessBlockSet, EncryptionKey, Receipt, RecordId, RegionCode, Retraction,
    RetractionReason, SchemaId, TakedownReason, WorkFacts, WorkId, blocks,
    payloads::{self, WorkReceiptBody},
};
use kanglian_runtime::{
    HealthCoin, PublicWorks, Records, Runtime, RuntimeCall, RuntimeOrigin, System, Timestamp,
};
use sp_core::{Pair, ed25519};
use sp_runtime::DispatchError;

const METADATA: [u8; 32] = [0x3e; 32];
const SIZE: u64 = 1_000;

fn world(test: impl FnOnce()) {
    local().execute_with(|| {
        let profile = pallet_institutions::Profile {
            id: hospital(),
            kind: b"A1".to_vec().try_into().expect("short"),
            name: "示例医院".as_bytes().to_vec().try_into().expect("short"),
            controller: account("Hospital"),
            encryption_key: EncryptionKey::x25519([7; 32]),
            blocks: BusinessBlockSet::of(blocks::MEDICAL).with(blocks::HEALTH_EDUCATION),
            valid_until: START + YEAR,
        };
        let nominate = pallet_institutions::Call::nominate { profile };
        let nominate = submit("Jiangsu", RuntimeCall::Institutions(nominate));
        assert_ok!(nominate.expect("a pan-centre is free"));
        council(RuntimeCall::Institutions(pallet_institutions::Call::permit {
            ids: vec![hospital()].try_into().expect("short"),
        }));
        next_block();
        test();
        PublicWorks::do_try_state().expect("works hold together");
        HealthCoin::do_try_state().expect("the coin's books hold");
    });
}

fn work(number: u8) -> WorkId {
    WorkId([number; 32])
}

fn receipt_for(province: &str, region: RegionCode, work: WorkId) -> Receipt {
    let mut phrase = b"kanglian/dev-vault/v1".to_vec();
    phrase.extend_from_slice(format!("//{province}-Vault").as_bytes());
    let vault = ed25519::Pair::from_seed(blake3::hash(&phrase).as_bytes());
    let body = WorkReceiptBody {
        region,
        work,
        size: SIZE,
        metadata: METADATA,
        author: hospital(),
        expires_at: System::block_number() + 600,
    };
    let signature = vault.sign(&payloads::work_receipt(&genesis_hash(), &body)).0;
    Receipt { region, expires_at: body.expires_at, signature }
}

fn publish_with(work: WorkId, receipts: Vec<Receipt>) -> Result<(), DispatchError> {
    let call = pallet_public_works::Call::publish {
        work,
        block: blocks::HEALTH_EDUCATION,
        schema: SchemaId(4_024),
        size: SIZE,
        metadata: METADATA,
        receipts: receipts.try_into().expect("short"),
    };
    submit("Hospital", RuntimeCall::PublicWorks(call)).expect("the quota pays")
}

fn publish(work: WorkId) -> Result<(), DispatchError> {
    let receipts =
        vec![receipt_for("Jiangsu", JIANGSU, work), receipt_for("Zhejiang", ZHEJIANG, work)];
    publish_with(work, receipts)
}

fn error(of: pallet_public_works::Error<Runtime>) -> DispatchError {
    of.into()
}

fn facts(work: WorkId) -> WorkFacts {
    PublicWorks::works(vec![work], Timestamp::get()).pop().expect("it is on chain")
}

#[test]
fn a_work_is_paid_by_its_own_schedule_and_pays_back_when_it_is_taken_down() {
    world(|| {
        let before = balance("Hospital");
        assert_ok!(publish(work(1)));
        // 1 HMC × 50 %, a fifth of it to the regions.
        assert_eq!(balance("Hospital") - before, hmc(4));
        assert_eq!(HealthCoin::earned_by_publisher(hospital()), hmc(4));
        assert_eq!(HealthCoin::earned_by_author(account("Hospital")), 0);
        assert_eq!(facts(work(1)).paid, hmc(5));
        assert_eq!(publish(work(1)), Err(error(pallet_public_works::Error::AlreadyPublished)));

        let down = |by: &str| {
            let reason = TakedownReason::Harmful;
            let call = pallet_public_works::Call::take_down { work: work(1), reason };
            submit(by, RuntimeCall::PublicWorks(call)).expect("the quota pays")
        };
        assert_eq!(down("Hospital"), Err(DispatchError::BadOrigin));
        assert_eq!(down("Jiangsu"), Err(DispatchError::BadOrigin));
        assert_ok!(down("Regulator"));
        assert_eq!(balance("Hospital"), before);
        assert_eq!(facts(work(1)).paid, 0);
    });
}

#[test]
fn receipts_for_works_and_for_records_do_not_count_for_each_other() {
    world(|| {
        enrol_patient();
        let id = RecordId([9; 32]);
        let author = Author::Institution(hospital());
        let sealed = vec![
            receipt("Jiangsu", JIANGSU, id, author),
            receipt("Zhejiang", ZHEJIANG, id, author),
        ];
        let refused = Err(error(pallet_public_works::Error::ReceiptNotGenuine));
        assert_eq!(publish_with(WorkId(id.0), sealed), refused);
        let call = RuntimeCall::Records(pallet_records::Call::share {
            subject: patient(),
            block: blocks::MEDICAL,
            schema: SchemaId(4),
            record: id,
            size: SIZE,
            epoch: kanglian_primitives::KeyEpoch(0),
            receipts: vec![
                receipt_for("Jiangsu", JIANGSU, WorkId(id.0)),
                receipt_for("Zhejiang", ZHEJIANG, WorkId(id.0)),
            ]
            .try_into()
            .expect("short"),
        });
        let shared = submit("Hospital", call).expect("the quota pays");
        assert_eq!(shared, Err(pallet_records::Error::<Runtime>::ReceiptNotGenuine.into()));
        assert!(Records::record(id).is_none());
    });
}

#[test]
fn a_suspended_author_shows_as_such_and_publishes_no_more() {
    world(|| {
        assert_ok!(publish(work(1)));
        assert!(facts(work(1)).author_in_standing);
        let suspend = pallet_institutions::Call::suspend { id: hospital() };
        let suspended = submit("Jiangsu", RuntimeCall::Institutions(suspend));
        assert_ok!(suspended.expect("a pan-centre is free"));
        assert!(!facts(work(1)).author_in_standing);
        let origin = RuntimeOrigin::signed(account("Hospital"));
        let reason = RetractionReason::Other;
        assert_eq!(
            PublicWorks::retract(origin, work(1), reason),
            Err(DispatchError::BadOrigin),
            "the regulator can still take it down"
        );
        assert_eq!(facts(work(1)).retracted, None::<Retraction>);
    });
}
