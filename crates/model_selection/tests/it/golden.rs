//! The golden series: 120 days of 10, 20, …, 70 repeating weekly. The numbers of the target-only models follow from
//! their formulas; they are the ones of the specification.

use runs::RunState;
use test_support::on_both_databases;
use wire::model_selection::{CandidateStatus, ComparisonStatus, Sufficiency};

use crate::support::{Fixture, on_pair, weekly};

fn close(found: Option<f64>, expected: f64) {
    let found = found.unwrap();
    assert!((found - expected).abs() < 1e-6, "{found} is not {expected}");
}

on_both_databases! {
    async fn the_golden_series_is_ranked_as_specified(db: TestDb) {
        let fixture = Fixture::started(db);
        let pair = fixture.sells(&weekly(120)).await;
        let models = ["naive", "moving_average", "weighted_moving_average", "seasonal_naive"];
        let detail = fixture.compare(on_pair(pair, 120, &models)).await;

        assert_eq!(detail.status, ComparisonStatus::Completed);
        assert_eq!(fixture.state(detail.selection_id).await, RunState::Succeeded);
        let order: Vec<_> = detail.ranking.iter().map(|place| place.entry.model_type.as_str()).collect();
        assert_eq!(order, ["seasonal_naive", "moving_average", "weighted_moving_average", "naive"]);
        let winner = detail.winner.unwrap();
        assert_eq!((winner.model_type.as_str(), winner.ordinal, winner.rank), ("seasonal_naive", 3, 1));
        close(winner.metrics.wape, 0.0);
        let naive = detail.ranking[3].entry.metrics.unwrap();
        close(naive.wape, 60.0);
        close(naive.smape, 66.726_098_9);
        close(naive.mae, 24.0);
        close(naive.rmse, 29.023_331_2);
        close(naive.bias, 4.0);
        assert_eq!(naive.sample_size, 70);
        close(detail.ranking[1].entry.metrics.unwrap().wape, 42.857_142_9);
        close(detail.ranking[2].entry.metrics.unwrap().wape, 44.464_285_7);
        let chart = detail.chart_data.unwrap();
        assert_eq!(chart.fold_stability["naive"].len(), 5);
        close(chart.fold_stability["naive"][0], 57.142_857_1);
        assert_eq!(chart.winner_actual_vs_predicted.len(), 5);
        assert_eq!(detail.availability.unwrap().status, Sufficiency::Ready);
        assert_eq!(detail.progress.completed, 4);
        for candidate in &detail.candidate_progress {
            assert_eq!(candidate.status, CandidateStatus::Completed);
            assert!(candidate.started_at <= candidate.completed_at, "{candidate:?}");
        }
    }

    async fn candidates_of_every_kind_race_and_the_season_wins_with_high_confidence(db: TestDb) {
        let fixture = Fixture::started(db);
        let pair = fixture.sells(&weekly(120)).await;
        let models = ["naive", "seasonal_naive", "moving_average", "regression", "prophet_like"];
        let detail = fixture.compare(on_pair(pair, 120, &models)).await;
        assert_eq!(detail.status, ComparisonStatus::Completed);
        assert_eq!(detail.ranking[0].entry.model_type, "seasonal_naive");
        assert_eq!(detail.recommendation_confidence, Some(wire::model_selection::Confidence::High), "{:?}", detail.statement);
        // The lead, the tests, and the choice judged blind.
        assert_eq!(detail.confidence_reasons.len(), 3, "{:?}", detail.confidence_reasons);
        assert_eq!(detail.verdict, Some(wire::model_selection::Verdict::Clear));
        let last = detail.ranking.last().unwrap();
        assert_eq!(last.entry.model_type, "naive");
    }
}
