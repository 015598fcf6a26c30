//! Signatures of accounts and vaults, as vaults check them.

use ed25519_dalek::{Signer, SigningKey, VerifyingKey};
use kanglian_primitives::{
    Hash32, Receipt, ShareClaim, VaultKey, WorkClaim,
    payloads::{self, ReceiptBody, WorkReceiptBody},
};

use crate::wire::{AccountId, Scheme, SignedLogReceipt};

/// Signing context of sr25519 in Substrate and its wallets.
const SR25519_CONTEXT: &[u8] = b"substrate";

/// Whoever signs in to a vault and signs reading statements: a key file or a wallet.
pub trait AccountSigner: Send + Sync {
    /// The account.
    fn account(&self) -> AccountId;
    /// How it signs.
    fn scheme(&self) -> Scheme;
    /// Its signature.
    fn sign(&self, message: &[u8]) -> [u8; 64];
}

impl AccountSigner for subxt_signer::sr25519::Keypair {
    fn account(&self) -> AccountId {
        AccountId::from(self.public_key().0)
    }
    fn scheme(&self) -> Scheme {
        Scheme::Sr25519
    }
    fn sign(&self, message: &[u8]) -> [u8; 64] {
        subxt_signer::sr25519::Keypair::sign(self, message).0
    }
}

impl AccountSigner for SigningKey {
    fn account(&self) -> AccountId {
        AccountId::from(self.verifying_key().to_bytes())
    }
    fn scheme(&self) -> Scheme {
        Scheme::Ed25519
    }
    fn sign(&self, message: &[u8]) -> [u8; 64] {
        Signer::sign(self, message).to_bytes()
    }
}

impl<T: AccountSigner + ?Sized> AccountSigner for std::sync::Arc<T> {
    fn account(&self) -> AccountId {
        (**self).account()
    }
    fn scheme(&self) -> Scheme {
        (**self).scheme()
    }
    fn sign(&self, message: &[u8]) -> [u8; 64] {
        (**self).sign(message)
    }
}

/// Whether the signature is the account's over the message, raw or wrapped in `<Bytes>` as
/// wallets do.
pub fn verify(scheme: Scheme, account: &AccountId, message: &[u8], signature: &[u8]) -> bool {
    let Ok(signature) = <[u8; 64]>::try_from(signature) else { return false };
    let wrapped = [b"<Bytes>", message, b"</Bytes>"].concat();
    match scheme {
        Scheme::Ed25519 => {
            verify_ed25519(&account.0, message, &signature)
                || verify_ed25519(&account.0, &wrapped, &signature)
        },
        Scheme::Sr25519 => {
            let Ok(key) = schnorrkel::PublicKey::from_bytes(&account.0) else { return false };
            let Ok(signature) = schnorrkel::Signature::from_bytes(&signature) else {
                return false;
            };
            key.verify_simple(SR25519_CONTEXT, message, &signature).is_ok()
                || key.verify_simple(SR25519_CONTEXT, &wrapped, &signature).is_ok()
        },
    }
}

/// Whether an ed25519 signature counts.
pub fn verify_ed25519(key: &[u8; 32], message: &[u8], signature: &[u8; 64]) -> bool {
    let signature = ed25519_dalek::Signature::from_bytes(signature);
    VerifyingKey::from_bytes(key).is_ok_and(|key| key.verify_strict(message, &signature).is_ok())
}

/// Whether a storage receipt is the vault's word for the claim.
pub fn verify_receipt(
    genesis: &Hash32,
    claim: &ShareClaim,
    receipt: &Receipt,
    key: &VaultKey,
) -> bool {
    let body = ReceiptBody {
        region: receipt.region,
        record: claim.record,
        size: claim.size,
        subject: claim.subject,
        author: claim.author,
        epoch: claim.epoch,
        expires_at: receipt.expires_at,
    };
    verify_ed25519(&key.0, &payloads::receipt(genesis, &body), &receipt.signature)
}

/// Whether a receipt for a public work is the vault's word for the claim.
pub fn verify_work_receipt(
    genesis: &Hash32,
    claim: &WorkClaim,
    receipt: &Receipt,
    key: &VaultKey,
) -> bool {
    let body = WorkReceiptBody {
        region: receipt.region,
        work: claim.work,
        size: claim.size,
        metadata: claim.metadata,
        author: claim.author,
        expires_at: receipt.expires_at,
    };
    verify_ed25519(&key.0, &payloads::work_receipt(genesis, &body), &receipt.signature)
}

/// Whether a log receipt is the vault's word.
pub fn verify_log_receipt(genesis: &Hash32, receipt: &SignedLogReceipt, key: &VaultKey) -> bool {
    verify_ed25519(&key.0, &payloads::log(genesis, &receipt.body), &receipt.signature)
}

/// Seed of a development vault's ed25519 key: BLAKE3(`kanglian/dev-vault/v1` ‖ phrase), the phrase
/// being like `//Jiangsu-Vault`. Whoever knows the phrase has the key; for local networks only.
pub fn dev_vault_seed(phrase: &str) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(b"kanglian/dev-vault/v1").update(phrase.as_bytes());
    hasher.finalize().into()
}

/// Key of a development vault, see [`dev_vault_seed`].
pub fn dev_vault_key(phrase: &str) -> SigningKey {
    SigningKey::from_bytes(&dev_vault_seed(phrase))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_schemes_count_raw_and_wrapped_and_for_nobody_else() {
        let ed25519 = dev_vault_key("//Reader");
        let sr25519 = subxt_signer::sr25519::dev::alice();
        let signers: [&dyn AccountSigner; 2] = [&ed25519, &sr25519];
        let stranger = AccountId::from([7; 32]);
        for signer in signers {
            let account = signer.account();
            let raw = signer.sign(b"hello");
            let wrapped = signer.sign(b"<Bytes>hello</Bytes>");
            assert!(verify(signer.scheme(), &account, b"hello", &raw));
            assert!(verify(signer.scheme(), &account, b"hello", &wrapped));
            assert!(!verify(signer.scheme(), &account, b"hallo", &raw));
            assert!(!verify(signer.scheme(), &stranger, b"hello", &raw));
            assert!(!verify(signer.scheme(), &account, b"hello", &raw[..63]));
        }
    }

    #[test]
    fn dev_seeds_are_pinned() {
        let seed = dev_vault_seed("//Jiangsu-Vault");
        let expected: [u8; 32] = blake3::hash(b"kanglian/dev-vault/v1//Jiangsu-Vault").into();
        assert_eq!(seed, expected);
        assert_eq!(
            hex::encode(seed),
            "0817fbd96f10ab2805e9c7291a12ea2edfd1a8faf42d2ee772ca6f792055d985"
        );
    }
}
