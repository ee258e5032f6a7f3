//! Pages: capped by rows and by bytes, and the same from anywhere.

use ledger::MAX_FRAME_BYTES;
use test_support::on_both_databases;

use crate::support::{Fixture, RUN, TENANT, frames};

on_both_databases! {
    async fn pages_of_any_size_join_to_the_whole(db: TestDb) {
        let fixture = Fixture::new(db).await;
        for first in [1, 2, 4, 8, 16, 32, 64, 128] {
            fixture.append(first, frames(first..first * 2)).await.unwrap();
        }
        for limit in [1, 2, 3, 7, 100, 255, 1000] {
            let mut seen = Vec::new();
            loop {
                let page = fixture.ledger.reader().page(TENANT, RUN, seen.len() as u64, limit).await.unwrap();
                assert!(page.frames.len() <= limit);
                assert!(page.frames.iter().zip(seen.len() as u64 + 1..).all(|((seq, _), expected)| *seq == expected));
                seen.extend(page.frames.into_iter().map(|(_, frame)| frame));
                assert_eq!(page.is_end, seen.len() == 255);
                if page.is_end {
                    break;
                }
            }
            assert_eq!(seen, frames(1..=255));
        }
    }

    async fn a_page_knows_the_head_and_whether_more_may_come(db: TestDb) {
        let fixture = Fixture::new(db).await;
        let empty = fixture.ledger.reader().page(TENANT, RUN, 0, 10).await.unwrap();
        assert_eq!((empty.frames.len(), empty.is_end, empty.head.seq), (0, true, 0));
        let head = fixture.append(1, frames(1..=5)).await.unwrap();
        let page = fixture.ledger.reader().page(TENANT, RUN, 0, 5).await.unwrap();
        assert_eq!((page.frames.len(), page.is_end, page.head), (5, true, head));
        let head = fixture.close(RUN, 6, &frames(6..=6)).await.unwrap();
        let page = fixture.ledger.reader().page(TENANT, RUN, 0, 5).await.unwrap();
        assert_eq!((page.is_end, page.head), (false, head));
        for after in [6, 7, u64::MAX] {
            let page = fixture.ledger.reader().page(TENANT, RUN, after, 5).await.unwrap();
            assert_eq!((page.frames.len(), page.is_end), (0, true));
        }
        let none = fixture.ledger.reader().page(TENANT, RUN, 0, 0).await.unwrap();
        assert_eq!((none.frames.len(), none.is_end), (0, false));
    }

    async fn a_page_is_capped_by_bytes_but_never_empty(db: TestDb) {
        let fixture = Fixture::new(db).await;
        let half = "x".repeat(MAX_FRAME_BYTES / 2 - 1);
        let whole = "y".repeat(MAX_FRAME_BYTES);
        let given = vec![half.clone(), half.clone(), half, whole.clone()];
        fixture.append(1, given.clone()).await.unwrap();
        fixture.append(5, vec![whole]).await.unwrap();
        for (after, expected) in [(0, 2), (1, 2), (2, 1), (3, 1), (4, 1)] {
            let page = fixture.ledger.reader().page(TENANT, RUN, after, 1000).await.unwrap();
            assert_eq!(page.frames.len(), expected, "after {after}");
        }
    }
}
