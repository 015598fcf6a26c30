//! Looking for many byte strings at once in everything that lies in a folder.

use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
};

use anyhow::Context as _;

/// Bytes by which a place is recognised before the whole string is compared.
const TAIL: usize = 8;
/// Bits of the sieve that most places do not pass.
const SIEVE_BITS: u32 = 26;

/// Strings that are looked for, each with what it is.
pub struct Needles<T> {
    by_tail: HashMap<u64, Vec<(Vec<u8>, T)>>,
    sieve: Vec<u64>,
}

/// A place where a string was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found<T> {
    /// The file.
    pub file: PathBuf,
    /// Where the string ends.
    pub end: usize,
    /// What it is.
    pub what: T,
}

/// What was looked through.
#[derive(Clone, Debug)]
pub struct Scan<T> {
    /// Files.
    pub files: usize,
    /// Bytes in them.
    pub bytes: u64,
    /// What was found.
    pub found: Vec<Found<T>>,
}

impl<T: Clone> Needles<T> {
    /// None yet.
    pub fn new() -> Self {
        Self { by_tail: HashMap::new(), sieve: vec![0; 1 << (SIEVE_BITS - 6)] }
    }

    /// Adds a string of at least eight bytes; a shorter one could be found by accident.
    pub fn add(&mut self, bytes: Vec<u8>, what: T) {
        assert!(bytes.len() >= TAIL, "too short to look for");
        let tail = tail_of(&bytes);
        let (word, bit) = place(tail);
        self.sieve[word] |= bit;
        self.by_tail.entry(tail).or_default().push((bytes, what));
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.by_tail.values().map(Vec::len).sum()
    }

    /// Looks through every file below a folder.
    pub fn scan(&self, folder: &Path) -> anyhow::Result<Scan<T>> {
        let mut scan = Scan { files: 0, bytes: 0, found: Vec::new() };
        self.scan_into(folder, &mut scan)?;
        Ok(scan)
    }

    fn scan_into(&self, folder: &Path, scan: &mut Scan<T>) -> anyhow::Result<()> {
        for entry in
            fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))?
        {
            let entry = entry?;
            let (path, kind) = (entry.path(), entry.file_type()?);
            // Databases remove files while they run.
            if kind.is_dir() {
                self.scan_into(&path, scan)?;
            } else if kind.is_file()
                && let Ok(bytes) = fs::read(&path)
            {
                scan.files += 1;
                scan.bytes += bytes.len() as u64;
                let found = self.find(&bytes);
                let file = |(end, what)| Found { file: path.clone(), end, what };
                scan.found.extend(found.into_iter().map(file));
            }
        }
        Ok(())
    }

    /// Ends of all strings in some bytes, and what they are.
    fn find(&self, bytes: &[u8]) -> Vec<(usize, T)> {
        let mut found = Vec::new();
        for (start, window) in bytes.windows(TAIL).enumerate() {
            let tail = tail_of(window);
            let (word, bit) = place(tail);
            if self.sieve[word] & bit == 0 {
                continue;
            }
            let end = start + TAIL;
            let candidates = self.by_tail.get(&tail).into_iter().flatten();
            let there = candidates.filter(|(needle, _)| bytes[..end].ends_with(needle));
            found.extend(there.map(|(_, what)| (end, what.clone())));
        }
        found
    }
}

/// The last eight bytes.
fn tail_of(bytes: &[u8]) -> u64 {
    bytes.last_chunk().copied().map_or(0, u64::from_le_bytes)
}

/// Word and bit of the sieve (Fibonacci hashing).
fn place(tail: u64) -> (usize, u64) {
    let hashed = tail.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (64 - SIEVE_BITS);
    ((hashed >> 6) as usize, 1 << (hashed & 63))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_found_wherever_they_lie() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("deep")).unwrap();
        fs::write(folder.path().join("deep/one"), b"xx320102199001011234yy").unwrap();
        fs::write(folder.path().join("two"), b"12345678").unwrap();
        fs::write(folder.path().join("three"), b"x20102199001011234").unwrap();
        let mut needles = Needles::new();
        needles.add(b"320102199001011234".to_vec(), "number");
        needles.add(b"12345678".to_vec(), "whole file");
        needles.add(b"not there".to_vec(), "nothing");
        let scan = needles.scan(folder.path()).unwrap();
        assert_eq!((scan.files, scan.bytes, needles.len()), (3, 48, 3));
        let mut found: Vec<_> = scan.found.iter().map(|found| (found.what, found.end)).collect();
        found.sort_unstable();
        assert_eq!(found, [("number", 20), ("whole file", 8)]);
    }
}
