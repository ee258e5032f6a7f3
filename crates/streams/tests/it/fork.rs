//! Forks: what they share, and how long.

use kernel::Fault as _;
use streams::{Config, Error, Fork, Offset};
use test_support::on_both_databases;

use crate::support::{Fixture, path, plain};

fn fork(source: &str, after: Option<Offset>, more: u64) -> Config<'static> {
    let fork = Some(Fork { source: path(source), after, more });
    Config { content_type: None, fork, ..plain() }
}

fn code<T: std::fmt::Debug>(result: Result<T, Error>) -> &'static str {
    result.unwrap_err().code()
}

on_both_databases! {
    async fn a_fork_shares_what_lies_before_it_and_nothing_else(db: TestDb) {
        let it = Fixture::new(db);
        it.create("a", plain()).await.unwrap();
        let middle = it.append("a", "one ").await.unwrap().end;
        it.append("a", "two ").await.unwrap();
        it.create("b", fork("a", Some(middle), 0)).await.unwrap();
        it.create("c", fork("b", None, 0)).await.unwrap();
        it.create("d", fork("a", Some(middle), 2)).await.unwrap();
        for (at, text) in [("a", "A"), ("b", "B"), ("c", "C"), ("d", "D")] {
            it.append(at, text).await.unwrap();
            it.close(at).await.unwrap();
        }
        for (at, text) in [("a", "one two A"), ("b", "one B"), ("c", "one C"), ("d", "one twD")] {
            assert_eq!(it.text(at).await.unwrap(), text);
            assert_eq!(it.followed(at).await, text);
        }
    }

    async fn a_fork_keeps_its_source_as_long_as_it_is(db: TestDb) {
        let it = Fixture::new(db);
        it.create("a", Config { body: b"one", ..plain() }).await.unwrap();
        it.create("b", fork("a", None, 0)).await.unwrap();
        it.create("c", fork("b", None, 0)).await.unwrap();
        it.delete("a").await.unwrap();
        it.delete("b").await.unwrap();
        assert_eq!(code(it.text("a").await), "STREAM_GONE");
        assert_eq!(code(it.create("a", plain()).await), "STREAM_PATH_HELD");
        assert_eq!(code(it.create("e", fork("a", None, 0)).await), "STREAM_SOURCE_GONE");
        assert_eq!(it.text("c").await.unwrap(), "one");
        it.delete("c").await.unwrap();
        for at in ["a", "b", "c"] {
            assert_eq!(code(it.text(at).await), "STREAM_NOT_FOUND");
            assert!(it.create(at, plain()).await.unwrap());
        }
    }

    async fn a_place_that_is_not_there_is_refused_and_nothing_is_made(db: TestDb) {
        let it = Fixture::new(db);
        it.create("a", plain()).await.unwrap();
        let end = it.append("a", "one").await.unwrap().end;
        it.create("far", plain()).await.unwrap();
        it.append("far", "x").await.unwrap();
        let beyond = it.append("far", "x").await.unwrap().end;
        for config in [fork("a", Some(beyond), 0), fork("a", Some(end), 1), fork("a", Some(Offset::START), 4)] {
            assert_eq!(code(it.create("b", config).await), "STREAM_REQUEST");
        }
        assert_eq!(code(it.create("b", fork("none", None, 0)).await), "STREAM_NOT_FOUND");
        it.delete("a").await.unwrap();
        assert_eq!(code(it.text("a").await), "STREAM_NOT_FOUND");
    }
}
