//! Shares what the spool holds, as often as it takes.

use std::{path::PathBuf, time::Duration};

use futures::StreamExt;
use kanglian_primitives::{BusinessBlockId, Height, RecordId, SchemaId};
use kanglian_sdk::{
    chain::{At, ChainError, Client, Wait, types::Schemas},
    fhir,
    keys::Account,
    vault::{VaultError, no_progress},
};

use super::{
    PatientMap, Shelf,
    parcels::{About, Kind},
};
use crate::{
    commands::institution,
    context::Context,
    fault::{Class, Fault, class_of},
    input,
    sharing::{Prepared, SealedBytes},
    spool::{Sealed, State},
};

/// Items under way at once.
const AT_ONCE: usize = 16;
/// How long to look away when there is nothing to do.
const IDLE: Duration = Duration::from_millis(500);
/// Longest wait before an absent node is tried again.
const LONGEST_WAIT: Duration = Duration::from_secs(60);
/// How long a share may take to become final.
const PATIENCE: Duration = Duration::from_secs(120);

/// Who shares, and how.
pub struct Worker {
    /// The institution's account.
    pub account: Account,
    /// What came in.
    pub shelf: Shelf,
    /// Whom the hospital's ids mean.
    pub map: PathBuf,
    /// Into which business block.
    pub block: BusinessBlockId,
    /// Whether to end once nothing is open.
    pub drain: bool,
}

/// What became of one try.
enum Outcome {
    Shared(RecordId, Option<Height>),
    Later(String),
    Dead(String),
}

impl Worker {
    /// Works until the spool is drained, or for ever.
    pub async fn run(&self, context: &Context) -> anyhow::Result<()> {
        let mut chain: Option<Client> = None;
        let mut wait = Duration::from_secs(1);
        loop {
            if self.drain && !self.shelf.lock().items().values().any(|item| item.state.is_open()) {
                return Ok(());
            }
            let due = self.shelf.lock().due(kanglian_sdk::now());
            if due.is_empty() {
                tokio::time::sleep(IDLE).await;
                continue;
            }
            let found = async {
                let client = match &chain {
                    Some(client) => client.clone(),
                    None => context.chain().await?,
                };
                let schemas = client.schemas(At::Best).await?;
                anyhow::Ok((client, schemas, PatientMap::read(&self.map)?))
            };
            let (client, schemas, map) = match found.await {
                Ok(found) => found,
                Err(error) => {
                    // The hospital works on; nothing is counted against what waits.
                    tracing::warn!("{error:#}: {} wait, next try in {wait:?}", due.len());
                    tokio::time::sleep(wait).await;
                    wait = wait.saturating_mul(2).min(LONGEST_WAIT);
                    chain = None;
                    continue;
                },
            };
            wait = Duration::from_secs(1);
            chain = Some(client.clone());
            let round = Round { worker: self, context, client, schemas, map };
            let round = &round;
            let due: Vec<_> = due.into_iter().take(AT_ONCE * 8).collect();
            let mut steps = futures::stream::iter(due)
                .map(|key| async move {
                    let outcome = match round.step(&key).await {
                        Ok(outcome) => outcome,
                        Err(error) => judge(&error),
                    };
                    (key, outcome)
                })
                .buffer_unordered(AT_ONCE);
            while let Some((key, outcome)) = steps.next().await {
                let mut spool = self.shelf.lock();
                match outcome {
                    Outcome::Shared(record, block) => spool.shared(&key, record, block)?,
                    Outcome::Later(error) => spool.put_off(&key, &error, kanglian_sdk::now())?,
                    Outcome::Dead(reason) => {
                        tracing::warn!(key, reason, "a dead letter");
                        spool.dead(&key, &reason)?;
                    },
                }
            }
        }
    }
}

struct Round<'a> {
    worker: &'a Worker,
    context: &'a Context,
    client: Client,
    schemas: Schemas,
    map: PatientMap,
}

impl Round<'_> {
    async fn step(&self, key: &str) -> anyhow::Result<Outcome> {
        let shelf = &self.worker.shelf;
        let Some(item) = shelf.lock().items().get(key).cloned() else {
            return Ok(Outcome::Dead("the item is gone".to_owned()));
        };
        let about: About = match serde_json::from_value(item.note) {
            Ok(about) => about,
            Err(_) => return Ok(Outcome::Dead("what it is was never told".to_owned())),
        };
        let person = match self.map.person(&about.patients) {
            Ok(person) => person,
            Err(reason) => return Ok(Outcome::Dead(reason)),
        };
        let client = self.client.clone();
        let account = self.worker.account.clone();
        let mut kept = None;
        if let State::Sealed(sealed) = item.state {
            // What was sealed may have been shared before a crash.
            let upload = sealed.upload()?;
            if client.record(&sealed.record, At::Finalized).await?.is_some() {
                return Ok(Outcome::Shared(sealed.record, None));
            }
            if client.record(&sealed.record, At::Best).await?.is_some() {
                return Ok(Outcome::Later("shared, not final yet".to_owned()));
            }
            if upload.claim.subject != person {
                shelf.lock().unseal(key)?;
                return Ok(Outcome::Later("the patient map names another person now".to_owned()));
            }
            kept = Some((sealed, upload));
        }
        let sharer = institution::sharer_of(self.context, client, account, person).await?;
        let prepared = match kept {
            Some((sealed, upload)) => {
                let sealed_file = shelf.lock().sealed_file(key);
                let (name, schema) = (item.name, sealed.schema);
                Prepared { name, schema, upload, sealed: SealedBytes::File(sealed_file) }
            },
            None => {
                let schema = schema_of(&about.kind, self.worker.block, &self.schemas)?;
                let content = input::Content::Bytes(shelf.lock().content(key)?);
                let one = input::Item { name: item.name, kind: None, content };
                let prepared = sharer.seal(&one, self.worker.block, Some(schema)).await?;
                let SealedBytes::Memory(bytes) = &prepared.sealed else {
                    anyhow::bail!("sealed in memory")
                };
                let sealed = Sealed::new(schema, &prepared.upload);
                shelf.lock().sealed(key, sealed, bytes)?;
                prepared
            },
        };
        let record = prepared.upload.claim.record;
        let shared = async {
            let receipts = sharer.upload(&prepared, no_progress()).await?;
            let mut pending = sharer.send(&sharer.call(&prepared, receipts, None)).await?;
            anyhow::Ok(pending.wait(Wait::Finalized, PATIENCE).await?)
        };
        match shared.await {
            Ok(included) => Ok(Outcome::Shared(record, Some(included.number))),
            // The person published a new scope key: a share under the old one cannot come on chain.
            Err(error) if says(&error, "wrong_key_epoch", "WrongKeyEpoch") => {
                shelf.lock().unseal(key)?;
                Ok(Outcome::Later("sealed anew for the new scope key".to_owned()))
            },
            Err(error) if says(&error, "already_shared", "AlreadyShared") => {
                Ok(Outcome::Later("shared, not final yet".to_owned()))
            },
            Err(error) => Err(error),
        }
    }
}

/// Whether a vault or the chain said this.
fn says(error: &anyhow::Error, code: &str, name: &str) -> bool {
    error.chain().any(|cause| {
        let vault = cause.downcast_ref::<VaultError>().and_then(VaultError::code);
        let chain = cause.downcast_ref::<ChainError>().and_then(ChainError::dispatch);
        vault == Some(code) || chain.is_some_and(|failure| failure.name == name)
    })
}

/// What an error means for an item: only a refusal that time does not lift ends it.
fn judge(error: &anyhow::Error) -> Outcome {
    let text = format!("{error:#}");
    let passes = error.chain().any(|cause| {
        let vault = match cause.downcast_ref::<VaultError>() {
            Some(VaultError::Refused { status, .. }) => {
                !matches!(*status, 400 | 403 | 404 | 409 | 413)
            },
            _ => false,
        };
        // The pool, the quota, the number: not the share itself. Receipts are taken anew.
        let chain = match cause.downcast_ref::<ChainError>() {
            Some(ChainError::Invalid(_)) => true,
            Some(ChainError::Dispatch(failure)) => {
                let names =
                    ["ReceiptExpired", "TooFewReceipts", "HomeReceiptMissing", "RegionNotActive"];
                names.contains(&failure.name.as_str())
            },
            _ => false,
        };
        vault || chain
    });
    match class_of(error) {
        Class::Refused | Class::Usage if !passes => Outcome::Dead(text),
        _ => Outcome::Later(text),
    }
}

fn schema_of(kind: &Kind, block: BusinessBlockId, schemas: &Schemas) -> Result<SchemaId, Fault> {
    match kind {
        Kind::Fhir(kind) => {
            fhir::schema_of(kind, block, schemas).map_err(|error| Fault::usage(error.to_string()))
        },
        Kind::Cda(prefix) => schemas
            .iter()
            .find(|(_, schema)| {
                schema.block == block
                    && !schema.retired
                    && schema.name.to_lossy().starts_with(prefix)
            })
            .map(|(id, _)| *id)
            .ok_or_else(|| Fault::usage(format!("business block {block} has no schema {prefix}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kanglian_primitives::blocks;
    use kanglian_sdk::chain::types::Schema;

    fn dead(error: anyhow::Error) -> bool {
        matches!(judge(&error.context("sharing")), Outcome::Dead(_))
    }

    fn refused(status: u16, code: &str) -> anyhow::Error {
        VaultError::Refused { status, code: code.to_owned(), message: "m".to_owned() }.into()
    }

    #[test]
    fn only_what_time_does_not_lift_is_a_dead_letter() {
        assert!(dead(refused(403, "no_write_consent")));
        assert!(dead(Fault::refused("no scope key").into()));
        assert!(dead(Fault::usage("no schema").into()));
        for status in [401, 408, 429, 500, 503, 507] {
            assert!(!dead(refused(status, "x")), "{status}");
        }
        assert!(!dead(Fault::unreachable("away").into()));
        assert!(!dead(Fault::verification("a receipt").into()));
        assert!(!dead(ChainError::Timeout { what: "x".into(), seconds: 1 }.into()));
        assert!(!dead(std::io::Error::other("disk").into()));
        assert!(says(&refused(403, "wrong_key_epoch"), "wrong_key_epoch", "WrongKeyEpoch"));
        assert!(!says(&refused(403, "other"), "wrong_key_epoch", "WrongKeyEpoch"));
    }

    #[test]
    fn schemas_are_found_by_type_and_by_document() {
        let schema = |name: &str, retired| Schema {
            block: blocks::MEDICAL,
            name: name.into(),
            level: 4,
            retention_years: 15,
            retired,
        };
        let schemas: Schemas = [
            (SchemaId(1), schema("WS/T 500.3 急诊留观病历", false)),
            (SchemaId(2), schema("WS/T 500.30 x", false)),
            (SchemaId(3), schema("WS/T 500.4 x", true)),
            (SchemaId(4), schema("FHIR R4 Goal", false)),
        ]
        .into();
        let find = |kind| schema_of(&kind, blocks::MEDICAL, &schemas);
        assert_eq!(find(Kind::Cda("WS/T 500.3 ".to_owned())).unwrap(), SchemaId(1));
        assert!(find(Kind::Cda("WS/T 500.4 ".to_owned())).is_err());
        assert_eq!(find(Kind::Fhir("Goal".to_owned())).unwrap(), SchemaId(4));
    }
}
