//! Log receipts that a reader keeps: the vault's signed word that the read stands in its access log.
//!
//! The reader holds the vault to it later: the line must stand in the tree whose root is on chain.
//! A vault that shows another leaf in its place, or that signed two leaves for one line, has
//! contradicted itself, and its own signatures are the evidence.

use codec::{DecodeAll, Encode};
use kanglian_primitives::{Hash32, PersonId, Purpose, RecordId, RegionCode, VaultKey};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{Ask, VaultClient, VaultError, log::decode_hex, verify_log_receipt};
use crate::{
    fhir::terms::grantee_text,
    wire::{AccountId, InclusionReply, SignedLogReceipt, hex_bytes, paths},
};

/// A receipt as a reader keeps it, with what it was for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptReceipt {
    /// The chain's first block.
    #[serde(with = "hex_bytes")]
    pub genesis: Hash32,
    /// The vault's province.
    pub region: RegionCode,
    /// Who read.
    pub account: AccountId,
    /// As whom, as text.
    pub acting_as: String,
    /// Whose records.
    pub subject: PersonId,
    /// Why.
    pub purpose: Purpose,
    /// The record; none when the file was listed.
    pub record: Option<RecordId>,
    /// Hexadecimal SCALE of the [`SignedLogReceipt`].
    pub receipt: String,
}

impl KeptReceipt {
    /// A receipt for what was asked.
    pub fn of(
        genesis: Hash32,
        account: AccountId,
        ask: &Ask,
        record: Option<RecordId>,
        receipt: &SignedLogReceipt,
    ) -> Self {
        Self {
            genesis,
            region: receipt.body.region,
            account,
            acting_as: grantee_text(&ask.acting_as),
            subject: ask.subject,
            purpose: ask.purpose,
            record,
            receipt: hex::encode(receipt.encode()),
        }
    }

    /// The receipt itself; none when it cannot be read.
    pub fn signed(&self) -> Option<SignedLogReceipt> {
        let bytes = hex::decode(&self.receipt).ok()?;
        SignedLogReceipt::decode_all(&mut bytes.as_slice()).ok()
    }
}

/// How a receipt compares with the tree on chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "standing")]
pub enum ReceiptStanding {
    /// The line stands where the receipt says.
    Included {
        /// Lines in the anchored tree.
        size: u64,
    },
    /// The anchor on chain does not reach the line yet.
    NotAnchored,
    /// The signature is not the vault's.
    NotGenuine,
    /// Another leaf stands in the line's place, proved by the vault itself: with the receipt this
    /// is evidence against it.
    OtherLeaf {
        /// What stands there.
        proof: InclusionReply,
        /// The root on chain, hexadecimal.
        root: String,
    },
    /// The vault cannot prove what stands there.
    Unproved {
        /// Why.
        reason: String,
    },
}

impl ReceiptStanding {
    /// Whether the vault kept its word so far.
    pub fn holds(&self) -> bool {
        matches!(self, Self::Included { .. } | Self::NotAnchored)
    }
}

/// Pairs of genuine receipts of one vault for one line that say different things.
pub fn contradictions(
    receipts: &[KeptReceipt],
    key_of: impl Fn(RegionCode) -> Option<VaultKey>,
) -> Vec<(&KeptReceipt, &KeptReceipt)> {
    let mut genuine: Vec<(&KeptReceipt, SignedLogReceipt)> = receipts
        .iter()
        .filter_map(|kept| Some((kept, kept.signed()?)))
        .filter(|(kept, signed)| {
            key_of(signed.body.region)
                .is_some_and(|key| verify_log_receipt(&kept.genesis, signed, &key))
        })
        .collect();
    genuine.sort_by_key(|(kept, signed)| {
        (kept.genesis, signed.body.region, signed.body.index, signed.body.leaf)
    });
    let pairs = genuine.iter().zip(genuine.iter().skip(1));
    pairs
        .filter(|((first, a), (second, b))| {
            first.genesis == second.genesis
                && a.body.region == b.body.region
                && a.body.index == b.body.index
                && a.body.leaf != b.body.leaf
        })
        .map(|((first, _), (second, _))| (*first, *second))
        .collect()
}

/// The root that an inclusion proof leads to (RFC 9162, section 2.1.3.2); none when the proof has
/// another length than the tree wants.
pub fn root_of(leaf: Hash32, index: u64, size: u64, proof: &[Hash32]) -> Option<Hash32> {
    let mut at = index;
    let mut last = size.checked_sub(1).filter(|last| index <= *last)?;
    let mut root = leaf;
    let join = |left: &Hash32, right: &Hash32| -> Hash32 {
        let mut hasher = Sha256::new();
        hasher.update([1u8]);
        hasher.update(left);
        hasher.update(right);
        hasher.finalize().into()
    };
    for sibling in proof {
        if last == 0 {
            return None;
        }
        if at & 1 == 1 || at == last {
            root = join(sibling, &root);
            while at & 1 == 0 && at != 0 {
                at >>= 1;
                last >>= 1;
            }
        } else {
            root = join(&root, sibling);
        }
        at >>= 1;
        last >>= 1;
    }
    (last == 0).then_some(root)
}

impl VaultClient {
    /// What stands at a line of the log, with its proof, unverified.
    pub async fn inclusion(&self, index: u64, size: u64) -> Result<InclusionReply, VaultError> {
        let request = self.http.get(self.url(&paths::inclusion(index, size))?);
        self.json(self.send(request).await?).await
    }

    /// Holds the vault to a receipt: does its line stand in the anchored tree?
    pub async fn check_receipt(
        &self,
        receipt: &SignedLogReceipt,
        anchor: Option<(u64, Hash32)>,
    ) -> Result<ReceiptStanding, VaultError> {
        let target = self.target();
        if receipt.body.region != target.region
            || !verify_log_receipt(&target.genesis, receipt, &target.key)
        {
            return Ok(ReceiptStanding::NotGenuine);
        }
        let Some((size, root)) = anchor.filter(|(size, _)| receipt.body.index < *size) else {
            return Ok(ReceiptStanding::NotAnchored);
        };
        let reply = match self.inclusion(receipt.body.index, size).await {
            Ok(reply) => reply,
            Err(VaultError::Refused { status: 400, message, .. }) => {
                return Ok(ReceiptStanding::Unproved { reason: message });
            },
            Err(error) => return Err(error),
        };
        let hashes: Option<Vec<Hash32>> = reply.proof.iter().map(|hash| decode_hex(hash)).collect();
        let led = hashes.and_then(|proof| root_of(reply.leaf, receipt.body.index, size, &proof));
        Ok(match led == Some(root) {
            false => ReceiptStanding::Unproved {
                reason: "the proof does not lead to the root on chain".to_owned(),
            },
            true if reply.leaf == receipt.body.leaf => ReceiptStanding::Included { size },
            true => ReceiptStanding::OtherLeaf { proof: reply, root: hex::encode(root) },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{keys::VaultSigner, tree::Tree, vault::dev_vault_seed};
    use kanglian_primitives::{
        Grantee,
        payloads::{self, LogReceiptBody},
    };

    #[test]
    fn proofs_of_every_line_of_every_small_tree_lead_to_its_root() {
        let mut tree = Tree::default();
        for size in 1..40u64 {
            tree.push([u8::try_from(size).unwrap(); 32]);
            let root = tree.root(size).unwrap();
            for index in 0..size {
                let leaf = [u8::try_from(index + 1).unwrap(); 32];
                let proof = tree.inclusion(index, size).unwrap();
                assert_eq!(root_of(leaf, index, size, &proof), Some(root), "{index} of {size}");
                assert_ne!(root_of([0; 32], index, size, &proof), Some(root));
                let longer = [proof.clone(), vec![[0; 32]]].concat();
                assert_eq!(root_of(leaf, index, size, &longer), None);
                if !proof.is_empty() {
                    assert_eq!(root_of(leaf, index, size, &proof[1..]), None);
                }
            }
            assert_eq!(root_of([1; 32], size, size, &[]), None);
        }
    }

    #[test]
    fn two_words_for_one_line_are_evidence_and_forged_ones_are_not() {
        let vault = VaultSigner::from_seed(&dev_vault_seed("//Jiangsu-Vault"));
        let genesis = [5; 32];
        let region = RegionCode(320_000);
        let person = PersonId([7; 32]);
        let kept = |index, leaf: u8| {
            let body = LogReceiptBody { region, index, leaf: [leaf; 32], at: 9 };
            let signature = vault.sign(&payloads::log(&genesis, &body));
            let ask = Ask::own(person);
            let account = AccountId::from([1; 32]);
            let receipt = SignedLogReceipt { body, signature };
            KeptReceipt::of(genesis, account, &ask, None, &receipt)
        };
        let key = |_| Some(vault.public());
        let honest = [kept(1, 1), kept(2, 2), kept(1, 1)];
        assert!(contradictions(&honest, key).is_empty());
        let mut all = honest.to_vec();
        all.push(kept(2, 3));
        let found = contradictions(&all, key);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].0.signed().unwrap().body.index, 2);
        // Anybody can write one; only the vault can sign it.
        let mut forged = kept(1, 9);
        let mut signed = forged.signed().unwrap();
        signed.signature[0] ^= 1;
        forged.receipt = hex::encode(signed.encode());
        all.push(forged);
        assert_eq!(contradictions(&all, key).len(), 1);
        assert!(contradictions(&all, |_| None).is_empty());
        assert_eq!(kept(1, 1).acting_as, grantee_text(&Grantee::Person(person)));
    }
}
