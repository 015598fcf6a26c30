//! Weights of `pallet_registrars` on this runtime: reckoned by hand from those of like calls, until
//! `scripts/weights.sh` measures them.

#![allow(unused_parens, clippy::unnecessary_cast)]

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};

/// Weights of `pallet_registrars`.
pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_registrars::WeightInfo for WeightInfo<T> {
    // Storage: `Regions::Regions` (r:1 w:0)
    // Storage: `Registrars::Present` (r:1 w:1)
    // Storage: `Registrars::Compromised` (r:1 w:0)
    // Storage: `Registrars::Generation` (r:0 w:1)
    // Storage: `System::Account` (r:2 w:2) a registrar
    fn set_registrars(m: u32) -> Weight {
        Weight::from_parts(60_000_000, 26_000)
            .saturating_add(Weight::from_parts(60_000_000, 5_206).saturating_mul(m.into()))
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().reads((2_u64).saturating_mul(m.into())))
            .saturating_add(T::DbWeight::get().writes(2))
            .saturating_add(T::DbWeight::get().writes((2_u64).saturating_mul(m.into())))
    }
    // Storage: `Registrars::Present` (r:1 w:0)
    // Storage: `Registrars::Compromised` (r:1 w:1)
    fn declare_compromised() -> Weight {
        Weight::from_parts(45_000_000, 14_000)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    // Storage: `Registrars::Present` (r:1 w:1)
    fn update_url() -> Weight {
        Weight::from_parts(45_000_000, 14_000)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    // Storage: `Registrars::Present` (r:1 w:0)
    // Storage: `Registrars::Logs` (r:1 w:1)
    // Storage: `Timestamp::Now` (r:1 w:0)
    fn anchor_evaluation_log(p: u32) -> Weight {
        Weight::from_parts(60_000_000, 14_000)
            .saturating_add(Weight::from_parts(3_000_000, 0).saturating_mul(p.into()))
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(1))
    }
}
