//! A second document of the same person: its id is enrolled by mistake, then linked; the heads of the
//! registrars' logs are on chain, and the logs are those.

use anyhow::Context as _;
use kanglian_primitives::{
    Grantee, PersonId, RegistrarKey, blocks,
    payloads::{self, LinkBody},
};
use kanglian_sdk::{
    chain::{At, Call, ChainError, Wait, calls, identity::AliasKind, types::PersonStatus},
    envelope::open_bytes,
    keys::{Account, PersonSecret},
    registrar::{
        audit::HeadMark,
        wire::{Evaluator, Outcome},
    },
    vault::Ask,
};

use super::{
    enrolment::attestation,
    records::{self, Original},
    stage::{Stage, check},
    world::{Cast, JIANGSU, Patient, World, until},
};
use crate::{
    context,
    document::{Document, DocumentType},
    opening::{self, Keys},
    ports::PROVINCES,
    registrars,
    request::EnrolmentRequest,
};

/// Plays the act.
pub async fn play(
    world: &World,
    cast: &Cast,
    patient: &Patient,
    stage: &mut Stage,
) -> anyhow::Result<()> {
    let (second, original) = stage
        .step("With a passport the same person gets another id, and a second file", async {
            enrol_passport(world, cast, patient).await
        })
        .await?;
    stage
        .step("Both accounts sign, a hospital links the two: one person, one file", async {
            link(world, cast, patient, &second, &original).await
        })
        .await?;
    stage
        .step("The heads of the registrars' logs are on chain, and the logs are those", async {
            anchors(world).await
        })
        .await
}

async fn enrol_passport(
    world: &World,
    cast: &Cast,
    patient: &Patient,
) -> anyhow::Result<((Patient, Original), String)> {
    let account = Account::generate();
    let bytes = account.id().0;
    let number = u32::from_le_bytes([bytes[0], bytes[1], bytes[2], 0]);
    let document = Document::parse(DocumentType::Passport, &format!("CHN/E{number:08}"))?;
    let registrars = world.registrars(&cast.hospital.account)?;
    let institution = Evaluator::Institution(cast.hospital.id);
    let evaluated = registrars::person_of(&registrars, institution, &document).await?;
    check!(evaluated.person != patient.id, "two documents gave one id");
    let second = Patient { id: evaluated.person, account, secret: PersonSecret::generate() };
    let (body, _) = attestation(world, &second, cast.hospital.id, PROVINCES[JIANGSU].0);
    let chain = world.chain();
    let genesis = chain.genesis_hash();
    let signer = context::signer(&second.account);
    let request = EnrolmentRequest::sign(&genesis, &body, signer.as_ref());
    let signature = request.checked_signature(&genesis)?;
    let call = calls::real_name::attest(second.id, &request.attestation(), &signature);
    let included = chain.submit(&call, &cast.hospital.account, Wait::Finalized).await?;
    for line in &evaluated.opened {
        let outcome = Outcome::Attested(second.id);
        registrars::file_one(&registrars, &line.registrar, line.evaluation, outcome).await?;
    }
    world.settle(included.number).await?;
    let sharer = records::sharer(world, &cast.hospital, &second).await?;
    let item = records::item("Observation", 3, "passport");
    let stored = records::store(&sharer, &item, blocks::MEDICAL).await?;
    let shared = records::share(&sharer, &stored).await?;
    world.settle(shared.number).await?;
    let original = records::original(world, &stored).await?;
    let seen = format!("{document} (synthetic) → {}; record {}", second.id, original.facts.id);
    Ok(((second, original), seen))
}

/// The call must fail with this error of a pallet.
async fn refused(world: &World, call: &Call, by: &Account, why: &str) -> anyhow::Result<()> {
    match world.chain().submit(call, by, Wait::Finalized).await {
        Ok(included) => anyhow::bail!("{call} was accepted in block {}", included.number),
        Err(ChainError::Dispatch(failure)) => {
            check!(failure.code().contains(why), "expected {why}, it failed with {failure}");
            Ok(())
        },
        Err(error) => Err(error.into()),
    }
}

async fn link(
    world: &World,
    cast: &Cast,
    patient: &Patient,
    second: &Patient,
    original: &Original,
) -> anyhow::Result<((), String)> {
    let chain = world.chain();
    let (alias, canonical) = (second.id, patient.id);
    let round = chain.link_round(&alias, At::Best).await?;
    let body = LinkBody { alias, canonical, institution: cast.hospital.id, round };
    let payload = payloads::link(&chain.genesis_hash(), &body);
    let own = patient.account.multi_signature(&payload);
    let other = second.account.multi_signature(&payload);
    // A forged agreement of the other account.
    let forged = calls::real_name::link(alias, canonical, &own, Some(&own));
    refused(world, &forged, &cast.hospital.account, "BadSignature").await?;
    let call = calls::real_name::link(alias, canonical, &own, Some(&other));
    let included = chain.submit(&call, &cast.hospital.account, Wait::Finalized).await?;
    let at = At::Hash(included.block);
    let known = chain.person(&alias, at).await?.context("the second id is not on chain")?;
    check!(known.status == PersonStatus::Linked, "the second id is {}", known.status);
    let found = chain.alias(&alias, at).await?.context("no alias is on chain")?;
    check!((found.canonical, found.kind) == (canonical, AliasKind::Linked), "{found:?}");
    world.settle(included.number).await?;
    // Nobody writes about the alias any more, and its account acts no more.
    let sharer = records::sharer(world, &cast.hospital, second).await?;
    let late = records::item("Observation", 4, "late");
    let stored = records::store(&sharer, &late, blocks::MEDICAL).await;
    check!(stored.is_err(), "a vault took a record about the alias");
    let page = chain.file_of(&canonical, None, kanglian_primitives::MAX_PAGE, At::Best).await?;
    let listed = page.records.iter().any(|facts| facts.id == original.facts.id);
    check!(listed || page.next.is_some(), "the one file does not list the second's record");
    read(world, patient, second, original).await?;
    let records = world.file_length(&canonical, At::Best).await?;
    let seen = format!(
        "{} is another name of {}; {records} records in one file, read with either secret; a forged \
         agreement and a record about the alias refused",
        short(&alias),
        short(&canonical)
    );
    Ok(((), seen))
}

fn short(id: &PersonId) -> String {
    let text = id.to_string();
    text.get(..10).map_or_else(|| text.clone(), |begin| format!("{begin}…"))
}

/// The account that goes on reads what was shared about the alias; the alias's secret opens it.
async fn read(
    world: &World,
    patient: &Patient,
    second: &Patient,
    original: &Original,
) -> anyhow::Result<()> {
    let vault = world.vault(PROVINCES[JIANGSU].0, &patient.account)?;
    let ask = Ask { acting_as: Grantee::Person(patient.id), ..Ask::own(second.id) };
    let mut sealed = Vec::new();
    let fetched = vault.fetch(&ask, &original.facts.id, &mut sealed).await?;
    let keys = Keys::Own(second.secret.clone());
    let (chain, facts) = (world.chain(), &original.facts);
    let key = opening::data_key(chain, &vault, &ask, facts, &keys, &fetched.wraps).await?;
    let content = open_bytes(&sealed, &key, &facts.id).await?;
    check!(content == original.bytes, "{}: the content differs", facts.id);
    Ok(())
}

async fn anchors(world: &World) -> anyhow::Result<((), String)> {
    let chain = world.chain();
    let known = chain.chain_registrars(At::Finalized).await?;
    let known = known.context("no registrars are on chain")?;
    let registrars = world.registrars(world.regulator()?)?;
    registrars.set().matches(&known)?;
    let mut seen = Vec::new();
    for (index, member) in registrars.set().members() {
        let key = RegistrarKey(member.signing_key);
        until("a registrar's anchor", || async {
            Ok(chain.evaluation_log(&key, At::Finalized).await?.is_some())
        })
        .await?;
        let anchor = chain.evaluation_log(&key, At::Finalized).await?.context("it is gone")?;
        let mark = HeadMark { size: anchor.size, root: anchor.root };
        let log = registrars.verified_log(index, None, Some(mark)).await?;
        // One that it never signed does not hold.
        let other = HeadMark { size: anchor.size, root: [7; 32] };
        let forged = registrars.verified_log(index, None, Some(other)).await;
        check!(forged.is_err(), "a log holds against any anchor");
        seen.push(format!("{} {}/{}", member.name, anchor.size, log.mark.size));
    }
    Ok(((), format!("lines anchored of lines served: {}", seen.join(", "))))
}
