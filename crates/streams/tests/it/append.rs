//! Appending, by one and by many.

use futures::future::join_all;
use kernel::Fault as _;
use streams::{Error, Streams};
use test_support::on_both_databases;

use crate::support::{FOREIGN, Fixture, TENANT, append, path, plain, produce};

fn code<T: std::fmt::Debug>(result: Result<T, Error>) -> &'static str {
    result.unwrap_err().code()
}

on_both_databases! {
    async fn a_stream_is_what_was_appended_in_that_order(db: TestDb) {
        let it = Fixture::new(db);
        assert!(it.create("a", plain()).await.unwrap());
        assert!(!it.create("a", plain()).await.unwrap());
        let ends = [it.append("a", "one ").await.unwrap().end, it.append("a", "two").await.unwrap().end];
        assert!(ends.is_sorted());
        assert_eq!(it.text("a").await.unwrap(), "one two");
        assert!(it.close("a").await.unwrap().is_closed);
        assert_eq!(it.followed("a").await, "one two");
        assert_eq!(code(it.append("a", "three").await), "STREAM_CLOSED");
        assert!(it.close("a").await.unwrap().is_closed);
    }

    async fn appends_of_many_at_once_are_all_stored_once(db: TestDb) {
        let it = Fixture::new(db);
        it.create("a", plain()).await.unwrap();
        let texts: Vec<String> = (0..200).map(|n| format!("<{n}>")).collect();
        let appended = join_all(texts.iter().map(|text| it.append("a", text))).await;
        let mut ends: Vec<_> = appended.into_iter().map(|appended| appended.unwrap().end).collect();
        ends.sort();
        ends.dedup();
        assert_eq!(ends.len(), 200);
        let whole = it.text("a").await.unwrap();
        assert!(texts.iter().all(|text| whole.matches(text.as_str()).count() == 1));
    }

    async fn writers_of_two_processes_lose_nothing_of_each_other(db: TestDb) {
        let it = Fixture::new(db);
        let other = it.beside();
        it.create("a", plain()).await.unwrap();
        let write = async |streams: &Streams, name: &str| {
            for n in 0..20 {
                while append(streams, "a", &format!("<{name}{n}>")).await.is_err() {}
            }
        };
        tokio::join!(write(&it.streams, "x"), write(&other, "y"));
        let whole = it.text("a").await.unwrap();
        for n in 0..20 {
            for name in ["x", "y"] {
                assert_eq!(whole.matches(&format!("<{name}{n}>")).count(), 1, "{whole}");
            }
        }
    }

    async fn a_producer_is_known_to_the_next_writer_of_the_stream(db: TestDb) {
        let it = Fixture::new(db);
        it.create("a", plain()).await.unwrap();
        for seq in 0..5 {
            produce(&it.streams, "a", &format!("{seq}"), 1, seq).await.unwrap();
        }
        let next = it.beside();
        let again = produce(&next, "a", "4", 1, 4).await.unwrap();
        assert!(again.is_duplicate && again.producer == Some((1, 4)));
        assert_eq!(code(produce(&next, "a", "x", 1, 6).await), "PRODUCER_GAP");
        assert_eq!(code(produce(&next, "a", "x", 0, 5).await), "PRODUCER_STALE_EPOCH");
        produce(&next, "a", "5", 2, 0).await.unwrap();
        assert_eq!(code(produce(&it.streams, "a", "x", 1, 5).await), "PRODUCER_STALE_EPOCH");
        assert_eq!(it.text("a").await.unwrap(), "012345");
    }

    async fn an_append_goes_on_when_whoever_asked_has_left_and_none_after_it_lags(db: TestDb) {
        let it = Fixture::new(db);
        it.create("a", plain()).await.unwrap();
        it.append("a", "<first>").await.unwrap();
        for n in 0..20 {
            let (streams, text) = (it.streams.clone(), format!("<left{n}>"));
            let left = tokio::spawn(async move { append(&streams, "a", &text).await });
            tokio::task::yield_now().await;
            left.abort();
            let end = it.append("a", &format!("<{n}>")).await.unwrap().end;
            let stream = it.streams.reader().find(TENANT, &path("a")).await.unwrap();
            assert!(stream.end() >= end && it.text("a").await.unwrap().contains(&format!("<{n}>")));
        }
        let whole = it.text("a").await.unwrap();
        for n in 0..20 {
            assert_eq!(whole.matches(&format!("<{n}>")).count(), 1);
            assert!(whole.matches(&format!("<left{n}>")).count() <= 1);
        }
    }

    async fn another_tenant_finds_what_is_not_there(db: TestDb) {
        let it = Fixture::new(db);
        it.create("a", plain()).await.unwrap();
        let reader = it.streams.reader();
        let foreign = reader.find(FOREIGN, &path("a")).await.unwrap_err();
        let unknown = reader.find(TENANT, &path("b")).await.unwrap_err();
        assert_eq!((foreign.code(), foreign.to_string()), (unknown.code(), unknown.to_string()));
        assert_eq!(code(it.streams.delete(FOREIGN, &path("a")).await), "STREAM_NOT_FOUND");
        let (mine, is_new) = it.streams.create(FOREIGN, &path("a"), &plain()).await.unwrap();
        assert!(is_new && reader.find(TENANT, &path("a")).await.unwrap().id() != mine.id());
    }
}
