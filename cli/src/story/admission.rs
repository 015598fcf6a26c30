//! Hospitals are nominated by their pan-centres and voted in by the council; a doctor is registered.

use anyhow::Context as _;
use kanglian_primitives::{BusinessBlockSet, InstitutionId, blocks};
use kanglian_sdk::{
    chain::{
        At, Wait, calls,
        types::{InstitutionStatus, PractitionerStatus, Profile, Role},
    },
    keys::{Account, EncryptionSecret},
};

use super::{
    stage::{Stage, check},
    world::{Cast, Hospital, JIANGSU, World, ZHEJIANG},
};
use crate::{
    council::{self, Majority},
    instant::{self, DAY},
    output,
};

/// A general hospital, in WS 218.
const HOSPITAL: &str = "A1";
/// A year.
const YEAR: u64 = 365 * DAY as u64;

/// Plays the act.
pub async fn play(world: &World, stage: &mut Stage) -> anyhow::Result<Cast> {
    let hospital = found(320_102, "南京示例医院 Nanjing Example Hospital");
    let clinic = found(330_106, "杭州示例医院 Hangzhou Example Hospital");
    stage
        .step(
            "Jiangsu's pan-centre nominates a hospital",
            nominate(world, &hospital, JIANGSU, HOSPITAL),
        )
        .await?;
    stage.step("The council votes it in", vote_in(world, &hospital)).await?;
    stage
        .step(
            "Zhejiang's pan-centre nominates a hospital",
            nominate(world, &clinic, ZHEJIANG, HOSPITAL),
        )
        .await?;
    stage.step("The council votes it in too", vote_in(world, &clinic)).await?;
    let doctor = Account::generate();
    let doctor_secret = EncryptionSecret::generate();
    let cast = Cast { hospital, clinic, doctor, doctor_secret };
    stage.step("A doctor practises at the Zhejiang hospital", register(world, &cast)).await?;
    Ok(cast)
}

/// Admits one more institution of Jiangsu.
pub async fn admit(
    world: &World,
    division: u32,
    name: &str,
    kind: &str,
) -> anyhow::Result<Hospital> {
    let institution = found(division, name);
    nominate(world, &institution, JIANGSU, kind).await?;
    vote_in(world, &institution).await?;
    Ok(institution)
}

/// A hospital that nobody has seen: its code follows from its new account.
fn found(division: u32, name: &str) -> Hospital {
    let account = Account::generate();
    let mut number = [0u8; 4];
    number.copy_from_slice(&account.id().0[..4]);
    let organisation = u32::from_le_bytes(number) % 100_000_000;
    Hospital {
        id: InstitutionId::from_parts(division, organisation),
        name: name.to_owned(),
        account,
        secret: EncryptionSecret::generate(),
    }
}

async fn nominate(
    world: &World,
    hospital: &Hospital,
    province: usize,
    kind: &str,
) -> anyhow::Result<((), String)> {
    let profile = Profile {
        id: hospital.id,
        kind: kind.into(),
        name: hospital.name.as_str().into(),
        controller: hospital.account.id(),
        encryption_key: hospital.secret.public(),
        blocks: BusinessBlockSet::of(blocks::MEDICAL)
            .with(blocks::RESTRICTED_MEDICAL)
            .with(blocks::HEALTH)
            .with(blocks::HEALTH_EDUCATION),
        valid_until: instant::now().saturating_add(YEAR),
    };
    let call = calls::institutions::nominate(&profile);
    let account = &world.pan_centres[province];
    let included = world.chain().submit(&call, account, Wait::Finalized).await?;
    let known = world.chain().institution(&hospital.id, At::Hash(included.block)).await?;
    let known = known.context("the nomination is not on chain")?;
    check!(known.status == InstitutionStatus::Nominated, "it is {}", known.status);
    Ok(((), format!("{} {} in block {}", hospital.id, known.status, included.number)))
}

async fn vote_in(world: &World, hospital: &Hospital) -> anyhow::Result<((), String)> {
    let call = calls::institutions::permit(&[hospital.id]);
    let passed = council::pass(world.chain(), &world.council, &call, Majority::Simple).await?;
    let known = world.chain().institution(&hospital.id, At::Hash(passed.closed.block)).await?;
    let known = known.context("the hospital is not on chain")?;
    check!(known.status == InstitutionStatus::Permitted, "it is {}", known.status);
    let (ayes, seats) = (passed.ayes, world.council.len());
    Ok(((), format!("{ayes} of {seats} voted yes, {} in block {}", known.status, passed.number)))
}

async fn register(world: &World, cast: &Cast) -> anyhow::Result<((), String)> {
    let chain = world.chain();
    let account = &cast.clinic.account;
    let before = world.balance(&account.id(), At::Finalized).await?;
    check!(before == 0, "the new account has coin already");
    let until = instant::now().saturating_add(YEAR);
    let key = cast.doctor_secret.public();
    let call = calls::institutions::add_practitioner(&cast.doctor.id(), Role::Doctor, key, until);
    let included = chain.submit(&call, account, Wait::Finalized).await?;
    let at = At::Hash(included.block);
    let known = chain.practitioner(&cast.doctor.id(), &cast.clinic.id, at).await?;
    let known = known.context("the doctor is not on chain")?;
    check!(known.status == PractitionerStatus::Active, "the doctor is {}", known.status);
    world.settle(included.number).await?;
    Ok(((), format!("{} {}; sent by an account with {}", known.role, known.status, output::hmc(0))))
}
