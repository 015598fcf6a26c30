//! Sharing records: seal, upload, collect receipts, one extrinsic each.

use std::{collections::BTreeMap, path::Path, sync::Arc};

use anyhow::Context as _;
use futures::{StreamExt, stream};
use indicatif::ProgressBar;
use kanglian_primitives::{
    Amount, Author, BusinessBlockId, EncryptionKey, Height, PersonId, Receipt, RecordId,
    RegionCode, SchemaId, ShareClaim, VaultInfo,
};
use kanglian_sdk::{
    chain::{
        At, Call, Client, InBlock, Pending, Wait, calls,
        types::{Schemas, ScopeKey, Share},
    },
    envelope::{DataKey, Sealed, WrapContext, WrapRecipient, seal_bytes, seal_file, wrap},
    fhir,
    keys::Account,
    vault::{Progress, no_progress, verify_receipt},
    wire::Upload,
};
use serde::Serialize;
use tempfile::TempDir;

use crate::{
    fault::Fault,
    input::{Content, Item},
    names,
    vault::Vault,
};

/// Uploads under way at once.
const UPLOADS: usize = 4;
/// Extrinsics under way at once.
const EXTRINSICS: usize = 128;
/// How long an extrinsic may take to become final.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(120);

/// An author who shares records of one person through one vault.
pub struct Sharer {
    chain: Client,
    vault: Vault,
    account: Account,
    author: Author,
    author_key: EncryptionKey,
    subject: PersonId,
    schemas: Schemas,
    scopes: BTreeMap<BusinessBlockId, ScopeKey>,
    vaults: Vec<VaultInfo>,
    folder: TempDir,
}

/// A sealed record with what its upload and its share say.
#[derive(Debug)]
pub struct Prepared {
    /// What to call it.
    pub name: String,
    /// The schema.
    pub schema: SchemaId,
    /// What the upload says.
    pub upload: Upload,
    /// The sealed bytes.
    pub sealed: SealedBytes,
}

/// Where sealed bytes are.
#[derive(Debug)]
pub enum SealedBytes {
    /// In memory.
    Memory(Vec<u8>),
    /// In a file that lives as long as the [`Sharer`].
    File(std::path::PathBuf),
}

/// A record that was shared.
#[derive(Clone, Debug, Serialize)]
pub struct Shared {
    /// What it was called.
    pub name: String,
    /// The record.
    pub record: RecordId,
    /// Its schema.
    pub schema: SchemaId,
    /// Sealed bytes.
    pub size: u64,
    /// Regions whose receipts the share carried.
    pub stored_in: Vec<RegionCode>,
    /// Height of the share's block.
    pub block: Height,
    /// What it paid, all parties together.
    pub paid: Amount,
}

impl Sharer {
    /// An author with account and encryption key, for a subject, at a vault.
    pub async fn new(
        chain: Client,
        vault: Vault,
        account: Account,
        author: Author,
        author_key: EncryptionKey,
        subject: PersonId,
    ) -> anyhow::Result<Self> {
        let schemas = chain.schemas(At::Best).await?;
        let scopes = chain.scope_keys(&subject, At::Best).await?.into_iter().collect();
        let vaults = chain.vaults(At::Best).await?;
        let folder = tempfile::tempdir().context("a folder for sealed files")?;
        Ok(Self {
            chain,
            vault,
            account,
            author,
            author_key,
            subject,
            schemas,
            scopes,
            vaults,
            folder,
        })
    }

    /// The schema of the FHIR resources of a type in a block.
    pub fn schema_of(&self, kind: &str, block: BusinessBlockId) -> anyhow::Result<SchemaId> {
        Ok(fhir::schema_of(kind, block, &self.schemas).map_err(|e| Fault::usage(e.to_string()))?)
    }

    /// Who shares.
    pub fn author(&self) -> Author {
        self.author
    }

    /// Seals a record for the subject and for the author.
    pub async fn seal(
        &self,
        item: &Item,
        block: BusinessBlockId,
        schema: Option<SchemaId>,
    ) -> anyhow::Result<Prepared> {
        let schema = match schema {
            Some(schema) => schema,
            None => schema_of(&self.schemas, block, item)?,
        };
        let scope = self.scopes.get(&block).ok_or_else(|| {
            Fault::refused(format!(
                "the person published no scope key for {}, so nobody can share into it",
                names::show_block(block)
            ))
        })?;
        let (sealed, bytes) = match &item.content {
            Content::Bytes(bytes) => {
                let (bytes, sealed) = seal_bytes(bytes).await?;
                (sealed, SealedBytes::Memory(bytes))
            },
            Content::File(path) => self.seal_file(path).await?,
        };
        let claim = ShareClaim {
            record: sealed.record,
            size: sealed.size,
            subject: self.subject,
            author: self.author,
            block,
            epoch: scope.epoch,
        };
        let wraps = self.wraps(&claim, &sealed.key, scope)?;
        let upload = Upload { claim, wraps };
        Ok(Prepared { name: item.name.clone(), schema, upload, sealed: bytes })
    }

    async fn seal_file(&self, path: &Path) -> anyhow::Result<(Sealed, SealedBytes)> {
        let (_, to) = tempfile::NamedTempFile::new_in(self.folder.path())?.keep()?;
        let sealed =
            seal_file(path, &to).await.with_context(|| format!("sealing {}", path.display()))?;
        Ok((sealed, SealedBytes::File(to)))
    }

    fn wraps(
        &self,
        claim: &ShareClaim,
        key: &DataKey,
        scope: &ScopeKey,
    ) -> anyhow::Result<Vec<kanglian_sdk::envelope::Wrap>> {
        let context = WrapContext {
            genesis: self.chain.genesis_hash(),
            subject: claim.subject,
            block: claim.block,
            epoch: claim.epoch,
            record: claim.record,
        };
        let own = WrapRecipient::Key(self.author_key);
        Ok(vec![
            wrap(key, &scope.key, context.scope(), &context)?,
            wrap(key, &self.author_key, own, &context)?,
        ])
    }

    /// Uploads sealed bytes; gives the vaults' receipts, each checked against the key on chain.
    pub async fn upload(
        &self,
        prepared: &Prepared,
        progress: Progress,
    ) -> anyhow::Result<Vec<Receipt>> {
        let upload = &prepared.upload;
        let uploaded = match &prepared.sealed {
            SealedBytes::Memory(bytes) => self.vault.upload_bytes(upload, bytes).await?,
            SealedBytes::File(path) => self.vault.upload_file(upload, path, progress).await?,
        };
        let genesis = self.chain.genesis_hash();
        for receipt in &uploaded.receipts {
            let known = self.vaults.iter().find(|vault| vault.region == receipt.region);
            let holds = known
                .is_some_and(|vault| verify_receipt(&genesis, &upload.claim, receipt, &vault.key));
            if !holds {
                return Err(Fault::verification(format!(
                    "the receipt of region {} for {} does not hold",
                    receipt.region, upload.claim.record
                ))
                .into());
            }
        }
        Ok(uploaded.receipts)
    }

    /// The extrinsic's call.
    pub fn call(&self, prepared: &Prepared, receipts: Vec<Receipt>, count: Option<u32>) -> Call {
        let share = share_of(prepared, receipts);
        match count {
            Some(count) => calls::records::share_batch(&share, count),
            None => calls::records::share(&share),
        }
    }

    /// Sends a call as the author.
    pub async fn send(&self, call: &Call) -> anyhow::Result<Pending> {
        Ok(self.chain.send(call, &self.account, Wait::Finalized).await?)
    }

    /// Seals, uploads and shares in the place of an older record.
    pub async fn supersede(
        &self,
        old: RecordId,
        item: &Item,
        block: BusinessBlockId,
        schema: Option<SchemaId>,
    ) -> anyhow::Result<Shared> {
        let prepared = self.seal(item, block, schema).await?;
        let receipts = self.upload(&prepared, no_progress()).await?;
        let claim = &prepared.upload.claim;
        let call = calls::records::supersede(
            old,
            prepared.schema,
            claim.record,
            claim.size,
            claim.epoch,
            &receipts,
        );
        let mut pending = self.send(&call).await?;
        let included = pending.wait(Wait::Finalized, PATIENCE).await?;
        Ok(shared(&prepared, &receipts, &included))
    }

    /// Seals, uploads and shares all items: uploads side by side, extrinsics one behind the other
    /// without waiting for blocks. What succeeded is given also when something failed.
    pub async fn share_all(
        &self,
        items: &[Item],
        block: BusinessBlockId,
        schema: Option<SchemaId>,
        count: Option<u32>,
        bar: &ProgressBar,
    ) -> (Vec<Shared>, anyhow::Result<()>) {
        let mut done = Vec::new();
        for window in items.chunks(EXTRINSICS) {
            let mut outcome = Ok(());
            let mut under_way = Vec::new();
            let mut uploads = stream::iter(window)
                .map(|item| async move {
                    let stored = async {
                        let prepared = self.seal(item, block, schema).await?;
                        let receipts = self.upload(&prepared, no_progress()).await?;
                        anyhow::Ok((prepared, receipts))
                    };
                    stored.await.with_context(|| format!("sharing {}", item.name))
                })
                .buffered(UPLOADS);
            while let Some(stored) = uploads.next().await {
                let sent = async {
                    let (prepared, receipts) = stored?;
                    let call = self.call(&prepared, receipts.clone(), count);
                    let pending = self.send(&call).await;
                    let pending = pending.with_context(|| format!("sharing {}", prepared.name))?;
                    anyhow::Ok((prepared, receipts, pending))
                };
                match sent.await {
                    Ok(sent) => under_way.push(sent),
                    Err(error) => {
                        outcome = Err(error);
                        break;
                    },
                }
            }
            drop(uploads);
            for (prepared, receipts, mut pending) in under_way {
                match pending.wait(Wait::Finalized, PATIENCE).await {
                    Ok(included) => done.push(shared(&prepared, &receipts, &included)),
                    Err(error) if outcome.is_ok() => {
                        let named = format!("sharing {}", prepared.name);
                        outcome = Err(anyhow::Error::new(error).context(named));
                    },
                    Err(error) => tracing::warn!(name = prepared.name, %error, "not shared"),
                }
                bar.inc(1);
            }
            if outcome.is_err() {
                return (done, outcome);
            }
        }
        (done, Ok(()))
    }
}

/// What a share states of a sealed record.
pub fn share_of(prepared: &Prepared, receipts: Vec<Receipt>) -> Share {
    let claim = &prepared.upload.claim;
    Share {
        subject: claim.subject,
        block: claim.block,
        schema: prepared.schema,
        record: claim.record,
        size: claim.size,
        epoch: claim.epoch,
        receipts,
    }
}

/// What to say of a record whose share is in a block.
pub fn shared(prepared: &Prepared, receipts: &[Receipt], included: &InBlock) -> Shared {
    let paid = included.event("Records", "Shared").and_then(|event| event.number("paid"));
    Shared {
        name: prepared.name.clone(),
        record: prepared.upload.claim.record,
        schema: prepared.schema,
        size: prepared.upload.claim.size,
        stored_in: receipts.iter().map(|receipt| receipt.region).collect(),
        block: included.number,
        paid: paid.unwrap_or_default(),
    }
}

/// A callback that moves a bar.
pub fn moving(bar: &ProgressBar) -> Progress {
    let bar = bar.clone();
    Arc::new(move |done, total| {
        bar.set_length(total);
        bar.set_position(done);
    })
}

/// The schema of a FHIR resource in a block, by its type.
fn schema_of(schemas: &Schemas, block: BusinessBlockId, item: &Item) -> Result<SchemaId, Fault> {
    let kind = item.kind.as_deref().ok_or_else(|| {
        Fault::usage(format!(
            "{} is no FHIR resource: give its --schema, a number of `kanglian operator blocks`",
            item.name
        ))
    })?;
    fhir::schema_of(kind, block, schemas).map_err(|error| {
        Fault::usage(format!(
            "{}: {error}; give --schema, see `kanglian operator blocks`",
            item.name
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use kanglian_primitives::blocks;
    use kanglian_sdk::chain::types::Schema;

    #[test]
    fn schemas_are_found_by_type_within_the_block() {
        let schema = |block, name: &str, retired| Schema {
            block,
            name: name.into(),
            level: 4,
            retention_years: 15,
            retired,
        };
        let schemas: Schemas = [
            (SchemaId(1), schema(blocks::MEDICAL, "FHIR R4 Patient", true)),
            (SchemaId(2), schema(blocks::HEALTH, "FHIR R4 Patient", false)),
            (SchemaId(3), schema(blocks::MEDICAL, "FHIR R4 Patient", false)),
        ]
        .into();
        let item = |kind: Option<&str>| Item {
            name: "x".to_owned(),
            kind: kind.map(str::to_owned),
            content: Content::Bytes(Vec::new()),
        };
        let find = |kind| schema_of(&schemas, blocks::MEDICAL, &item(kind));
        assert_eq!(find(Some("Patient")).unwrap(), SchemaId(3));
        assert!(find(Some("Patien")).is_err());
        assert!(find(None).is_err());
    }
}
