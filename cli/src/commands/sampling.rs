//! The regulator's view of enrolment: registrars' logs against the attestations on chain, and
//! samples of attested persons whose documents are evaluated again.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    sync::Arc,
};

use clap::{Args, ValueEnum};
use kanglian_primitives::{Instant, InstitutionId, PersonId, RegistrarKey};
use kanglian_sdk::{
    chain::{At, Client, identity::AliasKind},
    keys::read_private,
    registrar::{
        RegistrarSet, Registrars,
        audit::{End, HeadMark, VerifiedLog},
        wire::{Evaluator, Reason},
    },
};
use rand::seq::SliceRandom;
use serde::Serialize;

use crate::{
    context::{self, Context},
    document::{Document, DocumentType},
    fault::Fault,
    files, instant, output,
    passphrase::secret_line,
    registrars,
};

/// Which attestations.
#[derive(Debug, Args)]
pub struct AuditArgs {
    /// One institution only
    #[arg(long)]
    institution: Option<InstitutionId>,
    /// Attestations from then on, such as since the registrars began
    #[arg(long, value_parser = instant::parse)]
    since: Option<Instant>,
    /// An earlier set, whose registrars that are in the present one no more still serve their logs
    #[arg(long = "former")]
    former: Vec<PathBuf>,
}

/// A sample.
#[derive(Debug, Args)]
pub struct SampleArgs {
    /// Whose attestations
    institution: InstitutionId,
    /// How many persons
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..=1_000))]
    count: u16,
    /// Number of the order by which the institution has to produce the documents
    #[arg(long)]
    order: String,
    /// Attestations from then on
    #[arg(long, value_parser = instant::parse)]
    since: Option<Instant>,
    /// File with a line `PERSON TYPE NUMBER` for each of them, readable by its owner only; asked for
    /// without echo otherwise
    #[arg(long)]
    documents: Option<PathBuf>,
}

/// An attestation on chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Attestation {
    person: PersonId,
    attester: InstitutionId,
    at: Instant,
}

async fn attestations(
    chain: &Client,
    institution: Option<InstitutionId>,
    since: Option<Instant>,
) -> anyhow::Result<Vec<Attestation>> {
    let persons = chain.persons(At::Finalized).await?;
    let all = persons.into_iter().map(|(person, known)| Attestation {
        person,
        attester: known.attester,
        at: known.attested_at,
    });
    // Each id of a later generation takes an evaluation of its own.
    let aliases = chain.aliases(At::Finalized).await?;
    let migrated = aliases
        .into_iter()
        .filter(|(_, alias)| alias.kind == AliasKind::Migrated)
        .map(|(person, alias)| Attestation { person, attester: alias.by, at: alias.since });
    let all = all.chain(migrated);
    let wanted = |one: &Attestation| {
        institution.is_none_or(|institution| one.attester == institution)
            && since.is_none_or(|since| one.at >= since)
    };
    Ok(all.filter(wanted).collect())
}

/// An institution's attestations beside its evaluations.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
struct Balance {
    institution: String,
    /// On chain.
    attestations: usize,
    /// In all registrars' logs.
    evaluations: usize,
    /// Of these without an outcome.
    open: usize,
    /// Attestations that enough registrars have as the outcome of an evaluation.
    covered: usize,
    /// Attestations that evaluations without an outcome could still cover.
    may_follow: usize,
    /// Attestations beyond that.
    excess: usize,
    /// The persons whose attestations are not covered.
    without_evaluation: Vec<PersonId>,
}

/// Holds attestations against logs. An attestation takes an evaluation at as many registrars as the
/// threshold asks for.
fn balance(attestations: &[Attestation], logs: &[VerifiedLog], threshold: usize) -> Vec<Balance> {
    let mut balances: BTreeMap<InstitutionId, Balance> = BTreeMap::new();
    let mut covering: BTreeMap<(InstitutionId, PersonId, Instant), usize> = BTreeMap::new();
    for log in logs {
        let mut seen = BTreeSet::new();
        for known in &log.evaluations {
            let Evaluator::Institution(institution) = known.evaluator else { continue };
            let balance = balances.entry(institution).or_default();
            balance.evaluations += 1;
            match known.end {
                None => balance.open += 1,
                Some(End::Attested(person, at)) if seen.insert((institution, person, at)) => {
                    *covering.entry((institution, person, at)).or_default() += 1;
                },
                Some(_) => {},
            }
        }
    }
    for one in attestations {
        let balance = balances.entry(one.attester).or_default();
        balance.attestations += 1;
        let covered = covering.get(&(one.attester, one.person, one.at));
        match covered.is_some_and(|registrars| *registrars >= threshold) {
            true => balance.covered += 1,
            false => balance.without_evaluation.push(one.person),
        }
    }
    for (institution, balance) in &mut balances {
        balance.institution = institution.to_string();
        balance.may_follow = balance.open / threshold.max(1);
        balance.excess = balance.without_evaluation.len().saturating_sub(balance.may_follow);
    }
    balances.into_values().collect()
}

/// Verifies all registrars' logs and holds them against the chain.
pub async fn audit(context: &Context, account: &str, args: &AuditArgs) -> anyhow::Result<()> {
    let chain = context.chain().await?;
    let account = context.account(account)?;
    let registrars = context.registrars(&chain, &account).await?;
    // The chain first: what is attested meanwhile is not held against logs read before.
    let attestations = attestations(&chain, args.institution, args.since).await?;
    let mut logs = verified_logs(context, &chain, &registrars, &[]).await?;
    for path in &args.former {
        let present: Vec<_> =
            registrars.set().members().map(|(_, member)| member.signing_key).collect();
        let former = RegistrarSet::read(path)?;
        let signer = context::signer(&account);
        let former = Registrars::new(former, chain.genesis_hash(), signer)?;
        logs.extend(verified_logs(context, &chain, &former, &present).await?);
    }
    let threshold = usize::from(registrars.set().body.threshold);
    let mut balances = balance(&attestations, &logs, threshold);
    if let Some(institution) = args.institution {
        balances.retain(|balance| balance.institution == institution.to_string());
    }
    let columns =
        ["institution", "attestations", "covered", "evaluations", "open", "excess", "uncovered"];
    context.output.rows(&columns, &balances, |balance| {
        let persons: Vec<_> = balance.without_evaluation.iter().map(ToString::to_string).collect();
        vec![
            balance.institution.clone(),
            balance.attestations.to_string(),
            balance.covered.to_string(),
            balance.evaluations.to_string(),
            balance.open.to_string(),
            balance.excess.to_string(),
            persons.join("\n"),
        ]
    });
    let excess: Vec<_> = balances.iter().filter(|balance| balance.excess > 0).collect();
    match excess.as_slice() {
        [] => Ok(()),
        some => Err(Fault::verification(format!(
            "more attestations than evaluations: {}",
            some.iter()
                .map(|balance| format!("{} by {}", balance.institution, balance.excess))
                .collect::<Vec<_>>()
                .join(", ")
        ))
        .into()),
    }
}

/// All logs; a registrar that cannot be reached is an error, since what is missing there would look
/// like excess.
async fn verified_logs(
    context: &Context,
    chain: &Client,
    registrars: &Registrars,
    without: &[[u8; 32]],
) -> anyhow::Result<Vec<VerifiedLog>> {
    let mut logs = Vec::new();
    for index in registrars.asked() {
        let Some(member) = registrars.set().member(index) else { continue };
        if without.contains(&member.signing_key) {
            continue;
        }
        let key = RegistrarKey(member.signing_key);
        // Read before the log, which only grows.
        let anchor = chain.evaluation_log(&key, At::Finalized).await?;
        let anchored = anchor.map(|anchor| HeadMark { size: anchor.size, root: anchor.root });
        let path = context.home.registrar_mark(&member.signing_key);
        let known: Option<HeadMark> = match path.exists() {
            true => Some(serde_json::from_slice(&files::read_small(&path)?)?),
            false => None,
        };
        let log = registrars.verified_log(index, known, anchored).await.map_err(|error| {
            anyhow::Error::from(error).context(format!("the log of {}", member.name))
        })?;
        files::replace(&path, &serde_json::to_vec(&log.mark)?)?;
        context.output.note(format_args!(
            "{}: {} lines, {} of them anchored on chain",
            member.name,
            log.mark.size,
            anchored.map_or(0, |anchor| anchor.size)
        ));
        logs.push(log);
    }
    Ok(logs)
}

/// What a sample showed of one person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Sampled {
    person: PersonId,
    attested: String,
    holds: bool,
    seen: String,
}

/// Picks persons, asks for their documents, evaluates them again.
pub async fn sample(context: &Context, account: &str, args: &SampleArgs) -> anyhow::Result<()> {
    if args.order.trim().is_empty() {
        return Err(Fault::usage("a sample is taken under an order: give its number").into());
    }
    let chain = context.chain().await?;
    let account = context.account(account)?;
    let registrars = context.registrars(&chain, &account).await?;
    let mut picked = attestations(&chain, Some(args.institution), args.since).await?;
    let of = picked.len();
    let given = args.documents.as_deref().map(read_documents).transpose()?;
    match &given {
        // The institution was told earlier whom the regulator picked.
        Some(given) => picked.retain(|one| given.contains_key(&one.person)),
        None => {
            picked.shuffle(&mut rand::rng());
            picked.truncate(usize::from(args.count));
        },
    }
    if picked.is_empty() {
        return Err(Fault::refused(format!("nothing to sample among {of} attestations")).into());
    }
    context.output.note(format_args!(
        "order {}: {} of {of} attestations of {}",
        args.order,
        picked.len(),
        args.institution
    ));
    let mut sampled = Vec::new();
    for one in &picked {
        let document = match &given {
            Some(given) => given.get(&one.person).cloned().unwrap_or_default(),
            None => {
                let prompt = format!("Document of {} as TYPE NUMBER, - for none", one.person);
                Produced::parse(&secret_line(&prompt, false)?)
            },
        };
        let (holds, seen) = check(&registrars, one.person, &document).await?;
        let attested = instant::show(one.at);
        sampled.push(Sampled { person: one.person, attested, holds, seen });
    }
    show(context.output, &sampled);
    let wrong = sampled.iter().filter(|one| !one.holds).count();
    match wrong {
        0 => Ok(()),
        some => Err(Fault::verification(format!(
            "{some} of {} sampled persons are not those of the documents",
            sampled.len()
        ))
        .into()),
    }
}

fn show(output: output::Output, sampled: &[Sampled]) {
    let columns = ["person", "attested", "holds", "seen"];
    output.rows(&columns, sampled, |one| {
        let holds = if one.holds { "yes" } else { "NO" };
        vec![one.person.to_string(), one.attested.clone(), holds.to_owned(), one.seen.clone()]
    });
}

/// What the institution produced for one person.
#[derive(Clone, Debug, Default)]
enum Produced {
    #[default]
    Nothing,
    Wrong(String),
    Document(Arc<Document>),
}

impl Produced {
    /// From `TYPE NUMBER`.
    fn parse(text: &str) -> Self {
        let text = text.trim();
        if text.is_empty() || text == "-" {
            return Self::Nothing;
        }
        let Some((kind, number)) = text.split_once(char::is_whitespace) else {
            return Self::Wrong("write TYPE NUMBER".to_owned());
        };
        match DocumentType::from_str(kind, false) {
            Err(_) => Self::Wrong("not a type of documents".to_owned()),
            Ok(kind) => match Document::parse(kind, number.trim()) {
                Ok(document) => Self::Document(document.into()),
                Err(error) => Self::Wrong(error.to_string()),
            },
        }
    }
}

fn read_documents(path: &Path) -> anyhow::Result<BTreeMap<PersonId, Produced>> {
    let text = read_private(path, true)?;
    let line = |(at, line): (usize, &str)| {
        let (person, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        let person = person.parse::<PersonId>().map_err(|error| {
            // Never the line: it holds a number.
            Fault::usage(format!("{}, line {}: {error}", path.display(), at.saturating_add(1)))
        })?;
        Ok::<_, anyhow::Error>((person, Produced::parse(rest)))
    };
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines.map(line).collect()
}

async fn check(
    registrars: &Registrars,
    person: PersonId,
    document: &Produced,
) -> anyhow::Result<(bool, String)> {
    let document = match document {
        Produced::Nothing => return Ok((false, "no document was produced".to_owned())),
        Produced::Wrong(reason) => return Ok((false, format!("no valid document: {reason}"))),
        Produced::Document(document) => document,
    };
    Ok(match holds(registrars, person, document).await? {
        true => (true, "the document gives this person".to_owned()),
        false => (false, "the document gives somebody else".to_owned()),
    })
}

/// Whether a document gives a person, asked as the regulator.
pub async fn holds(
    registrars: &Registrars,
    person: PersonId,
    document: &Document,
) -> anyhow::Result<bool> {
    let evaluated = registrars::person_of(registrars, Evaluator::Regulator, document).await?;
    registrars::close(registrars, &evaluated.opened, Reason::Sampling).await;
    Ok(evaluated.person == person)
}

/// Of an institution's attestations those that its evaluations cover, and those in excess.
pub async fn excess(
    chain: &Client,
    registrars: &Registrars,
    institution: InstitutionId,
) -> anyhow::Result<(usize, usize)> {
    let attestations = attestations(chain, Some(institution), None).await?;
    let mut logs = Vec::new();
    for index in registrars.asked() {
        logs.push(registrars.verified_log(index, None, None).await?);
    }
    let threshold = usize::from(registrars.set().body.threshold);
    let balances = balance(&attestations, &logs, threshold);
    let own = balances.iter().find(|balance| balance.institution == institution.to_string());
    Ok(own.map_or((0, 0), |own| (own.covered, own.excess)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use kanglian_sdk::registrar::audit::LoggedEvaluation;

    const NOBODY: [u8; 32] = [0; 32];

    fn institution(number: u32) -> InstitutionId {
        InstitutionId::from_parts(320_100, number)
    }

    fn log(ends: &[(u32, Option<End>)]) -> VerifiedLog {
        let evaluations = (0..).zip(ends).map(|(evaluation, (number, end))| LoggedEvaluation {
            evaluation,
            evaluator: Evaluator::Institution(institution(*number)),
            account: NOBODY.into(),
            at: 1,
            end: *end,
        });
        VerifiedLog { mark: HeadMark { size: 0, root: NOBODY }, evaluations: evaluations.collect() }
    }

    fn attested(person: u8, at: Instant) -> Option<End> {
        Some(End::Attested(PersonId([person; 32]), at))
    }

    #[test]
    fn attestations_beyond_the_evaluations_are_named() {
        let chain: Vec<_> = [(1u8, 5), (2, 5), (3, 5), (4, 5)]
            .map(|(person, at)| Attestation {
                person: PersonId([person; 32]),
                attester: institution(1),
                at,
            })
            .into();
        // Person 1 at both, person 2 at one only, person 3 nowhere, person 4 of another time.
        let aborted = Some(End::Closed(Reason::Aborted));
        let one = log(&[(1, attested(1, 5)), (1, attested(2, 5)), (1, attested(4, 9)), (2, None)]);
        let two = log(&[(1, attested(1, 5)), (1, aborted), (1, None), (1, None), (1, None)]);
        let balances = balance(&chain, &[one, two], 2);
        assert_eq!(balances.len(), 2);
        let own = &balances[0];
        assert_eq!((own.attestations, own.covered, own.evaluations), (4, 1, 8));
        assert_eq!((own.open, own.may_follow, own.excess), (3, 1, 2));
        let missing = [2u8, 3, 4].map(|person| PersonId([person; 32]));
        assert_eq!(own.without_evaluation, missing);
        assert_eq!((balances[1].attestations, balances[1].excess), (0, 0));
        // One line twice in one log counts once.
        let twice = log(&[(1, attested(1, 5)), (1, attested(1, 5))]);
        assert_eq!(balance(&chain[..1], &[twice], 2)[0].excess, 1);
    }

    #[test]
    fn produced_documents_are_read_and_never_shown() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("documents");
        let person = PersonId([7; 32]);
        let number = "11010519491231002X";
        let text = format!("{person} 01 {number}\n\n{} -\n", PersonId([8; 32]));
        kanglian_sdk::keys::write_private(&path, text.as_bytes(), false).unwrap();
        let read = read_documents(&path).unwrap();
        assert!(matches!(read[&person], Produced::Document(_)));
        assert!(matches!(read[&PersonId([8; 32])], Produced::Nothing));
        assert!(!format!("{read:?}").contains(number));
        let bad = folder.path().join("bad");
        let text = format!("{number} 01 {number}\n");
        kanglian_sdk::keys::write_private(&bad, text.as_bytes(), false).unwrap();
        let error = read_documents(&bad).unwrap_err().to_string();
        assert!(error.contains("line 1") && !error.contains(number), "{error}");
        for (text, word) in [("01", "TYPE NUMBER"), ("77 1", "type"), ("01 1", "18 characters")] {
            let Produced::Wrong(reason) = Produced::parse(text) else { panic!("{text}") };
            assert!(reason.contains(word), "{reason}");
        }
    }
}
