//! Tests, one file a call or a concern.

mod acknowledge;
mod approve_recovery;
mod coins;
mod deal;
mod end_recovery;
mod execute_recovery;
mod fetch;
mod genesis;
mod hand_over;
mod open_emergency;
mod open_recovery;
mod prune_case;
mod queries;
mod random;
mod review_emergency;
mod rotate_key;
mod set_custodian;
mod veto_recovery;

use frame_support::{assert_noop, assert_ok, dispatch::DispatchResult};
use kanglian_primitives::PartAnswer;
use sp_runtime::{AccountId32, DispatchError};

use crate::{mock::*, *};

/// The first recovery and the first emergency of a test.
pub(crate) const FIRST: RecoveryId = RecoveryId(0);
pub(crate) const CASE: EmergencyId = EmergencyId(0);

pub(crate) fn signed(who: AccountId32) -> RuntimeOrigin {
    RuntimeOrigin::signed(who)
}

/// Sets the clock.
pub(crate) fn at(now: Instant) {
    Timestamp::set_timestamp(now);
}

/// Checks the last event.
pub(crate) fn last_event(event: Event<Test>) {
    System::assert_last_event(event.into());
}

/// Kinds of callers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Caller {
    None,
    Root,
    Stranger,
    Institution,
    Person,
    PanCentre,
    Custodian,
    Doctor,
    Admin,
}

impl Caller {
    const ALL: [Self; 9] = [
        Self::None,
        Self::Root,
        Self::Stranger,
        Self::Institution,
        Self::Person,
        Self::PanCentre,
        Self::Custodian,
        Self::Doctor,
        Self::Admin,
    ];

    pub(crate) fn origin(self) -> RuntimeOrigin {
        match self {
            Self::None => RuntimeOrigin::none(),
            Self::Root => RuntimeOrigin::root(),
            Self::Stranger => signed(STRANGER),
            Self::Institution => signed(CONTROLLER_A),
            Self::Person => signed(ALICE_OLD),
            Self::PanCentre => signed(pan_centre(JIANGSU)),
            Self::Custodian => signed(custodian(JIANGSU)),
            Self::Doctor => signed(DOCTOR),
            Self::Admin => signed(ADMIN),
        }
    }
}

/// Checks that every other kind of caller is refused with `error`.
pub(crate) fn only_or(
    allowed: &[Caller],
    error: impl Into<DispatchError>,
    call: impl Fn(RuntimeOrigin) -> DispatchResult,
) {
    let error = error.into();
    for caller in Caller::ALL.into_iter().filter(|caller| !allowed.contains(caller)) {
        assert_noop!(call(caller.origin()), error);
    }
}

/// Checks that every other kind of caller is refused as a bad origin.
pub(crate) fn only(allowed: &[Caller], call: impl Fn(RuntimeOrigin) -> DispatchResult) {
    only_or(allowed, DispatchError::BadOrigin, call);
}

/// The institution asks that the device's keys speak for Alice.
pub(crate) fn open_by(institution: AccountId32, device: Device) -> DispatchResult {
    let all = Permitted::get();
    let id = all.iter().find(|(_, (_, controller))| *controller == institution);
    let id = id.map_or_else(hospital_a, |(id, _)| *id);
    Custody::open_recovery(
        signed(institution),
        ALICE,
        device.account(),
        device.data_key(),
        device.reseal_key(),
        device.agree(ALICE, id),
    )
}

/// Hospital A asks it for her new device.
pub(crate) fn open() -> DispatchResult {
    open_by(CONTROLLER_A, NEW)
}

pub(crate) fn approve(id: RecoveryId, regions: &[RegionCode]) {
    for region in regions {
        assert_ok!(Custody::approve_recovery(signed(pan_centre(*region)), id));
    }
}

pub(crate) fn veto(id: RecoveryId) -> DispatchResult {
    Custody::veto_recovery(signed(ALICE_OLD), id)
}

pub(crate) fn execute(id: RecoveryId) -> DispatchResult {
    Custody::execute_recovery(signed(STRANGER), id)
}

/// Opened, approved by three regions, its delay over, executed.
pub(crate) fn recover() {
    assert_ok!(open());
    approve(FIRST, &[SHANGHAI, JIANGSU, ZHEJIANG]);
    at(START + DELAY);
    assert_ok!(execute(FIRST));
}

pub(crate) fn recovery(id: RecoveryId) -> Recovery<AccountId32> {
    Recoveries::<Test>::get(id).expect("the recovery is kept")
}

/// The doctor of hospital A opens Alice's summary.
pub(crate) fn open_emergency(hours: u8) -> DispatchResult {
    let reason = EmergencyReason::Unconscious;
    Custody::open_emergency(signed(DOCTOR), ALICE, hospital_a(), reason, hours)
}

pub(crate) fn emergency(id: EmergencyId) -> Emergency<AccountId32> {
    Emergencies::<Test>::get(id).expect("the emergency is kept")
}

pub(crate) fn review(id: EmergencyId, outcome: ReviewOutcome) -> DispatchResult {
    Custody::review_emergency(signed(pan_centre(JIANGSU)), id, outcome)
}
