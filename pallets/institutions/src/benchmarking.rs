//! What each call costs at worst: longest names, full batches, full teams.

use super::*;
use alloc::vec::Vec;
use frame_benchmarking::v2::*;
use frame_support::{
    BoundedVec,
    traits::{EnsureOrigin, Get},
};
use frame_system::RawOrigin;
use kanglian_primitives::{
    BusinessBlockSet, EncryptionKey, Instant, InstitutionId, PersonId, RegionCode, TeamId, VaultKey,
};
use kanglian_traits::{BlockInspect, InstitutionInspect, RegionInspect};

const REGION: RegionCode = RegionCode(320_000);
const KEY: EncryptionKey = EncryptionKey::x25519([9; 32]);
const TEAM: TeamId = TeamId(u32::MAX);

fn text<S: Get<u32>>() -> BoundedVec<u8, S> {
    BoundedVec::truncate_from(alloc::vec![b'N'; 128])
}

fn id(n: u32) -> InstitutionId {
    InstitutionId::from_parts(REGION.0, n)
}

/// The origin of a pan-centre, and its region.
fn pan_centre<T: Config>() -> Result<(T::RuntimeOrigin, RegionCode), BenchmarkError> {
    let who: T::AccountId = account("pan-centre", 0, 0);
    T::Regions::benchmark_set_region(REGION, &who, VaultKey([7; 32]));
    let signed: T::RuntimeOrigin = RawOrigin::Signed(who).into();
    let origin = match T::PanCentreOrigin::try_origin(signed.clone()) {
        Ok(_) => signed,
        Err(_) => {
            T::PanCentreOrigin::try_successful_origin().map_err(|()| BenchmarkError::Weightless)?
        },
    };
    let region =
        T::PanCentreOrigin::try_origin(origin.clone()).map_err(|_| BenchmarkError::Weightless)?;
    Ok((origin, region))
}

fn council<T: Config>() -> Result<T::RuntimeOrigin, BenchmarkError> {
    T::PermitOrigin::try_successful_origin().map_err(|()| BenchmarkError::Weightless)
}

/// The origin of a permitted institution, and its identifier.
fn institution<T: Config>() -> Result<(T::RuntimeOrigin, InstitutionId), BenchmarkError> {
    pan_centre::<T>()?;
    let who: T::AccountId = account("controller", 0, 0);
    Pallet::<T>::benchmark_set_institution(id(0), REGION, &who);
    let signed: T::RuntimeOrigin = RawOrigin::Signed(who).into();
    let origin = match T::InstitutionOrigin::try_origin(signed.clone()) {
        Ok(_) => signed,
        Err(_) => T::InstitutionOrigin::try_successful_origin()
            .map_err(|()| BenchmarkError::Weightless)?,
    };
    let view =
        T::InstitutionOrigin::try_origin(origin.clone()).map_err(|_| BenchmarkError::Weightless)?;
    Ok((origin, view.id))
}

fn open_blocks<T: Config>() -> Result<BusinessBlockSet, BenchmarkError> {
    let open = T::Blocks::open_blocks();
    if open.is_empty() {
        return Err(BenchmarkError::Stop("the genesis needs an open business block"));
    }
    Ok(open)
}

fn profile<T: Config>(n: u32, blocks: BusinessBlockSet) -> ProfileOf<T> {
    Profile {
        id: id(n),
        kind: text(),
        name: text(),
        controller: account("nominee", n, 0),
        encryption_key: KEY,
        blocks,
        valid_until: Instant::MAX,
    }
}

fn nominated<T: Config>(n: u32, region: RegionCode) -> Result<(), BenchmarkError> {
    let blocks = open_blocks::<T>()?;
    (0..n).try_for_each(|n| Pallet::<T>::do_nominate(region, profile::<T>(n, blocks)))?;
    Ok(())
}

fn practitioner<T: Config>(id: InstitutionId, n: u32) -> Result<T::AccountId, BenchmarkError> {
    let who: T::AccountId = account("practitioner", n, 0);
    let entry = Practitioner {
        role: Role::Administrator,
        encryption_key: KEY,
        valid_until: Instant::MAX,
        status: PractitionerStatus::Active,
    };
    Pallet::<T>::do_add_practitioner(id, who.clone(), entry)?;
    Ok(who)
}

/// A team with this many members; gives the last one.
fn team<T: Config>(
    id: InstitutionId,
    members: u32,
) -> Result<Option<T::AccountId>, BenchmarkError> {
    Pallet::<T>::do_create_team(id, TEAM, text(), KEY)?;
    let mut last = None;
    for n in 0..members {
        let who = practitioner::<T>(id, n)?;
        Pallet::<T>::do_add_team_member(id, TEAM, who.clone())?;
        last = Some(who);
    }
    Ok(last)
}

fn status<T: Config>(id: InstitutionId) -> Option<InstitutionStatus> {
    Institutions::<T>::get(id).map(|institution| institution.status)
}

#[benchmarks]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn nominate() -> Result<(), BenchmarkError> {
        let (origin, _) = pan_centre::<T>()?;
        let profile = profile::<T>(0, open_blocks::<T>()?);
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, profile);
        assert_eq!(status::<T>(id(0)), Some(InstitutionStatus::Nominated));
        Ok(())
    }

    #[benchmark]
    fn nominate_batch(n: Linear<1, { T::MaxBatch::get() }>) -> Result<(), BenchmarkError> {
        let (origin, _) = pan_centre::<T>()?;
        let blocks = open_blocks::<T>()?;
        let profiles: Vec<_> = (0..n).map(|n| profile::<T>(n, blocks)).collect();
        let profiles = BoundedVec::truncate_from(profiles);
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, profiles);
        assert_eq!(status::<T>(id(n - 1)), Some(InstitutionStatus::Nominated));
        Ok(())
    }

    #[benchmark]
    fn withdraw() -> Result<(), BenchmarkError> {
        let (origin, region) = pan_centre::<T>()?;
        nominated::<T>(1, region)?;
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, id(0));
        assert_eq!(status::<T>(id(0)), None);
        Ok(())
    }

    #[benchmark]
    fn permit(n: Linear<1, { T::MaxBatch::get() }>) -> Result<(), BenchmarkError> {
        let origin = council::<T>()?;
        nominated::<T>(n, REGION)?;
        let ids = BoundedVec::truncate_from((0..n).map(id).collect());
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, ids);
        assert_eq!(status::<T>(id(n - 1)), Some(InstitutionStatus::Permitted));
        Ok(())
    }

    #[benchmark]
    fn revoke() -> Result<(), BenchmarkError> {
        let origin = council::<T>()?;
        nominated::<T>(1, REGION)?;
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, id(0));
        assert_eq!(status::<T>(id(0)), Some(InstitutionStatus::Revoked));
        Ok(())
    }

    #[benchmark]
    fn suspend() -> Result<(), BenchmarkError> {
        let (origin, region) = pan_centre::<T>()?;
        Pallet::<T>::benchmark_set_institution(id(0), region, &account("controller", 0, 0));
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, id(0));
        assert_eq!(status::<T>(id(0)), Some(InstitutionStatus::Suspended));
        Ok(())
    }

    #[benchmark]
    fn renew() -> Result<(), BenchmarkError> {
        let origin = council::<T>()?;
        nominated::<T>(1, REGION)?;
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, id(0), Instant::MAX - 1);
        assert!(
            Institutions::<T>::get(id(0))
                .is_some_and(|found| { found.valid_until == Instant::MAX - 1 })
        );
        Ok(())
    }

    #[benchmark]
    fn replace_controller() -> Result<(), BenchmarkError> {
        let origin = council::<T>()?;
        nominated::<T>(1, REGION)?;
        let new: T::AccountId = account("successor", 0, 0);
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, id(0), new.clone());
        assert_eq!(InstitutionOf::<T>::get(new), Some(id(0)));
        Ok(())
    }

    #[benchmark]
    fn set_encryption_key() -> Result<(), BenchmarkError> {
        let (origin, id) = institution::<T>()?;
        let key = EncryptionKey::x25519([11; 32]);
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, key);
        assert!(Institutions::<T>::get(id).is_some_and(|found| found.encryption_key == key));
        Ok(())
    }

    #[benchmark]
    fn add_practitioner() -> Result<(), BenchmarkError> {
        let (origin, id) = institution::<T>()?;
        let who: T::AccountId = account("practitioner", 0, 0);
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, who.clone(), Role::Administrator, KEY, Instant::MAX);
        assert!(Practitioners::<T>::contains_key(who, id));
        Ok(())
    }

    #[benchmark]
    fn remove_practitioner() -> Result<(), BenchmarkError> {
        let (origin, id) = institution::<T>()?;
        let who = practitioner::<T>(id, 0)?;
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, who.clone());
        assert!(!Practitioners::<T>::contains_key(who, id));
        Ok(())
    }

    #[benchmark]
    fn suspend_practitioner() -> Result<(), BenchmarkError> {
        let (origin, region) = pan_centre::<T>()?;
        Pallet::<T>::benchmark_set_institution(id(0), region, &account("controller", 0, 0));
        let who = practitioner::<T>(id(0), 0)?;
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, id(0), who.clone());
        assert!(
            Practitioners::<T>::get(who, id(0))
                .is_some_and(|found| { found.status == PractitionerStatus::Suspended })
        );
        Ok(())
    }

    #[benchmark]
    fn lift_practitioner() -> Result<(), BenchmarkError> {
        let origin = council::<T>()?;
        let (_, region) = pan_centre::<T>()?;
        Pallet::<T>::benchmark_set_institution(id(0), region, &account("controller", 0, 0));
        let who = practitioner::<T>(id(0), 0)?;
        Pallet::<T>::do_suspend_practitioner(region, id(0), who.clone())?;
        let person = PersonId([7; 32]);
        Barred::<T>::insert(&who, Bar { institution: id(0), person: Some(person) });
        BarredPersons::<T>::insert(person, &who);
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, id(0), who.clone());
        assert!(
            Practitioners::<T>::get(who, id(0))
                .is_some_and(|found| { found.status == PractitionerStatus::Active })
        );
        Ok(())
    }

    #[benchmark]
    fn create_team() -> Result<(), BenchmarkError> {
        let (origin, id) = institution::<T>()?;
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, TEAM, text(), KEY);
        assert!(Teams::<T>::contains_key(id, TEAM));
        Ok(())
    }

    #[benchmark]
    fn add_team_member() -> Result<(), BenchmarkError> {
        let (origin, id) = institution::<T>()?;
        team::<T>(id, T::MaxTeamMembers::get() - 1)?;
        let who = practitioner::<T>(id, u32::MAX)?;
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, TEAM, who.clone());
        assert!(Teams::<T>::get(id, TEAM).is_some_and(|team| team.members.contains(&who)));
        Ok(())
    }

    #[benchmark]
    fn remove_team_member() -> Result<(), BenchmarkError> {
        let (origin, id) = institution::<T>()?;
        let who = team::<T>(id, T::MaxTeamMembers::get())?
            .ok_or(BenchmarkError::Stop("a team holds somebody"))?;
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, TEAM, who.clone());
        assert!(Teams::<T>::get(id, TEAM).is_some_and(|team| !team.members.contains(&who)));
        Ok(())
    }

    #[benchmark]
    fn dissolve_team() -> Result<(), BenchmarkError> {
        let (origin, id) = institution::<T>()?;
        team::<T>(id, T::MaxTeamMembers::get())?;
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, TEAM);
        assert!(SpentTeams::<T>::contains_key(id, TEAM));
        Ok(())
    }

    #[benchmark]
    fn clear_practitioner() -> Result<(), BenchmarkError> {
        pan_centre::<T>()?;
        Pallet::<T>::benchmark_set_institution(id(0), REGION, &account("controller", 0, 0));
        let who = practitioner::<T>(id(0), 0)?;
        Pallet::<T>::do_revoke(id(0))?;
        let caller: T::AccountId = whitelisted_caller();
        #[extrinsic_call]
        _(RawOrigin::Signed(caller), id(0), who.clone());
        assert!(!Practitioners::<T>::contains_key(who, id(0)));
        Ok(())
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::new_test_ext(), crate::mock::Test);
}
