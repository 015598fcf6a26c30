//! Who is in front of the desk: from a document to a person's id, and what became of it.

use std::str::FromStr;

use clap::Args;
use kanglian_primitives::PersonId;
use kanglian_sdk::{
    chain::{At, Client, types::Person},
    keys::Account,
    registrar::wire::{Evaluator, Outcome, Reason},
};
use serde::Serialize;

use super::institution::institution_of;
use crate::{
    context::Context,
    document::{Document, DocumentType},
    fault::Fault,
    instant,
    passphrase::secret_line,
    registrars::{self, Pending},
    shown::fields,
};

/// A document to evaluate.
#[derive(Debug, Args)]
pub struct PersonIdArgs {
    /// The document's type, or its number in WS 364.3 CV02.01.101
    #[arg(long = "type", value_enum, default_value = "resident-card")]
    kind: DocumentType,
    /// Not for an enrolment: the reason is filed at once
    #[arg(long)]
    reason: Option<Reason>,
}

/// What became of evaluations.
#[derive(Debug, Args)]
pub struct OutcomeArgs {
    /// The person; without one, what is open is listed
    person: Option<PersonId>,
    /// Why the person was not attested: already-known, wrong-document, aborted, duplicate, recovery
    #[arg(long)]
    reason: Option<Reason>,
    /// An evaluation by registrar and number, such as 2:17, that this home does not know of
    #[arg(long, conflicts_with = "person", requires = "reason")]
    evaluation: Option<Place>,
}

/// An evaluation at a registrar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    registrar: u16,
    evaluation: u64,
}

impl FromStr for Place {
    type Err = &'static str;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = "an evaluation is written REGISTRAR:NUMBER, such as 2:17";
        let (registrar, evaluation) = text.split_once(':').ok_or(wrong)?;
        let registrar = registrar.parse().map_err(|_| wrong)?;
        Ok(Self { registrar, evaluation: evaluation.parse().map_err(|_| wrong)? })
    }
}

/// Reads a document's number without echo.
pub fn ask_document(kind: DocumentType, prompt: &str) -> anyhow::Result<Document> {
    let text = secret_line(prompt, false)?;
    Document::parse(kind, text.trim()).map_err(|error| Fault::usage(error.to_string()).into())
}

/// For which institution an account asks: the one it speaks for, else the one it practises at.
async fn evaluator(chain: &Client, account: &Account) -> anyhow::Result<Evaluator> {
    if let Some(institution) = chain.institution_of(&account.id(), At::Best).await? {
        return Ok(Evaluator::Institution(institution));
    }
    let practices = chain.practices_of(&account.id(), At::Best).await?;
    match practices.as_slice() {
        [(institution, _)] => Ok(Evaluator::Institution(*institution)),
        [] => Ok(Evaluator::Institution(institution_of(chain, &account.id()).await?)),
        _ => Err(Fault::usage(
            "this account practises at several institutions: use the account of one of them",
        )
        .into()),
    }
}

/// How somebody who is enrolled already goes on.
pub fn how_to_go_on(person: &PersonId, known: &Person) -> String {
    format!(
        "{person} is enrolled already, by {} since {}: nobody is enrolled twice. Whoever still has \
         the keys goes on with them at any institution (patient grant, patient allow-writing; a \
         new account: patient rotate-controller). Whoever lost them recovers: patient recovery \
         request, then institution recovery open; the pan-centres approve, that of {} first. \
         Whoever has a second id for another document links the two: patient link request, then \
         institution link (docs/identity.md, \"Already enrolled\")",
        known.attester,
        instant::show(known.attested_at),
        known.home_region
    )
}

/// Gives the id of the person with a document.
pub async fn person_id(
    context: &Context,
    account: &str,
    args: &PersonIdArgs,
) -> anyhow::Result<()> {
    // Before anything else: a wrong number is told without a passphrase or a network.
    let document = ask_document(args.kind, "Number of the document")?;
    let chain = context.chain().await?;
    let account = context.account(account)?;
    let registrars = context.registrars(&chain, &account).await?;
    let evaluator = evaluator(&chain, &account).await?;
    let evaluated = registrars::person_of(&registrars, evaluator, &document).await?;
    let person = evaluated.person;
    let answered = evaluated.opened.len();
    let left_out: Vec<_> =
        evaluated.faults.iter().map(|fault| format!("{}: {}", fault.name, fault.error)).collect();
    // A linked id, or one of a later generation, leads to the one that goes on.
    let goes_on = chain.canonical(&person, At::Finalized).await?;
    let known = chain.person(&goes_on, At::Finalized).await?;
    let (enrolled, next) = match (&known, args.reason) {
        (_, Some(reason)) => {
            registrars::close(&registrars, &evaluated.opened, reason).await;
            (known.is_some(), format!("filed: {reason}"))
        },
        (Some(known), None) => {
            registrars::close(&registrars, &evaluated.opened, Reason::AlreadyKnown).await;
            (true, how_to_go_on(&goes_on, known))
        },
        (None, None) => {
            Pending::add(&context.home, person, &evaluated.opened)?;
            let mut next = "patient request, then institution enrol; if it comes to nothing, \
                            institution outcome with --reason"
                .to_owned();
            if chain.generation(At::Finalized).await? > 0 {
                next.push_str(
                    ". Whoever was enrolled under an earlier generation of registrars is not \
                     enrolled again: patient link new-id, then institution migrate",
                );
            }
            (false, next)
        },
    };
    context.output.fields(fields!({
        "document": document.to_string(),
        "person": person,
        "goes_on_as": goes_on,
        "enrolled": enrolled,
        "registrars": answered,
        "left_out": left_out,
        "next": next,
    }));
    Ok(())
}

/// Refuses to enrol somebody twice; says how to go on.
pub async fn not_enrolled_yet(
    context: &Context,
    chain: &Client,
    account: &Account,
    person: &PersonId,
) -> anyhow::Result<()> {
    let goes_on = chain.canonical(person, At::Best).await?;
    let Some(known) = chain.person(&goes_on, At::Best).await? else { return Ok(()) };
    let pending = Pending::read(&context.home, *person)?;
    if pending.open().0 > 0 {
        let registrars = context.registrars(chain, account).await?;
        pending.file(&registrars, Outcome::Closed(Reason::AlreadyKnown)).await?;
    }
    Err(Fault::refused(how_to_go_on(&goes_on, &known)).into())
}

/// Tells the registrars that a person was attested; gives in words what was filed.
pub async fn attested(
    context: &Context,
    chain: &Client,
    account: &Account,
    person: &PersonId,
) -> String {
    let filed = async {
        let pending = Pending::read(&context.home, *person)?;
        if pending.open().0 == 0 {
            anyhow::bail!(
                "this home knows of no evaluation for {person}; every attestation needs one"
            );
        }
        let registrars = context.registrars(chain, account).await?;
        pending.file(&registrars, Outcome::Attested(*person)).await
    };
    match filed.await {
        Ok(filed) => format!("filed with {filed} registrars"),
        Err(error) => {
            // The attestation stands all the same.
            tracing::warn!("{error:#}");
            format!("not filed: {error:#}")
        },
    }
}

#[derive(Serialize)]
struct OpenLine {
    person: Option<PersonId>,
    registrar: String,
    evaluation: Option<u64>,
    since_or_until: String,
}

/// Files what became of evaluations, or lists those that are open.
pub async fn outcome(context: &Context, account: &str, args: &OutcomeArgs) -> anyhow::Result<()> {
    let chain = context.chain().await?;
    let account = context.account(account)?;
    let registrars = context.registrars(&chain, &account).await?;
    if let (Some(Place { registrar, evaluation }), Some(reason)) = (args.evaluation, args.reason) {
        let member = registrars.set().member(registrar);
        let member =
            member.ok_or_else(|| Fault::usage(format!("there is no registrar {registrar}")))?;
        let key = member.signing_key;
        registrars.file(&key, evaluation, Outcome::Closed(reason)).await?;
        context.output.fields(fields!({ "evaluation": evaluation, "filed": reason.to_string() }));
        return Ok(());
    }
    let Some(person) = args.person else {
        let evaluator = evaluator(&chain, &account).await?;
        return list(context, &registrars, evaluator).await;
    };
    let outcome = match args.reason {
        Some(reason) => Outcome::Closed(reason),
        None => {
            let own = institution_of(&chain, &account.id()).await?;
            let known = chain.person(&person, At::Finalized).await?;
            if known.is_none_or(|known| known.attester != own) {
                return Err(Fault::usage(format!(
                    "{own} has not attested {person}: say with --reason why not"
                ))
                .into());
            }
            Outcome::Attested(person)
        },
    };
    let filed = Pending::read(&context.home, person)?.file(&registrars, outcome).await?;
    context.output.fields(fields!({ "person": person, "filed": filed }));
    Ok(())
}

async fn list(
    context: &Context,
    registrars: &kanglian_sdk::registrar::Registrars,
    evaluator: Evaluator,
) -> anyhow::Result<()> {
    let mut lines: Vec<_> = Pending::all(&context.home)?
        .iter()
        .map(|pending| {
            let (open, until) = pending.open();
            OpenLine {
                person: Some(pending.person()),
                registrar: format!("{open} registrars"),
                evaluation: None,
                since_or_until: format!("to be filed until {}", instant::show(until)),
            }
        })
        .collect();
    for index in registrars.asked() {
        match registrars.open(index, &evaluator).await {
            Ok(reply) => lines.extend(reply.open.iter().map(|open| OpenLine {
                person: None,
                registrar: index.to_string(),
                evaluation: Some(open.evaluation),
                since_or_until: format!("open since {}", instant::show(open.at)),
            })),
            Err(error) => tracing::warn!(registrar = index, "{error}"),
        }
    }
    let columns = ["person", "registrar", "evaluation", "time"];
    context.output.rows(&columns, &lines, |line| {
        vec![
            line.person.map_or("-".to_owned(), |person| person.to_string()),
            line.registrar.clone(),
            line.evaluation.map_or("-".to_owned(), |evaluation| evaluation.to_string()),
            line.since_or_until.clone(),
        ]
    });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_evaluation_is_named_by_registrar_and_number() {
        assert_eq!("2:17".parse(), Ok(Place { registrar: 2, evaluation: 17 }));
        for text in ["", "2", ":", "2:", ":17", "a:1", "2:-1", "2:1:1", "70000:1"] {
            assert!(text.parse::<Place>().is_err(), "{text}");
        }
    }
}
