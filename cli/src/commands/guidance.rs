//! What comes back to the person: care plans and rehabilitation guidance, written under the same
//! consent that the writer reads by. And past records (继往) in one list.

use std::{path::PathBuf, time::Instant as Clock};

use clap::Args;
use kanglian_primitives::{
    Author, BusinessBlockId, InstitutionId, PersonId, RecordFacts, RecordId,
};
use kanglian_sdk::{
    chain::{At, Client},
    fhir,
    keys::Account,
    vault::Ask,
};
use serde::Serialize;

use super::institution::share_items;
use crate::{
    context::Context, fault::Fault, files, input, instant, names, output, sharing::Sharer,
    vault::Vault,
};

/// The resource that guidance is written in.
const CARE_PLAN: &str = "CarePlan";

/// Guidance to be written into the file.
#[derive(Debug, Args)]
pub struct GuidanceArgs {
    /// The institution's account, which shares: a name or a key file
    #[arg(long)]
    institution_account: String,
    /// Business block
    #[arg(long, value_parser = names::block, default_value = "medical")]
    block: BusinessBlockId,
    /// FHIR CarePlans (JSON)
    #[arg(required = true)]
    files: Vec<PathBuf>,
}

/// Shares care plans as the institution that the reader acts for: it reads the block now, and the
/// person lets it write there.
pub async fn write(
    context: &Context,
    chain: &Client,
    account: &Account,
    ask: &Ask,
    args: &GuidanceArgs,
) -> anyhow::Result<()> {
    for file in &args.files {
        let looked = fhir::inspect(&files::read_small(file)?)
            .map_err(|error| Fault::usage(format!("{}: {error}", file.display())))?;
        if looked.resource_type != CARE_PLAN {
            let found = looked.resource_type;
            let name = file.display();
            return Err(Fault::usage(format!("{name} is a {found}, no {CARE_PLAN}")).into());
        }
    }
    let institution = names::institution_of(&ask.acting_as)
        .ok_or_else(|| Fault::usage("guidance is written for an institution or its team"))?;
    let sender = context.account(&args.institution_account)?;
    let speaks_for = super::institution::institution_of(chain, &sender.id()).await?;
    if speaks_for != institution {
        return Err(Fault::refused(format!(
            "{} speaks for {speaks_for}, and the reader acts for {institution}",
            args.institution_account
        ))
        .into());
    }
    same_consent(chain, account, ask, args.block).await?;
    may_write(chain, &ask.subject, &institution, args.block).await?;
    let known = chain.institution(&institution, At::Best).await?;
    let known =
        known.ok_or_else(|| Fault::refused(format!("{institution} is not on this chain")))?;
    let vault = context.storing_vault(chain, &ask.subject, &sender).await?;
    let author = Author::Institution(institution);
    let sharer =
        Sharer::new(chain.clone(), vault, sender, author, known.encryption_key, ask.subject)
            .await?;
    let items = input::items(&args.files)?;
    share_items(context, &sharer, &items, args.block, None, None).await
}

/// Terms that the reader holds now for this block and purpose.
pub async fn same_consent(
    chain: &Client,
    account: &Account,
    ask: &Ask,
    block: BusinessBlockId,
) -> anyhow::Result<()> {
    let now = instant::now();
    let query = kanglian_primitives::AccessQuery {
        account: account.id(),
        acting_as: ask.acting_as,
        subject: ask.subject,
        purpose: ask.purpose,
    };
    // Standing and delegation are the chain's to judge.
    let listed = chain.readable(&query, None, 1, now, At::Best).await?;
    let terms = chain.terms_of(&ask.subject, At::Best).await?;
    let covered = terms.iter().any(|(grantee, terms)| {
        *grantee == ask.acting_as
            && terms.blocks.contains(block)
            && terms.purposes.contains(ask.purpose)
            && (terms.from..terms.until).contains(&now)
    });
    match listed {
        Ok(_) if covered => Ok(()),
        Ok(_) => Err(Fault::refused(format!(
            "no terms of {} cover {} for {}",
            names::show_grantee(&ask.acting_as),
            names::show_block(block),
            ask.purpose
        ))
        .into()),
        Err(refusal) => Err(Fault::refused(refusal.to_string()).into()),
    }
}

async fn may_write(
    chain: &Client,
    person: &PersonId,
    institution: &InstitutionId,
    block: BusinessBlockId,
) -> anyhow::Result<()> {
    let consent = chain.write_consent(person, institution, At::Best).await?;
    let now = instant::now();
    match consent.is_some_and(|consent| consent.blocks.contains(block) && now < consent.until) {
        true => Ok(()),
        false => Err(Fault::refused(format!(
            "the person does not let {institution} write into {}: ask for \
             `patient allow-writing {institution} --blocks {}`",
            names::show_block(block),
            names::show_block(block)
        ))
        .into()),
    }
}

/// A past record.
#[derive(Serialize)]
struct Past {
    shared: String,
    what: String,
    block: String,
    by: String,
    size: u64,
    record: RecordId,
}

/// Lists everything of the person's past that the reader may see, newest first.
pub async fn history(
    context: &Context,
    chain: &Client,
    vault: &Vault,
    ask: &Ask,
) -> anyhow::Result<()> {
    let begun = Clock::now();
    let (file, schemas) = futures::join!(vault.whole_file(ask), chain.schemas(At::Best));
    let (mut records, schemas) = (file?.records, schemas?);
    let elapsed = begun.elapsed();
    records.sort_by_key(|facts| std::cmp::Reverse(facts.shared_at));
    let past: Vec<_> = records
        .iter()
        .map(|facts| {
            let schema = schemas.get(&facts.schema).map(|schema| schema.name.to_lossy());
            Past {
                shared: instant::show(facts.shared_at),
                what: schema.unwrap_or_else(|| facts.schema.to_string()),
                block: names::show_block(facts.block),
                by: author(facts),
                size: facts.size,
                record: facts.id,
            }
        })
        .collect();
    let columns = ["shared", "what", "block", "by", "sealed bytes", "record"];
    context.output.rows(&columns, &past, |one| {
        vec![
            one.shared.clone(),
            one.what.clone(),
            one.block.clone(),
            one.by.clone(),
            one.size.to_string(),
            one.record.to_string(),
        ]
    });
    context.output.note(format!("{} records in {}", past.len(), output::latency(elapsed)));
    Ok(())
}

fn author(facts: &RecordFacts) -> String {
    match facts.author {
        Author::Institution(id) => format!("institution:{id}"),
        Author::Person(_) => "the person".to_owned(),
    }
}
