//! What clients ask the chain about dealings, recoveries and emergencies.

use kanglian_primitives::{
    CaseRef, Custodian, DealingView, DealtScope, Emergency, EmergencyId, EmergencyNote, Hash32,
    Instant, InstitutionId, MAX_PAGE, PersonId, Recovery, RecoveryId, RegionCode, WaitingPart,
};

use super::{At, ChainError, Client, types::RegionStatus};
use crate::{AccountId, custody::Case};

impl Client {
    /// Custodians of all regions that appointed one, rising by region; suspended regions too.
    pub async fn custodians(
        &self,
        at: At,
    ) -> Result<Vec<(RegionCode, Custodian<AccountId>)>, ChainError> {
        self.runtime_call("KeyCustodyApi_custodians", (), at).await
    }

    /// Custodians of active regions, rising by region.
    pub async fn active_custodians(
        &self,
        at: At,
    ) -> Result<Vec<(RegionCode, Custodian<AccountId>)>, ChainError> {
        let regions = self.regions(at).await?;
        let active = |code: &RegionCode| {
            regions.get(code).is_some_and(|region| region.status == RegionStatus::Active)
        };
        let all = self.custodians(at).await?;
        Ok(all.into_iter().filter(|(region, _)| active(region)).collect())
    }

    /// The region that an account is the custodian of.
    pub async fn custodian_of(
        &self,
        account: &AccountId,
        at: At,
    ) -> Result<Option<RegionCode>, ChainError> {
        let all = self.custodians(at).await?;
        let own = all.into_iter().find(|(_, custodian)| custodian.account == *account);
        Ok(own.map(|(region, _)| region))
    }

    /// A person's dealing in force.
    pub async fn dealing(
        &self,
        person: &PersonId,
        scope: DealtScope,
        at: At,
    ) -> Result<Option<DealingView>, ChainError> {
        self.runtime_call("KeyCustodyApi_dealing", (person, scope), at).await
    }

    /// A person's last recovery.
    pub async fn recovery_of(
        &self,
        person: &PersonId,
        at: At,
    ) -> Result<Option<RecoveryId>, ChainError> {
        self.runtime_call("KeyCustodyApi_recovery_of", (person,), at).await
    }

    /// One recovery.
    pub async fn recovery(
        &self,
        id: RecoveryId,
        at: At,
    ) -> Result<Option<Recovery<AccountId>>, ChainError> {
        self.runtime_call("KeyCustodyApi_recovery", (id,), at).await
    }

    /// All recoveries that the chain still keeps, rising.
    pub async fn recoveries(
        &self,
        at: At,
    ) -> Result<Vec<(RecoveryId, Recovery<AccountId>)>, ChainError> {
        let mut all = self.entries("KeyCustody", "Recoveries", &[], at).await?;
        all.sort_by_key(|(id, _)| *id);
        Ok(all)
    }

    /// Emergencies about a person, the last ones.
    pub async fn emergencies_of(
        &self,
        person: &PersonId,
        at: At,
    ) -> Result<Vec<EmergencyNote<AccountId>>, ChainError> {
        self.runtime_call("KeyCustodyApi_emergencies_of", (person,), at).await
    }

    /// One emergency.
    pub async fn emergency(
        &self,
        id: EmergencyId,
        at: At,
    ) -> Result<Option<Emergency<AccountId>>, ChainError> {
        self.runtime_call("KeyCustodyApi_emergency", (id,), at).await
    }

    /// All emergencies that the chain still keeps, rising.
    pub async fn emergencies(
        &self,
        at: At,
    ) -> Result<Vec<(EmergencyId, Emergency<AccountId>)>, ChainError> {
        let mut all = self.entries("KeyCustody", "Emergencies", &[], at).await?;
        all.sort_by_key(|(id, _)| *id);
        Ok(all)
    }

    /// A page of the parts of a region that wait for its custodian's answer.
    pub async fn waiting_dealings(
        &self,
        region: RegionCode,
        after: Option<(PersonId, DealtScope)>,
        at: At,
    ) -> Result<Vec<WaitingPart>, ChainError> {
        let args = (region, after, MAX_PAGE);
        self.runtime_call("KeyCustodyApi_waiting_dealings", args, at).await
    }

    /// A page of the cases that wait for a region's hand-over.
    pub async fn waiting_cases(
        &self,
        region: RegionCode,
        after: Option<CaseRef>,
        now: Instant,
        at: At,
    ) -> Result<Vec<CaseRef>, ChainError> {
        let args = (region, after, MAX_PAGE, now);
        self.runtime_call("KeyCustodyApi_waiting_cases", args, at).await
    }

    /// Emergencies whose review is overdue and not done.
    pub async fn overdue_reviews(
        &self,
        now: Instant,
        at: At,
    ) -> Result<Vec<EmergencyId>, ChainError> {
        let mut all: Vec<EmergencyId> = Vec::new();
        loop {
            let args = (all.last().copied(), MAX_PAGE, now);
            let page: Vec<EmergencyId> =
                self.runtime_call("KeyCustodyApi_overdue_reviews", args, at).await?;
            let last = page.len() < usize::try_from(MAX_PAGE).unwrap_or(usize::MAX);
            all.extend(page);
            if last {
                return Ok(all);
            }
        }
    }

    /// The emergency about a person that a practitioner of an institution has open at `now`.
    pub async fn open_emergency(
        &self,
        person: &PersonId,
        practitioner: &AccountId,
        institution: &InstitutionId,
        now: Instant,
        at: At,
    ) -> Result<Option<EmergencyId>, ChainError> {
        let args = (person, practitioner, institution, now);
        self.runtime_call("KeyCustodyApi_open_emergency", args, at).await
    }

    /// Whether an emergency was opened about a person's summary as dealt under this number.
    pub async fn was_opened(
        &self,
        person: &PersonId,
        number: u32,
        at: At,
    ) -> Result<bool, ChainError> {
        self.runtime_call("KeyCustodyApi_was_opened", (person, number), at).await
    }

    /// The person that an account spoke for until a recovery replaced it.
    pub async fn lost_by(
        &self,
        account: &AccountId,
        at: At,
    ) -> Result<Option<PersonId>, ChainError> {
        self.runtime_call("KeyCustodyApi_lost_by", (account,), at).await
    }

    /// A page of the dealings in force in which a region has a part, and after which one the next
    /// page begins; none when it was the last.
    pub async fn parts_of(
        &self,
        region: RegionCode,
        after: Option<(PersonId, DealtScope)>,
        at: At,
    ) -> Result<(Vec<WaitingPart>, Option<(PersonId, DealtScope)>), ChainError> {
        self.runtime_call("KeyCustodyApi_parts_of", (region, after, MAX_PAGE), at).await
    }

    /// A page of the cases in which a region handed over and somebody may still collect it, and
    /// after which one the next page begins; none when it was the last.
    pub async fn answered_cases(
        &self,
        region: RegionCode,
        after: Option<CaseRef>,
        now: Instant,
        at: At,
    ) -> Result<(Vec<CaseRef>, Option<CaseRef>), ChainError> {
        let args = (region, after, MAX_PAGE, now);
        self.runtime_call("KeyCustodyApi_answered_cases", args, at).await
    }

    /// A case for which custodians seal their shares again, as it stands at `now`.
    pub async fn case(
        &self,
        case: CaseRef,
        now: Instant,
        at: At,
    ) -> Result<Option<Case>, ChainError> {
        Ok(match case {
            CaseRef::Recovery(id) => {
                let found = self.recovery(id, at).await?;
                found.map(|recovery| Case::of_recovery(id, &recovery))
            },
            CaseRef::Emergency(id) => {
                let found = self.emergency(id, at).await?;
                found.map(|emergency| Case::of_emergency(id, &emergency, now))
            },
        })
    }

    /// Whether an account may fetch a blob of a dealing or a case.
    pub async fn custody_may_fetch(
        &self,
        account: &AccountId,
        subject: &PersonId,
        hash: &Hash32,
        now: Instant,
        at: At,
    ) -> Result<bool, ChainError> {
        self.runtime_call("KeyCustodyApi_may_fetch", (account, subject, hash, now), at).await
    }

    /// Whether a dealing or a case about a person names a blob.
    pub async fn custody_is_named(
        &self,
        subject: &PersonId,
        hash: &Hash32,
        at: At,
    ) -> Result<bool, ChainError> {
        self.runtime_call("KeyCustodyApi_is_named", (subject, hash), at).await
    }
}
