//! The chain through the vault's own node.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use futures::FutureExt;
use kanglian_primitives::{
    AccessQuery, ActionSet, CodeKey, Decision, EmergencyId, FilePage, Grantee, Hash32, Height,
    Instant, InstitutionId, PersonId, RecordFacts, RecordId, ReferralId, Refusal, RegionCode,
    ShareClaim, Terms, VaultInfo, WorkClaim, WorkFacts, WorkId,
};
use kanglian_sdk::{
    chain::{
        At as SdkAt, ChainError, Follower, Side, SubmitOptions, Wait, calls, care::Referral,
        types::Schemas,
    },
    keys::VaultSigner,
    wire::AccountId,
};

use super::{Answer, ChainFault, ChainState, ChainView};

/// How long the list of vaults serves.
const VAULTS_LIFETIME: Duration = Duration::from_secs(6);
/// How long the list of schemas serves.
const SCHEMAS_LIFETIME: Duration = Duration::from_secs(60);
/// How long an anchor may take into a block.
const ANCHOR_TIMEOUT: Duration = Duration::from_secs(30);

/// The chain through a node.
pub struct LiveChain {
    node: Follower,
    signer: VaultSigner,
    vaults: Mutex<Option<(std::time::Instant, Arc<Vec<VaultInfo>>)>>,
    schemas: Mutex<Option<(std::time::Instant, Arc<Schemas>)>>,
}

impl LiveChain {
    /// Connects to the node, as often as it takes, and follows its heads.
    pub async fn connect(url: &str, signer: VaultSigner) -> Result<Self, ChainError> {
        let node = Follower::connect(url).await?;
        Ok(Self { node, signer, vaults: Mutex::default(), schemas: Mutex::default() })
    }
}

/// A runtime that does not know custody or public works yet has no custodians, names no blobs and
/// has no works: vaults are renewed before it is.
fn of_older_runtime<T: Default>(answer: Result<T, ChainError>) -> Result<T, ChainError> {
    match answer {
        Err(error) if error.lacks_interface() => Ok(T::default()),
        answer => answer,
    }
}

impl LiveChain {
    async fn decide_at(
        &self,
        at: SdkAt,
        query: &AccessQuery<AccountId>,
        record: &RecordId,
        now: Instant,
    ) -> Result<Decision, ChainFault> {
        Ok(self.node.client().decide(query, record, now, at).await?)
    }

    /// Asks the finalised block that the node told last, which spares asking for its hash. A node
    /// may have finalised more since, so a refusal counts only from the block it names now. The
    /// best block is always the node's own present one: nothing that ended there is served.
    async fn decide_by_both(
        &self,
        query: &AccessQuery<AccountId>,
        record: &RecordId,
        now: Instant,
    ) -> Result<(Decision, Decision), ChainFault> {
        let (best_told, finalised_told) =
            (self.node.told(Side::Best), self.node.told(Side::Finalised));
        let Some(told) = finalised_told else {
            return futures::try_join!(
                self.decide_at(SdkAt::Best, query, record, now),
                self.decide_at(SdkAt::Finalized, query, record, now),
            );
        };
        let (best, finalised) = if best_told == Some(told) {
            // One question for both, if the best block is still this one.
            let (present, finalised) = futures::try_join!(
                async { Ok(self.node.client().best_hash().await?) },
                self.decide_at(SdkAt::Hash(told), query, record, now),
            )?;
            let best = match present == told {
                true => finalised,
                false => self.decide_at(SdkAt::Hash(present), query, record, now).await?,
            };
            (best, finalised)
        } else {
            futures::try_join!(
                self.decide_at(SdkAt::Best, query, record, now),
                self.decide_at(SdkAt::Hash(told), query, record, now),
            )?
        };
        match (best, finalised) {
            (Decision::Allowed(_), Decision::Refused(_)) => {
                Ok((best, self.decide_at(SdkAt::Finalized, query, record, now).await?))
            },
            decided => Ok(decided),
        }
    }
}

impl ChainView for LiveChain {
    fn genesis(&self) -> Hash32 {
        self.node.client().genesis_hash()
    }

    fn state(&self) -> ChainState {
        self.node.state()
    }

    fn decide(
        &self,
        at: Side,
        query: AccessQuery<AccountId>,
        record: RecordId,
        now: Instant,
    ) -> Answer<'_, Decision> {
        async move { self.decide_at(at.into(), &query, &record, now).await }.boxed()
    }

    fn decide_twice(
        &self,
        query: AccessQuery<AccountId>,
        record: RecordId,
        now: Instant,
    ) -> Answer<'_, (Decision, Decision)> {
        async move { self.decide_by_both(&query, &record, now).await }.boxed()
    }

    fn readable(
        &self,
        at: Side,
        query: AccessQuery<AccountId>,
        cursor: Option<RecordId>,
        limit: u32,
        now: Instant,
    ) -> Answer<'_, Result<FilePage, Refusal>> {
        async move { Ok(self.node.client().readable(&query, cursor, limit, now, at.into()).await?) }
            .boxed()
    }

    fn may_share(
        &self,
        account: AccountId,
        claim: ShareClaim,
        now: Instant,
    ) -> Answer<'_, Result<(), Refusal>> {
        async move { Ok(self.node.client().may_share(&account, &claim, now, SdkAt::Best).await?) }
            .boxed()
    }

    fn may_publish(
        &self,
        account: AccountId,
        claim: WorkClaim,
        now: Instant,
    ) -> Answer<'_, Result<(), Refusal>> {
        async move { Ok(self.node.client().may_publish(&account, &claim, now, SdkAt::Best).await?) }
            .boxed()
    }

    fn works(&self, ids: Vec<WorkId>, now: Instant) -> Answer<'_, Vec<WorkFacts>> {
        async move {
            let works = self.node.client().works(&ids, now, SdkAt::Finalized).await;
            Ok(of_older_runtime(works)?)
        }
        .boxed()
    }

    fn works_from(&self, number: u64, limit: u32, now: Instant) -> Answer<'_, Vec<WorkFacts>> {
        async move {
            let at = SdkAt::Finalized;
            let works = self.node.client().works_from(number, limit, now, at).await;
            Ok(of_older_runtime(works)?)
        }
        .boxed()
    }

    fn terms_of(
        &self,
        at: Side,
        person: PersonId,
    ) -> Answer<'_, Vec<(Grantee<AccountId>, Terms<AccountId>)>> {
        async move { Ok(self.node.client().terms_of(&person, at.into()).await?) }.boxed()
    }

    fn acts_for(
        &self,
        at: Side,
        account: AccountId,
        person: PersonId,
        actions: ActionSet,
        now: Instant,
    ) -> Answer<'_, bool> {
        async move {
            for action in actions.iter() {
                let client = self.node.client();
                if client.acts_for(account, person, action, now, at.into()).await?.is_some() {
                    return Ok(true);
                }
            }
            Ok(false)
        }
        .boxed()
    }

    fn decides_on(
        &self,
        at: Side,
        account: AccountId,
        person: PersonId,
        text: Hash32,
        now: Instant,
    ) -> Answer<'_, bool> {
        async move {
            let client = self.node.client();
            let Some(author) = client.correction_text_for(person, text, at.into()).await? else {
                return Ok(false);
            };
            let author = Grantee::Institution(author);
            Ok(client.acts_as(&account, &author, now, at.into()).await?)
        }
        .boxed()
    }

    fn is_correction(&self, person: PersonId, text: Hash32) -> Answer<'_, bool> {
        async move {
            let client = self.node.client();
            Ok(client.correction_text_for(person, text, SdkAt::Best).await?.is_some())
        }
        .boxed()
    }

    fn in_standing(&self, at: Side, grantee: Grantee<AccountId>, now: Instant) -> Answer<'_, bool> {
        async move { Ok(self.node.client().in_standing(&grantee, now, at.into()).await?) }.boxed()
    }

    fn redeemed(
        &self,
        at: Side,
        code: CodeKey,
        account: AccountId,
    ) -> Answer<'_, Option<(PersonId, Hash32)>> {
        async move {
            let found = self.node.client().code(&code, at.into()).await?;
            let redeemed = found.filter(|code| {
                code.redeemed.iter().any(|redemption| redemption.account == account)
            });
            Ok(redeemed.map(|code| (code.person, code.sealed)))
        }
        .boxed()
    }

    fn code_bundles(&self, person: PersonId) -> Answer<'_, Vec<Hash32>> {
        async move {
            let codes = self.node.client().open_codes(&person, SdkAt::Best).await?;
            Ok(codes.into_iter().map(|(_, code)| code.sealed).collect())
        }
        .boxed()
    }

    fn is_known(&self, account: AccountId) -> Answer<'_, bool> {
        async move {
            let at = SdkAt::Best;
            let (person, institution, practices, custodian) = futures::try_join!(
                self.node.client().person_of(&account, at),
                self.node.client().institution_of(&account, at),
                self.node.client().practices_of(&account, at),
                async { of_older_runtime(self.node.client().custodian_of(&account, at).await) },
            )?;
            let staff = institution.is_some() || !practices.is_empty();
            Ok(person.is_some() || staff || custodian.is_some())
        }
        .boxed()
    }

    fn open_emergency(
        &self,
        at: Side,
        subject: PersonId,
        practitioner: AccountId,
        institution: InstitutionId,
        now: Instant,
    ) -> Answer<'_, Option<EmergencyId>> {
        async move {
            let client = self.node.client();
            let open =
                client.open_emergency(&subject, &practitioner, &institution, now, at.into()).await;
            Ok(of_older_runtime(open)?)
        }
        .boxed()
    }

    fn is_named(&self, at: Side, subject: PersonId, hash: Hash32) -> Answer<'_, bool> {
        async move {
            let named = self.node.client().custody_is_named(&subject, &hash, at.into()).await;
            Ok(of_older_runtime(named)?)
        }
        .boxed()
    }

    fn may_fetch(
        &self,
        at: Side,
        account: AccountId,
        subject: PersonId,
        hash: Hash32,
        now: Instant,
    ) -> Answer<'_, bool> {
        async move {
            let asked =
                self.node.client().custody_may_fetch(&account, &subject, &hash, now, at.into());
            Ok(asked.await?)
        }
        .boxed()
    }

    fn record(&self, at: Side, record: RecordId) -> Answer<'_, Option<RecordFacts>> {
        async move { Ok(self.node.client().record(&record, at.into()).await?) }.boxed()
    }

    fn home_region(&self, person: PersonId) -> Answer<'_, Option<RegionCode>> {
        async move {
            let person = self.node.client().person(&person, SdkAt::Best).await?;
            Ok(person.map(|person| person.home_region))
        }
        .boxed()
    }

    fn vaults(&self) -> Answer<'_, Arc<Vec<VaultInfo>>> {
        async move {
            let kept = self.vaults.lock().unwrap_or_else(PoisonError::into_inner).as_ref().cloned();
            if let Some((since, vaults)) = kept
                && since.elapsed() < VAULTS_LIFETIME
            {
                return Ok(vaults);
            }
            let vaults = Arc::new(self.node.client().vaults(SdkAt::Best).await?);
            *self.vaults.lock().unwrap_or_else(PoisonError::into_inner) =
                Some((std::time::Instant::now(), vaults.clone()));
            Ok(vaults)
        }
        .boxed()
    }

    fn schemas(&self) -> Answer<'_, Arc<Schemas>> {
        async move {
            let kept = self.schemas.lock().unwrap_or_else(PoisonError::into_inner).clone();
            if let Some((since, schemas)) = kept
                && since.elapsed() < SCHEMAS_LIFETIME
            {
                return Ok(schemas);
            }
            let schemas = Arc::new(self.node.client().schemas(SdkAt::Best).await?);
            *self.schemas.lock().unwrap_or_else(PoisonError::into_inner) =
                Some((std::time::Instant::now(), schemas.clone()));
            Ok(schemas)
        }
        .boxed()
    }

    fn referrals(&self, person: PersonId) -> Answer<'_, Vec<(ReferralId, Referral)>> {
        async move { Ok(self.node.client().referrals(&person, SdkAt::Best).await?) }.boxed()
    }

    fn anchor(&self, region: RegionCode) -> Answer<'_, Option<(u64, Hash32)>> {
        async move {
            let anchor = self.node.client().access_log(region, SdkAt::Best).await?;
            Ok(anchor.map(|anchor| (anchor.size, anchor.root)))
        }
        .boxed()
    }

    fn submit_anchor(&self, size: u64, root: Hash32, proof: Vec<Hash32>) -> Answer<'_, Height> {
        async move {
            let call = calls::consents::anchor_access_log(size, root, &proof);
            let options = SubmitOptions {
                wait: Wait::BestBlock,
                timeout: ANCHOR_TIMEOUT,
                ..SubmitOptions::default()
            };
            Ok(self.node.client().submit(&call, &self.signer, options).await?.number)
        }
        .boxed()
    }
}
