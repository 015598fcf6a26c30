//! What a person deals to custodians, and how it is collected again.

use std::{collections::BTreeSet, time::Duration};

use kanglian_primitives::{
    Custodian as Appointed, DealingView, DealtScope, KeyEpoch, PersonId, RegionCode, blocks,
};
use kanglian_sdk::{
    AccountId,
    chain::{At, Client, InBlock, Wait, calls::key_custody},
    custody::{
        Answer, Case, CaseState, Combined, Custodian, CustodyError, DealingContext, Payload,
        Reason, choose, combine, deal, default_threshold, reason_to_deal,
    },
    envelope::ScopeSecret,
    keys::{Account, EncryptionSecret, PersonSecret},
    vault::VaultError,
};

use crate::{fault::Fault, instant, vault::Vault};

/// How long to wait before custodians are asked again.
const PAUSE: Duration = Duration::from_millis(500);

/// A person who deals.
pub struct Dealer<'a> {
    /// The chain.
    pub chain: &'a Client,
    /// The vault that blobs are left at.
    pub vault: &'a Vault,
    /// The person's account.
    pub account: &'a Account,
    /// The person's secret.
    pub secret: &'a PersonSecret,
    /// The person.
    pub person: PersonId,
}

/// A dealing that was made.
#[derive(Clone, Debug)]
pub struct Made {
    /// What was dealt.
    pub scope: DealtScope,
    /// Its number.
    pub number: u32,
    /// How many shares suffice.
    pub threshold: u8,
    /// Who has one.
    pub regions: Vec<RegionCode>,
    /// The emergency summary's epoch up to which scope secrets are in it.
    pub epoch: Option<KeyEpoch>,
    /// The transaction.
    pub included: InBlock,
}

/// A scope in words.
pub fn scope_name(scope: DealtScope) -> &'static str {
    match scope {
        DealtScope::Whole => "whole",
        DealtScope::Emergency => "emergency",
    }
}

/// Both scopes.
pub const SCOPES: [DealtScope; 2] = [DealtScope::Whole, DealtScope::Emergency];

impl Dealer<'_> {
    /// What is dealt in a scope, after a look whether the secret is the person's; none for the
    /// emergency summary of a person without a scope key for it. Beside it, for the summary, the
    /// present epoch.
    async fn payload(
        &self,
        scope: DealtScope,
    ) -> anyhow::Result<Option<(Payload, Option<KeyEpoch>)>> {
        check_secret(self.chain, self.secret, self.person).await?;
        if scope == DealtScope::Whole {
            return Ok(Some((Payload::Whole(self.secret.clone()), None)));
        }
        let block = blocks::EMERGENCY_SUMMARY;
        let Some(known) = self.chain.scope_key(&self.person, block, At::Best).await? else {
            return Ok(None);
        };
        let genesis = self.chain.genesis_hash();
        let secrets = (0..=known.epoch.0).map(KeyEpoch).map(|epoch| ScopeSecret {
            block,
            epoch,
            secret: self.secret.scope_secret(&genesis, &self.person, block, epoch),
        });
        Ok(Some((Payload::Emergency(secrets.collect()), Some(known.epoch))))
    }

    /// Deals one scope: first the call, then the blobs. None when there is nothing to deal.
    pub async fn deal(
        &self,
        scope: DealtScope,
        threshold: Option<u8>,
    ) -> anyhow::Result<Option<Made>> {
        let Some((payload, epoch)) = self.payload(scope).await? else { return Ok(None) };
        let custodians = custodians(self.chain, &self.person).await?;
        let threshold = threshold.unwrap_or_else(|| default_threshold(custodians.len()));
        let known = self.chain.dealing(&self.person, scope, At::Best).await?;
        let number = known.map_or(1, |view| view.dealing.number.saturating_add(1));
        let genesis = self.chain.genesis_hash();
        let context = DealingContext { genesis, person: self.person, scope, number };
        let dealt = deal(&payload, &context, &custodians, threshold)
            .map_err(|error| Fault::refused(error.to_string()))?;
        let call = key_custody::deal(scope, &dealt.terms);
        let included = self.chain.submit(&call, self.account, Wait::Finalized).await?;
        let at = At::Hash(included.block);
        let now = self.chain.dealing(&self.person, scope, at).await?;
        let same = now
            .is_some_and(|view| view.dealing.number == number && view.dealing.terms == dealt.terms);
        if !same {
            // The shares are bound to the number: another device dealt at the same moment.
            return Err(Fault::refused("another dealing came in between: deal again").into());
        }
        for blob in dealt.blobs() {
            self.vault.put_custody(&self.person, blob.clone()).await?;
        }
        let regions = custodians.iter().map(|custodian| custodian.region).collect();
        Ok(Some(Made { scope, number, threshold, regions, epoch, included }))
    }
}

/// The custodians that a person deals with.
async fn custodians(chain: &Client, person: &PersonId) -> anyhow::Result<Vec<Custodian>> {
    let active = chain.active_custodians(At::Best).await?;
    let available: Vec<_> = active
        .into_iter()
        .map(|(region, custodian)| Custodian { region, key: custodian.key })
        .collect();
    Ok(choose(person, &available))
}

/// Whether this secret is the one that the person's published scope keys follow from.
pub async fn check_secret(
    chain: &Client,
    secret: &PersonSecret,
    person: PersonId,
) -> anyhow::Result<()> {
    let genesis = chain.genesis_hash();
    for (block, known) in chain.scope_keys(&person, At::Best).await? {
        if secret.scope_secret(&genesis, &person, block, known.epoch).public() != known.key {
            return Err(Fault::verification(
                "the secret is not the one whose scope keys are on chain",
            )
            .into());
        }
    }
    Ok(())
}

/// How a person's dealing in a scope stands.
#[derive(Clone, Debug)]
pub struct Stands {
    /// What is dealt.
    pub scope: DealtScope,
    /// The dealing in force.
    pub view: Option<DealingView>,
    /// Why to deal anew.
    pub reasons: Vec<Reason>,
}

/// How a person's dealings stand; `dealt_epoch` is the emergency summary's epoch of the last dealing
/// as this device remembers it, with the dealing's number.
pub async fn standing(
    chain: &Client,
    person: &PersonId,
    dealt_epoch: Option<(u32, KeyEpoch)>,
) -> anyhow::Result<Vec<Stands>> {
    let custodians: Vec<(RegionCode, Appointed<AccountId>)> =
        chain.active_custodians(At::Best).await?;
    let now = instant::now();
    let mut all = Vec::new();
    for scope in SCOPES {
        let view = chain.dealing(person, scope, At::Best).await?;
        let mut reasons = reason_to_deal(person, view.as_ref(), &custodians, now);
        if scope == DealtScope::Emergency {
            let block = blocks::EMERGENCY_SUMMARY;
            let key = chain.scope_key(person, block, At::Best).await?;
            match (&view, key) {
                (_, None) => reasons.clear(),
                (Some(view), Some(key)) => {
                    let dealing = &view.dealing;
                    if chain.was_opened(person, dealing.number, At::Best).await? {
                        reasons.push(Reason::Used);
                    }
                    let rotated = match dealt_epoch {
                        Some((number, epoch)) if number == dealing.number => epoch < key.epoch,
                        // Made on another device: whether it has the present epoch is not known.
                        _ => key.epoch.0 > 0,
                    };
                    if rotated {
                        reasons.push(Reason::Rotated);
                    }
                },
                (None, Some(_)) => {},
            }
        }
        all.push(Stands { scope, view, reasons });
    }
    Ok(all)
}

/// Fetches what custodians handed over in a case, once, and opens the payload. Which regions are
/// missing stands in the error.
pub async fn collect_now(
    chain: &Client,
    vault: &Vault,
    case: &Case,
    secret: &EncryptionSecret,
) -> anyhow::Result<Combined> {
    let context = case.context(chain.genesis_hash());
    let (Some(dealing), Some(context)) = (&case.dealing, context) else {
        return Err(Fault::refused("nothing was dealt: there is nothing to collect").into());
    };
    match case.state {
        CaseState::Answering => {},
        CaseState::Pending => {
            return Err(Fault::refused("the recovery is not executed yet").into());
        },
        CaseState::Over => return Err(Fault::refused("the case is over").into()),
    }
    let (mut answers, mut absent) = (Vec::new(), BTreeSet::new());
    for part in dealing.terms.parts.iter() {
        let Some(blob) = case.blob_of(part.region) else {
            absent.insert(part.region);
            continue;
        };
        match vault.get_custody(&case.person, &blob).await {
            Ok(blob) => answers.push(Answer { region: part.region, blob }),
            Err(VaultError::Refused { status: 404, .. }) => {
                absent.insert(part.region);
            },
            Err(error) => return Err(error.into()),
        }
    }
    let need = usize::from(dealing.terms.threshold);
    if answers.len() < need {
        let absent: Vec<_> = absent.iter().map(ToString::to_string).collect();
        return Err(Fault::unreachable(format!(
            "{} of {need} shares are there; not yet those of {}",
            answers.len(),
            absent.join(", ")
        ))
        .into());
    }
    let sealed = vault.get_custody(&case.person, &dealing.terms.sealed).await?;
    combine(&dealing.terms, &context, &case.id, secret, &answers, &sealed).map_err(|error| {
        match &error {
            CustodyError::TooFew { .. } if !absent.is_empty() => {
                Fault::unreachable(error.to_string())
            },
            _ => Fault::verification(error.to_string()),
        }
        .into()
    })
}

/// As [`collect_now`], as often as it takes within a time: custodians answer one after the other.
pub async fn collect(
    chain: &Client,
    vault: &Vault,
    id: kanglian_primitives::CaseRef,
    secret: &EncryptionSecret,
    patience: Duration,
) -> anyhow::Result<Combined> {
    let begun = std::time::Instant::now();
    loop {
        let case = chain.case(id, instant::now(), At::Finalized).await?;
        let case = case.ok_or_else(|| Fault::refused("the chain has no such case"))?;
        match collect_now(chain, vault, &case, secret).await {
            Err(error)
                if crate::fault::class_of(&error) == crate::fault::Class::Unreachable
                    && begun.elapsed() < patience =>
            {
                tokio::time::sleep(PAUSE).await;
            },
            collected => return collected,
        }
    }
}

/// The recovered secret, after a look whether the person's published scope keys follow from it.
pub async fn recovered(
    chain: &Client,
    combined: Combined,
    person: PersonId,
) -> anyhow::Result<PersonSecret> {
    match combined.payload {
        Payload::Whole(secret) => {
            check_secret(chain, &secret, person).await?;
            Ok(secret)
        },
        Payload::Emergency(_) => Err(Fault::verification("another payload was dealt").into()),
    }
}
