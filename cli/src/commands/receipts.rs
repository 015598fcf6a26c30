//! Receipts that a reader keeps: what each vault signed for each read, held against the chain.

use std::path::{Path, PathBuf};

use clap::Args;
use kanglian_primitives::{RecordId, RegionCode};
use kanglian_sdk::{
    chain::{At, Client},
    keys::Account,
    vault::{KeptReceipt, ReceiptStanding, contradictions},
};
use serde::Serialize;
use serde_json::json;

use crate::{context::Context, fault::Fault, files, instant, shown::fields};

/// Which receipts, and where evidence goes.
#[derive(Debug, Args)]
pub struct ReceiptsArgs {
    /// New file for evidence against a vault that contradicts itself
    #[arg(long)]
    evidence: Option<PathBuf>,
}

#[derive(Serialize)]
struct Checked {
    region: RegionCode,
    line: u64,
    at: String,
    record: Option<RecordId>,
    standing: &'static str,
}

fn word(standing: &ReceiptStanding) -> &'static str {
    match standing {
        ReceiptStanding::Included { .. } => "proved",
        ReceiptStanding::NotAnchored => "not anchored yet",
        ReceiptStanding::NotGenuine => "NOT the vault's signature",
        ReceiptStanding::OtherLeaf { .. } => "CONTRADICTED: another line stands there",
        ReceiptStanding::Unproved { .. } => "UNPROVED",
    }
}

fn kept(path: &Path) -> anyhow::Result<Vec<KeptReceipt>> {
    if !path.exists() {
        return Ok(Vec::new());
    }
    let bytes = files::read_small(path)?;
    let lines = bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    let mut receipts = Vec::new();
    for (number, line) in (1..).zip(lines) {
        let receipt = serde_json::from_slice(line)
            .map_err(|error| Fault::usage(format!("{}, line {number}: {error}", path.display())))?;
        receipts.push(receipt);
    }
    Ok(receipts)
}

/// Checks every receipt that this home keeps for this chain: against the tree on chain, and against
/// the others.
pub async fn check(
    context: &Context,
    chain: &Client,
    account: &Account,
    args: &ReceiptsArgs,
) -> anyhow::Result<()> {
    let vaults = chain.vaults(At::Finalized).await?;
    let genesis = chain.genesis_hash();
    let (mut rows, mut evidence, mut unproved) = (Vec::new(), Vec::new(), 0usize);
    for info in &vaults {
        let mut receipts = kept(&context.home.receipts(info.region))?;
        receipts.retain(|receipt| receipt.genesis == genesis);
        if receipts.is_empty() {
            continue;
        }
        for (one, other) in
            contradictions(&receipts, |region| (region == info.region).then_some(info.key))
        {
            evidence
                .push(json!({ "kind": "two receipts for one line", "one": one, "other": other }));
        }
        let anchor = chain.access_log(info.region, At::Finalized).await?;
        let anchor = anchor.map(|anchor| (anchor.size, anchor.root));
        let vault = context.client(chain, info.clone(), account)?;
        for receipt in &receipts {
            let Some(signed) = receipt.signed() else {
                return Err(Fault::usage("a kept receipt cannot be read").into());
            };
            let standing = vault.check_receipt(&signed, anchor).await?;
            if let ReceiptStanding::OtherLeaf { .. } = &standing {
                evidence.push(json!({ "kind": "another line on chain", "receipt": receipt, "chain": standing }));
            }
            if !standing.holds() {
                unproved = unproved.saturating_add(1);
            }
            rows.push(Checked {
                region: info.region,
                line: signed.body.index,
                at: instant::show(signed.body.at),
                record: receipt.record,
                standing: word(&standing),
            });
        }
    }
    context.output.rows(&["region", "line", "at", "record", "standing"], &rows, |row| {
        vec![
            row.region.to_string(),
            row.line.to_string(),
            row.at.clone(),
            row.record.map_or("the file's list".to_owned(), |record| record.to_string()),
            row.standing.to_owned(),
        ]
    });
    if let Some(path) = args.evidence.as_ref().filter(|_| !evidence.is_empty()) {
        files::write_new(path, &serde_json::to_vec_pretty(&evidence)?)?;
        context.output.note(fields!({ "evidence": path }));
    }
    match (evidence.len(), unproved) {
        (0, 0) => Ok(()),
        (found, unproved) => Err(Fault::verification(format!(
            "vaults broke their word: {found} contradictions, {unproved} receipts without proof"
        ))
        .into()),
    }
}
