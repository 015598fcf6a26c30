//! Emergencies: a practitioner opens one and reads the summary, the pan-centre reviews, the regulator
//! sees what is overdue.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::Context as _;
use clap::{Args, Subcommand, ValueEnum};
use kanglian_primitives::{
    CaseRef, Emergency, EmergencyId, EmergencyReason, Grantee, InstitutionId, PersonId, Purpose,
    RegionCode, ReviewOutcome, blocks,
};
use kanglian_sdk::{
    AccountId,
    chain::{At, Client, calls::key_custody},
    custody::Payload,
    ips,
    keys::{Account, EncryptionSecret},
    vault::Ask,
};

use crate::{
    context::Context,
    custody,
    fault::Fault,
    files, instant,
    opening::{self, Keys},
    shown::{Shown, fields},
    vault::Vault,
};

/// What a practitioner does.
#[derive(Debug, Subcommand)]
pub enum OfReader {
    /// Open an emergency about the person; the pan-centre will review it
    Open {
        /// Why
        #[arg(long, value_enum)]
        reason: Reason,
        /// For how many hours
        #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u8).range(1..=4))]
        hours: u8,
    },
    /// Read the emergency summary into a file
    Read {
        /// Where to write it
        #[arg(long)]
        out: PathBuf,
        /// Seconds to wait for the custodians
        #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u64).range(0..=3_600))]
        wait: u64,
    },
    /// End the emergency early
    Close,
}

/// What a pan-centre does.
#[derive(Debug, Subcommand)]
pub enum OfPanCentre {
    /// List emergencies at the province's institutions that wait for a review
    List {
        /// Reviewed ones too, of all provinces
        #[arg(long)]
        all: bool,
    },
    /// Say whether there was an emergency; abuse ends it and suspends the practitioner
    Review {
        /// Its number
        emergency: u64,
        /// What was found
        #[arg(value_enum)]
        outcome: Outcome,
    },
}

/// What the regulator does about reviews.
#[derive(Debug, Args)]
pub struct OfRegulator {
    /// Put on chain which pan-centre's review is overdue
    #[arg(long)]
    escalate: bool,
}

/// Why an emergency is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Reason {
    /// 意识不清: the patient cannot speak for themselves
    Unconscious,
    /// 危及生命: the patient's life is in danger
    LifeThreatening,
    /// 无代理人在场: a minor or incapacitated patient without a representative
    NoRepresentative,
    /// 突发公共卫生事件: an outbreak or a disaster
    PublicHealth,
}

impl From<Reason> for EmergencyReason {
    fn from(reason: Reason) -> Self {
        match reason {
            Reason::Unconscious => Self::Unconscious,
            Reason::LifeThreatening => Self::LifeThreatening,
            Reason::NoRepresentative => Self::NoRepresentative,
            Reason::PublicHealth => Self::PublicHealth,
        }
    }
}

fn reason_name(reason: EmergencyReason) -> &'static str {
    match reason {
        EmergencyReason::Unconscious => "unconscious",
        EmergencyReason::LifeThreatening => "life-threatening",
        EmergencyReason::NoRepresentative => "no-representative",
        EmergencyReason::PublicHealth => "public-health",
    }
}

/// What a review found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Outcome {
    /// There was an emergency
    Justified,
    /// There was none
    Abuse,
}

impl From<Outcome> for ReviewOutcome {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Justified => Self::Justified,
            Outcome::Abuse => Self::Abuse,
        }
    }
}

fn outcome_name(outcome: Option<ReviewOutcome>) -> &'static str {
    match outcome {
        None => "not yet",
        Some(ReviewOutcome::Justified) => "justified",
        Some(ReviewOutcome::Abuse) => "abuse",
    }
}

/// An emergency as it is printed.
pub fn shown(id: EmergencyId, emergency: &Emergency<AccountId>) -> Shown {
    fields!({
        "emergency": id,
        "person": emergency.person,
        "practitioner": emergency.practitioner.to_string(),
        "institution": emergency.institution,
        "region": emergency.region,
        "reason": reason_name(emergency.reason),
        "opened_at": instant::show(emergency.opened_at),
        "ends_at": instant::show(emergency.ends_at),
        "open": emergency.is_open(instant::now()),
        "review_by": instant::show(emergency.review_by),
        "review": outcome_name(emergency.review),
        "escalated": emergency.escalated,
    })
}

/// A practitioner who reads.
pub struct Practitioner<'a> {
    /// The account.
    pub account: &'a Account,
    /// The secret of the encryption key that the institution registered.
    pub secret: &'a EncryptionSecret,
    /// At which institution.
    pub institution: InstitutionId,
    /// About whom.
    pub person: PersonId,
}

/// What was read in an emergency.
pub struct Summary {
    /// The document: one IPS Bundle when the records are FHIR.
    pub bytes: Vec<u8>,
    /// How many records it was made of.
    pub records: usize,
    /// Whose shares were used.
    pub used: Vec<RegionCode>,
}

impl Practitioner<'_> {
    /// As what the practitioner asks vaults.
    pub fn ask(&self) -> Ask {
        let acting_as =
            Grantee::Practitioner { account: self.account.id(), institution: self.institution };
        Ask { acting_as, subject: self.person, purpose: Purpose::EmergencyTreatment }
    }

    /// The emergency about the person that the practitioner has open here.
    pub async fn open_case(&self, chain: &Client, at: At) -> anyhow::Result<EmergencyId> {
        let now = instant::now();
        let notes = chain.emergencies_of(&self.person, at).await?;
        let own = notes.iter().find(|note| {
            note.practitioner == self.account.id()
                && note.institution == self.institution
                && now < note.ends_at
        });
        let own = own.ok_or_else(|| Fault::refused("no emergency about this person is open"))?;
        Ok(own.id)
    }

    /// Collects the scope secrets, fetches every record of the summary, opens them, and makes one
    /// document of them.
    pub async fn read(
        &self,
        chain: &Client,
        vault: &Vault,
        patience: Duration,
    ) -> anyhow::Result<Summary> {
        let id = self.open_case(chain, At::Best).await?;
        let case = CaseRef::Emergency(id);
        let combined = custody::collect(chain, vault, case, self.secret, patience).await?;
        let Payload::Emergency(scopes) = combined.payload else {
            return Err(Fault::verification("another payload was dealt").into());
        };
        let keys = Keys::Scopes(scopes);
        let ask = self.ask();
        let mut file = vault.whole_file(&ask).await?.records;
        file.retain(|facts| {
            facts.block == blocks::EMERGENCY_SUMMARY
                && facts.status == kanglian_primitives::RecordStatus::Active
        });
        // The newest first: of what is there twice it counts.
        file.sort_by_key(|facts| std::cmp::Reverse(facts.shared_at));
        let folder = tempfile::tempdir()?;
        let mut contents = Vec::with_capacity(file.len());
        for facts in &file {
            let path = folder.path().join(facts.id.to_string());
            let bar = indicatif::ProgressBar::hidden();
            opening::fetch_and_open(chain, vault, &ask, facts, &keys, &path, &bar).await?;
            contents.push(std::fs::read(&path)?);
        }
        let bytes = one_document(&self.person, contents);
        Ok(Summary { bytes, records: file.len(), used: combined.used })
    }
}

/// One document out of records: a single summary as it is, several FHIR resources as a new summary,
/// anything else one after the other.
fn one_document(person: &PersonId, mut contents: Vec<Vec<u8>>) -> Vec<u8> {
    let values: Option<Vec<serde_json::Value>> =
        contents.iter().map(|bytes| serde_json::from_slice(bytes).ok()).collect();
    let Some(values) = values.filter(|values| values.iter().all(|value| value.is_object())) else {
        return contents.concat();
    };
    match values.as_slice() {
        [only] if ips::is_summary(only) => contents.pop().unwrap_or_default(),
        values => {
            let at = instant::show(instant::now()).replacen(' ', "T", 1).replace(' ', "");
            format!("{:#}\n", ips::document(person, &at, values)).into_bytes()
        },
    }
}

/// A reader at the command line.
pub struct Asking<'a> {
    /// Name or file of the account.
    pub account: &'a str,
    /// Name or file of the secret.
    pub secret: &'a str,
    /// As whom.
    pub acting_as: Grantee<AccountId>,
    /// About whom.
    pub person: PersonId,
    /// The province whose vault is asked.
    pub region: Option<RegionCode>,
}

impl OfReader {
    /// Carries out the command.
    pub async fn run(&self, context: &Context, asking: &Asking<'_>) -> anyhow::Result<()> {
        let chain = context.chain().await?;
        let account = context.account(asking.account)?;
        let institution = match asking.acting_as {
            Grantee::Practitioner { account: named, institution } if named == account.id() => {
                institution
            },
            _ => {
                return Err(Fault::usage(
                    "an emergency is opened --as practitioner:ADDRESS@CODE with that account",
                )
                .into());
            },
        };
        if let Self::Open { reason, hours } = self {
            let reason = EmergencyReason::from(*reason);
            let call = key_custody::open_emergency(asking.person, institution, reason, *hours);
            let included = context.send(&chain, &call, &account).await?;
            let at = At::Hash(included.block);
            let notes = chain.emergencies_of(&asking.person, at).await?;
            let own = notes.iter().rev().find(|note| note.practitioner == account.id());
            context.output.fields(fields!({
                "emergency": own.map(|note| note.id),
                "ends_at": own.map(|note| instant::show(note.ends_at)),
                "review_by": own.map(|note| instant::show(note.review_by)),
                "remember": "the person is told, the pan-centre reviews, abuse suspends",
                "block": included.number,
            }));
            return Ok(());
        }
        let secret = context.key_secret(asking.secret)?;
        let practitioner =
            Practitioner { account: &account, secret: &secret, institution, person: asking.person };
        match self {
            Self::Open { .. } => Ok(()),
            Self::Close => {
                let id = practitioner.open_case(&chain, At::Best).await?;
                let call = key_custody::close_emergency(id);
                let included = context.send(&chain, &call, &account).await?;
                context.output.fields(fields!({
                    "closed": id,
                    "block": included.number,
                }));
                Ok(())
            },
            Self::Read { out, wait } => {
                if out.exists() {
                    return Err(Fault::usage(format!("{} exists already", out.display())).into());
                }
                let vault = match asking.region {
                    Some(region) => context.vault_of(&chain, region, &account).await?,
                    None => context.vault(&chain, &asking.person, &account).await?,
                };
                let patience = Duration::from_secs(*wait);
                let summary = practitioner.read(&chain, &vault, patience).await?;
                write_summary(out, &summary.bytes)?;
                context.output.fields(fields!({
                    "written": out,
                    "bytes": summary.bytes.len(),
                    "records": summary.records,
                    "shares_of": summary.used,
                    "vault": vault.target().region,
                }));
                Ok(())
            },
        }
    }
}

fn write_summary(out: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    kanglian_sdk::keys::write_private(out, bytes, false).with_context(|| out.display().to_string())
}

/// The region that an account is the pan-centre of.
async fn region_of(chain: &Client, account: &AccountId) -> anyhow::Result<RegionCode> {
    let regions = chain.regions(At::Best).await?;
    let own = regions.iter().find(|(_, region)| region.pan_centre == *account);
    let own = own.ok_or_else(|| Fault::refused(format!("{account} is no pan-centre")))?;
    Ok(*own.0)
}

impl OfPanCentre {
    /// Carries out the command.
    pub async fn run(&self, context: &Context, account: &str) -> anyhow::Result<()> {
        let chain = context.chain().await?;
        match self {
            Self::List { all } => {
                let region = region_of(&chain, &context.account_id(account)?).await;
                let region = if *all { None } else { Some(region?) };
                let mut found = chain.emergencies(At::Best).await?;
                found.retain(|(_, emergency)| {
                    region.is_none_or(|own| emergency.region == own && emergency.review.is_none())
                });
                print(context, &found);
                Ok(())
            },
            Self::Review { emergency, outcome } => {
                let account = context.account(account)?;
                let id = EmergencyId(*emergency);
                let call = key_custody::review_emergency(id, (*outcome).into());
                let included = context.send(&chain, &call, &account).await?;
                context.output.fields(fields!({
                    "emergency": id,
                    "review": outcome_name(Some((*outcome).into())),
                    "block": included.number,
                }));
                Ok(())
            },
        }
    }
}

fn print(context: &Context, found: &[(EmergencyId, Emergency<AccountId>)]) {
    let columns = [
        "emergency",
        "region",
        "institution",
        "practitioner",
        "reason",
        "opened",
        "review by",
        "review",
    ];
    if context.output.is_json() {
        let rows: Vec<_> = found.iter().map(|(id, emergency)| shown(*id, emergency)).collect();
        context.output.rows(&columns, &rows, |_| Vec::new());
        return;
    }
    context.output.rows(&columns, found, |(id, emergency)| {
        vec![
            id.to_string(),
            emergency.region.to_string(),
            emergency.institution.to_string(),
            emergency.practitioner.to_string(),
            reason_name(emergency.reason).to_owned(),
            instant::show(emergency.opened_at),
            instant::show(emergency.review_by),
            outcome_name(emergency.review).to_owned(),
        ]
    });
}

impl OfRegulator {
    /// Lists overdue reviews, and puts on chain whose they are if told so.
    pub async fn run(&self, context: &Context, account: &str) -> anyhow::Result<()> {
        let chain = context.chain().await?;
        let mut found = Vec::new();
        for id in chain.overdue_reviews(instant::now(), At::Best).await? {
            if let Some(emergency) = chain.emergency(id, At::Best).await? {
                found.push((id, emergency));
            }
        }
        if self.escalate {
            let account = context.account(account)?;
            for (id, emergency) in &mut found {
                if !emergency.escalated {
                    context.send(&chain, &key_custody::escalate_emergency(*id), &account).await?;
                    emergency.escalated = true;
                }
            }
        }
        print(context, &found);
        Ok(())
    }
}

/// Writes a summary out of FHIR resources in files.
pub fn make_summary(person: &PersonId, paths: &[PathBuf], out: &Path) -> anyhow::Result<usize> {
    let mut values = Vec::new();
    for path in paths {
        let bytes = files::read_small(path)?;
        kanglian_sdk::fhir::inspect(&bytes)
            .map_err(|error| Fault::usage(format!("{}: {error}", path.display())))?;
        values.push(serde_json::from_slice(&bytes)?);
    }
    let at = instant::show(instant::now()).replacen(' ', "T", 1).replace(' ', "");
    let document = ips::document(person, &at, &values);
    files::write_new(out, format!("{document:#}\n").as_bytes())?;
    Ok(values.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_summary_stays_as_it_is_and_several_become_one() {
        let person = PersonId([7; 32]);
        let resource = |kind: &str| serde_json::json!({ "resourceType": kind, "id": "1" });
        let summary = ips::document(&person, "2027-01-31T08:00:00Z", &[resource("Condition")]);
        let bytes = format!("{summary:#}").into_bytes();
        assert_eq!(one_document(&person, vec![bytes.clone()]), bytes);
        let other = resource("AllergyIntolerance").to_string().into_bytes();
        let merged = one_document(&person, vec![bytes, other]);
        let merged: serde_json::Value = serde_json::from_slice(&merged).unwrap();
        assert!(ips::is_summary(&merged));
        assert_eq!(merged["entry"].as_array().unwrap().len(), 4);
        let at = merged["timestamp"].as_str().unwrap();
        assert!(at.len() == 25 && at.ends_with("+08:00") && !at.contains(' '), "{at}");
        // What is no FHIR is given as it is; nothing is a summary that says so.
        let scans = vec![vec![0xff, 0xd8], vec![1]];
        assert_eq!(one_document(&person, scans), [0xff, 0xd8, 1]);
        let nothing = one_document(&person, Vec::new());
        assert!(ips::is_summary(&serde_json::from_slice(&nothing).unwrap()));
    }

    #[test]
    fn a_summary_is_made_of_resources_only() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::write(&path, text).unwrap();
            path
        };
        let good = write("a.json", r#"{"resourceType":"Condition","id":"1"}"#);
        let bad = write("b.json", r#"{"resourceType":"Condition"}"#);
        let out = folder.path().join("summary.json");
        let person = PersonId([7; 32]);
        assert!(make_summary(&person, &[good.clone(), bad], &out).is_err());
        assert!(!out.exists());
        assert_eq!(make_summary(&person, &[good], &out).unwrap(), 1);
        let text = std::fs::read(&out).unwrap();
        assert!(ips::is_summary(&serde_json::from_slice(&text).unwrap()));
    }
}
