//! Sealed bytes and their BLAKE3 trees.
//!
//! Bytes lie in an object store: a folder by default, S3 by configuration. The trees always lie in
//! the data folder; they can be made anew from the bytes.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use bao_tree::{BaoTree, io::sync::outboard_post_order};
use futures::StreamExt;
use kanglian_primitives::RecordId;
use object_store::{
    ObjectStore, ObjectStoreExt, WriteMultipart, aws::AmazonS3Builder, local::LocalFileSystem,
    path::Path as ObjectPath, prefix::PrefixStore,
};
use tokio::{io::AsyncReadExt, sync::mpsc};

use super::{
    StoreError,
    spool::Spooled,
    verified::{BLOCK, Parts, Reading, Source},
};
use crate::config::Storage;

/// Part size of uploads to S3.
const PART: usize = 8 << 20;

/// Where sealed bytes lie.
#[derive(Clone)]
pub struct Blobs {
    root: PathBuf,
    store: Arc<dyn ObjectStore>,
    local: bool,
}

impl Blobs {
    /// Opens the folder, makes its shelves, and removes what an interrupted run left half-done.
    pub fn open(root: &Path, storage: &Storage) -> Result<Self, StoreError> {
        Self::open_under(root, storage, None)
    }

    /// The same, with another shelf in a bucket: what lies open never meets what is sealed.
    pub fn open_under(
        root: &Path,
        storage: &Storage,
        shelf: Option<&str>,
    ) -> Result<Self, StoreError> {
        fs::create_dir_all(root)?;
        let spool = root.join("spool");
        for folder in ["spool", "objects", "outboards"] {
            fs::create_dir_all(root.join(folder))?;
        }
        for entry in fs::read_dir(&spool)? {
            fs::remove_file(entry?.path())?;
        }
        for shelves in ["objects", "outboards"] {
            let shelves = root.join(shelves);
            for shelf in 0..=u8::MAX {
                match fs::create_dir(shelves.join(format!("{shelf:02x}"))) {
                    Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                        return Err(error.into());
                    },
                    _ => {},
                }
            }
            sync_folder(&shelves)?;
        }
        sync_folder(root)?;
        let (store, local): (Arc<dyn ObjectStore>, _) = match storage {
            Storage::Local => (Arc::new(LocalFileSystem::new_with_prefix(root)?), true),
            Storage::S3(s3) => {
                let mut builder = AmazonS3Builder::from_env()
                    .with_bucket_name(&s3.bucket)
                    .with_region(&s3.region)
                    .with_allow_http(s3.allow_http)
                    // One object goes at a time, and not every service knows the other way.
                    .with_disable_bulk_delete(true);
                if let Some(endpoint) = &s3.endpoint {
                    builder = builder.with_endpoint(endpoint);
                }
                if let Some(key) = &s3.access_key_id {
                    builder = builder.with_access_key_id(key);
                }
                if let Some(secret) = &s3.secret_access_key {
                    builder = builder.with_secret_access_key(secret);
                }
                let bucket = builder.build()?;
                let store: Arc<dyn ObjectStore> = match shelf {
                    Some(shelf) => Arc::new(PrefixStore::new(bucket, shelf)),
                    None => Arc::new(bucket),
                };
                (store, false)
            },
        };
        Ok(Self { root: root.to_owned(), store, local })
    }

    /// Where incoming bytes are spooled.
    pub fn spool_folder(&self) -> PathBuf {
        self.root.join("spool")
    }

    fn name(record: &RecordId) -> (String, String) {
        let name = hex::encode(record.0);
        let shelf = name.chars().take(2).collect();
        (shelf, name)
    }

    fn object_path(record: &RecordId) -> ObjectPath {
        let (shelf, name) = Self::name(record);
        ObjectPath::from(format!("objects/{shelf}/{name}"))
    }

    fn file(&self, folder: &str, record: &RecordId) -> PathBuf {
        let (shelf, name) = Self::name(record);
        self.root.join(folder).join(shelf).join(name)
    }

    /// Puts verified bytes in their place, atomically; what lies there is replaced.
    pub async fn publish(&self, spooled: Spooled) -> Result<(), StoreError> {
        let Spooled { record, data, outboard, .. } = spooled;
        let data = if self.local {
            Some(data)
        } else {
            self.send(&record, data.path()).await?;
            None
        };
        let blobs = self.clone();
        blocking(move || {
            if let Some(outboard) = outboard {
                place(outboard, &blobs.file("outboards", &record))?;
            }
            let Some(data) = data else { return Ok(()) };
            let target = blobs.file("objects", &record);
            place(data, &target).inspect_err(|_| {
                // A tree without bytes says nothing; bytes that were here before keep theirs.
                if !target.exists() {
                    let _ = fs::remove_file(blobs.file("outboards", &record));
                }
            })
        })
        .await
    }

    /// Sends a file to the object store in parts; it appears when the last part is there. Parts of
    /// one that fails are given up, or the store would keep them for ever.
    async fn send(&self, record: &RecordId, path: &Path) -> Result<(), StoreError> {
        let file = tokio::fs::File::open(path).await?;
        let upload = self.store.put_multipart(&Self::object_path(record)).await?;
        let mut writer = WriteMultipart::new_with_chunk_size(upload, PART);
        match send_parts(&mut writer, file).await {
            Ok(()) => {
                writer.finish().await?;
                Ok(())
            },
            Err(error) => {
                if let Err(error) = writer.abort().await {
                    tracing::warn!(%record, %error, "parts of an upload stay in the object store");
                }
                Err(error)
            },
        }
    }

    /// Reads a range with every block verified.
    pub async fn read(
        &self,
        record: RecordId,
        size: u64,
        range: std::ops::Range<u64>,
        patience: Duration,
    ) -> Result<Parts, StoreError> {
        let blobs = self.clone();
        let (source, outboard) = blocking(move || {
            let source = if blobs.local {
                match File::open(blobs.file("objects", &record)) {
                    Ok(file) => Some(Source::File(file)),
                    Err(error) if error.kind() == io::ErrorKind::NotFound => None,
                    Err(error) => return Err(error.into()),
                }
            } else {
                Some(Source::Object(blobs.store.clone(), Self::object_path(&record)))
            };
            let outboard = match File::open(blobs.file("outboards", &record)) {
                Ok(file) => Some(file),
                Err(error) if error.kind() == io::ErrorKind::NotFound => None,
                Err(error) => return Err(error.into()),
            };
            Ok((source, outboard))
        })
        .await?;
        // What the index knows and the disk does not have is damage too.
        let source = source.ok_or(StoreError::Damaged)?;
        Ok(Reading { record, size, range, source, outboard, patience }.start())
    }

    /// Hashes all bytes anew and writes their tree. Whether they are the record.
    pub async fn rebuild(&self, record: RecordId, size: u64) -> Result<bool, StoreError> {
        let found = match self.store.get(&Self::object_path(&record)).await {
            Ok(found) => found,
            Err(object_store::Error::NotFound { .. }) => return Ok(false),
            Err(error) => return Err(error.into()),
        };
        if found.meta.size != size {
            return Ok(false);
        }
        let (sender, parts) = mpsc::channel(4);
        let blobs = self.clone();
        let hashing = tokio::task::spawn_blocking(move || blobs.rehash(record, size, parts));
        let mut stream = found.into_stream();
        while let Some(part) = stream.next().await {
            if sender.send(part?).await.is_err() {
                break;
            }
        }
        drop(sender);
        hashing.await.map_err(|error| StoreError::Io(io::Error::other(error)))?
    }

    fn rehash(
        &self,
        record: RecordId,
        size: u64,
        parts: mpsc::Receiver<bytes::Bytes>,
    ) -> Result<bool, StoreError> {
        let tree = BaoTree::new(size, BLOCK);
        let outboard = tempfile::NamedTempFile::new_in(self.spool_folder())?;
        let reader = Queue { parts, current: bytes::Bytes::new() };
        let mut writer = io::BufWriter::new(outboard.as_file());
        let root = match outboard_post_order(reader, tree, &mut writer) {
            Ok(root) => root,
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(false),
            Err(error) => return Err(error.into()),
        };
        io::Write::flush(&mut writer)?;
        drop(writer);
        if root != record.0 {
            return Ok(false);
        }
        if tree.outboard_size() > 0 {
            outboard.as_file().sync_all()?;
            place(outboard, &self.file("outboards", &record))?;
        }
        Ok(true)
    }

    /// Every record that bytes lie here for, named by the index or not.
    pub async fn records(&self) -> Result<Vec<RecordId>, StoreError> {
        let folder = ObjectPath::from("objects");
        let mut listed = self.store.list(Some(&folder));
        let mut records = Vec::new();
        while let Some(object) = listed.next().await {
            let location = object?.location;
            if let Some(record) = location.filename().and_then(|name| name.parse().ok()) {
                records.push(record);
            }
        }
        Ok(records)
    }

    /// Removes bytes and tree; absent ones are no error.
    pub async fn remove(&self, record: RecordId) -> Result<(), StoreError> {
        match self.store.delete(&Self::object_path(&record)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => {},
            Err(error) => return Err(error.into()),
        }
        match tokio::fs::remove_file(self.file("outboards", &record)).await {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error.into()),
            _ => Ok(()),
        }
    }
}

async fn send_parts(
    writer: &mut WriteMultipart,
    mut file: tokio::fs::File,
) -> Result<(), StoreError> {
    let mut buffer = bytes::BytesMut::with_capacity(PART);
    loop {
        buffer.reserve(PART);
        if file.read_buf(&mut buffer).await? == 0 {
            return Ok(());
        }
        writer.wait_for_capacity(2).await?;
        writer.put(buffer.split().freeze());
    }
}

/// Reads parts from a channel.
struct Queue {
    parts: mpsc::Receiver<bytes::Bytes>,
    current: bytes::Bytes,
}

impl io::Read for Queue {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.current.is_empty() {
            match self.parts.blocking_recv() {
                None => return Ok(0),
                Some(part) => self.current = part,
            }
        }
        let length = io::Read::read(&mut &self.current[..], buffer)?;
        bytes::Buf::advance(&mut self.current, length);
        Ok(length)
    }
}

/// Renames a synced temporary file into place and syncs the folder.
fn place(file: tempfile::NamedTempFile, target: &Path) -> Result<(), StoreError> {
    file.persist(target).map_err(|error| StoreError::from(error.error))?;
    match target.parent() {
        Some(folder) => sync_folder(folder),
        None => Ok(()),
    }
}

fn sync_folder(folder: &Path) -> Result<(), StoreError> {
    File::open(folder)?.sync_all()?;
    Ok(())
}

async fn blocking<T: Send + 'static>(
    job: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    tokio::task::spawn_blocking(job)
        .await
        .map_err(|error| StoreError::Io(io::Error::other(error)))?
}
