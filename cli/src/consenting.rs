//! What a person gives: terms with the scope secrets that carry them, new scope keys. And what a
//! reader gives on.

use codec::Encode;
use kanglian_primitives::{
    BusinessBlockId, BusinessBlockSet, EncryptionKey, Grantee, Hash32, Instant, KeyEpoch,
    ParentTerms, PersonId, PurposeSet, Terms, TermsId,
};
use kanglian_sdk::{
    AccountId,
    chain::{At, Client, InBlock, Wait, calls},
    envelope::{Bundle, BundleContext, ScopeSecret},
    keys::{Account, EncryptionSecret, PersonSecret},
};

use crate::{fault::Fault, instant, names, opening, vault::Vault};

/// Most bundles whose hashes one rotation can change.
const MAX_RESEALED: usize = 32;

/// Terms a person wants to give.
#[derive(Clone, Copy, Debug)]
pub struct Wish {
    /// To whom.
    pub grantee: Grantee<AccountId>,
    /// Business blocks.
    pub blocks: BusinessBlockSet,
    /// Purposes.
    pub purposes: PurposeSet,
    /// From when.
    pub from: Instant,
    /// Until when.
    pub until: Instant,
    /// Only records shared since.
    pub records_from: Instant,
    /// Only records shared before.
    pub records_until: Instant,
    /// How often they may be given on.
    pub may_delegate: u8,
}

/// Terms that were given.
#[derive(Clone, Debug)]
pub struct Given {
    /// Their number.
    pub id: TermsId,
    /// The transaction.
    pub included: InBlock,
}

/// A scope key that was replaced.
#[derive(Clone, Debug)]
pub struct Rotated {
    /// The new epoch.
    pub epoch: KeyEpoch,
    /// Grants whose bundles were sealed again.
    pub resealed: usize,
    /// The transaction.
    pub included: InBlock,
}

/// Public scope keys of epoch 0, rising by block.
pub fn first_scope_keys(
    secret: &PersonSecret,
    genesis: &Hash32,
    person: &PersonId,
    blocks: BusinessBlockSet,
) -> Vec<(BusinessBlockId, EncryptionKey)> {
    let key = |block| secret.scope_secret(genesis, person, block, KeyEpoch(0)).public();
    blocks.iter().map(|block| (block, key(block))).collect()
}

/// The key that a grantee's scope secrets are sealed to.
pub async fn grantee_key(
    chain: &Client,
    grantee: &Grantee<AccountId>,
) -> anyhow::Result<EncryptionKey> {
    let key = match grantee {
        Grantee::Institution(id) => {
            chain.institution(id, At::Best).await?.map(|found| found.encryption_key)
        },
        Grantee::Practitioner { account, institution } => chain
            .practitioner(account, institution, At::Best)
            .await?
            .map(|found| found.encryption_key),
        Grantee::CareTeam { institution, team } => {
            chain.team(institution, *team, At::Best).await?.map(|found| found.encryption_key)
        },
        Grantee::Person(id) => chain.person(id, At::Best).await?.map(|found| found.data_key),
    };
    key.ok_or_else(|| {
        Fault::refused(format!("{} is not on this chain", names::show_grantee(grantee))).into()
    })
}

/// The scope secrets of blocks, all epochs so far.
pub async fn scope_secrets(
    chain: &Client,
    secret: &PersonSecret,
    person: PersonId,
    blocks: BusinessBlockSet,
    next: Option<(BusinessBlockId, KeyEpoch)>,
) -> anyhow::Result<Vec<ScopeSecret>> {
    let genesis = chain.genesis_hash();
    let mut secrets = Vec::new();
    for (block, scope) in chain.scope_keys(&person, At::Best).await? {
        if !blocks.contains(block) {
            continue;
        }
        let published = secret.scope_secret(&genesis, &person, block, scope.epoch).public();
        if published != scope.key {
            return Err(Fault::verification(format!(
                "the secret is not the one whose scope key of {} is on chain",
                names::show_block(block)
            ))
            .into());
        }
        let last = match next {
            Some((rotated, epoch)) if rotated == block => epoch,
            _ => scope.epoch,
        };
        secrets.extend((0..=last.0).map(KeyEpoch).map(|epoch| ScopeSecret {
            block,
            epoch,
            secret: secret.scope_secret(&genesis, &person, block, epoch),
        }));
    }
    Ok(secrets)
}

/// Seals the scope secrets to the grantee and leaves the bundle at a vault: terms that only have to
/// be given.
pub async fn prepare(
    chain: &Client,
    vault: &Vault,
    secret: &PersonSecret,
    person: PersonId,
    wish: &Wish,
) -> anyhow::Result<Terms<AccountId>> {
    let key = grantee_key(chain, &wish.grantee).await?;
    let file = chain.grants(&person, &wish.grantee, At::Best).await?;
    let id = TermsId(file.map_or(1, |file| file.last_id.0.saturating_add(1)));
    let secrets = scope_secrets(chain, secret, person, wish.blocks, None).await?;
    if secrets.is_empty() {
        return Err(Fault::refused(format!(
            "no scope key is published for {}",
            names::show_blocks(wish.blocks)
        ))
        .into());
    }
    let hash = leave_bundle(chain, vault, person, id, &secrets, &key).await?;
    Ok(Terms {
        id,
        blocks: wish.blocks,
        purposes: wish.purposes,
        from: wish.from,
        until: wish.until,
        records_from: wish.records_from,
        records_until: wish.records_until,
        may_delegate: wish.may_delegate,
        parent: None,
        bundle: hash,
    })
}

/// Seals the scope secrets to the grantee, leaves the bundle at a vault, gives the terms.
pub async fn grant(
    chain: &Client,
    vault: &Vault,
    account: &Account,
    secret: &PersonSecret,
    person: PersonId,
    wish: &Wish,
) -> anyhow::Result<Given> {
    let terms = prepare(chain, vault, secret, person, wish).await?;
    let call = calls::consents::grant(&wish.grantee, &terms);
    let included = chain.submit(&call, account, Wait::Finalized).await?;
    Ok(Given { id: terms.id, included })
}

/// As [`prepare`], by a proxy: the secrets come out of the bundles of the terms by which the proxy
/// reads, opened with the proxy's own key.
pub async fn prepare_as_proxy(
    chain: &Client,
    vault: &Vault,
    (own, secret): (PersonId, &EncryptionSecret),
    person: PersonId,
    wish: &Wish,
) -> anyhow::Result<Terms<AccountId>> {
    let key = grantee_key(chain, &wish.grantee).await?;
    let now = instant::now();
    let held = chain.terms_of(&person, At::Best).await?.into_iter().filter(|(grantee, terms)| {
        *grantee == Grantee::Person(own) && terms.from <= now && now < terms.until
    });
    let mut secrets: Vec<ScopeSecret> = Vec::new();
    for (_, terms) in held {
        let bytes = vault.get_bundle(&person, &terms.bundle).await?;
        let bundle = Bundle::read(&bytes, &terms.bundle)
            .map_err(|error| Fault::verification(error.to_string()))?;
        for scope in opening::open_bundle(chain, &bundle, person, terms.id, secret)? {
            let known = |one: &ScopeSecret| (one.block, one.epoch) == (scope.block, scope.epoch);
            if wish.blocks.contains(scope.block) && !secrets.iter().any(known) {
                secrets.push(scope);
            }
        }
    }
    if let Some(block) =
        wish.blocks.iter().find(|block| !secrets.iter().any(|scope| scope.block == *block))
    {
        return Err(Fault::refused(format!(
            "the own mandate opens nothing of {}: a proxy gives on what it reads",
            names::show_block(block)
        ))
        .into());
    }
    let file = chain.grants(&person, &wish.grantee, At::Best).await?;
    let id = TermsId(file.map_or(1, |file| file.last_id.0.saturating_add(1)));
    let bundle = leave_bundle(chain, vault, person, id, &secrets, &key).await?;
    Ok(Terms {
        id,
        blocks: wish.blocks,
        purposes: wish.purposes,
        from: wish.from,
        until: wish.until,
        records_from: wish.records_from,
        records_until: wish.records_until,
        may_delegate: wish.may_delegate,
        parent: None,
        bundle,
    })
}

/// Terms somebody wants to give on; what is left out is as in the terms they come from.
#[derive(Clone, Copy, Debug)]
pub struct Gift {
    /// Whose records.
    pub subject: PersonId,
    /// As whom the terms are held.
    pub acting_as: Grantee<AccountId>,
    /// The terms held.
    pub parent: TermsId,
    /// To whom a part of them is given.
    pub grantee: Grantee<AccountId>,
    /// Business blocks.
    pub blocks: Option<BusinessBlockSet>,
    /// Purposes.
    pub purposes: Option<PurposeSet>,
    /// Until when.
    pub until: Option<Instant>,
    /// How often they may be given on from there.
    pub may_delegate: u8,
}

/// Opens the bundle of terms held, seals the secrets of the blocks to the next grantee, and leaves
/// the new bundle at a vault: a child that only has to be given on.
pub async fn prepare_gift(
    chain: &Client,
    vault: &Vault,
    secret: &EncryptionSecret,
    gift: &Gift,
) -> anyhow::Result<Terms<AccountId>> {
    let held = chain.terms_of(&gift.subject, At::Best).await?;
    let parent = held
        .into_iter()
        .find(|(grantee, terms)| *grantee == gift.acting_as && terms.id == gift.parent)
        .map(|(_, terms)| terms)
        .ok_or_else(|| {
            let holder = names::show_grantee(&gift.acting_as);
            Fault::refused(format!("{holder} holds no terms {} of this person", gift.parent))
        })?;
    if gift.may_delegate >= parent.may_delegate {
        return Err(Fault::refused(match parent.may_delegate {
            0 => format!("terms {} may not be given on", parent.id),
            most => format!("terms {} may be given on {most} times, this one included", parent.id),
        })
        .into());
    }
    let key = grantee_key(chain, &gift.grantee).await?;
    let bytes = vault.get_bundle(&gift.subject, &parent.bundle).await?;
    let bundle = Bundle::read(&bytes, &parent.bundle)
        .map_err(|error| Fault::verification(error.to_string()))?;
    let mut secrets = opening::open_bundle(chain, &bundle, gift.subject, parent.id, secret)?;
    let blocks = gift.blocks.unwrap_or(parent.blocks);
    secrets.retain(|scope| blocks.contains(scope.block));
    let file = chain.grants(&gift.subject, &gift.grantee, At::Best).await?;
    let id = TermsId(file.map_or(1, |file| file.last_id.0.saturating_add(1)));
    let hash = leave_bundle(chain, vault, gift.subject, id, &secrets, &key).await?;
    Ok(Terms {
        id,
        blocks,
        purposes: gift.purposes.unwrap_or(parent.purposes),
        from: instant::now().max(parent.from),
        until: gift.until.unwrap_or(parent.until),
        records_from: parent.records_from,
        records_until: parent.records_until,
        may_delegate: gift.may_delegate,
        parent: Some(ParentTerms { grantee: gift.acting_as, id: parent.id }),
        bundle: hash,
    })
}

/// Gives a part of terms held on.
pub async fn delegate(
    chain: &Client,
    vault: &Vault,
    account: &Account,
    secret: &EncryptionSecret,
    gift: &Gift,
) -> anyhow::Result<(Terms<AccountId>, InBlock)> {
    let terms = prepare_gift(chain, vault, secret, gift).await?;
    let call = calls::consents::delegate(gift.subject, &gift.acting_as, &gift.grantee, &terms);
    let included = chain.submit(&call, account, Wait::Finalized).await?;
    Ok((terms, included))
}

async fn leave_bundle(
    chain: &Client,
    vault: &Vault,
    person: PersonId,
    terms: TermsId,
    secrets: &[ScopeSecret],
    key: &EncryptionKey,
) -> anyhow::Result<Hash32> {
    let context = BundleContext { genesis: chain.genesis_hash(), subject: person, terms };
    let bundle = Bundle::seal(secrets, key, &context)?;
    let hash = vault.put_bundle(&person, bundle.encode()).await?;
    if hash != bundle.hash() {
        return Err(Fault::verification("the vault keeps another bundle than was sent").into());
    }
    Ok(hash)
}

/// Publishes the next scope key of a block and seals the new secret to all who still may read it.
pub async fn rotate(
    chain: &Client,
    vault: &Vault,
    account: &Account,
    secret: &PersonSecret,
    person: PersonId,
    block: BusinessBlockId,
) -> anyhow::Result<Rotated> {
    let present = chain.scope_key(&person, block, At::Best).await?;
    let epoch = KeyEpoch(present.map_or(0, |scope| scope.epoch.0.saturating_add(1)));
    let key = secret.scope_secret(&chain.genesis_hash(), &person, block, epoch).public();
    let now = instant::now();
    let terms = chain.terms_of(&person, At::Best).await?;
    let covered: Vec<_> = terms
        .iter()
        .filter(|(_, terms)| terms.blocks.contains(block) && now < terms.until)
        .collect();
    if covered.len() > MAX_RESEALED {
        return Err(Fault::refused(format!(
            "{} grants cover the block; one rotation can seal to {MAX_RESEALED}: revoke some first",
            covered.len()
        ))
        .into());
    }
    let mut resealed = Vec::with_capacity(covered.len());
    for (grantee, terms) in covered {
        let to = grantee_key(chain, grantee).await?;
        let next = Some((block, epoch));
        let secrets = scope_secrets(chain, secret, person, terms.blocks, next).await?;
        let hash = leave_bundle(chain, vault, person, terms.id, &secrets, &to).await?;
        resealed.push((*grantee, terms.id, hash));
    }
    let call = calls::consents::rotate_scope_key(block, epoch, key, &resealed);
    let included = chain.submit(&call, account, Wait::Finalized).await?;
    Ok(Rotated { epoch, resealed: resealed.len(), included })
}
