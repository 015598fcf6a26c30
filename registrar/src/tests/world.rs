//! A scripted chain, and registrars before it.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    sync::{Mutex, MutexGuard},
};

use ct_merkle::{ConsistencyProof, RootHash};
use futures::FutureExt;
use kanglian_primitives::{Hash32, Height, Instant, RegistrarKey};
use kanglian_sdk::{
    chain::identity::ChainRegistrars,
    registrar::{RegistrarIdentity, RegistrarSet, RegistrarShare},
    wire::AccountId,
};
use sha2::Sha256;
use tempfile::TempDir;
use tokio::{net::TcpListener, task::JoinHandle};
use tokio_util::sync::CancellationToken;

use super::*;
use crate::{
    app::App,
    chain::{Answer, Attested, ChainFault, ChainState, ChainView, Freshness, Side, Tip},
    http, server,
    settings::{Connections, Keys},
    store::{Limits, Store},
};

pub const GENESIS: Hash32 = [7; 32];
pub const PHRASE: &str = "//Test-Registrars";

/// Whether a proof shows that one tree continues another, by ct-merkle.
fn is_consistent(
    (old_size, old_root): (u64, &Hash32),
    (size, root): (u64, &Hash32),
    proof: &[Hash32],
) -> bool {
    let Ok(proof) = ConsistencyProof::<Sha256>::try_from_bytes(proof.concat()) else {
        return false;
    };
    let old = RootHash::<Sha256>::new((*old_root).into(), old_size);
    RootHash::<Sha256>::new((*root).into(), size).verify_consistency(&old, &proof).is_ok()
}

/// What the chain says.
#[derive(Default)]
pub struct Script {
    pub standing: BTreeSet<([u8; 32], Evaluator)>,
    /// Gone in the best block, still there in the finalised one.
    pub ended_in_best: BTreeSet<([u8; 32], Evaluator)>,
    /// There in the best block only.
    pub not_final: BTreeSet<([u8; 32], Evaluator)>,
    pub attested: BTreeMap<PersonId, Attested>,
    /// The registrars that the council put in force.
    pub set: Option<ChainRegistrars>,
    /// The anchor of the one log that is looked at.
    pub anchor: Option<(u64, Hash32)>,
    /// Whether the chain takes no anchors now.
    pub refuses_anchors: bool,
    pub best_age: Instant,
    pub finalised_age: Instant,
    pub syncing: bool,
    pub since: Instant,
    pub frozen: bool,
}

#[derive(Default)]
pub struct World(Mutex<Script>);

impl World {
    /// A hospital with a nurse, a clinic, and the regulator.
    pub fn usual() -> Arc<Self> {
        let world = Arc::new(Self::default());
        world.script().standing.extend([
            (hospital().account().0, for_hospital()),
            (nurse().account().0, for_hospital()),
            (clinic().account().0, for_clinic()),
            (regulator().account().0, Evaluator::Regulator),
        ]);
        world
    }

    pub fn script(&self) -> MutexGuard<'_, Script> {
        self.0.lock().unwrap()
    }

    /// As if the institution had attested the person just now.
    pub fn attest(&self, person: PersonId, attester: InstitutionId) {
        let at = kanglian_sdk::now();
        self.script().attested.insert(person, Attested { attester, at });
    }
}

/// A node of the scripted chain.
pub struct Node(pub Arc<World>);

impl Node {
    fn answer<T: Send + 'static>(&self, value: T) -> Answer<'static, T> {
        match self.0.script().frozen {
            true => futures::future::pending().boxed(),
            false => futures::future::ready(Ok(value)).boxed(),
        }
    }
}

impl ChainView for Node {
    fn genesis(&self) -> Hash32 {
        GENESIS
    }

    fn state(&self) -> ChainState {
        let now = kanglian_sdk::now();
        let script = self.0.script();
        ChainState {
            best: Tip { height: 12, timestamp: now - script.best_age },
            finalised: Tip { height: 10, timestamp: now - script.finalised_age },
            syncing: script.syncing,
            since: script.since,
        }
    }

    fn in_standing(
        &self,
        at: Side,
        account: AccountId,
        evaluator: Evaluator,
        _: Instant,
    ) -> Answer<'_, bool> {
        let asked = (account.0, evaluator);
        let stands = {
            let script = self.0.script();
            match at {
                Side::Best => {
                    (script.standing.contains(&asked) || script.not_final.contains(&asked))
                        && !script.ended_in_best.contains(&asked)
                },
                Side::Finalised => script.standing.contains(&asked),
            }
        };
        self.answer(stands)
    }

    fn attested(&self, person: PersonId) -> Answer<'_, Option<Attested>> {
        let known = self.0.script().attested.get(&person).copied();
        self.answer(known)
    }

    fn registrars(&self) -> Answer<'_, Option<ChainRegistrars>> {
        let set = self.0.script().set.clone();
        self.answer(set)
    }

    fn anchor(&self, _: RegistrarKey) -> Answer<'_, Option<(u64, Hash32)>> {
        let anchor = self.0.script().anchor;
        self.answer(anchor)
    }

    /// As the chain does: with a proof from the anchor before.
    fn submit_anchor(&self, size: u64, root: Hash32, proof: Vec<Hash32>) -> Answer<'_, Height> {
        let mut script = self.0.script();
        let grows = match script.anchor {
            None => proof.is_empty(),
            Some((old, old_root)) => is_consistent((old, &old_root), (size, &root), &proof),
        };
        if !grows || script.refuses_anchors {
            drop(script);
            return gone();
        }
        script.anchor = Some((size, root));
        drop(script);
        self.answer(12)
    }
}

/// A chain that does not answer.
pub struct NoNode;

impl ChainView for NoNode {
    fn genesis(&self) -> Hash32 {
        GENESIS
    }
    fn state(&self) -> ChainState {
        ChainState::default()
    }
    fn in_standing(&self, _: Side, _: AccountId, _: Evaluator, _: Instant) -> Answer<'_, bool> {
        gone()
    }
    fn attested(&self, _: PersonId) -> Answer<'_, Option<Attested>> {
        gone()
    }
    fn registrars(&self) -> Answer<'_, Option<ChainRegistrars>> {
        gone()
    }
    fn anchor(&self, _: RegistrarKey) -> Answer<'_, Option<(u64, Hash32)>> {
        gone()
    }
    fn submit_anchor(&self, _: u64, _: Hash32, _: Vec<Hash32>) -> Answer<'_, Height> {
        gone()
    }
}

fn gone<T: Send + 'static>() -> Answer<'static, T> {
    futures::future::ready(Err(ChainFault::Unreachable("nobody there".to_owned()))).boxed()
}

pub fn freshness() -> Freshness {
    Freshness { best: Duration::from_secs(6), finalised: Duration::from_secs(60) }
}

pub fn limits() -> Limits {
    Limits { per_hour: 100, overdue_after: 3_600_000, overdue_limit: 2 }
}

pub fn connections() -> Connections {
    Connections {
        most: 256,
        per_address: 0,
        header: Duration::from_secs(10),
        whole: Duration::from_secs(20),
        stop: Duration::from_secs(5),
    }
}

/// A running registrar.
pub struct Registrar {
    pub app: Arc<App>,
    pub url: String,
    stop: CancellationToken,
    serving: Option<JoinHandle<()>>,
}

impl Registrar {
    pub fn start(
        listener: TcpListener,
        keys: Keys,
        chain: Arc<dyn ChainView>,
        folder: &Path,
        limits: Limits,
        connections: Connections,
    ) -> Self {
        let url = format!("http://{}", listener.local_addr().unwrap());
        let store = Store::open(folder).unwrap();
        let patience = Duration::from_millis(500);
        let app = App::new(keys, chain, store, freshness(), limits, patience);
        let stop = CancellationToken::new();
        let (router, token) = (http::router(app.clone()), stop.clone());
        let serving = tokio::spawn(server::serve(listener, router, connections, token));
        Self { app, url, stop, serving: Some(serving) }
    }

    /// Ends it in order; its address answers no more.
    pub async fn stop(&mut self) {
        self.stop.cancel();
        if let Some(serving) = self.serving.take() {
            serving.await.unwrap();
        }
    }
}

impl Drop for Registrar {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// Registrars of one network.
pub struct Network {
    pub world: Arc<World>,
    pub set: RegistrarSet,
    pub registrars: Vec<Registrar>,
    pub folders: Vec<TempDir>,
}

impl Network {
    /// Four, of which three are needed.
    pub async fn start() -> Self {
        Self::start_with(4, 3, limits(), |_, share| share).await
    }

    /// So many; `change` gives a registrar another share than the set says.
    pub async fn start_with(
        count: u16,
        threshold: u16,
        limits: Limits,
        change: impl Fn(u16, RegistrarShare) -> RegistrarShare,
    ) -> Self {
        let world = World::usual();
        let (mut listeners, mut places) = (Vec::new(), Vec::new());
        for index in 1..=count {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let url = format!("http://{}", listener.local_addr().unwrap());
            places.push((format!("registrar {index}"), url));
            listeners.push(listener);
        }
        let set = RegistrarSet::dev(PHRASE, threshold, &places).unwrap();
        let (mut registrars, mut folders) = (Vec::new(), Vec::new());
        for (index, listener) in (1..).zip(listeners) {
            let share = change(index, RegistrarShare::dev(PHRASE, threshold, index));
            let identity = RegistrarIdentity::dev(PHRASE, index);
            let share = share.key().unwrap();
            let keys = Keys { set: set.clone(), index, identity, share };
            let folder = TempDir::new().unwrap();
            let node = Arc::new(Node(world.clone()));
            let path = folder.path();
            registrars.push(Registrar::start(listener, keys, node, path, limits, connections()));
            folders.push(folder);
        }
        Self { world, set, registrars, folders }
    }

    /// One registrar that holds the whole key.
    pub async fn single(limits: Limits) -> Self {
        Self::start_with(1, 1, limits, |_, share| share).await
    }

    pub fn client(&self, signer: SigningKey) -> Registrars {
        self.client_of(&self.set, signer)
    }

    pub fn client_of(&self, set: &RegistrarSet, signer: SigningKey) -> Registrars {
        Registrars::new(set.clone(), GENESIS, Arc::new(signer)).unwrap()
    }

    pub async fn person(&self, document: &str) -> PersonId {
        let asked = self.client(hospital()).person(for_hospital(), document).await;
        asked.unwrap().person
    }
}
