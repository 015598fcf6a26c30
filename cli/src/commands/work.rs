//! Public works: what authors, endorsers, the regulator and anybody can do with them.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::{Args, Subcommand};
use kanglian_primitives::{
    BusinessBlockId, RetractionReason, SchemaId, TakedownReason, WorkFacts, WorkId,
};
use kanglian_sdk::{
    chain::{At, Call, Client, calls},
    works::{PublicVault, WorkMetadata, WorkQuery},
};

use super::institution::institution_of;
use crate::{
    context::Context,
    fault::Fault,
    files, instant, names, output,
    publishing::{self, Draft},
    shown::{Shown, fields},
};

/// Largest work that the command line publishes: it is read whole.
const LARGEST: u64 = 256 << 20;

/// What an institution does with public works.
#[derive(Debug, Subcommand)]
pub enum Publishing {
    /// Publish a file: anybody can find and fetch it from then on
    Publish(WorkArgs),
    /// Publish a file in the place of an older work of one's own
    Supersede {
        /// The older work
        old: WorkId,
        #[command(flatten)]
        work: WorkArgs,
    },
    /// Endorse another institution's work
    Endorse {
        /// The work
        work: WorkId,
    },
    /// Withdraw an endorsement
    Withdraw {
        /// The work
        work: WorkId,
    },
    /// Retract a work of one's own: it stays readable, with the retraction shown
    Retract {
        /// The work
        work: WorkId,
        /// error, outdated, rights, privacy or other
        #[arg(long)]
        reason: RetractionReason,
    },
}

/// A file and what is said of it.
#[derive(Debug, Args)]
pub struct WorkArgs {
    /// The file
    file: PathBuf,
    /// Title
    #[arg(long)]
    title: String,
    /// Language of the work (BCP 47), such as zh-CN or en
    #[arg(long)]
    language: String,
    /// Summary
    #[arg(long, default_value = "")]
    summary: String,
    /// A keyword (repeated: several)
    #[arg(long = "keyword")]
    keywords: Vec<String>,
    /// health-education or public-knowledge
    #[arg(long, value_parser = names::block, default_value = "health-education")]
    block: BusinessBlockId,
    /// Schema number; that of a FHIR Library by default
    #[arg(long)]
    schema: Option<u32>,
    /// Media type; by the file's name when left out
    #[arg(long)]
    content_type: Option<String>,
}

impl WorkArgs {
    fn draft(&self) -> anyhow::Result<Draft> {
        let named = || self.file.display().to_string();
        let size = std::fs::metadata(&self.file).with_context(named)?.len();
        if !(1..=LARGEST).contains(&size) {
            return Err(Fault::usage(format!("{}: 1 byte to 256 MiB", named())).into());
        }
        let metadata = WorkMetadata {
            title: self.title.clone(),
            language: self.language.clone(),
            summary: self.summary.clone(),
            keywords: self.keywords.clone(),
            content_type: match &self.content_type {
                Some(given) => given.clone(),
                None => content_type_of(&self.file).to_owned(),
            },
        };
        Ok(Draft {
            bytes: std::fs::read(&self.file).with_context(named)?,
            metadata,
            block: self.block,
            schema: self.schema.map(SchemaId),
        })
    }
}

fn content_type_of(path: &Path) -> &'static str {
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    match extension.to_ascii_lowercase().as_str() {
        "md" => "text/markdown; charset=utf-8",
        "txt" => "text/plain; charset=utf-8",
        "html" | "htm" => "text/html; charset=utf-8",
        "pdf" => "application/pdf",
        "json" => "application/json",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "mp3" => "audio/mpeg",
        "mp4" => "video/mp4",
        _ => "application/octet-stream",
    }
}

impl Publishing {
    /// Carries out the command.
    pub async fn run(&self, context: &Context, account: &str) -> anyhow::Result<()> {
        let (old, args) = match self {
            Self::Publish(args) => (None, args),
            Self::Supersede { old, work } => (Some(*old), work),
            Self::Endorse { work } => {
                let call = calls::public_works::endorse(*work);
                return send(context, account, &call, format!("endorsed {work}")).await;
            },
            Self::Withdraw { work } => {
                let call = calls::public_works::withdraw_endorsement(*work);
                return send(context, account, &call, format!("no longer endorses {work}")).await;
            },
            Self::Retract { work, reason } => {
                let call = calls::public_works::retract(*work, *reason);
                return send(context, account, &call, format!("retracted {work}: {reason}")).await;
            },
        };
        let draft = args.draft()?;
        let chain = context.chain().await?;
        let account = context.account(account)?;
        let own = institution_of(&chain, &account.id()).await?;
        let known = chain.institution(&own, At::Best).await?;
        let known = known.ok_or_else(|| Fault::refused(format!("{own} is not on this chain")))?;
        let vault = context.vault_of(&chain, known.region, &account).await?;
        let (claim, included) = publishing::publish(&chain, &vault, &account, &draft, old).await?;
        let paid = included.event("PublicWorks", "Published").and_then(|e| e.number("paid"));
        context.output.fields(fields!({
            "work": claim.work,
            "author": own,
            "title": draft.metadata.title,
            "block": names::show_block(claim.block),
            "bytes": claim.size,
            "supersedes": old,
            "paid": output::hmc(paid.unwrap_or_default()),
            "in_block": included.number,
        }));
        Ok(())
    }
}

/// What the regulator does with public works.
#[derive(Debug, Subcommand)]
pub enum Overseeing {
    /// Take a work down: vaults no longer give it out, and what it paid goes back
    TakeDown {
        /// The work
        work: WorkId,
        /// harmful, false, advertising, rights, privacy or unlawful
        #[arg(long)]
        reason: TakedownReason,
    },
    /// Restore a work that was taken down
    Restore {
        /// The work
        work: WorkId,
    },
}

impl Overseeing {
    /// Carries out the command.
    pub async fn run(&self, context: &Context, account: &str) -> anyhow::Result<()> {
        let (what, call) = match self {
            Self::TakeDown { work, reason } => (
                format!("took {work} down: {reason}"),
                calls::public_works::take_down(*work, *reason),
            ),
            Self::Restore { work } => {
                (format!("restored {work}"), calls::public_works::restore(*work))
            },
        };
        send(context, account, &call, what).await
    }
}

async fn send(context: &Context, account: &str, call: &Call, what: String) -> anyhow::Result<()> {
    let chain = context.chain().await?;
    let account = context.account(account)?;
    let included = context.send(&chain, call, &account).await?;
    context.output.fields(fields!({ "done": what, "block": included.number }));
    Ok(())
}

/// What anybody does with public works.
#[derive(Debug, Subcommand)]
pub enum Work {
    /// Look for works by words in title, summary and keywords, newest first
    Search {
        /// Words, which must all be there; Chinese needs no spaces
        text: Vec<String>,
        /// Only in this business block
        #[arg(long, value_parser = names::block)]
        block: Option<BusinessBlockId>,
        /// Only in this language: zh finds zh-CN too
        #[arg(long)]
        language: Option<String>,
        /// How many at most
        #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=50))]
        limit: u32,
        /// Where to go on, as the page before said
        #[arg(long)]
        cursor: Option<u64>,
    },
    /// Show what the chain says of a work: author, standing, endorsements
    Show {
        /// The work
        work: WorkId,
    },
    /// Fetch a work and check it against the chain
    Fetch {
        /// The work
        work: WorkId,
        /// Where to write it
        #[arg(long)]
        out: PathBuf,
    },
    /// Check a file that came from anywhere: whether it is the work, and how that stands
    Verify {
        /// The work
        work: WorkId,
        /// The file
        file: PathBuf,
    },
}

impl Work {
    /// Carries out the command.
    pub async fn run(&self, context: &Context) -> anyhow::Result<()> {
        let chain = context.chain().await?;
        match self {
            Self::Search { text, block, language, limit, cursor } => {
                let query = WorkQuery {
                    text: text.join(" "),
                    block: block.map(|block| block.0),
                    language: language.clone(),
                    cursor: *cursor,
                    limit: Some(*limit),
                };
                search(context, &chain, &query).await
            },
            Self::Show { work } => {
                let facts = on_chain(&chain, work).await?;
                context.output.fields(described(&chain, &facts).await?);
                Ok(())
            },
            Self::Fetch { work, out } => fetch(context, &chain, work, out).await,
            Self::Verify { work, file } => {
                let facts = on_chain(&chain, work).await?;
                let mut hasher = blake3::Hasher::new();
                let opened = std::fs::File::open(file);
                hasher.update_reader(opened.with_context(|| file.display().to_string())?)?;
                if hasher.finalize() != work.0 {
                    let name = file.display();
                    return Err(Fault::verification(format!("{name} is not the work")).into());
                }
                context.output.fields(described(&chain, &facts).await?);
                judged(&facts)
            },
        }
    }
}

async fn search(context: &Context, chain: &Client, query: &WorkQuery) -> anyhow::Result<()> {
    let vaults = context.public_vaults(chain).await?;
    let reply = of_any(&vaults, async |vault| Ok(vault.search(query).await?)).await?;
    let columns = ["work", "title", "language", "author", "endorsed by", "published", "standing"];
    context.output.rows(&columns, &reply.works, |hit| {
        vec![
            hit.work.id.to_string(),
            hit.metadata.title.clone(),
            hit.metadata.language.clone(),
            hit.work.author.to_string(),
            hit.work.endorsements.iter().filter(|known| known.in_standing).count().to_string(),
            instant::show(hit.work.published_at),
            hit.work.standing().to_string(),
        ]
    });
    if let Some(next) = reply.next {
        context.output.note(format!("more: --cursor {next}"));
    }
    Ok(())
}

/// What the node says of a work, finalised.
pub async fn on_chain(chain: &Client, work: &WorkId) -> anyhow::Result<WorkFacts> {
    let found = chain.works(std::slice::from_ref(work), instant::now(), At::Finalized).await?.pop();
    found.ok_or_else(|| Fault::refused(format!("{work} is not on this chain")).into())
}

async fn described(chain: &Client, facts: &WorkFacts) -> anyhow::Result<Shown> {
    let author = chain.institution(&facts.author, At::Finalized).await?;
    let endorsed: Vec<_> = facts
        .endorsements
        .iter()
        .map(|known| {
            fields!({
                "by": known.by,
                "since": instant::show(known.at),
                "in_standing": known.in_standing,
            })
        })
        .collect();
    let stored: Vec<_> = facts.stored_in.iter().map(ToString::to_string).collect();
    Ok(fields!({
        "work": facts.id,
        "standing": facts.standing().to_string(),
        "author": facts.author,
        "author_name": author.map(|known| known.name.to_lossy()),
        "author_in_standing": facts.author_in_standing,
        "block": names::show_block(facts.block),
        "bytes": facts.size,
        "published": instant::show(facts.published_at),
        "endorsed": endorsed,
        "supersedes": facts.supersedes,
        "superseded_by": facts.superseded_by,
        "retracted": facts.retracted.map(|known| known.reason.to_string()),
        "taken_down": facts.taken_down.map(|known| known.reason.to_string()),
        "receipts_of": stored,
        "paid": output::hmc(facts.paid),
    }))
}

/// An error when nobody should rely on the work any more.
fn judged(facts: &WorkFacts) -> anyhow::Result<()> {
    let reason = match (facts.taken_down, facts.retracted) {
        (Some(known), _) => format!("the regulator took the work down: {}", known.reason),
        (None, Some(known)) => format!("the author retracted the work: {}", known.reason),
        (None, None) => return Ok(()),
    };
    Err(Fault::refused(reason).into())
}

async fn fetch(context: &Context, chain: &Client, work: &WorkId, out: &Path) -> anyhow::Result<()> {
    if out.exists() {
        return Err(Fault::usage(format!("{} exists already", out.display())).into());
    }
    let facts = on_chain(chain, work).await?;
    if facts.taken_down.is_some() {
        return judged(&facts);
    }
    let vaults = context.public_vaults(chain).await?;
    let folder = files::prepare(out)?;
    let path = out.display().to_string();
    let (document, file) = of_any(&vaults, async |vault| {
        let document = vault.metadata(work, &facts.metadata).await?;
        let file = tempfile::NamedTempFile::new_in(folder)?;
        let mut writer = tokio::fs::File::from_std(file.reopen()?);
        vault.fetch(work, facts.size, &mut writer).await?;
        writer.sync_all().await?;
        Ok((document, file))
    })
    .await?;
    file.persist_noclobber(out).with_context(|| path)?;
    let metadata = WorkMetadata::read(&document, facts.size)
        .map_err(|error| Fault::verification(error.to_string()))?;
    let mut shown = described(chain, &facts).await?;
    if let Shown::Fields(fields) = &mut shown {
        fields.insert(1, ("title".to_owned(), Shown::of(&metadata.title)));
        fields.push(("written".to_owned(), Shown::of(&out)));
        let checked = "BLAKE3 of bytes and metadata are those on chain, finalised";
        fields.push(("verified".to_owned(), Shown::of(checked)));
    }
    context.output.fields(shown);
    Ok(())
}

/// What the first vault that can says; the last one's error when none can. A lie of one vault is no
/// reason to believe none: the next is asked.
pub async fn of_any<T>(
    vaults: &[PublicVault],
    ask: impl AsyncFn(&PublicVault) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    let mut last = anyhow::anyhow!("there is no vault");
    for vault in vaults {
        match ask(vault).await {
            Ok(answer) => return Ok(answer),
            Err(error) => {
                tracing::info!(vault = %vault.url(), %error, "asking another vault");
                last = error.context(vault.url().to_string());
            },
        }
    }
    Err(last)
}
