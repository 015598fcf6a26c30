//! Upgrades of the runtime: those in their time lock, and their enactment.

use std::path::Path;

use kanglian_primitives::{Hash32, Height};
use kanglian_sdk::chain::{At, Client, InBlock, calls};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{
    context::Context,
    fault::Fault,
    runtime_code::{Code, hex_of},
    shown::fields,
};

#[derive(Serialize)]
struct Pending {
    code_hash: String,
    proposed_at: Height,
    enact_from: Height,
    expires_at: Height,
    state: &'static str,
}

/// Lists the upgrades that the council voted for.
pub async fn list(context: &Context) -> anyhow::Result<()> {
    let chain = context.chain().await?;
    let now = chain.best().await?.number;
    let mut pending: Vec<_> = chain
        .pending_upgrades(At::Best)
        .await?
        .into_iter()
        .map(|(hash, upgrade)| Pending {
            code_hash: hex_of(&hash),
            proposed_at: upgrade.proposed_at,
            enact_from: upgrade.enact_from,
            expires_at: upgrade.expires_at,
            state: match now {
                now if now < upgrade.enact_from => "locked",
                now if now < upgrade.expires_at => "can be enacted",
                _ => "expired",
            },
        })
        .collect();
    pending.sort_by_key(|upgrade| upgrade.proposed_at);
    let columns = ["code hash", "voted at", "enact from", "expires at", "state"];
    context.output.rows(&columns, &pending, |upgrade| {
        vec![
            upgrade.code_hash.clone(),
            upgrade.proposed_at.to_string(),
            upgrade.enact_from.to_string(),
            upgrade.expires_at.to_string(),
            upgrade.state.to_owned(),
        ]
    });
    Ok(())
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Version {
    spec_version: u32,
}

async fn version(chain: &Client, block: Hash32) -> anyhow::Result<u32> {
    let found: Version = chain.rpc("state_getRuntimeVersion", json!([hex_of(&block)])).await?;
    Ok(found.spec_version)
}

/// Authorises an upgrade whose time lock is over and installs its code.
pub async fn enact(context: &Context, account: &str, code: &Path) -> anyhow::Result<()> {
    let code = Code::read(code)?;
    let chain = context.chain().await?;
    let anyone = context.account(account)?;
    let before = version(&chain, chain.best_hash().await?).await?;
    if !is_authorised(&chain, &code.hash).await? {
        check_time_lock(&chain, &code.hash).await?;
        context.send(&chain, &calls::mandates::enact(code.hash), &anyone).await?;
    }
    let call = calls::system::apply_authorized_upgrade(&code.bytes);
    let included = context.send(&chain, &call, &anyone).await?;
    check_applied(&included)?;
    context.output.fields(fields!({
        "code_hash": hex_of(&code.hash),
        "outcome": "installed",
        "runtime_before": before,
        "runtime_now": version(&chain, included.block).await?,
        "block": included.number,
    }));
    Ok(())
}

/// Whether the code was authorised before and only waits to be installed.
async fn is_authorised(chain: &Client, code: &Hash32) -> anyhow::Result<bool> {
    let authorised: Option<(Hash32, bool)> =
        chain.fetch("System", "AuthorizedUpgrade", &[], At::Best).await?;
    Ok(authorised.is_some_and(|(hash, _)| hash == *code))
}

async fn check_time_lock(chain: &Client, code: &Hash32) -> anyhow::Result<()> {
    let pending = chain.pending_upgrades(At::Best).await?;
    let upgrade = pending.into_iter().find(|(hash, _)| hash == code).map(|(_, upgrade)| upgrade);
    let upgrade = upgrade.ok_or_else(|| {
        Fault::refused(format!("the council voted for no code with the hash {}", hex_of(code)))
    })?;
    let now = chain.best().await?.number;
    if now < upgrade.enact_from {
        return Err(Fault::refused(format!(
            "the time lock ends at block {}, {} blocks from now",
            upgrade.enact_from,
            upgrade.enact_from.saturating_sub(now)
        ))
        .into());
    }
    if now >= upgrade.expires_at {
        let expired = upgrade.expires_at;
        return Err(Fault::refused(format!("the vote expired at block {expired}")).into());
    }
    Ok(())
}

/// Code that does not pass the system's checks is turned down in a transaction that succeeds.
fn check_applied(included: &InBlock) -> Result<(), Fault> {
    if included.event("System", "CodeUpdated").is_some() {
        return Ok(());
    }
    Err(Fault::refused(format!(
        "the system turned the code down in block {}: its name must be this runtime's and its \
         version higher; the authorisation is used up",
        included.number
    )))
}
