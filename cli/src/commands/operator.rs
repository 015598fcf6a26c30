//! Whoever runs nodes and vaults: keys, accounts, state, the coin's eras, upgrades.

use std::path::PathBuf;

use clap::Subcommand;
use kanglian_primitives::RegionCode;
use kanglian_sdk::{
    AccountId,
    chain::At,
    keys::{Account, VaultSigner},
};
use serde::Serialize;

use super::{
    blocks::{self, BlocksArgs},
    coin,
    double_blocks::{self, DoubleBlocks},
    session_keys::{self, SessionKeys},
    upgrade,
};
use crate::{
    context::Context, fault::Fault, instant, output, passphrase::secret_line, shown::fields,
};

/// What an operator can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make keys
    #[command(subcommand)]
    Key(Key),
    /// Accounts in files that wallets read too (polkadot-js JSON)
    #[command(subcommand)]
    Account(AccountCommand),
    /// Show the node's chain, heights and peers
    Node,
    /// Show the provinces and what their vaults say of themselves
    Vault {
        /// One province only
        #[arg(long)]
        region: Option<RegionCode>,
    },
    /// List the business blocks' schemas, with the numbers that `--schema` takes
    Blocks(BlocksArgs),
    /// Show the validators
    Authorities,
    /// Validators that make two blocks in one slot
    #[command(subcommand)]
    DoubleBlocks(DoubleBlocks),
    /// A validator's session keys
    #[command(subcommand)]
    SessionKeys(SessionKeys),
    /// Show the coin: era, budget, unpaid regions, and balances of accounts
    Coin {
        /// Accounts to show: names, key files, or addresses
        accounts: Vec<String>,
    },
    /// Pay the regions what they earned in eras that are over
    SettleEra {
        /// Any account
        #[arg(long)]
        account: String,
        /// One era only
        era: Option<u32>,
    },
    /// List the upgrades of the runtime that the council voted for
    Upgrades,
    /// Enact an upgrade whose time lock is over: authorise it and install its code
    EnactUpgrade {
        /// Any account
        #[arg(long)]
        account: String,
        /// The code, as it was voted for
        #[arg(long)]
        code: PathBuf,
    },
}

/// Keys that are made here.
#[derive(Debug, Subcommand)]
pub enum Key {
    /// An encryption key for an institution, a practitioner, a team or a custodian
    Encryption {
        /// Name or new file
        name: String,
    },
    /// A vault's ed25519 key
    Vault {
        /// New file for it
        #[arg(long)]
        out: PathBuf,
        /// No passphrase, for unattended starts; the file is readable by its owner only
        #[arg(long)]
        plain: bool,
    },
}

/// What can be done with accounts.
#[derive(Debug, Subcommand)]
pub enum AccountCommand {
    /// Make an account
    New {
        /// Name or new file
        name: String,
    },
    /// Take over an account: its secret phrase is asked for without echo
    Import {
        /// Name or new file
        name: String,
        /// polkadot-js JSON file to take over instead of a phrase
        #[arg(long)]
        from: Option<PathBuf>,
    },
    /// Show an account's address, role and balance
    Show {
        /// Name, file, or //Name on a local chain
        name: String,
    },
    /// List the accounts in the home folder
    List,
}

/// Carries out a command.
pub async fn run(command: &Command, context: &Context) -> anyhow::Result<()> {
    match command {
        Command::Key(key) => make_key(context, key),
        Command::Account(AccountCommand::New { name }) => keep(context, name, &Account::generate()),
        Command::Account(AccountCommand::Import { name, from }) => {
            let account = match from {
                Some(path) => {
                    let passphrase = secret_line("Passphrase of the file to import", false)?;
                    Account::read(path, &passphrase)?
                },
                None => {
                    let phrase = secret_line("Secret phrase or seed", false)?;
                    Account::from_uri(&phrase).map_err(|error| Fault::usage(error.to_string()))?
                },
            };
            keep(context, name, &account)
        },
        Command::Account(AccountCommand::Show { name }) => show_account(context, name).await,
        Command::Account(AccountCommand::List) => list_accounts(context),
        Command::Node => node(context).await,
        Command::Vault { region } => vaults(context, *region).await,
        Command::Blocks(args) => blocks::list(context, args).await,
        Command::Authorities => authorities(context).await,
        Command::DoubleBlocks(command) => double_blocks::run(command, context).await,
        Command::SessionKeys(command) => session_keys::run(command, context).await,
        Command::Coin { accounts } => coin::status(context, accounts).await,
        Command::SettleEra { account, era } => coin::settle(context, account, *era).await,
        Command::Upgrades => upgrade::list(context).await,
        Command::EnactUpgrade { account, code } => upgrade::enact(context, account, code).await,
    }
}

fn make_key(context: &Context, key: &Key) -> anyhow::Result<()> {
    match key {
        Key::Encryption { name } => {
            let (path, secret) = context.new_key_secret(name)?;
            context.output.fields(fields!({
                "encryption_key": secret.public().to_string(),
                "secret_file": path,
            }));
        },
        Key::Vault { out, plain } => {
            let key = VaultSigner::generate();
            let passphrase = match plain {
                true => None,
                false => Some(context.passphrases.choose("the vault's key")?),
            };
            key.write(out, passphrase.as_ref().map(|text| text.as_str()))?;
            context.output.fields(fields!({
                "vault_key": key.public().to_string(),
                "address": key.id().to_string(),
                "file": out,
            }));
        },
    }
    Ok(())
}

fn keep(context: &Context, name: &str, account: &Account) -> anyhow::Result<()> {
    let path = context.new_account(name, account)?;
    context.output.fields(fields!({ "address": account.address(), "file": path }));
    Ok(())
}

async fn show_account(context: &Context, name: &str) -> anyhow::Result<()> {
    let id = context.account_id(name)?;
    // The address is worth showing without a node too.
    let Ok(chain) = context.chain().await else {
        context.output.fields(fields!({ "address": id.to_string(), "node": "not reachable" }));
        return Ok(());
    };
    let info = chain.account(&id, At::Best).await?;
    let mut roles: Vec<String> = Vec::new();
    if let Some(person) = chain.person_of(&id, At::Best).await? {
        roles.push(format!("person {person}"));
    }
    if let Some(institution) = chain.institution_of(&id, At::Best).await? {
        roles.push(format!("institution {institution}"));
    }
    for (institution, practitioner) in chain.practices_of(&id, At::Best).await? {
        roles.push(format!("{} at {institution}", practitioner.role));
    }
    for (code, region) in chain.regions(At::Best).await? {
        if region.pan_centre == id {
            roles.push(format!("pan-centre of {code} {}", region.name));
        }
    }
    if chain.council(At::Best).await?.contains(&id) {
        roles.push("council member".to_owned());
    }
    if chain.regulator(At::Best).await? == Some(id) {
        roles.push("regulator".to_owned());
    }
    context.output.fields(fields!({
        "address": id.to_string(),
        "roles": roles,
        "balance": output::hmc(info.data.free),
        "transactions": info.nonce,
    }));
    Ok(())
}

#[derive(Serialize)]
struct Kept {
    name: String,
    address: String,
}

fn list_accounts(context: &Context) -> anyhow::Result<()> {
    let mut kept = Vec::new();
    let folder = context.home.accounts();
    if folder.is_dir() {
        for entry in std::fs::read_dir(folder)? {
            let path = entry?.path();
            let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
            let address = Account::address_in(&path).map(|id| id.to_string());
            if let (Some(name), Ok(address)) = (stem, address) {
                kept.push(Kept { name, address });
            }
        }
    }
    kept.sort_by(|one, other| one.name.cmp(&other.name));
    context.output.rows(&["name", "address"], &kept, |account| {
        vec![account.name.clone(), account.address.clone()]
    });
    Ok(())
}

async fn node(context: &Context) -> anyhow::Result<()> {
    let chain = context.chain().await?;
    let (best, finalised) = (chain.best().await?, chain.finalized().await?);
    let health = chain.health().await?;
    context.output.fields(fields!({
        "node": chain.url(),
        "chain": chain.chain_name().await?,
        "version": chain.node_version().await?,
        "runtime": chain.spec_version().await?,
        "genesis": format!("0x{}", hex::encode(chain.genesis_hash())),
        "best": best.number,
        "best_at": instant::show(best.timestamp),
        "finalised": finalised.number,
        "peers": health.peers,
        "syncing": health.syncing,
    }));
    Ok(())
}

#[derive(Serialize)]
struct Validator {
    account: String,
    region: RegionCode,
    state: &'static str,
}

async fn authorities(context: &Context) -> anyhow::Result<()> {
    let chain = context.chain().await?;
    let best = At::Hash(chain.best_hash().await?);
    let accounts = async |pallet: &str, entry: &str| {
        let found: Option<Vec<AccountId>> = chain.fetch(pallet, entry, &[], best).await?;
        anyhow::Ok(found.unwrap_or_default())
    };
    let offenders = accounts("Authorities", "Offenders").await?;
    let current = accounts("Session", "Validators").await?;
    let listed = chain.authorities(best).await?.into_iter();
    let validators: Vec<_> = listed
        .map(|authority| Validator {
            state: match (
                current.contains(&authority.account),
                offenders.contains(&authority.account),
            ) {
                (true, false) => "validating",
                (true, true) => "leaving after an offence",
                (false, true) => "left out after an offence",
                (false, false) => "waiting",
            },
            account: authority.account.to_string(),
            region: authority.region,
        })
        .collect();
    context.output.rows(&["validator", "province", "state"], &validators, |validator| {
        vec![validator.account.clone(), validator.region.to_string(), validator.state.to_owned()]
    });
    Ok(())
}

#[derive(Serialize)]
struct VaultState {
    region: RegionCode,
    name: String,
    status: String,
    url: String,
    state: String,
    best: Option<u32>,
    finalised: Option<u32>,
    log_lines: Option<u64>,
    anchored_lines: u64,
}

async fn vaults(context: &Context, only: Option<RegionCode>) -> anyhow::Result<()> {
    let chain = context.chain().await?;
    let regions = chain.regions(At::Best).await?;
    // Health needs no account; any signer serves.
    let nobody = Account::generate();
    let mut states = Vec::new();
    for info in chain.vaults(At::Best).await? {
        if only.is_some_and(|only| only != info.region) {
            continue;
        }
        let region = regions.get(&info.region);
        let anchored = chain.access_log(info.region, At::Best).await?;
        let client = context.client(&chain, info.clone(), &nobody)?;
        let health = client.health().await;
        states.push(VaultState {
            region: info.region,
            name: region.map(|region| region.name.to_lossy()).unwrap_or_default(),
            status: region.map(|region| region.status.to_string()).unwrap_or_default(),
            url: client.target().url.to_string(),
            state: match &health {
                Ok(health) => health.status.clone(),
                Err(error) => error.to_string(),
            },
            best: health.as_ref().ok().map(|health| health.best),
            finalised: health.as_ref().ok().map(|health| health.finalised),
            log_lines: health.as_ref().ok().map(|health| health.log_size),
            anchored_lines: anchored.map(|anchor| anchor.size).unwrap_or_default(),
        });
    }
    if states.is_empty() {
        return Err(Fault::refused("no such province is registered").into());
    }
    let columns =
        ["region", "name", "status", "vault", "state", "best", "finalised", "log", "anchored"];
    let number = |value: Option<u64>| value.map_or("-".to_owned(), |value| value.to_string());
    context.output.rows(&columns, &states, |vault| {
        vec![
            vault.region.to_string(),
            vault.name.clone(),
            vault.status.clone(),
            vault.url.clone(),
            vault.state.clone(),
            number(vault.best.map(u64::from)),
            number(vault.finalised.map(u64::from)),
            number(vault.log_lines),
            vault.anchored_lines.to_string(),
        ]
    });
    if states.iter().any(|vault| vault.best.is_none()) {
        return Err(Fault::unreachable("a vault does not answer").into());
    }
    Ok(())
}
