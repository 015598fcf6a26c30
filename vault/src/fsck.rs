//! `check`: every stored object against its BLAKE3, and repair from peers. For a vault that does not
//! run: an upload under way would look like an orphan.

use kanglian_primitives::{RecordId, WorkId};

use crate::{
    app::App,
    store::{Store, StoreError},
};

/// Objects read from the index at once.
const PAGE: usize = 256;

/// What a check found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    /// Objects looked at.
    pub checked: u64,
    /// Objects whose bytes are not what they were.
    pub damaged: Vec<RecordId>,
    /// Those of them that were repaired.
    pub repaired: Vec<RecordId>,
    /// Files that no entry names: what a crash leaves between bytes and index. A repair removes
    /// them.
    pub orphans: Vec<String>,
}

/// Checks all objects. With an app, repairs what is damaged.
pub async fn check(store: &Store, repair: Option<&App>) -> Result<Findings, StoreError> {
    let mut findings = Findings::default();
    let mut after = None;
    loop {
        let page = store.index.objects_after(after.as_ref(), PAGE)?;
        let Some((last, _)) = page.last() else { break };
        after = Some(*last);
        for (record, entry) in &page {
            findings.checked = findings.checked.saturating_add(1);
            if store.blobs.rebuild(*record, entry.claim.size).await? {
                continue;
            }
            findings.damaged.push(*record);
            let Some(app) = repair else { continue };
            match app.repair(entry).await {
                Ok(()) => findings.repaired.push(*record),
                Err(StoreError::Damaged) => {},
                Err(error) => return Err(error),
            }
        }
    }
    for work in store.works.all()? {
        findings.checked = findings.checked.saturating_add(1);
        let (id, size) = (RecordId(work.0.0), work.1);
        if store.public_blobs.rebuild(id, size).await? {
            continue;
        }
        findings.damaged.push(id);
        let Some(app) = repair else { continue };
        if app.repair_work(&work.0).await? {
            findings.repaired.push(id);
        }
    }
    for record in store.public_blobs.records().await? {
        if store.works.held(&WorkId(record.0))?.is_some() {
            continue;
        }
        findings.orphans.push(record.to_string());
        if repair.is_some() {
            store.public_blobs.remove(record).await?;
        }
    }
    for record in store.blobs.records().await? {
        if store.index.object(&record)?.is_some() {
            continue;
        }
        findings.orphans.push(record.to_string());
        if repair.is_some() {
            store.blobs.remove(record).await?;
        }
    }
    Ok(findings)
}
