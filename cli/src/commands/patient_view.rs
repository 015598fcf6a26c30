//! What a person sees: the own identity with its consents, the own access log.

use kanglian_primitives::{Basis, PersonId, Purpose, RecordId, RegionCode};
use kanglian_sdk::{
    AccountId,
    chain::{At, Client},
    vault::VerifiedLine,
};
use serde::Serialize;

use super::{custody, emergency, recovery};
use crate::{context::Context, fault::Fault, instant, names, output, shown::fields};

/// For how long an emergency is told of.
const NOTICE: kanglian_primitives::Instant = 30 * instant::DAY as u64;

#[derive(Serialize)]
struct Line {
    region: RegionCode,
    index: u64,
    at: String,
    reader: String,
    #[serde(rename = "as")]
    acting_as: String,
    purpose: Purpose,
    record: Option<RecordId>,
    allowed_by: Option<Basis>,
    proved_against_chain: bool,
}

/// Prints lines of an access log.
pub fn print_log(context: &Context, lines: &[VerifiedLine]) {
    let lines: Vec<_> = lines
        .iter()
        .map(|line| {
            let statement = &line.entry.statement;
            Line {
                region: statement.region,
                index: line.index,
                at: instant::show(line.entry.at),
                reader: statement.account.to_string(),
                acting_as: names::show_grantee(&statement.acting_as),
                purpose: statement.purpose,
                record: line.entry.record,
                allowed_by: line.entry.basis,
                proved_against_chain: line.anchored,
            }
        })
        .collect();
    let columns = ["province", "line", "at", "as", "purpose", "record", "outcome", "proof"];
    context.output.rows(&columns, &lines, |line| {
        let list = "the file's list".to_owned();
        vec![
            line.region.to_string(),
            line.index.to_string(),
            line.at.clone(),
            line.acting_as.clone(),
            line.purpose.code().to_owned(),
            line.record.map_or(list, |record| record.to_string()),
            if line.allowed_by.is_some() { "read" } else { "refused" }.to_owned(),
            if line.proved_against_chain { "verified" } else { "not anchored yet" }.to_owned(),
        ]
    });
}

/// What the person should do about the own keys, and what others did about them: a recovery that
/// somebody asked for, emergencies, custodians that changed.
pub async fn warnings(
    context: &Context,
    chain: &Client,
    person: &PersonId,
    own: &AccountId,
) -> anyhow::Result<Vec<String>> {
    let mut warnings = Vec::new();
    if let Some(id) = chain.recovery_of(person, At::Best).await?
        && let Some(recovery) = chain.recovery(id, At::Best).await?
        && recovery.is_pending()
        && recovery.new_controller != *own
    {
        warnings.push(format!(
            "{} asked for a recovery of these keys ({id}), which can be carried out from {} on. \
             Was it not you? `kanglian patient recovery veto`",
            recovery.institution,
            instant::show(recovery.executable_from)
        ));
    }
    let since = instant::now().saturating_sub(NOTICE);
    for note in chain.emergencies_of(person, At::Best).await? {
        if note.ends_at >= since {
            warnings.push(format!(
                "{} at {} opened an emergency ({}) and could read the emergency summary until {}; \
                 the review is {}",
                note.practitioner,
                note.institution,
                note.id,
                instant::show(note.ends_at),
                if note.reviewed { "done" } else { "open" }
            ));
        }
    }
    let reasons = custody::warnings(context, chain, person).await?;
    if !reasons.is_empty() {
        warnings.push(format!(
            "the custody of the keys needs attention ({}): `kanglian patient custody deal \
             --if-needed`",
            reasons.join("; ")
        ));
    }
    Ok(warnings)
}

/// Prints a person's identity, keys, consents and balance.
pub async fn show(context: &Context, chain: &Client, person: PersonId) -> anyhow::Result<()> {
    let found = chain.person(&person, At::Best).await?;
    let found = found.ok_or_else(|| Fault::refused(format!("{person} is not on this chain")))?;
    let mut writers = Vec::new();
    for (institution, consent) in chain.write_consents(&person, At::Best).await? {
        writers.push(fields!({
            "institution": institution,
            "blocks": names::show_blocks(consent.blocks),
            "until": instant::show(consent.until),
        }));
    }
    let mut scopes = chain.scope_keys(&person, At::Best).await?;
    scopes.sort_by_key(|(block, _)| *block);
    let scopes: Vec<_> = scopes
        .iter()
        .map(|(block, scope)| {
            fields!({
                "block": names::show_block(*block),
                "epoch": scope.epoch,
                "key": scope.key.to_string(),
            })
        })
        .collect();
    let terms: Vec<_> = chain
        .terms_of(&person, At::Best)
        .await?
        .iter()
        .map(|(grantee, terms)| {
            fields!({
                "to": names::show_grantee(grantee),
                "terms": terms.id,
                "blocks": names::show_blocks(terms.blocks),
                "purposes": names::show_purposes(terms.purposes),
                "from": instant::show(terms.from),
                "until": instant::show(terms.until),
                "may_delegate": terms.may_delegate,
                "from_terms": terms.parent.map(|parent| {
                    format!("{} of {}", parent.id, names::show_grantee(&parent.grantee))
                }),
            })
        })
        .collect();
    let mut dealings = Vec::new();
    for scope in crate::custody::SCOPES {
        if let Some(view) = chain.dealing(&person, scope, At::Best).await? {
            dealings.push(fields!({
                "scope": crate::custody::scope_name(scope),
                "number": view.dealing.number,
                "recoverable": view.recoverable,
            }));
        }
    }
    let mut emergencies = Vec::new();
    for note in chain.emergencies_of(&person, At::Best).await? {
        if let Some(found) = chain.emergency(note.id, At::Best).await? {
            emergencies.push(emergency::shown(note.id, &found));
        }
    }
    let recovery = match chain.recovery_of(&person, At::Best).await? {
        Some(id) => {
            let found = chain.recovery(id, At::Best).await?;
            found.map(|found| recovery::shown(id, &found))
        },
        None => None,
    };
    let account = chain.account(&found.controller, At::Best).await?;
    context.output.fields(fields!({
        "person": person,
        "status": found.status.to_string(),
        "home_region": found.home_region.to_string(),
        "controller": found.controller.to_string(),
        "attested_by": found.attester,
        "attested_at": instant::show(found.attested_at),
        "valid_until": instant::show(found.valid_until),
        "data_key": found.data_key.to_string(),
        "scope_keys": scopes,
        "may_write": writers,
        "may_read": terms,
        "custody": dealings,
        "recovery": recovery,
        "emergencies": emergencies,
        "balance": output::hmc(account.data.free),
    }));
    Ok(())
}
