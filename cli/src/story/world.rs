//! The consortium that the story is played on, and who is in it.

use std::time::Duration;

use anyhow::Context as _;
use futures::future::{join_all, try_join_all};
use kanglian_primitives::{Hash32, Height, InstitutionId, PersonId, RegionCode, VaultInfo};
use kanglian_sdk::{
    AccountId,
    chain::{At, Client, Wait, calls, types::RegionStatus},
    keys::{Account, EncryptionSecret, PersonSecret},
    registrar::{RegistrarSet, Registrars},
    vault::{VaultClient, VaultTarget},
};

use super::stage::{Stage, check};
use crate::{
    context::{self, Context},
    fault::Fault,
    instant, output,
    ports::{self, PROVINCES},
    vault::Vault,
};

/// Number of Jiangsu among the provinces.
pub const JIANGSU: usize = 0;
/// Number of Zhejiang.
pub const ZHEJIANG: usize = 1;

const PATIENCE: Duration = Duration::from_secs(30);
const PAUSE: Duration = Duration::from_millis(100);

/// The consortium.
pub struct World {
    /// A client of each province's node.
    pub chains: Vec<Client>,
    /// The pan-centres' well-known accounts.
    pub pan_centres: Vec<Account>,
    /// The council's well-known accounts: pan-centres and regulator.
    pub council: Vec<Account>,
    vaults: Vec<VaultInfo>,
    registrars: RegistrarSet,
    port_base: Option<u16>,
}

/// An institution of the story.
pub struct Hospital {
    /// Its code.
    pub id: InstitutionId,
    /// Its name.
    pub name: String,
    /// Its account: new, without coin.
    pub account: Account,
    /// The secret of its encryption key.
    pub secret: EncryptionSecret,
}

/// Who takes part beside the patient.
pub struct Cast {
    /// In Jiangsu: enrols the patient and shares.
    pub hospital: Hospital,
    /// In Zhejiang: where the doctor practises.
    pub clinic: Hospital,
    /// The doctor's account.
    pub doctor: Account,
    /// The secret of the doctor's encryption key.
    pub doctor_secret: EncryptionSecret,
}

/// The patient.
pub struct Patient {
    /// The id on chain.
    pub id: PersonId,
    /// The account: new, without coin.
    pub account: Account,
    /// The secret from which all keys follow.
    pub secret: PersonSecret,
}

impl World {
    /// Connects to the four nodes and vaults and looks whether they are one consortium.
    pub async fn enter(context: &Context, stage: &mut Stage) -> anyhow::Result<Self> {
        let base = context.port_base;
        let registrars = context.registrar_set()?;
        let chains = stage.step("Four nodes finalise one chain", four_nodes(base)).await?;
        let pan_centres = PROVINCES
            .iter()
            .map(|(_, word)| Account::from_uri(&format!("//{word}")))
            .collect::<Result<Vec<_>, _>>()?;
        let mut council = pan_centres.clone();
        council.push(Account::from_uri("//Regulator")?);
        let vaults = Vec::new();
        let mut world = Self { chains, pan_centres, council, vaults, registrars, port_base: base };
        let moved = world.moved_vaults().await?;
        if !moved.is_empty() {
            let title = "The pan-centres publish where their vaults are";
            stage.step(title, world.publish(&moved)).await?;
        }
        world.vaults = world.chain().vaults(At::Finalized).await?;
        stage.step("Four provinces with their vaults, no sudo", world.four_provinces()).await?;
        Ok(world)
    }

    /// Vaults that stand at other ports than the chain says, with their addresses.
    async fn moved_vaults(&self) -> anyhow::Result<Vec<(usize, VaultInfo)>> {
        let known = self.chain().vaults(At::Finalized).await?;
        let mut moved = Vec::new();
        for (number, (code, _)) in PROVINCES.iter().enumerate() {
            let info = known.iter().find(|vault| vault.region == *code);
            let info = info.with_context(|| format!("no vault in {code}"))?;
            let url = ports::vault(self.port_base, u16::try_from(number)?);
            if info.url.trim_end_matches('/') != url {
                moved.push((number, VaultInfo { url, ..info.clone() }));
            }
        }
        Ok(moved)
    }

    async fn publish(&self, moved: &[(usize, VaultInfo)]) -> anyhow::Result<((), String)> {
        let sent = moved.iter().map(|(number, info)| async move {
            let call = calls::regions::update_vault(info.key, &info.url);
            self.chain().submit(&call, &self.pan_centres[*number], Wait::Finalized).await
        });
        let sent = try_join_all(sent).await?;
        let last = sent.iter().map(|included| included.number).max().unwrap_or_default();
        let urls: Vec<_> = moved.iter().map(|(_, info)| info.url.as_str()).collect();
        Ok(((), format!("{} by block {last}", urls.join(", "))))
    }

    async fn four_provinces(&self) -> anyhow::Result<((), String)> {
        let regions = self.chain().regions(At::Finalized).await?;
        for ((code, word), account) in PROVINCES.iter().zip(&self.pan_centres) {
            let region = regions.get(code).with_context(|| format!("no province {code}"))?;
            check!(region.status == RegionStatus::Active, "{word} is {}", region.status);
            check!(region.pan_centre == account.id(), "{word}'s pan-centre is not //{word}");
        }
        let seats = self.chain().council(At::Finalized).await?;
        for member in &self.council {
            check!(seats.contains(&member.id()), "{} has no seat in the council", member.id());
        }
        let metadata = self.chain().metadata().await?;
        check!(metadata.pallet_by_name("Sudo").is_none(), "the runtime contains sudo");
        let nobody = Account::generate();
        let mut words = Vec::new();
        for (code, word) in PROVINCES {
            let vault = self.vault(code, &nobody)?;
            let health = vault.ready().await.with_context(|| format!("{word}'s vault"))?;
            check!(health.region == code, "the vault at {} is not {word}'s", vault.target().url);
            check!(health.status == "ok", "{word}'s vault is {}", health.status);
            words.push(format!("{word} {code}"));
        }
        Ok(((), format!("{}; {} seats in the council", words.join(", "), seats.len())))
    }

    /// The client that calls are sent through: Jiangsu's node.
    pub fn chain(&self) -> &Client {
        &self.chains[JIANGSU]
    }

    /// The registrars, asked by an account.
    pub fn registrars(&self, account: &Account) -> anyhow::Result<Registrars> {
        let signer = context::signer(account);
        let genesis = self.chain().genesis_hash();
        Ok(Registrars::new(self.registrars.clone(), genesis, signer)?)
    }

    /// First port of the consortium, when it has moved.
    pub fn port_base(&self) -> Option<u16> {
        self.port_base
    }

    /// The regulator's well-known account.
    pub fn regulator(&self) -> anyhow::Result<&Account> {
        self.council.last().context("the council has a regulator")
    }

    /// A client of a province's vault.
    pub fn vault(&self, region: RegionCode, account: &Account) -> anyhow::Result<Vault> {
        let info = self.vaults.iter().find(|vault| vault.region == region);
        let mut info = info.cloned().with_context(|| format!("no vault in {region}"))?;
        let number = ports::province_number(region).context("not a local province")?;
        info.url = ports::vault(self.port_base, number);
        let target = VaultTarget::new(&info, self.chain().genesis_hash())?;
        Ok(VaultClient::new(target, context::signer(account))?.into())
    }

    /// Waits until all nodes and vaults have finalised a height.
    pub async fn settle(&self, height: Height) -> anyhow::Result<()> {
        let nobody = Account::generate();
        let nodes = self.chains.iter().map(|chain| {
            until("the nodes to finalise", move || async move {
                Ok(chain.finalized().await?.number >= height)
            })
        });
        let vaults = PROVINCES
            .iter()
            .map(|(code, _)| self.vault(*code, &nobody))
            .collect::<anyhow::Result<Vec<_>>>()?;
        let vaults = vaults.iter().map(|vault| {
            until("the vaults to see the finalised block", move || async move {
                let health = vault.ready().await?;
                Ok(health.best >= height && health.finalised >= height)
            })
        });
        let (nodes, vaults) = futures::join!(try_join_all(nodes), try_join_all(vaults));
        nodes?;
        vaults?;
        Ok(())
    }

    /// What an account can spend.
    pub async fn balance(&self, account: &AccountId, at: At) -> anyhow::Result<u128> {
        Ok(self.chain().account(account, at).await?.data.free)
    }

    /// Number of records in a person's file, whoever asks.
    pub async fn file_length(&self, person: &PersonId, at: At) -> anyhow::Result<usize> {
        let (mut cursor, mut length) = (None, 0);
        loop {
            let page = self.chain().file_of(person, cursor, 256, at).await?;
            length += page.records.len();
            match page.next {
                Some(next) => cursor = Some(next),
                None => return Ok(length),
            }
        }
    }

    /// Balances and states at the end.
    pub async fn report(
        &self,
        cast: &Cast,
        patient: &Patient,
        stage: &mut Stage,
    ) -> anyhow::Result<()> {
        let chain = self.chain();
        let at = At::Hash(chain.finalized_hash().await?);
        let accounts = [
            ("patient's balance", patient.account.id()),
            ("Jiangsu hospital's balance", cast.hospital.account.id()),
            ("Zhejiang hospital's balance", cast.clinic.account.id()),
            ("doctor's balance", cast.doctor.id()),
        ];
        for (what, account) in accounts {
            stage.fact(what, output::hmc(self.balance(&account, at).await?));
        }
        let mut earned = chain.era(at).await?.unwrap_or_default().regions;
        for (_, regions) in chain.unsettled(at).await? {
            for (region, amount) in regions {
                *earned.entry(region).or_default() += amount;
            }
        }
        let earned: Vec<_> =
            earned.iter().map(|(code, sum)| format!("{code}: {}", output::hmc(*sum))).collect();
        stage.fact("regions' part, paid when an era is settled", earned.join(", "));
        for hospital in [&cast.hospital, &cast.clinic] {
            let found = chain.institution(&hospital.id, at).await?;
            let found = found.context("a hospital is gone")?;
            let until = instant::show(found.valid_until);
            let state = format!("{} {} until {until}", hospital.id, found.status);
            stage.fact(hospital.name.clone(), state);
        }
        let person = chain.person(&patient.id, at).await?.context("the patient is gone")?;
        let state = format!("{} {} in {}", patient.id, person.status, person.home_region);
        stage.fact("patient", state);
        stage.fact("records in the file", self.file_length(&patient.id, at).await?.to_string());
        stage.fact("terms in force", chain.terms_of(&patient.id, at).await?.len().to_string());
        for (code, word) in PROVINCES {
            if let Some(anchor) = chain.access_log(code, at).await? {
                let state = format!("{} lines anchored", anchor.size);
                stage.fact(format!("access log of {word}"), state);
            }
        }
        stage.fact("finalised height", chain.head(at).await?.number.to_string());
        Ok(())
    }
}

/// Four nodes of one chain that agree on a finalised block and go on.
async fn four_nodes(base: Option<u16>) -> anyhow::Result<(Vec<Client>, String)> {
    let urls = (0u16..).zip(PROVINCES).map(|(number, _)| ports::node(base, number));
    let chains = urls.map(|url| async move { Client::connect(&url).await });
    let chains = join_all(chains).await.into_iter().collect::<Result<Vec<_>, _>>()?;
    let genesis: Vec<Hash32> = chains.iter().map(Client::genesis_hash).collect();
    if genesis.windows(2).any(|pair| pair[0] != pair[1]) {
        return Err(Fault::verification("the nodes are on different chains").into());
    }
    let heads = try_join_all(chains.iter().map(Client::finalized)).await?;
    let common = heads.iter().map(|head| head.number).min().unwrap_or_default();
    let hashes = try_join_all(chains.iter().map(|chain| chain.block_hash(common))).await?;
    check!(
        hashes.windows(2).all(|pair| pair[0].is_some() && pair[0] == pair[1]),
        "the nodes disagree about finalised block {common}"
    );
    for chain in &chains {
        until(
            "finality to go on",
            move || async move { Ok(chain.finalized().await?.number > common) },
        )
        .await?;
    }
    let hash = hashes.first().copied().flatten().unwrap_or_default();
    let seen = format!("block {common} is 0x{}… on all four", hex::encode(&hash[..4]));
    Ok((chains, seen))
}

/// Waits until a question is answered with yes.
pub async fn until<F, Answer>(what: &str, ask: F) -> anyhow::Result<()>
where
    F: Fn() -> Answer,
    Answer: Future<Output = anyhow::Result<bool>>,
{
    until_within(PATIENCE, what, ask).await
}

async fn until_within<F, Answer>(patience: Duration, what: &str, ask: F) -> anyhow::Result<()>
where
    F: Fn() -> Answer,
    Answer: Future<Output = anyhow::Result<bool>>,
{
    let asked = async {
        while !ask().await? {
            tokio::time::sleep(PAUSE).await;
        }
        anyhow::Ok(())
    };
    match tokio::time::timeout(patience, asked).await {
        Ok(result) => result,
        Err(_) => {
            let seconds = patience.as_secs();
            Err(Fault::unreachable(format!("waited {seconds} s for {what}")).into())
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    #[tokio::test]
    async fn waiting_ends_with_a_yes_an_error_or_in_time() {
        let left = Cell::new(3);
        let ask = || {
            left.set(left.get() - 1);
            let yes = left.get() == 0;
            async move { Ok(yes) }
        };
        until("three questions", ask).await.unwrap();
        assert!(until("an error", || async { anyhow::bail!("no") }).await.is_err());
        let never = until_within(Duration::from_millis(1), "ever", || async { Ok(false) });
        let late = never.await.unwrap_err();
        assert_eq!(crate::fault::class_of(&late), crate::fault::Class::Unreachable);
    }
}
