//! Publishing works: bytes and metadata to the author's province's vault, then one extrinsic.

use anyhow::Context as _;
use kanglian_primitives::{BusinessBlockId, SchemaId, WorkClaim, WorkId};
use kanglian_sdk::{
    chain::{At, Client, InBlock, Wait, calls},
    fhir,
    keys::Account,
    vault::verify_work_receipt,
    wire::WorkUpload,
    works::{WorkMetadata, claim},
};

use crate::{commands::institution::institution_of, fault::Fault, vault::Vault};

/// A work about to be published.
pub struct Draft {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// What is said of it.
    pub metadata: WorkMetadata,
    /// The public business block.
    pub block: BusinessBlockId,
    /// Its schema; that of a FHIR Library by default.
    pub schema: Option<SchemaId>,
}

/// Uploads a work and publishes it, or puts it in the place of an older one.
pub async fn publish(
    chain: &Client,
    vault: &Vault,
    account: &Account,
    draft: &Draft,
    old: Option<WorkId>,
) -> anyhow::Result<(WorkClaim, InBlock)> {
    let author = institution_of(chain, &account.id()).await?;
    let known = chain.institution(&author, At::Best).await?;
    let known = known.ok_or_else(|| Fault::refused(format!("{author} is not on this chain")))?;
    let size = u64::try_from(draft.bytes.len())?;
    let document =
        draft.metadata.document(size).map_err(|error| Fault::usage(error.to_string()))?;
    let claim = claim(&draft.bytes, &document, author, draft.block);
    let schema = match draft.schema {
        Some(schema) => schema,
        None => {
            let schemas = chain.schemas(At::Best).await?;
            fhir::schema_of("Library", draft.block, &schemas)
                .map_err(|error| Fault::usage(format!("{error}; give --schema")))?
        },
    };
    let metadata_size = u32::try_from(document.len())?;
    let upload = WorkUpload { claim, metadata_size, home: known.region };
    let uploaded = vault.upload_work(&upload, &document, &draft.bytes).await?;
    let vaults = chain.vaults(At::Best).await?;
    for receipt in &uploaded.receipts {
        let known = vaults.iter().find(|vault| vault.region == receipt.region);
        let holds = known.is_some_and(|vault| {
            verify_work_receipt(&chain.genesis_hash(), &claim, receipt, &vault.key)
        });
        if !holds {
            return Err(Fault::verification(format!(
                "the receipt of region {} for {} does not hold",
                receipt.region, claim.work
            ))
            .into());
        }
    }
    let call = match old {
        Some(old) => calls::public_works::supersede(old, &claim, schema, &uploaded.receipts),
        None => calls::public_works::publish(&claim, schema, &uploaded.receipts),
    };
    let included = chain.submit(&call, account, Wait::Finalized).await;
    Ok((claim, included.with_context(|| format!("publishing {}", claim.work))?))
}
