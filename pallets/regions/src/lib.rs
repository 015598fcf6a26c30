//! The registry of provinces: their pan-centres, custodian keys, vaults and standing.
//!
//! | call | who |
//! | --- | --- |
//! | [`Pallet::register`], [`Pallet::resume`], [`Pallet::replace_pan_centre`] | [`Config::RegisterOrigin`]: two thirds of the council |
//! | [`Pallet::suspend`] | [`Config::SuspendOrigin`]: a majority of the council |
//! | [`Pallet::update_vault`] | [`Config::PanCentreOrigin`]: the pan-centre of an active region |
//!
//! Invariants: codes are of province level; an account is the pan-centre or the vault of one region
//! at most; names are UTF-8 and URLs are HTTP; no key is of small order; each pan-centre and each
//! vault account holds one `sufficients` reference for its place.
//!
//! Asks nothing of other pallets. Gives [`kanglian_traits::RegionInspect`], from which the origins
//! [`kanglian_traits::EnsurePanCentre`] and [`kanglian_traits::EnsureVault`] are made.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

pub use pallet::*;
pub use types::*;
pub use weights::WeightInfo;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod impls;
#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;
mod try_state;
mod types;
pub mod weights;

#[frame_support::pallet]
pub mod pallet {
    use alloc::{string::String, vec::Vec};
    use frame_support::pallet_prelude::*;
    use frame_system::pallet_prelude::*;
    use kanglian_primitives::{EncryptionKey, RegionCode, VaultInfo, VaultKey};

    use super::{Region, RegionMap, RegionName, RegionOf, VaultUrl, WeightInfo};

    const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config: frame_system::Config<AccountId: From<[u8; 32]>> {
        /// Registers, resumes, and names a new pan-centre: two thirds of the council.
        type RegisterOrigin: EnsureOrigin<Self::RuntimeOrigin>;

        /// Suspends: a majority of the council.
        type SuspendOrigin: EnsureOrigin<Self::RuntimeOrigin>;

        /// The pan-centre of an active region; gives the region.
        type PanCentreOrigin: EnsureOrigin<Self::RuntimeOrigin, Success = RegionCode>;

        /// Most regions there can be.
        #[pallet::constant]
        type MaxRegions: Get<u32>;

        /// Weights of the calls.
        type WeightInfo: WeightInfo;
    }

    /// All regions, in the order of their codes. One value, so that each question costs one read.
    #[pallet::storage]
    pub type Regions<T: Config> = StorageValue<_, RegionMap<T>, ValueQuery>;

    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// A region was registered and is active.
        RegionRegistered {
            /// The region.
            region: RegionCode,
            /// Its pan-centre's account.
            pan_centre: T::AccountId,
            /// Its vault's signing key.
            vault_key: VaultKey,
        },
        /// A region's vault has this key and URL from now on.
        VaultUpdated {
            /// The region.
            region: RegionCode,
            /// The vault's signing key.
            vault_key: VaultKey,
            /// The vault's base URL.
            vault_url: VaultUrl,
        },
        /// A region was suspended.
        RegionSuspended {
            /// The region.
            region: RegionCode,
        },
        /// A suspended region is active again.
        RegionResumed {
            /// The region.
            region: RegionCode,
        },
        /// A region has a new pan-centre.
        PanCentreReplaced {
            /// The region.
            region: RegionCode,
            /// The account that was its pan-centre.
            old: T::AccountId,
            /// The account that is its pan-centre now.
            new: T::AccountId,
        },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// The code is not six digits `XX0000` within 110000 … 820000. Use the province's code
        /// (GB/T 2260).
        NotProvinceLevel,
        /// The name is empty, is not UTF-8, or holds control characters. Correct the name.
        InvalidName,
        /// The URL is not `http://` or `https://` followed by printable ASCII. Correct the URL.
        InvalidUrl,
        /// The custodian key is of small order: anybody could open what is sealed to it. Generate
        /// a new key.
        WeakCustodianKey,
        /// The vault key is of small order: anybody could sign for it. Generate a new key.
        WeakVaultKey,
        /// A region with this code exists. Update it instead.
        AlreadyRegistered,
        /// No region has this code. Register it first.
        NotRegistered,
        /// The account is the pan-centre or the vault of a region already. Use another account.
        AccountTaken,
        /// The key is a vault's, or its account a pan-centre, already. Use another key.
        VaultKeyTaken,
        /// There are as many regions as the chain can hold. Raise the limit by an upgrade.
        TooManyRegions,
        /// The region is suspended already. Nothing needs to be done.
        AlreadySuspended,
        /// The region is active. Nothing needs to be done.
        NotSuspended,
    }

    /// Regions that exist from the first block on: code, name, pan-centre, custodian key, vault
    /// key, vault URL. All are active.
    #[pallet::genesis_config]
    #[derive(frame_support::DefaultNoBound)]
    pub struct GenesisConfig<T: Config> {
        /// The regions.
        pub regions: Vec<(u32, String, T::AccountId, EncryptionKey, VaultKey, String)>,
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        fn build(&self) {
            for (code, name, pan_centre, custodian_key, vault_key, url) in &self.regions {
                let name = RegionName::try_from(name.as_bytes().to_vec())
                    .unwrap_or_else(|_| panic!("the name of region {code} is too long"));
                let vault_url = VaultUrl::try_from(url.as_bytes().to_vec())
                    .unwrap_or_else(|_| panic!("the vault URL of region {code} is too long"));
                let region =
                    Region::new(name, pan_centre.clone(), *custodian_key, *vault_key, vault_url);
                Pallet::<T>::insert_region(RegionCode(*code), region)
                    .unwrap_or_else(|error| panic!("region {code} is refused: {error:?}"));
            }
        }
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        fn integrity_test() {
            let divisions = (82 - 11) + 1;
            assert!(
                (1..=divisions).contains(&T::MaxRegions::get()),
                "MaxRegions must be 1 or more and no more than there are codes of province level"
            );
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Registers a province with its pan-centre, custodian key and vault; it is active at once.
        ///
        /// ## Dispatch origin
        /// [`Config::RegisterOrigin`].
        ///
        /// ## Errors
        /// [`Error::NotProvinceLevel`], [`Error::InvalidName`], [`Error::InvalidUrl`],
        /// [`Error::WeakCustodianKey`], [`Error::WeakVaultKey`], [`Error::AlreadyRegistered`],
        /// [`Error::AccountTaken`], [`Error::VaultKeyTaken`], [`Error::TooManyRegions`].
        ///
        /// ## Events
        /// [`Event::RegionRegistered`].
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::register())]
        pub fn register(
            origin: OriginFor<T>,
            code: RegionCode,
            name: RegionName,
            pan_centre: T::AccountId,
            custodian_key: EncryptionKey,
            vault_key: VaultKey,
            vault_url: VaultUrl,
        ) -> DispatchResult {
            T::RegisterOrigin::ensure_origin(origin)?;
            let region = Region::new(name, pan_centre.clone(), custodian_key, vault_key, vault_url);
            Self::insert_region(code, region)?;
            Self::deposit_event(Event::RegionRegistered { region: code, pan_centre, vault_key });
            Ok(())
        }

        /// Gives the pan-centre's own region another vault key and URL. Receipts by the old key
        /// count no longer.
        ///
        /// ## Dispatch origin
        /// [`Config::PanCentreOrigin`].
        ///
        /// ## Errors
        /// [`Error::InvalidUrl`], [`Error::WeakVaultKey`], [`Error::VaultKeyTaken`],
        /// [`Error::NotRegistered`].
        ///
        /// ## Events
        /// [`Event::VaultUpdated`].
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::update_vault())]
        pub fn update_vault(
            origin: OriginFor<T>,
            vault_key: VaultKey,
            vault_url: VaultUrl,
        ) -> DispatchResult {
            let region = T::PanCentreOrigin::ensure_origin(origin)?;
            Self::set_vault(region, vault_key, vault_url.clone())?;
            Self::deposit_event(Event::VaultUpdated { region, vault_key, vault_url });
            Ok(())
        }

        /// Suspends a region: its pan-centre, its institutions and its vault's receipts count no
        /// longer, at once. Its people keep every right.
        ///
        /// ## Dispatch origin
        /// [`Config::SuspendOrigin`].
        ///
        /// ## Errors
        /// [`Error::NotRegistered`], [`Error::AlreadySuspended`].
        ///
        /// ## Events
        /// [`Event::RegionSuspended`].
        #[pallet::call_index(2)]
        #[pallet::weight(T::WeightInfo::suspend())]
        pub fn suspend(origin: OriginFor<T>, code: RegionCode) -> DispatchResult {
            T::SuspendOrigin::ensure_origin(origin)?;
            Self::set_suspended(code)?;
            Self::deposit_event(Event::RegionSuspended { region: code });
            Ok(())
        }

        /// Lifts a region's suspension.
        ///
        /// ## Dispatch origin
        /// [`Config::RegisterOrigin`].
        ///
        /// ## Errors
        /// [`Error::NotRegistered`], [`Error::NotSuspended`].
        ///
        /// ## Events
        /// [`Event::RegionResumed`].
        #[pallet::call_index(3)]
        #[pallet::weight(T::WeightInfo::resume())]
        pub fn resume(origin: OriginFor<T>, code: RegionCode) -> DispatchResult {
            T::RegisterOrigin::ensure_origin(origin)?;
            Self::set_active(code)?;
            Self::deposit_event(Event::RegionResumed { region: code });
            Ok(())
        }

        /// Gives a region, active or not, another pan-centre account.
        ///
        /// ## Dispatch origin
        /// [`Config::RegisterOrigin`].
        ///
        /// ## Errors
        /// [`Error::NotRegistered`], [`Error::AccountTaken`].
        ///
        /// ## Events
        /// [`Event::PanCentreReplaced`].
        #[pallet::call_index(4)]
        #[pallet::weight(T::WeightInfo::replace_pan_centre())]
        pub fn replace_pan_centre(
            origin: OriginFor<T>,
            code: RegionCode,
            account: T::AccountId,
        ) -> DispatchResult {
            T::RegisterOrigin::ensure_origin(origin)?;
            let old = Self::set_pan_centre(code, account.clone())?;
            Self::deposit_event(Event::PanCentreReplaced { region: code, old, new: account });
            Ok(())
        }
    }

    #[pallet::view_functions]
    impl<T: Config> Pallet<T> {
        /// One region.
        pub fn region(code: RegionCode) -> Option<RegionOf<T>> {
            Regions::<T>::get().get(&code).cloned()
        }

        /// Every registered province's vault, rising by region.
        pub fn vaults() -> Vec<VaultInfo> {
            Regions::<T>::get().iter().map(|(code, region)| region.vault_info(*code)).collect()
        }
    }
}
