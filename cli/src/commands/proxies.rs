//! Proxies: whom a person lets act in their place, and what a proxy gives for them.

use clap::{Args, Subcommand};
use kanglian_primitives::{
    Action, ActionSet, BusinessBlockSet, Capacity, Grantee, Instant, PersonId, Purpose, PurposeSet,
    Terms,
};
use kanglian_sdk::{
    AccountId,
    chain::{At, Client, calls},
    keys::{Account, PersonSecret},
};

use super::patient::person_of;
use crate::{
    consenting::{self, Wish},
    context::Context,
    fault::Fault,
    instant, names,
    shown::fields,
    vault::Vault,
};

/// What a person does about proxies.
#[derive(Debug, Subcommand)]
pub enum Proxying {
    /// Let somebody act in one's place
    Appoint(AppointArgs),
    /// Take the mandate back at once
    Revoke {
        /// Who was proxy
        proxy: PersonId,
    },
    /// Give a mandate back
    Renounce {
        /// Whose proxy one was
        person: PersonId,
    },
    /// List a person's proxies
    List {
        /// The person; oneself by default
        person: Option<PersonId>,
    },
}

#[derive(Debug, Args)]
pub struct AppointArgs {
    /// Who is to act
    proxy: PersonId,
    /// In which business blocks
    #[arg(long, value_parser = names::blocks)]
    blocks: BusinessBlockSet,
    /// What: grant, revoke, refer, codes, correct, log, read, with commas between them
    #[arg(long, value_parser = actions)]
    actions: ActionSet,
    /// Until when
    #[arg(long, value_parser = instant::parse)]
    until: Instant,
}

/// Reads actions with commas between them.
fn actions(text: &str) -> Result<ActionSet, Fault> {
    let read = |code: &str| {
        code.trim().parse::<Action>().map_err(|error| Fault::usage(format!("`{code}`: {error}")))
    };
    text.split(',').map(read).collect()
}

impl Proxying {
    /// Carries out a command of the person with this account and secret.
    pub async fn run(
        &self,
        context: &Context,
        chain: &Client,
        (account, secret): (&str, &str),
        person: PersonId,
    ) -> anyhow::Result<()> {
        let (what, call) = match self {
            Self::Appoint(args) => {
                return appoint(context, chain, (account, secret), person, args).await;
            },
            Self::List { person: of } => {
                return list_proxies(context, chain, of.unwrap_or(person)).await;
            },
            Self::Revoke { proxy } => (
                format!("{proxy} is no proxy any more"),
                calls::guardianships::revoke_proxy(*proxy),
            ),
            Self::Renounce { person } => (
                format!("gave the mandate of {person} back"),
                calls::guardianships::renounce_proxy(*person),
            ),
        };
        let account = context.account(account)?;
        let included = context.send(chain, &call, &account).await?;
        context.output.fields(fields!({ "done": what, "block": included.number }));
        Ok(())
    }
}

async fn appoint(
    context: &Context,
    chain: &Client,
    (account, secret): (&str, &str),
    person: PersonId,
    args: &AppointArgs,
) -> anyhow::Result<()> {
    let account = context.account(account)?;
    let terms = match args.actions.contains(Action::Read) {
        false => None,
        true => {
            let secret = context.person_secret(secret)?;
            let vault = context.vault(chain, &person, &account).await?;
            let wish = Wish {
                grantee: Grantee::Person(args.proxy),
                blocks: args.blocks,
                purposes: PurposeSet::of(Purpose::PowerOfAttorney).with(Purpose::FamilyRequest),
                from: instant::now(),
                until: args.until,
                records_from: 0,
                records_until: Instant::MAX,
                may_delegate: 0,
            };
            Some(consenting::prepare(chain, &vault, &secret, person, &wish).await?)
        },
    };
    let call = calls::guardianships::appoint_proxy(
        args.proxy,
        args.blocks,
        args.actions,
        args.until,
        terms.as_ref(),
    );
    let included = context.send(chain, &call, &account).await?;
    context.output.fields(fields!({
        "proxy": args.proxy,
        "blocks": names::show_blocks(args.blocks),
        "actions": show_actions(args.actions),
        "until": instant::show(args.until),
        "terms": terms.map(|terms| terms.id),
        "block": included.number,
    }));
    Ok(())
}

fn show_actions(actions: ActionSet) -> String {
    let codes: Vec<_> = actions.iter().map(|action| action.to_string()).collect();
    codes.join(", ")
}

async fn list_proxies(context: &Context, chain: &Client, person: PersonId) -> anyhow::Result<()> {
    let now = instant::now();
    let proxies = chain.proxies(&person, At::Best).await?;
    let columns = ["proxy", "blocks", "actions", "until", "counts"];
    context.output.rows(&columns, &proxies, |one| {
        vec![
            one.proxy.to_string(),
            names::show_blocks(one.blocks),
            show_actions(one.actions),
            instant::show(one.until),
            if now < one.until { "yes" } else { "over" }.to_owned(),
        ]
    });
    Ok(())
}

/// Terms that a guardian or a proxy is about to give for a person.
pub async fn prepare_for(
    chain: &Client,
    vault: &Vault,
    (account, secret): (&Account, &PersonSecret),
    person: PersonId,
    wish: &Wish,
) -> anyhow::Result<Terms<AccountId>> {
    let who = account.id();
    let capacity = chain.acts_for(who, person, Action::Grant, instant::now(), At::Best).await?;
    match capacity {
        None => Err(Fault::refused(format!("NotActingFor: you may not grant for {person}")).into()),
        // With the person's secret, which the guardian has.
        Some(Capacity::Guardian) => consenting::prepare(chain, vault, secret, person, wish).await,
        Some(Capacity::Proxy) => {
            let own = person_of(chain, &who).await?;
            let key = secret.data_secret(&chain.genesis_hash(), &own);
            consenting::prepare_as_proxy(chain, vault, (own, &key), person, wish).await
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actions_are_read_by_their_codes() {
        let set = actions("grant, log").unwrap();
        assert_eq!(show_actions(set), "grant, log");
        assert!(actions("everything").is_err());
    }
}
