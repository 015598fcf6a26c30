//! Consistency of the logs that vaults and registrars anchor: trees of RFC 6962 over SHA-256.

use codec::Encode;
use kanglian_primitives::Hash32;
use sp_io::hashing::sha2_256;

/// First byte of what an inner node hashes (RFC 6962, section 2.1).
const NODE: u8 = 0x01;

/// The hash of an inner node.
pub fn node(left: &Hash32, right: &Hash32) -> Hash32 {
    (NODE, left, right).using_encoded(sha2_256)
}

/// Whether the proof shows that the tree `new` continues the tree `old`, each given by its number
/// of leaves and its root: the algorithm of RFC 9162, section 2.1.4.2. Both trees have leaves and
/// `new` has more of them, else the answer is no.
///
/// A root does not commit to its number of leaves: when a proof holds for two sizes at once (5 to 7
/// and 5 to 8 take the same path), a log may name either. Its later proofs have to fit the named one,
/// and inclusion proofs of its last lines show which it is.
pub fn is_consistent(
    (old_size, old_root): (u64, &Hash32),
    (new_size, new_root): (u64, &Hash32),
    proof: &[Hash32],
) -> bool {
    if new_size <= old_size || proof.is_empty() {
        return false;
    }
    let Some(last_of_old) = old_size.checked_sub(1) else { return false };
    let Some(last_of_new) = new_size.checked_sub(1) else { return false };

    let mut path = proof.iter();
    let start = match old_size.is_power_of_two() {
        true => Some(old_root),
        false => path.next(),
    };
    let Some(start) = start else { return false };

    // Positions of the running node in its level of either tree.
    let level = last_of_old.trailing_ones();
    let (mut at_old, mut at_new) = (shifted(last_of_old, level), shifted(last_of_new, level));
    let (mut old_hash, mut new_hash) = (*start, *start);

    for sibling in path {
        if at_new == 0 {
            return false;
        }
        if at_old & 1 == 1 || at_old == at_new {
            old_hash = node(sibling, &old_hash);
            new_hash = node(sibling, &new_hash);
            while at_old & 1 == 0 && at_old != 0 {
                at_old >>= 1;
                at_new >>= 1;
            }
        } else {
            new_hash = node(&new_hash, sibling);
        }
        at_old >>= 1;
        at_new >>= 1;
    }
    at_new == 0 && old_hash == *old_root && new_hash == *new_root
}

fn shifted(value: u64, by: u32) -> u64 {
    value.checked_shr(by).unwrap_or(0)
}
