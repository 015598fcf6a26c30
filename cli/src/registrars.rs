//! The registrars as commands ask them: the set and its key, evaluations whose outcome is open.

use std::{path::PathBuf, time::Duration};

use anyhow::Context as _;
use kanglian_primitives::{Instant, PersonId};
use kanglian_sdk::{
    chain::{At, Client, identity::ChainRegistrars},
    keys::Account,
    registrar::{
        Evaluated, RegistrarError, RegistrarSet, Registrars,
        client::{AskError, Opened},
        wire::{Evaluator, LineReceipt, Outcome, Reason},
    },
};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::{
    context::{self, Context},
    document::Document,
    fault::Fault,
    files,
    home::Home,
};

/// How long a registrar whose node has not finalised an attestation yet is asked again.
const PATIENCE: Duration = Duration::from_secs(30);
const PAUSE: Duration = Duration::from_millis(500);

impl Context {
    /// The registrar set that the options name.
    pub fn registrar_set(&self) -> anyhow::Result<RegistrarSet> {
        let path = self.registrars.as_ref().ok_or_else(|| {
            Fault::usage(
                "no registrar set: give the published file with --registrars or as \
                 KANGLIAN_REGISTRARS",
            )
        })?;
        let set = RegistrarSet::read(path)?;
        self.same_network_key(&set)?;
        Ok(set)
    }

    /// The registrar set in force: the one of the options, held against what the council put in
    /// force, or, without one, the one that the registrars named on chain serve.
    async fn set_in_force(&self, chain: &Client) -> anyhow::Result<RegistrarSet> {
        let Some(known) = chain.chain_registrars(At::Finalized).await? else {
            // Before the first vote there is only the file.
            return self.registrar_set();
        };
        let set = match &self.registrars {
            Some(path) => RegistrarSet::read(path)?,
            None => served(&known).await?,
        };
        set.matches(&known).map_err(|error| Fault::verification(error.to_string()))?;
        if known.generation == 0 {
            self.same_network_key(&set)?;
        } else {
            // The chain says that a new key followed; the old one is not to be trusted again.
            let key = format!("{}\n", hex::encode(set.network_key()));
            files::replace(&self.home.network_key(), key.as_bytes())?;
        }
        Ok(set)
    }

    /// Within a generation the network key never changes: another one is another network, or a
    /// forgery.
    fn same_network_key(&self, set: &RegistrarSet) -> anyhow::Result<()> {
        let path = self.home.network_key();
        let key = hex::encode(set.network_key());
        if !path.exists() {
            return files::write_new(&path, format!("{key}\n").as_bytes());
        }
        let known = files::read_small(&path)?;
        if String::from_utf8_lossy(&known).trim() == key {
            return Ok(());
        }
        Err(Fault::verification(format!(
            "the registrar set has another network key than the one known here; a network has one \
             for life. If this home was used for another network, remove {}",
            path.display()
        ))
        .into())
    }

    /// The registrars, asked by an account.
    pub async fn registrars(
        &self,
        chain: &Client,
        account: &Account,
    ) -> anyhow::Result<Registrars> {
        let signer = context::signer(account);
        let set = self.set_in_force(chain).await?;
        if set.body.development {
            tracing::info!("a registrar set for development: everybody can derive its key");
        }
        let mut registrars = Registrars::new(set, chain.genesis_hash(), signer)?;
        if !self.registrar_urls.is_empty() {
            for (url, error) in registrars.only_at(&self.registrar_urls).await {
                tracing::warn!(%url, "this registrar is left out: {error}");
            }
        }
        Ok(registrars)
    }
}

/// The set that the registrars named on chain serve; the first that is the one in force.
async fn served(known: &ChainRegistrars) -> anyhow::Result<RegistrarSet> {
    let mut reasons = Vec::new();
    for member in &known.members {
        let url = member.url.to_lossy();
        let found = async {
            let url = url.parse::<url::Url>().map_err(|error| Fault::usage(error.to_string()))?;
            let set = Registrars::published_set(&url).await?;
            set.matches(known)?;
            anyhow::Ok(set)
        };
        match found.await {
            Ok(set) => return Ok(set),
            Err(error) => reasons.push(format!("{url}: {error}")),
        }
    }
    Err(Fault::unreachable(format!(
        "no registrar gives the set in force ({}): give the published file with --registrars",
        reasons.join("; ")
    ))
    .into())
}

/// The id of the person with a document. When too few registrars answer, those that did are told
/// that nothing came of it.
pub async fn person_of(
    registrars: &Registrars,
    evaluator: Evaluator,
    document: &Document,
) -> anyhow::Result<Evaluated> {
    let canonical: Zeroizing<String> = document.canonical();
    match registrars.person(evaluator, &canonical).await {
        Ok(evaluated) => {
            for fault in &evaluated.faults {
                tracing::warn!(registrar = %fault.name, "{}", fault.error);
            }
            Ok(evaluated)
        },
        Err(error) => {
            if let RegistrarError::TooFew { opened, .. } = &error {
                close(registrars, opened, Reason::Aborted).await;
            }
            Err(error.into())
        },
    }
}

/// Files a reason for evaluations that lead to nothing; what cannot be filed is told.
pub async fn close(registrars: &Registrars, opened: &[Opened], reason: Reason) {
    for line in opened {
        let outcome = Outcome::Closed(reason);
        if let Err(error) = registrars.file(&line.registrar, line.evaluation, outcome).await {
            tracing::warn!(
                registrar = line.index,
                evaluation = line.evaluation,
                "the outcome could not be filed: {error}"
            );
        }
    }
}

/// An evaluation in a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    registrar: String,
    evaluation: u64,
    outcome_until: Instant,
    receipt: LineReceipt,
}

/// Evaluations of a person whose outcome is to be filed. It names no document.
#[derive(Debug)]
pub struct Pending {
    path: PathBuf,
    person: PersonId,
    lines: Vec<Line>,
}

impl Pending {
    fn path(home: &Home, person: &PersonId) -> PathBuf {
        home.evaluations().join(format!("{person}.json"))
    }

    /// Adds evaluations to those known of the person.
    pub fn add(home: &Home, person: PersonId, opened: &[Opened]) -> anyhow::Result<()> {
        let mut pending = Self::read(home, person)?;
        pending.lines.extend(opened.iter().map(|opened| Line {
            registrar: hex::encode(opened.registrar),
            evaluation: opened.evaluation,
            outcome_until: opened.outcome_until,
            receipt: opened.receipt.clone(),
        }));
        pending.write()
    }

    /// What is known of a person; perhaps nothing.
    pub fn read(home: &Home, person: PersonId) -> anyhow::Result<Self> {
        let path = Self::path(home, &person);
        let lines = match path.exists() {
            false => Vec::new(),
            true => serde_json::from_slice(&files::read_small(&path)?)
                .with_context(|| path.display().to_string())?,
        };
        Ok(Self { path, person, lines })
    }

    /// Everybody of whom something is known.
    pub fn all(home: &Home) -> anyhow::Result<Vec<Self>> {
        let folder = home.evaluations();
        if !folder.is_dir() {
            return Ok(Vec::new());
        }
        let mut all = Vec::new();
        for entry in std::fs::read_dir(folder)? {
            let path = entry?.path();
            let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
            if let Some(person) = stem.and_then(|stem| stem.parse().ok()) {
                all.push(Self::read(home, person)?);
            }
        }
        all.sort_by_key(|pending| pending.person);
        Ok(all)
    }

    fn write(&self) -> anyhow::Result<()> {
        if self.lines.is_empty() {
            return match std::fs::remove_file(&self.path) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    Err(error).with_context(|| self.path.display().to_string())
                },
                _ => Ok(()),
            };
        }
        files::replace(&self.path, &serde_json::to_vec_pretty(&self.lines)?)
    }

    /// The person.
    pub fn person(&self) -> PersonId {
        self.person
    }

    /// How many evaluations are open, and until when the first should be filed.
    pub fn open(&self) -> (usize, Instant) {
        let until = self.lines.iter().map(|line| line.outcome_until).min();
        (self.lines.len(), until.unwrap_or_default())
    }

    /// Files what became of them. An attestation is the outcome of one evaluation at each registrar;
    /// further ones there were duplicates. Gives how many were filed; what could not be filed stays
    /// for another time.
    pub async fn file(
        mut self,
        registrars: &Registrars,
        outcome: Outcome,
    ) -> anyhow::Result<usize> {
        let (mut filed, mut failed, mut left) = (0, None, Vec::new());
        for line in std::mem::take(&mut self.lines) {
            let filed_one = async {
                let mut registrar = [0u8; 32];
                hex::decode_to_slice(&line.registrar, &mut registrar)
                    .map_err(|_| AskError::Usage("a registrar's key is damaged".to_owned()))?;
                file_one(registrars, &registrar, line.evaluation, outcome).await
            };
            match filed_one.await {
                Ok(()) => filed += 1,
                Err(error) => {
                    tracing::warn!(evaluation = line.evaluation, "not filed: {error}");
                    failed = Some(error);
                    left.push(line);
                },
            }
        }
        self.lines = left;
        self.write()?;
        match failed {
            None => Ok(filed),
            Some(error) => Err(anyhow::Error::from(error).context(format!(
                "{} of {} outcomes are not filed yet; `kanglian institution outcome {}` goes on",
                self.lines.len(),
                self.lines.len() + filed,
                self.person
            ))),
        }
    }
}

/// Files the outcome of an evaluation; waits for a registrar whose node is a moment behind.
pub async fn file_one(
    registrars: &Registrars,
    registrar: &[u8; 32],
    evaluation: u64,
    outcome: Outcome,
) -> Result<(), AskError> {
    let begun = std::time::Instant::now();
    loop {
        let error = match registrars.file(registrar, evaluation, outcome).await {
            Ok(_) => return Ok(()),
            Err(error) => error,
        };
        match error.code() {
            Some("already_filed") => return Ok(()),
            Some("already_counted") => {
                let duplicate = Outcome::Closed(Reason::Duplicate);
                return registrars.file(registrar, evaluation, duplicate).await.map(|_| ());
            },
            // Its node may be a moment behind the one that finalised the attestation.
            Some("not_attested" | "stale") if begun.elapsed() < PATIENCE => {
                tokio::time::sleep(PAUSE).await;
            },
            _ => return Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opened(evaluation: u64) -> Opened {
        let receipt = LineReceipt { index: evaluation, leaf: [2; 32], signature: "00".into() };
        Opened { index: 1, registrar: [1; 32], evaluation, receipt, outcome_until: 9 - evaluation }
    }

    #[test]
    fn evaluations_wait_in_files_until_they_are_filed() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::new(Some(folder.path().to_owned())).unwrap();
        let person = PersonId([7; 32]);
        assert!(Pending::all(&home).unwrap().is_empty());
        assert_eq!(Pending::read(&home, person).unwrap().open(), (0, 0));
        Pending::add(&home, person, &[opened(1), opened(2)]).unwrap();
        Pending::add(&home, person, &[opened(3)]).unwrap();
        let all = Pending::all(&home).unwrap();
        assert_eq!(all.len(), 1);
        assert_eq!((all[0].person(), all[0].open()), (person, (3, 6)));
        let mut none = Pending::read(&home, person).unwrap();
        none.lines.clear();
        none.write().unwrap();
        none.write().unwrap();
        assert!(Pending::all(&home).unwrap().is_empty());
    }
}
