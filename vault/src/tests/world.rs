//! A scripted chain that several vaults look at.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc, Mutex, MutexGuard,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    time::Duration,
};

use ct_merkle::{ConsistencyProof, RootHash};
use futures::FutureExt;
use kanglian_primitives::{
    AccessQuery, ActionSet, Author, Basis, CodeKey, Decision, EmergencyId, FilePage, Grantee,
    Hash32, Height, Instant, InstitutionId, PersonId, Purpose, RecordFacts, RecordId, RecordStatus,
    ReferralId, Refusal, RegionCode, SchemaId, ShareClaim, Terms, VaultInfo, WorkClaim, WorkFacts,
    WorkId, blocks,
};
use kanglian_sdk::{
    chain::{care::Referral, types::Schemas},
    wire::AccountId,
};
use sha2::Sha256;

use crate::chain::{Answer, ChainFault, ChainState, ChainView, Side, Tip};

pub const GENESIS: Hash32 = [0x6b; 32];

#[derive(Default)]
pub struct Script {
    pub persons: BTreeMap<PersonId, AccountId>,
    pub homes: BTreeMap<PersonId, RegionCode>,
    pub authors: BTreeMap<[u8; 32], Author>,
    pub records: BTreeMap<RecordId, RecordFacts>,
    pub not_final: BTreeSet<RecordId>,
    pub terms: Vec<(PersonId, Grantee<AccountId>, Terms<AccountId>)>,
    /// Terms that only the finalised state still has: ended in the best one.
    pub ended_in_best: BTreeSet<(PersonId, u64)>,
    pub acting: Vec<(AccountId, Grantee<AccountId>)>,
    /// Codes that can be redeemed or were: whose, the sealed bundle, by which accounts.
    pub codes: BTreeMap<CodeKey, (PersonId, Hash32, Vec<AccountId>)>,
    pub vaults: Vec<VaultInfo>,
    pub anchors: BTreeMap<RegionCode, (u64, Hash32)>,
    /// Blobs that the chain names, and the accounts that may fetch them.
    pub named: Vec<(PersonId, Hash32, Vec<AccountId>)>,
    /// Of these, those that only the best state knows, and those that only the finalised one does.
    pub named_in_best: BTreeSet<Hash32>,
    pub named_in_finalised: BTreeSet<Hash32>,
    /// Open emergencies, and those that only the best state knows.
    pub emergencies: Vec<(PersonId, Grantee<AccountId>, EmergencyId)>,
    pub emergencies_not_final: bool,
    pub refuse_share: Option<Refusal>,
    /// Who may do what for whom.
    pub acting_for: Vec<(AccountId, PersonId, ActionSet)>,
    /// Sealed texts of waiting corrections: whose, and the account that decides.
    pub corrections: Vec<(PersonId, Hash32, AccountId)>,
    /// Grantees that no longer count.
    pub suspended: Vec<Grantee<AccountId>>,
    /// Public works in the order of publication.
    pub works: Vec<WorkFacts>,
    pub schemas: Schemas,
    pub referrals: Vec<(PersonId, ReferralId, Referral)>,
    pub height: Height,
}

#[derive(Default)]
pub struct World(Mutex<Script>);

impl World {
    pub fn script(&self) -> MutexGuard<'_, Script> {
        self.0.lock().unwrap()
    }

    /// Puts a record on chain as a share would.
    pub fn share(&self, claim: &ShareClaim, stored_in: &[RegionCode]) {
        let facts = RecordFacts {
            id: claim.record,
            subject: claim.subject,
            block: claim.block,
            schema: SchemaId(1),
            author: claim.author,
            region: RegionCode(320_000),
            size: claim.size,
            key_epoch: claim.epoch,
            shared_at: 1,
            count: 1,
            paid: 0,
            status: RecordStatus::Active,
            stored_in: stored_in.to_vec(),
        };
        self.script().records.insert(claim.record, facts);
    }
}

/// One vault's node: the shared world, seen more or less freshly.
pub struct Node {
    pub world: Arc<World>,
    pub region: RegionCode,
    pub ages: Mutex<(Instant, Instant)>,
    pub syncing: Mutex<bool>,
    pub since: Mutex<Instant>,
    pub anchor_fails: Mutex<bool>,
    /// How long each answer takes.
    pub delay: Mutex<Duration>,
    /// How often it was asked whether it knows an account.
    pub asked_for_accounts: AtomicUsize,
}

impl Node {
    pub fn new(world: Arc<World>, region: RegionCode) -> Self {
        Self {
            world,
            region,
            ages: Mutex::new((0, 0)),
            syncing: Mutex::new(false),
            since: Mutex::default(),
            anchor_fails: Mutex::new(false),
            delay: Mutex::default(),
            asked_for_accounts: AtomicUsize::new(0),
        }
    }

    fn basis(
        &self,
        at: Side,
        query: &AccessQuery<AccountId>,
        record: Option<&RecordFacts>,
        now: Instant,
    ) -> Result<Basis, Refusal> {
        let script = self.world.script();
        if query.acting_as == Grantee::Person(query.subject) {
            return match script.persons.get(&query.subject) == Some(&query.account) {
                true => Ok(Basis::Subject),
                false => Err(Refusal::NotActingAs),
            };
        }
        let acts = script.acting.contains(&(query.account, query.acting_as));
        if !acts || script.suspended.contains(&query.acting_as) {
            return Err(Refusal::NotActingAs);
        }
        if let Grantee::Institution(id) = query.acting_as {
            let author = Author::Institution(id);
            // As the chain: an institution that treats is answered even when it wrote nothing.
            if query.purpose == Purpose::Treatment
                && script.authors.get(&query.account.0) == Some(&author)
                && record.is_none_or(|record| record.author == author)
            {
                return Ok(Basis::Author);
            }
        }
        drop(script);
        // As the chain: the summary alone, for these purposes.
        let urgent = matches!(query.purpose, Purpose::EmergencyTreatment | Purpose::BreakTheGlass);
        if urgent
            && record.is_none_or(|record| record.block == blocks::EMERGENCY_SUMMARY)
            && let Some(id) = self.emergency(at, query.subject, &query.acting_as)
        {
            return Ok(Basis::Emergency(id));
        }
        let script = self.world.script();
        script
            .terms
            .iter()
            .find(|(person, grantee, terms)| {
                *person == query.subject
                    && *grantee == query.acting_as
                    && terms.purposes.contains(query.purpose)
                    && terms.from <= now
                    && now < terms.until
                    && record.is_none_or(|record| terms.blocks.contains(record.block))
                    && !(at == Side::Best && script.ended_in_best.contains(&(*person, terms.id.0)))
            })
            .map(|(_, _, terms)| Basis::Terms(terms.id))
            .ok_or(Refusal::NoConsent)
    }

    /// An answer, after the time it takes.
    fn answer<T: Send + 'static>(&self, value: T) -> Answer<'static, T> {
        let delay = *self.delay.lock().unwrap();
        match delay.is_zero() {
            true => ready(value),
            false => tokio::time::sleep(delay).map(|()| Ok(value)).boxed(),
        }
    }

    fn emergency(
        &self,
        at: Side,
        subject: PersonId,
        grantee: &Grantee<AccountId>,
    ) -> Option<EmergencyId> {
        let script = self.world.script();
        let mut open = script.emergencies.iter();
        let found = open.find(|(person, known, _)| *person == subject && known == grantee)?;
        (at == Side::Best || !script.emergencies_not_final).then_some(found.2)
    }

    /// Who may fetch a blob that is named in a state.
    fn named(&self, at: Side, subject: PersonId, hash: Hash32) -> Option<Vec<AccountId>> {
        let script = self.world.script();
        let only_elsewhere = match at {
            Side::Best => &script.named_in_finalised,
            Side::Finalised => &script.named_in_best,
        };
        let mut named = script.named.iter();
        let found = named.find(|(person, known, _)| *person == subject && *known == hash)?;
        (!only_elsewhere.contains(&hash)).then(|| found.2.clone())
    }

    fn seen(&self, at: Side, id: &RecordId) -> Option<RecordFacts> {
        let script = self.world.script();
        let hidden = at == Side::Finalised && script.not_final.contains(id);
        script.records.get(id).filter(|_| !hidden).cloned()
    }
}

fn ready<T: Send + 'static>(value: T) -> Answer<'static, T> {
    futures::future::ready(Ok(value)).boxed()
}

impl ChainView for Node {
    fn genesis(&self) -> Hash32 {
        GENESIS
    }

    fn state(&self) -> ChainState {
        let now = kanglian_sdk::now();
        let (best, finalised) = *self.ages.lock().unwrap();
        let height = self.world.script().height;
        ChainState {
            best: Tip { height, timestamp: now - best },
            finalised: Tip { height, timestamp: now - finalised },
            syncing: *self.syncing.lock().unwrap(),
            since: *self.since.lock().unwrap(),
        }
    }

    fn decide(
        &self,
        at: Side,
        query: AccessQuery<AccountId>,
        record: RecordId,
        now: Instant,
    ) -> Answer<'_, Decision> {
        let facts = self.seen(at, &record).filter(|facts| facts.subject == query.subject);
        self.answer(match facts {
            None => Decision::Refused(Refusal::NotFound),
            Some(facts) => match self.basis(at, &query, Some(&facts), now) {
                Ok(basis) => Decision::Allowed(basis),
                Err(refusal) => Decision::Refused(refusal),
            },
        })
    }

    fn readable(
        &self,
        at: Side,
        query: AccessQuery<AccountId>,
        cursor: Option<RecordId>,
        limit: u32,
        now: Instant,
    ) -> Answer<'_, Result<FilePage, Refusal>> {
        if let Err(refusal) = self.basis(at, &query, None, now) {
            return self.answer(Err(refusal));
        }
        let ids: Vec<RecordId> = self.world.script().records.keys().copied().collect();
        let mut left: Vec<RecordFacts> = ids
            .iter()
            .filter(|id| cursor.is_none_or(|cursor| **id >= cursor))
            .filter_map(|id| self.seen(at, id))
            .filter(|facts| facts.subject == query.subject)
            .filter(|facts| self.basis(at, &query, Some(facts), now).is_ok())
            .collect();
        let next = left.get(limit as usize).map(|facts| facts.id);
        left.truncate(limit as usize);
        self.answer(Ok(FilePage { records: left, next }))
    }

    fn may_share(
        &self,
        account: AccountId,
        claim: ShareClaim,
        _now: Instant,
    ) -> Answer<'_, Result<(), Refusal>> {
        let script = self.world.script();
        self.answer(if let Some(refusal) = script.refuse_share {
            Err(refusal)
        } else if script.records.contains_key(&claim.record) {
            Err(Refusal::AlreadyShared)
        } else if script.authors.get(&account.0) != Some(&claim.author) {
            Err(Refusal::NotActingAs)
        } else {
            Ok(())
        })
    }

    fn may_publish(
        &self,
        account: AccountId,
        claim: WorkClaim,
        _now: Instant,
    ) -> Answer<'_, Result<(), Refusal>> {
        let script = self.world.script();
        self.answer(if script.works.iter().any(|work| work.id == claim.work) {
            Err(Refusal::AlreadyShared)
        } else if script.authors.get(&account.0) != Some(&Author::Institution(claim.author)) {
            Err(Refusal::NotActingAs)
        } else {
            Ok(())
        })
    }

    fn works(&self, ids: Vec<WorkId>, _now: Instant) -> Answer<'_, Vec<WorkFacts>> {
        let script = self.world.script();
        let known = |id: &WorkId| script.works.iter().find(|work| work.id == *id).cloned();
        self.answer(ids.iter().filter_map(known).collect())
    }

    fn works_from(&self, number: u64, limit: u32, _now: Instant) -> Answer<'_, Vec<WorkFacts>> {
        let script = self.world.script();
        let from = script.works.iter().filter(|work| work.number >= number);
        self.answer(from.take(limit as usize).cloned().collect())
    }

    fn terms_of(
        &self,
        at: Side,
        person: PersonId,
    ) -> Answer<'_, Vec<(Grantee<AccountId>, Terms<AccountId>)>> {
        let script = self.world.script();
        let ended = |id| at == Side::Best && script.ended_in_best.contains(&(person, id));
        let of = script.terms.iter().filter(|(subject, _, _)| *subject == person);
        let living = of.filter(|(_, _, terms)| !ended(terms.id.0));
        self.answer(living.map(|(_, grantee, terms)| (*grantee, *terms)).collect())
    }

    fn redeemed(
        &self,
        _at: Side,
        code: CodeKey,
        account: AccountId,
    ) -> Answer<'_, Option<(PersonId, Hash32)>> {
        let script = self.world.script();
        let code = script.codes.get(&code).filter(|(_, _, by)| by.contains(&account));
        self.answer(code.map(|(person, sealed, _)| (*person, *sealed)))
    }

    fn code_bundles(&self, person: PersonId) -> Answer<'_, Vec<Hash32>> {
        let script = self.world.script();
        let of = script.codes.values().filter(|(whose, _, _)| *whose == person);
        self.answer(of.map(|(_, sealed, _)| *sealed).collect())
    }

    fn acts_for(
        &self,
        _at: Side,
        account: AccountId,
        person: PersonId,
        actions: ActionSet,
        _now: Instant,
    ) -> Answer<'_, bool> {
        let script = self.world.script();
        let may = |(who, whose, what): &(AccountId, PersonId, ActionSet)| {
            *who == account && *whose == person && what.iter().any(|one| actions.contains(one))
        };
        self.answer(script.acting_for.iter().any(may))
    }

    fn decides_on(
        &self,
        _at: Side,
        account: AccountId,
        person: PersonId,
        text: Hash32,
        _now: Instant,
    ) -> Answer<'_, bool> {
        let script = self.world.script();
        self.answer(script.corrections.contains(&(person, text, account)))
    }

    fn is_correction(&self, person: PersonId, text: Hash32) -> Answer<'_, bool> {
        let script = self.world.script();
        let is_it =
            |(whose, hash, _): &(PersonId, Hash32, AccountId)| *whose == person && *hash == text;
        self.answer(script.corrections.iter().any(is_it))
    }

    fn in_standing(
        &self,
        _at: Side,
        grantee: Grantee<AccountId>,
        _now: Instant,
    ) -> Answer<'_, bool> {
        self.answer(!self.world.script().suspended.contains(&grantee))
    }

    fn is_known(&self, account: AccountId) -> Answer<'_, bool> {
        self.asked_for_accounts.fetch_add(1, Relaxed);
        let script = self.world.script();
        let acts = script.acting.iter().any(|(known, _)| *known == account);
        let is_person = script.persons.values().any(|known| *known == account);
        self.answer(acts || is_person || script.authors.contains_key(&account.0))
    }

    fn open_emergency(
        &self,
        at: Side,
        subject: PersonId,
        practitioner: AccountId,
        institution: InstitutionId,
        _now: Instant,
    ) -> Answer<'_, Option<EmergencyId>> {
        let grantee = Grantee::Practitioner { account: practitioner, institution };
        self.answer(self.emergency(at, subject, &grantee))
    }

    fn is_named(&self, at: Side, subject: PersonId, hash: Hash32) -> Answer<'_, bool> {
        self.answer(self.named(at, subject, hash).is_some())
    }

    fn may_fetch(
        &self,
        at: Side,
        account: AccountId,
        subject: PersonId,
        hash: Hash32,
        _now: Instant,
    ) -> Answer<'_, bool> {
        let named = self.named(at, subject, hash);
        self.answer(named.is_some_and(|accounts| accounts.contains(&account)))
    }

    fn record(&self, at: Side, record: RecordId) -> Answer<'_, Option<RecordFacts>> {
        self.answer(self.seen(at, &record))
    }

    fn home_region(&self, person: PersonId) -> Answer<'_, Option<RegionCode>> {
        self.answer(self.world.script().homes.get(&person).copied())
    }

    fn vaults(&self) -> Answer<'_, Arc<Vec<VaultInfo>>> {
        self.answer(Arc::new(self.world.script().vaults.clone()))
    }

    fn schemas(&self) -> Answer<'_, Arc<Schemas>> {
        self.answer(Arc::new(self.world.script().schemas.clone()))
    }

    fn referrals(&self, person: PersonId) -> Answer<'_, Vec<(ReferralId, Referral)>> {
        let script = self.world.script();
        let of = script.referrals.iter().filter(|(whose, _, _)| *whose == person);
        self.answer(of.map(|(_, id, referral)| (*id, referral.clone())).collect())
    }

    fn anchor(&self, region: RegionCode) -> Answer<'_, Option<(u64, Hash32)>> {
        self.answer(self.world.script().anchors.get(&region).copied())
    }

    fn submit_anchor(&self, size: u64, root: Hash32, proof: Vec<Hash32>) -> Answer<'_, Height> {
        if *self.anchor_fails.lock().unwrap() {
            let fault = ChainFault::Unreachable("scripted".to_owned());
            return futures::future::ready(Err(fault)).boxed();
        }
        let mut script = self.world.script();
        match script.anchors.get(&self.region) {
            None => assert!(proof.is_empty(), "the first anchor has no proof"),
            Some((old_size, old_root)) => {
                assert!(size > *old_size, "an anchor grows");
                let proof = ConsistencyProof::<Sha256>::try_from_bytes(proof.concat()).unwrap();
                let old = RootHash::new((*old_root).into(), *old_size);
                RootHash::new(root.into(), size).verify_consistency(&old, &proof).unwrap();
            },
        }
        script.anchors.insert(self.region, (size, root));
        script.height += 1;
        self.answer(script.height)
    }
}
