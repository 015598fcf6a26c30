//! Benchmarks, each for the worst case.

use alloc::vec::Vec;
use codec::Decode;
use frame_benchmarking::v2::*;
use frame_support::{
    BoundedVec,
    traits::{EnsureOrigin, Get, Time},
};
use frame_system::RawOrigin;
use kanglian_primitives::{ParentTerms, Purpose, PurposeSet, Terms, VaultKey};
use kanglian_traits::log_tree;

use super::*;

const REGION: RegionCode = RegionCode(320_000);
const VAULT: VaultKey = VaultKey([0xe1; 32]);
const PERSON: PersonId = PersonId([0xa1; 32]);

fn set_region<T: Config>() {
    T::Regions::benchmark_set_region(REGION, &account("pan-centre", 0, 0), VAULT);
}

fn set_person<T: Config>() -> T::AccountId {
    let who = account("person", 0, 0);
    T::People::benchmark_set_person(PERSON, REGION, &who);
    who
}

fn set_institution<T: Config>(number: u32) -> (InstitutionId, T::AccountId) {
    let id = InstitutionId::from_parts(320_100, number);
    let who = account("institution", number, 0);
    T::Institutions::benchmark_set_institution(id, REGION, &who);
    (id, who)
}

/// As many open blocks of people's records as asked for, none of them restricted.
fn blocks<T: Config>(count: u32) -> Result<BusinessBlockSet, BenchmarkError> {
    let private = |block: &BusinessBlockId| {
        T::Blocks::block(*block).is_some_and(|view| !view.public && !view.restricted)
    };
    let set: BusinessBlockSet =
        T::Blocks::open_blocks().iter().filter(private).take(count as usize).collect();
    match set.0.count_ones() == count {
        true => Ok(set),
        false => Err(BenchmarkError::Stop("the genesis has fewer private blocks")),
    }
}

fn terms<T: Config>(id: u64, blocks: BusinessBlockSet, may_delegate: u8) -> TermsOf<T> {
    let now = T::Clock::now();
    Terms {
        id: TermsId(id),
        blocks,
        purposes: PurposeSet::of(Purpose::Treatment),
        from: now,
        until: now.saturating_add(T::MaxTerm::get()),
        records_from: 0,
        records_until: u64::MAX,
        may_delegate,
        parent: None,
        bundle: [7; 32],
    }
}

/// Gives the grantee as many terms as asked for, with identifiers from 1; the last is `last`.
fn fill<T: Config>(grantee: &Grantee<T::AccountId>, count: u32, last: TermsOf<T>) {
    let file = GrantFile::<T> {
        last_id: TermsId(count.into()),
        terms: (1..=u64::from(count))
            .map(|id| Terms { id: TermsId(id), ..last.clone() })
            .collect::<Vec<_>>()
            .try_into()
            .expect("count is within the bound"),
    };
    Grants::<T>::insert(PERSON, grantee, file);
}

fn held<T: Config>(grantee: &Grantee<T::AccountId>, id: u64) -> bool {
    Grants::<T>::get(PERSON, grantee).is_some_and(|file| file.find(TermsId(id)).is_some())
}

#[benchmarks]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn grant(b: Linear<1, 5>) -> Result<(), BenchmarkError> {
        set_region::<T>();
        let caller = set_person::<T>();
        let (id, _) = set_institution::<T>(1);
        let grantee = Grantee::Institution(id);
        let most = T::MaxTermsPerGrantee::get();
        let blocks = blocks::<T>(b)?;
        fill::<T>(&grantee, most - 1, terms::<T>(1, blocks, 0));
        let given = terms::<T>(most.into(), blocks, MAX_DELEGATION);

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), grantee.clone(), given);

        assert!(held::<T>(&grantee, most.into()));
        Ok(())
    }

    #[benchmark]
    fn delegate(b: Linear<1, 5>) -> Result<(), BenchmarkError> {
        set_region::<T>();
        set_person::<T>();
        let (first, _) = set_institution::<T>(1);
        let (second, caller) = set_institution::<T>(2);
        let (third, _) = set_institution::<T>(3);
        let most = T::MaxTermsPerGrantee::get();
        let blocks = blocks::<T>(b)?;
        let parent_at = |grantee: &Grantee<T::AccountId>| {
            Some(ParentTerms { grantee: grantee.clone(), id: TermsId(most.into()) })
        };
        let first: Grantee<T::AccountId> = Grantee::Institution(first);
        fill::<T>(&first, most, terms::<T>(1, blocks, 2));
        let second: Grantee<T::AccountId> = Grantee::Institution(second);
        let middle = Terms { parent: parent_at(&first), ..terms::<T>(1, blocks, 1) };
        fill::<T>(&second, most, middle);
        let third = Grantee::Institution(third);
        fill::<T>(&third, most - 1, terms::<T>(1, blocks, 0));
        let child = Terms { parent: parent_at(&second), ..terms::<T>(most.into(), blocks, 0) };

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), PERSON, second, third.clone(), child);

        assert!(held::<T>(&third, most.into()));
        Ok(())
    }

    #[benchmark]
    fn revoke() -> Result<(), BenchmarkError> {
        set_region::<T>();
        let caller = set_person::<T>();
        let (id, _) = set_institution::<T>(1);
        let grantee = Grantee::Institution(id);
        let most = T::MaxTermsPerGrantee::get();
        fill::<T>(&grantee, most, terms::<T>(1, blocks::<T>(1)?, 0));

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), grantee.clone(), TermsId(most.into()));

        assert!(!held::<T>(&grantee, most.into()));
        Ok(())
    }

    #[benchmark]
    fn revoke_linked() -> Result<(), BenchmarkError> {
        set_region::<T>();
        let caller = set_person::<T>();
        let alias = T::People::benchmark_set_alias(PERSON);
        let (id, _) = set_institution::<T>(1);
        let grantee = Grantee::Institution(id);
        let most = T::MaxTermsPerGrantee::get();
        fill::<T>(&grantee, most, terms::<T>(1, blocks::<T>(1)?, 0));
        let file = Grants::<T>::take(PERSON, &grantee).expect("it was just filled");
        Grants::<T>::insert(alias, &grantee, file);

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), alias, grantee.clone(), TermsId(most.into()));

        let held = Grants::<T>::get(alias, &grantee);
        assert!(held.is_none_or(|file| file.find(TermsId(most.into())).is_none()));
        Ok(())
    }

    #[benchmark]
    fn renounce() -> Result<(), BenchmarkError> {
        set_region::<T>();
        set_person::<T>();
        let (id, caller) = set_institution::<T>(1);
        let grantee = Grantee::Institution(id);
        let most = T::MaxTermsPerGrantee::get();
        fill::<T>(&grantee, most, terms::<T>(1, blocks::<T>(1)?, 0));

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), PERSON, grantee.clone(), TermsId(most.into()));

        assert!(!held::<T>(&grantee, most.into()));
        Ok(())
    }

    #[benchmark]
    fn allow_writing(b: Linear<0, 5>) -> Result<(), BenchmarkError> {
        set_region::<T>();
        let caller = set_person::<T>();
        let (id, _) = set_institution::<T>(1);
        let until = T::Clock::now().saturating_add(T::MaxTerm::get());
        let before = WriteConsent { blocks: blocks::<T>(1)?, until };
        WriteConsents::<T>::insert(PERSON, id, before);
        let blocks = blocks::<T>(b)?;

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), id, blocks, until);

        let stored = WriteConsents::<T>::get(PERSON, id);
        assert_eq!(stored.map(|consent| consent.blocks).unwrap_or_default(), blocks);
        Ok(())
    }

    #[benchmark]
    fn rotate_scope_key(r: Linear<0, 32>) -> Result<(), BenchmarkError> {
        set_region::<T>();
        let caller = set_person::<T>();
        let most = T::MaxTermsPerGrantee::get();
        let set = blocks::<T>(1)?;
        let block = set.iter().next().ok_or(BenchmarkError::Stop("no private block"))?;
        let key = EncryptionKey::x25519([9; 32]);
        ScopeKeys::<T>::insert(PERSON, block, ScopeKey { epoch: KeyEpoch(0), key });
        let mut resealed: Resealed<T::AccountId> = BoundedVec::new();
        for number in 0..r {
            let grantee = Grantee::Institution(InstitutionId::from_parts(320_100, number));
            fill::<T>(&grantee, most, terms::<T>(1, set, 0));
            resealed
                .try_push((grantee, TermsId(most.into()), [8; 32]))
                .expect("the component is within the bound");
        }

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), block, KeyEpoch(1), key, resealed.clone());

        assert_eq!(ScopeKeys::<T>::get(PERSON, block), Some(ScopeKey { epoch: KeyEpoch(1), key }));
        for (grantee, id, bundle) in resealed {
            let file = Grants::<T>::get(PERSON, grantee).expect("the file stays");
            assert_eq!(file.find(id).map(|terms| terms.bundle), Some(bundle));
        }
        Ok(())
    }

    /// The old log has one line less than the new one, whose size is a power of two: every hash
    /// of the proof but the first two goes into both roots.
    #[benchmark]
    fn anchor_access_log(p: Linear<3, 64>) -> Result<(), BenchmarkError> {
        set_region::<T>();
        let origin = match T::VaultOrigin::try_successful_origin() {
            Ok(origin) => origin,
            Err(()) => {
                let vault = T::AccountId::decode(&mut &VAULT.0[..])
                    .map_err(|_| BenchmarkError::Stop("an account is a key"))?;
                RawOrigin::Signed(vault).into()
            },
        };
        let region = T::VaultOrigin::try_origin(origin.clone())
            .map_err(|_| BenchmarkError::Stop("the vault's account is no vault origin"))?;
        let proof: Vec<Hash32> = (0..p).map(|at| [at as u8; 32]).collect();
        let new_size = 1u64 << (p - 1);
        let (start, next) = (proof[0], proof[1]);
        let old_root = proof[2..].iter().fold(start, |right, left| log_tree::node(left, &right));
        let new_root = proof[2..]
            .iter()
            .fold(log_tree::node(&start, &next), |right, left| log_tree::node(left, &right));
        let before = AccessLog { size: new_size - 1, root: old_root, at: 0 };
        AccessLogs::<T>::insert(region, before);
        let proof: LogProof = proof.try_into().expect("the component is within the bound");

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, new_size, new_root, proof);

        let stored = AccessLogs::<T>::get(region).map(|log| (log.size, log.root));
        assert_eq!(stored, Some((new_size, new_root)));
        Ok(())
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::new_test_ext(), crate::mock::Test);
}
