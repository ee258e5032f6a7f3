//! Uploads that end, that break off and that are dropped.

use std::io;
use std::time::{Duration, SystemTime};

use artifacts::StoreError;
use bytes::Bytes;
use futures::stream;
use kernel::{Clock as _, Digest, Fault as _, SystemClock};
use proptest::prelude::*;
use tokio::sync::mpsc;

use crate::place::{Place, bytes, path};
use crate::s3;

/// More than one part in every place.
const LARGE: usize = 12 * 1024 * 1024 + 17;

fn in_pieces(bytes: &Bytes, size: usize) -> Vec<io::Result<Bytes>> {
    bytes.chunks(size).map(|piece| Ok(Bytes::copy_from_slice(piece))).collect()
}

fn tomorrow() -> SystemTime {
    SystemTime::from(SystemClock.now()) + Duration::from_hours(24)
}

on_both_places! {
    async fn a_stream_is_kept_under_the_digest_of_all_its_bytes(place: Place) {
        let all = bytes(LARGE);
        for (len, size) in [(0, 1), (1, 1), (1000, 1), (262_144, 1000), (5 * 1024 * 1024, 777_777), (LARGE, 100_003)] {
            let bytes = all.slice(..len);
            let stored = place.store.put_stream(stream::iter(in_pieces(&bytes, size))).await.unwrap();
            assert_eq!((stored.digest, stored.size_bytes), (Digest::of(&bytes), len as u64));
            assert!(place.store.reader().get(&stored.digest).await.unwrap() == bytes, "{len} bytes");
        }
        assert_eq!(place.keys().await.len(), 6, "nothing else is left: {:?}", place.keys().await);
    }

    async fn a_stream_that_fails_leaves_nothing(place: Place) {
        let mut pieces = in_pieces(&bytes(LARGE), 1 << 20);
        pieces.push(Err(io::Error::other("the sender is gone")));
        let error = place.store.put_stream(stream::iter(pieces)).await.unwrap_err();
        assert!(matches!(error, StoreError::BrokenOff { received, .. } if received == LARGE as u64), "{error}");
        assert_eq!(error.code(), "UPLOAD_BROKEN_OFF");
        assert_eq!(place.keys().await, Vec::<String>::new());
    }

    async fn an_upload_has_no_name_before_its_end_and_leaves_nothing_once_it_was_dropped_and_swept(place: Place) {
        let kept = place.store.put(Bytes::from_static(b"kept")).await.unwrap().digest;
        let (send, receive) = mpsc::channel::<Bytes>(1);
        let pieces = stream::unfold(receive, |mut receive| async { Some((Ok(receive.recv().await?), receive)) });
        let store = place.store.clone();
        let upload = tokio::spawn(async move { store.put_stream(pieces).await });
        send.send(bytes(LARGE)).await.unwrap();
        while place.keys().await.len() < 2 {
            tokio::task::yield_now().await;
        }
        let (named, unfinished): (Vec<_>, Vec<_>) =
            place.keys().await.into_iter().partition(|key| !key.starts_with("unfinished/"));
        assert_eq!((named, unfinished.len()), (vec![path(&kept).to_string()], 1));

        upload.abort();
        assert!(upload.await.unwrap_err().is_cancelled());
        assert_eq!(place.store.sweep_unfinished(SystemTime::UNIX_EPOCH).await.unwrap(), 0);
        place.store.sweep_unfinished(tomorrow()).await.unwrap();
        assert_eq!(place.keys().await, [path(&kept).to_string()]);
        assert_eq!(place.store.sweep_unfinished(tomorrow()).await.unwrap(), 0);
        drop(send);
    }

    async fn a_stream_of_bytes_already_kept_writes_nothing_and_a_damaged_object_is_written_anew(place: Place) {
        let all = bytes(LARGE);
        let digest = place.store.put(all.clone()).await.unwrap().digest;
        let written = place.raw_state(&digest).await;
        let again = || place.store.put_stream(stream::iter(in_pieces(&all, 1 << 20)));
        assert_eq!(again().await.unwrap().digest, digest);
        assert_eq!(place.raw_state(&digest).await, written);
        place.damage(&digest, b"forged".as_slice()).await;
        again().await.unwrap();
        assert!(place.store.reader().get(&digest).await.unwrap() == all);
        assert_eq!(place.keys().await, [path(&digest).to_string()]);
    }
}

#[tokio::test]
async fn an_upload_in_parts_is_no_longer_open_after_the_sweep() {
    let Some(server) = s3::server() else { return };
    let bucket = server.bucket();
    let address = artifacts::Address::parse(&format!("s3://{}", bucket.name)).unwrap();
    let store = artifacts::Store::open_with(&address, bucket.settings()).unwrap();
    let endless = stream::iter(in_pieces(&bytes(LARGE), LARGE));
    let endless = futures::StreamExt::chain(endless, stream::pending());
    let upload = tokio::spawn({
        let store = store.clone();
        async move { store.put_stream(endless).await }
    });
    while bucket.open_uploads() == 0 {
        tokio::task::yield_now().await;
    }
    upload.abort();
    let _cancelled = upload.await;
    // The note may still be on its way.
    while store.sweep_unfinished(tomorrow()).await.unwrap() == 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!(bucket.open_uploads(), 0);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn however_a_stream_is_cut_it_is_the_same_object(len in 0_usize..700_000, cuts in prop::collection::vec(0_usize..700_000, 0..6)) {
        let all = bytes(len);
        let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(len)).chain([0, len]).collect();
        cuts.sort_unstable();
        let pieces: Vec<_> = cuts.windows(2).map(|ends| Ok(all.slice(ends[0]..ends[1]))).collect();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let (stored, got) = runtime.block_on(async {
            let place = Place::disk();
            let stored = place.store.put_stream(stream::iter(pieces)).await.unwrap();
            (stored, place.store.reader().get(&stored.digest).await.unwrap())
        });
        prop_assert_eq!(stored.digest, Digest::of(&all));
        prop_assert!(got == all);
    }
}
