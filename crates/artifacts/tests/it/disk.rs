//! What holds on a directory only.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, SystemTime};

use artifacts::{Address, Store, StoreError};
use bytes::Bytes;
use futures::stream;
use kernel::{Clock as _, Digest, Fault as _, SystemClock};

use crate::child;
use crate::place::bytes;

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
    fn root(&self) -> PathBuf {
        self.dir.path().join("artifacts")
    }

    fn file(&self, digest: &Digest) -> PathBuf {
        let name = digest.to_string();
        self.root().join(&name[..2]).join(name)
    }
}

#[tokio::test]
async fn bytes_already_kept_are_not_written_again() {
    let s = scratch();
    let stored = s.store.put(Bytes::from_static(b"once")).await.unwrap();
    let written = fs::metadata(s.file(&stored.digest)).unwrap().modified().unwrap();
    s.store.put(Bytes::from_static(b"once")).await.unwrap();
    assert_eq!(fs::metadata(s.file(&stored.digest)).unwrap().modified().unwrap(), written);
}

/// As if the object had been written a day ago.
fn age(file: &Path) {
    let day = SystemTime::from(SystemClock.now()) - Duration::from_hours(24);
    fs::File::open(file).unwrap().set_modified(day).unwrap();
}

#[tokio::test]
async fn an_old_object_that_is_put_again_is_not_unused() {
    let s = scratch();
    let hour_ago = SystemTime::from(SystemClock.now()) - Duration::from_hours(1);
    let digest = s.store.put(bytes(1 << 20)).await.unwrap().digest;
    age(&s.file(&digest));
    s.store.put(bytes(1 << 20)).await.unwrap();
    assert!(!s.store.delete_unused(&digest, hour_ago).await.unwrap());
    age(&s.file(&digest));
    s.store.put_stream(stream::iter([Ok(bytes(1 << 20))])).await.unwrap();
    assert!(!s.store.delete_unused(&digest, hour_ago).await.unwrap());
    age(&s.file(&digest));
    assert!(s.store.delete_unused(&digest, hour_ago).await.unwrap());
    assert!(!s.file(&digest).exists());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_put_is_there_whoever_deletes_what_is_unused_at_the_same_time() {
    let s = scratch();
    let hour_ago = SystemTime::from(SystemClock.now()) - Duration::from_hours(1);
    let digest = Digest::of(bytes(300_000));
    for round in 0..200 {
        s.store.put(bytes(300_000)).await.unwrap();
        age(&s.file(&digest));
        let (mine, other) = (s.store.clone(), Store::local(s.root()).unwrap());
        let deleting = tokio::spawn(async move { other.delete_unused(&digest, hour_ago).await });
        if round % 2 == 0 {
            mine.put(bytes(300_000)).await.unwrap();
        } else {
            mine.put_stream(stream::iter([Ok(bytes(300_000))])).await.unwrap();
        }
        deleting.await.unwrap().unwrap();
        assert!(s.file(&digest).exists(), "round {round}");
    }
}

#[test]
fn a_directory_that_cannot_be_written_is_named_when_the_store_opens() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("a-file");
    fs::write(&file, b"").unwrap();
    let error = Store::local(file.join("artifacts")).unwrap_err();
    assert!(error.to_string().contains("a-file/artifacts cannot be used"), "{error}");

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
async fn a_store_opened_for_reading_touches_nothing() {
    let s = scratch();
    let stored = s.store.put(Bytes::from_static(b"evidence")).await.unwrap();
    fs::remove_dir(s.root().join("unfinished")).unwrap();
    let reading = Store::open_for_reading(&Address::Directory(s.root())).unwrap();
    assert_eq!(reading.reader().get(&stored.digest).await.unwrap(), "evidence");
    assert!(!s.root().join("unfinished").exists());
    let absent = Address::Directory(s.dir.path().join("absent"));
    assert_eq!(Store::open_for_reading(&absent).unwrap_err().code(), "ARTIFACT_DIRECTORY_UNUSABLE");
    assert!(!s.dir.path().join("absent").exists());
}

#[tokio::test]
async fn a_directory_that_vanished_fails_the_put() {
    let s = scratch();
    fs::remove_dir_all(s.root()).unwrap();
    fs::write(s.root(), b"in the way").unwrap();
    let error = s.store.put(Bytes::from_static(b"x")).await.unwrap_err();
    assert_eq!(error.code(), "ARTIFACT_WRITE_FAILED");
    assert_eq!(s.store.ready().await.unwrap_err().code(), "ARTIFACT_WRITE_FAILED");
}

#[tokio::test]
async fn what_a_crash_left_behind_is_swept_once_it_is_old_and_objects_stay() {
    let s = scratch();
    let stored = s.store.put(Bytes::from_static(b"kept")).await.unwrap();
    let staged = s.root().join("unfinished/left-behind");
    fs::write(&staged, b"half").unwrap();
    let written = fs::metadata(&staged).unwrap().modified().unwrap();

    assert_eq!(s.store.sweep_unfinished(written).await.unwrap(), 0);
    assert_eq!(s.store.sweep_unfinished(written + Duration::from_secs(1)).await.unwrap(), 1);
    assert!(!staged.exists() && s.file(&stored.digest).exists());
    assert_eq!(s.store.sweep_unfinished(SystemTime::UNIX_EPOCH).await.unwrap(), 0);
}

#[test]
fn only_the_owner_reads_files_and_directories_whatever_the_umask_says() {
    for umask in ["000", "022", "077"] {
        let shell = format!("umask {umask}; exec \"$0\" \"$@\"");
        child::run(&["sh", "-c", &shell], "disk::under_another_umask").unwrap();
    }
}

#[tokio::test]
#[ignore = "its parent runs it"]
async fn under_another_umask() {
    if !child::is_asked() {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().join("data/artifacts");
    let store = Store::local(&root).unwrap();
    store.put(Bytes::from_static(b"small")).await.unwrap();
    store.put_stream(stream::iter([Ok(bytes(1 << 20))])).await.unwrap();
    let mut seen = 0;
    look(&root.join(".."), &mut seen);
    assert_eq!(seen, 7, "data, artifacts, unfinished, two shards with a file each");
}

fn look(path: &Path, seen: &mut usize) {
    let metadata = fs::metadata(path).unwrap();
    let expected = if metadata.is_dir() { 0o700 } else { 0o600 };
    assert_eq!(metadata.permissions().mode() & 0o7777, expected, "{}", path.display());
    *seen += 1;
    if metadata.is_dir() {
        for entry in fs::read_dir(path).unwrap() {
            look(&entry.unwrap().path(), seen);
        }
    }
}

#[test]
fn a_full_disk_is_said_and_work_goes_on_when_there_is_space_again() {
    let shell = "mkdir -p \"$TMPDIR\" && mount -t tmpfs -o size=4m none \"$TMPDIR\" 2>/dev/null || exit 77; exec \"$0\" \"$@\"";
    let dir = tempfile::tempdir().unwrap();
    let tmpdir = format!("TMPDIR={}", dir.path().join("small").display());
    let unshared = ["env", &tmpdir, "unshare", "--mount", "--map-root-user", "sh", "-c", shell];
    let may_mount =
        std::process::Command::new("unshare").args(["--mount", "--map-root-user", "true"]).status();
    let ran = may_mount
        .is_ok_and(|status| status.success())
        .then(|| child::run(&unshared, "disk::on_a_small_disk"));
    if ran.flatten().is_none() {
        child::skipped("a full disk needs the right to mount one");
    }
}

#[tokio::test]
#[ignore = "its parent runs it"]
async fn on_a_small_disk() {
    if !child::is_asked() {
        return;
    }
    let s = scratch();
    let kept = s.store.put(bytes(1 << 20)).await.unwrap();
    let large = bytes(8 << 20);
    let failed = [
        s.store.put(large.clone()).await.unwrap_err(),
        s.store.put_stream(stream::iter([Ok(large)])).await.unwrap_err(),
    ];
    for error in failed {
        assert!(matches!(error, StoreError::Full { .. }), "{error:?}");
        assert_eq!((error.code(), error.class()), ("STORAGE_FULL", kernel::Class::StorageFull));
    }
    assert_eq!(fs::read_dir(s.root().join("unfinished")).unwrap().count(), 0);
    s.store.put(bytes(1 << 19)).await.unwrap();
    s.store.reader().get(&kept.digest).await.unwrap();
}

#[tokio::test]
async fn what_is_no_file_is_said_and_never_read() {
    let s = scratch();
    let stored = s.store.put(Bytes::from_static(b"evidence")).await.unwrap();
    let (digest, file) = (stored.digest, s.file(&stored.digest));
    let pipe = || assert!(Command::new("mkfifo").arg(&file).status().unwrap().success());
    let link = || symlink("/dev/zero", &file).unwrap();
    let dir = || fs::create_dir(&file).unwrap();
    for (put, found) in [(&pipe as &dyn Fn(), "a pipe"), (&link, "a link"), (&dir, "a directory")] {
        fs::remove_file(&file).unwrap();
        put();
        let looked = async {
            let check = s.store.reader().check(&digest).await.unwrap_err();
            assert!(check.to_string().contains(found), "{check}");
            for refused in [
                s.store.reader().get(&digest).await.unwrap_err(),
                s.store.reader().get_stream(&digest).await.map(drop).unwrap_err(),
                s.store.reader().get_range(&digest, 0..1).await.unwrap_err(),
                s.store.reader().vouch(&digest).await.unwrap_err(),
            ] {
                assert_eq!(refused.code(), "ARTIFACT_NOT_A_FILE");
            }
        };
        tokio::time::timeout(Duration::from_secs(10), looked).await.expect("nothing is waited for");
        // What is wrong is put right by the next who has the bytes, where a name can be replaced.
        if file.is_dir() {
            fs::remove_dir(&file).unwrap();
        }
        s.store.put(Bytes::from_static(b"evidence")).await.unwrap();
        assert_eq!(s.store.reader().get(&digest).await.unwrap(), "evidence");
    }
}
