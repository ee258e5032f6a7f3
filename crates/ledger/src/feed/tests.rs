use uuid::Uuid;

use super::*;

const RUN: RunId = RunId(Uuid::from_u128(1));

async fn feeds() -> (test_support::TestDb, Feeds) {
    let db = test_support::sqlite().await;
    let feeds = Feeds::new(db.db.read.clone());
    (db, feeds)
}

#[tokio::test]
async fn nothing_is_kept_for_a_run_nobody_follows() {
    let (_db, feeds) = feeds().await;
    let (first, second) = (feeds.attach(Tenant::LOCAL, RUN, 0), feeds.attach(Tenant::LOCAL, RUN, 7));
    assert!(Arc::ptr_eq(&first.feed, &second.feed), "one run has one feed");
    let feed = Arc::downgrade(&first.feed);
    drop(first);
    assert_eq!(feeds.open().feeds.len(), 1);
    drop(second);
    assert_eq!(feeds.open().feeds.len(), 0);
    feeds.ring(RUN);
    // Its task ends too, and with it the last who held it.
    while feed.strong_count() > 0 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_run_that_cannot_be_read_says_so_to_all_its_viewers_and_is_let_go() {
    let (_db, feeds) = feeds().await;
    let mut viewers = [feeds.attach(Tenant::LOCAL, RUN, 0), feeds.attach(Tenant::LOCAL, RUN, 0)];
    for viewer in &mut viewers {
        let end = loop {
            match viewer.next(0) {
                Next::End(end) => break end,
                _ => viewer.moved().await,
            }
        };
        assert!(matches!(end, Err(Error::UnknownRun { run: RUN })), "{end:?}");
    }
    assert_eq!(feeds.open().feeds.len(), 0);
}

#[tokio::test]
async fn the_database_is_looked_at_as_long_as_something_is_followed() {
    let (_db, feeds) = feeds().await;
    assert!(!feeds.open().is_looking);
    let viewer = feeds.attach(Tenant::LOCAL, RUN, 0);
    assert!(feeds.open().is_looking);
    drop(viewer);
    assert!(feeds.looked_at().is_empty() && !feeds.open().is_looking);
}

#[test]
fn waking_many_takes_pauses_and_waking_few_does_not() {
    let feed = Feed::new(Tenant::LOCAL, RUN, 0);
    let mut viewers: Vec<_> = (0..2).map(|_| feed.moved.subscribe()).collect();
    assert!(feed.pause() < Duration::from_millis(1));
    viewers.extend((0..5000).map(|_| feed.moved.subscribe()));
    assert_eq!(feed.pause(), LONGEST_PAUSE);
}
