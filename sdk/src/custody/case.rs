//! A recovery or an emergency, as those see it who hand shares over and who collect them.

use kanglian_primitives::{
    CaseRef, Dealing, DealtScope, Emergency, EmergencyId, EncryptionKey, HandOver, Hash32, Instant,
    PersonId, Recovery, RecoveryId, RecoveryStatus, RegionCode,
};

use super::DealingContext;
use crate::AccountId;

/// Whether custodians hand their shares over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CaseState {
    /// Not yet.
    Pending,
    /// Now.
    Answering,
    /// Not any more.
    Over,
}

/// A case for which custodians seal their shares again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// Which.
    pub id: CaseRef,
    /// Whose secret.
    pub person: PersonId,
    /// What of it.
    pub scope: DealtScope,
    /// Who collects.
    pub receiver: AccountId,
    /// The key that shares are sealed to.
    pub key: EncryptionKey,
    /// Whether custodians hand over.
    pub state: CaseState,
    /// The dealing that it is about; none when nothing was dealt.
    pub dealing: Option<Dealing>,
    /// What was handed over.
    pub handed_over: Vec<HandOver>,
}

impl Case {
    /// A recovery: custodians answer once it was executed.
    pub fn of_recovery(id: RecoveryId, recovery: &Recovery<AccountId>) -> Self {
        let state = match recovery.status {
            RecoveryStatus::Open | RecoveryStatus::Contested => CaseState::Pending,
            RecoveryStatus::Executed => CaseState::Answering,
            RecoveryStatus::Dismissed | RecoveryStatus::Withdrawn | RecoveryStatus::Lapsed => {
                CaseState::Over
            },
        };
        Self {
            id: CaseRef::Recovery(id),
            person: recovery.person,
            scope: DealtScope::Whole,
            receiver: recovery.new_controller,
            key: recovery.reseal_key,
            state,
            dealing: recovery.dealing.clone(),
            handed_over: recovery.handed_over.to_vec(),
        }
    }

    /// An emergency: custodians answer while it is open.
    pub fn of_emergency(id: EmergencyId, emergency: &Emergency<AccountId>, now: Instant) -> Self {
        let state = match emergency.is_open(now) {
            true => CaseState::Answering,
            false => CaseState::Over,
        };
        Self {
            id: CaseRef::Emergency(id),
            person: emergency.person,
            scope: DealtScope::Emergency,
            receiver: emergency.practitioner,
            key: emergency.reseal_key,
            state,
            dealing: Some(emergency.dealing.clone()),
            handed_over: emergency.handed_over.to_vec(),
        }
    }

    /// What its shares and payload are bound to, if something was dealt.
    pub fn context(&self, genesis: Hash32) -> Option<DealingContext> {
        let number = self.dealing.as_ref()?.number;
        Some(DealingContext { genesis, person: self.person, scope: self.scope, number })
    }

    /// The blob that a region's custodian handed over.
    pub fn blob_of(&self, region: RegionCode) -> Option<Hash32> {
        self.handed_over.iter().find(|over| over.region == region).map(|over| over.blob)
    }
}
