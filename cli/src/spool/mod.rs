//! A spool: what came in and is to be shared, kept on disk until it is.
//!
//! An item is named by the BLAKE3 of its content, so that the same content is taken once whatever
//! delivers it again. Each step is a line in a journal, on disk before it counts:
//!
//! ```text
//! pending ── sealed ── shared
//!    └─────────┴────── dead ── (again) ── pending
//! ```
//!
//! Sealing draws a fresh key, so a record has another id each time it is sealed: the sealed bytes are
//! kept and uploaded again after a crash, and one content never becomes two records. What was shared
//! leaves its name behind and nothing else.
//!
//! A folder belongs to one process at a time; [`look`] reads it beside that process.

mod journal;

use std::{
    collections::BTreeMap,
    fs::{self, File},
    path::{Path, PathBuf},
};

use anyhow::Context;
use codec::{DecodeAll, Encode};
use kanglian_primitives::{Height, Instant, RecordId, SchemaId};
use kanglian_sdk::wire::Upload;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{fault::Fault, files};
use journal::{Event, Journal};

/// First pause before an item is tried again, in milliseconds; it doubles.
const FIRST_PAUSE: Instant = 2_000;
/// Longest pause.
const LONGEST_PAUSE: Instant = 300_000;

/// An item's name: BLAKE3 of its content, hexadecimal.
pub type Key = String;

/// An item that was sealed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sealed {
    /// Its record.
    pub record: RecordId,
    /// Its schema.
    pub schema: SchemaId,
    /// Hexadecimal SCALE of what its upload says.
    pub upload: String,
}

impl Sealed {
    /// With what the upload says.
    pub fn new(schema: SchemaId, upload: &Upload) -> Self {
        let record = upload.claim.record;
        Self { record, schema, upload: hex::encode(upload.encode()) }
    }

    /// What the upload says.
    pub fn upload(&self) -> anyhow::Result<Upload> {
        let bytes = hex::decode(&self.upload).context("a sealed item")?;
        Upload::decode_all(&mut bytes.as_slice())
            .map_err(|error| anyhow::anyhow!("a sealed item: {error}"))
    }
}

/// How far an item is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It came in.
    Pending,
    /// Its sealed bytes are kept.
    Sealed(Sealed),
    /// It is on chain.
    Shared {
        /// Its record.
        record: RecordId,
        /// Height of the share's block, when this process saw it.
        block: Option<Height>,
    },
    /// It cannot be shared as things stand.
    Dead {
        /// Why.
        reason: String,
    },
}

impl State {
    /// In one word.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Sealed(_) => "sealed",
            Self::Shared { .. } => "shared",
            Self::Dead { .. } => "dead",
        }
    }

    /// Whether there is something left to do.
    pub fn is_open(&self) -> bool {
        matches!(self, Self::Pending | Self::Sealed(_))
    }
}

/// What is kept of an item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// What to call it.
    pub name: String,
    /// What whoever put it in needs to know of it.
    pub note: Value,
    /// When it came in.
    pub came_at: Instant,
    /// How far it is.
    pub state: State,
    /// How often it was tried in vain.
    pub tries: u32,
    /// What was wrong the last time.
    pub error: Option<String>,
    /// When it is tried next.
    pub next_at: Instant,
}

/// What became of an item that was put in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Added {
    /// It is new.
    New,
    /// It had been put in before.
    Known,
}

/// A spool that this process owns.
pub struct Spool {
    folder: PathBuf,
    journal: Journal,
    items: BTreeMap<Key, Item>,
    _lock: File,
}

impl Spool {
    /// Opens or makes a spool; refused while another process has it.
    pub fn open(folder: &Path) -> anyhow::Result<Self> {
        let named = || folder.display().to_string();
        fs::create_dir_all(folder.join("items")).with_context(named)?;
        private(folder)?;
        let lock = File::create(folder.join("lock")).with_context(named)?;
        if lock.try_lock().is_err() {
            return Err(
                Fault::refused(format!("{}: another process has this spool", named())).into()
            );
        }
        let path = folder.join("journal");
        let items = journal::read(&path)?;
        let journal = Journal::rewritten(&path, &items)?;
        let spool = Self { folder: folder.to_owned(), journal, items, _lock: lock };
        spool.tidy()?;
        Ok(spool)
    }

    /// Removes what a crash left behind: half-written files, bytes of items that are done.
    fn tidy(&self) -> anyhow::Result<()> {
        for entry in fs::read_dir(self.folder.join("items"))? {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let (key, kind) = name.split_once('.').unwrap_or((&name, ""));
            let state = self.items.get(key).map(|item| &item.state);
            let wanted = match kind {
                "content" => state.is_some_and(|state| !matches!(state, State::Shared { .. })),
                "sealed" => matches!(state, Some(State::Sealed(_))),
                _ => false,
            };
            if !wanted {
                fs::remove_file(&path).with_context(|| path.display().to_string())?;
            }
        }
        Ok(())
    }

    /// Everything in it.
    pub fn items(&self) -> &BTreeMap<Key, Item> {
        &self.items
    }

    /// Takes content in; it is on disk when this returns.
    pub fn add(&mut self, name: &str, note: Value, content: &[u8]) -> anyhow::Result<(Key, Added)> {
        let key = key_of(content);
        if self.items.contains_key(&key) {
            return Ok((key, Added::Known));
        }
        write_durably(&self.file(&key, "content"), content)?;
        let now = kanglian_sdk::now();
        let name = name.to_owned();
        self.note(&key, Event::Pending { name, note, at: now })?;
        Ok((key, Added::New))
    }

    /// What came in that cannot even be read: a dead letter from the start.
    pub fn add_dead(&mut self, name: &str, content: &[u8], reason: &str) -> anyhow::Result<Key> {
        let (key, added) = self.add(name, Value::Null, content)?;
        if added == Added::New {
            self.dead(&key, reason)?;
        }
        Ok(key)
    }

    /// Items to work on now, oldest first.
    pub fn due(&self, now: Instant) -> Vec<Key> {
        let mut due: Vec<_> = self
            .items
            .iter()
            .filter(|(_, item)| item.state.is_open() && item.next_at <= now)
            .collect();
        due.sort_by_key(|(_, item)| item.came_at);
        due.into_iter().map(|(key, _)| key.clone()).collect()
    }

    /// An item's content.
    pub fn content(&self, key: &str) -> anyhow::Result<Vec<u8>> {
        let path = self.file(key, "content");
        fs::read(&path).with_context(|| path.display().to_string())
    }

    /// Where an item's sealed bytes are.
    pub fn sealed_file(&self, key: &str) -> PathBuf {
        self.file(key, "sealed")
    }

    /// An item was sealed; the bytes are kept.
    pub fn sealed(&mut self, key: &str, sealed: Sealed, bytes: &[u8]) -> anyhow::Result<()> {
        write_durably(&self.file(key, "sealed"), bytes)?;
        self.note(key, Event::Sealed { sealed })
    }

    /// What was sealed no longer fits: it is sealed anew. Only for a record that is not on chain and
    /// cannot come there.
    pub fn unseal(&mut self, key: &str) -> anyhow::Result<()> {
        self.note(key, Event::Unsealed)
    }

    /// An item could not be shared now.
    pub fn put_off(&mut self, key: &str, error: &str, now: Instant) -> anyhow::Result<()> {
        let tries = self.items.get(key).map_or(0, |item| item.tries);
        let pause = FIRST_PAUSE.saturating_mul(1 << tries.min(20)).min(LONGEST_PAUSE);
        self.note(
            key,
            Event::PutOff { error: error.to_owned(), next_at: now.saturating_add(pause) },
        )
    }

    /// An item is on chain; its bytes go.
    pub fn shared(
        &mut self,
        key: &str,
        record: RecordId,
        block: Option<Height>,
    ) -> anyhow::Result<()> {
        self.note(key, Event::Shared { record, block })?;
        for kind in ["content", "sealed"] {
            let _gone = fs::remove_file(self.file(key, kind));
        }
        Ok(())
    }

    /// An item cannot be shared as things stand.
    pub fn dead(&mut self, key: &str, reason: &str) -> anyhow::Result<()> {
        self.note(key, Event::Dead { reason: reason.to_owned() })
    }

    /// Tries a dead letter once more.
    pub fn again(&mut self, key: &str) -> anyhow::Result<()> {
        match self.items.get(key).map(|item| &item.state) {
            Some(State::Dead { .. }) => self.note(key, Event::Again),
            Some(state) => Err(Fault::usage(format!("{key} is {}, not dead", state.word())).into()),
            None => Err(Fault::usage(format!("there is no item {key}")).into()),
        }
    }

    fn note(&mut self, key: &str, event: Event) -> anyhow::Result<()> {
        self.journal.append(key, &event)?;
        journal::apply(&mut self.items, key, event);
        Ok(())
    }

    fn file(&self, key: &str, kind: &str) -> PathBuf {
        self.folder.join("items").join(format!("{key}.{kind}"))
    }
}

/// The name of content.
pub fn key_of(content: &[u8]) -> Key {
    blake3::hash(content).to_hex().to_string()
}

/// What is in a spool that another process may own.
pub fn look(folder: &Path) -> anyhow::Result<BTreeMap<Key, Item>> {
    if !folder.is_dir() {
        return Err(Fault::usage(format!("there is no spool {}", folder.display())).into());
    }
    journal::read(&folder.join("journal"))
}

/// For the owner only: content is not sealed yet.
fn private(folder: &Path) -> anyhow::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let permissions = fs::Permissions::from_mode(0o700);
    fs::set_permissions(folder, permissions).with_context(|| folder.display().to_string())
}

/// Writes a file, whole or not at all, with its name in the folder.
fn write_durably(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    files::replace(path, bytes)?;
    let folder = path.parent().unwrap_or_else(|| Path::new("."));
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .with_context(|| path.display().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const RECORD: RecordId = RecordId([9; 32]);

    fn sealed() -> Sealed {
        Sealed { record: RECORD, schema: SchemaId(4), upload: String::new() }
    }

    #[test]
    fn content_is_taken_once_and_survives_every_step() {
        let folder = tempfile::tempdir().unwrap();
        let open = || Spool::open(folder.path()).unwrap();
        let mut spool = open();
        let (key, added) = spool.add("a.json", json!({ "x": 1 }), b"content").unwrap();
        assert_eq!(added, Added::New);
        assert_eq!(spool.add("b.json", json!(2), b"content").unwrap(), (key.clone(), Added::Known));
        assert!(Spool::open(folder.path()).is_err(), "one process at a time");
        drop(spool);
        let mut spool = open();
        assert_eq!(spool.items()[&key].name, "a.json");
        assert_eq!(spool.content(&key).unwrap(), b"content");
        spool.sealed(&key, sealed(), b"sealed bytes").unwrap();
        drop(spool);
        let mut spool = open();
        assert_eq!(spool.items()[&key].state, State::Sealed(sealed()));
        assert_eq!(fs::read(spool.sealed_file(&key)).unwrap(), b"sealed bytes");
        spool.shared(&key, RECORD, Some(7)).unwrap();
        drop(spool);
        let mut spool = open();
        assert!(!spool.sealed_file(&key).exists());
        assert!(spool.content(&key).is_err(), "nothing readable is left");
        assert_eq!(spool.add("again", json!(0), b"content").unwrap().1, Added::Known);
        assert!(spool.due(Instant::MAX).is_empty());
    }

    #[test]
    fn what_fails_is_put_off_longer_each_time_and_dead_letters_say_why() {
        let folder = tempfile::tempdir().unwrap();
        let mut spool = Spool::open(folder.path()).unwrap();
        let (key, _) = spool.add("a", json!(0), b"1").unwrap();
        let mut pauses = Vec::new();
        for _ in 0..10 {
            spool.put_off(&key, "the node is away", 1_000).unwrap();
            pauses.push(spool.items()[&key].next_at - 1_000);
        }
        assert_eq!(pauses[..3], [2_000, 4_000, 8_000]);
        assert_eq!(pauses[9], LONGEST_PAUSE);
        assert!(spool.due(1_000).is_empty());
        assert_eq!(spool.due(301_000), std::slice::from_ref(&key));
        assert!(spool.again(&key).is_err());
        spool.dead(&key, "nobody of that name").unwrap();
        assert!(spool.due(Instant::MAX).is_empty());
        let seen = look(folder.path()).unwrap();
        assert_eq!(seen[&key].state, State::Dead { reason: "nobody of that name".to_owned() });
        spool.again(&key).unwrap();
        assert_eq!((spool.due(0), spool.items()[&key].tries), (vec![key], 0));
        assert!(spool.again("x").is_err());
        let bad = spool.add_dead("b", b"<", "no XML").unwrap();
        assert_eq!(spool.items()[&bad].state.word(), "dead");
        assert!(look(Path::new("/nonexistent")).is_err());
    }

    #[test]
    fn a_torn_journal_loses_at_most_what_was_not_told_to_be_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        let mut spool = Spool::open(folder.path()).unwrap();
        let (first, _) = spool.add("a", json!(0), b"1").unwrap();
        let kept = fs::metadata(&path).unwrap().len();
        let (second, _) = spool.add("b", json!(0), b"2").unwrap();
        drop(spool);
        let whole = fs::read(&path).unwrap();
        for length in usize::try_from(kept).unwrap()..whole.len() {
            fs::write(&path, &whole[..length]).unwrap();
            let spool = Spool::open(folder.path()).unwrap();
            assert!(spool.items().contains_key(&first), "{length}");
            assert!(!spool.items().contains_key(&second), "{length}");
            drop(spool);
            fs::write(folder.path().join("items").join(format!("{second}.content")), b"2").unwrap();
        }
        // Damage before the end is told, not passed over.
        let mut broken = whole;
        broken[3] ^= 0xff;
        fs::write(&path, &broken).unwrap();
        assert!(Spool::open(folder.path()).is_err());
    }

    #[test]
    fn the_journal_does_not_grow_with_tries() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        let mut spool = Spool::open(folder.path()).unwrap();
        let (key, _) = spool.add("a", json!(0), b"1").unwrap();
        spool.sealed(&key, sealed(), b"s").unwrap();
        for now in 0..500 {
            spool.put_off(&key, "away", now).unwrap();
        }
        let long = fs::metadata(&path).unwrap().len();
        let item = spool.items()[&key].clone();
        drop(spool);
        let mut spool = Spool::open(folder.path()).unwrap();
        assert!(fs::metadata(&path).unwrap().len() * 20 < long);
        assert_eq!(spool.items()[&key], item);
        spool.unseal(&key).unwrap();
        assert_eq!(spool.items()[&key].state, State::Pending);
    }
}
