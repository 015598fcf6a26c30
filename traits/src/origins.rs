//! Origins that the registries define.

use core::marker::PhantomData;
use frame_support::traits::{EnsureOrigin, OriginTrait, Time};
use kanglian_primitives::{Instant, PersonId, RegionCode, VaultKey};

use crate::{InstitutionInspect, InstitutionView, PersonInspect, PersonView, RegionInspect};

/// Signed by the pan-centre of an active region; gives its account and region.
pub struct EnsurePanCentre<Regions>(PhantomData<Regions>);

impl<O, Regions> EnsureOrigin<O> for EnsurePanCentre<Regions>
where
    O: OriginTrait,
    Regions: RegionInspect<O::AccountId>,
{
    type Success = RegionCode;

    fn try_origin(o: O) -> Result<Self::Success, O> {
        o.as_signer().and_then(Regions::region_of_pan_centre).ok_or(o)
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn try_successful_origin() -> Result<O, ()> {
        Err(())
    }
}

/// Signed by the account of a region's vault, its ed25519 key; gives the region.
pub struct EnsureVault<Regions>(PhantomData<Regions>);

impl<O, Regions> EnsureOrigin<O> for EnsureVault<Regions>
where
    O: OriginTrait,
    O::AccountId: AsRef<[u8; 32]>,
    Regions: RegionInspect<O::AccountId>,
{
    type Success = RegionCode;

    fn try_origin(o: O) -> Result<Self::Success, O> {
        o.as_signer().and_then(|who| Regions::region_of_vault(&VaultKey(*who.as_ref()))).ok_or(o)
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn try_successful_origin() -> Result<O, ()> {
        Err(())
    }
}

/// Signed by the controller of a permitted institution; gives the institution.
pub struct EnsureInstitution<Institutions, Clock>(PhantomData<(Institutions, Clock)>);

impl<O, Institutions, Clock> EnsureOrigin<O> for EnsureInstitution<Institutions, Clock>
where
    O: OriginTrait,
    Institutions: InstitutionInspect<O::AccountId>,
    Clock: Time<Moment = Instant>,
{
    type Success = InstitutionView<O::AccountId>;

    fn try_origin(o: O) -> Result<Self::Success, O> {
        o.as_signer().and_then(|who| Institutions::acting(who, Clock::now())).ok_or(o)
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn try_successful_origin() -> Result<O, ()> {
        Err(())
    }
}

/// Signed by the controller of a valid identity; gives the person.
pub struct EnsurePerson<People, Clock>(PhantomData<(People, Clock)>);

impl<O, People, Clock> EnsureOrigin<O> for EnsurePerson<People, Clock>
where
    O: OriginTrait,
    People: PersonInspect<O::AccountId>,
    Clock: Time<Moment = Instant>,
{
    type Success = PersonView<O::AccountId>;

    fn try_origin(o: O) -> Result<Self::Success, O> {
        o.as_signer().and_then(|who| People::acting(who, Clock::now())).ok_or(o)
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn try_successful_origin() -> Result<O, ()> {
        Err(())
    }
}

/// Signed by the account that speaks for a person, also while the identity is suspended or has
/// expired; gives the person. For calls that only take rights away from others.
pub struct EnsureController<People>(PhantomData<People>);

impl<O, People> EnsureOrigin<O> for EnsureController<People>
where
    O: OriginTrait,
    People: PersonInspect<O::AccountId>,
{
    type Success = PersonId;

    fn try_origin(o: O) -> Result<Self::Success, O> {
        o.as_signer().and_then(People::speaks_for).ok_or(o)
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn try_successful_origin() -> Result<O, ()> {
        Err(())
    }
}
