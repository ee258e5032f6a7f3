//! Cancelling a comparison keeps what has finished and leaves nothing at work.

use frames::{Body, FinalStatus, Frame};
use futures::TryStreamExt;
use kernel::{Clock, Fault, SystemClock};
use runs::RunState;
use serde_json::json;
use test_support::on_both_databases;
use wire::model_selection::{CandidateStatus, ComparisonStatus, SplitConfig};

use crate::support::{Fixture, TENANT, candidate, monthly_rows, on_dataset, on_pair, weekly};

/// Waits until a candidate's card is complete.
async fn first_card_is_complete(fixture: &Fixture, run: kernel::RunId) {
    let mut chunks = std::pin::pin!(fixture.engine.ledger().reader().follow(TENANT, run, 0));
    while let Some(chunk) = chunks.try_next().await.unwrap() {
        for (_, text) in chunk.frames() {
            if let Body::ToolStatus(status) = Frame::parse(text).unwrap().body
                && status.tool.status() == "completed"
            {
                return;
            }
        }
    }
    panic!("run {run} ended without a completed candidate");
}

/// Waits until so many backtests have ended.
async fn some_backtests_are_done(fixture: &Fixture, run: kernel::RunId, wanted: u64) {
    let mut chunks = std::pin::pin!(fixture.engine.ledger().reader().follow(TENANT, run, 0));
    while let Some(chunk) = chunks.try_next().await.unwrap() {
        for (_, text) in chunk.frames() {
            if let Body::Progress(progress) = Frame::parse(text).unwrap().body
                && progress.done.is_some_and(|done| done >= wanted)
            {
                return;
            }
        }
    }
    panic!("run {run} ended before {wanted} backtests were done");
}

const SERIES: usize = 60;
/// All three have done most series.
const SOME: u64 = 130;

/// A comparison of three candidates, one of them slow.
async fn many_series(fixture: &Fixture) -> kernel::RunId {
    let mut csv = "series,date,value\n".to_owned();
    for series in 0..SERIES {
        csv.push_str(&monthly_rows(&format!("s{series:03}"), 400, 100.0));
    }
    let dataset = fixture.import(&csv).await;
    let mut request = on_dataset(dataset, 12, &["naive", "seasonal_naive"]);
    request.candidate_models.push(candidate("regression", json!({ "max_iter": 1000, "max_depth": 20 })));
    request.split_config = Some(SplitConfig { n_splits: 10, horizon: 12, ..SplitConfig::default() });
    fixture.submit(request).await
}

on_both_databases! {
    async fn a_cancelled_comparison_keeps_and_ranks_its_finished_candidates(db: TestDb) {
        // One thread: the quick candidate ends long before the slow ones.
        let fixture = Fixture::idle(db, 1);
        fixture.engine.start();
        let pair = fixture.sells(&weekly(1200)).await;
        let mut request = on_pair(pair, 1200, &["naive"]);
        for seed in 0..9 {
            let params = json!({ "max_iter": 1000 - seed, "max_depth": 20 });
            request.candidate_models.push(candidate("regression", params));
        }
        let split = SplitConfig { n_splits: 20, ..SplitConfig::default() };
        request.split_config = Some(split);
        let id = fixture.submit(request).await;
        first_card_is_complete(&fixture, id).await;
        let run = fixture.engine.cancel(TENANT, id).await.unwrap();

        assert_eq!(run.state, RunState::Cancelled);
        let detail = fixture.selector.reader().comparison(TENANT, id).await.unwrap();
        // One word for one cancel: the run's, the comparison's and the terminal frame's.
        assert_eq!(detail.status, ComparisonStatus::Cancelled);
        let tally = detail.progress;
        assert_eq!((tally.pending, tally.running, tally.failed), (0, 0, 0), "{tally:?}");
        assert!(tally.completed >= 1 && tally.cancelled >= 1, "{tally:?}");
        let champion = detail.winner.unwrap();
        assert_eq!(detail.candidate_progress[champion.ordinal].status, CandidateStatus::Completed);
        for place in &detail.ranking {
            let status = detail.candidate_progress[place.entry.ordinal].status;
            assert_eq!(place.entry.included, status == CandidateStatus::Completed, "{place:?}");
        }
        let frames = fixture.frames(id).await;
        let Body::Final(end) = &frames.last().unwrap().body else { panic!("the end is a final frame") };
        assert_eq!(end.status, FinalStatus::Cancelled);
        let again = fixture.engine.cancel(TENANT, id).await.unwrap_err();
        assert_eq!(again.code(), "RUN_ALREADY_TERMINAL");
    }

    async fn a_cancelled_comparison_of_many_series_is_ranked_on_those_that_are_complete(db: TestDb) {
        let fixture = Fixture::idle(db, 1);
        fixture.engine.start();
        let id = many_series(&fixture).await;
        some_backtests_are_done(&fixture, id, SOME).await;
        fixture.engine.cancel(TENANT, id).await.unwrap();

        let detail = fixture.selector.reader().comparison(TENANT, id).await.unwrap();
        assert_eq!((detail.status, detail.progress.cancelled), (ComparisonStatus::Cancelled, 3));
        let coverage = detail.coverage.unwrap();
        assert!((1..SERIES).contains(&coverage.series) && coverage.series_total == SERIES, "{coverage:?}");
        assert_eq!(detail.ranking.iter().filter(|place| place.entry.included).count(), 3);
        assert!(detail.ranking.iter().all(|place| place.series_ranked == coverage.series));
        let words = format!("{} of {SERIES} series", coverage.series);
        assert!(detail.statement.as_deref().unwrap().contains(&words), "{:?}", detail.statement);
        let ranking = fixture.selector.reader().comparison_ranking(TENANT, id).await.unwrap();
        let series = fixture.ranked_series(id, 3, None).await;
        assert_eq!((series.len(), ranking.statement), (coverage.series, detail.statement));
        assert!(detail.winner.is_some());
        let frames = fixture.frames(id).await;
        let Body::Final(end) = &frames.last().unwrap().body else { panic!("the end is a final frame") };
        assert_eq!(end.status, FinalStatus::Cancelled);
    }

    async fn a_comparison_whose_worker_died_is_cancelled_with_what_it_had_finished(db: TestDb) {
        let first = Fixture::idle(db, 1);
        first.engine.start();
        let id = many_series(&first).await;
        some_backtests_are_done(&first, id, SOME).await;
        first.engine.shutdown(std::time::Duration::ZERO).await;
        // As a killed process leaves it: nothing was handed back, and the lease has run out.
        let died = "UPDATE run SET state = 'running', lease_owner = 'gone', lease_until_us = 1, lease_us = 600000";
        first.execute(died, Vec::new()).await;
        let died_at = SystemClock.now();
        let second = Fixture::idle(first.db, 1);
        second.engine.start_only(id);
        let run = second.engine.cancel(TENANT, id).await.unwrap();

        assert_eq!(run.state, RunState::Cancelled);
        let detail = second.selector.reader().comparison(TENANT, id).await.unwrap();
        assert_eq!((detail.status, detail.progress.cancelled), (ComparisonStatus::Cancelled, 3));
        let coverage = detail.coverage.unwrap();
        assert!((9..SERIES).contains(&coverage.series) && coverage.series_total == SERIES, "{coverage:?}");
        assert_eq!(detail.ranking.iter().filter(|place| place.entry.included).count(), 3);
        for candidate in detail.candidate_progress {
            assert!(candidate.series_done >= coverage.series, "{candidate:?}");
            let (began, ended) = (candidate.started_at.unwrap(), candidate.completed_at.unwrap());
            assert!(began < ended && ended <= died_at, "it worked as long as its worker lived: {candidate:?}");
        }
        second.frames(id).await;
    }

    async fn cancelled_before_it_began_it_has_no_candidate_left_waiting(db: TestDb) {
        let fixture = Fixture::idle(db, 1);
        let pair = fixture.sells(&weekly(120)).await;
        let id = fixture.submit(on_pair(pair, 120, &["naive", "seasonal_naive"])).await;
        fixture.engine.cancel(TENANT, id).await.unwrap();
        let detail = fixture.selector.reader().comparison(TENANT, id).await.unwrap();
        assert_eq!(detail.status, ComparisonStatus::Cancelled);
        assert_eq!((detail.progress.cancelled, detail.progress.pending), (2, 0));
        assert!(detail.course.completed_at.is_some() && detail.ranking.is_empty() && detail.winner.is_none());
        assert!(detail.candidate_progress.iter().all(|candidate| candidate.started_at.is_none()));
    }
}
