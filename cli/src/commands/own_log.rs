//! The own access log: at one vault or at all, proved against the chain, as a table or as FHIR.

use std::path::{Path, PathBuf};

use clap::Args;
use kanglian_primitives::{PersonId, RegionCode};
use kanglian_sdk::{
    chain::{At, Client},
    fhir::audit::{self, Line},
    keys::Account,
    vault::{LogMark, OwnLog, verify_lines},
};
use serde_json::{Value, json};

use super::patient_view;
use crate::{context::Context, fault::Fault, files, shown::fields};

/// Whose log, where, and in which form.
#[derive(Debug, Args)]
pub struct LogArgs {
    /// The province whose vault is asked; the home province by default
    #[arg(long, conflicts_with = "all")]
    region: Option<RegionCode>,
    /// Ask the vaults of all provinces
    #[arg(long)]
    all: bool,
    /// Whose log, for a guardian or a proxy; the own by default
    #[arg(long)]
    of: Option<PersonId>,
    /// Write it as a FHIR Bundle of AuditEvents with its proofs, to this new file
    #[arg(long)]
    export: Option<PathBuf>,
    /// Verify a Bundle that was exported, against the chain; no vault is asked
    #[arg(long, conflicts_with_all = ["region", "all", "export"])]
    verify: Option<PathBuf>,
}

/// Shows, exports or verifies a log.
pub async fn run(
    context: &Context,
    chain: &Client,
    account: impl FnOnce() -> anyhow::Result<Account>,
    own: PersonId,
    args: &LogArgs,
) -> anyhow::Result<()> {
    let person = args.of.unwrap_or(own);
    if let Some(path) = &args.verify {
        return verify(context, chain, person, path).await;
    }
    let account = account()?;
    let vaults = match (args.region, args.all) {
        (_, true) => {
            let all = chain.vaults(At::Best).await?;
            all.into_iter()
                .map(|info| context.client(chain, info, &account))
                .collect::<anyhow::Result<Vec<_>>>()?
        },
        (Some(region), _) => vec![context.vault_of(chain, region, &account).await?],
        (None, _) => vec![context.vault(chain, &person, &account).await?],
    };
    let (mut logs, mut faults): (Vec<(RegionCode, OwnLog)>, Vec<anyhow::Error>) =
        Default::default();
    for vault in &vaults {
        let region = vault.target().region;
        let anchor = chain.access_log(region, At::Finalized).await?;
        let anchor = anchor.map(|anchor| (anchor.size, anchor.root));
        let path = context.home.log_mark(&person, region);
        let known: Option<LogMark> = match path.exists() {
            true => Some(serde_json::from_slice(&files::read_small(&path)?)?),
            false => None,
        };
        match vault.own_log(&person, anchor, known.as_ref()).await {
            Ok(log) => {
                files::replace(&path, &serde_json::to_vec(&log.mark())?)?;
                logs.push((region, log));
            },
            // One province that lies or is away does not hide the others.
            Err(error) => {
                faults.push(anyhow::Error::new(error).context(format!("region {region}")));
            },
        }
    }
    let lines: Vec<_> = logs.iter().flat_map(|(_, log)| log.lines.clone()).collect();
    if let Some(path) = &args.export {
        files::write_new(path, &serde_json::to_vec_pretty(&bundle(&logs)?)?)?;
        context.output.fields(fields!({
            "written": path,
            "lines": lines.len(),
            "proved_against_chain": lines.iter().filter(|line| line.anchored).count(),
        }));
    } else {
        patient_view::print_log(context, &lines);
        for (region, log) in &logs {
            context.output.note(match log.anchor {
                Some((size, root)) => format!(
                    "Region {region}: {size} lines anchored on chain, root 0x{}",
                    hex::encode(root)
                ),
                None => format!("Region {region} has not anchored its access log yet"),
            });
        }
        if args.region.is_none() && !args.all {
            context
                .output
                .note("Other provinces' vaults keep lines of their own: --all shows them");
        }
    }
    match faults.into_iter().next() {
        None => Ok(()),
        Some(fault) => Err(fault),
    }
}

/// Lines of several vaults as a Bundle, with the anchors that their proofs are about.
fn bundle(logs: &[(RegionCode, OwnLog)]) -> anyhow::Result<Value> {
    let (mut entries, mut tags) = (Vec::new(), Vec::new());
    for (region, log) in logs {
        if let Some((size, root)) = log.anchor {
            let meta = audit::anchor_meta(*region, size, &root);
            tags.extend(meta["tag"].as_array().cloned().unwrap_or_default());
        }
        for line in &log.lines {
            let line = Line::of(*region, &line.wire);
            let line = line.ok_or_else(|| Fault::verification("a line cannot be read"))?;
            entries.push(json!({ "resource": audit::to_audit_event(&line) }));
        }
    }
    let mut bundle = json!({ "resourceType": "Bundle", "type": "collection", "entry": entries });
    if !tags.is_empty() {
        bundle["meta"] = json!({ "tag": tags });
    }
    Ok(bundle)
}

/// Verifies an exported log: every line under the anchor that the Bundle names, and every anchor
/// against the chain.
async fn verify(
    context: &Context,
    chain: &Client,
    person: PersonId,
    path: &Path,
) -> anyhow::Result<()> {
    let bundle: Value = serde_json::from_slice(&files::read_small(path)?)
        .map_err(|error| Fault::usage(format!("{}: {error}", path.display())))?;
    let entries = bundle["entry"].as_array().map_or(&[][..], Vec::as_slice);
    let mut lines: Vec<Line> = Vec::with_capacity(entries.len());
    for (at, entry) in entries.iter().enumerate() {
        let line = audit::from_audit_event(&entry["resource"])
            .map_err(|error| Fault::verification(format!("Bundle.entry[{at}]: {error}")))?;
        lines.push(line);
    }
    let anchors = audit::anchors_of(&bundle);
    let mut proved = 0usize;
    let mut regions: Vec<RegionCode> = lines.iter().map(|line| line.region).collect();
    regions.sort_unstable();
    regions.dedup();
    for region in regions {
        let of_region = lines.iter().filter(|line| line.region == region).map(Line::wire).collect();
        let anchor = anchors.iter().find(|(of, _, _)| *of == region);
        let anchor = anchor.map(|(_, size, root)| (*size, *root));
        let verified = verify_lines(&chain.genesis_hash(), region, &person, anchor, of_region)?;
        proved = proved.saturating_add(verified.iter().filter(|line| line.anchored).count());
        let on_chain = chain.access_log(region, At::Finalized).await?;
        match (anchor, on_chain) {
            (None, _) => {},
            (Some((size, root)), Some(now)) if (now.size, now.root) == (size, root) => {},
            // The log has grown: the vault must show that it grew out of this one.
            (Some((size, root)), Some(now)) if size < now.size => {
                let vaults = chain.vaults(At::Finalized).await?;
                let info = vaults.into_iter().find(|vault| vault.region == region);
                let info =
                    info.ok_or_else(|| Fault::refused(format!("no province {region} here")))?;
                let vault = context.client(chain, info, &Account::generate())?;
                let mark = LogMark { size, root, lines: Vec::new() };
                vault.growth(&mark, Some((now.size, now.root))).await?;
            },
            (Some((size, _)), _) => {
                return Err(Fault::verification(format!(
                    "region {region} never anchored such a log of {size} lines"
                ))
                .into());
            },
        }
    }
    context.output.fields(fields!({
        "lines": lines.len(),
        "proved_against_chain": proved,
        "person": person,
    }));
    Ok(())
}
