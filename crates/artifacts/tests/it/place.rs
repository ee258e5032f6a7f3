//! A store of a test, and a way around it to the bytes it keeps.

use std::sync::Arc;

use artifacts::{Address, Store};
use bytes::Bytes;
use futures::TryStreamExt as _;
use kernel::Digest;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt as _};
use tempfile::TempDir;

use crate::s3;

/// Declares tests that run once on a directory and once on S3, each on an empty store.
macro_rules! on_both_places {
    ($(async fn $name:ident($place:ident: Place) $body:block)+) => {$(
        mod $name {
            use super::*;

            async fn check($place: $crate::place::Place) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn disk() {
                check($crate::place::Place::disk()).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn s3() {
                if let Some(place) = $crate::place::Place::s3() {
                    check(place).await;
                }
            }
        }
    )+};
}

/// A store, and what lies under it.
pub(crate) struct Place {
    pub(crate) store: Store,
    pub(crate) raw: Arc<dyn ObjectStore>,
    reopen: Box<dyn Fn() -> Store + Send + Sync>,
    _dir: Option<TempDir>,
}

impl Place {
    pub(crate) fn disk() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().join("artifacts");
        let store = Store::local(&root).unwrap();
        let raw = Arc::new(LocalFileSystem::new_with_prefix(&root).unwrap());
        Self { store, raw, reopen: Box::new(move || Store::local(&root).unwrap()), _dir: Some(dir) }
    }

    /// Nothing, and a line that says so, where no S3 server can be started.
    pub(crate) fn s3() -> Option<Self> {
        let bucket = s3::server()?.bucket();
        let address = Address::parse(&format!("s3://{}/some/prefix", bucket.name)).unwrap();
        let raw = bucket.raw("some/prefix");
        let reopen = move || Store::open_with(&address, bucket.settings()).unwrap();
        Some(Self { store: reopen(), raw, reopen: Box::new(reopen), _dir: None })
    }

    /// Another process's store in the same place.
    pub(crate) fn again(&self) -> Store {
        (self.reopen)()
    }

    /// Changes what lies under a digest.
    pub(crate) async fn damage(&self, digest: &Digest, bytes: impl Into<Bytes>) {
        self.raw.put(&path(digest), bytes.into().into()).await.unwrap();
    }

    /// Everything that lies there, unfinished uploads as well.
    pub(crate) async fn keys(&self) -> Vec<String> {
        let all: Vec<_> = self.raw.list(None).try_collect().await.unwrap();
        let mut keys: Vec<_> = all.into_iter().map(|meta| meta.location.to_string()).collect();
        keys.sort();
        keys
    }
}

/// Where an object lies.
pub(crate) fn path(digest: &Digest) -> Path {
    let name = digest.to_string();
    Path::from_iter([&name[..2], &name])
}

/// Bytes of no pattern that a part's length could hide.
pub(crate) fn bytes(len: usize) -> Bytes {
    (0..len).map(|i| u8::try_from((i * 31 + i / 251) % 256).unwrap()).collect::<Vec<u8>>().into()
}

impl Place {
    /// Lays foreign things into the place.
    pub(crate) async fn raw_noise(&self) {
        let digest = Digest::of("elsewhere").to_string();
        for key in ["README", "ab/notes.txt", &format!("zz/{digest}"), "unfinished/half"] {
            self.raw.put(&Path::from(key), Bytes::from_static(b"noise").into()).await.unwrap();
        }
    }

    /// Changes whenever an object is written.
    pub(crate) async fn raw_state(&self, digest: &Digest) -> impl PartialEq + std::fmt::Debug + use<> {
        let meta = self.raw.head(&path(digest)).await.unwrap();
        (meta.last_modified, meta.e_tag)
    }
}
