//! Forecasts of the series of a data set.

use frames::{Body, Frame};
use kernel::{Fault, RunId, Tenant, TenantId};
use model_selection::Submission;
use serde_json::json;
use test_support::on_both_databases;
use wire::model_selection::{FleetForecast, FleetForecastRequest, SeriesForecast, StatedFolds};
use wire::runs::Status;

use crate::support::{Fixture, TENANT, candidates, clock, monthly_csv, monthly_rows};

impl Fixture {
    async fn forecast(&self, request: FleetForecastRequest) -> FleetForecast {
        let id = self.selector.submit_fleet_forecast(TENANT, Submission::new(request)).await.unwrap();
        self.engine.settled(TENANT, id).await.unwrap();
        self.selector.reader().fleet_forecast(TENANT, id).await.unwrap()
    }

    /// Every series, read two at a time.
    async fn forecast_series(&self, id: RunId) -> Vec<SeriesForecast> {
        let (mut all, mut from) = (Vec::new(), Some(0));
        while let Some(place) = from {
            let page = self.selector.reader().fleet_forecast_series(TENANT, id, place, 2).await.unwrap();
            assert!((1..=2).contains(&page.items.len()));
            all.extend(page.items);
            from = page.next;
        }
        all
    }
}

on_both_databases! {
    async fn every_series_is_forecast_with_intervals_and_reasons(db: TestDb) {
        let fixture = Fixture::started(db);
        let dataset = fixture.import(&monthly_csv()).await;
        let found = fixture.forecast(FleetForecastRequest::of_dataset(dataset, 12)).await;
        assert_eq!((found.status, found.series_total), (Status::Succeeded, 3), "{:?}", found.course.error_message);
        let result = found.result.unwrap();
        assert_eq!((result.series_forecast, result.season_length), (3, 12));
        // What was chosen is told, in the result and while it ran.
        assert!(result.assumptions.iter().any(|sentence| sentence.contains("12 months")), "{:?}", result.assumptions);
        let frames = fixture.frames(found.run_id).await;
        let is_assumed = |frame: &&Frame| matches!(&frame.body, Body::Notice(notice) if notice.code == "ASSUMED");
        assert_eq!(frames.iter().filter(is_assumed).count(), result.assumptions.len());
        let (rule, models) = result.standings.split_first().unwrap();
        assert_eq!((&rule.model_type, rule.series), (&None, 3));
        assert!(rule.mase.unwrap() < 1.0, "{rule:?}");
        let weights: f64 = models.iter().map(|model| model.weight).sum();
        assert!((weights - 1.0).abs() < 1e-9, "{models:?}");
        assert_eq!(result.coverage.len(), 3);

        let series = fixture.forecast_series(found.run_id).await;
        assert_eq!(series.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["beer", "steel", "new"]);
        for one in &series {
            assert_eq!((one.dates.len(), one.points.len(), one.intervals.len()), (12, 12, 3));
            assert!((one.weights.iter().map(|weight| weight.weight).sum::<f64>() - 1.0).abs() < 1e-9);
            for (step, point) in one.points.iter().enumerate() {
                let bounds: Vec<f64> = one.intervals.iter().rev().map(|interval| interval.lower[step])
                    .chain([*point]).chain(one.intervals.iter().map(|interval| interval.upper[step])).collect();
                assert!(bounds.is_sorted() && bounds[0] >= 0.0, "{} step {step}: {bounds:?}", one.name);
            }
        }
        assert_eq!(series[0].dates[0].to_string(), "2020-01-01");
        // The season is in the forecast: July above February.
        assert!(series[0].points[6] > series[0].points[1]);
        let verified = fixture.engine.verifier().verify(TENANT, found.run_id).await.unwrap();
        assert!(verified.verified, "{verified:?}");
    }

    async fn one_model_is_used_as_it_is_and_a_row_more_changes_no_other_series(db: TestDb) {
        let fixture = Fixture::started(db);
        let named = |dataset| FleetForecastRequest {
            models: candidates(&["seasonal_naive"]),
            ..FleetForecastRequest::of_dataset(dataset, 12)
        };
        let dataset = fixture.import(&monthly_csv()).await;
        let found = fixture.forecast(named(dataset)).await;
        let alone = fixture.forecast_series(found.run_id).await;
        assert!(alone.iter().all(|one| one.weights.len() == 1 && one.weights[0].model_type == "seasonal_naive"));
        // The last year again.
        let last: Vec<f64> = alone[0].history[alone[0].history.len() - 12..].iter().map(|value| value.unwrap()).collect();
        assert_eq!(alone[0].points, last);
        let mut csv = "series,date,value\n".to_owned();
        csv.push_str(&monthly_rows("another", 60, 30.0));
        csv.push_str(monthly_csv().split_once('\n').unwrap().1);
        let found = fixture.forecast(named(fixture.import(&csv).await)).await;
        let beside = fixture.forecast_series(found.run_id).await;
        assert_eq!(beside[1..].iter().map(|one| &one.points).collect::<Vec<_>>(), alone.iter().map(|one| &one.points).collect::<Vec<_>>());
    }

    async fn one_thread_and_three_give_the_same_bytes(db: TestDb) {
        let artifacts = async |db, threads| {
            let fixture = Fixture::idle(db, threads);
            fixture.engine.start();
            let dataset = fixture.import(&monthly_csv()).await;
            let id = fixture.forecast(FleetForecastRequest::of_dataset(dataset, 6)).await.run_id;
            fixture.digests(id).await
        };
        let on_three = artifacts(db, 3).await;
        assert_eq!(on_three, artifacts(test_support::sqlite().await, 1).await);
        let names: Vec<_> = on_three.iter().map(|artifact| artifact.0.as_str()).collect();
        assert_eq!(names, ["decision", "forecast", "forecasts", "metrics", "series"]);
    }

    async fn an_earlier_decision_is_taken_as_it_is_and_new_series_take_its_mean(db: TestDb) {
        let fixture = Fixture::started(db);
        let before = fixture.import(&monthly_csv()).await;
        let models = candidates(&["seasonal_naive", "ets", "naive"]);
        let first = fixture.forecast(FleetForecastRequest { models, ..FleetForecastRequest::of_dataset(before, 12) }).await;
        let mut csv = monthly_csv();
        csv.push_str(&monthly_rows("another", 60, 30.0));
        let after = fixture.import(&csv).await;
        let asked = FleetForecastRequest { champion: Some(first.run_id), ..FleetForecastRequest::of_dataset(after, 12) };
        let taken = fixture.forecast(asked).await;
        assert_eq!((taken.status, taken.champion), (Status::Succeeded, Some(first.run_id)), "{:?}", taken.course);
        let said = &taken.result.as_ref().unwrap().assumptions[0];
        assert!(said.contains(&first.run_id.to_string()) && said.contains("1 series is not in it"), "{said}");
        let (old, new) = (fixture.forecast_series(first.run_id).await, fixture.forecast_series(taken.run_id).await);
        for (old, new) in old.iter().zip(&new) {
            // The same values by the same weights are the same forecast.
            assert_eq!((&new.weights, &new.points), (&old.weights, &old.points), "{}", new.name);
            assert!(new.why.starts_with("as decided before"), "{}", new.why);
        }
        let standings = &first.result.as_ref().unwrap().standings;
        let mean = |model: &str| standings.iter().find(|one| one.model_type.as_deref() == Some(model)).unwrap().weight;
        for weight in &new[3].weights {
            assert!((weight.weight - mean(&weight.model_type)).abs() < 1e-9, "{weight:?}");
        }
        let verified = fixture.engine.verifier().verify(TENANT, taken.run_id).await.unwrap();
        assert!(verified.verified, "{verified:?}");
    }

    async fn a_series_from_which_no_model_can_learn_is_named(db: TestDb) {
        let fixture = Fixture::started(db);
        let mut csv = monthly_csv();
        csv.push_str(&monthly_rows("newest", 3, 30.0));
        let dataset = fixture.import(&csv).await;
        let models = candidates(&["seasonal_naive"]);
        let found = fixture.forecast(FleetForecastRequest { models, ..FleetForecastRequest::of_dataset(dataset, 3) }).await;
        assert_eq!((found.result.unwrap().series_forecast, found.excluded_total), (3, 1));
        let [left_out] = found.excluded_series.as_slice() else { panic!("{:?}", found.excluded_series) };
        assert_eq!((left_out.name.as_str(), left_out.reason.as_str()), ("newest", "none of the models can learn from its 3 months"));
    }

    async fn a_decision_that_is_none_or_of_other_series_is_refused(db: TestDb) {
        let fixture = Fixture::started(db);
        let dataset = fixture.import(&monthly_csv()).await;
        let daily = "series,date,value\na,2024-01-01,1\na,2024-01-02,2\na,2024-01-03,4\na,2024-01-04,4\n";
        let days = fixture.import(daily).await;
        let first = fixture.forecast(FleetForecastRequest { models: candidates(&["naive"]), ..FleetForecastRequest::of_dataset(days, 2) }).await;
        let refused = async |request| {
            let error = fixture.selector.submit_fleet_forecast(TENANT, Submission::new(request)).await.unwrap_err();
            let fields: Vec<String> = error.fields().into_iter().map(|field| field.field).collect();
            (error.code(), fields.join(" "))
        };
        let of = || FleetForecastRequest::of_dataset(dataset, 2);
        let nobody = RunId::new(&clock());
        assert_eq!(refused(FleetForecastRequest { champion: Some(nobody), ..of() }).await, ("NOT_FOUND", "champion".to_owned()));
        let other = FleetForecastRequest { champion: Some(first.run_id), ..of() };
        assert_eq!(refused(other.clone()).await, ("VALIDATION_ERROR", "champion".to_owned()));
        let of_days = FleetForecastRequest { champion: Some(first.run_id), gaps: wire::model_selection::Gaps::Zero, ..FleetForecastRequest::of_dataset(days, 2) };
        assert_eq!(refused(of_days).await, ("VALIDATION_ERROR", "gaps".to_owned()));
        let twice = FleetForecastRequest { models: candidates(&["naive"]), season_length: Some(12), ..other };
        assert_eq!(refused(twice).await, ("VALIDATION_ERROR", "models season_length".to_owned()));
        let decision = json!({
            "frequency": "monthly", "season_length": 12, "gaps": "missing", "models": [{ "model_type": "oracle" }], "weights": [0.5], "series": [],
        });
        let wrong = FleetForecastRequest { decision: Some(serde_json::from_value(decision).unwrap()), ..of() };
        assert_eq!(refused(wrong).await, ("VALIDATION_ERROR", "decision.models.0.model_type decision.weights".to_owned()));
    }

    async fn what_cannot_be_forecast_is_said_before_and_after(db: TestDb) {
        let fixture = Fixture::started(db);
        let dataset = fixture.import("series,date,value\na,2024-01-01,1\na,2024-01-02,2\nb,2024-01-01,1\nb,2024-01-02,2\nb,2024-01-03,4\nb,2024-01-04,4\n").await;
        let submit = async |request| fixture.selector.submit_fleet_forecast(TENANT, Submission::new(request)).await;
        let asked = FleetForecastRequest::of_dataset(dataset, 0);
        let error = submit(FleetForecastRequest { season_length: Some(0), series: Some(vec![]), models: candidates(&["oracle"]), ..asked }).await.unwrap_err();
        let fields: Vec<_> = error.fields().into_iter().map(|field| field.field).collect();
        assert_eq!(fields, ["horizon", "season_length", "series", "models.0.model_type"]);
        let error = submit(FleetForecastRequest { series: Some(vec!["c".to_owned()]), ..FleetForecastRequest::of_dataset(dataset, 2) }).await.unwrap_err();
        assert_eq!(error.code(), "SERIES_NOT_FOUND");
        let error = submit(FleetForecastRequest { series: Some(vec!["a".to_owned()]), ..FleetForecastRequest::of_dataset(dataset, 2) }).await.unwrap_err();
        assert_eq!((error.code(), error.fields()[0].field.as_str()), ("SERIES_UNUSABLE", "a"));
        // Four values are too few to judge anything, and enough for a forecast that says so.
        let found = fixture.forecast(FleetForecastRequest::of_dataset(dataset, 2)).await;
        assert_eq!(found.excluded_series.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["a"]);
        let result = found.result.unwrap();
        assert!(result.statement.contains("Nothing could be judged"), "{}", result.statement);
        assert_eq!(fixture.forecast_series(found.run_id).await.len(), 1);
        let unknown = fixture.selector.reader().fleet_forecast(Tenant::verified(TenantId::new(&clock())), found.run_id).await;
        assert_eq!(unknown.unwrap_err().code(), "NOT_FOUND");
    }

    async fn series_of_another_grid_are_named_and_do_not_stop_the_others(db: TestDb) {
        let fixture = Fixture::started(db);
        let mut text = String::from("series,date,value\n");
        let first = chrono::NaiveDate::from_ymd_opt(2024, 1, 1).unwrap();
        for (name, step, rows) in [("days", 1, 60), ("weeks", 7, 12), ("sold", 3, 15)] {
            for (nth, date) in first.iter_days().step_by(step).take(rows).enumerate() {
                // Off every grid but that of days.
                let date = if name == "sold" && nth % 4 == 1 { date + chrono::Days::new(1) } else { date };
                text += &format!("{name},{date},{}\n", 10 + nth % 7);
            }
        }
        let dataset = fixture.import_as(&text, Some("each")).await;
        let asked = FleetForecastRequest { models: candidates(&["naive"]), ..FleetForecastRequest::of_dataset(dataset, 7) };
        let found = fixture.forecast(asked.clone()).await;
        let excluded: Vec<&str> = found.excluded_series.iter().map(|one| one.name.as_str()).collect();
        assert_eq!((&excluded[..], found.excluded_total, found.series_total), (&["weeks", "sold"][..], 2, 1));
        assert!(found.result.unwrap().statement.starts_with("7 days of days are forecast"));
        // Where a date without a row is a zero, all of them have days.
        let found = fixture.forecast(FleetForecastRequest { gaps: wire::model_selection::Gaps::Zero, ..asked }).await;
        assert_eq!((found.series_total, found.excluded_total), (3, 0));
        let series = fixture.forecast_series(found.run_id).await;
        assert_eq!(series.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["days", "weeks", "sold"]);
        assert_eq!(series[1].history.iter().filter(|value| **value == Some(0.0)).count(), 20, "{:?}", series[1].history);
    }

    async fn a_data_set_whose_object_is_gone_is_said_before_and_after(db: TestDb) {
        let fixture = Fixture::idle(db, 1);
        let dataset = fixture.import(&monthly_csv()).await;
        let submit = async || {
            let request = FleetForecastRequest::of_dataset(dataset, 3);
            fixture.selector.submit_fleet_forecast(TENANT, Submission::new(request)).await
        };
        let id = submit().await.unwrap();
        let content = fixture.selector.reader().datasets().find(TENANT, dataset).await.unwrap().content;
        fixture.store.delete(&content).await.unwrap();
        assert_eq!(submit().await.unwrap_err().code(), "DATASET_DAMAGED");
        fixture.engine.start();
        fixture.engine.settled(TENANT, id).await.unwrap();
        let found = fixture.selector.reader().fleet_forecast(TENANT, id).await.unwrap();
        assert_eq!((found.status, found.course.error_code.as_deref()), (Status::Failed, Some("ARTIFACT_BYTES_MISSING")));
    }

    async fn stated_folds_are_kept_the_rest_is_planned_and_both_are_told(db: TestDb) {
        let fixture = Fixture::started(db);
        // Series of 120, 96 and 20 months, and one of 30.
        let csv = format!("{}{}", monthly_csv(), monthly_rows("short", 30, 10.0));
        let dataset = fixture.import(&csv).await;
        let asked = |folds| FleetForecastRequest {
            folds: Some(folds),
            models: candidates(&["naive", "seasonal_naive"]),
            ..FleetForecastRequest::of_dataset(dataset, 12)
        };
        let said = |found: &FleetForecast| found.result.as_ref().unwrap().assumptions.join("\n");
        let unsaid = StatedFolds::default();
        let found = fixture.forecast(asked(StatedFolds { n_splits: Some(2), step: Some(6), gap: Some(3), ..unsaid })).await;
        for part in ["2 folds of 12 months, 6 months apart, the first after", "and a gap of 3", "The gap of 3 months is in the folds alone", "tests longer than that overlap"] {
            assert!(said(&found).contains(part), "{part}: {}", said(&found));
        }
        let verified = fixture.engine.verifier().verify(TENANT, found.run_id).await.unwrap();
        assert!(verified.verified, "{verified:?}");
        let found = fixture.forecast(asked(StatedFolds { min_train_size: Some(30), ..unsaid })).await;
        assert!(said(&found).contains("2 of 4 series are too short to be judged"), "{}", said(&found));
        let series = fixture.forecast_series(found.run_id).await;
        assert_eq!(series.iter().map(|one| one.metrics.is_some()).collect::<Vec<_>>(), [true, true, false, false]);
        let wrong = StatedFolds { n_splits: Some(21), min_train_size: Some(6), gap: Some(12), step: Some(0) };
        let error = fixture.selector.submit_fleet_forecast(TENANT, Submission::new(asked(wrong))).await.unwrap_err();
        let fields: Vec<_> = error.fields().into_iter().map(|field| field.field).collect();
        assert_eq!(fields, ["folds.n_splits", "folds.min_train_size", "folds.gap", "folds.step"]);
    }

    async fn a_cancelled_forecast_has_no_result_and_says_so(db: TestDb) {
        let fixture = Fixture::idle(db, 1);
        let dataset = fixture.import(&monthly_csv()).await;
        let id = fixture.selector.submit_fleet_forecast(TENANT, Submission::new(FleetForecastRequest::of_dataset(dataset, 3))).await.unwrap();
        fixture.engine.cancel(TENANT, id).await.unwrap();
        let found = fixture.selector.reader().fleet_forecast(TENANT, id).await.unwrap();
        assert_eq!((found.status, found.result), (Status::Cancelled, None));
        let error = fixture.selector.reader().fleet_forecast_series(TENANT, id, 0, 5).await.unwrap_err();
        assert_eq!(error.code(), "RUN_WITHOUT_RESULT");
    }
}

#[test]
fn a_request_is_closed() {
    let request = json!({ "dataset_id": "0197a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b", "horizon": 3, "colour": 1 });
    assert!(serde_json::from_value::<FleetForecastRequest>(request).is_err());
}
