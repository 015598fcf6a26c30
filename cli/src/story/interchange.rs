//! What Kanglian holds, in FHIR and back: the own access log of every province as AuditEvents that
//! prove themselves, grants as Consents, the file as DocumentReferences.

use anyhow::Context as _;
use kanglian_sdk::{
    chain::At,
    fhir::{
        audit::{Line, from_audit_event, to_audit_event},
        consent::{from_consent, to_consent},
        document::{from_document, to_document},
    },
    vault::{Ask, verify_lines},
};

use super::{
    stage::{Stage, check},
    world::{Patient, World},
};
use crate::{instant, ports::PROVINCES};

/// Plays the act.
pub async fn play(world: &World, patient: &Patient, stage: &mut Stage) -> anyhow::Result<()> {
    stage
        .step("Own log of all provinces as FHIR AuditEvents; a changed one is found", async {
            audit_events(world, patient).await
        })
        .await?;
    stage
        .step("Grants and file go as FHIR and come back the same", async {
            grants_and_file(world, patient).await
        })
        .await
}

async fn audit_events(world: &World, patient: &Patient) -> anyhow::Result<((), String)> {
    let chain = world.chain();
    let genesis = chain.genesis_hash();
    let (mut lines, mut proved, mut provinces) = (0usize, 0usize, 0usize);
    for (region, ..) in PROVINCES {
        let vault = world.vault(region, &patient.account)?;
        let anchor = chain.access_log(region, At::Finalized).await?;
        let anchor = anchor.map(|anchor| (anchor.size, anchor.root));
        let log = vault.own_log(&patient.id, anchor, None).await?;
        let mut wire = Vec::with_capacity(log.lines.len());
        for line in &log.lines {
            let line = Line::of(region, &line.wire).context("a line cannot be read")?;
            let event = serde_json::to_string(&to_audit_event(&line))?;
            let read = from_audit_event(&serde_json::from_str(&event)?)?;
            check!(read == line, "line {} came back otherwise", line.index);
            wire.push(read);
        }
        let check = |lines: &[Line]| {
            let lines = lines.iter().map(Line::wire).collect();
            verify_lines(&genesis, region, &patient.id, anchor, lines)
        };
        proved += check(&wire)?.iter().filter(|line| line.anchored).count();
        if let Some(first) = wire.first().cloned() {
            let mut changed = wire.clone();
            changed[0] = Line { entry: first.entry.clone(), ..first };
            changed[0].entry.at += 1;
            let anchored = anchor.is_some_and(|(size, _)| changed[0].index < size);
            check!(check(&changed).is_err() == anchored, "a changed line was not found");
            if wire.len() > 1 {
                check!(check(&wire[1..]).is_err(), "a removed line was not found");
            }
            provinces += 1;
        }
        lines += wire.len();
    }
    check!(lines > 0, "nobody read anything");
    Ok(((), format!("{lines} lines at {provinces} vaults, {proved} proved against the chain")))
}

async fn grants_and_file(world: &World, patient: &Patient) -> anyhow::Result<((), String)> {
    let chain = world.chain();
    let grants = chain.terms_of(&patient.id, At::Best).await?;
    for (grantee, terms) in &grants {
        let grant = (patient.id, *grantee, *terms);
        let text = serde_json::to_string(&to_consent(&grant, instant::now()))?;
        let read = from_consent(&serde_json::from_str(&text)?)?;
        check!(read == grant, "terms {} came back otherwise", terms.id);
    }
    let schemas = chain.schemas(At::Best).await?;
    let home = world.vault(PROVINCES[0].0, &patient.account)?;
    let file = home.whole_file(&Ask::own(patient.id)).await?.records;
    for facts in &file {
        let name = schemas.get(&facts.schema).map(|schema| schema.name.to_lossy());
        let text = serde_json::to_string(&to_document(facts, name.as_deref()))?;
        let read = from_document(&serde_json::from_str(&text)?)?;
        check!(read == *facts, "{} came back otherwise", facts.id);
    }
    check!(!file.is_empty(), "the file is empty");
    Ok(((), format!("{} Consents, {} DocumentReferences", grants.len(), file.len())))
}
