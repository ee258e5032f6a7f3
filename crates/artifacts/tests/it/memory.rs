//! A large object passes through a small memory.
#![cfg(target_os = "linux")]

use bytes::Bytes;
use futures::{StreamExt as _, TryStreamExt as _, stream};

use crate::child;
use crate::place::Place;

const PIECES: u64 = 1600;
const PIECE: usize = 64 * 1024;
/// A tenth of what passes through would be too much already if it grew with it.
const MAX_GROWTH_KB: u64 = 40 * 1024;

#[test]
fn a_hundred_megabytes_pass_through_a_directory() {
    child::run(&["env"], "memory::on_disk").unwrap();
}

#[test]
fn a_hundred_megabytes_pass_through_s3() {
    if crate::s3::server().is_some() {
        child::run(&["env"], "memory::on_s3").unwrap();
    }
}

#[test]
#[ignore = "its parent runs it"]
fn on_disk() {
    if child::is_asked() {
        test_support::block_on(pass_through(Place::disk()));
    }
}

#[test]
#[ignore = "its parent runs it"]
fn on_s3() {
    if child::is_asked() {
        test_support::block_on(pass_through(Place::s3().unwrap()));
    }
}

async fn pass_through(place: Place) {
    // What the first request loads is not of the stream.
    place.store.put(Bytes::from_static(b"warm")).await.unwrap();
    let before = peak_kb();
    let pieces = stream::iter(0..PIECES).map(|i| {
        let mut piece = vec![0; PIECE];
        piece[..8].copy_from_slice(&i.to_le_bytes());
        Ok(Bytes::from(piece))
    });
    let stored = place.store.put_stream(pieces).await.unwrap();
    let size = PIECES * PIECE as u64;
    assert_eq!(stored.size_bytes, size);
    let (_, pieces) = place.store.reader().get_stream(&stored.digest).await.unwrap();
    let read: u64 = pieces
        .map_ok(|piece| piece.len() as u64)
        .try_fold(0, |sum, n| async move { Ok(sum + n) })
        .await
        .unwrap();
    assert_eq!(read, size);
    place.store.reader().vouch(&stored.digest).await.unwrap();
    let growth = peak_kb() - before;
    assert!(growth < MAX_GROWTH_KB, "the peak grew by {growth} kB");
}

/// The most memory this process ever had.
fn peak_kb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}
