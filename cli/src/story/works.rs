//! A public work: published and paid by its own schedule, endorsed by another institution, found and
//! checked by somebody without an account, superseded, retracted, taken down.

use anyhow::Context as _;
use kanglian_primitives::{RetractionReason, TakedownReason, WorkId, WorkStanding, blocks};
use kanglian_sdk::{
    chain::{At, Call, ChainError, InBlock, Wait, calls},
    keys::Account,
    vault::VaultError,
    works::{PublicVault, WorkMetadata, WorkQuery},
};

use super::{
    stage::{Stage, check},
    world::{Cast, JIANGSU, World, ZHEJIANG, until},
};
use crate::{
    commands::work::on_chain,
    output,
    ports::{self, PROVINCES},
    publishing::{self, Draft},
};

/// A province that neither author nor endorser is of.
const ELSEWHERE: u16 = 3;

/// Plays the act.
pub async fn play(world: &World, cast: &Cast, stage: &mut Stage) -> anyhow::Result<()> {
    let first = draft(cast, "第一版");
    let work = stage
        .step("A hospital publishes health education; publishing pays its own way", async {
            publish(world, cast, &first).await
        })
        .await?;
    stage
        .step("Another hospital endorses it; the author cannot endorse itself", async {
            endorse(world, cast, work).await
        })
        .await?;
    stage
        .step("Somebody without an account finds, fetches and checks it elsewhere", async {
            find(world, cast, work, &first).await
        })
        .await?;
    stage
        .step(
            "A new edition takes its place unpaid; the old one is retracted, and says so",
            async { supersede(world, cast, work).await },
        )
        .await?;
    stage
        .step("The regulator takes a work down: 410 everywhere, its reward is back", async {
            take_down(world, cast).await
        })
        .await
}

fn draft(cast: &Cast, edition: &str) -> Draft {
    let own = cast.hospital.account.address();
    let text = format!("# 高血压患者怎么吃\n\n少盐，多走路。{edition}\n\n{own}\n");
    let metadata = WorkMetadata {
        title: format!("高血压患者怎么吃 How to eat with hypertension {edition}"),
        language: "zh-CN".to_owned(),
        summary: "少盐，多走路。Less salt, more walking.".to_owned(),
        keywords: vec!["高血压".to_owned(), "diet".to_owned(), own.to_lowercase()],
        content_type: "text/markdown; charset=utf-8".to_owned(),
    };
    Draft { bytes: text.into_bytes(), metadata, block: blocks::HEALTH_EDUCATION, schema: None }
}

async fn send(world: &World, call: &Call, account: &Account) -> anyhow::Result<InBlock> {
    Ok(world.chain().submit(call, account, Wait::Finalized).await?)
}

fn refused_with<T>(result: anyhow::Result<T>, name: &str) -> anyhow::Result<()> {
    let Err(error) = result else { anyhow::bail!("expected {name}, the chain accepted it") };
    match error.downcast_ref::<ChainError>() {
        Some(ChainError::Dispatch(failure)) if failure.name == name => Ok(()),
        _ => Err(error.context(format!("expected {name}"))),
    }
}

fn anybody(world: &World) -> anyhow::Result<PublicVault> {
    Ok(PublicVault::new(ports::vault(world.port_base(), ELSEWHERE).parse()?)?)
}

async fn publish(world: &World, cast: &Cast, draft: &Draft) -> anyhow::Result<(WorkId, String)> {
    let author = &cast.hospital.account;
    let vault = world.vault(PROVINCES[JIANGSU].0, author)?;
    let before = world.balance(&author.id(), At::Finalized).await?;
    let (claim, included) = publishing::publish(world.chain(), &vault, author, draft, None).await?;
    let event = included.event("PublicWorks", "Published").context("no event")?;
    let paid = event.number("paid").unwrap_or_default();
    let rewarded = included.event("HealthCoin", "PublicationRewarded").context("nothing paid")?;
    let own = rewarded.number("author").unwrap_or_default();
    let at = At::Hash(included.block);
    let after = world.balance(&author.id(), at).await?;
    check!(own > 0 && after == before + own, "the author has {after} after {before} and {own}");
    // The same bytes again pay nothing, whatever is said of them.
    let again = publishing::publish(world.chain(), &vault, author, draft, None).await;
    check!(again.is_err(), "the same bytes were published twice");
    world.settle(included.number).await?;
    let seen = format!("{} in block {}, paid {}", claim.work, included.number, output::hmc(paid));
    Ok((claim.work, seen))
}

async fn endorse(world: &World, cast: &Cast, work: WorkId) -> anyhow::Result<((), String)> {
    let call = calls::public_works::endorse(work);
    refused_with(send(world, &call, &cast.hospital.account).await, "OwnWork")?;
    let included = send(world, &call, &cast.clinic.account).await?;
    refused_with(send(world, &call, &cast.clinic.account).await, "AlreadyEndorsed")?;
    world.settle(included.number).await?;
    let facts = on_chain(world.chain(), &work).await?;
    let endorsed = facts.endorsements.iter().any(|known| known.by == cast.clinic.id);
    check!(endorsed, "the endorsement is not on chain");
    Ok(((), format!("{} in block {}", cast.clinic.name, included.number)))
}

async fn find(
    world: &World,
    cast: &Cast,
    work: WorkId,
    draft: &Draft,
) -> anyhow::Result<((), String)> {
    let vault = anybody(world)?;
    let own = cast.hospital.account.address().to_lowercase();
    for words in ["高血压 怎么吃", "hypertension DIET"] {
        let query = WorkQuery { text: format!("{words} {own}"), ..WorkQuery::default() };
        let (vault, query) = (&vault, &query);
        until("the work to be found", || async move {
            Ok(vault.search(query).await?.works.iter().any(|hit| hit.work.id == work))
        })
        .await?;
    }
    let facts = on_chain(&world.chains[usize::from(ELSEWHERE)], &work).await?;
    check!(facts.standing() == WorkStanding::Current, "the work is {}", facts.standing());
    let mut bytes = Vec::new();
    vault.fetch(&work, facts.size, &mut bytes).await?;
    check!(bytes == draft.bytes, "the bytes are other ones");
    let document = vault.metadata(&work, &facts.metadata).await?;
    let metadata = WorkMetadata::read(&document, facts.size)?;
    check!(metadata == draft.metadata, "the metadata is other one");
    let seen = format!(
        "{} bytes from {}, BLAKE3 as on chain, endorsed by {}",
        bytes.len(),
        PROVINCES[usize::from(ELSEWHERE)].1,
        facts.endorsements.len()
    );
    Ok(((), seen))
}

async fn supersede(world: &World, cast: &Cast, old: WorkId) -> anyhow::Result<((), String)> {
    let author = &cast.hospital.account;
    let vault = world.vault(PROVINCES[JIANGSU].0, author)?;
    let next = draft(cast, "第二版");
    let (claim, included) =
        publishing::publish(world.chain(), &vault, author, &next, Some(old)).await?;
    let paid = included.event("HealthCoin", "PublicationRewarded");
    check!(paid.is_none(), "a new edition was paid");
    let call = calls::public_works::retract(old, RetractionReason::Outdated);
    refused_with(send(world, &call, &cast.clinic.account).await, "NotAuthor")?;
    let retracted = send(world, &call, author).await?;
    world.settle(retracted.number).await?;
    let facts = on_chain(world.chain(), &old).await?;
    check!(facts.superseded_by == Some(claim.work), "the editions are not linked");
    check!(facts.standing() == WorkStanding::Retracted && facts.paid == 0, "{}", facts.standing());
    // Retracted works are read, with the retraction shown.
    let mut bytes = Vec::new();
    anybody(world)?.fetch(&old, facts.size, &mut bytes).await?;
    let event = retracted.event("PublicWorks", "Retracted").context("no event")?;
    let returned = event.number("returned").unwrap_or_default();
    Ok(((), format!("{}; {} came back", claim.work, output::hmc(returned))))
}

async fn take_down(world: &World, cast: &Cast) -> anyhow::Result<((), String)> {
    let author = &cast.clinic.account;
    let vault = world.vault(PROVINCES[ZHEJIANG].0, author)?;
    let mut bad = draft(cast, "");
    bad.bytes = format!("多吃盐。{}", author.address()).into_bytes();
    let (claim, published) = publishing::publish(world.chain(), &vault, author, &bad, None).await?;
    world.settle(published.number).await?;
    let call = calls::public_works::take_down(claim.work, TakedownReason::Harmful);
    check!(send(world, &call, author).await.is_err(), "the author took a work down");
    let taken = send(world, &call, world.regulator()?).await?;
    world.settle(taken.number).await?;
    let mut bytes = Vec::new();
    match anybody(world)?.fetch(&claim.work, claim.size, &mut bytes).await {
        Err(VaultError::Refused { status: 410, message, .. }) => {
            check!(message.contains("harmful"), "no reason: {message}");
        },
        other => anyhow::bail!("expected 410, the vault gave {other:?}"),
    }
    let facts = on_chain(world.chain(), &claim.work).await?;
    check!(facts.paid == 0, "the reward stayed");
    Ok(((), format!("{}: harmful, block {}", claim.work, taken.number)))
}
