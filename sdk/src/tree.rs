//! The RFC 6962 tree over leaf hashes, in memory.
//!
//! ct-merkle says which nodes a proof is made of and verifies proofs; its own in-memory tree keeps
//! all leaves and proves about its present size only. Here the hashes of all complete subtrees are
//! kept, 64 bytes a line, and proofs can be given for every earlier size.

use ct_merkle::{indices_for_consistency_proof, indices_for_inclusion_proof};
use kanglian_primitives::Hash32;
use sha2::{Digest, Sha256};

/// Complete subtrees by level: `levels[k][j]` covers leaves j·2^k … (j+1)·2^k.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    levels: Vec<Vec<Hash32>>,
}

fn parent(left: &Hash32, right: &Hash32) -> Hash32 {
    let mut hasher = Sha256::new();
    hasher.update([1u8]);
    hasher.update(left);
    hasher.update(right);
    hasher.finalize().into()
}

impl Tree {
    /// Number of leaves.
    pub fn size(&self) -> u64 {
        self.levels.first().map_or(0, |leaves| leaves.len() as u64)
    }

    /// Adds a leaf.
    pub fn push(&mut self, leaf: Hash32) {
        let mut hash = leaf;
        let mut level = 0usize;
        loop {
            if self.levels.len() == level {
                self.levels.push(Vec::new());
            }
            let Some(nodes) = self.levels.get_mut(level) else { return };
            nodes.push(hash);
            if !nodes.len().is_multiple_of(2) {
                return;
            }
            let Some([left, right]) = nodes.last_chunk::<2>() else { return };
            hash = parent(left, right);
            level = level.saturating_add(1);
        }
    }

    /// A leaf hash.
    pub fn leaf(&self, index: u64) -> Option<Hash32> {
        self.levels.first()?.get(usize::try_from(index).ok()?).copied()
    }

    /// Root over the first `size` leaves; SHA-256 of nothing for none.
    pub fn root(&self, size: u64) -> Option<Hash32> {
        match size {
            0 => Some(Sha256::digest([]).into()),
            _ if size > self.size() => None,
            _ => self.range(0, size),
        }
    }

    /// Inclusion proof of a leaf in the tree of the first `size` leaves.
    pub fn inclusion(&self, index: u64, size: u64) -> Option<Vec<Hash32>> {
        if index >= size || size > self.size() {
            return None;
        }
        let nodes = indices_for_inclusion_proof(size, index);
        nodes.into_iter().map(|node| self.node(node, size)).collect()
    }

    /// Consistency proof from the first `from` leaves to the first `to`.
    pub fn consistency(&self, from: u64, to: u64) -> Option<Vec<Hash32>> {
        if from == 0 || from > to || to > self.size() {
            return None;
        }
        let nodes = indices_for_consistency_proof(from, to.checked_sub(from)?);
        nodes.into_iter().map(|node| self.node(node, to)).collect()
    }

    /// Hash of a node by its in-order number in the tree of `size` leaves: a number with k trailing
    /// ones stands at level k; at the right edge it covers what leaves there are.
    fn node(&self, number: u64, size: u64) -> Option<Hash32> {
        let level = number.trailing_ones();
        let start = number.checked_shr(level.checked_add(1)?).unwrap_or(0).checked_shl(level)?;
        let end = start.checked_add(1u64.checked_shl(level)?)?.min(size);
        self.range(start, end)
    }

    /// RFC 6962's hash over leaves start … end.
    fn range(&self, start: u64, end: u64) -> Option<Hash32> {
        let length = end.checked_sub(start).filter(|length| *length > 0)?;
        if length.is_power_of_two() && start.is_multiple_of(length) {
            let nodes = self.levels.get(usize::try_from(length.trailing_zeros()).ok()?)?;
            let at = start.checked_div(length)?;
            return nodes.get(usize::try_from(at).ok()?).copied();
        }
        // Split at the largest power of two below the length.
        let split = length.next_power_of_two().checked_div(2)?;
        let middle = start.checked_add(split)?;
        Some(parent(&self.range(start, middle)?, &self.range(middle, end)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ct_merkle::{
        ConsistencyProof, InclusionProof, RootHash, mem_backed_tree::MemoryBackedTree,
    };

    fn leaf_hash(leaf: &[u8]) -> Hash32 {
        Sha256::new().chain_update([0u8]).chain_update(leaf).finalize().into()
    }

    #[test]
    fn every_proof_for_every_size_verifies_with_ct_merkle() {
        let mut tree = Tree::default();
        let mut reference = MemoryBackedTree::<Sha256, Vec<u8>>::new();
        let mut roots = vec![];
        for number in 0..40u64 {
            let leaf = number.to_le_bytes().to_vec();
            tree.push(leaf_hash(&leaf));
            reference.push(leaf);
            let root = tree.root(number + 1).unwrap();
            assert_eq!(&root[..], &reference.root().as_bytes()[..]);
            roots.push(root);
        }
        for size in 1..=40u64 {
            let root = tree.root(size).unwrap();
            assert_eq!(root, roots[size as usize - 1], "roots of the past stay");
            let whole = RootHash::<Sha256>::new(root.into(), size);
            for index in 0..size {
                let proof = tree.inclusion(index, size).unwrap().concat();
                let proof = InclusionProof::try_from_bytes(proof).unwrap();
                let leaf = index.to_le_bytes().to_vec();
                whole.verify_inclusion(&leaf, index, &proof).unwrap();
            }
            for from in 1..=size {
                let proof = tree.consistency(from, size).unwrap().concat();
                let proof = ConsistencyProof::try_from_bytes(proof).unwrap();
                let old = RootHash::new(roots[from as usize - 1].into(), from);
                whole.verify_consistency(&old, &proof).unwrap();
            }
        }
    }

    #[test]
    fn nothing_is_proved_beyond_the_tree() {
        let mut tree = Tree::default();
        assert_eq!(tree.inclusion(0, 0), None);
        assert_eq!(tree.consistency(0, 0), None);
        tree.push([1; 32]);
        assert_eq!(tree.inclusion(1, 1), None);
        assert_eq!(tree.inclusion(0, 2), None);
        assert_eq!(tree.consistency(1, 2), None);
        for size in [2, (1 << 63) + 1, u64::MAX] {
            assert_eq!(tree.root(size), None);
            assert_eq!(tree.inclusion(0, size), None);
            assert_eq!(tree.consistency(1, size), None);
        }
    }
}
