//! The stream of encrypted chunks.

use std::path::Path;

use aead_stream::{NewStream, Nonce, StreamBE32, StreamPrimitive};
use chacha20poly1305::aead::{Buffer, Error as AeadError, Result as AeadResult};
use chacha20poly1305::{ChaCha20Poly1305, KeyInit};
use kanglian_primitives::RecordId;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use super::{DataKey, EnvelopeError};

/// Bytes of content in a full chunk.
pub const CHUNK: usize = 1 << CHUNK_LOG2;
/// Bytes of the header.
pub const HEADER: usize = 32;
/// Most bytes of content in one sealed object (1 TiB).
pub const MAX_LENGTH: u64 = 1 << 40;

const CHUNK_LOG2: u8 = 16;
const TAG: usize = 16;
const MAGIC: [u8; 8] = *b"KLSEAL1\0";
const SUITE: u8 = 1;
/// Chunks that are read, encrypted and hashed at a time.
const BATCH: usize = 16;

/// The first 32 bytes of a sealed object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// First part of every chunk's nonce.
    pub nonce_prefix: [u8; 7],
    /// Bytes of content.
    pub length: u64,
}

impl Header {
    /// The header's bytes.
    pub fn encode(&self) -> [u8; HEADER] {
        let mut out = [0u8; HEADER];
        out[..8].copy_from_slice(&MAGIC);
        out[8] = SUITE;
        out[9] = CHUNK_LOG2;
        out[13..20].copy_from_slice(&self.nonce_prefix);
        out[20..28].copy_from_slice(&self.length.to_le_bytes());
        out
    }

    /// Reads and checks a header; every byte counts.
    pub fn decode(bytes: &[u8; HEADER]) -> Result<Self, EnvelopeError> {
        let mut nonce_prefix = [0u8; 7];
        nonce_prefix.copy_from_slice(&bytes[13..20]);
        let mut length = [0u8; 8];
        length.copy_from_slice(&bytes[20..28]);
        let header = Self { nonce_prefix, length: u64::from_le_bytes(length) };
        if bytes[..8] != MAGIC {
            return Err(EnvelopeError::Header("it does not begin as one"));
        }
        if bytes[8] != SUITE {
            return Err(EnvelopeError::Header("its cipher suite is unknown"));
        }
        if *bytes != header.encode() {
            return Err(EnvelopeError::Header("its chunk size or a reserved byte is unknown"));
        }
        if header.length > MAX_LENGTH {
            return Err(EnvelopeError::Header("it announces more content than can be sealed"));
        }
        Ok(header)
    }

    fn cipher(&self, key: &DataKey) -> StreamBE32<ChaCha20Poly1305> {
        let aead = ChaCha20Poly1305::new(key.as_bytes().into());
        let mut nonce = Nonce::<ChaCha20Poly1305, StreamBE32<ChaCha20Poly1305>>::default();
        nonce.copy_from_slice(&self.nonce_prefix);
        StreamBE32::from_aead(aead, &nonce)
    }

    /// Number of chunks; the last may be short, and content without bytes has one empty chunk.
    fn chunks(&self) -> u64 {
        self.length.div_ceil(CHUNK as u64).max(1)
    }

    /// Bytes of content in a chunk.
    fn chunk_length(&self, index: u64) -> usize {
        let rest = self.length.saturating_sub(index.saturating_mul(CHUNK as u64));
        usize::try_from(rest).unwrap_or(CHUNK).min(CHUNK)
    }
}

/// Bytes of a sealed object with so many bytes of content.
pub fn sealed_size(length: u64) -> u64 {
    HEADER as u64 + length + length.div_ceil(CHUNK as u64).max(1) * TAG as u64
}

/// What sealing gives.
#[derive(Clone, Debug)]
pub struct Sealed {
    /// BLAKE3 of the sealed bytes.
    pub record: RecordId,
    /// Sealed bytes.
    pub size: u64,
    /// The key that opens them.
    pub key: DataKey,
}

/// A place in a buffer as the cipher sees it: content of `used` bytes, room for the tag behind it.
struct Slot<'a> {
    bytes: &'a mut [u8],
    used: usize,
}

impl AsRef<[u8]> for Slot<'_> {
    fn as_ref(&self) -> &[u8] {
        &self.bytes[..self.used]
    }
}

impl AsMut<[u8]> for Slot<'_> {
    fn as_mut(&mut self) -> &mut [u8] {
        &mut self.bytes[..self.used]
    }
}

impl Buffer for Slot<'_> {
    fn extend_from_slice(&mut self, other: &[u8]) -> AeadResult<()> {
        let end = self.used.checked_add(other.len()).ok_or(AeadError)?;
        self.bytes.get_mut(self.used..end).ok_or(AeadError)?.copy_from_slice(other);
        self.used = end;
        Ok(())
    }

    fn truncate(&mut self, len: usize) {
        self.used = self.used.min(len);
    }
}

/// Chunks worked on together: their bytes lie at multiples of [`SLOT`].
struct Batch {
    bytes: Vec<u8>,
    /// Index of the first chunk.
    first: u64,
    /// Bytes used of each slot.
    used: Vec<usize>,
}

const SLOT: usize = CHUNK + TAG;

impl Batch {
    fn new(chunks: u64) -> Self {
        let slots = usize::try_from(chunks).unwrap_or(BATCH).clamp(1, BATCH);
        Self { bytes: vec![0; slots * SLOT], first: 0, used: Vec::with_capacity(slots) }
    }

    fn slots(&self) -> usize {
        self.bytes.len() / SLOT
    }

    fn parts(&self) -> impl Iterator<Item = &[u8]> {
        self.bytes.chunks(SLOT).zip(&self.used).map(|(slot, used)| &slot[..*used])
    }

    /// Encrypts or decrypts every chunk in place.
    fn run(
        &mut self,
        total: u64,
        mut each: impl FnMut(u32, bool, &mut Slot<'_>) -> AeadResult<()>,
    ) -> Result<(), EnvelopeError> {
        let first = self.first;
        for (at, (bytes, used)) in self.bytes.chunks_mut(SLOT).zip(&mut self.used).enumerate() {
            let index = first + at as u64;
            let position = u32::try_from(index).map_err(|_| EnvelopeError::Chunk(u32::MAX))?;
            let mut slot = Slot { bytes, used: *used };
            each(position, index + 1 == total, &mut slot)
                .map_err(|_| EnvelopeError::Chunk(position))?;
            *used = slot.used;
        }
        Ok(())
    }

    fn seal(
        &mut self,
        cipher: &StreamBE32<ChaCha20Poly1305>,
        aad: &[u8],
        total: u64,
    ) -> Result<(), EnvelopeError> {
        self.run(total, |position, last, slot| cipher.encrypt_in_place(position, last, aad, slot))
    }

    fn open(
        &mut self,
        cipher: &StreamBE32<ChaCha20Poly1305>,
        aad: &[u8],
        total: u64,
    ) -> Result<(), EnvelopeError> {
        self.run(total, |position, last, slot| cipher.decrypt_in_place(position, last, aad, slot))
    }

    fn hash(&self, hasher: &mut blake3::Hasher) {
        for part in self.parts() {
            hasher.update(part);
        }
    }
}

/// Seals `length` bytes under a fresh key. The input must end exactly there.
pub async fn seal<R, W>(input: R, length: u64, output: W) -> Result<Sealed, EnvelopeError>
where
    R: AsyncRead + Unpin,
    W: AsyncWrite + Unpin,
{
    seal_with(DataKey::generate(), crate::random_bytes(), input, length, output).await
}

/// Seals under a given key and nonce prefix. For test vectors: a key must never serve twice.
pub async fn seal_with<R, W>(
    key: DataKey,
    nonce_prefix: [u8; 7],
    mut input: R,
    length: u64,
    mut output: W,
) -> Result<Sealed, EnvelopeError>
where
    R: AsyncRead + Unpin,
    W: AsyncWrite + Unpin,
{
    if length > MAX_LENGTH {
        return Err(EnvelopeError::TooLong { max: MAX_LENGTH });
    }
    let header = Header { nonce_prefix, length };
    let aad = header.encode();
    let total = header.chunks();
    let mut cipher = header.cipher(&key);
    let mut hasher = blake3::Hasher::new();
    hasher.update(&aad);
    output.write_all(&aad).await?;

    let mut batch = Batch::new(total);
    // Encrypted and not yet hashed: hashed on another thread while the next batch is encrypted.
    let mut waiting: Option<Batch> = None;
    let mut next = 0u64;
    while next < total {
        fill(&mut input, &mut batch, next, total, 0, |index| header.chunk_length(index))
            .await
            .map_err(|error| match error {
                Short::At(read) => EnvelopeError::Length { expected: length, found: read },
                Short::Io(error) => error.into(),
            })?;
        next += batch.used.len() as u64;
        let sealing = async {
            if total == 1 {
                batch.seal(&cipher, &aad, total)?;
                return Ok::<_, EnvelopeError>((batch, cipher));
            }
            blocking(move || {
                batch.seal(&cipher, &aad, total)?;
                Ok((batch, cipher))
            })
            .await
        };
        let hashing = hash_and_write(waiting.take(), hasher, &mut output);
        let (sealed, hashed) = tokio::join!(sealing, hashing);
        let (done, same_cipher) = sealed?;
        let (free, same_hasher) = hashed?;
        (cipher, hasher) = (same_cipher, same_hasher);
        waiting = Some(done);
        batch = free.unwrap_or_else(|| Batch::new(total - next));
    }
    if input.read(&mut [0u8; 1]).await? != 0 {
        return Err(EnvelopeError::Length { expected: length, found: length + 1 });
    }
    let (_, hasher) = hash_and_write(waiting, hasher, &mut output).await?;
    output.flush().await?;
    let record = RecordId(*hasher.finalize().as_bytes());
    Ok(Sealed { record, size: sealed_size(length), key })
}

/// Opens a sealed object and gives the number of bytes of its content.
///
/// What was written before an error is authentic as far as it goes, but not whole: throw it away.
pub async fn open<R, W>(
    mut input: R,
    key: &DataKey,
    record: &RecordId,
    mut output: W,
) -> Result<u64, EnvelopeError>
where
    R: AsyncRead + Unpin,
    W: AsyncWrite + Unpin,
{
    let mut aad = [0u8; HEADER];
    input.read_exact(&mut aad).await.map_err(|error| match error.kind() {
        std::io::ErrorKind::UnexpectedEof => EnvelopeError::Truncated,
        _ => error.into(),
    })?;
    let header = Header::decode(&aad)?;
    let total = header.chunks();
    let cipher = std::sync::Arc::new(header.cipher(key));
    let mut hasher = blake3::Hasher::new();
    hasher.update(&aad);
    let mut batch = Batch::new(total);
    let mut next = 0u64;
    while next < total {
        fill(&mut input, &mut batch, next, total, TAG, |index| header.chunk_length(index))
            .await
            .map_err(|error| match error {
                Short::At(_) => EnvelopeError::Truncated,
                Short::Io(error) => error.into(),
            })?;
        next += batch.used.len() as u64;
        let work = {
            let cipher = cipher.clone();
            move || {
                batch.hash(&mut hasher);
                batch.open(&cipher, &aad, total)?;
                Ok::<_, EnvelopeError>((batch, hasher))
            }
        };
        (batch, hasher) = if total == 1 { work()? } else { blocking(work).await? };
        for part in batch.parts() {
            output.write_all(part).await?;
        }
    }
    if input.read(&mut [0u8; 1]).await? != 0 {
        return Err(EnvelopeError::TrailingBytes);
    }
    output.flush().await?;
    let found = RecordId(*hasher.finalize().as_bytes());
    if found != *record {
        return Err(EnvelopeError::WrongRecord { expected: *record, found });
    }
    Ok(header.length)
}

/// Seals a file into another, which appears only when it is complete.
pub async fn seal_file(from: &Path, to: &Path) -> Result<Sealed, EnvelopeError> {
    let input = tokio::fs::File::open(from).await?;
    let length = input.metadata().await?.len();
    let (temporary, output) = beside(to)?;
    let sealed = seal(input, length, output).await?;
    persist(temporary, to).await?;
    Ok(sealed)
}

/// Opens a sealed file into another, which appears only when all of it is authentic.
pub async fn open_file(
    from: &Path,
    key: &DataKey,
    record: &RecordId,
    to: &Path,
) -> Result<u64, EnvelopeError> {
    let input = tokio::fs::File::open(from).await?;
    let (temporary, output) = beside(to)?;
    let length = open(input, key, record, output).await?;
    persist(temporary, to).await?;
    Ok(length)
}

/// Seals bytes in memory.
pub async fn seal_bytes(content: &[u8]) -> Result<(Vec<u8>, Sealed), EnvelopeError> {
    let mut out =
        Vec::with_capacity(usize::try_from(sealed_size(content.len() as u64)).unwrap_or(0));
    let sealed = seal(content, content.len() as u64, &mut out).await?;
    Ok((out, sealed))
}

/// Opens sealed bytes in memory.
pub async fn open_bytes(
    sealed: &[u8],
    key: &DataKey,
    record: &RecordId,
) -> Result<Vec<u8>, EnvelopeError> {
    let mut out = Vec::with_capacity(sealed.len());
    open(sealed, key, record, &mut out).await?;
    Ok(out)
}

enum Short {
    /// The input ended after so many bytes in all.
    At(u64),
    Io(std::io::Error),
}

/// Reads chunks from `next` on into a batch; each has the content's bytes and `extra` more.
async fn fill<R: AsyncRead + Unpin>(
    input: &mut R,
    batch: &mut Batch,
    next: u64,
    total: u64,
    extra: usize,
    length_of: impl Fn(u64) -> usize,
) -> Result<(), Short> {
    batch.first = next;
    batch.used.clear();
    for (at, index) in (next..total).take(batch.slots()).enumerate() {
        let wanted = length_of(index) + extra;
        let start = at * SLOT;
        let mut filled = 0;
        while filled < wanted {
            let room = &mut batch.bytes[start + filled..start + wanted];
            match input.read(room).await.map_err(Short::Io)? {
                0 => return Err(Short::At(index * CHUNK as u64 + filled as u64)),
                read => filled += read,
            }
        }
        batch.used.push(wanted);
    }
    Ok(())
}

/// Hashes a batch on another thread while it is written; gives the batch back for reuse.
async fn hash_and_write<W: AsyncWrite + Unpin>(
    batch: Option<Batch>,
    mut hasher: blake3::Hasher,
    output: &mut W,
) -> Result<(Option<Batch>, blake3::Hasher), EnvelopeError> {
    let Some(batch) = batch else { return Ok((None, hasher)) };
    if batch.slots() == 1 {
        batch.hash(&mut hasher);
        for part in batch.parts() {
            output.write_all(part).await?;
        }
        return Ok((Some(batch), hasher));
    }
    let batch = std::sync::Arc::new(batch);
    let shared = batch.clone();
    let hashing = blocking(move || {
        shared.hash(&mut hasher);
        Ok(hasher)
    });
    let writing = async {
        for part in batch.parts() {
            output.write_all(part).await?;
        }
        Ok::<_, EnvelopeError>(())
    };
    let (hasher, written) = tokio::join!(hashing, writing);
    written?;
    Ok((std::sync::Arc::into_inner(batch), hasher?))
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, EnvelopeError> + Send + 'static,
) -> Result<T, EnvelopeError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(error) => Err(std::io::Error::other(error).into()),
    }
}

/// A temporary file in the folder of `path`, readable by its owner only.
fn beside(path: &Path) -> Result<(tempfile::TempPath, tokio::fs::File), EnvelopeError> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let (file, path) = tempfile::NamedTempFile::new_in(folder)?.into_parts();
    Ok((path, tokio::fs::File::from_std(file)))
}

async fn persist(temporary: tempfile::TempPath, to: &Path) -> Result<(), EnvelopeError> {
    let to = to.to_owned();
    blocking(move || {
        std::fs::File::open(&temporary)?.sync_all()?;
        temporary.persist(&to).map_err(|error| error.error)?;
        Ok(())
    })
    .await
}
