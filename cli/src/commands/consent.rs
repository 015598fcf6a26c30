//! Grants as FHIR Consents: written out, and granted from what was written elsewhere.

use std::path::{Path, PathBuf};

use clap::Subcommand;
use kanglian_primitives::{BusinessBlockSet, Grantee, PersonId, PurposeSet};
use kanglian_sdk::{
    AccountId,
    chain::{At, Client},
    fhir::consent::{self, Draft, Meaning},
};
use serde_json::{Value, json};

use crate::{
    consenting::{self, Wish},
    context::Context,
    csv,
    fault::Fault,
    files, instant, names,
    shown::fields,
};

/// What is done with Consents.
#[derive(Debug, Subcommand)]
pub enum Consent {
    /// Write all own grants as a FHIR Bundle of Consents
    Export {
        /// New file (JSON)
        #[arg(long)]
        out: PathBuf,
    },
    /// Grant what a FHIR Consent says; what terms cannot express is refused with its element
    Import {
        /// The Consent (JSON)
        file: PathBuf,
        /// CSV file with the columns reference and grantee: whom its references mean
        #[arg(long)]
        map: Option<PathBuf>,
        /// Reference that means the person, such as Patient/f001, when the Consent does not name the id
        #[arg(long)]
        patient: Option<String>,
        /// Business blocks that are meant when it names no classes
        #[arg(long, value_parser = names::blocks)]
        blocks: Option<BusinessBlockSet>,
        /// Purposes that are meant when it names none
        #[arg(long, value_parser = names::purposes)]
        purposes: Option<PurposeSet>,
        /// Say what would be granted, grant nothing
        #[arg(long)]
        dry_run: bool,
    },
}

/// Whose grants.
pub struct Who<'a> {
    /// The person's account.
    pub account: &'a str,
    /// The person's secret.
    pub secret: &'a str,
    /// The person.
    pub person: PersonId,
}

struct Told {
    person: PersonId,
    patient: Option<String>,
    grantees: Vec<(String, Grantee<AccountId>)>,
    blocks: Option<BusinessBlockSet>,
    purposes: Option<PurposeSet>,
}

impl Meaning for Told {
    fn person(&self, reference: &str) -> Option<PersonId> {
        (self.patient.as_deref() == Some(reference)).then_some(self.person)
    }
    fn grantee(&self, reference: &str) -> Option<Grantee<AccountId>> {
        let found = self.grantees.iter().find(|(known, _)| known == reference);
        found.map(|(_, grantee)| *grantee)
    }
    fn blocks(&self) -> Option<BusinessBlockSet> {
        self.blocks
    }
    fn purposes(&self) -> Option<PurposeSet> {
        self.purposes
    }
}

impl Consent {
    /// Carries out the command.
    pub async fn run(
        &self,
        context: &Context,
        chain: &Client,
        who: &Who<'_>,
    ) -> anyhow::Result<()> {
        match self {
            Self::Export { out } => export(context, chain, who.person, out).await,
            Self::Import { file, map, patient, blocks, purposes, dry_run } => {
                let value: Value = serde_json::from_slice(&files::read_small(file)?)
                    .map_err(|error| Fault::usage(format!("{}: {error}", file.display())))?;
                let told = Told {
                    person: who.person,
                    patient: patient.clone(),
                    grantees: map.as_deref().map(grantees).transpose()?.unwrap_or_default(),
                    blocks: *blocks,
                    purposes: *purposes,
                };
                let draft = consent::draft_of(&value, &told)
                    .map_err(|error| Fault::usage(format!("{}: {error}", file.display())))?;
                grant(context, chain, who, &draft, *dry_run).await
            },
        }
    }
}

fn grantees(path: &Path) -> anyhow::Result<Vec<(String, Grantee<AccountId>)>> {
    let text = String::from_utf8(files::read_small(path)?)
        .map_err(|_| Fault::usage(format!("{}: not UTF-8", path.display())))?;
    let table = csv::Table::read(&text, &["reference", "grantee"])?;
    let one = |row: &csv::Row| {
        let grantee = names::grantee(row.cell(1))
            .map_err(|error| Fault::usage(format!("line {}: {error}", row.line)))?;
        Ok((row.cell(0).to_owned(), grantee))
    };
    table.rows.iter().map(one).collect()
}

async fn export(
    context: &Context,
    chain: &Client,
    person: PersonId,
    out: &Path,
) -> anyhow::Result<()> {
    let now = instant::now();
    let terms = chain.terms_of(&person, At::Finalized).await?;
    let entries: Vec<_> = terms
        .into_iter()
        .map(|(grantee, terms)| {
            json!({ "resource": consent::to_consent(&(person, grantee, terms), now) })
        })
        .collect();
    let count = entries.len();
    let mut bundle = json!({ "resourceType": "Bundle", "type": "collection" });
    if count > 0 {
        bundle["entry"] = entries.into();
    }
    files::write_new(out, &serde_json::to_vec_pretty(&bundle)?)?;
    context.output.fields(fields!({ "written": out, "consents": count }));
    Ok(())
}

async fn grant(
    context: &Context,
    chain: &Client,
    who: &Who<'_>,
    draft: &Draft,
    dry_run: bool,
) -> anyhow::Result<()> {
    let Draft { person, grantee, terms } = draft;
    if *person != who.person {
        return Err(Fault::refused(format!("the Consent is {person}'s, not one's own")).into());
    }
    if terms.until <= instant::now() {
        return Err(Fault::usage(format!(
            "Consent.provision.period.end: {} is past",
            instant::show(terms.until)
        ))
        .into());
    }
    let mut said = fields!({
        "to": names::show_grantee(grantee),
        "blocks": names::show_blocks(terms.blocks),
        "purposes": names::show_purposes(terms.purposes),
        "from": instant::show(terms.from),
        "until": instant::show(terms.until),
        "granted": !dry_run,
    });
    if !dry_run {
        let account = context.account(who.account)?;
        let secret = context.person_secret(who.secret)?;
        let vault = context.vault(chain, person, &account).await?;
        let wish = Wish {
            grantee: *grantee,
            blocks: terms.blocks,
            purposes: terms.purposes,
            from: terms.from,
            until: terms.until,
            records_from: terms.records_from,
            records_until: terms.records_until,
            may_delegate: terms.may_delegate,
        };
        let given = consenting::grant(chain, &vault, &account, &secret, *person, &wish).await?;
        if let crate::shown::Shown::Fields(fields) = &mut said {
            fields.push(("terms".to_owned(), crate::shown::Shown::of(&given.id)));
            fields.push(("block".to_owned(), crate::shown::Shown::of(&given.included.number)));
        }
    }
    context.output.fields(said);
    Ok(())
}
