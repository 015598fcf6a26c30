//! The patient deals the own secret, and the emergency summary's, to the provinces' custodians.

use std::time::Duration;

use anyhow::Context as _;
use kanglian_primitives::{DealtScope, PartAnswer};
use kanglian_sdk::{
    chain::At,
    custody::{DealingContext, client::Drill},
};

use super::{
    stage::{Stage, check},
    world::{JIANGSU, Patient, World, until},
};
use crate::{
    custody::{Dealer, SCOPES, scope_name},
    ports::{self, PROVINCES},
};

/// Plays the act.
pub async fn play(world: &World, patient: &Patient, stage: &mut Stage) -> anyhow::Result<()> {
    stage
        .step("Four custodians are appointed and answer", async { custodians(world).await })
        .await?;
    stage
        .step("The patient deals the secret; every custodian checks its share", async {
            deal(world, patient).await
        })
        .await?;
    stage
        .step("The custodians prove that they keep their shares, and show none", async {
            drill(world, patient).await
        })
        .await
}

async fn custodians(world: &World) -> anyhow::Result<((), String)> {
    let appointed = world.chain().active_custodians(At::Finalized).await?;
    let drill = Drill::new()?;
    let mut words = Vec::new();
    for (number, (code, word)) in (0u16..).zip(PROVINCES) {
        let custodian = appointed.iter().find(|(region, _)| *region == code);
        let (_, custodian) = custodian.with_context(|| format!("{word} has no custodian"))?;
        let url: url::Url = ports::custodian(world.port_base(), number).parse()?;
        let (drill, url) = (&drill, &url);
        until("the custodians to be ready", || async move {
            Ok(drill.health(url).await.is_ok_and(|health| health.status == "ok"))
        })
        .await?;
        let health = drill.health(url).await?;
        check!(health.region == Some(code), "the custodian at {url} is not {word}'s");
        check!(
            health.account == custodian.account.to_string()
                && health.key == custodian.key.to_string(),
            "{word}'s custodian has other keys than the chain names"
        );
        words.push(format!("{word} {url}"));
    }
    Ok(((), words.join(", ")))
}

/// Deals both scopes and waits until every custodian has acknowledged.
pub async fn deal(world: &World, patient: &Patient) -> anyhow::Result<((), String)> {
    let chain = world.chain();
    let vault = world.vault(PROVINCES[JIANGSU].0, &patient.account)?;
    let dealer = Dealer {
        chain,
        vault: &vault,
        account: &patient.account,
        secret: &patient.secret,
        person: patient.id,
    };
    let begun = std::time::Instant::now();
    let mut words = Vec::new();
    for scope in SCOPES {
        let made = dealer.deal(scope, None).await?;
        let made = made.with_context(|| format!("nothing was dealt: {}", scope_name(scope)))?;
        check!(made.regions.len() == PROVINCES.len(), "{} custodians", made.regions.len());
        words.push(format!(
            "{}: dealing {}, any {} of {}",
            scope_name(scope),
            made.number,
            made.threshold,
            made.regions.len()
        ));
    }
    for scope in SCOPES {
        until("the custodians to acknowledge", || async move {
            let view = chain.dealing(&patient.id, scope, At::Finalized).await?;
            let view = view.context("the dealing is not on chain")?;
            for (part, answer) in view.dealing.terms.parts.iter().zip(&view.dealing.answers) {
                if let PartAnswer::Bad(reason) = answer {
                    anyhow::bail!("the custodian of {} complains: {reason:?}", part.region);
                }
            }
            let all = view.dealing.answers.iter().all(|one| *one == PartAnswer::Acknowledged);
            Ok(all && view.recoverable)
        })
        .await?;
    }
    let took = crate::output::latency(begun.elapsed());
    Ok(((), format!("{}; all acknowledged on chain, recoverable after {took}", words.join("; "))))
}

async fn drill(world: &World, patient: &Patient) -> anyhow::Result<((), String)> {
    let chain = world.chain();
    let drill = Drill::new()?;
    let scope = DealtScope::Whole;
    let view = chain.dealing(&patient.id, scope, At::Finalized).await?;
    let dealing = view.context("the dealing is gone")?.dealing;
    let genesis = chain.genesis_hash();
    let context = DealingContext { genesis, person: patient.id, scope, number: dealing.number };
    for (number, (code, word)) in (0u16..).zip(PROVINCES) {
        let url: url::Url = ports::custodian(world.port_base(), number).parse()?;
        drill
            .challenge(&url, code, &context, &dealing.terms)
            .await
            .with_context(|| format!("{word}'s custodian"))?;
        // For another province's share, or another dealing, it has nothing to show.
        let other = PROVINCES[(usize::from(number) + 1) % PROVINCES.len()].0;
        let wrong = drill.challenge(&url, other, &context, &dealing.terms).await;
        check!(wrong.is_err(), "{word}'s custodian proved another province's share");
        let next = DealingContext { number: dealing.number.saturating_add(1), ..context };
        let wrong = tokio::time::timeout(
            Duration::from_secs(30),
            drill.challenge(&url, code, &next, &dealing.terms),
        );
        check!(wrong.await?.is_err(), "{word}'s custodian proved a dealing that is none");
    }
    Ok(((), format!("{} proofs of knowledge of a share hold", PROVINCES.len())))
}
