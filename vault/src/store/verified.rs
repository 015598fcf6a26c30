//! Reading stored bytes with every block checked against the record's BLAKE3 tree before it is
//! handed on.

use std::{
    cell::Cell,
    fs::File,
    io::{self, Write},
    ops::Range,
    rc::Rc,
    sync::Arc,
    time::Duration,
};

use bao_tree::{
    BaoTree, BlockSize, ByteRanges,
    io::{
        EncodeError,
        outboard::PostOrderOutboard,
        round_up_to_chunks, round_up_to_chunks_groups,
        sync::{ReadAt, encode_ranges_validated},
    },
};
use bytes::Bytes;
use kanglian_primitives::RecordId;
use object_store::{ObjectStore, ObjectStoreExt, path::Path as ObjectPath};
use tokio::{runtime::Handle, sync::mpsc};

use super::StoreError;

/// Blocks of 64 KiB: the finest range that is checked by itself.
pub const BLOCK: BlockSize = BlockSize::from_chunk_log(6);
/// Blocks on their way to the network.
const IN_FLIGHT: usize = 8;
/// Bytes asked of an object store at once.
const READ_AHEAD: u64 = 4 << 20;

/// Verified parts of an object, in order.
pub type Parts = mpsc::Receiver<Result<Bytes, StoreError>>;

/// Where bytes are read from.
pub enum Source {
    /// A file.
    File(File),
    /// An object in an object store.
    Object(Arc<dyn ObjectStore>, ObjectPath),
}

/// What is to be read.
pub struct Reading {
    /// Which record.
    pub record: RecordId,
    /// Its size.
    pub size: u64,
    /// Which of its bytes.
    pub range: Range<u64>,
    /// The bytes.
    pub source: Source,
    /// The tree beside them; none for a single block.
    pub outboard: Option<File>,
    /// How long a reader may leave a part waiting.
    pub patience: Duration,
}

impl Reading {
    /// Starts to read; damage ends the parts with [`StoreError::Damaged`].
    pub fn start(self) -> Parts {
        let (sender, parts) = mpsc::channel(IN_FLIGHT);
        let runtime = Handle::current();
        tokio::task::spawn_blocking(move || {
            if let Err(error) = self.run(&runtime, &sender) {
                // The receiver may be gone; then nobody waits for the error.
                let _ = runtime.block_on(sender.send(Err(error)));
            }
        });
        parts
    }

    fn run(
        self,
        runtime: &Handle,
        sender: &mpsc::Sender<Result<Bytes, StoreError>>,
    ) -> Result<(), StoreError> {
        let tree = BaoTree::new(self.size, BLOCK);
        let wanted = round_up_to_chunks(&ByteRanges::from(self.range.clone()));
        let wanted = round_up_to_chunks_groups(wanted, BLOCK);
        let fresh = Rc::new(Cell::new(None));
        let data = Data {
            source: self.source,
            runtime: runtime.clone(),
            size: self.size,
            ahead: Cell::new((0, Bytes::new())),
            fresh: fresh.clone(),
        };
        let outboard =
            PostOrderOutboard { root: self.record.0.into(), tree, data: Hashes(self.outboard) };
        let sink = Sink { runtime, sender, fresh, range: self.range, patience: self.patience };
        match encode_ranges_validated(data, outboard, &wanted, sink) {
            Ok(()) => Ok(()),
            Err(
                EncodeError::ParentHashMismatch(_)
                | EncodeError::LeafHashMismatch(_)
                | EncodeError::SizeMismatch,
            ) => Err(StoreError::Damaged),
            Err(EncodeError::ParentWrite(_) | EncodeError::LeafWrite(_)) => Err(StoreError::Broken),
            Err(EncodeError::Io(error)) => Err(match error.kind() {
                io::ErrorKind::UnexpectedEof | io::ErrorKind::NotFound => StoreError::Damaged,
                io::ErrorKind::BrokenPipe => StoreError::Broken,
                io::ErrorKind::TimedOut => StoreError::Idle,
                _ => StoreError::Io(error),
            }),
        }
    }
}

/// The outboard file; an absent one reads as cut short.
struct Hashes(Option<File>);

impl ReadAt for Hashes {
    fn read_at(&self, at: u64, buffer: &mut [u8]) -> io::Result<usize> {
        match &self.0 {
            Some(file) => std::os::unix::fs::FileExt::read_at(file, buffer, at),
            None => Ok(0),
        }
    }
}

/// Reads blocks and remembers where the last one began, so that the sink can tell bytes from
/// hashes.
struct Data {
    source: Source,
    runtime: Handle,
    size: u64,
    ahead: Cell<(u64, Bytes)>,
    fresh: Rc<Cell<Option<u64>>>,
}

impl ReadAt for Data {
    fn read_at(&self, at: u64, buffer: &mut [u8]) -> io::Result<usize> {
        match &self.source {
            Source::File(file) => std::os::unix::fs::FileExt::read_at(file, buffer, at),
            Source::Object(store, path) => {
                let (from, held) = self.ahead.take();
                let offset = at.checked_sub(from).and_then(|offset| usize::try_from(offset).ok());
                let part = offset.and_then(|offset| held.get(offset..)).unwrap_or_default();
                if !part.is_empty() {
                    let length = (&*part).read_into(buffer);
                    self.ahead.set((from, held));
                    return Ok(length);
                }
                let until = at.saturating_add(READ_AHEAD).min(self.size);
                let bytes = self
                    .runtime
                    .block_on(store.get_range(path, at..until))
                    .map_err(io::Error::from)?;
                let length = (&bytes[..]).read_into(buffer);
                self.ahead.set((at, bytes));
                Ok(length)
            },
        }
    }

    fn read_exact_at(&self, at: u64, buffer: &mut [u8]) -> io::Result<()> {
        let mut done = 0usize;
        while let Some(rest) = buffer.get_mut(done..).filter(|rest| !rest.is_empty()) {
            match self.read_at(at.saturating_add(done as u64), rest) {
                Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
                Ok(length) => done = done.saturating_add(length),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {},
                Err(error) => return Err(error),
            }
        }
        self.fresh.set(Some(at));
        Ok(())
    }
}

trait ReadInto {
    fn read_into(&mut self, buffer: &mut [u8]) -> usize;
}

impl ReadInto for &[u8] {
    /// Copies what fits.
    fn read_into(&mut self, buffer: &mut [u8]) -> usize {
        io::Read::read(self, buffer).unwrap_or(0)
    }
}

/// Takes the verified encoding, drops its hashes and passes the wanted bytes on.
struct Sink<'a> {
    runtime: &'a Handle,
    sender: &'a mpsc::Sender<Result<Bytes, StoreError>>,
    fresh: Rc<Cell<Option<u64>>>,
    range: Range<u64>,
    patience: Duration,
}

impl Write for Sink<'_> {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        // A block is written straight after it was read; whatever else is written are hashes.
        let Some(start) = self.fresh.take() else { return Ok(buffer.len()) };
        let end = start.saturating_add(buffer.len() as u64);
        let from = self.range.start.clamp(start, end).saturating_sub(start);
        let until = self.range.end.clamp(start, end).saturating_sub(start);
        let part = usize::try_from(from)
            .ok()
            .zip(usize::try_from(until).ok())
            .and_then(|(from, until)| buffer.get(from..until))
            .unwrap_or_default();
        if !part.is_empty() {
            let sent = self.sender.send_timeout(Ok(Bytes::copy_from_slice(part)), self.patience);
            match self.runtime.block_on(sent) {
                Ok(()) => {},
                Err(mpsc::error::SendTimeoutError::Closed(_)) => {
                    return Err(io::ErrorKind::BrokenPipe.into());
                },
                Err(mpsc::error::SendTimeoutError::Timeout(_)) => {
                    return Err(io::ErrorKind::TimedOut.into());
                },
            }
        }
        Ok(buffer.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
