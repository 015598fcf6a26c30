//! The chain through the vault's own node.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use futures::FutureExt;
use kanglian_primitives::{
    AccessQuery, CodeKey, Decision, FilePage, Grantee, Hash32, Height, Instant, PersonId, Purpose,
    RecordFacts, RecordId, Refusal, RegionCode, ShareClaim, Terms, VaultInfo,
};
use kanglian_sdk::{
    chain::{At as SdkAt, ChainError, Client, Head, SubmitOptions, Wait, calls},
    keys::VaultSigner,
    wire::AccountId,
};

use super::{Answer, At, ChainFault, ChainState, ChainView, Shared, Tip};

/// How long the list of vaults serves.
const VAULTS_LIFETIME: Duration = Duration::from_secs(6);
/// Without a head for so long, the subscription is made again.
const SILENCE: Duration = Duration::from_secs(20);
/// How often the node is asked whether it is catching up.
const HEALTH_INTERVAL: Duration = Duration::from_secs(2);
/// Wait before another attempt to reach the node, doubling up to the second value.
const BACK_OFF: (Duration, Duration) = (Duration::from_millis(250), Duration::from_secs(5));
/// How long an anchor may take into a block.
const ANCHOR_TIMEOUT: Duration = Duration::from_secs(30);

/// The chain through a node.
pub struct LiveChain {
    client: Client,
    signer: VaultSigner,
    shared: Arc<Shared>,
    heads: Arc<Heads>,
    vaults: Mutex<Option<(std::time::Instant, Arc<Vec<VaultInfo>>)>>,
    tasks: Vec<tokio::task::JoinHandle<()>>,
}

/// Hashes of the heads that the node told last; none before the first.
#[derive(Default)]
struct Heads {
    best: Mutex<Option<Hash32>>,
    finalised: Mutex<Option<Hash32>>,
}

impl Heads {
    fn of(&self, at: At) -> MutexGuard<'_, Option<Hash32>> {
        let slot = match at {
            At::Best => &self.best,
            At::Finalised => &self.finalised,
        };
        slot.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl From<ChainError> for ChainFault {
    fn from(error: ChainError) -> Self {
        Self::Unreachable(error.to_string())
    }
}

impl From<At> for SdkAt {
    fn from(at: At) -> Self {
        match at {
            At::Best => Self::Best,
            At::Finalised => Self::Finalized,
        }
    }
}

impl From<Head> for Tip {
    fn from(head: Head) -> Self {
        Self { height: head.number, timestamp: head.timestamp }
    }
}

impl LiveChain {
    /// Connects to the node, as often as it takes, and follows its heads.
    pub async fn connect(url: &str, signer: VaultSigner) -> Result<Self, ChainError> {
        let mut wait = BACK_OFF.0;
        let client = loop {
            match Client::connect(url).await {
                Ok(client) => break client,
                Err(error @ ChainError::BadUrl { .. }) => return Err(error),
                Err(error) => {
                    tracing::warn!(%error, "the node cannot be reached yet");
                    tokio::time::sleep(wait).await;
                    wait = wait.saturating_mul(2).min(BACK_OFF.1);
                },
            }
        };
        let shared = Arc::new(Shared::default());
        shared.update(|state| {
            state.syncing = true;
            state.since = Instant::MAX;
        });
        let heads = Arc::new(Heads::default());
        let tasks = vec![
            tokio::spawn(follow(client.clone(), shared.clone(), heads.clone(), At::Best)),
            tokio::spawn(follow(client.clone(), shared.clone(), heads.clone(), At::Finalised)),
            tokio::spawn(watch_health(client.clone(), shared.clone())),
        ];
        Ok(Self { client, signer, shared, heads, vaults: Mutex::default(), tasks })
    }
}

impl Drop for LiveChain {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

fn note(shared: &Shared, heads: &Heads, at: At, head: Head) {
    *heads.of(at) = Some(head.hash);
    shared.update(|state| match at {
        At::Best => state.best = head.into(),
        At::Finalised => state.finalised = head.into(),
    });
    if at == At::Best {
        metrics::gauge!("kanglian_vault_best_height").set(f64::from(head.number));
    }
}

/// Follows a head for ever. When nothing comes the state ages, and requests are refused.
async fn follow(client: Client, shared: Arc<Shared>, known: Arc<Heads>, at: At) {
    let mut wait = BACK_OFF.0;
    loop {
        let run = async {
            note(&shared, &known, at, client.head(at.into()).await?);
            let mut heads = match at {
                At::Best => client.subscribe_best().await?,
                At::Finalised => client.subscribe_finalized().await?,
            };
            // Of both followers, the one that began later counts.
            shared.update(|state| state.since = kanglian_sdk::now());
            while let Ok(head) = tokio::time::timeout(SILENCE, heads.next()).await {
                note(&shared, &known, at, head?);
            }
            Ok::<(), ChainError>(())
        };
        let ended = run.await;
        // What the node says next may be older than what it said last.
        shared.update(|state| state.since = Instant::MAX);
        match ended {
            Ok(()) => wait = BACK_OFF.0,
            Err(error) => {
                tracing::warn!(?at, %error, "following the node was interrupted");
                tokio::time::sleep(wait).await;
                wait = wait.saturating_mul(2).min(BACK_OFF.1);
            },
        }
    }
}

async fn watch_health(client: Client, shared: Arc<Shared>) {
    loop {
        let syncing = client.health().await.map_or(true, |health| health.syncing);
        shared.update(|state| state.syncing = syncing);
        tokio::time::sleep(HEALTH_INTERVAL).await;
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
        Ok(self.client.decide(query, record, now, at).await?)
    }

    /// An account that acts as the grantee as long as that is in standing, and as what it does: a
    /// team counts as long as its institution.
    async fn speaker(
        &self,
        at: SdkAt,
        grantee: Grantee<AccountId>,
    ) -> Result<Option<(AccountId, Grantee<AccountId>)>, ChainFault> {
        Ok(match grantee {
            Grantee::Institution(id) | Grantee::CareTeam { institution: id, .. } => {
                let institution = self.client.institution(&id, at).await?;
                institution.map(|known| (known.controller, Grantee::Institution(id)))
            },
            Grantee::Practitioner { account, .. } => Some((account, grantee)),
            Grantee::Person(id) => {
                self.client.person(&id, at).await?.map(|known| (known.controller, grantee))
            },
        })
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
        let (best_told, finalised_told) = (*self.heads.of(At::Best), *self.heads.of(At::Finalised));
        let Some(told) = finalised_told else {
            return futures::try_join!(
                self.decide_at(SdkAt::Best, query, record, now),
                self.decide_at(SdkAt::Finalized, query, record, now),
            );
        };
        let (best, finalised) = if best_told == Some(told) {
            // One question for both, if the best block is still this one.
            let (present, finalised) = futures::try_join!(
                async { Ok(self.client.best_hash().await?) },
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
        self.client.genesis_hash()
    }

    fn state(&self) -> ChainState {
        self.shared.get()
    }

    fn decide(
        &self,
        at: At,
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
        at: At,
        query: AccessQuery<AccountId>,
        cursor: Option<RecordId>,
        limit: u32,
        now: Instant,
    ) -> Answer<'_, Result<FilePage, Refusal>> {
        async move { Ok(self.client.readable(&query, cursor, limit, now, at.into()).await?) }
            .boxed()
    }

    fn may_share(
        &self,
        account: AccountId,
        claim: ShareClaim,
        now: Instant,
    ) -> Answer<'_, Result<(), Refusal>> {
        async move { Ok(self.client.may_share(&account, &claim, now, SdkAt::Best).await?) }.boxed()
    }

    fn terms_of(
        &self,
        at: At,
        person: PersonId,
    ) -> Answer<'_, Vec<(Grantee<AccountId>, Terms<AccountId>)>> {
        async move { Ok(self.client.terms_of(&person, at.into()).await?) }.boxed()
    }

    fn redeemed(
        &self,
        at: At,
        code: CodeKey,
        account: AccountId,
    ) -> Answer<'_, Option<(PersonId, Hash32)>> {
        async move {
            let found = self.client.code(&code, at.into()).await?;
            let redeemed = found.filter(|code| {
                code.redeemed.iter().any(|redemption| redemption.account == account)
            });
            Ok(redeemed.map(|code| (code.person, code.sealed)))
        }
        .boxed()
    }

    fn code_bundles(&self, person: PersonId) -> Answer<'_, Vec<Hash32>> {
        async move {
            let codes = self.client.open_codes(&person, SdkAt::Best).await?;
            Ok(codes.into_iter().map(|(_, code)| code.sealed).collect())
        }
        .boxed()
    }

    fn in_standing(
        &self,
        at: At,
        grantee: Grantee<AccountId>,
        subject: PersonId,
        now: Instant,
    ) -> Answer<'_, bool> {
        async move {
            let Some((account, acting_as)) = self.speaker(at.into(), grantee).await? else {
                return Ok(false);
            };
            // Nobody is allowed this purpose: the answer is about the reader alone.
            let query = AccessQuery { account, acting_as, subject, purpose: Purpose::Marketing };
            let answer = self.client.readable(&query, None, 1, now, at.into()).await?;
            Ok(answer.err() != Some(Refusal::NotActingAs))
        }
        .boxed()
    }

    fn is_known(&self, account: AccountId) -> Answer<'_, bool> {
        async move {
            let at = SdkAt::Best;
            let (person, institution, practices) = futures::try_join!(
                self.client.person_of(&account, at),
                self.client.institution_of(&account, at),
                self.client.practices_of(&account, at),
            )?;
            Ok(person.is_some() || institution.is_some() || !practices.is_empty())
        }
        .boxed()
    }

    fn record(&self, at: At, record: RecordId) -> Answer<'_, Option<RecordFacts>> {
        async move { Ok(self.client.record(&record, at.into()).await?) }.boxed()
    }

    fn home_region(&self, person: PersonId) -> Answer<'_, Option<RegionCode>> {
        async move {
            let person = self.client.person(&person, SdkAt::Best).await?;
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
            let vaults = Arc::new(self.client.vaults(SdkAt::Best).await?);
            *self.vaults.lock().unwrap_or_else(PoisonError::into_inner) =
                Some((std::time::Instant::now(), vaults.clone()));
            Ok(vaults)
        }
        .boxed()
    }

    fn anchor(&self, region: RegionCode) -> Answer<'_, Option<(u64, Hash32)>> {
        async move {
            let anchor = self.client.access_log(region, SdkAt::Best).await?;
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
            Ok(self.client.submit(&call, &self.signer, options).await?.number)
        }
        .boxed()
    }
}
