//! SIGKILL in the midst of uploads and reads. `KANGLIAN_SOAK_ROUNDS` sets how often.

use std::{
    collections::BTreeSet,
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering},
    },
};

use super::{
    child::{Child, files, share, unique},
    *,
};
use crate::{fsck, store::Store};

/// Around one block, around several, and long enough to be killed half-way.
const LENGTHS: [usize; 6] = [40, 1_000, 65_536, 65_537, 300_000, 3_000_000];

/// What a vault has promised.
#[derive(Default)]
struct Promises {
    claims: Mutex<Vec<ShareClaim>>,
    lines: Mutex<BTreeSet<(u64, [u8; 32])>>,
}

/// Uploads until the vault is gone.
async fn upload(client: VaultClient, promises: Arc<Promises>, numbers: Arc<AtomicU64>) {
    loop {
        let number = numbers.fetch_add(1, Ordering::Relaxed);
        let bytes = unique(LENGTHS[number as usize % LENGTHS.len()], number);
        let upload = upload_of(&bytes, PATIENT);
        match client.upload_bytes(&upload, bytes).await {
            Ok(_) => promises.claims.lock().unwrap().push(upload.claim),
            Err(kanglian_sdk::vault::VaultError::Unreachable { .. }) => return,
            Err(error) => panic!("an upload was refused: {error}"),
        }
    }
}

/// Reads until the vault is gone, or everything was read.
async fn look(client: VaultClient, promises: Arc<Promises>, claims: Vec<ShareClaim>) {
    for claim in claims {
        let mut bytes = Vec::new();
        let fetched =
            client.fetch(&Ask::own(PATIENT), &claim.record, &mut bytes, no_progress()).await;
        match fetched {
            Ok(fetched) => {
                assert_eq!(blake3::hash(&bytes), claim.record.0);
                let lines = fetched.receipts.iter().map(|line| (line.body.index, line.body.leaf));
                promises.lines.lock().unwrap().extend(lines);
            },
            Err(kanglian_sdk::vault::VaultError::Unreachable { .. }) => return,
            Err(error) => panic!("a read was refused: {error}"),
        }
    }
}

/// Every line that was promised is in the log that the patient sees.
async fn log_holds(client: &VaultClient, promises: &Promises) {
    let log = client.own_log(&PATIENT, None, None).await.unwrap();
    let held: BTreeSet<_> = log.lines.iter().map(|line| (line.index, line.leaf)).collect();
    let lines = promises.lines.lock().unwrap();
    let lost: Vec<_> = lines.difference(&held).collect();
    assert!(lost.is_empty(), "{} of {} lines were lost: {lost:?}", lost.len(), lines.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_acknowledged_is_lost_when_the_vault_is_killed() {
    let rounds = std::env::var("KANGLIAN_SOAK_ROUNDS").map_or(8, |text| text.parse().unwrap());
    let folder = TempDir::new().unwrap();
    let promises = Arc::new(Promises::default());
    let numbers = Arc::new(AtomicU64::new(0));
    let mut checked = 0;
    for round in 0..rounds {
        let child = Child::start(folder.path(), None);
        let known = promises.claims.lock().unwrap().clone();
        // What came before the last kill is there; a line that is lost stays lost, so now and
        // then is often enough for the log.
        look(child.client(patient()), promises.clone(), known[checked..].to_vec()).await;
        checked = known.len();
        if round % 4 == 1 {
            log_holds(&child.client(patient()), &promises).await;
        }
        let workers: Vec<_> = (0..4)
            .map(|_| upload(child.client(hospital()), promises.clone(), numbers.clone()))
            .map(tokio::spawn)
            .collect();
        // Reads go on until the end.
        let old = known.iter().copied().cycle().skip(round * 7).take(10_000).collect();
        let looking = tokio::spawn(look(child.client(patient()), promises.clone(), old));
        let enough = known.len() + 1 + round % 9;
        let began = std::time::Instant::now();
        while promises.claims.lock().unwrap().len() < enough {
            assert!(began.elapsed() < Duration::from_secs(60), "uploads stand still");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let moment = u64::from(unique(1, round as u64)[0]) / 8;
        tokio::time::sleep(Duration::from_millis(moment)).await;
        child.kill();
        looking.await.unwrap();
        for worker in workers {
            worker.await.unwrap();
        }
        share(folder.path(), &promises.claims.lock().unwrap()[known.len()..]);
    }
    let child = Child::start(folder.path(), None);
    let claims = promises.claims.lock().unwrap().clone();
    assert!(claims.len() >= rounds);
    look(child.client(patient()), promises.clone(), claims.clone()).await;
    assert!(promises.lines.lock().unwrap().len() >= claims.len(), "all were read");
    log_holds(&child.client(patient()), &promises).await;
    child.kill();
    let data = folder.path().join("data");
    let store = Store::open(&data, &Storage::Local).unwrap();
    assert_eq!(files(&data.join("spool")), 0);
    let findings = fsck::check(&store, None).await.unwrap();
    assert!(findings.damaged.is_empty(), "{findings:?}");
    assert!(findings.checked >= claims.len() as u64);
}
