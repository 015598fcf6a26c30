//! A person's dealings: make them, see how they stand, have custodians prove that they keep their
//! shares, print the recovery kit.

use std::{path::PathBuf, str::FromStr, time::Duration};

use clap::{Args, Subcommand};
use kanglian_primitives::{
    DealingView, DealtScope, KeyEpoch, MIN_CUSTODIANS, PartAnswer, PersonId, RegionCode,
};
use kanglian_sdk::{
    chain::{At, Client, types::PersonStatus},
    custody::{
        DealingContext, Reason,
        client::{Drill, DrillFault},
    },
    keys::write_private,
};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::{
    context::Context,
    custody::{self, Dealer, Made, SCOPES, Stands, scope_name},
    fault::Fault,
    files, instant,
    kit::Kit,
    ports,
    shown::{Shown, fields},
};

/// How long to wait between two looks at the answers.
const PAUSE: Duration = Duration::from_millis(500);

/// What a person does with custodians.
#[derive(Debug, Subcommand)]
pub enum Custody {
    /// Deal the secret, and the emergency summary's scope secrets, to custodians
    Deal(DealArgs),
    /// Show how the dealings stand, and what is wrong with them
    Status,
    /// Have the custodians prove that they keep their shares
    Drill(DrillArgs),
    /// Print the recovery kit: who keeps shares, where to go, what to bring
    Kit(KitArgs),
}

/// How to deal.
#[derive(Debug, Args)]
pub struct DealArgs {
    /// Only where something was never dealt, or custodians changed, complained or are silent
    #[arg(long)]
    if_needed: bool,
    /// How many shares suffice; more than half of the custodians by default
    #[arg(long, value_parser = clap::value_parser!(u8).range(2..=16))]
    threshold: Option<u8>,
    /// Seconds to wait for the custodians' answers
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u64).range(0..=3_600))]
    wait: u64,
}

/// Whom to challenge.
#[derive(Debug, Args)]
pub struct DrillArgs {
    /// Where a province's custodian is, as REGION=URL (repeated); on a local network at its port
    #[arg(long = "custodian", value_name = "REGION=URL")]
    pub custodians: Vec<Place>,
}

/// Where a province's custodian is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    region: RegionCode,
    url: Url,
}

impl FromStr for Place {
    type Err = &'static str;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = "a custodian is written REGION=URL, such as 320000=http://127.0.0.1:8750";
        let (region, url) = text.split_once('=').ok_or(wrong)?;
        let (region, url) = (region.parse().map_err(|_| wrong)?, url.parse().map_err(|_| wrong)?);
        Ok(Self { region, url })
    }
}

/// What to print.
#[derive(Debug, Args)]
pub struct KitArgs {
    /// Where to write it: .svg for a drawing, else text; printed when left out
    #[arg(long)]
    out: Option<PathBuf>,
    /// Put the secret's file on it, which its passphrase opens
    #[arg(long)]
    with_secret: bool,
}

/// Whose dealings, and with which keys.
pub struct Who<'a> {
    /// Name or file of the account.
    pub account: &'a str,
    /// Name or file of the secret.
    pub secret: &'a str,
    /// The person.
    pub person: PersonId,
}

/// What this device remembers of the last dealing of the emergency summary.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Note {
    number: u32,
    epoch: KeyEpoch,
}

fn remembered(context: &Context, person: &PersonId) -> anyhow::Result<Option<(u32, KeyEpoch)>> {
    let path = context.home.custody_note(person);
    if !path.exists() {
        return Ok(None);
    }
    let note: Note = serde_json::from_slice(&files::read_small(&path)?)?;
    Ok(Some((note.number, note.epoch)))
}

impl Custody {
    /// Carries out the command.
    pub async fn run(
        &self,
        context: &Context,
        chain: &Client,
        who: &Who<'_>,
    ) -> anyhow::Result<()> {
        match self {
            Self::Deal(args) => deal(context, chain, who, args).await,
            Self::Status => status(context, chain, &who.person).await,
            Self::Drill(args) => drill(context, chain, &who.person, args).await,
            Self::Kit(args) => kit(context, chain, who, args).await,
        }
    }
}

async fn deal(
    context: &Context,
    chain: &Client,
    who: &Who<'_>,
    args: &DealArgs,
) -> anyhow::Result<()> {
    if let Some(words) = too_few(chain).await? {
        return Err(Fault::refused(words).into());
    }
    let known = remembered(context, &who.person)?;
    let stands = custody::standing(chain, &who.person, known).await?;
    let wanted: Vec<DealtScope> = stands
        .iter()
        .filter(|stands| !args.if_needed || !stands.reasons.is_empty())
        .map(|stands| stands.scope)
        .collect();
    if wanted.is_empty() {
        context.output.fields(fields!({ "dealt": Vec::<u8>::new(), "done": "nothing to deal" }));
        return Ok(());
    }
    let made = deal_scopes(context, chain, who, &wanted, args.threshold).await?;
    let views = answers(context, chain, &who.person, &made, args.wait).await?;
    let shown: Vec<Shown> =
        made.iter().zip(&views).map(|(made, view)| show_made(made, view.as_ref())).collect();
    let last = made.iter().map(|made| made.included.number).max();
    context.output.fields(fields!({ "dealt": shown, "block": last }));
    Ok(())
}

/// Deals these scopes, and remembers up to which epoch.
async fn deal_scopes(
    context: &Context,
    chain: &Client,
    who: &Who<'_>,
    scopes: &[DealtScope],
    threshold: Option<u8>,
) -> anyhow::Result<Vec<Made>> {
    let account = context.account(who.account)?;
    let secret = context.person_secret(who.secret)?;
    let vault = context.vault(chain, &who.person, &account).await?;
    let dealer =
        Dealer { chain, vault: &vault, account: &account, secret: &secret, person: who.person };
    let mut made = Vec::new();
    for scope in scopes {
        if let Some(one) = dealer.deal(*scope, threshold).await? {
            remember(context, &who.person, &one)?;
            made.push(one);
        }
    }
    Ok(made)
}

/// Keeps in mind up to which epoch the emergency summary was dealt.
pub fn remember(context: &Context, person: &PersonId, made: &Made) -> anyhow::Result<()> {
    let Some(epoch) = made.epoch else { return Ok(()) };
    let note = Note { number: made.number, epoch };
    files::replace(&context.home.custody_note(person), &serde_json::to_vec(&note)?)
}

/// Deals where something was never dealt, custodians changed, an emergency used a dealing or a key
/// was rotated; gives what it did in words. It asks for no passphrase, and leaves a person alone whose
/// secret is elsewhere or who may not act now.
pub async fn deal_by_itself(
    context: &Context,
    chain: &Client,
    who: &Who<'_>,
) -> anyhow::Result<Vec<String>> {
    if too_few(chain).await?.is_some() {
        return Ok(Vec::new());
    }
    let person = chain.person(&who.person, At::Best).await?;
    let acts = person.is_some_and(|person| person.status == PersonStatus::Active);
    let has_secret = context.home.secret(who.secret)?.exists();
    if !acts || !has_secret || !context.passphrases.are_in_a_file() {
        return Ok(Vec::new());
    }
    let known = remembered(context, &who.person)?;
    let stands = custody::standing(chain, &who.person, known).await?;
    let routine = |stands: &&Stands| stands.reasons.iter().any(Reason::is_routine);
    let wanted: Vec<&Stands> = stands.iter().filter(routine).collect();
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let scopes: Vec<DealtScope> = wanted.iter().map(|stands| stands.scope).collect();
    let made = deal_scopes(context, chain, who, &scopes, None).await?;
    let note = |made: &Made| {
        let stands = wanted.iter().find(|stands| stands.scope == made.scope);
        let reasons = stands.into_iter().flat_map(|stands| &stands.reasons);
        let reasons: Vec<_> = reasons.map(ToString::to_string).collect();
        format!(
            "dealt the secret ({}) to {} custodians, any {} of which can give it back, because {}; \
             `kanglian patient custody status` shows their answers",
            scope_name(made.scope),
            made.regions.len(),
            made.threshold,
            reasons.join("; ")
        )
    };
    Ok(made.iter().map(note).collect())
}

/// Why nothing is dealt on a network of few provinces; none where there are enough.
pub async fn too_few(chain: &Client) -> anyhow::Result<Option<String>> {
    let custodians = chain.active_custodians(At::Best).await?.len();
    Ok((custodians < usize::from(MIN_CUSTODIANS)).then(|| {
        format!(
            "the secret is dealt to nobody: this network has {custodians} custodian{}, and \
             {MIN_CUSTODIANS} are needed. What a phone loses is lost here: keep a copy of the \
             secret's file",
            if custodians == 1 { "" } else { "s" },
        )
    }))
}

/// Waits until every custodian has answered, or for so long.
async fn answers(
    context: &Context,
    chain: &Client,
    person: &PersonId,
    made: &[Made],
    seconds: u64,
) -> anyhow::Result<Vec<Option<DealingView>>> {
    let wait = context.output.spinner("waiting for the custodians' answers");
    let begun = std::time::Instant::now();
    let views = loop {
        let mut views = Vec::new();
        for one in made {
            views.push(chain.dealing(person, one.scope, At::Finalized).await?);
        }
        let open = |view: &Option<DealingView>| {
            view.as_ref().is_none_or(|view| view.dealing.answers.contains(&PartAnswer::Waiting))
        };
        if !views.iter().any(open) || begun.elapsed() >= Duration::from_secs(seconds) {
            break views;
        }
        tokio::time::sleep(PAUSE).await;
    };
    wait.finish_and_clear();
    Ok(views)
}

fn show_made(made: &Made, view: Option<&DealingView>) -> Shown {
    fields!({
        "scope": scope_name(made.scope),
        "number": made.number,
        "threshold": made.threshold,
        "custodians": made.regions,
        "recoverable": view.is_some_and(|view| view.recoverable),
        "answers": view.map(show_answers),
    })
}

fn show_answers(view: &DealingView) -> Vec<String> {
    let dealing = &view.dealing;
    let parts = dealing.terms.parts.iter().zip(&dealing.answers);
    parts.map(|(part, answer)| format!("{}: {}", part.region, answer_name(answer))).collect()
}

fn answer_name(answer: &PartAnswer) -> &'static str {
    use kanglian_primitives::ComplaintReason::{BadShare, Missing};
    match answer {
        PartAnswer::Waiting => "waiting",
        PartAnswer::Acknowledged => "acknowledged",
        PartAnswer::Bad(BadShare) => "bad share",
        PartAnswer::Bad(Missing) => "missing",
    }
}

fn show_stands(stands: &Stands) -> Shown {
    let reasons: Vec<_> = stands.reasons.iter().map(ToString::to_string).collect();
    let view = stands.view.as_ref();
    fields!({
        "scope": scope_name(stands.scope),
        "number": view.map(|view| view.dealing.number),
        "dealt_at": view.map(|view| instant::show(view.dealing.dealt_at)),
        "threshold": view.map(|view| view.dealing.terms.threshold),
        "counting": view.map(|view| view.counting),
        "recoverable": view.is_some_and(|view| view.recoverable),
        "answers": view.map(show_answers),
        "deal_anew_because": reasons,
    })
}

async fn status(context: &Context, chain: &Client, person: &PersonId) -> anyhow::Result<()> {
    let known = remembered(context, person)?;
    let stands = custody::standing(chain, person, known).await?;
    let shown: Vec<_> = stands.iter().map(show_stands).collect();
    context.output.fields(fields!({ "person": person, "dealings": shown }));
    Ok(())
}

/// Reasons to deal anew, in words; nothing where there are too few custodians to deal at all.
pub async fn warnings(
    context: &Context,
    chain: &Client,
    person: &PersonId,
) -> anyhow::Result<Vec<String>> {
    if too_few(chain).await?.is_some() {
        return Ok(Vec::new());
    }
    let known = remembered(context, person)?;
    let stands = custody::standing(chain, person, known).await?;
    let words = stands.iter().flat_map(|stands| {
        let scope = scope_name(stands.scope);
        stands.reasons.iter().map(move |reason| format!("{scope}: {reason}"))
    });
    Ok(words.collect())
}

#[derive(Serialize)]
struct Proved {
    scope: &'static str,
    number: u32,
    region: RegionCode,
    custodian: Option<String>,
    keeps_its_share: bool,
    fault: Option<String>,
}

/// Challenges every custodian of a person's dealings; whoever fails or is silent is named.
pub async fn drill(
    context: &Context,
    chain: &Client,
    person: &PersonId,
    args: &DrillArgs,
) -> anyhow::Result<()> {
    let client = Drill::new()?;
    let mut rows = Vec::new();
    for scope in SCOPES {
        let Some(view) = chain.dealing(person, scope, At::Finalized).await? else { continue };
        let (terms, number) = (&view.dealing.terms, view.dealing.number);
        let genesis = chain.genesis_hash();
        let asked = DealingContext { genesis, person: *person, scope, number };
        for part in terms.parts.iter() {
            let url = place_of(context, args, part.region);
            let proved = match &url {
                Some(url) => client.challenge(url, part.region, &asked, terms).await,
                None => Err(DrillFault::Silent("no address is known: give --custodian".to_owned())),
            };
            rows.push(Proved {
                scope: scope_name(scope),
                number,
                region: part.region,
                custodian: url.map(|url| url.to_string()),
                keeps_its_share: proved.is_ok(),
                fault: proved.err().map(|fault| fault.to_string()),
            });
        }
    }
    if rows.is_empty() {
        return Err(Fault::refused("nothing was dealt yet").into());
    }
    let columns = ["scope", "dealing", "region", "custodian", "keeps its share"];
    context.output.rows(&columns, &rows, |row| {
        vec![
            row.scope.to_owned(),
            row.number.to_string(),
            row.region.to_string(),
            row.custodian.clone().unwrap_or_else(|| "-".to_owned()),
            row.fault.clone().unwrap_or_else(|| "yes, proved".to_owned()),
        ]
    });
    let failed: Vec<_> = rows.iter().filter(|row| !row.keeps_its_share).collect();
    match failed.is_empty() {
        true => Ok(()),
        false => {
            let named: Vec<_> =
                failed.iter().map(|row| format!("{} ({})", row.region, row.scope)).collect();
            Err(Fault::verification(format!("not proved by {}", named.join(", "))).into())
        },
    }
}

fn place_of(context: &Context, args: &DrillArgs, region: RegionCode) -> Option<Url> {
    if let Some(place) = args.custodians.iter().find(|place| place.region == region) {
        return Some(place.url.clone());
    }
    if !args.custodians.is_empty() {
        return None;
    }
    let number = ports::province_number(region)?;
    ports::custodian(context.port_base, number).parse().ok()
}

async fn kit(
    context: &Context,
    chain: &Client,
    who: &Who<'_>,
    args: &KitArgs,
) -> anyhow::Result<()> {
    let person = chain.person(&who.person, At::Best).await?;
    let person = person.ok_or_else(|| Fault::refused("the person is not on this chain"))?;
    let regions = chain.regions(At::Best).await?;
    let named = |code: &RegionCode| match regions.get(code) {
        Some(region) => format!("{code} {}", region.name),
        None => code.to_string(),
    };
    let view = chain.dealing(&who.person, DealtScope::Whole, At::Best).await?;
    let dealing = view.map(|view| view.dealing);
    let secret_file = match args.with_secret {
        false => None,
        true => {
            let bytes = files::read_small(&context.home.secret(who.secret)?)?;
            Some(String::from_utf8(bytes)?)
        },
    };
    let parts = dealing.iter().flat_map(|dealing| dealing.terms.parts.iter());
    let kit = Kit {
        person: who.person.to_string(),
        home: named(&person.home_region),
        made_at: instant::show(instant::now()),
        dealing: dealing.as_ref().map(|dealing| (dealing.number, instant::show(dealing.dealt_at))),
        threshold: dealing.as_ref().map_or(0, |dealing| dealing.terms.threshold),
        custodians: parts.map(|part| named(&part.region)).collect(),
        secret_file,
    };
    let Some(path) = &args.out else {
        match context.output.is_json() {
            true => context.output.fields(fields!({ "kit": kit.text() })),
            false => print!("{}", kit.text()),
        }
        return Ok(());
    };
    let drawn = path.extension().is_some_and(|extension| extension == "svg");
    let sheet = if drawn { kit.svg() } else { kit.text() };
    write_private(path, sheet.as_bytes(), false)?;
    context.output.fields(fields!({
        "kit": path,
        "holds_the_secrets_file": args.with_secret,
        "keep": "print it and keep it apart from the phone",
    }));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn custodians_are_named_by_region_and_address() {
        let place: Place = "320000=http://127.0.0.1:8750".parse().unwrap();
        assert_eq!(place.region, RegionCode(320_000));
        assert_eq!(place.url.as_str(), "http://127.0.0.1:8750/");
        for text in ["", "320000", "320001=http://x", "=http://x", "320000=", "320000=x"] {
            assert!(text.parse::<Place>().is_err(), "{text}");
        }
    }
}
