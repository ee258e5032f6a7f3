//! Following: from any point, at any speed, every frame once and in order.

use std::collections::BTreeSet;
use std::pin::pin;

use futures::TryStreamExt;
use futures::future::join_all;
use kernel::{Seed, Stream};
use ledger::{Chunk, Ledger, MAX_FRAME_BYTES};
use test_support::on_both_databases;

use crate::support::{FENCE, Fixture, RUN, TENANT, frames, run};

/// Reads to the end and asserts that exactly the frames after `after` came, once and in order.
async fn follows(ledger: Ledger, after: u64, until: u64) {
    let mut chunks = pin!(ledger.reader().follow(TENANT, RUN, after));
    let mut seen = after;
    while let Some(chunk) = chunks.try_next().await.unwrap() {
        assert!(chunk.lines().len() <= MAX_FRAME_BYTES);
        for (seq, frame) in chunk.frames() {
            seen += 1;
            assert_eq!(seq, seen);
            assert_eq!(frame, frames(seq..=seq)[0]);
        }
        assert_eq!(chunk.last_seq(), seen);
    }
    assert_eq!(seen, until);
}

async fn write(ledger: Ledger, mut random: Stream, last_seq: u64) {
    let mut next = 1;
    while next <= last_seq {
        let last = (next + random.index(20) as u64).min(last_seq);
        ledger.append(RUN, FENCE, next, frames(next..=last)).await.unwrap();
        next = last + 1;
    }
}

on_both_databases! {
    async fn attached_at_any_moment_it_sees_each_frame_once(db: TestDb) {
        const FRAMES: u64 = 2000;
        const FOLLOWERS: usize = 300;
        let fixture = Fixture::new(db).await;
        let writer = tokio::spawn(write(fixture.ledger.clone(), Seed(7).stream("writer"), FRAMES));
        let mut random = Seed(7).stream("attach");
        let mut followers = Vec::new();
        // Each follower attaches where the ledger stands at that moment, somewhat before or somewhat after. They are
        // spread over the whole run by how far the writer is, not by time: a slow machine has no more of them.
        for nth in 0..FOLLOWERS {
            let due = FRAMES * nth as u64 / FOLLOWERS as u64;
            let mut seq = fixture.ledger.reader().head(TENANT, RUN).await.unwrap().seq;
            while seq < due {
                tokio::task::yield_now().await;
                seq = fixture.ledger.reader().head(TENANT, RUN).await.unwrap().seq;
            }
            let after = (seq + random.index(20) as u64).saturating_sub(random.index(40) as u64).min(FRAMES);
            followers.push(tokio::spawn(follows(fixture.ledger.clone(), after, FRAMES + 1)));
        }
        writer.await.unwrap();
        fixture.close(RUN, FRAMES + 1, &frames(FRAMES + 1..=FRAMES + 1)).await.unwrap();
        for follower in join_all(followers).await {
            follower.unwrap();
        }
    }

    async fn a_follower_from_before_the_first_frame_sees_all(db: TestDb) {
        let fixture = Fixture::new(db).await;
        let followers: Vec<_> = (0..8).map(|_| tokio::spawn(follows(fixture.ledger.clone(), 0, 501))).collect();
        write(fixture.ledger.clone(), Seed(3).stream("writer"), 500).await;
        fixture.close(RUN, 501, &frames(501..=501)).await.unwrap();
        for follower in join_all(followers).await {
            follower.unwrap();
        }
    }

    async fn a_slow_reader_misses_nothing(db: TestDb) {
        let fixture = Fixture::new(db).await;
        let mut chunks = pin!(fixture.ledger.reader().follow(TENANT, RUN, 0));
        fixture.append(1, frames(1..=10)).await.unwrap();
        let mut seen: Vec<Chunk> = Vec::from_iter(chunks.try_next().await.unwrap());
        // It does not read while all the rest is written.
        write(fixture.ledger.clone(), Seed(5).stream("writer"), 3000).await;
        fixture.close(RUN, 3001, &frames(3001..=3001)).await.unwrap();
        while let Some(chunk) = chunks.try_next().await.unwrap() {
            seen.push(chunk);
        }
        let frames_seen: Vec<String> = seen.iter().flat_map(Chunk::frames).map(|(_, text)| text.to_owned()).collect();
        assert_eq!(frames_seen, frames(1..=3001));
    }

    async fn a_frame_of_another_process_is_seen(db: TestDb) {
        let fixture = Fixture::new(db).await;
        // A ledger of its own has bells of its own: only looking tells the follower.
        let other = Ledger::open(fixture.db.clone());
        let follower = tokio::spawn(follows(fixture.ledger.clone(), 0, 3));
        other.append(RUN, FENCE, 1, frames(1..=2)).await.unwrap();
        fixture.write(async |tx| other.close_in(tx, RUN, FENCE, 3, &frames(3..=3)).await).await.unwrap();
        follower.await.unwrap();
    }

    async fn a_closed_ledger_is_followed_to_its_end_from_anywhere(db: TestDb) {
        let fixture = Fixture::new(db).await;
        write(fixture.ledger.clone(), Seed(9).stream("writer"), 99).await;
        fixture.close(RUN, 100, &frames(100..=100)).await.unwrap();
        for after in 0..=100 {
            assert_eq!(fixture.followed(RUN, after).await.unwrap(), frames(after + 1..=100));
        }
        assert!(fixture.followed(RUN, 1000).await.unwrap().is_empty());
        assert!(fixture.followed(RUN, u64::MAX).await.unwrap().is_empty());
    }

    async fn no_chunk_is_larger_than_its_limit(db: TestDb) {
        let fixture = Fixture::new(db).await;
        let large = |size: usize| "x".repeat(size);
        let sizes = [MAX_FRAME_BYTES, 1, MAX_FRAME_BYTES, MAX_FRAME_BYTES / 2, MAX_FRAME_BYTES / 2, 1, 300_000];
        let given: Vec<String> = sizes.into_iter().map(large).collect();
        fixture.append(1, given[..4].to_vec()).await.unwrap();
        fixture.append(5, given[4..].to_vec()).await.unwrap();
        for first in (8..208).step_by(2) {
            fixture.append(first, vec![large(9000), large(9000)]).await.unwrap();
        }
        fixture.close(RUN, 208, &[large(1)]).await.unwrap();
        let chunks: Vec<Chunk> = fixture.ledger.reader().follow(TENANT, RUN, 0).try_collect().await.unwrap();
        assert!(chunks.iter().all(|chunk| chunk.lines().len() <= MAX_FRAME_BYTES));
        assert_eq!(chunks.iter().map(|chunk| chunk.frames().count()).sum::<usize>(), 208);
        assert!(chunks.len() <= 9, "{} chunks are too many for 5.4 MiB", chunks.len());
    }

    async fn tiny_frames_are_followed_and_paged_from_anywhere(db: TestDb) {
        let fixture = Fixture::new(db).await;
        let digits = |seqs: std::ops::RangeInclusive<u64>| seqs.map(|seq| (seq % 10).to_string()).collect::<Vec<_>>();
        fixture.append(1, digits(1..=10_000)).await.unwrap();
        for seq in 10_001..=10_050 {
            fixture.append(seq, digits(seq..=seq)).await.unwrap();
        }
        fixture.close(RUN, 10_051, &digits(10_051..=20_000)).await.unwrap();
        for after in [0, 1, 4095, 4096, 4097, 8191, 8192, 9999, 10_000, 10_030, 10_050, 10_051, 14_146, 14_147, 19_999] {
            assert_eq!(fixture.followed(RUN, after).await.unwrap(), digits(after + 1..=20_000), "after {after}");
            let page = fixture.ledger.reader().page(TENANT, RUN, after, 1000).await.unwrap();
            assert_eq!(page.frames[0], (after + 1, ((after + 1) % 10).to_string()));
        }
        assert_eq!(fixture.ledger.reader().verify(TENANT, RUN).await.unwrap().frames, 20_000);
    }

    async fn a_follower_wakes_for_its_own_run_only_and_ends_with_it(db: TestDb) {
        let fixture = Fixture::new(db).await;
        fixture.open(run(2)).await;
        let follower = tokio::spawn(follows(fixture.ledger.clone(), 0, 1));
        fixture.ledger.append(run(2), FENCE, 1, frames(1..=5)).await.unwrap();
        fixture.close(run(2), 6, &frames(6..=6)).await.unwrap();
        assert_eq!(fixture.followed(run(2), 0).await.unwrap(), frames(1..=6));
        fixture.close(RUN, 1, &frames(1..=1)).await.unwrap();
        follower.await.unwrap();
    }

    async fn viewers_of_one_run_share_what_is_read_and_rendered(db: TestDb) {
        let fixture = Fixture::new(db).await;
        let mut viewers: Vec<_> =
            (0..50).map(|_| Box::pin(fixture.ledger.reader().follow(TENANT, RUN, 0))).collect();
        // Whoever has just come reads rows. Once all have found the end, one chunk is for all.
        for seq in 1..=500 {
            fixture.append(seq, frames(seq..=seq)).await.unwrap();
            let mut places = BTreeSet::new();
            for chunk in join_all(viewers.iter_mut().map(TryStreamExt::try_next)).await {
                let chunk = chunk.unwrap().unwrap();
                assert_eq!((chunk.first_seq(), chunk.last_seq()), (seq, seq));
                places.insert((chunk.lines().as_ptr() as usize, chunk.to_sse().as_ptr() as usize));
            }
            if places.len() == 1 {
                return;
            }
        }
        panic!("50 viewers never shared a chunk");
    }

    async fn a_viewer_that_falls_behind_reads_rows_and_finds_the_others_again(db: TestDb) {
        let fixture = Fixture::new(db).await;
        let quick = tokio::spawn(follows(fixture.ledger.clone(), 0, 3001));
        let mut late = pin!(fixture.ledger.reader().follow(TENANT, RUN, 0));
        fixture.append(1, frames(1..=1)).await.unwrap();
        let mut seen = late.try_next().await.unwrap().unwrap().last_seq();
        // Far more than is kept for the late, in several stretches, and between them it catches up.
        for first in [2_u64, 1000, 2000] {
            let last = first + 900;
            for first in (seen + 1..=last).step_by(100) {
                fixture.append(first, frames(first..=(first + 99).min(last))).await.unwrap();
            }
            while seen < last {
                let chunk = late.try_next().await.unwrap().unwrap();
                assert_eq!(chunk.first_seq(), seen + 1);
                seen = chunk.last_seq();
            }
        }
        fixture.append(seen + 1, frames(seen + 1..=3000)).await.unwrap();
        fixture.close(RUN, 3001, &frames(3001..=3001)).await.unwrap();
        let rest: Vec<Chunk> = late.try_collect().await.unwrap();
        assert_eq!(rest.last().unwrap().last_seq(), 3001);
        quick.await.unwrap();
    }

    async fn however_many_do_not_read_on_each_holds_little(db: TestDb) {
        let fixture = Fixture::new(db).await;
        let large = "x".repeat(10_000);
        for first in (1..=100).step_by(20) {
            fixture.append(first, vec![large.clone(); 20]).await.unwrap();
        }
        fixture.close(RUN, 101, &frames(101..=101)).await.unwrap();
        // Who takes its time takes no large chunk from the others.
        let mut slow = Vec::new();
        for _ in 0..70 {
            let mut viewer = Box::pin(fixture.ledger.reader().follow_slowly(TENANT, RUN, 0));
            let chunk = viewer.try_next().await.unwrap().unwrap();
            assert!(chunk.lines().len() <= 16 * 1024);
            slow.push((viewer, chunk));
        }
        let mut stuck = Vec::new();
        for _ in 0..80 {
            let mut viewer = Box::pin(fixture.ledger.reader().follow(TENANT, RUN, 0));
            let chunk = viewer.try_next().await.unwrap().unwrap();
            stuck.push((viewer, chunk));
        }
        let sizes: Vec<usize> = stuck.iter().map(|(_, chunk)| chunk.lines().len()).collect();
        assert_eq!(sizes.iter().filter(|size| **size > 16 * 1024).count(), 64);
        // And who holds little still gets everything.
        let (viewer, first) = stuck.pop().unwrap();
        let rest: Vec<Chunk> = viewer.try_collect().await.unwrap();
        let frames = std::iter::once(&first).chain(&rest).map(|chunk| chunk.frames().count()).sum::<usize>();
        assert_eq!(frames, 101);
        drop(stuck);
        let chunk = pin!(fixture.ledger.reader().follow(TENANT, RUN, 0)).try_next().await.unwrap().unwrap();
        assert!(chunk.lines().len() > 16 * 1024);
    }
}
