//! A vault that is given time: one that answers 503 has not caught up with the chain yet, so it is
//! asked again for a while.

use std::{cell::Cell, fmt::Display, future::Future, path::Path, time::Duration};

use kanglian_primitives::{CodeKey, FilePage, Hash32, PersonId, RecordId};
use kanglian_sdk::{
    vault::{
        Ask, Fetched, LogMark, OwnLog, Progress, ReceiptStanding, Uploaded, VaultClient,
        VaultError, VaultTarget, no_progress,
    },
    wire::{Health, SignedLogReceipt, Upload, WorkUpload},
};

/// How long a vault may stay unready.
const PATIENCE: Duration = Duration::from_secs(20);
/// How long to wait before it is asked again.
const PAUSE: Duration = Duration::from_millis(500);

/// One vault, as one account.
pub struct Vault(VaultClient);

impl From<VaultClient> for Vault {
    fn from(client: VaultClient) -> Self {
        Self(client)
    }
}

impl Vault {
    /// The vault that is spoken to.
    pub fn target(&self) -> &VaultTarget {
        self.0.target()
    }

    /// What the vault says of itself now, ready or not.
    pub async fn health(&self) -> Result<Health, VaultError> {
        self.0.health().await
    }

    /// What the vault says of itself once it is ready.
    pub async fn ready(&self) -> Result<Health, VaultError> {
        self.ask(|| self.0.health()).await
    }

    /// A person's whole file.
    pub async fn whole_file(&self, ask: &Ask) -> Result<FilePage, VaultError> {
        self.ask(|| self.0.whole_file(ask)).await
    }

    /// Stores a bundle; gives its BLAKE3.
    pub async fn put_bundle(
        &self,
        subject: &PersonId,
        bundle: Vec<u8>,
    ) -> Result<Hash32, VaultError> {
        let stored = self.ask(|| self.0.put_bundle(subject, bundle.clone())).await;
        stored.map(|(hash, _)| hash)
    }

    /// Stores the bundle that whoever redeemed a code sealed again; gives its BLAKE3.
    pub async fn put_adopted_bundle(
        &self,
        subject: &PersonId,
        code: &CodeKey,
        bundle: Vec<u8>,
    ) -> Result<Hash32, VaultError> {
        let stored = self.ask(|| self.0.put_adopted_bundle(subject, code, bundle.clone())).await;
        stored.map(|(hash, _)| hash)
    }

    /// A bundle, verified against its hash.
    pub async fn get_bundle(
        &self,
        subject: &PersonId,
        hash: &Hash32,
    ) -> Result<Vec<u8>, VaultError> {
        self.ask(|| self.0.get_bundle(subject, hash)).await
    }

    /// Stores a blob that the chain names. A vault whose node has not seen that yet is given time.
    pub async fn put_custody(
        &self,
        subject: &PersonId,
        blob: Vec<u8>,
    ) -> Result<Hash32, VaultError> {
        let named = || async {
            match self.0.put_custody(subject, blob.clone()).await {
                Err(VaultError::Refused { code, message, .. }) if code == "not_named" => {
                    Err(VaultError::Refused { status: 503, code, message })
                },
                stored => stored,
            }
        };
        self.ask(named).await.map(|(hash, _)| hash)
    }

    /// A blob of a dealing or a case, verified against its hash.
    pub async fn get_custody(
        &self,
        subject: &PersonId,
        hash: &Hash32,
    ) -> Result<Vec<u8>, VaultError> {
        self.ask(|| self.0.get_custody(subject, hash)).await
    }

    /// Uploads sealed bytes from memory.
    pub async fn upload_bytes(
        &self,
        upload: &Upload,
        sealed: &[u8],
    ) -> Result<Uploaded, VaultError> {
        self.ask(|| self.0.upload_bytes(upload, sealed.to_vec())).await
    }

    /// Uploads a public work.
    pub async fn upload_work(
        &self,
        upload: &WorkUpload,
        metadata: &[u8],
        work: &[u8],
    ) -> Result<Uploaded, VaultError> {
        self.ask(|| self.0.upload_work(upload, metadata, work)).await
    }

    /// Uploads sealed bytes from a file.
    pub async fn upload_file(
        &self,
        upload: &Upload,
        path: &Path,
        progress: Progress,
    ) -> Result<Uploaded, VaultError> {
        self.ask(|| self.0.upload_file(upload, path, progress.clone())).await
    }

    /// Sealed bytes into memory, verified. On an error, `sealed` is what came nevertheless.
    pub async fn fetch(
        &self,
        ask: &Ask,
        record: &RecordId,
        sealed: &mut Vec<u8>,
    ) -> Result<Fetched, VaultError> {
        let came = Cell::new(Vec::new());
        let fetch = || async {
            let mut bytes = Vec::new();
            let fetched = self.0.fetch(ask, record, &mut bytes, no_progress()).await;
            came.set(bytes);
            fetched
        };
        let fetched = self.ask(fetch).await;
        *sealed = came.take();
        fetched
    }

    /// Downloads sealed bytes into a file, verified.
    pub async fn fetch_file(
        &self,
        ask: &Ask,
        record: &RecordId,
        path: &Path,
        progress: Progress,
    ) -> Result<Fetched, VaultError> {
        self.ask(|| self.0.fetch_file(ask, record, path, progress.clone())).await
    }

    /// The own access log, proved against an anchor from the chain.
    pub async fn own_log(
        &self,
        person: &PersonId,
        anchor: Option<(u64, Hash32)>,
        known: Option<&LogMark>,
    ) -> Result<OwnLog, VaultError> {
        self.ask(|| self.0.own_log(person, anchor, known)).await
    }

    /// Whether the anchored log continues the one known before.
    pub async fn growth(
        &self,
        known: &LogMark,
        anchor: Option<(u64, Hash32)>,
    ) -> Result<(), VaultError> {
        self.ask(|| self.0.verify_growth(known, anchor)).await
    }

    /// Holds the vault to a receipt for a read.
    pub async fn check_receipt(
        &self,
        receipt: &SignedLogReceipt,
        anchor: Option<(u64, Hash32)>,
    ) -> Result<ReceiptStanding, VaultError> {
        self.ask(|| self.0.check_receipt(receipt, anchor)).await
    }

    async fn ask<T, Answer>(&self, ask: impl Fn() -> Answer) -> Result<T, VaultError>
    where
        Answer: Future<Output = Result<T, VaultError>>,
    {
        while_not_ready(&format!("region {}", self.target().region), PATIENCE, PAUSE, ask).await
    }
}

/// Asks until the answer is no 503 or patience ends; says once that it waits.
async fn while_not_ready<T, Answer>(
    whose: impl Display,
    patience: Duration,
    pause: Duration,
    ask: impl Fn() -> Answer,
) -> Result<T, VaultError>
where
    Answer: Future<Output = Result<T, VaultError>>,
{
    let begun = std::time::Instant::now();
    let mut said = false;
    loop {
        match ask().await {
            Err(VaultError::Refused { status: 503, message, .. }) if begun.elapsed() < patience => {
                if !said {
                    let seconds = patience.as_secs();
                    tracing::warn!(
                        "the vault of {whose} is not ready ({message}): trying again for up to \
                         {seconds} s"
                    );
                    said = true;
                }
                tokio::time::sleep(pause).await;
            },
            answer => return answer,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(status: u16) -> VaultError {
        VaultError::Refused { status, code: "c".to_owned(), message: "m".to_owned() }
    }

    #[tokio::test]
    async fn a_vault_that_is_not_ready_is_asked_again_and_one_that_refuses_is_not() {
        let pause = Duration::from_millis(1);
        let asked = Cell::new(0);
        let third = || {
            asked.set(asked.get() + 1);
            let answer = if asked.get() < 3 { Err(refused(503)) } else { Ok(asked.get()) };
            async move { answer }
        };
        assert_eq!(while_not_ready("here", PATIENCE, pause, third).await.unwrap(), 3);

        asked.set(0);
        let no = || {
            asked.set(asked.get() + 1);
            async { Err::<(), _>(refused(403)) }
        };
        assert!(while_not_ready("here", PATIENCE, pause, no).await.is_err());
        assert_eq!(asked.get(), 1);

        let never = || async { Err::<(), _>(refused(503)) };
        let late = while_not_ready("here", pause, pause, never).await.unwrap_err();
        assert!(matches!(late, VaultError::Refused { status: 503, .. }));
    }
}
