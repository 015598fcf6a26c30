//! Objects up and down, in streams.

use std::{path::Path, sync::Arc, time::Duration};

use futures::StreamExt;
use kanglian_primitives::{Receipt, RecordId, RegionCode};
use reqwest::{StatusCode, header};
use tokio::io::{AsyncReadExt, AsyncSeekExt, AsyncWrite, AsyncWriteExt};

use super::{Ask, VaultClient, VaultError, verify_receipt, verify_work_receipt};
use crate::{
    envelope::Wrap,
    wire::{
        HEADER_ACCESS, HEADER_UPLOAD, HEADER_WORK, HEADER_WRAPS, SignedLogReceipt, Upload,
        UploadReply, WorkUpload, decode_header, encode_header, paths,
    },
};

/// Called with bytes done and bytes in all.
pub type Progress = Arc<dyn Fn(u64, u64) + Send + Sync>;

/// Bytes read from a file at once.
const BUFFER: usize = 64 * 1024;
/// How often a broken download is taken up again.
const RESUMES: u32 = 5;

/// A callback that does nothing.
pub fn no_progress() -> Progress {
    Arc::new(|_, _| {})
}

/// What an upload gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Uploaded {
    /// Receipts for the share; the vault's own is verified, see [`verify_receipt`] for the others.
    pub receipts: Vec<Receipt>,
    /// Regions that hold the object beside the vault's own.
    pub replicas: Vec<RegionCode>,
}

/// What a download gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetched {
    /// Sealed bytes.
    pub size: u64,
    /// The wrapped data keys.
    pub wraps: Vec<Wrap>,
    /// Verified receipts for the lines that the read left in the access log: one a request.
    pub receipts: Vec<SignedLogReceipt>,
}

/// State of a download between two requests.
struct Download {
    record: RecordId,
    hasher: blake3::Hasher,
    done: u64,
    total: Option<u64>,
    wraps: Vec<Wrap>,
    receipts: Vec<SignedLogReceipt>,
}

impl Download {
    fn finish(self) -> Result<Fetched, VaultError> {
        if self.hasher.finalize() != self.record.0 {
            return Err(VaultError::Verification(
                "the bytes are not the record: their BLAKE3 differs".into(),
            ));
        }
        Ok(Fetched { size: self.done, wraps: self.wraps, receipts: self.receipts })
    }
}

impl VaultClient {
    /// Uploads sealed bytes from a file. The claim's size and the file's must agree.
    pub async fn upload_file(
        &self,
        upload: &Upload,
        path: &Path,
        progress: Progress,
    ) -> Result<Uploaded, VaultError> {
        let file = tokio::fs::File::open(path).await?;
        let size = file.metadata().await?.len();
        if size != upload.claim.size {
            return Err(VaultError::Usage(format!(
                "the file has {size} bytes, the claim says {}",
                upload.claim.size
            )));
        }
        let mut done = 0u64;
        let stream = tokio_util::io::ReaderStream::with_capacity(file.take(size), BUFFER).inspect(
            move |part| {
                if let Ok(part) = part {
                    done = done.saturating_add(part.len() as u64);
                    progress(done, size);
                }
            },
        );
        self.upload_body(upload, reqwest::Body::wrap_stream(stream)).await
    }

    /// Uploads sealed bytes from memory.
    pub async fn upload_bytes(
        &self,
        upload: &Upload,
        sealed: impl Into<bytes::Bytes>,
    ) -> Result<Uploaded, VaultError> {
        self.upload_body(upload, reqwest::Body::from(sealed.into())).await
    }

    async fn upload_body(
        &self,
        upload: &Upload,
        body: reqwest::Body,
    ) -> Result<Uploaded, VaultError> {
        let request = self
            .http
            .put(self.url(&paths::object(&upload.claim.record))?)
            .header(header::CONTENT_LENGTH, upload.claim.size)
            .header(HEADER_UPLOAD, encode_header(upload))
            .body(body);
        let reply: UploadReply = self.json(self.authorised(request).await?).await?;
        let receipts = reply
            .receipts
            .iter()
            .map(Receipt::try_from)
            .collect::<Result<Vec<_>, _>>()
            .map_err(|error| VaultError::Protocol(error.to_string()))?;
        let target = &self.target;
        let own = receipts.iter().find(|receipt| receipt.region == target.region);
        let holds = own.is_some_and(|receipt| {
            verify_receipt(&target.genesis, &upload.claim, receipt, &target.key)
        });
        if !holds {
            return Err(VaultError::Verification("the vault's own receipt does not hold".into()));
        }
        Ok(Uploaded { receipts, replicas: reply.replicas })
    }

    /// Uploads a public work from memory: its metadata document, then its bytes.
    pub async fn upload_work(
        &self,
        upload: &WorkUpload,
        metadata: &[u8],
        work: &[u8],
    ) -> Result<Uploaded, VaultError> {
        let body = [metadata, work].concat();
        let request = self
            .http
            .put(self.url(&paths::put_work(&upload.claim.work))?)
            .header(header::CONTENT_LENGTH, body.len())
            .header(HEADER_WORK, encode_header(upload))
            .body(body);
        let reply: UploadReply = self.json(self.authorised(request).await?).await?;
        let receipts = reply
            .receipts
            .iter()
            .map(Receipt::try_from)
            .collect::<Result<Vec<_>, _>>()
            .map_err(|error| VaultError::Protocol(error.to_string()))?;
        let target = &self.target;
        let own = receipts.iter().find(|receipt| receipt.region == target.region);
        let holds = own.is_some_and(|receipt| {
            verify_work_receipt(&target.genesis, &upload.claim, receipt, &target.key)
        });
        if !holds {
            return Err(VaultError::Verification("the vault's own receipt does not hold".into()));
        }
        Ok(Uploaded { receipts, replicas: reply.replicas })
    }

    /// Streams sealed bytes to a writer. The bytes are verified once all have come: on an error,
    /// what was written counts for nothing. Broken connections are taken up again by range.
    pub async fn fetch(
        &self,
        ask: &Ask,
        record: &RecordId,
        out: &mut (impl AsyncWrite + Unpin),
        progress: Progress,
    ) -> Result<Fetched, VaultError> {
        self.download(ask, record, blake3::Hasher::new(), 0, out, &progress).await
    }

    /// Downloads sealed bytes into a file. A partial download beside it (`….part`) is continued;
    /// the file appears only when its BLAKE3 is the record.
    pub async fn fetch_file(
        &self,
        ask: &Ask,
        record: &RecordId,
        path: &Path,
        progress: Progress,
    ) -> Result<Fetched, VaultError> {
        let mut part = path.as_os_str().to_owned();
        part.push(".part");
        let part = std::path::PathBuf::from(part);
        let mut file = tokio::fs::OpenOptions::new()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .open(&part)
            .await?;
        let mut hasher = blake3::Hasher::new();
        let mut done = 0u64;
        let mut buffer = vec![0u8; BUFFER];
        loop {
            let read = file.read(&mut buffer).await?;
            let Some(bytes) = buffer.get(..read).filter(|bytes| !bytes.is_empty()) else { break };
            hasher.update(bytes);
            done = done.saturating_add(bytes.len() as u64);
        }
        let result = match self.download(ask, record, hasher, done, &mut file, &progress).await {
            // What lay there was of something else, or longer than the record: once more from
            // the beginning.
            Err(VaultError::Verification(_) | VaultError::Refused { status: 416, .. })
                if done > 0 =>
            {
                file.set_len(0).await?;
                file.rewind().await?;
                self.download(ask, record, blake3::Hasher::new(), 0, &mut file, &progress).await
            },
            result => result,
        };
        match result {
            Ok(fetched) => {
                file.sync_all().await?;
                tokio::fs::rename(&part, path).await?;
                Ok(fetched)
            },
            Err(error) => {
                if matches!(error, VaultError::Verification(_)) {
                    tokio::fs::remove_file(&part).await?;
                }
                Err(error)
            },
        }
    }

    async fn download(
        &self,
        ask: &Ask,
        record: &RecordId,
        hasher: blake3::Hasher,
        done: u64,
        out: &mut (impl AsyncWrite + Unpin),
        progress: &Progress,
    ) -> Result<Fetched, VaultError> {
        let mut download = Download {
            record: *record,
            hasher,
            done,
            total: None,
            wraps: Vec::new(),
            receipts: Vec::new(),
        };
        let mut resumes = 0u32;
        loop {
            match self.download_part(ask, &mut download, out, progress).await {
                Ok(()) => break,
                Err(VaultError::Unreachable { .. })
                    if resumes < RESUMES && !download.receipts.is_empty() =>
                {
                    resumes = resumes.saturating_add(1);
                    tokio::time::sleep(Duration::from_millis(200) * resumes).await;
                },
                Err(error) => return Err(error),
            }
        }
        out.flush().await?;
        download.finish()
    }

    /// One request, from where the download stands to the end.
    async fn download_part(
        &self,
        ask: &Ask,
        download: &mut Download,
        out: &mut (impl AsyncWrite + Unpin),
        progress: &Progress,
    ) -> Result<(), VaultError> {
        let mut request = self
            .http
            .get(self.url(&paths::object(&download.record))?)
            .header(HEADER_ACCESS, self.statement(ask));
        if download.done > 0 {
            // Asking from the last byte held keeps the range satisfiable when all is here.
            let from = download.done.saturating_sub(1);
            request = request.header(header::RANGE, format!("bytes={from}-"));
        }
        let reply = self.authorised(request).await?;
        let receipt = self.log_receipt(&reply, ask, Some(download.record))?;
        download.wraps = reply
            .headers()
            .get(HEADER_WRAPS)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| decode_header(value).ok())
            .ok_or_else(|| VaultError::Protocol("the reply has no wraps".into()))?;
        let mut skip = 0u64;
        let left = if download.done == 0 {
            reply.content_length()
        } else if reply.status() == StatusCode::PARTIAL_CONTENT {
            skip = 1;
            reply.content_length().map(|length| length.saturating_sub(1))
        } else {
            return Err(VaultError::Protocol("the vault ignored the range".into()));
        };
        let left = left.ok_or_else(|| VaultError::Protocol("the reply has no length".into()))?;
        let total = download.done.saturating_add(left);
        if download.total.is_some_and(|known| known != total) {
            return Err(VaultError::Verification("the object changed its size".into()));
        }
        download.total = Some(total);
        download.receipts.push(receipt);
        let mut stream = reply.bytes_stream();
        while let Some(part) = stream.next().await {
            let mut part = part.map_err(|error| self.broken(&error))?;
            if skip > 0 && !part.is_empty() {
                let _ = part.split_to(1);
                skip = 0;
            }
            download.hasher.update(&part);
            out.write_all(&part).await?;
            download.done = download.done.saturating_add(part.len() as u64);
            progress(download.done, total);
        }
        if download.done != total {
            return Err(VaultError::Unreachable {
                url: self.target.url.to_string(),
                reason: "the reply ended early".into(),
            });
        }
        Ok(())
    }
}
