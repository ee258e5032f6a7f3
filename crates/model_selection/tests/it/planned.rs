//! What a comparison decides where nobody has said it: the folds, and the candidates.

use kernel::{Class, Fault};
use model_selection::Submission;
use serde_json::json;
use test_support::on_both_databases;
use wire::model_selection::{ComparisonRequest, ComparisonStatus, Gaps};

use crate::support::{Fixture, TENANT, day, monthly_rows, on_dataset};

/// Of all series of a data set, with nothing stated but the horizon.
fn unsaid(dataset: wire::datasets::DatasetId, horizon: usize) -> ComparisonRequest {
    ComparisonRequest { split_config: None, ..on_dataset(dataset, horizon, &[]) }
}

fn csv(series: &[(&str, u32)]) -> String {
    let rows = series.iter().map(|(name, months)| monthly_rows(name, *months, 100.0));
    std::iter::once("series,date,value\n".to_owned()).chain(rows).collect()
}

on_both_databases! {
    async fn three_years_are_enough_to_ask_for_the_next_one(db: TestDb) {
        let fixture = Fixture::started(db);
        let dataset = fixture.import(&csv(&[("beer", 36)])).await;
        let detail = fixture.compare(unsaid(dataset, 12)).await;
        assert_eq!(detail.status, ComparisonStatus::Completed, "{detail:?}");
        let split = detail.split_config;
        assert_eq!((split.min_train_size, split.horizon, split.step), (24, 12, Some(12)));
        let names: Vec<&str> = detail.candidate_models.iter().map(|one| one.model_type.as_str()).collect();
        assert!(["seasonal_naive", "ets", "dynamic_optimized_theta"].iter().all(|name| names.contains(name)), "{names:?}");
        assert_eq!(detail.candidate_models[0].params["season_length"], 12);
        let said = detail.assumptions.join("\n");
        assert!(said.contains("Judged on 1 fold of 12 months at the end, the first after 24 months"), "{said}");
        assert!(said.contains("Candidates: seasonal_naive") && said.contains("Seasons: "), "{said}");
        let ranking = fixture.selector.reader().comparison_ranking(TENANT, detail.selection_id).await.unwrap();
        assert_eq!(ranking.assumptions, detail.assumptions);
    }

    async fn what_is_stated_of_the_folds_is_kept_and_the_rest_is_planned(db: TestDb) {
        let fixture = Fixture::started(db);
        let dataset = fixture.import(&csv(&[("beer", 120)])).await;
        let mut request = on_dataset(dataset, 6, &["naive", "ets"]);
        request.split_config = None;
        request.folds = serde_json::from_value(json!({ "n_splits": 3, "gap": 1 })).unwrap();
        let split = fixture.compare(request).await.split_config;
        assert_eq!((split.n_splits, split.gap, split.horizon, split.min_train_size), (3, 1, 6, 24));
    }

    async fn the_first_fold_trains_on_what_every_candidate_needs(db: TestDb) {
        let fixture = Fixture::started(db);
        let mut rows = "series,date,value\n".to_owned();
        for at in 0..60 {
            rows.push_str(&format!("all,{},{}\n", day(at), 10 + at % 7));
        }
        let dataset = fixture.import(&rows).await;
        let mut request = on_dataset(dataset, 7, &["naive", "prophet_like"]);
        request.split_config = None;
        let detail = fixture.compare(request).await;
        // It needs thirty: five folds of seven would have left twenty-five.
        assert_eq!(detail.split_config.min_train_size, 30, "{:?}", detail.assumptions);
        assert!(detail.ranking.iter().all(|place| place.entry.included), "{:?}", detail.ranking);
        assert!(detail.assumptions[0].contains("4 folds of 7 days at the end, the first after 32 days"), "{:?}", detail.assumptions);
    }

    async fn new_series_do_not_spoil_the_folds_of_the_old_ones_and_are_named(db: TestDb) {
        let fixture = Fixture::started(db);
        let dataset = fixture.import(&csv(&[("beer", 120), ("steel", 110), ("new", 9)])).await;
        let detail = fixture.compare(unsaid(dataset, 12)).await;
        assert_eq!((detail.series_total, detail.split_config.horizon), (2, 12));
        let [left_out] = detail.excluded_series.as_slice() else { panic!("{:?}", detail.excluded_series) };
        assert_eq!(left_out.name, "new");
        assert!(left_out.reason.contains("9 values on 9 dates are too few"), "{left_out:?}");
        assert!(detail.assumptions.iter().any(|one| one.contains("1 of 3 series is too short")), "{detail:?}");
    }

    async fn a_history_without_room_for_a_fold_is_refused_by_name(db: TestDb) {
        let fixture = Fixture::idle(db, 1);
        let dataset = fixture.import(&csv(&[("beer", 5)])).await;
        let error = fixture.selector.submit_comparison(TENANT, Submission::new(unsaid(dataset, 12))).await.unwrap_err();
        assert_eq!((error.class(), error.code()), (Class::Unprocessable, "SERIES_UNUSABLE"));
        assert_eq!(error.fields()[0].field, "beer");
        assert!(error.to_string().contains("5 rows are too few"), "{error}");
    }

    async fn where_a_date_without_a_row_is_a_zero_a_series_off_every_grid_has_days(db: TestDb) {
        let fixture = Fixture::started(db);
        let mut rows = "series,date,value\n".to_owned();
        for at in 0..120 {
            rows.push_str(&format!("all,{},{}\n", day(at), at % 7));
            if at % 3 == 0 || at % 11 == 5 {
                rows.push_str(&format!("some,{},{}\n", day(at), 1 + at % 5));
            }
        }
        let dataset = fixture.import(&rows).await;
        let detail = fixture.compare(ComparisonRequest { gaps: Gaps::Zero, ..unsaid(dataset, 7) }).await;
        assert_eq!(detail.series_total, 2, "{:?}", detail.excluded_series);
    }
}
