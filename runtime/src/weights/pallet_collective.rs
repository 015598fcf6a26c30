//! Weights of `pallet_collective` on this runtime. Written by `scripts/weights.sh`; not to be edited.
//!
//! 2026-11-23, AMD EPYC; steps 20, repeat 10, Wasm Compiled.

#![allow(unused_parens, clippy::unnecessary_cast)]

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};

/// Weights of `pallet_collective`.
pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_collective::WeightInfo for WeightInfo<T> {
    // Storage: `Council::Members` (r:1 w:1)
    // Proof: `Council::Members` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
    // Storage: `Council::Proposals` (r:1 w:0)
    // Proof: `Council::Proposals` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
    // Storage: `Council::Voting` (r:100 w:100)
    // Proof: `Council::Voting` (`max_values`: None, `max_size`: None, mode: `Measured`)
    // Storage: `Council::Prime` (r:0 w:1)
    // Proof: `Council::Prime` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
    // `m` from 0 to 40.
    // `n` from 0 to 40.
    // `p` from 0 to 100.
    fn set_members(m: u32, _n: u32, p: u32) -> Weight {
        // At least 16_311 ns.
        Weight::from_parts(16_761_000, 21164)
            .saturating_add(Weight::from_parts(3_820_943, 0).saturating_mul(m.into()))
            .saturating_add(Weight::from_parts(6_909_487, 0).saturating_mul(p.into()))
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().reads((1_u64).saturating_mul(p.into())))
            .saturating_add(T::DbWeight::get().writes(2))
            .saturating_add(T::DbWeight::get().writes((1_u64).saturating_mul(p.into())))
            .saturating_add(Weight::from_parts(0, 1963).saturating_mul(m.into()))
            .saturating_add(Weight::from_parts(0, 3145).saturating_mul(p.into()))
    }
    // Storage: `Council::Members` (r:1 w:0)
    // Proof: `Council::Members` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
    // Storage: `SafeMode::EnteredUntil` (r:1 w:0)
    // Proof: `SafeMode::EnteredUntil` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    // Storage: `TxPause::PausedCalls` (r:1 w:0)
    // Proof: `TxPause::PausedCalls` (`max_values`: None, `max_size`: Some(532), added: 3007, mode: `MaxEncodedLen`)
    // `b` from 2 to 1024.
    // `m` from 1 to 40.
    fn execute(b: u32, m: u32) -> Weight {
        // At least 33_213 ns.
        Weight::from_parts(34_645_921, 3997)
            .saturating_add(Weight::from_parts(1_459, 0).saturating_mul(b.into()))
            .saturating_add(Weight::from_parts(16_770, 0).saturating_mul(m.into()))
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(Weight::from_parts(0, 32).saturating_mul(m.into()))
    }
    // Storage: `Council::Members` (r:1 w:0)
    // Proof: `Council::Members` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
    // Storage: `Council::ProposalOf` (r:1 w:0)
    // Proof: `Council::ProposalOf` (`max_values`: None, `max_size`: None, mode: `Measured`)
    // Storage: `SafeMode::EnteredUntil` (r:1 w:0)
    // Proof: `SafeMode::EnteredUntil` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    // Storage: `TxPause::PausedCalls` (r:1 w:0)
    // Proof: `TxPause::PausedCalls` (`max_values`: None, `max_size`: Some(532), added: 3007, mode: `MaxEncodedLen`)
    // `b` from 2 to 1024.
    // `m` from 1 to 40.
    fn propose_execute(b: u32, m: u32) -> Weight {
        // At least 37_350 ns.
        Weight::from_parts(39_700_885, 3997)
            .saturating_add(Weight::from_parts(909, 0).saturating_mul(b.into()))
            .saturating_add(Weight::from_parts(13_672, 0).saturating_mul(m.into()))
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(Weight::from_parts(0, 32).saturating_mul(m.into()))
    }
    // Storage: `Council::Members` (r:1 w:0)
    // Proof: `Council::Members` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
    // Storage: `Council::ProposalOf` (r:1 w:1)
    // Proof: `Council::ProposalOf` (`max_values`: None, `max_size`: None, mode: `Measured`)
    // Storage: `Council::Proposals` (r:1 w:1)
    // Proof: `Council::Proposals` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
    // Storage: `Council::ProposalCount` (r:1 w:1)
    // Proof: `Council::ProposalCount` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
    // Storage: `Parameters::Parameters` (r:1 w:0)
    // Proof: `Parameters::Parameters` (`max_values`: None, `max_size`: Some(24), added: 2499, mode: `MaxEncodedLen`)
    // Storage: `Council::Voting` (r:0 w:1)
    // Proof: `Council::Voting` (`max_values`: None, `max_size`: None, mode: `Measured`)
    // `b` from 2 to 1024.
    // `m` from 2 to 40.
    // `p` from 1 to 100.
    fn propose_proposed(b: u32, m: u32, p: u32) -> Weight {
        // At least 39_434 ns.
        Weight::from_parts(41_900_967, 3752)
            .saturating_add(Weight::from_parts(1_186, 0).saturating_mul(b.into()))
            .saturating_add(Weight::from_parts(112_575, 0).saturating_mul(m.into()))
            .saturating_add(Weight::from_parts(281_906, 0).saturating_mul(p.into()))
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().writes(4))
            .saturating_add(Weight::from_parts(0, 34).saturating_mul(m.into()))
            .saturating_add(Weight::from_parts(0, 36).saturating_mul(p.into()))
    }
    // Storage: `Council::Members` (r:1 w:0)
    // Proof: `Council::Members` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
    // Storage: `Council::Voting` (r:1 w:1)
    // Proof: `Council::Voting` (`max_values`: None, `max_size`: None, mode: `Measured`)
    // `m` from 5 to 40.
    fn vote(m: u32) -> Weight {
        // At least 35_507 ns.
        Weight::from_parts(40_587_688, 4236)
            .saturating_add(Weight::from_parts(17_654, 0).saturating_mul(m.into()))
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(1))
            .saturating_add(Weight::from_parts(0, 64).saturating_mul(m.into()))
    }
    // Storage: `Council::Voting` (r:1 w:1)
    // Proof: `Council::Voting` (`max_values`: None, `max_size`: None, mode: `Measured`)
    // Storage: `Council::Members` (r:1 w:0)
    // Proof: `Council::Members` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
    // Storage: `Council::Proposals` (r:1 w:1)
    // Proof: `Council::Proposals` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
    // Storage: `Council::ProposalOf` (r:0 w:1)
    // Proof: `Council::ProposalOf` (`max_values`: None, `max_size`: None, mode: `Measured`)
    // `m` from 4 to 40.
    // `p` from 1 to 100.
    fn close_early_disapproved(m: u32, p: u32) -> Weight {
        // At least 39_524 ns.
        Weight::from_parts(45_585_367, 3782)
            .saturating_add(Weight::from_parts(145_478, 0).saturating_mul(m.into()))
            .saturating_add(Weight::from_parts(245_683, 0).saturating_mul(p.into()))
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(3))
            .saturating_add(Weight::from_parts(0, 66).saturating_mul(m.into()))
            .saturating_add(Weight::from_parts(0, 36).saturating_mul(p.into()))
    }
    // Storage: `Council::Voting` (r:1 w:1)
    // Proof: `Council::Voting` (`max_values`: None, `max_size`: None, mode: `Measured`)
    // Storage: `Council::Members` (r:1 w:0)
    // Proof: `Council::Members` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
    // Storage: `Council::ProposalOf` (r:1 w:1)
    // Proof: `Council::ProposalOf` (`max_values`: None, `max_size`: None, mode: `Measured`)
    // Storage: `SafeMode::EnteredUntil` (r:1 w:0)
    // Proof: `SafeMode::EnteredUntil` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    // Storage: `TxPause::PausedCalls` (r:1 w:0)
    // Proof: `TxPause::PausedCalls` (`max_values`: None, `max_size`: Some(532), added: 3007, mode: `MaxEncodedLen`)
    // Storage: `Council::Proposals` (r:1 w:1)
    // Proof: `Council::Proposals` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
    // `b` from 2 to 1024.
    // `m` from 4 to 40.
    // `p` from 1 to 100.
    fn close_early_approved(b: u32, m: u32, p: u32) -> Weight {
        // At least 65_423 ns.
        Weight::from_parts(46_458_414, 4123)
            .saturating_add(Weight::from_parts(7_609, 0).saturating_mul(b.into()))
            .saturating_add(Weight::from_parts(481_765, 0).saturating_mul(m.into()))
            .saturating_add(Weight::from_parts(417_785, 0).saturating_mul(p.into()))
            .saturating_add(T::DbWeight::get().reads(6))
            .saturating_add(T::DbWeight::get().writes(3))
            .saturating_add(Weight::from_parts(0, 1).saturating_mul(b.into()))
            .saturating_add(Weight::from_parts(0, 67).saturating_mul(m.into()))
            .saturating_add(Weight::from_parts(0, 40).saturating_mul(p.into()))
    }
    // Storage: `Council::Voting` (r:1 w:1)
    // Proof: `Council::Voting` (`max_values`: None, `max_size`: None, mode: `Measured`)
    // Storage: `Council::Members` (r:1 w:0)
    // Proof: `Council::Members` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
    // Storage: `Council::Prime` (r:1 w:0)
    // Proof: `Council::Prime` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
    // Storage: `Council::Proposals` (r:1 w:1)
    // Proof: `Council::Proposals` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
    // Storage: `Council::ProposalOf` (r:0 w:1)
    // Proof: `Council::ProposalOf` (`max_values`: None, `max_size`: None, mode: `Measured`)
    // `m` from 4 to 40.
    // `p` from 1 to 100.
    fn close_disapproved(m: u32, p: u32) -> Weight {
        // At least 43_352 ns.
        Weight::from_parts(72_910_386, 3802)
            .saturating_add(Weight::from_parts(76_693, 0).saturating_mul(p.into()))
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(3))
            .saturating_add(Weight::from_parts(0, 66).saturating_mul(m.into()))
            .saturating_add(Weight::from_parts(0, 36).saturating_mul(p.into()))
    }
    // Storage: `Council::Voting` (r:1 w:1)
    // Proof: `Council::Voting` (`max_values`: None, `max_size`: None, mode: `Measured`)
    // Storage: `Council::Members` (r:1 w:0)
    // Proof: `Council::Members` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
    // Storage: `Council::Prime` (r:1 w:0)
    // Proof: `Council::Prime` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
    // Storage: `Council::ProposalOf` (r:1 w:1)
    // Proof: `Council::ProposalOf` (`max_values`: None, `max_size`: None, mode: `Measured`)
    // Storage: `SafeMode::EnteredUntil` (r:1 w:0)
    // Proof: `SafeMode::EnteredUntil` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    // Storage: `TxPause::PausedCalls` (r:1 w:0)
    // Proof: `TxPause::PausedCalls` (`max_values`: None, `max_size`: Some(532), added: 3007, mode: `MaxEncodedLen`)
    // Storage: `Council::Proposals` (r:1 w:1)
    // Proof: `Council::Proposals` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
    // `b` from 2 to 1024.
    // `m` from 4 to 40.
    // `p` from 1 to 100.
    fn close_approved(b: u32, m: u32, p: u32) -> Weight {
        // At least 68_389 ns.
        Weight::from_parts(83_965_599, 4143)
            .saturating_add(Weight::from_parts(15_536, 0).saturating_mul(m.into()))
            .saturating_add(Weight::from_parts(368_157, 0).saturating_mul(p.into()))
            .saturating_add(T::DbWeight::get().reads(7))
            .saturating_add(T::DbWeight::get().writes(3))
            .saturating_add(Weight::from_parts(0, 1).saturating_mul(b.into()))
            .saturating_add(Weight::from_parts(0, 67).saturating_mul(m.into()))
            .saturating_add(Weight::from_parts(0, 40).saturating_mul(p.into()))
    }
    // Storage: `Council::Proposals` (r:1 w:1)
    // Proof: `Council::Proposals` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
    // Storage: `Council::Voting` (r:0 w:1)
    // Proof: `Council::Voting` (`max_values`: None, `max_size`: None, mode: `Measured`)
    // Storage: `Council::ProposalOf` (r:0 w:1)
    // Proof: `Council::ProposalOf` (`max_values`: None, `max_size`: None, mode: `Measured`)
    // `p` from 1 to 100.
    fn disapprove_proposal(p: u32) -> Weight {
        // At least 23_414 ns.
        Weight::from_parts(25_963_623, 1674)
            .saturating_add(Weight::from_parts(242_833, 0).saturating_mul(p.into()))
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(3))
            .saturating_add(Weight::from_parts(0, 32).saturating_mul(p.into()))
    }
    // Storage: `Council::ProposalOf` (r:1 w:1)
    // Proof: `Council::ProposalOf` (`max_values`: None, `max_size`: None, mode: `Measured`)
    // Storage: `Council::CostOf` (r:1 w:0)
    // Proof: `Council::CostOf` (`max_values`: None, `max_size`: None, mode: `Measured`)
    // Storage: `Council::Proposals` (r:1 w:1)
    // Proof: `Council::Proposals` (`max_values`: Some(1), `max_size`: None, mode: `Measured`)
    // Storage: `Council::Voting` (r:0 w:1)
    // Proof: `Council::Voting` (`max_values`: None, `max_size`: None, mode: `Measured`)
    // `d` from 0 to 1.
    // `p` from 1 to 100.
    fn kill(d: u32, p: u32) -> Weight {
        // At least 34_024 ns.
        Weight::from_parts(32_390_549, 4876)
            .saturating_add(Weight::from_parts(4_670_375, 0).saturating_mul(d.into()))
            .saturating_add(Weight::from_parts(329_686, 0).saturating_mul(p.into()))
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(3))
            .saturating_add(Weight::from_parts(0, 93).saturating_mul(d.into()))
            .saturating_add(Weight::from_parts(0, 37).saturating_mul(p.into()))
    }
    // Storage: `Council::ProposalOf` (r:1 w:0)
    // Proof: `Council::ProposalOf` (`max_values`: None, `max_size`: None, mode: `Measured`)
    // Storage: `Council::CostOf` (r:1 w:0)
    // Proof: `Council::CostOf` (`max_values`: None, `max_size`: None, mode: `Measured`)
    fn release_proposal_cost() -> Weight {
        // At least 21_821 ns.
        Weight::from_parts(24_647_000, 4339).saturating_add(T::DbWeight::get().reads(2))
    }
}
