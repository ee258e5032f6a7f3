//! Requests whose work would grow without bound are bounded before it begins.

use kernel::{Class, Fault};
use model_selection::Submission;
use serde_json::json;
use test_support::on_both_databases;

use crate::support::{Fixture, TENANT, candidates, monthly_csv, on_dataset};

/// Two dates almost ten thousand years apart; the distance is a multiple of seven, so the calendar is weekly.
const AGES: &str = "series,date,value\ns,0001-01-01,1\ns,9999-12-20,2\n";

on_both_databases! {
    async fn two_points_ten_thousand_years_apart_are_refused_with_the_numbers(db: TestDb) {
        let fixture = Fixture::idle(db, 1);
        let dataset = fixture.import_as(AGES, Some("weekly")).await;
        let submit = async |gaps: &str| {
            let mut request = on_dataset(dataset, 14, &["naive"]);
            request.gaps = serde_json::from_value(json!(gaps)).unwrap();
            fixture.selector.submit_comparison(TENANT, Submission::new(request)).await
        };
        let error = submit("missing").await.unwrap_err();
        assert_eq!((error.class(), error.code()), (Class::Unprocessable, "SERIES_UNUSABLE"));
        let text = error.to_string();
        assert!(text.contains("2 values on 521722 dates are too few: one fold needs 44"), "{text}");
        let runs = runs::list(&fixture.db.db.read, TENANT, &runs::Filter::default(), None, 10).await.unwrap();
        assert!(runs.is_empty());
    }

    async fn long_calendars_are_counted_and_not_built(db: TestDb) {
        let fixture = Fixture::idle(db, 1);
        // Forty-five values a day apart, and one at the end of time: days, and 3.6 million of them.
        let mut csv = "series,date,value\n".to_owned();
        for day in 0..45 {
            csv.push_str(&format!("s,{},1\n", crate::support::day(day)));
        }
        csv.push_str("s,9999-12-31,1\n");
        let dataset = fixture.import(&csv).await;
        let request = on_dataset(dataset, 14, &["naive"]);
        let error = fixture.selector.submit_comparison(TENANT, Submission::new(request)).await.unwrap_err();
        let text = error.to_string();
        assert!(text.contains("read 1000000") && text.contains("2913174"), "{text}");
        let training = json!({ "dataset_id": dataset, "model_type": "naive" });
        let submission = Submission::new(serde_json::from_value(training).unwrap());
        let error = fixture.selector.submit_training(TENANT, submission).await.unwrap_err();
        assert_eq!((error.class(), error.code()), (Class::TooLarge, "CALENDAR_TOO_LONG"));
    }

    async fn a_hundred_thousand_names_are_looked_up_and_the_unknown_ones_told(db: TestDb) {
        let fixture = Fixture::idle(db, 1);
        let dataset = fixture.import(&monthly_csv()).await;
        let mut request = on_dataset(dataset, 12, &["naive"]);
        let mut names: Vec<String> = (0..100_000).map(|n| format!("nobody {n}")).collect();
        names.push("beer".to_owned());
        request.series = Some(names);
        let error = fixture.selector.submit_comparison(TENANT, Submission::new(request)).await.unwrap_err();
        assert_eq!((error.class(), error.code(), error.fields().len()), (Class::Invalid, "SERIES_NOT_FOUND", 20));
        assert!(error.to_string().contains("99980 more"), "{error}");
        let mut request = on_dataset(dataset, 12, &["naive"]);
        request.series = Some(vec!["beer".to_owned(); 100_000]);
        fixture.submit(request).await;
    }

    async fn more_backtests_than_one_comparison_may_have_are_refused_with_both_numbers(db: TestDb) {
        let fixture = Fixture::idle(db, 1);
        let mut csv = "series,date,value\n".to_owned();
        for series in 0..3200 {
            for year in 0..24 {
                csv.push_str(&format!("s{series},{}-01-01,1\n", 2000 + year));
            }
        }
        let dataset = fixture.import(&csv).await;
        let mut request = on_dataset(dataset, 2, &[]);
        request.candidate_models = candidates(&["naive"; 32]);
        request.split_config = serde_json::from_value(json!({ "horizon": 2, "min_train_size": 7 })).unwrap();
        let error = fixture.selector.submit_comparison(TENANT, Submission::new(request)).await.unwrap_err();
        assert_eq!((error.class(), error.code()), (Class::TooLarge, "COMPARISON_TOO_LARGE"));
        assert!(error.to_string().contains("3200 series with 32 candidates"), "{error}");
    }
}
