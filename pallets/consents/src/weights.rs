//! Weights of the calls. The runtime uses generated ones; the figures here serve tests.

use frame_support::weights::{Weight, constants::RocksDbWeight};

/// Weights of the calls, each for its worst case.
pub trait WeightInfo {
    /// `b` blocks in the terms, grantee's file nearly full.
    fn grant(b: u32) -> Weight;
    /// `b` blocks in the terms, parent itself delegated, all files full.
    fn delegate(b: u32) -> Weight;
    /// Full file.
    fn revoke() -> Weight;
    /// Full file of a linked id.
    fn revoke_linked() -> Weight;
    /// Full file, acting as an institution.
    fn renounce() -> Weight;
    /// `b` blocks.
    fn allow_writing(b: u32) -> Weight;
    /// `r` bundles of as many grantees, their files full.
    fn rotate_scope_key(r: u32) -> Weight;
    /// `p` hashes in the proof, each hashed into both roots.
    fn anchor_access_log(p: u32) -> Weight;
}

/// A proof of possession of state costs about this much for a full file of terms.
const FILE: u64 = 6_500;

fn weight(micros: u64, proof: u64, reads: u64, writes: u64) -> Weight {
    Weight::from_parts(micros.saturating_mul(1_000_000), proof)
        .saturating_add(RocksDbWeight::get().reads(reads))
        .saturating_add(RocksDbWeight::get().writes(writes))
}

impl WeightInfo for () {
    fn grant(b: u32) -> Weight {
        weight(30, FILE, 5, 1).saturating_add(weight(2, 0, 0, 0).saturating_mul(b.into()))
    }
    fn delegate(b: u32) -> Weight {
        weight(60, 3 * FILE, 11, 1).saturating_add(weight(2, 0, 0, 0).saturating_mul(b.into()))
    }
    fn revoke() -> Weight {
        weight(30, FILE, 4, 1)
    }
    fn revoke_linked() -> Weight {
        weight(35, FILE + 4_000, 6, 1)
    }
    fn renounce() -> Weight {
        weight(35, FILE, 5, 1)
    }
    fn allow_writing(b: u32) -> Weight {
        weight(25, 3_700, 5, 1).saturating_add(weight(2, 0, 0, 0).saturating_mul(b.into()))
    }
    fn rotate_scope_key(r: u32) -> Weight {
        weight(30, 3_700, 6, 1).saturating_add(weight(12, FILE, 1, 1).saturating_mul(r.into()))
    }
    fn anchor_access_log(p: u32) -> Weight {
        weight(25, 3_600, 3, 1).saturating_add(weight(2, 0, 0, 0).saturating_mul(p.into()))
    }
}
