//! A custodian before a scripted chain and scripted vaults.

mod answering;
mod challenges;
mod keys;
mod world;

use std::{sync::Arc, time::Duration};

use kanglian_primitives::{
    CaseRef, ComplaintReason, DealtScope, EmergencyId, PartAnswer, PersonId, RecoveryId, RegionCode,
};
use kanglian_sdk::{
    custody::{CaseState, Payload, SealedShare, dev_custodian_secret, share::commitments},
    keys::{EncryptionSecret, PersonSecret},
};

use kanglian_sdk::chain::{ChainState, Tip};

use crate::{
    backoff::Backoff,
    chain::{Finalised, Said},
    settings::{Keys, Work},
    tests::world::{Chain, GENESIS, Script, Vaults, World},
    worker::{Cases, Standing, Worker},
};

pub const JIANGSU: RegionCode = RegionCode(320_000);
pub const ZHEJIANG: RegionCode = RegionCode(330_000);
pub const SHANGHAI: RegionCode = RegionCode(310_000);
pub const REGIONS: [RegionCode; 3] = [SHANGHAI, JIANGSU, ZHEJIANG];
pub const PATIENT: PersonId = PersonId([1; 32]);
pub const RECOVERY: CaseRef = CaseRef::Recovery(RecoveryId(7));
pub const EMERGENCY: CaseRef = CaseRef::Emergency(EmergencyId(3));
pub const WORK: Work =
    Work { missing_after: Duration::from_secs(600), finalised_max_age: Duration::from_secs(60) };

pub type TestWorker = Worker<Chain, Vaults>;

pub fn keys(region: RegionCode) -> Keys {
    Keys::dev(&format!("//Custodian-{region}")).unwrap()
}

pub fn whole() -> Payload {
    Payload::Whole(PersonSecret::from_bytes([0xab; 32]))
}

/// The custodian of Jiangsu, as if it had just started.
pub fn worker(world: &Arc<World>) -> TestWorker {
    Worker::new(keys(JIANGSU), WORK, Chain(world.clone()), Vaults(world.clone()))
}

pub fn head() -> Finalised {
    let tip = Tip { height: 9, timestamp: kanglian_sdk::now() };
    let state = ChainState { best: tip, finalised: tip, syncing: false, since: 0 };
    Finalised { hash: [2; 32], state }
}

pub fn backoff() -> Backoff<kanglian_primitives::WaitingPart> {
    Backoff::new(Duration::ZERO, Duration::ZERO)
}
