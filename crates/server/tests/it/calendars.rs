//! Files of other calendars than days and months, from the file to the forecast.

use std::fmt::Write as _;
use std::fs;

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, TimeZone, Utc};
use series::{Frequency, Moment};
use tempfile::tempdir;

use crate::support::{json, run, stderr};

/// A file of these dates, whose values repeat after so many.
fn file(dates: &[String], season: usize) -> String {
    let mut text = "date,value\n".to_owned();
    for (at, date) in dates.iter().enumerate() {
        let noise = (at * 7919 % 13) as f64 / 10.0;
        writeln!(text, "{date},{}", 100.0 + 5.0 * (at % season) as f64 + noise).unwrap();
    }
    text
}

/// Dates of a frequency from a date on.
fn dates(word: &str, first: &str, rows: usize) -> Vec<String> {
    let (frequency, first): (Frequency, Moment) = (word.parse().unwrap(), first.parse().unwrap());
    (0..rows).map(|step| frequency.advance(first, first.day(), step).to_string()).collect()
}

#[test]
fn every_calendar_is_forecast_on_its_own_dates_with_its_own_season() {
    let data = tempdir().unwrap();
    for (word, first, rows, season) in [
        ("business_daily", "2021-01-04", 260, 5),
        ("every_2_weeks", "2015-01-02", 120, 26),
        ("4-4-5", "2014-02-02", 108, 12),
        ("hourly", "2024-03-25T00:00:00", 24 * 14, 24),
    ] {
        let path = data.path().join(format!("{word}.csv"));
        let all = dates(word, first, rows + 10);
        fs::write(&path, file(&all[..rows], season)).unwrap();
        let out = data.path().join("f.csv");
        let path = path.to_str().unwrap();
        let asked = ["forecast", path, "--horizon", "10", "--json", "--out", out.to_str().unwrap()];
        let document = json(data.path(), &[&asked[..], &["--models", "naive,seasonal_naive"]].concat());
        assert_eq!(document["result"]["frequency"], word);
        assert_eq!(document["result"]["season_length"], season, "{word}");
        assert_eq!(document["series"][0]["dates"], serde_json::json!(all[rows..]), "{word}");
        assert_eq!(document["series"][0]["weights"][0]["model_type"], "seasonal_naive", "{word}");
        let before = document["series"][0]["history_dates"].as_array().unwrap();
        assert_eq!(before.last().unwrap(), all[rows - 1].as_str(), "{word}");
        let written = fs::read_to_string(&out).unwrap();
        assert!(written.lines().nth(1).unwrap().contains(&all[rows]), "{written}");
    }
    let runs = json(data.path(), &["run", "list", "--json"]);
    for item in runs["items"].as_array().unwrap() {
        assert_eq!(
            run(data.path(), &["run", "verify", item["run_id"].as_str().unwrap()]).status.code(),
            Some(0)
        );
    }
}

#[test]
fn quarters_of_an_hour_go_on_where_clocks_are_set_back() {
    let data = tempdir().unwrap();
    let path = data.path().join("power.csv");
    let from = Utc.with_ymd_and_hms(2024, 10, 20, 0, 0, 0).unwrap();
    let summer_ends = Utc.with_ymd_and_hms(2024, 10, 27, 1, 0, 0).unwrap();
    let clock = |at: i32| {
        let utc: DateTime<Utc> = from + TimeDelta::minutes(15 * i64::from(at));
        let ahead = TimeDelta::hours(if utc < summer_ends { 2 } else { 1 });
        (utc + ahead).format("%Y-%m-%d %H:%M").to_string()
    };
    let rows: Vec<String> = (0..96 * 10).map(clock).collect();
    fs::write(&path, file(&rows, 96)).unwrap();
    let path = path.to_str().unwrap();
    let asked = ["compare", "run", path, "--horizon", "8", "--models", "naive,seasonal_naive"];
    let output = run(data.path(), &asked);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("state the time zone"), "{}", stderr(&output));
    let document = json(data.path(), &[&asked[..], &["--time-zone", "Europe/Berlin", "--json"]].concat());
    assert_eq!(document["series"][0]["frequency"], "every_15_minutes", "{document}");
    assert_eq!(document["series"][0]["rows"], 960);
    let odd = run(data.path(), &[&asked[..], &["--time-zone", "Berlin"]].concat());
    assert!(stderr(&odd).contains("such as Europe/Berlin"), "{}", stderr(&odd));
    // Days have no clock, and an option that says nothing is refused.
    let days: Vec<String> = NaiveDate::from_ymd_opt(2024, 1, 1)
        .unwrap()
        .iter_days()
        .take(60)
        .map(|day| day.to_string())
        .collect();
    fs::write(path, file(&days, 7)).unwrap();
    let refused = run(data.path(), &[&asked[..], &["--time-zone", "Europe/Berlin"]].concat());
    assert!(stderr(&refused).contains("the dates are days"), "{}", stderr(&refused));
}
