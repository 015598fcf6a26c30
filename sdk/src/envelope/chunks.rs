//! The cipher over whole chunks, on all cores.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use blake3::Hasher;
use chacha20poly1305::aead::{AeadInOut, inout::InOutBuf};
use chacha20poly1305::{ChaCha20Poly1305, KeyInit, Nonce, Tag};

use super::stream::{CHUNK, HEADER, Header};
use super::{DataKey, EnvelopeError};

pub(super) const TAG: usize = 16;
/// Bytes of a full chunk when it is sealed.
pub(super) const SLOT: usize = CHUNK + TAG;

/// Encrypts and decrypts the chunks of one object, each under a nonce of its own: the object's
/// prefix, the chunk's index, and whether it is the last (STREAM of Hoang, Reyhanitabar, Rogaway
/// and Vizár 2015, with a counter of 32 bits in network order).
#[derive(Clone)]
pub(super) struct Chunks {
    cipher: ChaCha20Poly1305,
    nonce_prefix: [u8; 7],
    aad: [u8; HEADER],
    total: u64,
}

impl Chunks {
    pub(super) fn new(header: &Header, key: &DataKey) -> Self {
        Self {
            cipher: ChaCha20Poly1305::new(key.as_bytes().into()),
            nonce_prefix: header.nonce_prefix,
            aad: header.encode(),
            total: header.chunks(),
        }
    }

    /// Seals whole chunks from index `first` on, and hashes what is sealed; it is longer by a tag
    /// for each chunk.
    pub(super) fn seal(
        &self,
        first: u64,
        content: &[u8],
        sealed: &mut [u8],
        hasher: &mut Hasher,
    ) -> Result<(), EnvelopeError> {
        if content.len() <= CHUNK {
            self.seal_one(first, content, sealed)?;
            hasher.update(sealed);
            return Ok(());
        }
        let chunks = content.chunks(CHUNK).zip(sealed.chunks_mut(SLOT));
        on_all_cores(hasher, chunks, |at, (from, to)| {
            self.seal_one(first + at, from, to)?;
            Ok(&*to)
        })
    }

    /// Hashes and opens whole chunks from index `first` on.
    pub(super) fn open(
        &self,
        first: u64,
        sealed: &[u8],
        content: &mut [u8],
        hasher: &mut Hasher,
    ) -> Result<(), EnvelopeError> {
        if content.len() <= CHUNK {
            hasher.update(sealed);
            return self.open_one(first, sealed, content);
        }
        let chunks = sealed.chunks(SLOT).zip(content.chunks_mut(CHUNK));
        on_all_cores(hasher, chunks, |at, (from, to)| {
            self.open_one(first + at, from, to)?;
            Ok(from)
        })
    }

    fn seal_one(&self, index: u64, content: &[u8], sealed: &mut [u8]) -> Result<(), EnvelopeError> {
        let (position, nonce) = self.nonce(index)?;
        let failed = || EnvelopeError::Chunk(position);
        let (to, tag) = sealed.split_at_mut_checked(content.len()).ok_or_else(failed)?;
        let bytes = InOutBuf::new(content, to).map_err(|_| failed())?;
        let made = self.cipher.encrypt_inout_detached(&nonce, &self.aad, bytes);
        tag.copy_from_slice(&made.map_err(|_| failed())?);
        Ok(())
    }

    fn open_one(&self, index: u64, sealed: &[u8], content: &mut [u8]) -> Result<(), EnvelopeError> {
        let (position, nonce) = self.nonce(index)?;
        let failed = || EnvelopeError::Chunk(position);
        let (from, tag) = sealed.split_at_checked(content.len()).ok_or_else(failed)?;
        let tag = Tag::try_from(tag).map_err(|_| failed())?;
        let bytes = InOutBuf::new(from, content).map_err(|_| failed())?;
        self.cipher.decrypt_inout_detached(&nonce, &self.aad, bytes, &tag).map_err(|_| failed())
    }

    fn nonce(&self, index: u64) -> Result<(u32, Nonce), EnvelopeError> {
        let position = u32::try_from(index).map_err(|_| EnvelopeError::Chunk(u32::MAX))?;
        let mut nonce = Nonce::default();
        nonce[..7].copy_from_slice(&self.nonce_prefix);
        nonce[7..11].copy_from_slice(&position.to_be_bytes());
        nonce[11] = u8::from(index + 1 == self.total);
        Ok((position, nonce))
    }
}

/// Works on items on every core, the caller's thread included, and hashes what they give in their
/// order, each as soon as it and all before it are done: cipher and hash keep the cores busy
/// together. A thread that wakes late finds less to do.
///
/// After a failure no more items are begun. They are begun in order, so the first that cannot be
/// done is always tried, and its error is the one given.
fn on_all_cores<'a, T: Send>(
    hasher: &mut Hasher,
    items: impl Iterator<Item = T> + Send,
    work: impl Fn(u64, T) -> Result<&'a [u8], EnvelopeError> + Sync,
) -> Result<(), EnvelopeError> {
    let items = Mutex::new((0..).zip(items).fuse());
    let done = Mutex::new(BTreeMap::new());
    let failed = Mutex::new(BTreeMap::new());
    let hashing = Mutex::new((0, hasher));
    let hash = |(next, hasher): &mut (u64, &mut Hasher)| {
        while let Some(bytes) = locked(&done).remove(next) {
            hasher.update(bytes);
            *next += 1;
        }
    };
    let run = || {
        while locked(&failed).is_empty()
            && let Some((at, item)) = next(&items)
        {
            match work(at, item) {
                Ok(bytes) => drop(locked(&done).insert(at, bytes)),
                Err(error) => drop(locked(&failed).insert(at, error)),
            }
            // Where another thread hashes, it takes these bytes as well, or whoever comes next.
            if let Ok(mut hashing) = hashing.try_lock() {
                hash(&mut hashing);
            }
        }
    };
    rayon::in_place_scope(|scope| {
        for _ in 1..rayon::current_num_threads() {
            scope.spawn(|_| run());
        }
        run();
    });
    hash(&mut locked(&hashing));
    match locked(&failed).pop_first() {
        Some((_, error)) => Err(error),
        None => Ok(()),
    }
}

fn next<T>(items: &Mutex<impl Iterator<Item = T>>) -> Option<T> {
    locked(items).next()
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
