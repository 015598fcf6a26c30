//! Registrars of person ids.

use kanglian_primitives::{RegionCode, RegistrarKey};

/// What others ask of the registry of registrars.
pub trait RegistrarInspect {
    /// The generation under which persons can be attested now; none after the present one was
    /// declared compromised, until another follows.
    fn open_generation() -> Option<u32>;

    /// The region of the registrar that signs with the key, when it is of the present set.
    fn region_of(key: &RegistrarKey) -> Option<RegionCode>;

    /// Begins the generation. For benchmarks.
    #[cfg(feature = "runtime-benchmarks")]
    fn benchmark_set_generation(_generation: u32) {}
}

impl RegistrarInspect for () {
    fn open_generation() -> Option<u32> {
        Some(0)
    }
    fn region_of(_: &RegistrarKey) -> Option<RegionCode> {
        None
    }
}
