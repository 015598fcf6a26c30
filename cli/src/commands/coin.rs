//! The coin: eras, the budget for shares, what regions wait for, balances.

use std::collections::BTreeMap;

use kanglian_primitives::{Amount, PersonId, RegionCode};
use kanglian_sdk::{
    AccountId,
    chain::{
        At, Client, calls,
        types::{Earned, Era},
    },
};
use serde::Serialize;

use crate::{
    context::Context,
    fault::Fault,
    output::{self, hmc},
    shown::{Shown, fields},
};

/// Prints the era, its budget, the unpaid regions, and balances of accounts.
pub async fn status(context: &Context, accounts: &[String]) -> anyhow::Result<()> {
    let chain = context.chain().await?;
    let accounts = accounts
        .iter()
        .map(|name| Ok((name.clone(), context.address(name)?)))
        .collect::<anyhow::Result<Vec<_>>>()?;
    let at = At::Hash(chain.best_hash().await?);
    let era = chain.era(at).await?.unwrap_or_default();
    let schedule = chain.schedule(at).await?;
    let schedule = schedule.ok_or_else(|| Fault::refused("the chain has no reward schedule"))?;
    let policy = chain.transfer_policy(at).await?;
    let mut unpaid = Vec::new();
    for (index, regions) in chain.unsettled(at).await? {
        unpaid.extend(regions_of(index, &regions));
    }
    unpaid.extend(regions_of(era.index, &era.regions));
    let mut balances = Vec::new();
    for (name, account) in accounts {
        balances.push(balance(&chain, &name, &account, era.index, at).await?);
    }
    context.output.fields(fields!({
        "era": era.index,
        "began_at_block": era.started_at,
        "ends_at_block": era.started_at.saturating_add(schedule.era_length),
        "best_block": chain.head(at).await?.number,
        "budget_left": hmc(budget(&chain, &era, at).await?),
        "held_for_regions": hmc(era.reserved),
        "unpaid_regions": unpaid,
        "emission_of_an_era": hmc(schedule.emission),
        "reward_of_a_share": hmc(schedule.reward),
        "parts": fields!({
            "subject": format!("{} %", schedule.subject_percent),
            "author": format!("{} %", schedule.author_percent),
            "regions": format!("{} %", schedule.region_percent),
        }),
        "cap_of_a_person": hmc(schedule.cap_person),
        "cap_of_an_author": hmc(schedule.cap_author),
        "transfers": policy.map(|policy| policy.to_string()),
        "emitted": hmc(chain.emitted(at).await?),
        "burned": hmc(chain.burned(at).await?),
        "issuance": hmc(chain.total_issuance(at).await?),
        "balances": balances,
    }));
    Ok(())
}

fn regions_of(era: u32, regions: &BTreeMap<RegionCode, Amount>) -> Vec<Shown> {
    let line = |(region, amount): (&RegionCode, &Amount)| fields!({ "era": era, "region": region.to_string(), "amount": hmc(*amount) });
    regions.iter().map(line).collect()
}

/// What the pot can still pay for shares: the existential deposit stays, and so does what regions
/// have earned.
async fn budget(chain: &Client, era: &Era, at: At) -> anyhow::Result<Amount> {
    let name: [u8; 8] = chain.constant("HealthCoin", "PalletId").await?;
    let least: Amount = chain.constant("Balances", "ExistentialDeposit").await?;
    let pot = chain.account(&pot(name), at).await?.data;
    Ok(pot.free.saturating_sub(pot.frozen.max(least)).saturating_sub(era.reserved))
}

/// The account of a pallet: `modl`, its name, zeros.
fn pot(name: [u8; 8]) -> AccountId {
    let mut account = [0u8; 32];
    account[..4].copy_from_slice(b"modl");
    account[4..12].copy_from_slice(&name);
    AccountId::from(account)
}

async fn balance(
    chain: &Client,
    name: &str,
    account: &AccountId,
    era: u32,
    at: At,
) -> anyhow::Result<Shown> {
    let now = |earned: Earned| if earned.era == era { earned.amount } else { 0 };
    let held = chain.account(account, at).await?.data;
    let person: Option<PersonId> = chain.person_of(account, at).await?;
    let as_subject = match &person {
        Some(person) => now(chain.earned_by_person(person, at).await?),
        None => 0,
    };
    let as_author = now(chain.earned_by_author(account, at).await?);
    Ok(fields!({
        "name": name,
        "address": account.to_string(),
        "free": hmc(held.free),
        "reserved": hmc(held.reserved),
        "frozen": hmc(held.frozen),
        "earned_as_subject_in_this_era": hmc(as_subject),
        "earned_as_author_in_this_era": hmc(as_author),
    }))
}

#[derive(Serialize)]
struct Settled {
    era: u32,
    paid: String,
    regions_left: u32,
    block: u32,
}

/// Pays regions what they earned in eras that are over: in all of them, unless one is named.
pub async fn settle(context: &Context, account: &str, era: Option<u32>) -> anyhow::Result<()> {
    let chain = context.chain().await?;
    let anyone = context.account(account)?;
    let eras = match era {
        Some(era) => vec![era],
        None => {
            let unsettled = chain.unsettled(At::Best).await?;
            let mut eras: Vec<_> = unsettled.into_iter().map(|(era, _)| era).collect();
            eras.sort_unstable();
            eras
        },
    };
    let mut settled = Vec::new();
    for era in eras {
        let included = context.send(&chain, &calls::health_coin::settle_era(era), &anyone).await?;
        let event = included.event("HealthCoin", "EraSettled");
        let number = |name: &str| event.and_then(|event| event.number(name)).unwrap_or_default();
        settled.push(Settled {
            era,
            paid: output::hmc(number("paid")),
            regions_left: u32::try_from(number("left"))?,
            block: included.number,
        });
    }
    context.output.rows(&["era", "paid", "regions left", "block"], &settled, |one| {
        vec![
            one.era.to_string(),
            one.paid.clone(),
            one.regions_left.to_string(),
            one.block.to_string(),
        ]
    });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pot_has_the_account_of_its_pallet() {
        let account = pot(*b"py/trsry");
        assert_eq!(account.to_string(), "5EYCAe5ijiYfyeZ2JJCGq56LmPyNRAKzpG4QkoQkkQNB5e6Z");
    }
}
