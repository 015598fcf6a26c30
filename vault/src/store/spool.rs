//! Incoming bytes: streamed to a temporary file while their BLAKE3 tree is built, and published
//! only when length and digest are right.

use std::{
    fs::File,
    io::{self, Read, Write},
    path::Path,
};

use bao_tree::{BaoTree, io::sync::outboard_post_order};
use bytes::{Buf, Bytes};
use futures::{Stream, StreamExt};
use kanglian_primitives::RecordId;
use tempfile::NamedTempFile;
use tokio::sync::mpsc;

use super::{StoreError, verified::BLOCK};

/// Parts in flight between network and disk.
const IN_FLIGHT: usize = 8;

/// Verified bytes in a temporary file, synced to disk; gone when dropped.
pub struct Spooled {
    /// Which record.
    pub record: RecordId,
    /// How many bytes.
    pub size: u64,
    pub(super) data: NamedTempFile,
    /// Empty when the object is a single block.
    pub(super) outboard: Option<NamedTempFile>,
}

/// Takes a body in. The length and the digest must be the announced ones.
pub async fn spool<S>(
    folder: &Path,
    record: RecordId,
    size: u64,
    body: S,
) -> Result<Spooled, StoreError>
where
    S: Stream<Item = Result<Bytes, StoreError>>,
{
    let (sender, parts) = mpsc::channel(IN_FLIGHT);
    let folder = folder.to_owned();
    let writer = tokio::task::spawn_blocking(move || write(&folder, record, size, parts));
    let mut body = std::pin::pin!(body);
    let mut arrived = 0u64;
    let mut fault = None;
    while let Some(part) = body.next().await {
        match part {
            Ok(part) => {
                arrived = arrived.saturating_add(part.len() as u64);
                if arrived > size {
                    fault = Some(StoreError::Length { expected: size, found: arrived });
                    break;
                }
                if sender.send(part).await.is_err() {
                    // The writer ended with an error of its own.
                    break;
                }
            },
            Err(error) => {
                fault = Some(error);
                break;
            },
        }
    }
    drop(sender);
    let written = writer.await.map_err(|error| StoreError::Io(io::Error::other(error)))?;
    match fault {
        Some(fault) => Err(fault),
        None => match written {
            Err(StoreError::Length { .. }) => {
                Err(StoreError::Length { expected: size, found: arrived })
            },
            written => written,
        },
    }
}

fn write(
    folder: &Path,
    record: RecordId,
    size: u64,
    parts: mpsc::Receiver<Bytes>,
) -> Result<Spooled, StoreError> {
    let data = NamedTempFile::new_in(folder)?;
    let tree = BaoTree::new(size, BLOCK);
    let mut reader = Tee { parts, current: Bytes::new(), file: data.as_file() };
    let mut outboard = match tree.outboard_size() {
        0 => None,
        _ => Some(NamedTempFile::new_in(folder)?),
    };
    let root = match &mut outboard {
        None => outboard_post_order(&mut reader, tree, io::sink()),
        Some(file) => {
            let mut writer = io::BufWriter::new(file.as_file());
            let root = outboard_post_order(&mut reader, tree, &mut writer);
            writer.flush()?;
            root
        },
    };
    let root = match root {
        Ok(root) => root,
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
            return Err(StoreError::Length { expected: size, found: 0 });
        },
        Err(error) => return Err(error.into()),
    };
    if root != record.0 {
        return Err(StoreError::Digest);
    }
    data.as_file().sync_all()?;
    if let Some(outboard) = &outboard {
        outboard.as_file().sync_all()?;
    }
    Ok(Spooled { record, size, data, outboard })
}

/// Reads parts from a channel and writes them to a file on the way.
struct Tee<'a> {
    parts: mpsc::Receiver<Bytes>,
    current: Bytes,
    file: &'a File,
}

impl Read for Tee<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.current.is_empty() {
            match self.parts.blocking_recv() {
                None => return Ok(0),
                Some(part) => {
                    self.file.write_all(&part)?;
                    self.current = part;
                },
            }
        }
        let length = (&self.current[..]).read(buffer)?;
        self.current.advance(length);
        Ok(length)
    }
}
