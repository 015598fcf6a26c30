//! A fresh secret in place of one that others may know: keys of later epochs follow from it, and what
//! was made before stays open to the person.

use kanglian_primitives::{BusinessBlockId, DealtScope, PersonId};
use kanglian_sdk::{
    chain::{At, Client},
    keys::{Account, MAX_FORMER, PersonSecret},
};

use crate::{
    consenting::{self, Rotated},
    custody,
    fault::Fault,
    names,
    vault::Vault,
};

/// A fresh secret that keeps this one for the epochs so far, after a look whether this one is the
/// person's. It counts only once it is in its file.
pub async fn renewed(
    chain: &Client,
    secret: &PersonSecret,
    person: PersonId,
) -> anyhow::Result<PersonSecret> {
    custody::check_secret(chain, secret, person).await?;
    let keys = chain.scope_keys(&person, At::Best).await?;
    let fresh = secret.renewed(keys.into_iter().map(|(block, known)| (block, known.epoch)));
    fresh.ok_or_else(|| {
        let words =
            format!("the secret was renewed {MAX_FORMER} times, which is as often as can be");
        Fault::refused(words).into()
    })
}

/// Blocks whose key on chain still follows from a former secret.
pub async fn unfinished(
    chain: &Client,
    secret: &PersonSecret,
    person: PersonId,
) -> anyhow::Result<Vec<BusinessBlockId>> {
    let keys = chain.scope_keys(&person, At::Best).await?;
    let former = keys.into_iter().filter(|(block, known)| secret.is_former(*block, known.epoch));
    Ok(former.map(|(block, _)| block).collect())
}

/// What was done with the blocks whose key followed from a former secret.
#[derive(Debug, Default)]
pub struct Renewal {
    /// Whose key follows from the present secret now.
    pub rotated: Vec<(BusinessBlockId, Rotated)>,
    /// What was dealt.
    pub dealt: Vec<custody::Made>,
    /// What could not be done, in words.
    pub left: Vec<String>,
}

impl Renewal {
    /// The rotated blocks in words.
    pub fn shown(&self) -> Vec<String> {
        let words = |(block, rotated): &(BusinessBlockId, Rotated)| {
            format!(
                "{}: epoch {}, sealed again for {}",
                names::show_block(*block),
                rotated.epoch,
                rotated.resealed
            )
        };
        self.rotated.iter().map(words).collect()
    }
}

/// Deals the secret, rotates the key of every block that still follows from a former one, seals the
/// new ones to those who may read, and deals the emergency summary's. Goes on where it can; when it
/// is called again, it does the rest.
pub async fn carry_out(
    chain: &Client,
    vault: &Vault,
    account: &Account,
    secret: &PersonSecret,
    person: PersonId,
    with_dealing: bool,
) -> anyhow::Result<Renewal> {
    let mut renewal = Renewal::default();
    let dealer = custody::Dealer { chain, vault, account, secret, person };
    // First of all, so that nothing depends on a secret that only one device has.
    deal(&dealer, DealtScope::Whole, with_dealing, &mut renewal).await;
    for block in unfinished(chain, secret, person).await? {
        match consenting::rotate(chain, vault, account, secret, person, block).await {
            Ok(rotated) => renewal.rotated.push((block, rotated)),
            Err(error) => renewal.left.push(format!("{}: {error:#}", names::show_block(block))),
        }
    }
    deal(&dealer, DealtScope::Emergency, with_dealing, &mut renewal).await;
    Ok(renewal)
}

async fn deal(
    dealer: &custody::Dealer<'_>,
    scope: DealtScope,
    wanted: bool,
    renewal: &mut Renewal,
) {
    if !wanted {
        return;
    }
    match dealer.deal(scope, None).await {
        Ok(made) => renewal.dealt.extend(made),
        Err(error) => {
            renewal.left.push(format!("dealing ({}): {error:#}", custody::scope_name(scope)));
        },
    }
}
