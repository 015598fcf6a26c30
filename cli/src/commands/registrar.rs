//! A registrar's keys: made at launch by all registrars together, refreshed later, by files that
//! travel between them.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::{Args, Subcommand};
use kanglian_sdk::registrar::{
    DEV_PHRASE, RegistrarIdentity, RegistrarSet, RegistrarShare,
    ceremony::{Card, Dealing, Plan, apply},
};
use serde::{Serialize, de::DeserializeOwned};

use crate::{context::Context, fault::Fault, files, ports, shown::fields};

/// What a registrar can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make a registrar's own keys, and the card that the others are given
    Init {
        /// New file for the keys
        #[arg(long)]
        key: PathBuf,
        /// The registrar's name
        #[arg(long)]
        name: String,
        /// Where it will answer (http:// or https://)
        #[arg(long)]
        url: String,
        /// New file for the card
        #[arg(long)]
        card: PathBuf,
    },
    /// Put the registrars in order: at launch by their cards, for a refresh of their shares, or to
    /// replace some of them
    Plan(PlanArgs),
    /// Deal to all registrars of a plan
    Deal {
        /// The plan
        #[arg(long)]
        plan: PathBuf,
        /// The registrar's own keys
        #[arg(long)]
        key: PathBuf,
        /// The present share, when it is dealt on to other registrars
        #[arg(long)]
        share: Option<PathBuf>,
        /// New file for the dealing
        #[arg(long)]
        out: PathBuf,
    },
    /// Check all dealings and add them up: gives this registrar's share and the set it signs
    Apply(ApplyArgs),
    /// Join the signatures of all registrars on one set
    Join {
        /// The set as each registrar has it
        #[arg(required = true)]
        sets: Vec<PathBuf>,
        /// New file for the signed set, to be published
        #[arg(long)]
        out: PathBuf,
    },
    /// Check a registrar set and show it
    Show {
        /// The set; by default the one of --registrars
        set: Option<PathBuf>,
    },
    /// Show how the registrars are
    Status,
    /// Make the well-known registrar set of a local network, whose key everybody can derive
    DevSet {
        /// Registrars
        #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u16).range(1..=64))]
        count: u16,
        /// How many have to answer
        #[arg(long, default_value_t = 3)]
        threshold: u16,
        /// New file for the set
        #[arg(long)]
        out: PathBuf,
    },
}

/// A ceremony's plan.
#[derive(Debug, Args)]
pub struct PlanArgs {
    /// The registrars' cards, in order; those of the new ones at a replacement
    #[arg(long = "card", required_unless_present_any = ["refresh", "replace"])]
    cards: Vec<PathBuf>,
    /// How many registrars will have to answer
    #[arg(long, required_unless_present_any = ["refresh", "replace"])]
    threshold: Option<u16>,
    /// The present set, whose shares are to be refreshed
    #[arg(long, conflicts_with_all = ["cards", "threshold", "replace"])]
    refresh: Option<PathBuf>,
    /// The present set, some of whose registrars are to be replaced; the key stays
    #[arg(long)]
    replace: Option<PathBuf>,
    /// A present registrar that leaves, by its name
    #[arg(long = "without", requires = "replace")]
    without: Vec<String>,
    /// A present registrar that deals its share on, by its name; by default all that stay
    #[arg(long = "dealer", requires = "replace")]
    dealers: Vec<String>,
    /// New file for the plan
    #[arg(long)]
    out: PathBuf,
}

/// The end of a ceremony.
#[derive(Debug, Args)]
pub struct ApplyArgs {
    /// The plan
    #[arg(long)]
    plan: PathBuf,
    /// The registrar's own keys
    #[arg(long)]
    key: PathBuf,
    /// The present share, at a refresh
    #[arg(long)]
    share: Option<PathBuf>,
    /// New file for the share
    #[arg(long)]
    out_share: PathBuf,
    /// New file for the set with this registrar's signature
    #[arg(long)]
    out_set: PathBuf,
    /// The dealings of all registrars
    #[arg(required = true)]
    dealings: Vec<PathBuf>,
}

/// Carries out a command.
pub async fn run(command: &Command, context: &Context) -> anyhow::Result<()> {
    match command {
        Command::Init { key, name, url, card } => init(context, key, name, url, card),
        Command::Plan(args) => plan(context, args),
        Command::Deal { plan, key, share, out } => deal(context, plan, key, share.as_deref(), out),
        Command::Apply(args) => apply_dealings(context, args),
        Command::Join { sets, out } => join(context, sets, out),
        Command::Show { set } => {
            let set = match set {
                Some(path) => RegistrarSet::read(path)?,
                None => context.registrar_set()?,
            };
            show(context, &set)
        },
        Command::Status => status(context).await,
        Command::DevSet { count, threshold, out } => dev_set(context, *count, *threshold, out),
    }
}

fn identity(context: &Context, path: &Path) -> anyhow::Result<RegistrarIdentity> {
    let passphrase = context.passphrases.open("the registrar's keys")?;
    RegistrarIdentity::read(path, &passphrase).with_context(|| path.display().to_string())
}

fn read_json<T: DeserializeOwned>(path: &Path, what: &str) -> anyhow::Result<T> {
    serde_json::from_slice(&files::read_small(path)?)
        .map_err(|error| Fault::usage(format!("not a registrar's {what}: {error}")))
        .with_context(|| path.display().to_string())
}

fn write_json<T: Serialize>(path: &Path, value: &T) -> anyhow::Result<()> {
    let mut json = serde_json::to_vec_pretty(value)?;
    json.push(b'\n');
    files::write_new(path, &json)
}

fn init(context: &Context, key: &Path, name: &str, url: &str, card: &Path) -> anyhow::Result<()> {
    let own = RegistrarIdentity::generate();
    let made = Card::new(&own, name, url)?;
    let passphrase = context.passphrases.choose("the registrar's keys")?;
    own.write(key, &passphrase)?;
    write_json(card, &made)?;
    context.output.fields(fields!({
        "registrar": hex::encode(own.signing_key()),
        "key_file": key,
        "card": card,
    }));
    Ok(())
}

fn plan(context: &Context, args: &PlanArgs) -> anyhow::Result<()> {
    let cards: Vec<Card> =
        args.cards.iter().map(|path| read_json(path, "card")).collect::<Result<_, _>>()?;
    let plan = match (&args.refresh, &args.replace) {
        (Some(set), _) => Plan::refresh(RegistrarSet::read(set)?)?,
        (None, Some(set)) => replacement(RegistrarSet::read(set)?, &cards, args)?,
        (None, None) => Plan::launch(args.threshold.unwrap_or_default(), &cards)?,
    };
    write_json(&args.out, &plan)?;
    context.output.fields(fields!({
        "plan": args.out,
        "hash": hex::encode(plan.hash()),
        "registrars": plan.members.iter().map(|member| member.name.clone()).collect::<Vec<_>>(),
        "threshold": plan.threshold,
        "dealers": dealers_of(&plan),
        "compare": "all registrars read the hash to one another before they deal",
    }));
    Ok(())
}

/// The names of those that deal under a plan.
fn dealers_of(plan: &Plan) -> Vec<String> {
    let named = |index: &u16| plan.refreshes.as_ref()?.member(*index).map(|one| one.name.clone());
    match plan.dealers.is_empty() {
        true => plan.members.iter().map(|member| member.name.clone()).collect(),
        false => plan.dealers.iter().filter_map(named).collect(),
    }
}

/// Who is in the place of those that leave: new registrars take the free places in order, further
/// ones come last.
fn replacement(set: RegistrarSet, cards: &[Card], args: &PlanArgs) -> anyhow::Result<Plan> {
    for name in args.without.iter().chain(&args.dealers) {
        if !set.body.members.iter().any(|member| member.name == *name) {
            return Err(Fault::usage(format!("no registrar of the set is named {name}")).into());
        }
    }
    let mut new = cards.iter().map(Card::checked).collect::<Result<Vec<_>, _>>()?.into_iter();
    let leaves = |name: &String| args.without.contains(name);
    let mut members = Vec::new();
    for member in &set.body.members {
        match leaves(&member.name) {
            true => members.extend(new.next()),
            false => members.push(member.clone()),
        }
    }
    members.extend(new);
    let deals = |name: &String| match args.dealers.is_empty() {
        true => !leaves(name),
        false => args.dealers.contains(name),
    };
    let dealers = set.members().filter(|(_, member)| deals(&member.name)).map(|(index, _)| index);
    let dealers = dealers.collect();
    let threshold = args.threshold.unwrap_or(set.body.threshold);
    Ok(Plan::replace(set, threshold, members, dealers)?)
}

fn present_share(context: &Context, path: &Path) -> anyhow::Result<RegistrarShare> {
    let passphrase = context.passphrases.open("the present share")?;
    RegistrarShare::read(path, &passphrase).with_context(|| path.display().to_string())
}

fn deal(
    context: &Context,
    plan: &Path,
    key: &Path,
    share: Option<&Path>,
    out: &Path,
) -> anyhow::Result<()> {
    let plan: Plan = read_json(plan, "plan")?;
    let own = identity(context, key)?;
    let share = share.map(|path| present_share(context, path)).transpose()?;
    let dealing = Dealing::deal(&plan, &own, share.as_ref())?;
    write_json(out, &dealing)?;
    context.output.fields(fields!({
        "dealing": out,
        "plan_hash": hex::encode(plan.hash()),
        "dealer": dealing.dealer,
    }));
    Ok(())
}

fn apply_dealings(context: &Context, args: &ApplyArgs) -> anyhow::Result<()> {
    let plan: Plan = read_json(&args.plan, "plan")?;
    let dealings: Vec<Dealing> =
        args.dealings.iter().map(|path| read_json(path, "dealing")).collect::<Result<_, _>>()?;
    let own = identity(context, &args.key)?;
    let old = args.share.as_ref().map(|path| present_share(context, path));
    let applied = apply(&plan, &dealings, &own, old.transpose()?.as_ref())?;
    let passphrase = context.passphrases.choose("the new share")?;
    applied.share.write(&args.out_share, &passphrase)?;
    write_json(&args.out_set, &applied.set)?;
    context.output.fields(fields!({
        "share_file": args.out_share,
        "set": args.out_set,
        "set_hash": hex::encode(applied.set.hash()),
        "network_key": hex::encode(applied.set.network_key()),
        "epoch": applied.set.body.epoch,
        "next": "all registrars join their sets; only then does the old share go",
    }));
    Ok(())
}

fn join(context: &Context, sets: &[PathBuf], out: &Path) -> anyhow::Result<()> {
    let mut joined: Option<RegistrarSet> = None;
    for path in sets {
        let set = RegistrarSet::read_unchecked(path)?;
        match &mut joined {
            None => joined = Some(set),
            Some(joined) => joined.join(&set)?,
        }
    }
    let joined = joined.ok_or_else(|| Fault::usage("no set was given"))?;
    joined.check()?;
    write_json(out, &joined)?;
    show(context, &joined)
}

#[derive(Serialize)]
struct Shown {
    index: u16,
    name: String,
    url: String,
    share_key: String,
    signing_key: String,
}

fn show(context: &Context, set: &RegistrarSet) -> anyhow::Result<()> {
    let member = |(index, member): (u16, &kanglian_sdk::registrar::Member)| {
        anyhow::Ok(Shown {
            index,
            name: member.name.clone(),
            url: member.url.clone(),
            share_key: hex::encode(set.share_key(index)?),
            signing_key: hex::encode(member.signing_key),
        })
    };
    let members: Vec<_> = set.members().map(member).collect::<Result<_, _>>()?;
    context.output.fields(fields!({
        "set_hash": hex::encode(set.hash()),
        "network_key": hex::encode(set.network_key()),
        "epoch": set.body.epoch,
        "threshold": set.body.threshold,
        "development": set.body.development,
        "registrars": members,
    }));
    Ok(())
}

#[derive(Serialize)]
struct State {
    index: u16,
    name: String,
    state: String,
    epoch: Option<u32>,
    finalised: Option<u32>,
    log_lines: Option<u64>,
}

async fn status(context: &Context) -> anyhow::Result<()> {
    let chain = context.chain().await?;
    // Health needs no account; any signer serves.
    let nobody = kanglian_sdk::keys::Account::generate();
    let registrars = context.registrars(&chain, &nobody).await?;
    let mut states = Vec::new();
    for index in registrars.asked() {
        let name = registrars.set().member(index).map(|member| member.name.clone());
        let health = registrars.health(index).await;
        let known = health.as_ref().ok();
        states.push(State {
            index,
            name: name.unwrap_or_default(),
            state: match &health {
                Ok(health) => health.status.clone(),
                Err(error) => error.to_string(),
            },
            epoch: known.map(|health| health.epoch),
            finalised: known.map(|health| health.finalised),
            log_lines: known.map(|health| health.log_size),
        });
    }
    let number = |value: Option<u64>| value.map_or("-".to_owned(), |value| value.to_string());
    let columns = ["", "registrar", "state", "epoch", "finalised", "log"];
    context.output.rows(&columns, &states, |state| {
        vec![
            state.index.to_string(),
            state.name.clone(),
            state.state.clone(),
            number(state.epoch.map(u64::from)),
            number(state.finalised.map(u64::from)),
            number(state.log_lines),
        ]
    });
    let well = states.iter().filter(|state| state.state == "ok").count();
    let need = usize::from(registrars.set().body.threshold);
    match well >= need {
        true => Ok(()),
        false => Err(Fault::unreachable(format!(
            "{well} registrars are well, {need} are needed: nobody can be enrolled"
        ))
        .into()),
    }
}

fn dev_set(context: &Context, count: u16, threshold: u16, out: &Path) -> anyhow::Result<()> {
    let place = |at: u16| {
        let name = ports::PROVINCES.get(usize::from(at)).map(|(_, word)| (*word).to_owned());
        let name = name.unwrap_or_else(|| format!("registrar {}", at.saturating_add(1)));
        (name, ports::registrar(context.port_base, at))
    };
    let places: Vec<_> = (0..count).map(place).collect();
    let set = RegistrarSet::dev(DEV_PHRASE, threshold, &places)?;
    write_json(out, &set)?;
    show(context, &set)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        context::Global,
        document::{Document, DocumentType},
    };
    use clap::Parser;
    use kanglian_sdk::registrar::{INPUT_DOMAIN, oprf::Blinding};

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        global: Global,
        #[command(subcommand)]
        command: Command,
    }

    /// Runs commands of one registrar with a passphrase file.
    async fn kanglian(folder: &Path, words: &str) -> anyhow::Result<()> {
        let file = |word: &str| match word.strip_prefix('@') {
            Some(name) => folder.join(name).display().to_string(),
            None => word.to_owned(),
        };
        let base = ["kanglian", "--json", "--home", "@home", "--passphrase-file", "@passphrase"];
        let words = base.into_iter().chain(words.split(' ')).map(file);
        let line = Line::try_parse_from(words).unwrap_or_else(|error| panic!("{error}"));
        run(&line.command, &Context::new(&line.global)?).await
    }

    /// The person of the standard's example number under two shares.
    fn person(folder: &Path, set: &str, shares: &str) -> String {
        let set = RegistrarSet::read(&folder.join(set)).unwrap();
        let document = Document::parse(DocumentType::ResidentCard, "11010519491231002X").unwrap();
        let input = format!("{INPUT_DOMAIN}{}", document.canonical().as_str());
        let blinding = Blinding::new(input.as_bytes()).unwrap();
        let answers = [2u16, 1].map(|index| {
            let path = folder.join(format!("{shares}-{index}"));
            let share = RegistrarShare::read(&path, "correct horse").unwrap();
            let answer = share.key().unwrap().evaluate(blinding.element()).unwrap();
            blinding.verify(&set.share_key(index).unwrap(), &answer).unwrap();
            (index, answer)
        });
        blinding.person(&answers, 2).unwrap().to_string()
    }

    #[tokio::test]
    async fn a_key_is_made_and_refreshed_by_files() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        std::fs::write(folder.join("passphrase"), "correct horse\n").unwrap();
        let run = |words: String| async move { kanglian(folder, &words).await };
        let (mut cards, mut dealt, mut sets) = (String::new(), String::new(), String::new());
        for at in 1..=2 {
            run(format!(
                "init --key @key-{at} --name r{at} --url http://127.0.0.1:{at} --card @card-{at}"
            ))
            .await
            .unwrap();
            cards.push_str(&format!(" --card @card-{at}"));
            dealt.push_str(&format!(" @dealing-{at}"));
            sets.push_str(&format!(" @set-{at}"));
        }
        run(format!("plan{cards} --threshold 2 --out @plan")).await.unwrap();
        assert!(run(format!("plan{cards} --threshold 5 --out @bad")).await.is_err());
        for at in 1..=2 {
            run(format!("deal --plan @plan --key @key-{at} --out @dealing-{at}")).await.unwrap();
        }
        for at in 1..=2 {
            run(format!(
                "apply --plan @plan --key @key-{at} --out-share @old-{at} --out-set @set-{at}{dealt}"
            ))
            .await
            .unwrap();
        }
        assert!(run("join @set-1 --out @bad".to_owned()).await.is_err(), "one is missing");
        run(format!("join{sets} --out @first")).await.unwrap();
        let before = person(folder, "first", "old");
        // The next day.
        run("plan --refresh @first --out @plan2".to_owned()).await.unwrap();
        let (mut dealt, mut sets) = (String::new(), String::new());
        for at in 1..=2 {
            run(format!("deal --plan @plan2 --key @key-{at} --out @again-{at}")).await.unwrap();
            dealt.push_str(&format!(" @again-{at}"));
            sets.push_str(&format!(" @newset-{at}"));
        }
        for at in 1..=2 {
            run(format!(
                "apply --plan @plan2 --key @key-{at} --share @old-{at} --out-share @new-{at} \
                 --out-set @newset-{at}{dealt}"
            ))
            .await
            .unwrap();
        }
        run(format!("join{sets} --out @second")).await.unwrap();
        assert_eq!(person(folder, "second", "new"), before);
        run("show @second".to_owned()).await.unwrap();
        for name in ["old-1", "new-1", "key-1"] {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::metadata(folder.join(name)).unwrap().permissions().mode();
            assert_eq!(mode & 0o077, 0, "{name}");
        }
    }

    #[tokio::test]
    async fn a_registrar_is_replaced_by_files() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        std::fs::write(folder.join("passphrase"), "correct horse\n").unwrap();
        let run = |words: String| async move { kanglian(folder, &words).await };
        for at in 1..=3 {
            run(format!(
                "init --key @key-{at} --name r{at} --url http://127.0.0.1:{at} --card @card-{at}"
            ))
            .await
            .unwrap();
        }
        let launch = "plan --card @card-1 --card @card-2 --threshold 2 --out @plan";
        run(launch.to_owned()).await.unwrap();
        for at in 1..=2 {
            run(format!("deal --plan @plan --key @key-{at} --out @dealing-{at}")).await.unwrap();
        }
        for at in 1..=2 {
            run(format!(
                "apply --plan @plan --key @key-{at} --out-share @old-{at} --out-set @set-{at} \
                 @dealing-1 @dealing-2"
            ))
            .await
            .unwrap();
        }
        run("join @set-1 @set-2 --out @first".to_owned()).await.unwrap();
        let before = person(folder, "first", "old");
        // One of two cannot give the key on alone; nobody is replaced who is not there.
        let plan = |rest: &str| format!("plan --replace @first --card @card-3 --out @plan2{rest}");
        assert!(run(plan(" --without r2")).await.unwrap_err().to_string().contains("2 have to"));
        assert!(run(plan(" --without r9")).await.unwrap_err().to_string().contains("r9"));
        // The third comes in the second's place; the second deals once more.
        run(plan(" --without r2 --dealer r1 --dealer r2")).await.unwrap();
        let bare = "deal --plan @plan2 --key @key-1 --out @on-1".to_owned();
        assert!(run(bare).await.unwrap_err().to_string().contains("needed"));
        for at in 1..=2 {
            run(format!("deal --plan @plan2 --key @key-{at} --share @old-{at} --out @on-{at}"))
                .await
                .unwrap();
        }
        for (at, place) in [(1, 1), (3, 2)] {
            run(format!(
                "apply --plan @plan2 --key @key-{at} --out-share @new-{place} \
                 --out-set @newset-{place} @on-1 @on-2"
            ))
            .await
            .unwrap();
        }
        run("join @newset-1 @newset-2 --out @second".to_owned()).await.unwrap();
        assert_eq!(person(folder, "second", "new"), before);
        let set = RegistrarSet::read(&folder.join("second")).unwrap();
        let names: Vec<_> = set.body.members.iter().map(|one| one.name.as_str()).collect();
        assert_eq!((names, set.body.epoch), (vec!["r1", "r3"], 1));
    }

    #[tokio::test]
    async fn another_network_key_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        let write = |name: &str, phrase: &str| {
            let places = [("one".to_owned(), "http://127.0.0.1:1".to_owned())];
            let set = RegistrarSet::dev(phrase, 1, &places).unwrap();
            std::fs::write(folder.join(name), set.to_json().unwrap()).unwrap();
        };
        write("one", "//One");
        write("two", "//Two");
        kanglian(folder, "--registrars @one show").await.unwrap();
        kanglian(folder, "--registrars @one show").await.unwrap();
        let error = kanglian(folder, "--registrars @two show").await.unwrap_err();
        assert!(error.to_string().contains("another network key"), "{error}");
        let error = kanglian(folder, "show").await.unwrap_err();
        assert!(error.to_string().contains("--registrars"), "{error}");
    }
}
