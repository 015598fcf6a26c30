//! Referrals: by whoever holds terms that may be given on, by the person, and by who receives them.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use kanglian_primitives::{
    BusinessBlockSet, Grantee, Instant, PersonId, Purpose, PurposeSet, RecordId, ReferralId,
    TermsId,
};
use kanglian_sdk::{
    AccountId,
    chain::{
        At, Call, Client, calls,
        care::{OfferStatus, Reason, Referral},
    },
    fhir_referral::{self, Direction},
    keys::{Account, EncryptionSecret},
};
use serde::Serialize;

use crate::{
    consenting::{self, Gift, Wish},
    context::Context,
    fault::Fault,
    files, instant, names,
    shown::fields,
    vault::Vault,
};

/// What a reader does with referrals.
#[derive(Debug, Subcommand)]
pub enum Referring {
    /// Offer the person to institutions, teams or practitioners; access opens at once
    Offer(OfferArgs),
    /// List the person's referrals
    List,
    /// Accept a referral: the others it was offered to lose access
    Accept {
        /// Its number
        referral: u32,
    },
    /// Reject a referral: its access ends
    Reject {
        /// Its number
        referral: u32,
        /// no-capacity, out-of-scope, not-indicated or other
        #[arg(long, default_value = "other")]
        reason: Reason,
    },
    /// Return the result, a record shared since: the access ends
    Return {
        /// Its number
        referral: u32,
        /// The record
        record: RecordId,
    },
    /// Close a referral that one made or accepted: the access ends
    Close {
        /// Its number
        referral: u32,
    },
    /// Write a referral as FHIR R4 (ServiceRequest and Tasks)
    Export {
        /// Its number
        referral: u32,
        /// New file (JSON)
        #[arg(long)]
        out: PathBuf,
    },
}

/// A referral by a holder of terms.
#[derive(Debug, Args)]
pub struct OfferArgs {
    /// To whom: institution:CODE, practitioner:ADDRESS@CODE or team:NUMBER@CODE; up to four
    #[arg(value_parser = names::grantee, required = true, num_args = 1..=4)]
    to: Vec<Grantee<AccountId>>,
    /// Number of the terms to give on, as `terms` lists it
    #[arg(long)]
    terms: u64,
    /// Business blocks; all of the terms by default
    #[arg(long, value_parser = names::blocks)]
    blocks: Option<BusinessBlockSet>,
    /// Until when; the end of the terms by default
    #[arg(long, value_parser = instant::parse)]
    until: Option<Instant>,
    /// The request, a record of the person (a FHIR ServiceRequest)
    #[arg(long)]
    request: Option<RecordId>,
}

/// A referral by the person.
#[derive(Debug, Args)]
pub struct ReferArgs {
    /// To whom: institution:CODE, practitioner:ADDRESS@CODE or team:NUMBER@CODE; up to four
    #[arg(value_parser = names::grantee, required = true, num_args = 1..=4)]
    to: Vec<Grantee<AccountId>>,
    /// Business blocks; a restricted block only alone
    #[arg(long, value_parser = names::blocks)]
    blocks: BusinessBlockSet,
    /// Purposes (HL7 v3 PurposeOfUse)
    #[arg(long, value_parser = names::purposes, default_value = "TREAT")]
    purposes: PurposeSet,
    /// Until when
    #[arg(long, value_parser = instant::parse)]
    until: Instant,
    /// The request, an own record (a FHIR ServiceRequest)
    #[arg(long)]
    request: Option<RecordId>,
}

/// Who acts, and on whose records.
pub struct Party<'a> {
    /// The account.
    pub account: &'a Account,
    /// As whom.
    pub acting_as: Grantee<AccountId>,
    /// Whose records.
    pub person: PersonId,
    /// Why.
    pub purpose: Purpose,
}

impl Party<'_> {
    /// Carries out a command that needs no secret.
    pub async fn run(
        &self,
        context: &Context,
        chain: &Client,
        command: &Referring,
    ) -> anyhow::Result<()> {
        let (person, acting_as) = (self.person, &self.acting_as);
        let (call, what) = match command {
            Referring::Offer(_) => return Ok(()),
            Referring::List => return list(context, chain, person).await,
            Referring::Export { referral, out } => {
                let id = ReferralId(*referral);
                let found = find(chain, &person, id).await?;
                let bundle = fhir_referral::to_bundle(&person, id, &found);
                files::write_new(out, &serde_json::to_vec_pretty(&bundle)?)?;
                context.output.fields(fields!({ "referral": id, "written": out }));
                return Ok(());
            },
            Referring::Accept { referral } => {
                let id = ReferralId(*referral);
                let call = calls::referrals::accept(person, id, acting_as);
                (call, format!("accepted referral {referral}"))
            },
            Referring::Reject { referral, reason } => {
                let id = ReferralId(*referral);
                let call = calls::referrals::reject(person, id, acting_as, *reason);
                (call, format!("rejected referral {referral}: {reason}"))
            },
            Referring::Return { referral, record } => {
                let id = ReferralId(*referral);
                let call = calls::referrals::return_result(person, id, acting_as, *record);
                (call, format!("returned {record} for referral {referral}"))
            },
            Referring::Close { referral } => {
                let call = calls::referrals::close(person, ReferralId(*referral), acting_as);
                (call, format!("closed referral {referral}"))
            },
        };
        send(context, chain, self.account, &call, &what).await
    }

    /// Offers the person to others.
    pub async fn offer(
        &self,
        context: &Context,
        chain: &Client,
        vault: &Vault,
        secret: &EncryptionSecret,
        args: &OfferArgs,
    ) -> anyhow::Result<()> {
        let mut offers = Vec::with_capacity(args.to.len());
        for to in &args.to {
            let gift = Gift {
                subject: self.person,
                acting_as: self.acting_as,
                parent: TermsId(args.terms),
                grantee: *to,
                blocks: args.blocks,
                purposes: Some(PurposeSet::of(self.purpose)),
                until: args.until,
                may_delegate: 0,
            };
            offers.push((*to, consenting::prepare_gift(chain, vault, secret, &gift).await?));
        }
        let call = calls::referrals::refer(self.person, &self.acting_as, args.request, &offers);
        made(context, chain, self.account, &self.person, &call).await
    }
}

/// Refers oneself.
pub async fn refer(
    context: &Context,
    chain: &Client,
    (account, secret): (&Account, &kanglian_sdk::keys::PersonSecret),
    person: PersonId,
    args: &ReferArgs,
) -> anyhow::Result<()> {
    let vault = context.vault(chain, &person, account).await?;
    let mut offers = Vec::with_capacity(args.to.len());
    for to in &args.to {
        let wish = Wish {
            grantee: *to,
            blocks: args.blocks,
            purposes: args.purposes,
            from: instant::now(),
            until: args.until,
            records_from: 0,
            records_until: Instant::MAX,
            may_delegate: 0,
        };
        offers.push((*to, consenting::prepare(chain, &vault, secret, person, &wish).await?));
    }
    let call = calls::referrals::refer_own(args.request, &offers);
    made(context, chain, account, &person, &call).await
}

/// Sends a referral and says its number.
async fn made(
    context: &Context,
    chain: &Client,
    account: &Account,
    person: &PersonId,
    call: &Call,
) -> anyhow::Result<()> {
    let included = context.send(chain, call, account).await?;
    let file = chain.referral_file(person, At::Hash(included.block)).await?;
    context.output.fields(fields!({
        "referral": file.last,
        "open": file.open,
        "block": included.number,
    }));
    Ok(())
}

async fn send(
    context: &Context,
    chain: &Client,
    account: &Account,
    call: &Call,
    what: &str,
) -> anyhow::Result<()> {
    let included = context.send(chain, call, account).await?;
    context.output.fields(fields!({ "done": what, "block": included.number }));
    Ok(())
}

async fn find(chain: &Client, person: &PersonId, id: ReferralId) -> anyhow::Result<Referral> {
    let found = chain.referral(person, id, At::Best).await?;
    found.ok_or_else(|| Fault::refused(format!("there is no referral {id} of this person")).into())
}

/// One offer of a referral as `list` shows it.
#[derive(Serialize)]
struct Listed {
    referral: ReferralId,
    by: String,
    to: String,
    direction: Option<Direction>,
    offer: String,
    referral_is: String,
    request: Option<RecordId>,
    result: Option<RecordId>,
    made: String,
    until: String,
}

/// Prints a person's referrals, an offer a line.
pub async fn list(context: &Context, chain: &Client, person: PersonId) -> anyhow::Result<()> {
    let mut lines = Vec::new();
    for (id, referral) in chain.referrals(&person, At::Best).await? {
        for offer in &referral.offers {
            let direction = match &referral.by {
                Some(by) => direction(chain, by, &offer.to).await?,
                None => None,
            };
            lines.push(Listed {
                referral: id,
                by: referral.by.as_ref().map_or("the person".to_owned(), names::show_grantee),
                to: names::show_grantee(&offer.to),
                direction,
                offer: match offer.status {
                    OfferStatus::Offered => "offered".to_owned(),
                    OfferStatus::Accepted => "accepted".to_owned(),
                    OfferStatus::Rejected(reason) => format!("rejected: {reason}"),
                    OfferStatus::Withdrawn => "withdrawn".to_owned(),
                },
                referral_is: referral.status.to_string(),
                request: referral.request,
                result: referral.result,
                made: instant::show(referral.at),
                until: instant::show(referral.until),
            });
        }
    }
    let columns = ["referral", "by", "to", "direction", "offer", "referral is", "until"];
    context.output.rows(&columns, &lines, |line| {
        vec![
            line.referral.to_string(),
            line.by.clone(),
            line.to.clone(),
            line.direction.map(|direction| direction.to_string()).unwrap_or_default(),
            line.offer.clone(),
            line.referral_is.clone(),
            line.until.clone(),
        ]
    });
    Ok(())
}

/// Which way a referral goes, when both institutions are known.
pub async fn direction(
    chain: &Client,
    from: &Grantee<AccountId>,
    to: &Grantee<AccountId>,
) -> anyhow::Result<Option<Direction>> {
    let (Some(from), Some(to)) = (names::institution_of(from), names::institution_of(to)) else {
        return Ok(None);
    };
    let from = chain.institution(&from, At::Best).await?;
    let to = chain.institution(&to, At::Best).await?;
    Ok(from
        .zip(to)
        .map(|(from, to)| fhir_referral::direction(&from.kind.to_lossy(), &to.kind.to_lossy())))
}
