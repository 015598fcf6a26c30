//! One file a call; what concerns several calls or none lies here.

mod add_practitioner;
mod add_team_member;
mod clear_practitioner;
mod create_team;
mod dissolve_team;
mod emergencies;
mod lift_practitioner;
mod nominate;
mod nominate_batch;
mod permit;
mod queries;
mod random;
mod remove_practitioner;
mod remove_team_member;
mod renew;
mod replace_controller;
mod revoke;
mod set_encryption_key;
mod suspend;
mod suspend_practitioner;
mod withdraw;

pub use crate::{
    Error, Event, Institution, InstitutionOf, InstitutionStatus, Institutions as Registry,
    Practitioner, PractitionerStatus, Practitioners, Role, SpentTeams, Team, Teams, mock::*,
};
pub use frame_support::{BoundedVec, assert_noop, assert_ok, traits::Get};
pub use kanglian_primitives::{BusinessBlockSet, EncryptionKey, InstitutionId, TeamId};
pub use kanglian_traits::InstitutionInspect;
pub use sp_runtime::DispatchError::BadOrigin;

/// A bounded text.
pub fn text<S: Get<u32>>(text: &str) -> BoundedVec<u8, S> {
    text.as_bytes().to_vec().try_into().expect("short enough")
}

/// A signed origin.
pub fn by(who: u64) -> RuntimeOrigin {
    RuntimeOrigin::signed(who)
}

/// One origin of every class, those of the given accounts left out.
pub fn everybody_but(allowed: &[u64]) -> Vec<RuntimeOrigin> {
    let accounts = [PAN_JIANGSU, PAN_ZHEJIANG, PAN_ANHUI, COUNCIL, DEAN, FOUNDER, DOCTOR, STRANGER];
    let signed = accounts.into_iter().filter(|who| !allowed.contains(who)).map(by);
    [RuntimeOrigin::root(), RuntimeOrigin::none()].into_iter().chain(signed).collect()
}

/// The institution's standing.
pub fn status(id: InstitutionId) -> Option<InstitutionStatus> {
    Registry::<Test>::get(id).map(|institution| institution.status)
}

/// A list of institutions.
pub fn list(ids: &[InstitutionId]) -> BoundedVec<InstitutionId, <Test as crate::Config>::MaxBatch> {
    ids.to_vec().try_into().expect("short enough")
}

/// Revokes the hospital.
pub fn revoke_hospital() {
    assert_ok!(Institutions::revoke(by(COUNCIL), hospital()));
}
