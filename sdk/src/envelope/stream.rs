//! The stream of encrypted chunks.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;

use blake3::Hasher;
use kanglian_primitives::RecordId;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use super::chunks::{Chunks, TAG};
use super::{DataKey, EnvelopeError};

/// Bytes of content in a full chunk.
pub const CHUNK: usize = 1 << CHUNK_LOG2;
/// Bytes of the header.
pub const HEADER: usize = 32;
/// Most bytes of content in one sealed object (1 TiB).
pub const MAX_LENGTH: u64 = 1 << 40;

const CHUNK_LOG2: u8 = 16;
const MAGIC: [u8; 8] = *b"KLSEAL1\0";
const SUITE: u8 = 1;
/// Chunks that are worked on at a time.
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

    /// Number of chunks; the last may be short, and content without bytes has one empty chunk.
    pub(super) fn chunks(&self) -> u64 {
        self.length.div_ceil(CHUNK as u64).max(1)
    }

    /// Bytes of content in a batch that begins with a chunk.
    fn batch_length(&self, first: u64) -> usize {
        let rest = self.length.saturating_sub(first.saturating_mul(CHUNK as u64));
        usize::try_from(rest).unwrap_or(usize::MAX).min(BATCH * CHUNK)
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

/// Chunks worked on together. Its memory is used again and again.
#[derive(Default)]
struct Batch {
    /// Index of the first chunk.
    first: u64,
    content: Vec<u8>,
    sealed: Vec<u8>,
}

impl Batch {
    /// Makes room for a batch of an object.
    fn begin(&mut self, header: &Header, first: u64) {
        self.first = first;
        let length = header.batch_length(first);
        self.content.resize(length, 0);
        self.sealed.resize(length + length.div_ceil(CHUNK).max(1) * TAG, 0);
    }

    fn seal(&mut self, chunks: &Chunks, hasher: &mut Hasher) -> Result<(), EnvelopeError> {
        chunks.seal(self.first, &self.content, &mut self.sealed, hasher)
    }

    fn open(&mut self, chunks: &Chunks, hasher: &mut Hasher) -> Result<(), EnvelopeError> {
        chunks.open(self.first, &self.sealed, &mut self.content, hasher)
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
    let chunks = Arc::new(Chunks::new(&header, &key));
    let mut hasher = Hasher::new();
    hasher.update(&aad);
    output.write_all(&aad).await?;

    let mut batch = fill_content(&mut input, &header, 0, Batch::default()).await?;
    // The next batch is read while this one is sealed, hashed and written.
    let mut spare = Batch::default();
    loop {
        let next = batch.first + BATCH as u64;
        let work = {
            let chunks = chunks.clone();
            move || {
                batch.seal(&chunks, &mut hasher)?;
                Ok((batch, hasher))
            }
        };
        let finish = async {
            let (batch, hasher) = on_the_pool(total, work).await?;
            output.write_all(&batch.sealed).await?;
            Ok::<_, EnvelopeError>((batch, hasher))
        };
        if next >= total {
            (_, hasher) = finish.await?;
            break;
        }
        let read = fill_content(&mut input, &header, next, spare);
        let (done, filled) = tokio::try_join!(finish, async { Ok(read.await) })?;
        (spare, hasher) = done;
        batch = filled?;
    }
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
    let chunks = Arc::new(Chunks::new(&header, key));
    let mut hasher = Hasher::new();
    hasher.update(&aad);

    let mut batch = fill_sealed(&mut input, &header, 0, Batch::default()).await?;
    // The next batch is read while this one is hashed, opened and written.
    let mut spare = Batch::default();
    loop {
        let next = batch.first + BATCH as u64;
        let work = {
            let chunks = chunks.clone();
            move || {
                batch.open(&chunks, &mut hasher)?;
                Ok((batch, hasher))
            }
        };
        let finish = async {
            let (batch, hasher) = on_the_pool(total, work).await?;
            output.write_all(&batch.content).await?;
            Ok::<_, EnvelopeError>((batch, hasher))
        };
        if next >= total {
            (_, hasher) = finish.await?;
            break;
        }
        let read = fill_sealed(&mut input, &header, next, spare);
        let (done, filled) = tokio::try_join!(finish, async { Ok(read.await) })?;
        (spare, hasher) = done;
        batch = filled?;
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

/// Seals bytes in memory, on all cores; the caller's thread works too, for less than a millisecond
/// or so at a time.
pub async fn seal_bytes(content: &[u8]) -> Result<(Vec<u8>, Sealed), EnvelopeError> {
    let length = content.len() as u64;
    if length > MAX_LENGTH {
        return Err(EnvelopeError::TooLong { max: MAX_LENGTH });
    }
    let key = DataKey::generate();
    let header = Header { nonce_prefix: crate::random_bytes(), length };
    let chunks = Chunks::new(&header, &key);
    let size = sealed_size(length);
    let mut out = vec![0; usize::try_from(size).map_err(std::io::Error::other)?];
    out[..HEADER].copy_from_slice(&header.encode());

    let mut hasher = Hasher::new();
    hasher.update(&out[..HEADER]);
    let (mut first, mut from) = (0, 0);
    while first < header.chunks() {
        let batch = &content[from..from + header.batch_length(first)];
        let begin = HEADER + from + (from / CHUNK) * TAG;
        let end = begin + batch.len() + batch.len().div_ceil(CHUNK).max(1) * TAG;
        chunks.seal(first, batch, &mut out[begin..end], &mut hasher)?;
        (first, from) = (first + BATCH as u64, from + batch.len());
        tokio::task::yield_now().await;
    }
    let record = RecordId(*hasher.finalize().as_bytes());
    Ok((out, Sealed { record, size, key }))
}

/// Opens sealed bytes in memory, on all cores like [`seal_bytes`].
pub async fn open_bytes(
    sealed: &[u8],
    key: &DataKey,
    record: &RecordId,
) -> Result<Vec<u8>, EnvelopeError> {
    let (aad, mut rest) = sealed.split_first_chunk().ok_or(EnvelopeError::Truncated)?;
    let header = Header::decode(aad)?;
    let chunks = Chunks::new(&header, key);
    // What the header announces is believed as far as there are bytes for it.
    let length = usize::try_from(header.length).unwrap_or(usize::MAX).min(rest.len());
    let mut out = vec![0; length];

    let mut hasher = Hasher::new();
    hasher.update(aad);
    let (mut first, mut to) = (0, 0);
    while first < header.chunks() {
        let length = header.batch_length(first);
        let size = length + length.div_ceil(CHUNK).max(1) * TAG;
        let (batch, behind) = rest.split_at_checked(size).ok_or(EnvelopeError::Truncated)?;
        chunks.open(first, batch, &mut out[to..to + length], &mut hasher)?;
        (first, to, rest) = (first + BATCH as u64, to + length, behind);
        tokio::task::yield_now().await;
    }
    if !rest.is_empty() {
        return Err(EnvelopeError::TrailingBytes);
    }
    let found = RecordId(*hasher.finalize().as_bytes());
    if found != *record {
        return Err(EnvelopeError::WrongRecord { expected: *record, found });
    }
    Ok(out)
}

/// Reads a batch of content. With the last one the input must end.
async fn fill_content<R: AsyncRead + Unpin>(
    input: &mut R,
    header: &Header,
    first: u64,
    mut batch: Batch,
) -> Result<Batch, EnvelopeError> {
    let length = header.length;
    batch.begin(header, first);
    let filled = fill(input, &mut batch.content).await?;
    if filled < batch.content.len() {
        let found = first * CHUNK as u64 + filled as u64;
        return Err(EnvelopeError::Length { expected: length, found });
    }
    let last = first + BATCH as u64 >= header.chunks();
    if last && fill(input, &mut [0]).await? != 0 {
        return Err(EnvelopeError::Length { expected: length, found: length + 1 });
    }
    Ok(batch)
}

/// Reads a batch of sealed chunks.
async fn fill_sealed<R: AsyncRead + Unpin>(
    input: &mut R,
    header: &Header,
    first: u64,
    mut batch: Batch,
) -> Result<Batch, EnvelopeError> {
    batch.begin(header, first);
    if fill(input, &mut batch.sealed).await? < batch.sealed.len() {
        return Err(EnvelopeError::Truncated);
    }
    Ok(batch)
}

/// Reads until the room is full or the input ends.
async fn fill<R: AsyncRead + Unpin>(input: &mut R, room: &mut [u8]) -> std::io::Result<usize> {
    let mut filled = 0;
    while filled < room.len() {
        match input.read(&mut room[filled..]).await? {
            0 => break,
            read => filled += read,
        }
    }
    Ok(filled)
}

/// Runs work on the pool of threads that is made for it; at once when there is only one chunk.
async fn on_the_pool<T: Send + 'static>(
    total: u64,
    work: impl FnOnce() -> Result<T, EnvelopeError> + Send + 'static,
) -> Result<T, EnvelopeError> {
    if total == 1 {
        return work();
    }
    let (sender, receiver) = tokio::sync::oneshot::channel();
    rayon::spawn(move || {
        // Who asked may have gone; a panic ends the work and not the process.
        let _ = sender.send(catch_unwind(AssertUnwindSafe(work)));
    });
    match receiver.await {
        Ok(Ok(result)) => result,
        Ok(Err(_)) | Err(_) => Err(std::io::Error::other("sealing or opening panicked").into()),
    }
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
