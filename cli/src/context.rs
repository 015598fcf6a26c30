//! What every command needs: options, output, keys, chain and vaults.

use std::{path::PathBuf, sync::Arc};

use anyhow::Context as _;
use clap::Args;
use kanglian_primitives::{Grantee, Hash32, PersonId, RegionCode, VaultInfo};
use kanglian_sdk::{
    AccountId,
    chain::{At, Call, Client, InBlock, Wait},
    keys::{Account, EncryptionSecret, PersonSecret, SecretFile, SecretKind},
    vault::{AccountSigner, Keep, KeptReceipt, VaultClient, VaultTarget},
    wire::Scheme,
    works::PublicVault,
};
use url::Url;

use crate::{
    fault::Fault, files, home::Home, output::Output, passphrase::Passphrases, ports, vault::Vault,
};

/// Options of all commands.
#[derive(Clone, Debug, Args)]
pub struct Global {
    /// Node to talk to (ws:// or wss://)
    #[arg(long, global = true, env = "KANGLIAN_NODE")]
    pub node: Option<Url>,
    /// Vault to talk to; by default the home vault as the chain names it
    #[arg(long, global = true, env = "KANGLIAN_VAULT")]
    pub vault: Option<Url>,
    /// Folder with accounts and secrets
    #[arg(long, global = true, env = "KANGLIAN_HOME")]
    pub home: Option<PathBuf>,
    /// Print JSON
    #[arg(long, global = true)]
    pub json: bool,
    /// First port of a local consortium: nodes at it and above, vaults 30 above
    #[arg(long, global = true, env = "KANGLIAN_PORT_BASE",
        value_parser = clap::value_parser!(u16).range(1024..=65_000))]
    pub port_base: Option<u16>,
    /// File of the registrar set, which says who the registrars are and what their keys are
    #[arg(long, global = true, env = "KANGLIAN_REGISTRARS")]
    pub registrars: Option<PathBuf>,
    /// Ask only the registrar at this address (repeated: these), instead of those in the set
    #[arg(long = "registrar", global = true, value_name = "URL")]
    pub registrar_urls: Vec<Url>,
    /// File whose line is the passphrase; asked for on the terminal otherwise
    #[arg(long, global = true, env = "KANGLIAN_PASSPHRASE_FILE")]
    pub passphrase_file: Option<PathBuf>,
}

/// What every command needs.
#[derive(Clone)]
pub struct Context {
    /// Where results go.
    pub output: Output,
    /// Where files are.
    pub home: Home,
    /// Where passphrases come from.
    pub passphrases: Passphrases,
    /// First port of a local consortium.
    pub port_base: Option<u16>,
    /// File of the registrar set.
    pub registrars: Option<PathBuf>,
    /// Registrars to ask; none for all of the set.
    pub registrar_urls: Vec<Url>,
    node: Option<Url>,
    vault: Option<Url>,
}

/// An account as vaults want it: somebody who signs statements.
struct Statements(Account);

impl AccountSigner for Statements {
    fn account(&self) -> AccountId {
        self.0.id()
    }

    fn scheme(&self) -> Scheme {
        Scheme::Sr25519
    }

    fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.0.sign(message)
    }
}

/// An account as a signer of statements.
pub fn signer(account: &Account) -> Arc<dyn AccountSigner> {
    Arc::new(Statements(account.clone()))
}

impl Context {
    /// From the options.
    pub fn new(global: &Global) -> Result<Self, Fault> {
        Ok(Self {
            output: Output::new(global.json),
            home: Home::new(global.home.clone())?,
            passphrases: Passphrases::new(global.passphrase_file.clone()),
            port_base: global.port_base,
            registrars: global.registrars.clone(),
            registrar_urls: global.registrar_urls.clone(),
            node: global.node.clone(),
            vault: global.vault.clone(),
        })
    }

    /// The node's address.
    pub fn node_url(&self) -> String {
        match &self.node {
            Some(url) => url.to_string(),
            None => ports::node(self.port_base, 0),
        }
    }

    /// Connects to the node.
    pub async fn chain(&self) -> anyhow::Result<Client> {
        Ok(Client::connect(&self.node_url()).await?)
    }

    /// Signs a call, sends it, and waits until it is final.
    pub async fn send(
        &self,
        chain: &Client,
        call: &Call,
        account: &Account,
    ) -> anyhow::Result<InBlock> {
        let wait = self.output.spinner(&format!("waiting until {call} is final"));
        let included = chain.submit(call, account, Wait::Finalized).await;
        wait.finish_and_clear();
        Ok(included?)
    }

    /// The account of a name or key file; `//Name` is a well-known account of local chains.
    pub fn account(&self, name: &str) -> anyhow::Result<Account> {
        if name.starts_with("//") {
            return Account::from_uri(name).map_err(|error| Fault::usage(error.to_string()).into());
        }
        let path = self.existing(self.home.account(name)?)?;
        let passphrase = self.passphrases.open(&format!("account {name}"))?;
        Account::read(&path, &passphrase).with_context(|| path.display().to_string())
    }

    /// The address of a name or key file, without its passphrase.
    pub fn account_id(&self, name: &str) -> anyhow::Result<AccountId> {
        if name.starts_with("//") {
            return Ok(self.account(name)?.id());
        }
        let path = self.existing(self.home.account(name)?)?;
        Account::address_in(&path).with_context(|| path.display().to_string())
    }

    /// An address as it stands, or that of a name or key file.
    pub fn address(&self, text: &str) -> anyhow::Result<AccountId> {
        text.parse().or_else(|_| self.account_id(text))
    }

    /// Makes an account and its file.
    pub fn new_account(&self, name: &str, account: &Account) -> anyhow::Result<PathBuf> {
        let path = free(self.home.account(name)?)?;
        let passphrase = self.passphrases.choose(&format!("account {name}"))?;
        account.write(&path, name, &passphrase)?;
        Ok(path)
    }

    /// A person's secret out of its file.
    pub fn person_secret(&self, name: &str) -> anyhow::Result<PersonSecret> {
        let path = self.existing(self.home.secret(name)?)?;
        let passphrase = self.passphrases.open(&format!("secret {name}"))?;
        PersonSecret::read(&path, &passphrase).with_context(|| path.display().to_string())
    }

    /// Writes a person's secret over the one in its file.
    pub fn replace_person_secret(&self, name: &str, secret: &PersonSecret) -> anyhow::Result<()> {
        let path = self.existing(self.home.secret(name)?)?;
        let passphrase = self.passphrases.choose(&format!("the renewed secret {name}"))?;
        secret.write_as(&path, &passphrase, true).with_context(|| path.display().to_string())
    }

    /// Makes a person's secret and its file.
    pub fn new_person_secret(&self, name: &str) -> anyhow::Result<PathBuf> {
        let path = free(self.home.secret(name)?)?;
        let passphrase = self.passphrases.choose(&format!("secret {name}"))?;
        PersonSecret::generate().write(&path, &passphrase)?;
        Ok(path)
    }

    /// The secret of an encryption key out of its file.
    pub fn key_secret(&self, name: &str) -> anyhow::Result<EncryptionSecret> {
        let path = self.existing(self.home.secret(name)?)?;
        let passphrase = self.passphrases.open(&format!("secret {name}"))?;
        EncryptionSecret::read(&path, &passphrase).with_context(|| path.display().to_string())
    }

    /// The secret that grants to somebody are sealed to: that of an encryption key or, for a person,
    /// what follows from the person's secret.
    pub fn grantee_secret(
        &self,
        name: &str,
        genesis: &Hash32,
        grantee: &Grantee<AccountId>,
    ) -> anyhow::Result<EncryptionSecret> {
        let path = self.existing(self.home.secret(name)?)?;
        let kind = SecretFile::read(&path).with_context(|| path.display().to_string())?.kind();
        match (kind, grantee) {
            (SecretKind::Person, Grantee::Person(person)) => {
                Ok(self.person_secret(name)?.data_secret(genesis, person))
            },
            _ => self.key_secret(name),
        }
    }

    /// Makes an encryption key and its file.
    pub fn new_key_secret(&self, name: &str) -> anyhow::Result<(PathBuf, EncryptionSecret)> {
        let path = free(self.home.secret(name)?)?;
        let passphrase = self.passphrases.choose(&format!("secret {name}"))?;
        let secret = EncryptionSecret::generate();
        secret.write(&path, &passphrase)?;
        Ok((path, secret))
    }

    fn existing(&self, path: PathBuf) -> Result<PathBuf, Fault> {
        if path.exists() {
            return Ok(path);
        }
        Err(Fault::usage(format!("there is no key file {}", path.display())))
    }

    /// The vault to talk to about a person: the one given, else that of the home province.
    pub async fn vault(
        &self,
        chain: &Client,
        person: &PersonId,
        account: &Account,
    ) -> anyhow::Result<Vault> {
        if let Some(url) = &self.vault {
            return self.given_vault(chain, url, account).await;
        }
        let known = chain.person(person, At::Best).await?;
        let known =
            known.ok_or_else(|| Fault::refused(format!("{person} is not on this chain")))?;
        self.vault_of(chain, known.home_region, account).await
    }

    /// A vault that takes records of a person: the one given, else that of the home province, else,
    /// when that is down or suspended, one of another province.
    pub async fn storing_vault(
        &self,
        chain: &Client,
        person: &PersonId,
        account: &Account,
    ) -> anyhow::Result<Vault> {
        let home = self.vault(chain, person, account).await?;
        let vaults = chain.vaults(At::Best).await?;
        let region = home.target().region;
        let active = vaults.iter().any(|vault| vault.region == region && vault.active);
        let state = home.health().await;
        if self.vault.is_some() || (active && state.is_ok()) {
            return Ok(home);
        }
        for info in vaults.into_iter().filter(|vault| vault.active && vault.region != region) {
            let other = self.client(chain, info, account)?;
            if other.health().await.is_ok() {
                let named = other.target().region;
                tracing::warn!(%region, instead = %named, "the home vault does not serve");
                return Ok(other);
            }
        }
        state?;
        Ok(home)
    }

    /// The vault of a province as the chain names it.
    pub async fn vault_of(
        &self,
        chain: &Client,
        region: RegionCode,
        account: &Account,
    ) -> anyhow::Result<Vault> {
        let vaults = chain.vaults(At::Best).await?;
        let info = vaults.into_iter().find(|vault| vault.region == region);
        let info = info.ok_or_else(|| Fault::refused(format!("no province {region} here")))?;
        self.client(chain, info, account)
    }

    /// Vaults as anybody meets them: the one given, else those of all active provinces.
    pub async fn public_vaults(&self, chain: &Client) -> anyhow::Result<Vec<PublicVault>> {
        if let Some(url) = &self.vault {
            return Ok(vec![PublicVault::new(url.clone())?]);
        }
        let mut found = Vec::new();
        for mut info in chain.vaults(At::Best).await?.into_iter().filter(|vault| vault.active) {
            self.relocate(&mut info);
            let url = Url::parse(&info.url);
            found.push(PublicVault::new(url.with_context(|| info.url.clone())?)?);
        }
        match found.is_empty() {
            true => Err(Fault::refused("no active province has a vault").into()),
            false => Ok(found),
        }
    }

    /// Only the preset's addresses move with the base; a vault that moved is where the chain says.
    fn relocate(&self, info: &mut VaultInfo) {
        if let (Some(base), Some(number)) = (self.port_base, ports::province_number(info.region))
            && info.url == ports::vault(None, number)
        {
            info.url = ports::vault(Some(base), number);
        }
    }

    /// A client of a vault. On a local consortium with moved ports the address follows them.
    pub fn client(
        &self,
        chain: &Client,
        mut info: VaultInfo,
        account: &Account,
    ) -> anyhow::Result<Vault> {
        self.relocate(&mut info);
        let target = VaultTarget::new(&info, chain.genesis_hash())?;
        Ok(VaultClient::new(target, signer(account))?.keeping(self.receipts()).into())
    }

    /// Keeps receipts for reads in the home folder.
    fn receipts(&self) -> Keep {
        let home = self.home.clone();
        Arc::new(move |receipt: KeptReceipt| {
            let path = home.receipts(receipt.region);
            let kept = serde_json::to_string(&receipt)
                .map_err(anyhow::Error::new)
                .and_then(|line| files::append_line(&path, &line));
            if let Err(error) = kept {
                tracing::warn!("a receipt for a read is not kept: {error:#}");
            }
        })
    }

    /// The vault at a given address: asked for its province, whose key comes from the chain.
    async fn given_vault(
        &self,
        chain: &Client,
        url: &Url,
        account: &Account,
    ) -> anyhow::Result<Vault> {
        let vaults = chain.vaults(At::Best).await?;
        let any = vaults.first().ok_or_else(|| Fault::refused("no province is registered"))?;
        let at = |info: &VaultInfo| VaultTarget {
            region: info.region,
            key: info.key,
            url: url.clone(),
            genesis: chain.genesis_hash(),
        };
        let health = VaultClient::new(at(any), signer(account))?.health().await?;
        let info = vaults.iter().find(|vault| vault.region == health.region);
        let info = info.ok_or_else(|| {
            Fault::verification(format!("the vault at {url} names a province that is not here"))
        })?;
        Ok(VaultClient::new(at(info), signer(account))?.keeping(self.receipts()).into())
    }
}

fn free(path: PathBuf) -> Result<PathBuf, Fault> {
    if path.exists() {
        return Err(Fault::usage(format!("{} exists and is not overwritten", path.display())));
    }
    Ok(path)
}
