//! What holds in every place.

use std::time::{Duration, SystemTime};

use artifacts::{Checked, StoreError};
use bytes::Bytes;
use futures::{StreamExt as _, TryStreamExt as _, stream};
use kernel::{Clock as _, Digest, Fault as _, SystemClock};

use crate::place::bytes;

on_both_places! {
    async fn what_was_put_is_got_under_its_digest(place: Place) {
        for size in [0, 1, 70_000, 1 << 20] {
            let bytes = bytes(size);
            let stored = place.store.put(bytes.clone()).await.unwrap();
            assert_eq!((stored.digest, stored.size_bytes), (Digest::of(&bytes), size as u64));
            assert!(place.store.reader().exists(&stored.digest).await.unwrap());
            assert_eq!(place.store.reader().size(&stored.digest).await.unwrap(), Some(size as u64));
            assert_eq!(place.store.reader().get(&stored.digest).await.unwrap(), bytes);
            let (streamed_size, pieces) = place.store.reader().get_stream(&stored.digest).await.unwrap();
            let pieces: Vec<Bytes> = pieces.try_collect().await.unwrap();
            assert_eq!((streamed_size, pieces.concat()), (size as u64, bytes.to_vec()));
        }
        place.store.ready().await.unwrap();
    }

    async fn an_object_survives_the_store_that_wrote_it(place: Place) {
        let stored = place.store.put(Bytes::from_static(b"kept")).await.unwrap();
        assert_eq!(place.again().reader().get(&stored.digest).await.unwrap(), "kept");
    }

    async fn concurrent_puts_of_the_same_bytes_leave_one_object(place: Place) {
        let bytes = bytes(6_000_000);
        let puts = (0..8).map(|i| {
            let (store, bytes) = (place.store.clone(), bytes.clone());
            tokio::spawn(async move {
                if i % 2 == 0 { store.put(bytes).await } else { store.put_stream(stream::iter([Ok(bytes)])).await }
            })
        });
        for put in futures::future::join_all(puts).await {
            assert_eq!(put.unwrap().unwrap().digest, Digest::of(&bytes));
        }
        assert_eq!(place.keys().await, [crate::place::path(&Digest::of(&bytes)).to_string()]);
        assert_eq!(place.store.reader().get(&Digest::of(&bytes)).await.unwrap(), bytes);
    }

    async fn an_object_that_was_put_lately_does_not_go_as_unused(place: Place) {
        let digest = place.store.put(Bytes::from_static(b"unused")).await.unwrap().digest;
        let now = SystemTime::from(SystemClock.now());
        let hour = Duration::from_hours(1);
        assert!(!place.store.delete_unused(&digest, now - hour).await.unwrap());
        assert!(place.store.reader().exists(&digest).await.unwrap());
        assert!(place.store.delete_unused(&digest, now + hour).await.unwrap());
        assert!(!place.store.reader().exists(&digest).await.unwrap());
        assert!(place.store.delete_unused(&digest, now - hour).await.unwrap(), "it is gone");
    }

    async fn damaged_bytes_are_found_and_a_new_put_heals_them(place: Place) {
        let stored = place.store.put(Bytes::from_static(b"honest")).await.unwrap();
        let digest = stored.digest;
        for damage in [b"forged".as_slice(), b"hon", b""] {
            place.damage(&digest, damage).await;
            let found = Digest::of(damage);
            let error = place.store.reader().get(&digest).await.unwrap_err();
            assert!(matches!(error, StoreError::Tampered { found: f, .. } if f == found), "{error}");
            assert_eq!(error.code(), "ARTIFACT_TAMPERED");
            assert_eq!(place.store.reader().check(&digest).await.unwrap(), Checked::Tampered { found });
            assert_eq!(place.store.reader().vouch(&digest).await.unwrap_err().code(), "ARTIFACT_TAMPERED");
            place.store.put(Bytes::from_static(b"honest")).await.unwrap();
            assert_eq!(place.store.reader().check(&digest).await.unwrap(), Checked::Ok);
        }
    }

    async fn a_stream_of_damaged_bytes_breaks_off_before_the_end(place: Place) {
        let bytes = bytes(3_000_000);
        let digest = place.store.put(bytes.clone()).await.unwrap().digest;
        let mut forged = bytes.to_vec();
        forged[17] ^= 1;
        place.damage(&digest, forged).await;
        let (size, pieces) = place.store.reader().get_stream(&digest).await.unwrap();
        let pieces: Vec<_> = pieces.collect().await;
        let came: u64 = pieces.iter().flatten().map(|piece| piece.len() as u64).sum();
        assert!(came < size, "{came} of {size}");
        assert_eq!(pieces.last().unwrap().as_ref().unwrap_err().code(), "ARTIFACT_TAMPERED");
        assert_eq!(pieces.iter().filter(|piece| piece.is_err()).count(), 1);
    }

    async fn an_object_that_was_vouched_for_is_looked_at_again_once_it_was_written(place: Place) {
        let digest = place.store.put(bytes(100_000)).await.unwrap().digest;
        place.store.reader().vouch(&digest).await.unwrap();
        place.store.reader().vouch(&digest).await.unwrap();
        place.damage(&digest, b"forged".as_slice()).await;
        assert_eq!(place.store.reader().vouch(&digest).await.unwrap_err().code(), "ARTIFACT_TAMPERED");
    }

    async fn ranges_are_the_bytes_asked_for(place: Place) {
        let bytes = bytes(600_000);
        let digest = place.store.put(bytes.clone()).await.unwrap().digest;
        for range in [0..1, 0..600_000, 599_999..600_000, 262_143..262_145, 300_000..300_000] {
            let got = place.store.reader().get_range(&digest, range.clone()).await.unwrap();
            let expected = bytes.slice(usize::try_from(range.start).unwrap()..usize::try_from(range.end).unwrap());
            assert!(got == expected, "{range:?}");
        }
        for range in [600_000..600_001, 0..600_001, 700_000..700_000] {
            let error = place.store.reader().get_range(&digest, range).await.unwrap_err();
            assert!(matches!(error, StoreError::Range { size_bytes: 600_000, .. }), "{error}");
        }
    }

    async fn an_unknown_object_is_missing(place: Place) {
        let digest = Digest::of("never put");
        let store = &place.store;
        assert!(!store.reader().exists(&digest).await.unwrap());
        assert_eq!(store.reader().size(&digest).await.unwrap(), None);
        assert_eq!(store.reader().check(&digest).await.unwrap(), Checked::Missing);
        let errors = [
            store.reader().get(&digest).await.unwrap_err(),
            store.reader().get_stream(&digest).await.err().unwrap(),
            store.reader().get_range(&digest, 0..1).await.unwrap_err(),
            store.reader().vouch(&digest).await.unwrap_err(),
        ];
        assert!(errors.iter().all(|error| error.code() == "ARTIFACT_BYTES_MISSING"), "{errors:?}");
        store.delete(&digest).await.unwrap();
    }

    async fn a_deleted_object_is_gone_and_the_others_are_listed(place: Place) {
        let mut digests = Vec::new();
        for i in 0..20_u8 {
            digests.push(place.store.put(Bytes::from(vec![i; 10])).await.unwrap().digest);
        }
        place.store.delete(&digests.pop().unwrap()).await.unwrap();
        place.raw_noise().await;
        let mut listed: Vec<_> = place.store.reader().list().try_collect().await.unwrap();
        listed.sort_by_key(|object| object.digest);
        digests.sort();
        assert_eq!(listed.iter().map(|object| object.digest).collect::<Vec<_>>(), digests);
        let now = SystemTime::from(SystemClock.now()) + Duration::from_mins(1);
        assert!(listed.iter().all(|object| object.size_bytes == 10 && object.modified < now));
    }
}
