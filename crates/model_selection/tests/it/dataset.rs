//! Comparisons over the series of a data set.

use kernel::Fault;
use model_selection::Submission;
use serde_json::json;
use test_support::on_both_databases;
use wire::model_selection::{CandidateStatus, Comparison, ComparisonStatus, Racing};

use crate::support::{Fixture, TENANT, candidate, monthly_csv, monthly_rows, on_dataset};

on_both_databases! {
    async fn every_series_is_ranked_and_so_are_all_together(db: TestDb) {
        let fixture = Fixture::started(db);
        let dataset = fixture.import(&monthly_csv()).await;
        let models = ["naive", "seasonal_naive", "moving_average"];
        let detail = fixture.compare(on_dataset(dataset, 12, &models)).await;

        assert_eq!(detail.status, ComparisonStatus::Completed);
        assert_eq!((detail.series_total, detail.dataset_id), (2, Some(dataset)));
        let ranking = fixture.selector.reader().comparison_ranking(TENANT, detail.selection_id).await.unwrap();
        let all = fixture.ranked_series(detail.selection_id, 50, None).await;
        let names: Vec<_> = all.iter().map(|series| series.name.as_str()).collect();
        assert_eq!(names, ["beer", "steel"]);
        for series in &all {
            assert_eq!(series.standings.entries.len(), 3);
            assert_eq!(series.standings.entries[0].model_type, "seasonal_naive");
            // Monthly data has a season of twelve where the candidate does not say otherwise.
            assert_eq!(series.standings.entries[0].params["season_length"], 12);
            assert!(series.standings.entries.iter().all(|entry| entry.metrics.unwrap().mase.is_some()));
        }
        let first = ranking.winner.unwrap();
        assert_eq!(first.entry.model_type, "seasonal_naive");
        assert_eq!((first.mean_rank, first.series_won, first.series_ranked), (Some(1.0), 2, 2));
        let points: usize = all.iter().map(|s| s.standings.entries[0].metrics.unwrap().sample_size).sum();
        assert_eq!(first.entry.metrics.unwrap().sample_size, points);
        assert_eq!(ranking.metric, wire::model_selection::RankingMetric::RelMae);
        assert!(ranking.method.unwrap().contains("geometric mean over series"));
        assert_eq!(detail.chart_data, None);
    }

    async fn a_series_that_is_too_short_is_left_out_by_name_and_reason(db: TestDb) {
        let fixture = Fixture::started(db);
        let dataset = fixture.import(&monthly_csv()).await;
        let detail = fixture.compare(on_dataset(dataset, 12, &["naive"])).await;
        assert_eq!(detail.excluded_series.len(), 1);
        assert_eq!(detail.excluded_series[0].name, "new");
        assert!(detail.excluded_series[0].reason.contains("20 values"), "{:?}", detail.excluded_series);
        let notes = detail.business_summary.unwrap().data_notes;
        assert!(notes.iter().any(|note| note.contains("new")), "{notes:?}");
    }

    async fn a_costly_candidate_that_lost_on_a_sample_is_dropped_with_a_statement(db: TestDb) {
        let fixture = Fixture::started(db);
        let rows: Vec<String> = (1..=24_u32).map(|nth| monthly_rows(&format!("s{nth}"), 72, f64::from(nth))).collect();
        let dataset = fixture.import(&format!("series,date,value\n{}", rows.concat())).await;
        let mut request = on_dataset(dataset, 6, &["regression", "seasonal_naive"]);
        let whole = fixture.compare(request.clone()).await;
        let is_ranked = |detail: &Comparison| {
            detail.ranking.iter().find(|entry| entry.entry.model_type == "regression").unwrap().entry.included
        };
        assert!(is_ranked(&whole));

        request.racing = Racing::Costly;
        let raced = fixture.compare(request).await;
        assert!(!is_ranked(&raced));
        let lost = raced.ranking.iter().find(|place| place.entry.model_type == "regression").unwrap();
        let reason = lost.entry.exclusion_reason.clone().unwrap();
        assert!(reason.contains("dropped after 8 of 24 series") && reason.contains("seasonal_naive"), "{reason}");
        let dropped = &raced.candidate_progress[0];
        assert_eq!((dropped.status, dropped.error_code.as_deref()), (CandidateStatus::Dropped, Some("DROPPED")));
        assert_eq!(dropped.series_done, 8);
        assert!(dropped.error.as_deref().unwrap().starts_with("dropped after 8 of 24 series"), "{:?}", dropped.error);
        assert_eq!((raced.status, raced.progress.completed, raced.progress.dropped), (ComparisonStatus::Completed, 1, 1));
        assert_eq!((whole.racing, raced.racing), (Racing::Off, Racing::Costly));
        let frames = fixture.frames(raced.selection_id).await;
        assert!(frames.iter().any(|frame| frame.to_text().contains("CANDIDATE_DROPPED")));
    }

    async fn a_model_of_the_whole_panel_is_ranked_beside_the_others(db: TestDb) {
        let fixture = Fixture::started(db);
        let dataset = fixture.import(&monthly_csv()).await;
        let detail = fixture.compare(on_dataset(dataset, 12, &["pooled_profile", "naive"])).await;
        assert_eq!(detail.status, ComparisonStatus::Completed);
        let pooled = detail.ranking.iter().find(|place| place.entry.model_type == "pooled_profile").unwrap();
        assert!(pooled.entry.included, "{:?}", pooled.entry.exclusion_reason);
        assert_eq!(pooled.series_ranked, 2);
    }

    async fn a_stated_season_holds_for_every_series(db: TestDb) {
        let fixture = Fixture::started(db);
        let dataset = fixture.import(&monthly_csv()).await;
        let mut request = on_dataset(dataset, 6, &["seasonal_naive"]);
        request.season_length = Some(6);
        request.series = Some(vec!["steel".to_owned()]);
        request.candidate_models.push(candidate("seasonal_naive", json!({ "season_length": 24 })));
        let detail = fixture.compare(request).await;
        let seasons: Vec<_> = detail
            .ranking
            .iter()
            .map(|place| (place.entry.ordinal, place.entry.params["season_length"].as_u64().unwrap()))
            .collect();
        assert!(seasons.contains(&(0, 6)) && seasons.contains(&(1, 24)), "{seasons:?}");
        assert!(detail.chart_data.is_some());
    }

    async fn a_candidate_that_fails_on_some_series_is_left_out_overall_and_kept_where_it_ran(db: TestDb) {
        let fixture = Fixture::started(db);
        let dataset = fixture.import(&monthly_csv()).await;
        let mut request = on_dataset(dataset, 12, &["naive"]);
        // Sixty months to begin with: enough for the one season on both, for the other on neither of the first folds.
        request.split_config = Some(wire::model_selection::SplitConfig {
            min_train_size: 60,
            horizon: 12,
            ..wire::model_selection::SplitConfig::default()
        });
        request.candidate_models.push(candidate("seasonal_naive", json!({ "season_length": 61 })));
        let detail = fixture.compare(request).await;
        assert_eq!(detail.status, ComparisonStatus::Partial);
        let excluded = &detail.ranking[1].entry;
        assert!(excluded.exclusion_reason.as_deref().unwrap().contains("2 of 2 series"), "{excluded:?}");
    }

    async fn a_data_set_without_a_usable_series_is_refused_with_every_reason(db: TestDb) {
        let fixture = Fixture::idle(db, 1);
        let dataset = fixture.import(&monthly_csv()).await;
        let mut request = on_dataset(dataset, 12, &["naive"]);
        request.series = Some(vec!["new".to_owned()]);
        let error = fixture.selector.submit_comparison(TENANT, Submission::new(request)).await.unwrap_err();
        assert_eq!((error.code(), error.fields().len()), ("SERIES_UNUSABLE", 1));
        assert_eq!(error.fields()[0].field, "new");
    }

    async fn an_unknown_series_is_named(db: TestDb) {
        let fixture = Fixture::idle(db, 1);
        let dataset = fixture.import(&monthly_csv()).await;
        let mut request = on_dataset(dataset, 12, &["naive"]);
        request.series = Some(vec!["beer".to_owned(), "bear".to_owned()]);
        let error = fixture.selector.submit_comparison(TENANT, Submission::new(request)).await.unwrap_err();
        assert_eq!(error.code(), "SERIES_NOT_FOUND");
        assert!(error.fields()[0].message.contains("bear"), "{error}");
    }
}
