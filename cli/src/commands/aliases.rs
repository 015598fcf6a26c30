//! Two ids of one person: links, and ids of a new generation of registrars.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use kanglian_primitives::{
    Grantee, InstitutionId, PersonId, TermsId,
    payloads::{LinkBody, MigrationBody},
};
use kanglian_sdk::{
    AccountId,
    chain::{At, Client, calls},
};
use serde::Serialize;

use super::{identity, institution::institution_of};
use crate::{
    context::{self, Context},
    fault::Fault,
    instant,
    link_request::{LinkRequest, Wish},
    names,
    registrars::Pending,
    shown::fields,
};

/// What a person does about the own ids.
#[derive(Debug, Subcommand)]
pub enum OfPerson {
    /// Sign that another id is of the same person; the institution that sees both documents sends
    /// it. Whoever still has both accounts signs with each
    Request(LinkArgs),
    /// Object to a link of this id that was asked for without this account
    Refuse,
    /// Ask to be known by the id that a new generation of registrars gives for the document
    NewId {
        /// The new id, as `kanglian institution person-id` gives it
        #[arg(long)]
        new: PersonId,
        /// The id whose document it is, when it is a linked one
        #[arg(long)]
        of: Option<PersonId>,
        /// The institution that sends it
        #[arg(long)]
        institution: InstitutionId,
        /// Where to write the request
        #[arg(long, default_value = "new-id.json")]
        out: PathBuf,
    },
    /// End terms that a linked id gave, when its own account is lost
    Revoke {
        /// The linked id
        alias: PersonId,
        /// To whom they were given
        #[arg(value_parser = names::grantee)]
        grantee: Grantee<AccountId>,
        /// Their number
        terms: u64,
    },
    /// List the own other names, and links that wait
    List,
}

/// A signature for a link.
#[derive(Debug, Args)]
pub struct LinkArgs {
    /// The id of the same person under another document
    #[arg(long)]
    other: PersonId,
    /// This account's id becomes the other name, and the other one stays; by default this one stays
    #[arg(long)]
    as_alias: bool,
    /// The institution that sees both documents
    #[arg(long)]
    institution: InstitutionId,
    /// Where to write the request
    #[arg(long, default_value = "link.json")]
    out: PathBuf,
}

impl OfPerson {
    /// Carries out the command.
    pub async fn run(
        &self,
        context: &Context,
        chain: &Client,
        account: &str,
        person: PersonId,
    ) -> anyhow::Result<()> {
        match self {
            Self::Request(args) => {
                let (alias, canonical) = match args.as_alias {
                    true => (person, args.other),
                    false => (args.other, person),
                };
                let round = chain.link_round(&alias, At::Best).await?;
                let body = LinkBody { alias, canonical, institution: args.institution, round };
                let next = format!("kanglian institution link {}", args.out.display());
                write(context, chain, account, Wish::Link(body), &args.out)?;
                context.output.fields(fields!({
                    "request": args.out,
                    "alias": alias,
                    "stays": canonical,
                    "next": next,
                }));
                Ok(())
            },
            Self::NewId { new, of, institution, out } => {
                let old = of.unwrap_or(person);
                let generation = chain.generation(At::Best).await?;
                let round = chain.link_round(new, At::Best).await?;
                let institution = *institution;
                let body = MigrationBody { generation, old, new: *new, institution, round };
                write(context, chain, account, Wish::Migrate(body), out)?;
                context.output.fields(fields!({
                    "request": out,
                    "id": old,
                    "new_id": new,
                    "generation": generation,
                    "next": format!("kanglian institution migrate {}", out.display()),
                }));
                Ok(())
            },
            Self::Refuse => {
                let call = calls::real_name::refuse_link();
                send(context, chain, account, &call, "refused the link of this id").await
            },
            Self::Revoke { alias, grantee, terms } => {
                let call = calls::consents::revoke_linked(*alias, grantee, TermsId(*terms));
                let what = format!(
                    "ended terms {terms} that {alias} gave {}",
                    names::show_grantee(grantee)
                );
                send(context, chain, account, &call, &what).await
            },
            Self::List => list(context, chain, &person).await,
        }
    }
}

fn write(
    context: &Context,
    chain: &Client,
    account: &str,
    wish: Wish,
    out: &Path,
) -> anyhow::Result<()> {
    let account = context.account(account)?;
    let signer = context::signer(&account);
    LinkRequest::sign(&chain.genesis_hash(), wish, signer.as_ref()).write(out)
}

async fn send(
    context: &Context,
    chain: &Client,
    account: &str,
    call: &kanglian_sdk::chain::Call,
    what: &str,
) -> anyhow::Result<()> {
    let account = context.account(account)?;
    let included = context.send(chain, call, &account).await?;
    context.output.fields(fields!({ "done": what, "block": included.number }));
    Ok(())
}

#[derive(Serialize)]
struct Name {
    id: PersonId,
    kind: String,
    by: InstitutionId,
    since: String,
}

async fn list(context: &Context, chain: &Client, person: &PersonId) -> anyhow::Result<()> {
    let canonical = chain.canonical(person, At::Best).await?;
    let mut names = Vec::new();
    for id in chain.aliases_of(&canonical, At::Best).await? {
        let Some(alias) = chain.alias(&id, At::Best).await? else { continue };
        names.push(Name {
            id,
            kind: format!("{:?}", alias.kind).to_lowercase(),
            by: alias.by,
            since: instant::show(alias.since),
        });
    }
    if let Some(request) = chain.link_request(person, At::Best).await? {
        names.push(Name {
            id: request.canonical,
            kind: "asked for: this id is to be another name of it (`kanglian patient link refuse`)"
                .to_owned(),
            by: request.by,
            since: instant::show(request.from),
        });
    }
    let columns = ["id", "kind", "institution", "since"];
    context.output.note(format_args!("{canonical} goes on; its other names:"));
    context.output.rows(&columns, &names, |name| {
        vec![name.id.to_string(), name.kind.clone(), name.by.to_string(), name.since.clone()]
    });
    Ok(())
}

/// Sends a link that the person signed, by one account or both.
pub async fn link(context: &Context, account: &str, requests: &[PathBuf]) -> anyhow::Result<()> {
    let chain = context.chain().await?;
    let genesis = chain.genesis_hash();
    let mut wish: Option<LinkBody> = None;
    let mut signed = Vec::new();
    for path in requests {
        let request = LinkRequest::read(path)?;
        let signature = request.checked_signature(&genesis)?;
        let Wish::Link(body) = request.wish() else {
            return Err(Fault::usage(format!("{}: not for a link", path.display())).into());
        };
        if wish.is_some_and(|other| other != body) {
            return Err(Fault::usage("the two requests are not about the same link").into());
        }
        wish = Some(body);
        signed.push((request.account(), signature));
    }
    let body = wish.ok_or_else(|| Fault::usage("no request was given"))?;
    let account = context.account(account)?;
    same_institution(&chain, &account.id(), body.institution).await?;
    let controller = async |id: &PersonId| {
        let known = chain.person(id, At::Best).await?;
        let known = known.ok_or_else(|| Fault::refused(format!("{id} was never attested")))?;
        anyhow::Ok(known.controller)
    };
    let by = |who: AccountId| signed.iter().find(|(by, _)| *by == who).map(|(_, s)| s.clone());
    let canonical = by(controller(&body.canonical).await?).ok_or_else(|| {
        Fault::refused(format!(
            "the account of {}, which stays, has not signed: `kanglian patient link request` with it",
            body.canonical
        ))
    })?;
    let alias = by(controller(&body.alias).await?);
    let call = calls::real_name::link(body.alias, body.canonical, &canonical, alias.as_ref());
    let included = context.send(&chain, &call, &account).await?;
    let next = match alias {
        Some(_) => "linked: nothing more is attested, shared or granted under the alias".to_owned(),
        None => format!(
            "the alias's account did not sign: it may object (`kanglian patient link refuse`), then \
             its pan-centre approves with `kanglian pan-centre approve-link {}`",
            body.alias
        ),
    };
    context.output.fields(fields!({
        "alias": body.alias,
        "stays": body.canonical,
        "block": included.number,
        "next": next,
    }));
    Ok(())
}

/// Sends the id of a new generation that the person signed, and files the evaluation's outcome.
pub async fn migrate(context: &Context, account: &str, request: &Path) -> anyhow::Result<()> {
    let chain = context.chain().await?;
    let request = LinkRequest::read(request)?;
    let signature = request.checked_signature(&chain.genesis_hash())?;
    let Wish::Migrate(body) = request.wish() else {
        return Err(Fault::usage("the request is for a link, not for a new id").into());
    };
    let account = context.account(account)?;
    same_institution(&chain, &account.id(), body.institution).await?;
    let call = calls::real_name::migrate(body.old, body.new, &signature);
    let included = context.send(&chain, &call, &account).await?;
    let evaluation = match Pending::read(&context.home, body.new)?.open().0 {
        0 => {
            "this home knows of no evaluation for the new id; every migration needs one".to_owned()
        },
        _ => identity::attested(context, &chain, &account, &body.new).await,
    };
    context.output.fields(fields!({
        "id": body.old,
        "new_id": body.new,
        "generation": body.generation,
        "evaluation": evaluation,
        "block": included.number,
    }));
    Ok(())
}

async fn same_institution(
    chain: &Client,
    account: &AccountId,
    named: InstitutionId,
) -> anyhow::Result<()> {
    let own = institution_of(chain, account).await?;
    match own == named {
        true => Ok(()),
        false => Err(Fault::refused(format!(
            "the request names {named} as the institution; the account speaks for {own}"
        ))
        .into()),
    }
}

/// Lists links that wait for a pan-centre.
pub async fn waiting(context: &Context) -> anyhow::Result<()> {
    let chain = context.chain().await?;
    let mut requests = Vec::new();
    for (alias, request) in chain.link_requests(At::Best).await? {
        let home = chain.person(&alias, At::Best).await?.map(|known| known.home_region);
        requests.push((alias, home, request));
    }
    let columns = ["alias", "home", "stays", "institution", "approvable from", "until"];
    context.output.rows(&columns, &requests, |(alias, home, request)| {
        vec![
            alias.to_string(),
            home.map_or("-".to_owned(), |home| home.to_string()),
            request.canonical.to_string(),
            request.by.to_string(),
            instant::show(request.from),
            instant::show(request.until),
        ]
    });
    Ok(())
}
