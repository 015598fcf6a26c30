//! Bodies of the calls, and answers to other pallets.

use alloc::{collections::btree_set::BTreeSet, vec::Vec};
use frame_support::{dispatch::DispatchResult, ensure, traits::Time};
use frame_system::pallet_prelude::BlockNumberFor;
use kanglian_primitives::{Hash32, RegionCode, RegistrarKey};
use kanglian_traits::{RegionInspect, RegistrarInspect, log_tree};

use crate::{
    Compromised, Config, Error, EvaluationLog, Event, Generation, GenesisSet, Logs, Pallet,
    Present, Registrar, RegistrarSetOf, RegistrarUrl, types::is_url,
};

/// The group's identity, which is nobody's key.
const IDENTITY: [u8; 32] = [0; 32];

impl<T: Config> Pallet<T> {
    /// The key that the account signs with.
    pub(crate) fn key_of(who: &T::AccountId) -> RegistrarKey {
        RegistrarKey(*who.as_ref())
    }

    /// The account that the registrar's key signs for.
    pub(crate) fn account_of(key: &RegistrarKey) -> T::AccountId {
        key.0.into()
    }

    pub(crate) fn genesis_set(
        (threshold, network_key, members): &GenesisSet,
    ) -> Option<RegistrarSetOf<T>> {
        let member = |(region, signing_key, share_key, url): &crate::GenesisRegistrar| {
            Some(Registrar {
                region: RegionCode(*region),
                signing_key: *signing_key,
                share_key: *share_key,
                url: RegistrarUrl::try_from(url.as_bytes().to_vec()).ok()?,
            })
        };
        let members = members.iter().map(member).collect::<Option<Vec<_>>>()?;
        Some(crate::RegistrarSet {
            generation: 0,
            epoch: 0,
            threshold: *threshold,
            network_key: *network_key,
            members: members.try_into().ok()?,
        })
    }

    pub(crate) fn do_set(set: RegistrarSetOf<T>) -> DispatchResult {
        Self::check_members(&set)?;
        let before = Present::<T>::get();
        Self::check_succession(before.as_ref(), &set)?;
        let key = |member: &Registrar| member.signing_key;
        let members: Vec<_> = set.members.iter().map(key).collect();
        for entering in &members {
            frame_system::Pallet::<T>::inc_sufficients(&Self::account_of(entering));
        }
        for leaving in before.iter().flat_map(|set| set.members.iter().map(key)) {
            frame_system::Pallet::<T>::dec_sufficients(&Self::account_of(&leaving));
        }
        Self::deposit_event(Event::RegistrarsSet {
            generation: set.generation,
            epoch: set.epoch,
            threshold: set.threshold,
            network_key: set.network_key,
            members,
        });
        Generation::<T>::put(set.generation);
        Present::<T>::put(set);
        Ok(())
    }

    /// Whether the set holds by itself.
    pub(crate) fn check_members(set: &RegistrarSetOf<T>) -> DispatchResult {
        let count = set.members.len();
        ensure!((1..=count).contains(&set.threshold.into()), Error::<T>::InvalidThreshold);
        ensure!(set.network_key != IDENTITY, Error::<T>::WeakKey);
        let (mut regions, mut keys, mut shares) =
            (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        for member in &set.members {
            ensure!(T::Regions::is_active(member.region), Error::<T>::RegionNotActive);
            ensure!(regions.insert(member.region), Error::<T>::RegionTwice);
            let weak = member.signing_key.is_low_order() || member.share_key == IDENTITY;
            ensure!(!weak, Error::<T>::WeakKey);
            ensure!(
                keys.insert(member.signing_key) && shares.insert(member.share_key),
                Error::<T>::KeyTwice
            );
            ensure!(is_url(&member.url), Error::<T>::InvalidUrl);
        }
        Ok(())
    }

    /// Whether the set may follow the present one.
    fn check_succession(
        before: Option<&RegistrarSetOf<T>>,
        set: &RegistrarSetOf<T>,
    ) -> DispatchResult {
        let Some(before) = before else {
            ensure!(set.generation == 0, Error::<T>::WrongGeneration);
            return Ok(());
        };
        let compromised = Compromised::<T>::contains_key(before.generation);
        if set.generation == before.generation {
            ensure!(!compromised, Error::<T>::GenerationClosed);
            ensure!(set.network_key == before.network_key, Error::<T>::NetworkKeyChanged);
            ensure!(set.epoch > before.epoch, Error::<T>::EpochNotRising);
            return Ok(());
        }
        let next = before.generation.checked_add(1);
        ensure!(next == Some(set.generation), Error::<T>::WrongGeneration);
        ensure!(compromised, Error::<T>::GenerationInForce);
        ensure!(set.network_key != before.network_key, Error::<T>::NetworkKeyUnchanged);
        Ok(())
    }

    pub(crate) fn do_declare_compromised(
        generation: u32,
        from: BlockNumberFor<T>,
    ) -> DispatchResult {
        let present = Present::<T>::get().ok_or(Error::<T>::NoRegistrars)?;
        ensure!(present.generation == generation, Error::<T>::WrongGeneration);
        ensure!(!Compromised::<T>::contains_key(generation), Error::<T>::AlreadyCompromised);
        let now = frame_system::Pallet::<T>::block_number();
        ensure!(from >= now, Error::<T>::HeightInPast);
        Compromised::<T>::insert(generation, from);
        Self::deposit_event(Event::GenerationCompromised { generation, from });
        Ok(())
    }

    pub(crate) fn do_update_url(registrar: RegistrarKey, url: RegistrarUrl) -> DispatchResult {
        Present::<T>::try_mutate(|set| {
            let members = set.iter_mut().flat_map(|set| set.members.iter_mut());
            let own = members.into_iter().find(|member| member.signing_key == registrar);
            let own = own.ok_or(Error::<T>::NotRegistrar)?;
            ensure!(is_url(&url), Error::<T>::InvalidUrl);
            own.url = url.clone();
            DispatchResult::Ok(())
        })?;
        Self::deposit_event(Event::UrlUpdated { registrar, url });
        Ok(())
    }

    pub(crate) fn do_anchor_evaluation_log(
        registrar: RegistrarKey,
        size: u64,
        root: Hash32,
        proof: &[Hash32],
    ) -> DispatchResult {
        ensure!(Self::region_of(&registrar).is_some(), Error::<T>::NotRegistrar);
        let anchored = Logs::<T>::get(registrar);
        ensure!(size > anchored.map(|log| log.size).unwrap_or_default(), Error::<T>::LogNotGrowing);
        let consistent = match anchored {
            None => proof.is_empty(),
            Some(log) => log_tree::is_consistent((log.size, &log.root), (size, &root), proof),
        };
        ensure!(consistent, Error::<T>::InconsistentLog);
        Logs::<T>::insert(registrar, EvaluationLog { size, root, at: T::Clock::now() });
        Self::deposit_event(Event::EvaluationLogAnchored { registrar, size, root });
        Ok(())
    }
}

impl<T: Config> RegistrarInspect for Pallet<T> {
    fn open_generation() -> Option<u32> {
        let generation = Generation::<T>::get();
        let now = frame_system::Pallet::<T>::block_number();
        let closed = Compromised::<T>::get(generation).is_some_and(|from| now >= from);
        (!closed).then_some(generation)
    }

    fn region_of(key: &RegistrarKey) -> Option<RegionCode> {
        let set = Present::<T>::get()?;
        set.members.iter().find(|member| member.signing_key == *key).map(|member| member.region)
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn benchmark_set_generation(generation: u32) {
        Generation::<T>::put(generation);
        Compromised::<T>::insert(generation, BlockNumberFor::<T>::from(u32::MAX));
    }
}
