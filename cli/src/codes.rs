//! Authorisation codes: issuing one, and redeeming it.

use anyhow::Context as _;
use codec::Encode;
use kanglian_primitives::{
    CodeKey, Grantee, Instant, PersonId, Terms, TermsId, TermsTemplate, payloads::RedemptionBody,
};
use kanglian_sdk::{
    AccountId,
    chain::{At, Client, InBlock, Wait, calls, care::Code},
    codes::CodeSeed,
    envelope::{Bundle, BundleContext},
    keys::{Account, PersonSecret},
};

use crate::{consenting, fault::Fault, instant, names, vault::Vault};

/// How long a redeeming signature counts, in milliseconds: long enough for a busy chain.
const SIGNATURE_LIFE: Instant = 5 * 60 * 1_000;

/// A code that was issued.
#[derive(Clone, Debug)]
pub struct Issued {
    /// What the chain knows it by.
    pub key: CodeKey,
    /// The transaction.
    pub included: InBlock,
}

/// Terms that a code gave.
#[derive(Clone, Debug)]
pub struct Redeemed {
    /// The code.
    pub key: CodeKey,
    /// Whose records.
    pub person: PersonId,
    /// The terms.
    pub terms: Terms<AccountId>,
    /// The height at which everything was in place.
    pub height: u32,
}

/// Seals the scope secrets to the code, leaves the bundle at a vault, issues the code.
pub async fn issue(
    chain: &Client,
    vault: &Vault,
    account: &Account,
    secret: &PersonSecret,
    person: PersonId,
    seed: &CodeSeed,
    template: &TermsTemplate,
    (uses, expires_at): (u8, Instant),
) -> anyhow::Result<Issued> {
    let keys = seed.keys(&chain.genesis_hash());
    let secrets = consenting::scope_secrets(chain, secret, person, template.blocks, None).await?;
    if secrets.is_empty() {
        return Err(Fault::refused(format!(
            "no scope key is published for {}",
            names::show_blocks(template.blocks)
        ))
        .into());
    }
    let bundle = keys.seal(&chain.genesis_hash(), &person, &secrets)?;
    let hash = vault.put_bundle(&person, bundle.encode()).await?;
    if hash != bundle.hash() {
        return Err(Fault::verification("the vault keeps another bundle than was sent").into());
    }
    let call = calls::access_codes::issue_code(keys.key(), template, uses, expires_at, hash);
    let included = chain.submit(&call, account, Wait::Finalized).await?;
    Ok(Issued { key: keys.key(), included })
}

/// The code that a seed stands for, as the chain knows it.
pub async fn find(chain: &Client, seed: &CodeSeed) -> anyhow::Result<(CodeKey, Code)> {
    let key = seed.keys(&chain.genesis_hash()).key();
    let code = chain.code(&key, At::Best).await?;
    let code = code.ok_or_else(|| {
        Fault::refused("no such code on this chain: mistyped PIN, cancelled, or of another chain")
    })?;
    Ok((key, code))
}

/// Redeems a code for a grantee and seals what it opens to the grantee's own key. When a former
/// attempt got only half of the way, this goes the rest of it.
pub async fn redeem(
    chain: &Client,
    vault: &Vault,
    account: &Account,
    seed: &CodeSeed,
    grantee: &Grantee<AccountId>,
) -> anyhow::Result<Redeemed> {
    let genesis = chain.genesis_hash();
    let keys = seed.keys(&genesis);
    let (key, code) = find(chain, seed).await?;
    let mine = |code: &Code| {
        let redeemed = code.redeemed.iter();
        redeemed.clone().find(|one| one.grantee == *grantee && one.account == account.id()).copied()
    };
    let (redemption, mut height) = match mine(&code) {
        Some(redemption) => (redemption, chain.finalized().await?.number),
        None => {
            let expires_at = instant::now().saturating_add(SIGNATURE_LIFE);
            let body = RedemptionBody {
                code: key,
                person: code.person,
                redeemer: account.id(),
                grantee: *grantee,
                expires_at,
            };
            let signature = keys.sign(&genesis, &body);
            let call = calls::access_codes::redeem_code(key, grantee, expires_at, signature);
            let included = chain.submit(&call, account, Wait::Finalized).await?;
            let at = At::Hash(included.block);
            let code = chain.code(&key, at).await?.context("the code is gone")?;
            let redemption = mine(&code).context("the chain does not know the redemption")?;
            (redemption, included.number)
        },
    };
    let mut terms = terms(chain, &code.person, grantee, redemption.id).await?;
    if terms.bundle == code.sealed {
        let bytes = released(vault, &code).await?;
        let bundle = Bundle::read(&bytes, &code.sealed)
            .map_err(|error| Fault::verification(error.to_string()))?;
        let secrets = keys
            .open(&genesis, &code.person, &bundle)
            .map_err(|error| Fault::verification(error.to_string()))?;
        let to = consenting::grantee_key(chain, grantee).await?;
        let context = BundleContext { genesis, subject: code.person, terms: terms.id };
        let own = Bundle::seal(&secrets, &to, &context)?;
        let hash = vault.put_adopted_bundle(&code.person, &key, own.encode()).await?;
        if hash != own.hash() {
            return Err(Fault::verification("the vault keeps another bundle than was sent").into());
        }
        let call = calls::access_codes::adopt_bundle(key, grantee, hash);
        let included = chain.submit(&call, account, Wait::Finalized).await?;
        terms.bundle = hash;
        height = included.number;
    }
    Ok(Redeemed { key, person: code.person, terms, height })
}

async fn terms(
    chain: &Client,
    person: &PersonId,
    grantee: &Grantee<AccountId>,
    id: TermsId,
) -> anyhow::Result<Terms<AccountId>> {
    let held = chain.terms_of(person, At::Best).await?;
    let found = held.into_iter().find(|(to, terms)| to == grantee && terms.id == id);
    found.map(|(_, terms)| terms).ok_or_else(|| {
        Fault::refused("the person ended the terms that the code gave; ask for a new code").into()
    })
}

/// The bundle sealed to the code. The vault gives it when its node, too, has finalised the
/// redemption.
async fn released(vault: &Vault, code: &Code) -> anyhow::Result<Vec<u8>> {
    const PATIENCE: std::time::Duration = std::time::Duration::from_secs(20);
    const PAUSE: std::time::Duration = std::time::Duration::from_millis(500);
    let begun = std::time::Instant::now();
    loop {
        match vault.get_bundle(&code.person, &code.sealed).await {
            Err(kanglian_sdk::vault::VaultError::Refused { status: 404, .. })
                if begun.elapsed() < PATIENCE =>
            {
                tokio::time::sleep(PAUSE).await;
            },
            other => return Ok(other?),
        }
    }
}
