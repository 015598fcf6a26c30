//! Guardians: who asks to be one, who attests and confirms it, who takes over.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use kanglian_primitives::{
    BusinessBlockSet, COMING_OF_AGE_STEP, GuardianBasis, Hash32, Instant, InstitutionId, PersonId,
    RegionCode, blocks,
    payloads::{AttestationBody, GuardianBody, TakeOverBody},
};
use kanglian_sdk::{
    chain::{At, Call, Client, calls},
    keys::{Account, PersonSecret},
};

use super::{identity, institution::institution_of};
use crate::{
    consenting,
    context::{self, Context},
    fault::Fault,
    guardian_request::{self, GuardianRequest, TakeOverRequest},
    instant, names,
    request::EnrolmentRequest,
    shown::fields,
};

/// Years after which a minor is of age.
const OF_AGE: u32 = 18;
const YEAR: Instant = 365 * instant::DAY as u64;

/// What a guardian does.
#[derive(Debug, Subcommand)]
pub enum Guarding {
    /// Write and sign the request to be somebody's guardian, for the institution to attest
    Request(RequestArgs),
    /// Make a newborn's keys and both requests, for enrolment and for the own guardianship
    Newborn(NewbornArgs),
    /// List a person's guardians
    List {
        /// The ward; oneself by default
        person: Option<PersonId>,
    },
}

#[derive(Debug, Args)]
pub struct RequestArgs {
    /// The ward
    #[arg(long)]
    ward: PersonId,
    /// The institution that has seen the papers
    #[arg(long)]
    institution: InstitutionId,
    /// minor, judgment, agreement or interim
    #[arg(long, default_value = "minor")]
    basis: GuardianBasis,
    /// A minor's birthday (2026-11-20): the guardianship ends at the 18th, rounded up
    #[arg(long, conflicts_with = "until")]
    birthday: Option<String>,
    /// Until when; for a minor it is rounded up
    #[arg(long, value_parser = instant::parse)]
    until: Option<Instant>,
    /// The own client holds the ward's keys, or is to get them back from the custodians
    #[arg(long)]
    holds_keys: bool,
    /// The ward's account, when it is at hand: its signature confirms a minor's guardian
    #[arg(long)]
    ward_account: Option<String>,
    /// Where to write the request
    #[arg(long, default_value = "guardian.json")]
    out: PathBuf,
}

#[derive(Debug, Args)]
pub struct NewbornArgs {
    /// The newborn's id, as the institution gave it by the birth certificate
    #[arg(long)]
    ward: PersonId,
    /// The institution that enrols
    #[arg(long)]
    institution: InstitutionId,
    /// The birthday (2026-11-20)
    #[arg(long)]
    birthday: String,
    /// Name of the newborn's account and secret files, which are made
    #[arg(long, default_value = "newborn")]
    child: String,
    /// Business blocks to publish scope keys for
    #[arg(long, value_parser = names::blocks,
        default_value = "medical,restricted,health,personal,emergency")]
    blocks: BusinessBlockSet,
    /// Where to write the enrolment request
    #[arg(long, default_value = "enrolment.json")]
    enrolment: PathBuf,
    /// Where to write the guardian's request
    #[arg(long, default_value = "guardian.json")]
    guardian: PathBuf,
}

/// A ward's request to take over.
#[derive(Debug, Args)]
pub struct TakeOverArgs {
    /// The own id
    #[arg(long)]
    person: PersonId,
    /// The institution that has seen the document
    #[arg(long)]
    institution: InstitutionId,
    /// Name of the new account's file; made when there is none
    #[arg(long)]
    new: String,
    /// Name of the new data key's file, which is made
    #[arg(long)]
    data_key: String,
    /// Where to write the request
    #[arg(long, default_value = "take-over.json")]
    out: PathBuf,
}

/// The end of the guardianship of somebody born on this day.
pub fn end_of_minority(birthday: &str) -> Result<Instant, Fault> {
    of_age(birthday).map(rounded)
}

/// The day on which somebody born on this one is of age. Who was born on 29 February is on 1 March.
fn of_age(birthday: &str) -> Result<Instant, Fault> {
    let wrong = || Fault::usage(format!("`{birthday}` is no birthday: write 2026-11-20"));
    let born = instant::parse(birthday).map_err(|_| wrong())?;
    if birthday.len() != 10 || born > instant::now() {
        return Err(wrong());
    }
    let (year, rest) = birthday.split_once('-').ok_or_else(wrong)?;
    let year = year.parse::<u32>().map_err(|_| wrong())?.saturating_add(OF_AGE);
    let date = |rest: &str| instant::parse(&format!("{year:04}-{rest}"));
    date(rest).or_else(|_| date("03-01"))
}

/// The next instant at or after the end that does not tell the birthday.
fn rounded(until: Instant) -> Instant {
    until.checked_next_multiple_of(COMING_OF_AGE_STEP).unwrap_or(until)
}

fn end_of(args: &RequestArgs) -> Result<Instant, Fault> {
    let until = match (&args.birthday, args.until) {
        (Some(_), _) if args.basis != GuardianBasis::Minor => {
            return Err(Fault::usage("--birthday goes with --basis minor; else write --until"));
        },
        (Some(birthday), _) => of_age(birthday)?,
        (None, Some(until)) => until,
        (None, None) => return Err(Fault::usage("write --birthday or --until")),
    };
    Ok(if args.basis == GuardianBasis::Minor { rounded(until) } else { until })
}

impl Guarding {
    /// Carries out a command of the person with this account.
    pub async fn run(
        &self,
        context: &Context,
        chain: &Client,
        (account, person): (&str, PersonId),
    ) -> anyhow::Result<()> {
        match self {
            Self::Request(args) => request(context, chain, (account, person), args).await,
            Self::Newborn(args) => newborn(context, chain, (account, person), args).await,
            Self::List { person: ward } => list(context, chain, ward.unwrap_or(person)).await,
        }
    }
}

async fn request(
    context: &Context,
    chain: &Client,
    (account, guardian): (&str, PersonId),
    args: &RequestArgs,
) -> anyhow::Result<()> {
    let until = end_of(args)?;
    let account = context.account(account)?;
    let of_ward = args.ward_account.as_ref().map(|name| context.account(name)).transpose()?;
    let number = chain.ward(&args.ward, At::Best).await?.attested.saturating_add(1);
    let body = GuardianBody {
        ward: args.ward,
        guardian,
        institution: args.institution,
        basis: args.basis,
        until,
        holds_keys: args.holds_keys,
        number,
    };
    let genesis = chain.genesis_hash();
    let request = GuardianRequest::sign(&genesis, &body, &account, of_ward.as_ref());
    guardian_request::write(&request, &args.out)?;
    let waits = args.basis != GuardianBasis::Minor || of_ward.is_none();
    context.output.fields(fields!({
        "request": args.out,
        "ward": args.ward,
        "basis": args.basis,
        "until": instant::show(until),
        "next": if waits {
            "institution guardian attest, then pan-centre guardian confirm (the council for a \
             judgment)"
        } else {
            "institution guardian attest"
        },
    }));
    Ok(())
}

/// A newborn to enrol, with the parent as guardian who holds the keys.
pub struct Birth {
    /// The newborn's id.
    pub ward: PersonId,
    /// The parent.
    pub guardian: PersonId,
    /// The institution that enrols.
    pub institution: InstitutionId,
    /// Its region, the newborn's home.
    pub region: RegionCode,
    /// When the guardianship ends.
    pub until: Instant,
    /// Business blocks to publish scope keys for.
    pub blocks: BusinessBlockSet,
}

impl Birth {
    /// What the newborn's keys sign, and what parent and newborn sign.
    pub fn requests(
        &self,
        genesis: &Hash32,
        parent: &Account,
        (child, secret): (&Account, &PersonSecret),
    ) -> (EnrolmentRequest, GuardianRequest) {
        let body = AttestationBody {
            person: self.ward,
            controller: child.id(),
            home_region: self.region,
            data_key: secret.data_secret(genesis, &self.ward).public(),
            scope_keys: consenting::first_scope_keys(secret, genesis, &self.ward, self.blocks),
            attester: self.institution,
            write_blocks: BusinessBlockSet::of(blocks::MEDICAL),
            write_until: instant::now().saturating_add(YEAR),
            // A year in which the file goes on until the ward has taken over.
            valid_until: self.until.saturating_add(YEAR),
        };
        let enrolment = EnrolmentRequest::sign(genesis, &body, context::signer(child).as_ref());
        let body = GuardianBody {
            ward: self.ward,
            guardian: self.guardian,
            institution: self.institution,
            basis: GuardianBasis::Minor,
            until: self.until,
            holds_keys: true,
            number: 1,
        };
        (enrolment, GuardianRequest::sign(genesis, &body, parent, Some(child)))
    }
}

async fn newborn(
    context: &Context,
    chain: &Client,
    (account, guardian): (&str, PersonId),
    args: &NewbornArgs,
) -> anyhow::Result<()> {
    let until = end_of_minority(&args.birthday)?;
    let institution = chain.institution(&args.institution, At::Best).await?;
    let institution = institution
        .ok_or_else(|| Fault::refused(format!("{} is not on this chain", args.institution)))?;
    let parent = context.account(account)?;
    let child = Account::generate();
    context.new_account(&args.child, &child)?;
    context.new_person_secret(&args.child)?;
    let secret = context.person_secret(&args.child)?;
    let birth = Birth {
        ward: args.ward,
        guardian,
        institution: args.institution,
        region: institution.region,
        until,
        blocks: args.blocks,
    };
    let (enrolment, request) = birth.requests(&chain.genesis_hash(), &parent, (&child, &secret));
    enrolment.write(&args.enrolment)?;
    guardian_request::write(&request, &args.guardian)?;
    context.output.fields(fields!({
        "newborn": args.ward,
        "account": child.address(),
        "enrolment": args.enrolment,
        "guardian": args.guardian,
        "until": instant::show(until),
        "next": format!(
            "institution enrol ENROLMENT --guardian GUARDIAN; then the newborn's file is kept with \
             --account {} --secret {}",
            args.child, args.child
        ),
    }));
    Ok(())
}

/// Prints a person's guardians.
async fn list(context: &Context, chain: &Client, ward: PersonId) -> anyhow::Result<()> {
    let now = instant::now();
    let guardians = chain.ward(&ward, At::Best).await?.guardians;
    let columns = ["guardian", "basis", "attested by", "until", "holds keys", "counts"];
    context.output.rows(&columns, &guardians, |one| {
        vec![
            one.guardian.to_string(),
            one.basis.to_string(),
            one.institution.to_string(),
            instant::show(one.until),
            if one.holds_keys { "yes" } else { "no" }.to_owned(),
            match (one.confirmed, one.counts(now)) {
                (false, _) => "not confirmed",
                (true, true) => "yes",
                (true, false) => "over",
            }
            .to_owned(),
        ]
    });
    Ok(())
}

impl TakeOverArgs {
    /// Makes the new keys and writes the request. The new account speaks for nobody yet.
    pub async fn run(&self, context: &Context) -> anyhow::Result<()> {
        let chain = context.chain().await?;
        let known = chain.person(&self.person, At::Best).await?;
        let known =
            known.ok_or_else(|| Fault::refused(format!("{} is not on this chain", self.person)))?;
        // Kept in its file before anything is signed, so that it cannot be lost.
        let new = match context.home.account(&self.new)?.exists() {
            true => context.account(&self.new)?,
            false => {
                let made = Account::generate();
                context.new_account(&self.new, &made)?;
                made
            },
        };
        let (data_file, data_key) = context.new_key_secret(&self.data_key)?;
        let body = TakeOverBody {
            ward: self.person,
            old: known.controller,
            new: new.id(),
            data_key: data_key.public(),
            institution: self.institution,
        };
        let request = TakeOverRequest::sign(&chain.genesis_hash(), &body, &new);
        guardian_request::write(&request, &self.out)?;
        context.output.fields(fields!({
            "request": self.out,
            "person": self.person,
            "account": new.address(),
            "data_key_file": data_file,
            "next": "institution guardian take-over REQUEST. The secret that opens the records is \
                     the one the guardian made: get its file from the guardian, or, when the \
                     guardian refuses, back from the custodians by a recovery (patient recovery)",
        }));
        Ok(())
    }
}

/// What an institution does about guardians.
#[derive(Debug, Subcommand)]
pub enum OfInstitution {
    /// Attest a guardian with the request that the guardian signed
    Attest {
        /// The request file
        request: PathBuf,
    },
    /// Let a ward whose keys a guardian holds take over, with the request that the new key signed
    TakeOver {
        /// The request file
        request: PathBuf,
    },
}

impl OfInstitution {
    /// Carries out the command.
    pub async fn run(&self, context: &Context, account: &str) -> anyhow::Result<()> {
        let chain = context.chain().await?;
        let account = context.account(account)?;
        let own = institution_of(&chain, &account.id()).await?;
        let (what, call) = match self {
            Self::Attest { request } => {
                let (body, call) = attestation(&chain, own, request)?;
                (format!("attested {} as guardian of {}", body.guardian, body.ward), call)
            },
            Self::TakeOver { request } => {
                let request: TakeOverRequest = guardian_request::read(request)?;
                let signature = request.checked_signature(&chain.genesis_hash())?;
                let body = request.body();
                named(body.institution, own)?;
                let call =
                    calls::guardianships::take_over(body.ward, body.new, body.data_key, &signature);
                (format!("{} turns the own rights with {}", body.ward, body.new), call)
            },
        };
        let included = context.send(&chain, &call, &account).await?;
        context.output.fields(fields!({ "done": what, "block": included.number }));
        Ok(())
    }
}

fn named(named: InstitutionId, own: InstitutionId) -> Result<(), Fault> {
    if named == own {
        return Ok(());
    }
    Err(Fault::refused(format!("the request names {named}; the account speaks for {own}")))
}

/// What a guardian asked for, and the call that attests it.
fn attestation(
    chain: &Client,
    own: InstitutionId,
    request: &std::path::Path,
) -> anyhow::Result<(GuardianBody, Call)> {
    let request: GuardianRequest = guardian_request::read(request)?;
    let (by_guardian, by_ward) = request.checked_signatures(&chain.genesis_hash())?;
    let body = request.body();
    named(body.institution, own)?;
    let call = calls::guardianships::attest_guardian(&body, &by_guardian, by_ward.as_ref());
    Ok((body, call))
}

/// Enrols a newborn and attests the guardian, both or none.
pub async fn enrol_newborn(
    context: &Context,
    account: &str,
    enrolment: &std::path::Path,
    guardian: &std::path::Path,
) -> anyhow::Result<()> {
    let chain = context.chain().await?;
    let account = context.account(account)?;
    let own = institution_of(&chain, &account.id()).await?;
    let enrolment = EnrolmentRequest::read(enrolment)?;
    let signature = enrolment.checked_signature(&chain.genesis_hash())?;
    named(enrolment.body().attester, own)?;
    let (body, attest_guardian) = attestation(&chain, own, guardian)?;
    let person = enrolment.body().person;
    if body.ward != person {
        return Err(Fault::refused(format!(
            "the guardian's request is about {}, the enrolment about {person}",
            body.ward
        ))
        .into());
    }
    identity::not_enrolled_yet(context, &chain, &account, &person).await?;
    let attest = calls::real_name::attest(person, &enrolment.attestation(), &signature);
    let call = calls::utility::batch_all(vec![attest, attest_guardian]);
    let included = context.send(&chain, &call, &account).await?;
    let outcome = identity::attested(context, &chain, &account, &person).await;
    context.output.fields(fields!({
        "enrolled": person,
        "guardian": body.guardian,
        "until": instant::show(body.until),
        "evaluation": outcome,
        "next": "the guardian deals the newborn's secret to custodians: kanglian patient --account \
                 NEWBORN --secret NEWBORN custody deal",
        "block": included.number,
    }));
    Ok(())
}

/// What a pan-centre does about guardians.
#[derive(Clone, Copy, Debug, Subcommand)]
pub enum OfPanCentre {
    /// Let an attested guardianship count; not where a court has judged
    Confirm {
        /// The ward
        ward: PersonId,
        /// The guardian
        guardian: PersonId,
    },
    /// End a guardianship at once; keys that the guardian holds stop acting
    End {
        /// The ward
        ward: PersonId,
        /// The guardian
        guardian: PersonId,
    },
}

impl OfPanCentre {
    /// The call, in words too.
    pub fn call(self) -> (String, Call) {
        match self {
            Self::Confirm { ward, guardian } => (
                format!("{guardian} is guardian of {ward}"),
                calls::guardianships::confirm_guardian(ward, guardian),
            ),
            Self::End { ward, guardian } => (
                format!("{guardian} is no guardian of {ward} any more"),
                calls::guardianships::end_guardianship(ward, guardian),
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minor_is_of_age_at_eighteen() {
        let day = |text: &str| instant::parse(text).unwrap();
        assert_eq!(of_age("2020-11-20").unwrap(), day("2038-11-20"));
        assert_eq!(of_age("2020-02-29").unwrap(), day("2038-03-01"));
        for text in ["", "2020", "2020-02-30", "+3d", "2999-01-01", "2020-11-20T08:00:00Z"] {
            assert!(of_age(text).is_err(), "{text}");
        }
    }

    #[test]
    fn the_end_is_rounded_up_so_that_it_tells_no_birthday() {
        let end = rounded(of_age("2020-11-20").unwrap());
        assert_eq!(end % COMING_OF_AGE_STEP, 0);
        assert!(end >= of_age("2020-11-20").unwrap());
        assert!(end - of_age("2020-11-20").unwrap() < COMING_OF_AGE_STEP);
        assert_eq!(rounded(end), end);
    }
}
