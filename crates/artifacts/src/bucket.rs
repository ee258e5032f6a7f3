//! Writing to an S3 bucket: a large object is uploaded in parts under a key of its own, then copied to its digest's.
//!
//! An upload in parts that is never completed is invisible and costs money. So a note with its id is put beside it
//! first, and the sweep aborts what an old note names.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use chrono::{DateTime, Utc};
use futures::{StreamExt as _, TryStreamExt as _};
use kernel::{Clock as _, Digest, Hasher, SystemClock};
use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::multipart::{MultipartStore as _, PartId};
use object_store::path::Path;
use object_store::prefix::PrefixStore;
use object_store::signer::{Method, SignedUrlOptions, Signer as _};
use object_store::{
    ClientOptions, Error, MultipartId, ObjectStore, ObjectStoreExt as _, Result, RetryConfig,
};
use tokio::task::spawn_blocking;

use crate::disk::{RELIED_ON, UNFINISHED};
use crate::store::location;

/// S3 copies no more in one request.
pub(crate) const MAX_OBJECT_BYTES: u64 = 5 * 1024 * 1024 * 1024;
const NOTE: &str = "note";

/// Keys below one prefix of a bucket.
#[derive(Debug, Clone)]
pub(crate) struct Bucket {
    keys: Arc<PrefixStore<AmazonS3>>,
}

impl Bucket {
    /// Takes credentials, region and endpoint from settings named as in the `AWS_…` environment; others are passed
    /// over. Nothing is sent yet.
    pub(crate) fn open(
        bucket: &str,
        prefix: &str,
        settings: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self> {
        // A body may take as long as it likes, as long as something comes.
        let options = ClientOptions::new()
            .with_timeout_disabled()
            .with_connect_timeout(Duration::from_secs(5))
            .with_read_timeout(Duration::from_secs(30))
            .with_allow_http(true);
        let retry =
            RetryConfig { max_retries: 4, retry_timeout: Duration::from_secs(20), ..RetryConfig::default() };
        let configured = settings.into_iter().fold(AmazonS3Builder::new(), |s3, (name, value)| {
            match name.strip_prefix("AWS_").and_then(|_| name.to_ascii_lowercase().parse().ok()) {
                Some(key) => s3.with_config(key, value),
                None => s3,
            }
        });
        let s3 =
            configured.with_bucket_name(bucket).with_client_options(options).with_retry(retry).build()?;
        Ok(Self { keys: Arc::new(PrefixStore::new(s3, prefix)) })
    }

    pub(crate) fn keys(&self) -> Arc<dyn ObjectStore> {
        Arc::clone(&self.keys) as Arc<dyn ObjectStore>
    }

    /// Puts a whole object under its name.
    pub(crate) async fn write(&self, digest: &Digest, bytes: Bytes) -> Result<()> {
        self.keys.put(&location(digest), bytes.into()).await.map(|_| ())
    }

    /// An address under which S3 answers this one request.
    pub(crate) async fn signed_url(
        &self,
        method: Method,
        digest: &Digest,
        expires_in: Duration,
        options: &SignedUrlOptions,
    ) -> Result<String> {
        let url = self.keys.signed_url_opts(method, &location(digest), expires_in, options).await?;
        Ok(url.into())
    }

    pub(crate) async fn delete(&self, digest: &Digest) -> Result<()> {
        unless_missing(self.keys.delete(&location(digest)).await)
    }

    /// Whether an object was written so lately that nobody deletes it as unused. A bucket takes no other mark of a use than
    /// writing the object again.
    pub(crate) async fn is_fresh(&self, digest: &Digest) -> Result<bool> {
        let written = self.keys.head(&location(digest)).await?.last_modified;
        Ok(written > SystemClock.now() - RELIED_ON)
    }

    /// Removes an object that nobody has written since `before`; says whether it is gone. A bucket does not compare and
    /// delete in one request: who writes the same object between the two must be rarer than once in `before`.
    pub(crate) async fn delete_unused(&self, digest: &Digest, before: SystemTime) -> Result<bool> {
        match self.keys.head(&location(digest)).await {
            Err(Error::NotFound { .. }) => Ok(true),
            Ok(meta) if meta.last_modified >= DateTime::<Utc>::from(before) => Ok(false),
            Ok(_) => self.delete(digest).await.map(|()| true),
            Err(error) => Err(error),
        }
    }

    /// Begins an upload in parts. Whoever drops this does not come between an upload and its note.
    pub(crate) async fn stage(&self) -> Result<Staged> {
        tokio::spawn(self.clone().begin()).await?
    }

    async fn begin(self) -> Result<Staged> {
        let key = Path::from_iter([UNFINISHED, &SystemClock.new_id().to_string()]);
        let id = self.keys.create_multipart(&key).await?;
        let staged = Staged { bucket: self.clone(), key, id, parts: Vec::new() };
        let noted = self.keys.put(&staged.note(), staged.id.clone().into_bytes().into()).await;
        match noted {
            Ok(_) => Ok(staged),
            Err(error) => {
                staged.discard().await;
                Err(error)
            }
        }
    }

    /// Aborts the uploads whose notes are older than this.
    pub(crate) async fn sweep(&self, before: SystemTime) -> Result<usize> {
        let before = DateTime::<Utc>::from(before);
        let notes = self.keys.list(Some(&Path::from(UNFINISHED)));
        let old = notes.try_filter(|note| std::future::ready(note.last_modified < before));
        let old: Vec<_> = old.try_collect().await?;
        let mut removed = 0;
        for note in old.iter().filter(|note| note.location.extension() == Some(NOTE)) {
            removed += usize::from(self.abort(&note.location).await?);
        }
        Ok(removed)
    }

    async fn abort(&self, note: &Path) -> Result<bool> {
        let id = match self.keys.get(note).await {
            // Its writer has finished meanwhile.
            Err(Error::NotFound { .. }) => return Ok(false),
            got => got?.bytes().await?,
        };
        let key = Path::from(note.as_ref().trim_end_matches(NOTE).trim_end_matches('.'));
        let id = String::from_utf8_lossy(&id).into_owned();
        self.remove(&key, &id).await.map(|()| true)
    }

    /// The note goes last, so that whatever fails is tried again.
    async fn remove(&self, key: &Path, id: &MultipartId) -> Result<()> {
        unless_missing(self.keys.abort_multipart(key, id).await)?;
        unless_missing(self.keys.delete(key).await)?;
        unless_missing(self.keys.delete(&note(key)).await)
    }
}

fn note(key: &Path) -> Path {
    Path::from(format!("{key}.{NOTE}"))
}

fn unless_missing(result: Result<()>) -> Result<()> {
    match result {
        Err(Error::NotFound { .. }) => Ok(()),
        other => other,
    }
}

/// An upload in parts.
#[derive(Debug)]
pub(crate) struct Staged {
    bucket: Bucket,
    key: Path,
    id: MultipartId,
    parts: Vec<PartId>,
}

impl Staged {
    fn note(&self) -> Path {
        note(&self.key)
    }

    /// Uploads and hashes a part.
    pub(crate) async fn write(&mut self, bytes: Bytes, hasher: Hasher) -> Result<Hasher> {
        let part = bytes.clone();
        let sums = spawn_blocking(move || hasher.chain(part));
        let keys = &self.bucket.keys;
        // Only the last part may be empty, and it need not be sent.
        if !bytes.is_empty() {
            self.parts.push(keys.put_part(&self.key, &self.id, self.parts.len(), bytes.into()).await?);
        }
        Ok(sums.await?)
    }

    /// Completes the upload and copies it to its digest's name.
    pub(crate) async fn publish(mut self, digest: &Digest) -> Result<()> {
        let parts = std::mem::take(&mut self.parts);
        let keys = &self.bucket.keys;
        let named = async {
            keys.complete_multipart(&self.key, &self.id, parts).await?;
            keys.copy(&self.key, &location(digest)).await
        };
        let named = named.await;
        self.discard().await;
        named
    }

    /// Takes everything back. What cannot be is left to the sweep.
    pub(crate) async fn discard(self) {
        if let Err(error) = self.bucket.remove(&self.key, &self.id).await {
            tracing::warn!(key = %self.key, %error, "an upload stays behind until it is swept");
        }
    }
}

/// Whether anything can be listed: credentials, bucket and connection are right.
pub(crate) async fn answers(bucket: &Bucket) -> Result<()> {
    bucket.keys.list(Some(&Path::from(UNFINISHED))).next().await.transpose().map(|_| ())
}
