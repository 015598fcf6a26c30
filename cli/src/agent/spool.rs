//! The agent's folder: what it has taken and not yet shared, so that a kill at any moment loses
//! nothing and shares nothing twice.
//!
//! | file | what |
//! | --- | --- |
//! | `open.ndjson` | readings of the batch that is being gathered |
//! | `seen` | BLAKE3 of all readings in closed batches, 32 bytes each |
//! | `pending/N.ndjson` | a closed batch |
//! | `pending/N.sealed`, `pending/N.upload` | its sealed bytes and what their upload says, made once |
//! | `shared.log` | a line for each batch that is final on chain |
//! | `dead-letters.ndjson` | lines that were no readings, with reasons |
//! | `positions.json` | how far each input file was taken |
//!
//! The order of writing is the whole point. A line is taken when it is synced in `open.ndjson`;
//! only then its position is kept, so a crash reads lines again and never skips one. Lines read
//! again are known by their hash. A batch is closed by adding its hashes to `seen` and then renaming
//! it; a crash between the two leaves it open with hashes that are known, which the open file's own
//! lines override. What is sealed once is uploaded and shared until the chain has that record: the
//! chain takes a record once.

use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    fs::{self, File, OpenOptions},
    io::{Read, Write},
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use codec::{DecodeAll, Encode};
use kanglian_primitives::{RecordId, SchemaId};
use kanglian_sdk::wire::Upload;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::readings::Reading;
use crate::{fault::Fault, files};

/// Bytes of a dead letter's text that are kept.
const LETTER: usize = 4_096;

/// How far files were taken: the place, and BLAKE3 of how the file begins, by name.
pub type Positions = BTreeMap<String, (u64, String)>;

/// Whose stream a spool holds; another one does not mix with it.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Owner {
    genesis: String,
    person: String,
}

/// The folder, locked for this process.
pub struct Spool {
    root: PathBuf,
    _lock: File,
    open: File,
    /// Readings in `open.ndjson`.
    pub open_count: u32,
    open_hashes: Vec<[u8; 32]>,
    seen: HashSet<[u8; 32]>,
    letters: HashSet<[u8; 32]>,
    next: u64,
    /// Bytes in closed batches that are not shared.
    pub waiting_bytes: u64,
    /// Whether something was written that is not synced.
    dirty: bool,
}

/// A closed batch.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Batch {
    /// Its number.
    pub number: u64,
    plain: PathBuf,
}

/// A batch as it was sealed.
pub struct SealedBatch {
    /// What its upload says.
    pub upload: Upload,
    /// Its schema.
    pub schema: SchemaId,
    /// Where the sealed bytes are.
    pub path: PathBuf,
}

fn sync_folder(path: &Path) -> anyhow::Result<()> {
    Ok(File::open(path).and_then(|folder| folder.sync_all())?)
}

fn private() -> OpenOptions {
    use std::os::unix::fs::OpenOptionsExt;
    let mut options = OpenOptions::new();
    options.create(true).read(true).append(true).mode(0o600);
    options
}

/// The lines of a file, without a last one that was cut off.
fn whole_lines(bytes: &[u8]) -> (&[u8], usize) {
    let end = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at.saturating_add(1));
    (bytes.get(..end).unwrap_or_default(), end)
}

fn hashes_of(lines: &[u8]) -> Vec<[u8; 32]> {
    let lines = lines.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    lines.map(|line| blake3::hash(line).into()).collect()
}

impl Spool {
    /// Opens or makes the folder of a person's stream on a chain; what a crash left is put right.
    pub fn open(root: &Path, genesis: &[u8; 32], person: &str) -> anyhow::Result<Self> {
        let named = || root.display().to_string();
        let pending = root.join("pending");
        fs::create_dir_all(&pending).with_context(named)?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            fs::set_permissions(root, fs::Permissions::from_mode(0o700)).with_context(named)?;
        }
        let lock = private().open(root.join("lock")).with_context(named)?;
        if lock.try_lock().is_err() {
            return Err(Fault::usage(format!("{}: another agent uses this spool", named())).into());
        }
        let owner = Owner { genesis: hex::encode(genesis), person: person.to_owned() };
        let owner_file = root.join("owner.json");
        match fs::read(&owner_file) {
            Ok(bytes) if serde_json::from_slice::<Owner>(&bytes).ok().as_ref() != Some(&owner) => {
                let text = format!("{}: the spool of another person or chain", named());
                return Err(Fault::usage(text).into());
            },
            Ok(_) => {},
            Err(_) => files::replace(&owner_file, &serde_json::to_vec(&owner)?)?,
        }

        let mut bytes = Vec::new();
        let mut seen_file = private().open(root.join("seen")).with_context(named)?;
        seen_file.read_to_end(&mut bytes)?;
        let (hashes, rest) = bytes.as_chunks::<32>();
        let seen: HashSet<[u8; 32]> = hashes.iter().copied().collect();
        if !rest.is_empty() {
            seen_file.set_len(u64::try_from(bytes.len().saturating_sub(rest.len()))?)?;
        }

        let mut open = private().open(root.join("open.ndjson")).with_context(named)?;
        bytes.clear();
        open.read_to_end(&mut bytes)?;
        let (lines, end) = whole_lines(&bytes);
        let open_hashes = hashes_of(lines);
        open.set_len(u64::try_from(end)?)?;

        let letters_path = root.join("dead-letters.ndjson");
        let letters = fs::read(&letters_path).unwrap_or_default();
        let (lines, end) = whole_lines(&letters);
        let letters = lines
            .split(|byte| *byte == b'\n')
            .filter_map(|line| serde_json::from_slice::<serde_json::Value>(line).ok())
            .filter_map(|letter| letter["id"].as_str().map(str::to_owned))
            .filter_map(|id| hex::decode(id).ok()?.try_into().ok())
            .collect();
        private().open(&letters_path)?.set_len(u64::try_from(end)?)?;

        let mut spool = Self {
            root: root.to_owned(),
            _lock: lock,
            open,
            open_count: u32::try_from(open_hashes.len())?,
            open_hashes,
            seen,
            letters,
            next: 0,
            waiting_bytes: 0,
            dirty: false,
        };
        for batch in spool.pending()? {
            spool.next = spool.next.max(batch.number.saturating_add(1));
            let length = fs::metadata(&batch.plain)?.len();
            spool.waiting_bytes = spool.waiting_bytes.saturating_add(length);
        }
        if let Some(last) = spool.last_shared()? {
            spool.next = spool.next.max(last.saturating_add(1));
        }
        Ok(spool)
    }

    fn last_shared(&self) -> anyhow::Result<Option<u64>> {
        let log = fs::read(self.root.join("shared.log")).unwrap_or_default();
        let (lines, _) = whole_lines(&log);
        let numbers = lines
            .split(|byte| *byte == b'\n')
            .filter_map(|line| serde_json::from_slice::<serde_json::Value>(line).ok())
            .filter_map(|line| line["batch"].as_u64());
        Ok(numbers.max())
    }

    /// Whether a reading was taken before: it is in the open batch or in a closed one.
    pub fn knows(&self, reading: &Reading) -> bool {
        self.seen.contains(&reading.hash) || self.open_hashes.contains(&reading.hash)
    }

    /// Takes a reading; it is safe after [`Self::sync`].
    pub fn take(&mut self, reading: &Reading) -> anyhow::Result<()> {
        let mut line = reading.line.clone();
        line.push(b'\n');
        self.open.write_all(&line)?;
        self.open_hashes.push(reading.hash);
        self.open_count = self.open_count.saturating_add(1);
        self.dirty = true;
        Ok(())
    }

    /// Sets aside a line that is no reading, once. Whether it was new.
    pub fn set_aside(
        &mut self,
        source: &str,
        number: u64,
        line: &[u8],
        reason: &str,
    ) -> anyhow::Result<bool> {
        let id: [u8; 32] = blake3::hash(&(source, number, line).encode()).into();
        if !self.letters.insert(id) {
            return Ok(false);
        }
        let text = String::from_utf8_lossy(line.get(..LETTER.min(line.len())).unwrap_or_default());
        let letter = json!({
            "id": hex::encode(id),
            "source": source,
            "line": number,
            "reason": reason,
            "text": text,
        });
        let mut file = private().open(self.root.join("dead-letters.ndjson"))?;
        file.write_all(format!("{letter}\n").as_bytes())?;
        file.sync_data()?;
        Ok(true)
    }

    /// Makes all that was taken safe.
    pub fn sync(&mut self) -> anyhow::Result<()> {
        if std::mem::take(&mut self.dirty) {
            self.open.sync_data()?;
        }
        Ok(())
    }

    /// Closes the open batch, if there is anything in it.
    pub fn close(&mut self) -> anyhow::Result<()> {
        if self.open_count == 0 {
            return Ok(());
        }
        self.dirty = true;
        self.sync()?;
        let mut seen = private().open(self.root.join("seen"))?;
        seen.write_all(self.open_hashes.as_flattened())?;
        seen.sync_data()?;
        let target = self.root.join("pending").join(format!("{:012}.ndjson", self.next));
        let from = self.root.join("open.ndjson");
        let length = fs::metadata(&from)?.len();
        fs::rename(&from, &target)?;
        sync_folder(&self.root.join("pending"))?;
        self.open = private().open(&from)?;
        sync_folder(&self.root)?;
        self.seen.extend(self.open_hashes.drain(..));
        self.open_count = 0;
        self.next = self.next.saturating_add(1);
        self.waiting_bytes = self.waiting_bytes.saturating_add(length);
        Ok(())
    }

    /// Closed batches that are not shared, oldest first.
    pub fn pending(&self) -> anyhow::Result<Vec<Batch>> {
        pending_in(&self.root)
    }

    /// How far each input file was taken.
    pub fn positions(&self) -> Positions {
        let bytes = fs::read(self.root.join("positions.json")).unwrap_or_default();
        serde_json::from_slice(&bytes).unwrap_or_default()
    }

    /// Keeps how far; after [`Self::sync`].
    pub fn keep_positions(&self, positions: &Positions) -> anyhow::Result<()> {
        files::replace(&self.root.join("positions.json"), &serde_json::to_vec(positions)?)
    }

    /// The folder.
    pub fn root(&self) -> &Path {
        &self.root
    }
}

/// Closed batches in a spool that are not shared, oldest first.
pub fn pending_in(root: &Path) -> anyhow::Result<Vec<Batch>> {
    let mut batches = BTreeSet::new();
    for entry in fs::read_dir(root.join("pending"))? {
        let plain = entry?.path();
        let number = plain
            .extension()
            .filter(|extension| *extension == "ndjson")
            .and_then(|_| plain.file_stem()?.to_str()?.parse().ok());
        if let Some(number) = number {
            batches.insert(Batch { number, plain });
        }
    }
    Ok(batches.into_iter().collect())
}

impl Batch {
    /// The readings, a line each.
    pub fn content(&self) -> anyhow::Result<Vec<u8>> {
        fs::read(&self.plain).with_context(|| self.plain.display().to_string())
    }

    /// How many readings.
    pub fn count(content: &[u8]) -> anyhow::Result<u32> {
        Ok(u32::try_from(content.iter().filter(|byte| **byte == b'\n').count())?)
    }

    /// As it was sealed before, if it was.
    pub fn sealed(&self) -> anyhow::Result<Option<SealedBatch>> {
        let path = self.plain.with_extension("sealed");
        let Ok(bytes) = fs::read(self.plain.with_extension("upload")) else { return Ok(None) };
        let Ok((upload, schema)) = <(Upload, SchemaId)>::decode_all(&mut bytes.as_slice()) else {
            return Ok(None);
        };
        Ok(path.exists().then_some(SealedBatch { upload, schema, path }))
    }

    /// Keeps sealed bytes and what their upload says; the bytes first, so that both are there when
    /// the second is.
    pub fn keep_sealed(
        &self,
        upload: &Upload,
        schema: SchemaId,
        sealed: &[u8],
    ) -> anyhow::Result<SealedBatch> {
        let path = self.plain.with_extension("sealed");
        files::replace(&path, sealed)?;
        files::replace(&self.plain.with_extension("upload"), &(upload, schema).encode())?;
        sync_folder(files::prepare(&path)?)?;
        Ok(SealedBatch { upload: upload.clone(), schema, path })
    }

    /// Forgets how it was sealed: the scope key has changed and the chain never took it.
    pub fn unseal(&self) -> anyhow::Result<()> {
        fs::remove_file(self.plain.with_extension("upload"))?;
        fs::remove_file(self.plain.with_extension("sealed"))?;
        Ok(())
    }

    /// The batch is final on chain: notes it and removes its files. Gives the bytes that went.
    pub fn done(self, root: &Path, record: &RecordId, count: u32) -> anyhow::Result<u64> {
        let line = json!({ "batch": self.number, "record": record, "readings": count });
        let mut log = private().open(root.join("shared.log"))?;
        log.write_all(format!("{line}\n").as_bytes())?;
        log.sync_data()?;
        let length = fs::metadata(&self.plain)?.len();
        fs::remove_file(&self.plain)?;
        for extension in ["upload", "sealed"] {
            match fs::remove_file(self.plain.with_extension(extension)) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(error.into());
                },
                _ => {},
            }
        }
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agent::readings::Format;
    use kanglian_primitives::PersonId;

    fn reading(number: usize) -> Reading {
        let line = format!(
            r#"{{"resourceType":"Observation","status":"final","code":{{"coding":[{{"system":"http://loinc.org","code":"55423-8"}}]}},"effectiveDateTime":"2026-01-01","valueQuantity":{{"value":{number}}}}}"#
        );
        Format::Ndjson.read(line.as_bytes(), &PersonId([7; 32])).unwrap().unwrap()
    }

    fn open(path: &Path) -> Spool {
        Spool::open(path, &[1; 32], "0x07").unwrap()
    }

    #[test]
    fn what_was_taken_is_there_after_a_crash_and_is_not_taken_twice() {
        let folder = tempfile::tempdir().unwrap();
        let mut spool = open(folder.path());
        for number in 0..3 {
            spool.take(&reading(number)).unwrap();
        }
        spool.sync().unwrap();
        drop(spool);
        // A line cut off by a crash goes; whole ones stay.
        let torn = folder.path().join("open.ndjson");
        let mut file = OpenOptions::new().append(true).open(&torn).unwrap();
        file.write_all(b"{\"resourceType\":").unwrap();
        let mut spool = open(folder.path());
        assert_eq!(spool.open_count, 3);
        assert!(spool.knows(&reading(2)) && !spool.knows(&reading(3)));
        spool.take(&reading(3)).unwrap();
        spool.close().unwrap();
        let batch = spool.pending().unwrap().pop().unwrap();
        let content = batch.content().unwrap();
        assert_eq!(Batch::count(&content).unwrap(), 4);
        drop(spool);
        let mut spool = open(folder.path());
        assert!((0..4).all(|number| spool.knows(&reading(number))));
        spool.take(&reading(9)).unwrap();
        spool.close().unwrap();
        let numbers: Vec<_> = spool.pending().unwrap().iter().map(|batch| batch.number).collect();
        assert_eq!(numbers, [0, 1]);
    }

    #[test]
    fn a_crash_while_a_batch_is_closed_keeps_it_open() {
        let folder = tempfile::tempdir().unwrap();
        let mut spool = open(folder.path());
        spool.take(&reading(0)).unwrap();
        spool.sync().unwrap();
        drop(spool);
        // Its hashes are in `seen`, half of another one behind them; it was not renamed.
        let mut seen = reading(0).hash.to_vec();
        seen.extend([1; 10]);
        fs::write(folder.path().join("seen"), seen).unwrap();
        let mut spool = open(folder.path());
        assert_eq!(spool.open_count, 1);
        spool.close().unwrap();
        assert_eq!(spool.pending().unwrap().len(), 1);
    }

    #[test]
    fn a_spool_is_one_agents_one_persons_and_one_chains() {
        let folder = tempfile::tempdir().unwrap();
        let spool = open(folder.path());
        let error = Spool::open(folder.path(), &[1; 32], "0x07").err().unwrap();
        assert!(error.to_string().contains("another agent"), "{error}");
        drop(spool);
        for (genesis, person) in [([1; 32], "0x08"), ([2; 32], "0x07")] {
            let error = Spool::open(folder.path(), &genesis, person).err().unwrap();
            assert!(error.to_string().contains("another person or chain"), "{error}");
        }
    }

    #[test]
    fn dead_letters_are_kept_once_with_their_reason() {
        let folder = tempfile::tempdir().unwrap();
        let mut spool = open(folder.path());
        assert!(spool.set_aside("a.csv", 2, b"x", "not a number").unwrap());
        assert!(!spool.set_aside("a.csv", 2, b"x", "not a number").unwrap());
        drop(spool);
        let mut spool = open(folder.path());
        assert!(!spool.set_aside("a.csv", 2, b"x", "not a number").unwrap());
        assert!(spool.set_aside("a.csv", 3, b"x", "not a number").unwrap());
        let letters = fs::read_to_string(folder.path().join("dead-letters.ndjson")).unwrap();
        assert_eq!(letters.lines().count(), 2);
        assert!(letters.contains("not a number"));
    }

    #[test]
    fn numbers_go_on_after_all_batches_were_shared() {
        let folder = tempfile::tempdir().unwrap();
        let mut spool = open(folder.path());
        spool.take(&reading(0)).unwrap();
        spool.close().unwrap();
        let batch = spool.pending().unwrap().pop().unwrap();
        batch.done(folder.path(), &RecordId([1; 32]), 1).unwrap();
        drop(spool);
        let mut spool = open(folder.path());
        assert!(spool.knows(&reading(0)), "what was shared is known");
        spool.take(&reading(1)).unwrap();
        spool.close().unwrap();
        assert_eq!(spool.pending().unwrap()[0].number, 1);
    }
}
