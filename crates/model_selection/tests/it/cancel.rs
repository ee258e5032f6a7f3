//! Cancelling a comparison keeps what has finished and leaves nothing at work.

use frames::{Body, FinalStatus, Frame};
use futures::TryStreamExt;
use kernel::Fault;
use model_selection::comparison::{CandidateStatus, Status};
use runs::RunState;
use serde_json::json;
use test_support::on_both_databases;

use crate::support::{Fixture, TENANT, candidate, on_pair, weekly};

/// Waits until a candidate's card is complete.
async fn first_card_is_complete(fixture: &Fixture, run: kernel::RunId) {
    let mut chunks = std::pin::pin!(fixture.engine.ledger().follow(TENANT, run, 0));
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
        let split = forecast::SplitConfig { n_splits: 20, ..forecast::SplitConfig::default() };
        request.split_config = Some(split);
        let id = fixture.submit(request).await;
        first_card_is_complete(&fixture, id).await;
        let run = fixture.engine.cancel(TENANT, id).await.unwrap();

        assert_eq!(run.state, RunState::Cancelled);
        let detail = fixture.selector.comparison(TENANT, id).await.unwrap();
        assert_eq!(detail.status, Status::Partial);
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

    async fn cancelled_before_it_began_it_has_no_candidate_left_waiting(db: TestDb) {
        let fixture = Fixture::idle(db, 1);
        let pair = fixture.sells(&weekly(120)).await;
        let id = fixture.submit(on_pair(pair, 120, &["naive", "seasonal_naive"])).await;
        fixture.engine.cancel(TENANT, id).await.unwrap();
        let detail = fixture.selector.comparison(TENANT, id).await.unwrap();
        assert_eq!(detail.status, Status::Cancelled);
        assert_eq!((detail.progress.cancelled, detail.progress.pending), (2, 0));
        assert!(detail.completed_at.is_some() && detail.ranking.is_empty() && detail.winner.is_none());
        assert!(detail.candidate_progress.iter().all(|candidate| candidate.started_at.is_none()));
    }
}
