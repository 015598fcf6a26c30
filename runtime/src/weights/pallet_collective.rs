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
        // At least 17_303 ns.
        Weight::from_parts(17_733_000, 21164)
            .saturating_add(Weight::from_parts(5_111_375, 0).saturating_mul(m.into()))
            .saturating_add(Weight::from_parts(6_858_855, 0).saturating_mul(p.into()))
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
    fn execute(_b: u32, m: u32) -> Weight {
        // At least 34_224 ns.
        Weight::from_parts(61_392_192, 3997)
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
    fn propose_execute(_b: u32, m: u32) -> Weight {
        // At least 38_311 ns.
        Weight::from_parts(42_272_359, 3997)
            .saturating_add(Weight::from_parts(66_953, 0).saturating_mul(m.into()))
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
    fn propose_proposed(_b: u32, m: u32, p: u32) -> Weight {
        // At least 53_080 ns.
        Weight::from_parts(90_426_202, 3752)
            .saturating_add(Weight::from_parts(378_352, 0).saturating_mul(p.into()))
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
        // At least 36_448 ns.
        Weight::from_parts(38_202_928, 4236)
            .saturating_add(Weight::from_parts(532_192, 0).saturating_mul(m.into()))
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
        // At least 38_582 ns.
        Weight::from_parts(38_516_215, 3782)
            .saturating_add(Weight::from_parts(65_573, 0).saturating_mul(m.into()))
            .saturating_add(Weight::from_parts(439_681, 0).saturating_mul(p.into()))
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
        // At least 64_550 ns.
        Weight::from_parts(87_611_192, 4123)
            .saturating_add(Weight::from_parts(1_859, 0).saturating_mul(b.into()))
            .saturating_add(Weight::from_parts(557_012, 0).saturating_mul(p.into()))
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
        // At least 43_161 ns.
        Weight::from_parts(52_653_190, 3802)
            .saturating_add(Weight::from_parts(396_951, 0).saturating_mul(p.into()))
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
        // At least 69_230 ns.
        Weight::from_parts(55_286_206, 4143)
            .saturating_add(Weight::from_parts(12_441, 0).saturating_mul(b.into()))
            .saturating_add(Weight::from_parts(807_106, 0).saturating_mul(p.into()))
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
        // At least 23_825 ns.
        Weight::from_parts(29_668_390, 1674)
            .saturating_add(Weight::from_parts(229_335, 0).saturating_mul(p.into()))
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
        // At least 33_774 ns.
        Weight::from_parts(33_288_000, 4876)
            .saturating_add(Weight::from_parts(3_701_629, 0).saturating_mul(d.into()))
            .saturating_add(Weight::from_parts(404_601, 0).saturating_mul(p.into()))
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
        // At least 22_242 ns.
        Weight::from_parts(26_720_000, 4339).saturating_add(T::DbWeight::get().reads(2))
    }
}
