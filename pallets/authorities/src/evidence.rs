//! Two Aura headers as proof of a double block.
//!
//! A sealed header carries its slot as the pre-runtime digest `aura` and ends in the seal `aura`:
//! an sr25519 signature by the author's Aura key over the hash of the header without that seal.

use codec::Encode;
use frame_support::{ensure, traits::Get};
use frame_system::pallet_prelude::HeaderFor;
use sp_core::sr25519;
use sp_runtime::{ConsensusEngineId, traits::Header};

use crate::{AuraKey, Config, Error, Slot};

/// Aura's engine identifier in digests.
pub(crate) const AURA_ENGINE_ID: ConsensusEngineId = *b"aura";

/// Aura's key type in keystores.
#[cfg(any(test, feature = "runtime-benchmarks"))]
pub const AURA_KEY_TYPE: sp_core::crypto::KeyTypeId = sp_core::crypto::KeyTypeId(*b"aura");

type HashOf<T> = <T as frame_system::Config>::Hash;

/// A header without its seal, and the seal.
struct Sealed<T: Config> {
    slot: Slot,
    hash: HashOf<T>,
    seal: sr25519::Signature,
}

impl<T: Config> Sealed<T> {
    fn new(mut header: HeaderFor<T>) -> Result<Self, Error<T>> {
        let limit = usize::try_from(T::MaxHeaderSize::get()).unwrap_or(usize::MAX);
        ensure!(header.encoded_size() <= limit, Error::<T>::MalformedHeader);
        let seal = header
            .digest_mut()
            .pop()
            .and_then(|item| item.seal_try_to(&AURA_ENGINE_ID))
            .ok_or(Error::<T>::MalformedHeader)?;
        let mut slots = header.digest().logs().iter().filter_map(|item| {
            let (engine, _) = item.as_pre_runtime()?;
            (engine == AURA_ENGINE_ID).then(|| item.pre_runtime_try_to::<Slot>(&AURA_ENGINE_ID))
        });
        let slot = slots.next().flatten().ok_or(Error::<T>::MalformedHeader)?;
        ensure!(slots.next().is_none(), Error::<T>::MalformedHeader);
        Ok(Self { slot, hash: header.hash(), seal })
    }

    fn is_sealed_by(&self, key: &AuraKey) -> bool {
        sp_io::crypto::sr25519_verify(&self.seal, self.hash.as_ref(), key)
    }
}

/// Two different blocks of one slot, whose seals are yet to be checked.
pub(crate) struct DoubleBlock<T: Config> {
    /// The slot of both.
    pub slot: Slot,
    first: Sealed<T>,
    second: Sealed<T>,
}

impl<T: Config> DoubleBlock<T> {
    /// Takes the headers apart. Blocks are compared without their seals: sealing one block twice
    /// gives two hashes and is no offence.
    pub fn new(first: HeaderFor<T>, second: HeaderFor<T>) -> Result<Self, Error<T>> {
        let first = Sealed::<T>::new(first)?;
        let second = Sealed::<T>::new(second)?;
        ensure!(first.slot == second.slot, Error::<T>::DifferentSlots);
        ensure!(first.hash != second.hash, Error::<T>::SameBlock);
        Ok(Self { slot: first.slot, first, second })
    }

    /// The one that sealed both, and how many keys were tried. A seal names no key.
    pub fn author(
        &self,
        authors: &[(T::AccountId, AuraKey)],
    ) -> Result<(T::AccountId, u32), Error<T>> {
        let mut tried = 0u32;
        for (account, key) in authors {
            tried = tried.saturating_add(1);
            if self.first.is_sealed_by(key) {
                ensure!(self.second.is_sealed_by(key), Error::<T>::UnknownAuthor);
                return Ok((account.clone(), tried));
            }
        }
        Err(Error::<T>::UnknownAuthor)
    }
}
