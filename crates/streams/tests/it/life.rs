//! Ends of streams.

use futures::StreamExt as _;
use kernel::Fault as _;
use streams::{Config, Lifetime, Offset};
use test_support::on_both_databases;

use crate::support::{Fixture, TENANT, append, path, plain};

fn living(seconds: i64) -> Config<'static> {
    Config { lifetime: Lifetime::Ttl(seconds), ..plain() }
}

on_both_databases! {
    async fn a_deleted_stream_stays_deleted_for_every_process(db: TestDb) {
        let it = Fixture::new(db);
        let other = it.beside();
        it.create("a", plain()).await.unwrap();
        append(&other, "a", "x").await.unwrap();
        it.delete("a").await.unwrap();
        assert_eq!(append(&other, "a", "y").await.unwrap_err().code(), "STREAM_NOT_FOUND");
        assert_eq!(append(&it.beside(), "a", "y").await.unwrap_err().code(), "STREAM_NOT_FOUND");
        assert_eq!(it.delete("a").await.unwrap_err().code(), "STREAM_NOT_FOUND");
        it.create("a", plain()).await.unwrap();
        append(&other, "a", "new").await.unwrap();
        assert_eq!(it.text("a").await.unwrap(), "new");
    }

    async fn a_follower_of_a_deleted_stream_comes_to_an_end(db: TestDb) {
        let it = Fixture::new(db);
        it.create("a", Config { body: b"x", ..plain() }).await.unwrap();
        let reader = it.streams.reader();
        let stream = reader.find(TENANT, &path("a")).await.unwrap();
        let mut parts = reader.follow(&stream, Offset::START).boxed();
        assert_eq!(parts.next().await.unwrap().unwrap().content, b"x");
        let (end, deleted) = tokio::join!(parts.next(), it.delete("a"));
        deleted.unwrap();
        assert!(end.is_none());
    }

    async fn reads_and_appends_let_a_stream_live_on_and_asking_about_it_does_not(db: TestDb) {
        let it = Fixture::new(db);
        it.create("a", living(10)).await.unwrap();
        for _ in 0..3 {
            it.clock.advance(std::time::Duration::from_secs(6));
            let stream = it.streams.reader().find(TENANT, &path("a")).await.unwrap();
            it.streams.reader().touch(&stream);
            it.streams.sweep().await.unwrap();
        }
        it.clock.advance(std::time::Duration::from_secs(6));
        it.append("a", "x").await.unwrap();
        it.clock.advance(std::time::Duration::from_secs(6));
        it.text("a").await.unwrap();
        it.clock.advance(std::time::Duration::from_secs(4));
        for _ in 0..2 {
            assert_eq!(it.text("a").await.unwrap_err().code(), "STREAM_NOT_FOUND");
            assert_eq!(it.append("a", "x").await.unwrap_err().code(), "STREAM_NOT_FOUND");
            it.streams.sweep().await.unwrap();
        }
        assert!(it.create("a", plain()).await.unwrap());
    }

    async fn that_a_stream_was_read_is_written_down_by_the_sweep_alone(db: TestDb) {
        let it = Fixture::new(db);
        it.create("a", living(10)).await.unwrap();
        let other = it.beside();
        it.clock.advance(std::time::Duration::from_secs(9));
        let stream = it.streams.reader().find(TENANT, &path("a")).await.unwrap();
        it.streams.reader().touch(&stream);
        it.clock.advance(std::time::Duration::from_secs(5));
        assert!(other.reader().find(TENANT, &path("a")).await.is_err());
        it.streams.sweep().await.unwrap();
        assert!(other.reader().find(TENANT, &path("a")).await.is_ok());
    }
}
