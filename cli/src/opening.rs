//! Opening records: fetch the sealed bytes, check them against the chain, unwrap the data key, open.

use std::path::Path;

use anyhow::Context;
use indicatif::ProgressBar;
use kanglian_primitives::{EncryptionKey, PersonId, RecordFacts, TermsId};
use kanglian_sdk::{
    chain::{At, Client},
    envelope::{
        Bundle, BundleContext, DataKey, ScopeSecret, Wrap, WrapContext, WrapRecipient, open_file,
        unwrap_any,
    },
    keys::{EncryptionSecret, PersonSecret},
    vault::Ask,
};

use crate::{fault::Fault, instant, sharing::moving, vault::Vault};

/// What a reader opens wraps with.
pub enum Keys {
    /// The person's own secret: every scope secret follows from it.
    Own(PersonSecret),
    /// The secret of the encryption key that grants are sealed to.
    Granted(EncryptionSecret),
    /// Scope secrets themselves, as custodians gave them back.
    Scopes(Vec<ScopeSecret>),
}

/// A record that was opened.
#[derive(Clone, Copy, Debug)]
pub struct Opened {
    /// Bytes of content.
    pub bytes: u64,
    /// The line that the read left in the vault's access log.
    pub log_index: Option<u64>,
}

/// Fetches a record's sealed bytes, checks them, and writes its content to a new file.
pub async fn fetch_and_open(
    chain: &Client,
    vault: &Vault,
    ask: &Ask,
    facts: &RecordFacts,
    keys: &Keys,
    out: &Path,
    bar: &ProgressBar,
) -> anyhow::Result<Opened> {
    let folder = match out.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let hidden = tempfile::tempdir_in(folder).with_context(|| folder.display().to_string())?;
    let sealed = hidden.path().join("sealed");
    let fetched = vault.fetch_file(ask, &facts.id, &sealed, moving(bar)).await?;
    if fetched.size != facts.size {
        return Err(Fault::verification(format!(
            "the vault gave {} bytes, the chain says {}",
            fetched.size, facts.size
        ))
        .into());
    }
    let key = data_key(chain, vault, ask, facts, keys, &fetched.wraps).await?;
    let bytes = open_file(&sealed, &key, &facts.id, out).await?;
    let log_index = fetched.receipts.last().map(|receipt| receipt.body.index);
    Ok(Opened { bytes, log_index })
}

/// The data key of a record, unwrapped with what the reader has.
pub async fn data_key(
    chain: &Client,
    vault: &Vault,
    ask: &Ask,
    facts: &RecordFacts,
    keys: &Keys,
    wraps: &[Wrap],
) -> anyhow::Result<DataKey> {
    let context = WrapContext {
        genesis: chain.genesis_hash(),
        subject: facts.subject,
        block: facts.block,
        epoch: facts.key_epoch,
        record: facts.id,
    };
    let (scope, own) = match keys {
        Keys::Own(secret) => {
            let scope =
                secret.scope_secret(&context.genesis, &facts.subject, facts.block, facts.key_epoch);
            (Some(scope), None)
        },
        Keys::Scopes(scopes) => {
            let mut scopes = scopes.iter();
            let scope = scopes
                .find(|scope| scope.block == facts.block && scope.epoch == facts.key_epoch)
                .map(|scope| scope.secret.clone());
            (scope, None)
        },
        Keys::Granted(secret) => {
            let own = secret.public();
            // Authors hold a wrap of their own; everybody else needs the scope secret.
            let authored = |wrap: &Wrap| wrap.recipient == WrapRecipient::Key(own);
            let scope = match wraps.iter().any(authored) {
                true => None,
                false => granted_scope(chain, vault, ask, facts, secret).await?,
            };
            (scope, Some((own, secret)))
        },
    };
    let of = |recipient: &WrapRecipient| match recipient {
        WrapRecipient::Scope { .. } if *recipient == context.scope() => scope.as_ref(),
        WrapRecipient::Key(key) => own_secret(own, key),
        WrapRecipient::Scope { .. } => None,
    };
    Ok(unwrap_any(wraps, &context, of).map_err(|error| Fault::verification(error.to_string()))?)
}

fn own_secret<'a>(
    own: Option<(EncryptionKey, &'a EncryptionSecret)>,
    key: &EncryptionKey,
) -> Option<&'a EncryptionSecret> {
    own.filter(|(public, _)| public == key).map(|(_, secret)| secret)
}

/// The scope secret of a record's block and epoch, out of the bundles of the reader's terms.
async fn granted_scope(
    chain: &Client,
    vault: &Vault,
    ask: &Ask,
    facts: &RecordFacts,
    secret: &EncryptionSecret,
) -> anyhow::Result<Option<EncryptionSecret>> {
    let now = instant::now();
    let terms = chain.terms_of(&facts.subject, At::Best).await?;
    let usable = terms.iter().filter(|(grantee, terms)| {
        *grantee == ask.acting_as
            && terms.blocks.contains(facts.block)
            && terms.purposes.contains(ask.purpose)
            && now < terms.until
    });
    for (_, terms) in usable {
        let bytes = vault.get_bundle(&facts.subject, &terms.bundle).await?;
        let bundle = Bundle::read(&bytes, &terms.bundle)
            .map_err(|error| Fault::verification(error.to_string()))?;
        let opened = open_bundle(chain, &bundle, facts.subject, terms.id, secret)?;
        let wanted = opened
            .into_iter()
            .find(|scope| scope.block == facts.block && scope.epoch == facts.key_epoch);
        if let Some(scope) = wanted {
            return Ok(Some(scope.secret));
        }
    }
    Ok(None)
}

/// The scope secrets in a bundle.
pub fn open_bundle(
    chain: &Client,
    bundle: &Bundle,
    subject: PersonId,
    terms: TermsId,
    secret: &EncryptionSecret,
) -> Result<Vec<ScopeSecret>, Fault> {
    let context = BundleContext { genesis: chain.genesis_hash(), subject, terms };
    bundle.open(secret, &context).map_err(|error| {
        Fault::verification(format!("{error}; is this the secret of the key the grant names?"))
    })
}
