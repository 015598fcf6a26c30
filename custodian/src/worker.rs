//! Answers what waits for the custodian: dealings and cases, each by what the finalised state says.

use std::{
    collections::BTreeSet,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU32, AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

use codec::Encode;
use futures::StreamExt;
use kanglian_primitives::{
    CaseRef, ComplaintReason, Dealing, DealtScope, EncryptionKey, Hash32, Instant, MAX_PAGE,
    PersonId, RegionCode, VaultInfo, WaitingPart,
};
use kanglian_sdk::custody::{
    Case, CaseState, DealingContext, SealedPayload, SealedShare, Share, blob_hash,
    combine::position_of, share::commitments,
};
use kanglian_sdk::keys::EncryptionSecret;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::{
    backoff::Backoff,
    chain::{ChainFault, ChainView, Finalised, Said},
    settings::{Keys, Work},
    vaults::{Blobs, VaultFault},
};

/// Parts and cases answered at once.
const PARALLEL: usize = 16;
/// How often failed work is looked at again, whether or not a head came.
const TICK: Duration = Duration::from_secs(1);
/// First and longest wait of a part or a case that could not be answered.
const WAITS: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(60));
/// Longest wait of an emergency.
const LONGEST_OF_CASES: Duration = Duration::from_secs(5);
/// A page that is shorter than this is the last one.
const PAGE: usize = MAX_PAGE as usize;
/// Most pages that one round looks at.
const MAX_PAGES: usize = 64;

/// Where the custodian stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Standing {
    /// Nothing was finalised yet, or not for long.
    #[default]
    Stale,
    /// No region names its account with its key.
    NotAppointed,
    /// It keeps shares for a region.
    Appointed(RegionCode),
}

/// Why something could not be answered now.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The chain.
    #[error(transparent)]
    Chain(#[from] ChainFault),
    /// The vaults.
    #[error(transparent)]
    Vault(#[from] VaultFault),
    /// The custodian has no share there, or none that serves.
    #[error("{0}")]
    NoShare(&'static str),
}

/// A custodian at work.
pub struct Worker<C, B> {
    keys: Keys,
    work: Work,
    chain: C,
    blobs: B,
    standing: Mutex<Standing>,
    seen: AtomicU32,
    waiting_parts: AtomicU64,
    waiting_cases: AtomicU64,
}

/// What one round works by.
#[derive(Clone, Debug)]
pub struct Round {
    /// The finalised block.
    pub at: Hash32,
    /// The present.
    pub now: Instant,
    /// The custodian's region.
    pub region: RegionCode,
    /// Every province's vault.
    pub vaults: Vec<VaultInfo>,
}

impl<C: ChainView, B: Blobs> Worker<C, B> {
    /// A worker.
    pub fn new(keys: Keys, work: Work, chain: C, blobs: B) -> Self {
        Self {
            keys,
            work,
            chain,
            blobs,
            standing: Mutex::default(),
            seen: AtomicU32::new(0),
            waiting_parts: AtomicU64::new(0),
            waiting_cases: AtomicU64::new(0),
        }
    }

    /// The chain.
    pub fn chain(&self) -> &C {
        &self.chain
    }

    /// The vaults.
    pub fn blobs(&self) -> &B {
        &self.blobs
    }

    /// The keys.
    pub fn keys(&self) -> &Keys {
        &self.keys
    }

    /// Where it stands, the finalised height it has worked through, parts and cases that wait.
    pub fn state(&self) -> (Standing, u32, u64, u64) {
        let standing = *self.standing.lock().unwrap_or_else(PoisonError::into_inner);
        let waiting = (self.waiting_parts.load(Relaxed), self.waiting_cases.load(Relaxed));
        (standing, self.seen.load(Relaxed), waiting.0, waiting.1)
    }

    fn stands(&self, standing: Standing) {
        let mut known = self.standing.lock().unwrap_or_else(PoisonError::into_inner);
        if *known != standing {
            tracing::info!(?standing, "the custodian's standing changed");
            *known = standing;
        }
    }

    /// What a round may work by; none when the block is too old or nobody appointed this custodian.
    pub async fn round(&self, head: &Finalised) -> Result<Option<Round>, Fault> {
        let Some(now) = head.now(self.work.finalised_max_age) else {
            self.stands(Standing::Stale);
            return Ok(None);
        };
        let account = self.keys.account.id();
        let (appointed, vaults) = futures::try_join!(
            self.chain.appointed(head.hash, account),
            self.chain.vaults(head.hash),
        )?;
        let own = |key: &EncryptionKey| self.keys.secret_of(key).is_some();
        let Some((region, _)) = appointed.filter(|(_, custodian)| own(&custodian.key)) else {
            self.stands(Standing::NotAppointed);
            return Ok(None);
        };
        self.stands(Standing::Appointed(region));
        Ok(Some(Round { at: head.hash, now, region, vaults }))
    }

    /// Works until told to stop: cases and dealings beside one another, so that an emergency does
    /// not wait behind a thousand dealings.
    pub async fn run(&self, heads: watch::Receiver<Finalised>, stop: &CancellationToken) {
        let work = async {
            futures::join!(self.run_cases(heads.clone()), self.run_dealings(heads));
        };
        // Whatever is under way may end anywhere: the chain says what was done.
        stop.run_until_cancelled(work).await;
    }

    async fn run_cases(&self, mut heads: watch::Receiver<Finalised>) {
        let (mut cases, mut trouble) = (Cases::default(), Trouble::default());
        while next(&mut heads).await {
            let head = *heads.borrow_and_update();
            trouble.note("cases", self.answer_cases(&head, &mut cases).await);
        }
    }

    async fn run_dealings(&self, mut heads: watch::Receiver<Finalised>) {
        let mut backoff = Backoff::new(WAITS.0, WAITS.1);
        let mut trouble = Trouble::default();
        while next(&mut heads).await {
            let head = *heads.borrow_and_update();
            if trouble.note("dealings", self.answer_dealings(&head, &mut backoff).await) {
                self.seen.store(head.height(), Relaxed);
                metrics::gauge!("kanglian_custodian_finalised_height")
                    .set(f64::from(head.height()));
            }
        }
    }

    /// Looks at every part that waits, and answers those that can be answered.
    pub async fn answer_dealings(
        &self,
        head: &Finalised,
        backoff: &mut Backoff<WaitingPart>,
    ) -> Result<(), Fault> {
        let Some(round) = self.round(head).await? else { return Ok(()) };
        let mut all = Vec::new();
        for _ in 0..MAX_PAGES {
            let after = all.last().map(|(person, scope, _)| (*person, *scope));
            let page = self.chain.waiting_dealings(round.at, round.region, after).await?;
            let last = page.len() < PAGE;
            all.extend(page);
            if last {
                break;
            }
        }
        backoff.keep(&all);
        self.waiting_parts.store(u64::try_from(all.len()).unwrap_or(u64::MAX), Relaxed);
        metrics::gauge!("kanglian_custodian_waiting_dealings").set(all.len() as f64);
        let due: Vec<WaitingPart> = all.into_iter().filter(|part| backoff.is_due(part)).collect();
        let round = &round;
        let mut answers = futures::stream::iter(due)
            .map(|part| async move { (part, self.answer_part(round, part).await) })
            .buffer_unordered(PARALLEL);
        while let Some((part, answered)) = answers.next().await {
            match answered {
                Ok(()) => backoff.done(&part),
                Err(fault) => {
                    let (_, scope, number) = part;
                    tracing::info!(?scope, number, %fault, "a part waits on");
                    backoff.failed(part);
                },
            }
        }
        Ok(())
    }

    /// Fetches and checks what was dealt to this custodian, and says on chain what it found.
    async fn answer_part(&self, round: &Round, part: WaitingPart) -> Result<(), Fault> {
        let (person, scope, number) = part;
        let view = self.chain.dealing(round.at, person, scope).await?;
        // Another dealing took its place meanwhile: that one waits by itself.
        let Some(dealing) = view.map(|view| view.dealing).filter(|known| known.number == number)
        else {
            return Ok(());
        };
        let genesis = self.chain.genesis();
        let context = DealingContext { genesis, person, scope, number };
        let said = match self.check(round, &context, &dealing).await {
            Ok(()) => Said::Acknowledged(part),
            Err(CheckFault::Bad) => Said::Complained(part, ComplaintReason::BadShare),
            Err(CheckFault::Later(Fault::Vault(VaultFault::Missing)))
                if self.is_overdue(&dealing, round.now) =>
            {
                Said::Complained(part, ComplaintReason::Missing)
            },
            Err(CheckFault::Later(fault)) => return Err(fault),
        };
        let height = self.chain.say(said).await?;
        let what = match said {
            Said::Complained(_, reason) => {
                tracing::warn!(?scope, number, ?reason, height, "complained of a dealing");
                "complained"
            },
            _ => {
                tracing::info!(?scope, number, height, "acknowledged a dealing");
                "acknowledged"
            },
        };
        metrics::counter!("kanglian_custodian_dealings_total", "answer" => what).increment(1);
        Ok(())
    }

    fn is_overdue(&self, dealing: &Dealing, now: Instant) -> bool {
        let after = u64::try_from(self.work.missing_after.as_millis()).unwrap_or(u64::MAX);
        now > dealing.dealt_at.saturating_add(after)
    }

    /// Whether the share opens and matches, and the sealed payload is there and is one.
    async fn check(
        &self,
        round: &Round,
        context: &DealingContext,
        dealing: &Dealing,
    ) -> Result<(), CheckFault> {
        self.share(round, context, dealing).await?;
        let sealed = self.fetch(round, context.person, dealing.terms.sealed).await;
        let sealed = sealed.map_err(CheckFault::Later)?;
        SealedPayload::read(&sealed).map(drop).map_err(|_| CheckFault::Bad)
    }

    /// The custodian's share of a dealing, opened and held against the commitments.
    pub async fn share(
        &self,
        round: &Round,
        context: &DealingContext,
        dealing: &Dealing,
    ) -> Result<Share, CheckFault> {
        let none = |words| CheckFault::Later(Fault::NoShare(words));
        let terms = &dealing.terms;
        let index = dealing
            .index_of(round.region)
            .ok_or_else(|| none("the region has no part in the dealing"))?;
        let secret = self
            .secret_for(dealing, round.region)
            .ok_or_else(|| none("the share was sealed to a key that is not here"))?;
        let commitments = commitments(terms).map_err(|_| CheckFault::Bad)?;
        let position = position_of(terms, round.region).ok_or(CheckFault::Bad)?;
        let part = terms.parts.get(index).ok_or(CheckFault::Bad)?;
        let blob = self.fetch(round, context.person, part.share).await;
        let blob = blob.map_err(CheckFault::Later)?;
        SealedShare::read(&blob)
            .and_then(|sealed| sealed.open(secret, context, position, &commitments))
            .map_err(|fault| {
                tracing::warn!(number = context.number, %fault, "a share does not serve");
                CheckFault::Bad
            })
    }

    /// The key that the region's share of a dealing was sealed to, when it is here.
    fn secret_for(&self, dealing: &Dealing, region: RegionCode) -> Option<&EncryptionSecret> {
        self.keys.secret_of(dealing.keys.get(dealing.index_of(region)?)?)
    }

    async fn fetch(
        &self,
        round: &Round,
        subject: PersonId,
        hash: Hash32,
    ) -> Result<Vec<u8>, Fault> {
        let vaults = round.vaults.clone();
        Ok(self.blobs.get(vaults, round.region, subject, hash).await?)
    }

    /// Looks at every case that waits, hands over, and leaves at a vault what was handed over.
    pub async fn answer_cases(&self, head: &Finalised, cases: &mut Cases) -> Result<(), Fault> {
        let Some(round) = self.round(head).await? else { return Ok(()) };
        if !cases.looked_back {
            // What an earlier life of this process may not have left at a vault.
            let answered = self.chain.answered_cases(round.at, round.region, round.now).await?;
            cases.to_leave.extend(answered);
            cases.looked_back = true;
        }
        let mut waiting = Vec::new();
        for _ in 0..MAX_PAGES {
            let after = waiting.last().copied();
            let page = self.chain.waiting_cases(round.at, round.region, after, round.now).await?;
            let last = page.len() < PAGE;
            waiting.extend(page);
            if last {
                break;
            }
        }
        self.waiting_cases.store(u64::try_from(waiting.len()).unwrap_or(u64::MAX), Relaxed);
        metrics::gauge!("kanglian_custodian_waiting_cases").set(waiting.len() as f64);
        let known: Vec<CaseRef> = waiting.iter().chain(&cases.to_leave).copied().collect();
        cases.backoff.keep(&known);
        // Emergencies first.
        waiting.sort_by_key(|case| matches!(case, CaseRef::Recovery(_)));
        waiting.retain(|id| cases.backoff.is_due(id));
        let the_round = &round;
        let mut answers = futures::stream::iter(waiting)
            .map(|id| async move { (id, self.hand_over(the_round, id).await) })
            .buffered(PARALLEL);
        while let Some((id, answered)) = answers.next().await {
            match answered {
                Ok(true) => {
                    cases.backoff.done(&id);
                    cases.to_leave.insert(id);
                },
                Ok(false) => cases.backoff.done(&id),
                Err(fault) => {
                    tracing::warn!(?id, %fault, "a case waits on");
                    cases.backoff.failed(id);
                },
            }
        }
        for id in cases.to_leave.clone() {
            if !cases.backoff.is_due(&id) {
                continue;
            }
            match self.leave(&round, id).await {
                Ok(()) => {
                    cases.backoff.done(&id);
                    cases.to_leave.remove(&id);
                },
                Err(fault) => {
                    tracing::info!(?id, %fault, "what was handed over is at no vault yet");
                    cases.backoff.failed(id);
                },
            }
        }
        Ok(())
    }

    /// Seals the share again for an executed recovery or an open emergency and tells the chain its
    /// hash; whether it did. A case that is not (or no longer) one of these gets nothing.
    async fn hand_over(&self, round: &Round, id: CaseRef) -> Result<bool, Fault> {
        let Some(case) = self.chain.case(round.at, id, round.now).await? else {
            return Ok(false);
        };
        if case.state != CaseState::Answering || case.blob_of(round.region).is_some() {
            return Ok(false);
        }
        let Some(blob) = self.sealed_again(round, &case).await? else { return Ok(false) };
        let height = self.chain.say(Said::HandedOver(id, blob_hash(&blob))).await?;
        tracing::info!(?id, height, "handed a share over");
        let kind = match id {
            CaseRef::Recovery(_) => "recovery",
            CaseRef::Emergency(_) => "emergency",
        };
        metrics::counter!("kanglian_custodian_hand_overs_total", "case" => kind).increment(1);
        // The vault's node may know of it a moment later than this one.
        if let Err(fault) = self.put(round, &case, blob).await {
            tracing::debug!(?id, %fault, "left later");
        }
        Ok(true)
    }

    /// Leaves at a vault what the chain says was handed over.
    async fn leave(&self, round: &Round, id: CaseRef) -> Result<(), Fault> {
        let case = self.chain.case(round.at, id, round.now).await?;
        let Some(case) = case.filter(|case| case.state == CaseState::Answering) else {
            return Ok(());
        };
        // Said, and not in this finalised state yet.
        let said = case.blob_of(round.region).ok_or(Fault::NoShare("not finalised yet"))?;
        let Some(blob) = self.sealed_again(round, &case).await? else { return Ok(()) };
        if blob_hash(&blob) != said {
            // Handed over with another key of this custodian: not to be made again.
            tracing::error!(?id, "what was handed over cannot be sealed again with this key");
            return Ok(());
        }
        self.put(round, &case, blob).await
    }

    async fn put(&self, round: &Round, case: &Case, blob: Vec<u8>) -> Result<(), Fault> {
        let vaults = round.vaults.clone();
        Ok(self.blobs.put(vaults, round.region, case.person, blob).await?)
    }

    /// The share of a case's dealing, sealed to the case's key; none when there is nothing to seal.
    async fn sealed_again(&self, round: &Round, case: &Case) -> Result<Option<Vec<u8>>, Fault> {
        let (Some(dealing), Some(context)) = (&case.dealing, case.context(self.chain.genesis()))
        else {
            return Ok(None);
        };
        let share = match self.share(round, &context, dealing).await {
            Ok(share) => share,
            Err(CheckFault::Bad) => {
                return Err(Fault::NoShare("its share of the dealing does not serve"));
            },
            Err(CheckFault::Later(fault)) => return Err(fault),
        };
        // By the key that it was dealt to, so that it can be sealed again after a rotation as before.
        let Some(secret) = self.secret_for(dealing, round.region) else { return Ok(None) };
        match share.hand_over(secret, &case.key, &context, &case.id) {
            Ok(sealed) => Ok(Some(sealed.encode())),
            Err(error) => {
                tracing::error!(case = ?case.id, %error, "a share cannot be sealed to the case's key");
                Ok(None)
            },
        }
    }

    /// The share of a person's dealing in force, for a proof that it is kept.
    pub async fn share_in_force(
        &self,
        round: &Round,
        person: PersonId,
        scope: DealtScope,
        number: u32,
    ) -> Result<(Share, DealingContext), CheckFault> {
        let view = self.chain.dealing(round.at, person, scope).await;
        let view = view.map_err(|fault| CheckFault::Later(fault.into()))?;
        let dealing = view
            .map(|view| view.dealing)
            .filter(|dealing| dealing.number == number)
            .ok_or(CheckFault::Later(Fault::NoShare("no such dealing is in force")))?;
        let genesis = self.chain.genesis();
        let context = DealingContext { genesis, person, scope, number };
        let share = self.share(round, &context, &dealing).await?;
        Ok((share, context))
    }
}

/// Why a share or a payload does not check.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CheckFault {
    /// It is bad, whenever it is looked at.
    #[error("the share does not open, or does not match the commitments")]
    Bad,
    /// It cannot be looked at now.
    #[error(transparent)]
    Later(#[from] Fault),
}

/// What the work on cases remembers within one life of the process.
pub struct Cases {
    backoff: Backoff<CaseRef>,
    /// Handed over, and perhaps at no vault yet.
    to_leave: BTreeSet<CaseRef>,
    looked_back: bool,
}

impl Default for Cases {
    fn default() -> Self {
        Self {
            backoff: Backoff::new(Duration::from_millis(300), LONGEST_OF_CASES),
            to_leave: BTreeSet::new(),
            looked_back: false,
        }
    }
}

impl Cases {
    /// Cases whose blob is still to be left at a vault.
    pub fn to_leave(&self) -> usize {
        self.to_leave.len()
    }
}

/// What went wrong last: said once, not every second.
#[derive(Default)]
struct Trouble(Option<String>);

impl Trouble {
    /// Whether it went well.
    fn note(&mut self, what: &str, outcome: Result<(), Fault>) -> bool {
        let new = outcome.err().map(|fault| fault.to_string());
        match (&self.0, &new) {
            (known, Some(fault)) if known.as_ref() != Some(fault) => {
                tracing::warn!(%fault, "{what} cannot be looked at");
            },
            (Some(_), None) => tracing::info!("{what} are looked at again"),
            _ => {},
        }
        self.0 = new;
        self.0.is_none()
    }
}

/// Waits for another head or for the time to try again; false when no head will come any more.
async fn next(heads: &mut watch::Receiver<Finalised>) -> bool {
    tokio::select! {
        changed = heads.changed() => changed.is_ok(),
        () = tokio::time::sleep(TICK) => true,
    }
}
