//! The store on a real directory.
#![expect(clippy::unwrap_used, reason = "a helper that fails fails its test")]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use artifacts::{Store, StoreError};
use bytes::Bytes;
use kernel::{Digest, Fault};

struct Scratch {
    dir: tempfile::TempDir,
    store: Store,
}

fn scratch() -> Scratch {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::local(dir.path().join("artifacts")).unwrap();
    Scratch { dir, store }
}

impl Scratch {
    fn file(&self, digest: &Digest) -> PathBuf {
        let name = digest.to_string();
        self.dir.path().join("artifacts").join(&name[..2]).join(name)
    }

    fn files(&self) -> Vec<PathBuf> {
        let shards = fs::read_dir(self.dir.path().join("artifacts")).unwrap();
        shards
            .flat_map(|shard| fs::read_dir(shard.unwrap().path()).unwrap())
            .map(|f| f.unwrap().path())
            .collect()
    }
}

#[tokio::test]
async fn what_was_put_is_got_under_its_digest() {
    let s = scratch();
    for size in [0, 1, 70_000, 1 << 20] {
        let bytes = Bytes::from(vec![7; size]);
        let stored = s.store.put(bytes.clone()).await.unwrap();
        assert_eq!(stored.digest, Digest::of(&bytes));
        assert_eq!(stored.size_bytes, size as u64);
        assert!(s.store.exists(&stored.digest).await.unwrap());
        assert_eq!(s.store.get(&stored.digest).await.unwrap(), bytes);
    }
}

#[tokio::test]
async fn an_object_survives_the_store_that_wrote_it() {
    let s = scratch();
    let stored = s.store.put(Bytes::from_static(b"kept")).await.unwrap();
    let again = Store::local(s.dir.path().join("artifacts")).unwrap();
    assert_eq!(again.get(&stored.digest).await.unwrap(), "kept");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn concurrent_puts_of_the_same_bytes_leave_one_object() {
    let s = scratch();
    let bytes = Bytes::from(vec![9; 200_000]);
    let tasks: Vec<_> = (0..16)
        .map(|_| {
            let (store, bytes) = (s.store.clone(), bytes.clone());
            tokio::spawn(async move { store.put(bytes).await })
        })
        .collect();
    for task in tasks {
        assert_eq!(task.await.unwrap().unwrap().digest, Digest::of(&bytes));
    }
    assert_eq!(s.files(), [s.file(&Digest::of(&bytes))]);
}

#[tokio::test]
async fn bytes_already_kept_are_not_written_again() {
    let s = scratch();
    let stored = s.store.put(Bytes::from_static(b"once")).await.unwrap();
    let written = fs::metadata(s.file(&stored.digest)).unwrap().modified().unwrap();
    s.store.put(Bytes::from_static(b"once")).await.unwrap();
    assert_eq!(fs::metadata(s.file(&stored.digest)).unwrap().modified().unwrap(), written);
}

#[tokio::test]
async fn changed_or_truncated_bytes_are_detected_and_a_new_put_heals_them() {
    let s = scratch();
    let stored = s.store.put(Bytes::from_static(b"honest")).await.unwrap();
    for damage in [b"forged".as_slice(), b"hon", b""] {
        fs::write(s.file(&stored.digest), damage).unwrap();
        let error = s.store.get(&stored.digest).await.unwrap_err();
        assert!(
            matches!(error, StoreError::Tampered { found, .. } if found == Digest::of(damage)),
            "{error}"
        );
        assert_eq!(error.code(), "ARTIFACT_TAMPERED");
        s.store.put(Bytes::from_static(b"honest")).await.unwrap();
        assert_eq!(s.store.get(&stored.digest).await.unwrap(), "honest");
    }
}

#[tokio::test]
async fn an_unknown_object_is_missing() {
    let s = scratch();
    let digest = Digest::of("never put");
    assert!(!s.store.exists(&digest).await.unwrap());
    assert!(matches!(s.store.get(&digest).await, Err(StoreError::Missing { .. })));
}

#[test]
fn a_directory_that_cannot_be_written_is_named_when_the_store_opens() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("a-file");
    fs::write(&file, b"").unwrap();
    let error = Store::local(file.join("artifacts")).unwrap_err();
    assert!(error.to_string().contains("a-file/artifacts cannot be written"), "{error}");

    let read_only = dir.path().join("read-only");
    fs::create_dir(&read_only).unwrap();
    fs::set_permissions(&read_only, fs::Permissions::from_mode(0o555)).unwrap();
    // The superuser writes everywhere, so the second half says nothing there.
    if fs::write(read_only.join("probe"), b"").is_err() {
        let error = Store::local(&read_only).unwrap_err();
        assert_eq!(error.code(), "ARTIFACT_DIRECTORY_UNUSABLE");
    }
}

#[tokio::test]
async fn a_directory_that_vanished_fails_the_put() {
    let s = scratch();
    fs::remove_dir_all(s.dir.path().join("artifacts")).unwrap();
    fs::write(s.dir.path().join("artifacts"), b"in the way").unwrap();
    let error = s.store.put(Bytes::from_static(b"x")).await.unwrap_err();
    assert_eq!(error.code(), "ARTIFACT_WRITE_FAILED");
}

#[tokio::test]
async fn interrupted_writes_are_swept_once_they_are_old_and_objects_stay() {
    let s = scratch();
    let stored = s.store.put(Bytes::from_static(b"kept")).await.unwrap();
    let object = s.file(&stored.digest);
    let staged = object.with_file_name(format!("{}#1", stored.digest));
    fs::write(&staged, b"half").unwrap();
    let written = fs::metadata(&staged).unwrap().modified().unwrap();

    assert_eq!(s.store.sweep_unfinished(written).await.unwrap(), 0);
    assert_eq!(s.store.sweep_unfinished(written + Duration::from_secs(1)).await.unwrap(), 1);
    assert_eq!(s.files(), [object]);
    assert_eq!(s.store.sweep_unfinished(SystemTime::UNIX_EPOCH).await.unwrap(), 0);
}
