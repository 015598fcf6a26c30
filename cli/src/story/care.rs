//! A code redeemed by a care team, a nurse who leaves it, a care plan that comes back, a referral up
//! to a hospital and one down again.

use anyhow::Context as _;
use kanglian_primitives::{
    BusinessBlockSet, Grantee, Purpose, PurposeSet, RecordId, ReferralId, TeamId, Terms,
    TermsTemplate, blocks,
};
use kanglian_sdk::{
    AccountId,
    chain::{
        At, Call, ChainError, InBlock, Wait, calls,
        care::{CodeStanding, OfferStatus, Reason, Referral, ReferralStatus},
        types::Role,
    },
    codes::CodeSeed,
    envelope::open_bytes,
    fhir_referral::{self, Direction},
    keys::{Account, EncryptionSecret},
    vault::{Ask, VaultError},
};

use super::{
    admission,
    records::{self, SharedRecords},
    stage::{Stage, check},
    world::{Cast, Hospital, JIANGSU, Patient, World, until},
};
use crate::{
    codes,
    commands::referrals,
    consenting::{self, Gift, Wish},
    instant::{self, DAY},
    names,
    opening::{self, Keys},
    ports::PROVINCES,
    vault::Vault,
};

const TEAM: TeamId = TeamId(1);

/// The village clinic and its care team.
struct Village {
    clinic: Hospital,
    nurse: Account,
    colleague: Account,
    team_secret: EncryptionSecret,
}

impl Village {
    fn team(&self) -> Grantee<AccountId> {
        Grantee::CareTeam { institution: self.clinic.id, team: TEAM }
    }

    fn ask(&self, patient: &Patient) -> Ask {
        Ask { acting_as: self.team(), subject: patient.id, purpose: Purpose::Treatment }
    }
}

/// Plays the act.
pub async fn play(
    world: &World,
    cast: &Cast,
    patient: &Patient,
    shared: &SharedRecords,
    stage: &mut Stage,
) -> anyhow::Result<()> {
    let village = stage
        .step("A village clinic is admitted and founds a care team of two nurses", async {
            found(world).await
        })
        .await?;
    let seed = CodeSeed::generate();
    stage
        .step("The patient issues an authorisation code for one team", async {
            issue(world, patient, &seed).await
        })
        .await?;
    let terms = stage
        .step("A nurse redeems it for the team; a guessed and a copied code give nothing", async {
            redeem(world, cast, patient, &village, &seed).await
        })
        .await?;
    stage
        .step("The nurse leaves and loses access at once; the colleague reads on", async {
            leave(world, patient, &village, shared).await
        })
        .await?;
    stage
        .step("The team's care plan comes back into the patient's file", async {
            guide(world, patient, &village).await
        })
        .await?;
    stage
        .step("Referred up: one hospital rejects, another accepts, the result returns", async {
            refer_up(world, cast, patient, &village, &terms, shared).await
        })
        .await?;
    stage
        .step("Referred down to the village; the patient closes it, access ends", async {
            refer_down(world, cast, patient, &village, shared).await
        })
        .await
}

async fn send(world: &World, call: &Call, account: &Account) -> anyhow::Result<InBlock> {
    Ok(world.chain().submit(call, account, Wait::Finalized).await?)
}

async fn found(world: &World) -> anyhow::Result<(Village, String)> {
    let clinic = admission::admit(world, 320_102, "南京示例村卫生室 Example Village Clinic", "D1");
    let clinic = clinic.await?;
    let village = Village {
        clinic,
        nurse: Account::generate(),
        colleague: Account::generate(),
        team_secret: EncryptionSecret::generate(),
    };
    let by = &village.clinic.account;
    let key = village.team_secret.public();
    let call = calls::institutions::create_team(TEAM, "家庭医生团队 Family doctor team", key);
    send(world, &call, by).await?;
    let until = instant::now().saturating_add(30 * DAY as u64);
    let mut last = 0;
    for nurse in [&village.nurse, &village.colleague] {
        let own = EncryptionSecret::generate().public();
        let call = calls::institutions::add_practitioner(&nurse.id(), Role::Nurse, own, until);
        send(world, &call, by).await?;
        let call = calls::institutions::add_team_member(TEAM, &nurse.id());
        last = send(world, &call, by).await?.number;
    }
    world.settle(last).await?;
    let seen = format!("{}, two nurses, block {last}", names::show_grantee(&village.team()));
    Ok((village, seen))
}

async fn issue(world: &World, patient: &Patient, seed: &CodeSeed) -> anyhow::Result<((), String)> {
    let now = instant::now();
    let template = TermsTemplate {
        blocks: BusinessBlockSet::of(blocks::MEDICAL),
        purposes: PurposeSet::of(Purpose::Treatment),
        from: now,
        until: now.saturating_add(20 * DAY as u64),
        records_from: 0,
        records_until: kanglian_primitives::Instant::MAX,
        may_delegate: 1,
    };
    let vault = world.vault(PROVINCES[JIANGSU].0, &patient.account)?;
    let expires = now.saturating_add(DAY as u64);
    let (account, secret) = (&patient.account, &patient.secret);
    let chain = world.chain();
    let rest = (1, expires);
    let issued =
        codes::issue(chain, &vault, account, secret, patient.id, seed, &template, rest).await?;
    world.settle(issued.included.number).await?;
    let code = chain.code(&issued.key, At::Finalized).await?.context("the code is not on chain")?;
    check!(code.standing(now) == CodeStanding::Open, "the code is {}", code.standing(now));
    let on_chain = format!("{code:?}");
    check!(!on_chain.contains(&seed.text()), "the chain shows the code");
    let seen = format!("28 characters and a QR code; the chain knows {} only", issued.key);
    Ok(((), seen))
}

/// The chain's refusal of a call, by the error's name.
fn refused_with<T>(result: anyhow::Result<T>, name: &str) -> anyhow::Result<()> {
    let Err(error) = result else { anyhow::bail!("expected {name}, the chain accepted it") };
    match error.downcast_ref::<ChainError>() {
        Some(ChainError::Dispatch(failure)) if failure.name == name => Ok(()),
        _ => Err(error.context(format!("expected {name}"))),
    }
}

async fn redeem(
    world: &World,
    cast: &Cast,
    patient: &Patient,
    village: &Village,
    seed: &CodeSeed,
) -> anyhow::Result<(Terms<AccountId>, String)> {
    let chain = world.chain();
    let region = PROVINCES[JIANGSU].0;
    let vault = world.vault(region, &village.nurse)?;
    let team = village.team();
    let guessed = codes::redeem(chain, &vault, &village.nurse, &CodeSeed::generate(), &team).await;
    check!(guessed.is_err(), "a guessed code was redeemed");
    // Nobody is given the sealed secret before redeeming.
    let (key, code) = codes::find(chain, seed).await?;
    match vault.get_bundle(&patient.id, &code.sealed).await {
        Err(VaultError::Refused { status: 404, .. }) => {},
        Ok(_) => anyhow::bail!("the vault gave the sealed secret to somebody without terms"),
        Err(error) => return Err(error.into()),
    }
    let redeemed = codes::redeem(chain, &vault, &village.nurse, seed, &team).await?;
    check!(redeemed.person == patient.id, "the code opens another file");
    world.settle(redeemed.height).await?;
    // A copy of the code, when its only use is used up.
    let grantee = Grantee::Practitioner { account: cast.doctor.id(), institution: cast.clinic.id };
    let copied = codes::redeem(chain, &vault, &cast.doctor, seed, &grantee).await;
    refused_with(copied, "UsedUp")?;
    let code = chain.code(&key, At::Finalized).await?.context("the code is gone")?;
    check!(code.standing(instant::now()) == CodeStanding::UsedUp, "the code is still open");
    check!(redeemed.terms.bundle != code.sealed, "the team still needs the code");
    let seen = format!("terms {} for {}; used up", redeemed.terms.id, names::show_grantee(&team));
    Ok((redeemed.terms, seen))
}

/// Fetches, opens and compares a record as a grantee does.
async fn read(
    world: &World,
    account: &Account,
    secret: &EncryptionSecret,
    ask: &Ask,
    original: &records::Original,
) -> anyhow::Result<()> {
    let vault = world.vault(PROVINCES[JIANGSU].0, account)?;
    let mut sealed = Vec::new();
    let fetched = vault.fetch(ask, &original.facts.id, &mut sealed).await?;
    let keys = Keys::Granted(secret.clone());
    let (chain, facts) = (world.chain(), &original.facts);
    let key = opening::data_key(chain, &vault, ask, facts, &keys, &fetched.wraps).await?;
    let content = open_bytes(&sealed, &key, &facts.id).await?;
    check!(content == original.bytes, "{}: the content differs", facts.id);
    Ok(())
}

/// Expects that a read is refused, without a byte.
async fn not_read(
    world: &World,
    account: &Account,
    ask: &Ask,
    record: &RecordId,
) -> anyhow::Result<String> {
    let vault = world.vault(PROVINCES[JIANGSU].0, account)?;
    let mut got = Vec::new();
    let result = vault.fetch(ask, record, &mut got).await;
    check!(got.is_empty(), "{} bytes left the vault", got.len());
    match result {
        Err(VaultError::Refused { status: 403, code, .. }) => Ok(code),
        Err(error) => Err(error.into()),
        Ok(_) => anyhow::bail!("the vault gave {record}"),
    }
}

async fn leave(
    world: &World,
    patient: &Patient,
    village: &Village,
    shared: &SharedRecords,
) -> anyhow::Result<((), String)> {
    let record = shared.medical.first().context("nothing was shared")?;
    let ask = village.ask(patient);
    for nurse in [&village.nurse, &village.colleague] {
        read(world, nurse, &village.team_secret, &ask, record).await?;
    }
    let call = calls::institutions::remove_team_member(TEAM, &village.nurse.id());
    let left = send(world, &call, &village.clinic.account).await?;
    world.settle(left.number).await?;
    let code = not_read(world, &village.nurse, &ask, &record.facts.id).await?;
    read(world, &village.colleague, &village.team_secret, &ask, record).await?;
    Ok(((), format!("left in block {}: {code}; the colleague still reads", left.number)))
}

async fn guide(
    world: &World,
    patient: &Patient,
    village: &Village,
) -> anyhow::Result<((), String)> {
    let chain = world.chain();
    let until = instant::now().saturating_add(20 * DAY as u64);
    let blocks = BusinessBlockSet::of(blocks::MEDICAL);
    let call = calls::consents::allow_writing(village.clinic.id, blocks, until);
    let allowed = send(world, &call, &patient.account).await?;
    world.settle(allowed.number).await?;
    let sharer = records::sharer(world, &village.clinic, patient).await?;
    let plan = records::item("CarePlan", 1, "guidance");
    let stored = records::store(&sharer, &plan, blocks::MEDICAL).await?;
    let included = records::share(&sharer, &stored).await?;
    let original = records::original(world, &stored).await?;
    world.settle(included.number).await?;
    // The patient finds it, and the team that wrote it reads it by the same consent.
    let vault = world.vault(PROVINCES[JIANGSU].0, &patient.account)?;
    let file = vault.whole_file(&Ask::own(patient.id)).await?;
    check!(file.records.contains(&original.facts), "the care plan is not in the file");
    let ask = village.ask(patient);
    read(world, &village.colleague, &village.team_secret, &ask, &original).await?;
    let schema = chain.schema(original.facts.schema, At::Best).await?;
    let schema = schema.map(|schema| schema.name.to_lossy()).unwrap_or_default();
    Ok(((), format!("{schema} {} in block {}", original.facts.id, included.number)))
}

/// Leaves the bundles for those a referral is offered to, and offers it.
async fn offer(
    world: &World,
    (account, secret): (&Account, &EncryptionSecret),
    gift: Gift,
    to: &[Grantee<AccountId>],
) -> anyhow::Result<(ReferralId, InBlock)> {
    let chain = world.chain();
    let vault = world.vault(PROVINCES[JIANGSU].0, account)?;
    let mut offers = Vec::new();
    for to in to {
        let gift = Gift { grantee: *to, ..gift };
        offers.push((*to, consenting::prepare_gift(chain, &vault, secret, &gift).await?));
    }
    let call = calls::referrals::refer(gift.subject, &gift.acting_as, None, &offers);
    let included = send(world, &call, account).await?;
    let file = chain.referral_file(&gift.subject, At::Hash(included.block)).await?;
    world.settle(included.number).await?;
    Ok((file.last, included))
}

async fn referral(world: &World, patient: &Patient, id: ReferralId) -> anyhow::Result<Referral> {
    let found = world.chain().referral(&patient.id, id, At::Best).await?;
    found.context("the referral is not on chain")
}

async fn refer_up(
    world: &World,
    cast: &Cast,
    patient: &Patient,
    village: &Village,
    terms: &Terms<AccountId>,
    shared: &SharedRecords,
) -> anyhow::Result<((), String)> {
    let chain = world.chain();
    let record = shared.medical.first().context("nothing was shared")?;
    let (clinic, hospital) =
        (Grantee::Institution(cast.clinic.id), Grantee::Institution(cast.hospital.id));
    let gift = Gift {
        subject: patient.id,
        acting_as: village.team(),
        parent: terms.id,
        grantee: clinic,
        blocks: None,
        purposes: None,
        until: None,
        may_delegate: 0,
    };
    let by = (&village.colleague, &village.team_secret);
    let (id, _) = offer(world, by, gift, &[clinic, hospital]).await?;
    let direction = referrals::direction(chain, &village.team(), &clinic).await?;
    check!(direction == Some(Direction::Up), "the referral goes {direction:?}");
    // Access is open with the offer.
    let ask_of = |acting_as| Ask { acting_as, subject: patient.id, purpose: Purpose::Treatment };
    let of_clinic = ask_of(clinic);
    read(world, &cast.clinic.account, &cast.clinic.secret, &of_clinic, record).await?;
    let reason = Reason::NoCapacity;
    let call = calls::referrals::reject(patient.id, id, &clinic, reason);
    let rejected = send(world, &call, &cast.clinic.account).await?;
    world.settle(rejected.number).await?;
    not_read(world, &cast.clinic.account, &of_clinic, &record.facts.id).await?;
    let call = calls::referrals::accept(patient.id, id, &hospital);
    send(world, &call, &cast.hospital.account).await?;
    let late = calls::referrals::accept(patient.id, id, &clinic);
    let late = chain.submit(&late, &cast.clinic.account, Wait::Finalized).await;
    refused_with(late.map_err(anyhow::Error::from), "NotOffered")?;
    // The hospital examines, shares what it found, and returns it.
    let sharer = records::sharer(world, &cast.hospital, patient).await?;
    let finding = records::item("DiagnosticReport", 1, "referral");
    let stored = records::store(&sharer, &finding, blocks::MEDICAL).await?;
    records::share(&sharer, &stored).await?;
    let result = records::original(world, &stored).await?;
    let call = calls::referrals::return_result(patient.id, id, &hospital, result.facts.id);
    let returned = send(world, &call, &cast.hospital.account).await?;
    world.settle(returned.number).await?;
    let held = chain.terms_of(&patient.id, At::Hash(returned.block)).await?;
    check!(held.iter().all(|(to, _)| *to != hospital), "the hospital's access did not end");
    // The team reads the result by its own terms.
    let ask = village.ask(patient);
    read(world, &village.colleague, &village.team_secret, &ask, &result).await?;
    let found = referral(world, patient, id).await?;
    check!(found.status == ReferralStatus::Returned, "the referral is {}", found.status);
    let offers: Vec<_> = found.offers.iter().map(|offer| offer.status).collect();
    check!(offers == [OfferStatus::Rejected(reason), OfferStatus::Accepted], "{offers:?}");
    let bundle = fhir_referral::to_bundle(&patient.id, id, &found);
    let back = fhir_referral::from_bundle(&bundle)?;
    check!(back == (patient.id, id, found), "the FHIR form lost something");
    Ok(((), format!("referral {id}, {}; result {}", Direction::Up, result.facts.id)))
}

async fn refer_down(
    world: &World,
    cast: &Cast,
    patient: &Patient,
    village: &Village,
    shared: &SharedRecords,
) -> anyhow::Result<((), String)> {
    let chain = world.chain();
    let hospital = Grantee::Institution(cast.hospital.id);
    let now = instant::now();
    let wish = Wish {
        grantee: hospital,
        blocks: BusinessBlockSet::of(blocks::MEDICAL),
        purposes: PurposeSet::of(Purpose::Treatment),
        from: now,
        until: now.saturating_add(10 * DAY as u64),
        records_from: 0,
        records_until: kanglian_primitives::Instant::MAX,
        may_delegate: 1,
    };
    let vault: Vault = world.vault(PROVINCES[JIANGSU].0, &patient.account)?;
    let (account, secret) = (&patient.account, &patient.secret);
    let given = consenting::grant(chain, &vault, account, secret, patient.id, &wish).await?;
    world.settle(given.included.number).await?;
    // To another team of the village than the one that holds terms from the code.
    let village_clinic = Grantee::Institution(village.clinic.id);
    let gift = Gift {
        subject: patient.id,
        acting_as: hospital,
        parent: given.id,
        grantee: village_clinic,
        blocks: None,
        purposes: None,
        until: None,
        may_delegate: 0,
    };
    let by = (&cast.hospital.account, &cast.hospital.secret);
    let (id, _) = offer(world, by, gift, &[village_clinic]).await?;
    let direction = referrals::direction(chain, &hospital, &village_clinic).await?;
    check!(direction == Some(Direction::Down), "the referral goes {direction:?}");
    let call = calls::referrals::accept(patient.id, id, &village_clinic);
    let accepted = send(world, &call, &village.clinic.account).await?;
    world.settle(accepted.number).await?;
    let record = shared.medical.last().context("nothing was shared")?;
    let ask = Ask { acting_as: village_clinic, subject: patient.id, purpose: Purpose::Treatment };
    let (reader, key) = (&village.clinic.account, &village.clinic.secret);
    read(world, reader, key, &ask, record).await?;
    let call = calls::referrals::close_own(id);
    let closed = send(world, &call, &patient.account).await?;
    world.settle(closed.number).await?;
    until("the village's access to end", || async {
        Ok(not_read(world, reader, &ask, &record.facts.id).await.is_ok())
    })
    .await?;
    let found = referral(world, patient, id).await?;
    check!(found.status == ReferralStatus::Closed, "the referral is {}", found.status);
    Ok(((), format!("referral {id}, {}; closed in block {}", Direction::Down, closed.number)))
}
