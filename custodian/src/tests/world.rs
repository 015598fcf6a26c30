//! A scripted chain and scripted vaults.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard},
};

use futures::{FutureExt, future::ready};
use kanglian_primitives::{
    CaseRef, Custodian, Dealing, DealingView, DealtScope, HandOver, Hash32, Height, Instant,
    PartAnswer, PersonId, RegionCode, VaultInfo, WaitingPart,
};
use kanglian_sdk::{
    AccountId,
    custody::{Case, CaseState, DealingContext, Dealt, Payload, blob_hash, deal},
    keys::EncryptionSecret,
};

use super::{JIANGSU, REGIONS, keys};
use crate::{
    chain::{Answer, ChainFault, ChainView, Said},
    vaults::{self, Blobs, VaultFault},
};

pub const GENESIS: Hash32 = [0x6b; 32];

#[derive(Default)]
pub struct Script {
    pub custodians: BTreeMap<RegionCode, Custodian<AccountId>>,
    pub dealings: BTreeMap<(PersonId, DealtScope), Dealing>,
    pub cases: BTreeMap<CaseRef, Case>,
    /// Cases that the index of waiting ones names, right or wrong.
    pub waiting_cases: Vec<CaseRef>,
    pub blobs: BTreeMap<Hash32, Vec<u8>>,
    pub said: Vec<Said>,
    /// Everything that happened at chain and vaults, in order.
    pub journal: Vec<&'static str>,
    pub node_away: bool,
    pub vaults_away: bool,
    /// Vaults that take nothing.
    pub vaults_refuse: bool,
    /// What is said is refused.
    pub chain_refuses: bool,
}

#[derive(Default)]
pub struct World(Mutex<Script>);

impl World {
    /// Three provinces with custodians.
    pub fn new() -> Arc<Self> {
        let world = Self::default();
        for region in REGIONS {
            let keys = keys(region);
            let custodian =
                Custodian { account: keys.account.id(), key: keys.secret.public(), since: 0 };
            world.script().custodians.insert(region, custodian);
        }
        Arc::new(world)
    }

    pub fn script(&self) -> MutexGuard<'_, Script> {
        self.0.lock().unwrap()
    }

    /// A person deals to all three; two shares suffice. Everything lies at the vaults.
    pub fn deal(&self, person: PersonId, payload: &Payload, number: u32) -> Dealt {
        let scope = payload.scope();
        let context = DealingContext { genesis: GENESIS, person, scope, number };
        let custodians = REGIONS.map(|region| kanglian_sdk::custody::Custodian {
            region,
            key: keys(region).secret.public(),
        });
        let dealt = deal(payload, &context, &custodians, 2).unwrap();
        let dealing = Dealing {
            number,
            dealt_at: kanglian_sdk::now(),
            terms: dealt.terms.clone(),
            keys: custodians.map(|custodian| custodian.key).to_vec().try_into().unwrap(),
            answers: vec![PartAnswer::Waiting; 3].try_into().unwrap(),
        };
        let mut script = self.script();
        script.dealings.insert((person, scope), dealing);
        for blob in dealt.blobs() {
            script.blobs.insert(blob_hash(blob), blob.clone());
        }
        dealt
    }

    /// A case about a person's dealing in force.
    pub fn open(
        &self,
        id: CaseRef,
        person: PersonId,
        scope: DealtScope,
        state: CaseState,
        key: &EncryptionSecret,
    ) {
        let mut script = self.script();
        let dealing = script.dealings.get(&(person, scope)).cloned();
        let case = Case {
            id,
            person,
            scope,
            receiver: AccountId::from([9; 32]),
            key: key.public(),
            state,
            dealing,
            handed_over: Vec::new(),
        };
        script.cases.insert(id, case);
        script.waiting_cases.push(id);
    }

    pub fn answer_of(&self, person: PersonId, scope: DealtScope) -> PartAnswer {
        let script = self.script();
        let dealing = &script.dealings[&(person, scope)];
        dealing.answers[dealing.index_of(JIANGSU).unwrap()]
    }
}

pub struct Chain(pub Arc<World>);

impl Chain {
    fn answer<T: Send + 'static>(&self, value: T) -> Answer<'static, T> {
        match self.0.script().node_away {
            true => ready(Err(ChainFault::Unreachable("scripted".to_owned()))).boxed(),
            false => ready(Ok(value)).boxed(),
        }
    }
}

impl ChainView for Chain {
    fn genesis(&self) -> Hash32 {
        GENESIS
    }

    fn appointed(
        &self,
        _at: Hash32,
        account: AccountId,
    ) -> Answer<'_, Option<(RegionCode, Custodian<AccountId>)>> {
        let found = {
            let script = self.0.script();
            let mut all = script.custodians.iter();
            all.find(|(_, custodian)| custodian.account == account)
                .map(|(region, custodian)| (*region, custodian.clone()))
        };
        self.answer(found)
    }

    fn waiting_dealings(
        &self,
        _at: Hash32,
        region: RegionCode,
        _after: Option<(PersonId, DealtScope)>,
    ) -> Answer<'_, Vec<WaitingPart>> {
        let waiting = {
            let script = self.0.script();
            let waits = |dealing: &Dealing| {
                let index = dealing.index_of(region)?;
                (dealing.answers[index] == PartAnswer::Waiting).then_some(dealing.number)
            };
            let all = script.dealings.iter();
            all.filter_map(|((person, scope), dealing)| Some((*person, *scope, waits(dealing)?)))
                .collect()
        };
        self.answer(waiting)
    }

    fn dealing(
        &self,
        _at: Hash32,
        person: PersonId,
        scope: DealtScope,
    ) -> Answer<'_, Option<DealingView>> {
        let dealing = self.0.script().dealings.get(&(person, scope)).cloned();
        let view = |dealing| DealingView { dealing, counting: 0, recoverable: false };
        self.answer(dealing.map(view))
    }

    fn waiting_cases(
        &self,
        _at: Hash32,
        _region: RegionCode,
        _after: Option<CaseRef>,
        _now: Instant,
    ) -> Answer<'_, Vec<CaseRef>> {
        let waiting = self.0.script().waiting_cases.clone();
        self.answer(waiting)
    }

    fn answered_cases(
        &self,
        _at: Hash32,
        region: RegionCode,
        _now: Instant,
    ) -> Answer<'_, Vec<CaseRef>> {
        let answered = {
            let script = self.0.script();
            let mut all: Vec<_> = script.cases.values().collect();
            all.retain(|case| case.blob_of(region).is_some());
            all.iter().map(|case| case.id).collect()
        };
        self.answer(answered)
    }

    fn case(&self, _at: Hash32, case: CaseRef, _now: Instant) -> Answer<'_, Option<Case>> {
        let found = self.0.script().cases.get(&case).cloned();
        self.answer(found)
    }

    fn dealings_of(&self, _at: Hash32, region: RegionCode) -> Answer<'_, Vec<WaitingPart>> {
        let parts = {
            let script = self.0.script();
            let all = script.dealings.iter();
            all.filter(|(_, dealing)| dealing.index_of(region).is_some())
                .map(|((person, scope), dealing)| (*person, *scope, dealing.number))
                .collect()
        };
        self.answer(parts)
    }

    fn vaults(&self, _at: Hash32) -> Answer<'_, Vec<VaultInfo>> {
        self.answer(Vec::new())
    }

    fn say(&self, said: Said) -> Answer<'_, Height> {
        {
            let mut script = self.0.script();
            if script.chain_refuses {
                return ready(Err(ChainFault::Refused("scripted".to_owned()))).boxed();
            }
            script.journal.push("said");
            script.said.push(said);
            let answer = |script: &mut Script, part: WaitingPart, answer| {
                let (person, scope, number) = part;
                let dealing = script.dealings.get_mut(&(person, scope)).unwrap();
                assert_eq!(dealing.number, number);
                let index = dealing.index_of(JIANGSU).unwrap();
                dealing.answers[index] = answer;
            };
            match said {
                Said::Acknowledged(part) => answer(&mut script, part, PartAnswer::Acknowledged),
                Said::Complained(part, reason) => {
                    answer(&mut script, part, PartAnswer::Bad(reason));
                },
                Said::HandedOver(id, blob) => {
                    let case = script.cases.get_mut(&id).unwrap();
                    assert_eq!(case.blob_of(JIANGSU), None, "once in a case");
                    case.handed_over.push(HandOver { region: JIANGSU, blob });
                    script.waiting_cases.retain(|waiting| *waiting != id);
                },
            }
        }
        self.answer(10)
    }
}

pub struct Vaults(pub Arc<World>);

impl Blobs for Vaults {
    fn get(
        &self,
        _vaults: Vec<VaultInfo>,
        _region: RegionCode,
        _subject: PersonId,
        hash: Hash32,
    ) -> vaults::Answer<'_, Vec<u8>> {
        let script = self.0.script();
        let got = match script.vaults_away {
            true => Err(VaultFault::Away("scripted".to_owned())),
            false => script.blobs.get(&hash).cloned().ok_or(VaultFault::Missing),
        };
        ready(got).boxed()
    }

    fn put(
        &self,
        _vaults: Vec<VaultInfo>,
        _region: RegionCode,
        _subject: PersonId,
        blob: Vec<u8>,
    ) -> vaults::Answer<'_, ()> {
        let mut script = self.0.script();
        if script.vaults_away || script.vaults_refuse {
            return ready(Err(VaultFault::Away("scripted".to_owned()))).boxed();
        }
        // As a vault: only what the chain names.
        let hash = blob_hash(&blob);
        let named = script.cases.values().any(|case| case.blob_of(JIANGSU) == Some(hash));
        assert!(named, "a blob that the chain does not name was left");
        script.journal.push("left");
        script.blobs.insert(hash, blob);
        ready(Ok(())).boxed()
    }
}
