//! What `assay compare run` says of its result, on inputs that somebody was told something untrue of.

use std::fs;
use std::path::Path;

use serde_json::Value;
use tempfile::tempdir;

use crate::support::{json, run, stderr, stdout};

/// A file of series, `value(series, row)` by days or by months from 2018 on; where there is none the cell is blank.
fn file(
    data: &Path,
    is_monthly: bool,
    (series, rows): (usize, usize),
    value: impl Fn(usize, usize) -> Option<f64>,
) -> String {
    let first = chrono::NaiveDate::from_ymd_opt(2018, 1, 1).unwrap();
    let day = |row: usize| match u32::try_from(row) {
        Ok(row) if is_monthly => first + chrono::Months::new(row),
        _ => first + chrono::Days::new(row as u64),
    };
    let written = |one: usize, row: usize| {
        let value = value(one, row).map(|value| value.to_string()).unwrap_or_default();
        format!("s{one:02},{},{value}\n", day(row))
    };
    let lines = (0..series).flat_map(|one| (0..rows).map(move |row| (one, row)));
    let text: String = lines.map(|(one, row)| written(one, row)).collect();
    let path = data.join("series.csv");
    fs::write(&path, format!("series,date,value\n{text}")).unwrap();
    path.to_str().unwrap().to_owned()
}

fn weekly(row: usize) -> f64 {
    10.0 * (row % 7 + 1) as f64 + (row * 5 % 11) as f64
}

fn compared(data: &Path, file: &str, options: &[&str]) -> Value {
    json(data, &[&["compare", "run", file, "--json"], options].concat())
}

fn texts(of: &Value) -> Vec<&str> {
    of.as_array().unwrap().iter().filter_map(Value::as_str).collect()
}

#[test]
fn one_blank_cell_puts_no_model_out_of_the_ranking() {
    let data = tempdir().unwrap();
    // The hole is in the history of the first fold, which is as long as the models with the most parameters need.
    let holed = file(data.path(), false, (1, 400), |_, row| (row != 7).then(|| weekly(row)));
    let models = ["regression", "prophet_like", "naive"];
    let options = ["--horizon", "14", "--models", &models.join(",")];
    let found = compared(data.path(), &holed, &options);
    let entries = found["entries"].as_array().unwrap();
    assert_eq!(entries.len(), models.len());
    for entry in entries {
        assert!(entry["included"].as_bool().unwrap(), "{entry}");
    }
}

#[test]
fn a_fold_without_values_is_not_one_without_demand_and_the_terminal_is_warned() {
    let data = tempdir().unwrap();
    let closed = file(data.path(), false, (1, 120), |_, row| (!(78..92).contains(&row)).then(|| weekly(row)));
    let options = ["--horizon", "14", "--splits", "5", "--models", "naive,seasonal_naive"];
    let found = compared(data.path(), &closed, &options);
    let warnings = texts(&found["warnings"]);
    assert!(
        warnings.iter().any(|text| text.starts_with("1 of 5 folds has no actual values")),
        "{warnings:?}"
    );
    assert!(!warnings.iter().any(|text| text.contains("demand")), "{warnings:?}");
    let printed = run(data.path(), &[&["compare", "run", &closed], &options[..]].concat());
    for text in warnings {
        assert!(stdout(&printed).contains(&format!("warning: {text}")), "{}", stdout(&printed));
    }
}

#[test]
fn every_column_ranks_in_either_case_and_mape_is_refused_with_the_reason() {
    let data = tempdir().unwrap();
    let sales = file(data.path(), true, (1, 60), |_, row| Some(weekly(row)));
    for metric in ["mase", "RMSE", "rmsse", "Wrmsse", "pinball", "rel_mae", "WAPE"] {
        let options = ["--horizon", "6", "--models", "naive,seasonal_naive", "--metric", metric];
        assert_eq!(compared(data.path(), &sales, &options)["metric"], metric.to_lowercase());
    }
    let refused = run(data.path(), &["compare", "run", &sales, "--horizon", "6", "--metric", "mape"]);
    assert_eq!(refused.status.code(), Some(2), "{}", stderr(&refused));
    for words in ["no value where one is zero", "wape"] {
        assert!(stderr(&refused).contains(words), "{}", stderr(&refused));
    }
}

#[test]
fn scaled_errors_are_measured_by_the_stated_season() {
    let data = tempdir().unwrap();
    let sales = file(data.path(), true, (1, 60), |_, row| Some(weekly(row)));
    let mase = |season: &[&str]| {
        let options = ["--horizon", "6", "--splits", "3", "--models", "naive"];
        let found = compared(data.path(), &sales, &[&options[..], season].concat());
        let metrics = &found["entries"][0]["metrics"];
        (metrics["scale_rows"].clone(), metrics["mase"].as_f64().unwrap(), found["method"].to_string())
    };
    let (usual, stated) = (mase(&[]), mase(&["--season", "4"]));
    assert_eq!((usual.0, stated.0), (12.into(), 4.into()));
    assert!((usual.1 - stated.1).abs() > 0.01);
    assert!(usual.2.contains("a season of 12 months") && stated.2.contains("a season of 4 months"));
}

#[test]
fn small_figures_are_told_apart_in_every_column() {
    let data = tempdir().unwrap();
    let tiny = file(data.path(), false, (1, 120), |_, row| Some(1e-12 * weekly(row)));
    let options = ["--horizon", "14", "--models", "naive,seasonal_naive"];
    let printed = run(data.path(), &[&["compare", "run", &tiny], &options[..]].concat());
    let said = stdout(&printed);
    let row = |model: &str| {
        let line =
            said.lines().find(|line| line.trim_start().starts_with(['1', '2']) && line.contains(model));
        let (_, numbers) = line.and_then(|line| line.split_once(model)).unwrap_or_else(|| panic!("{said}"));
        numbers.split_whitespace().map(str::to_owned).collect::<Vec<_>>()
    };
    let (naive, seasonal) = (row(" Naive"), row(" Seasonal naive"));
    assert!(naive.len() >= 7 && naive.len() == seasonal.len(), "{said}");
    assert!(naive.iter().zip(&seasonal).all(|(one, other)| one != other), "{said}");
    assert!(naive.iter().any(|cell| cell.ends_with("e-11")), "{said}");
}

#[test]
fn two_windows_of_fifty_series_tell_a_model_that_is_worse_on_all_of_them() {
    let data = tempdir().unwrap();
    let value = |series: usize, row: usize| {
        Some(100.0 + series as f64 + 50.0 * (row % 12) as f64 + (row * series % 7) as f64)
    };
    let fifty = file(data.path(), true, (50, 72), value);
    let options = ["--horizon", "12", "--splits", "2", "--models", "naive,seasonal_naive,moving_average"];
    let found = compared(data.path(), &fifty, &options);
    assert_eq!(
        (&found["verdict"], &found["confidence"]),
        (&"clear".into(), &"high".into()),
        "{}",
        found["statement"]
    );
    assert_eq!(texts(&found["tied"]), ["seasonal_naive"]);
    let worse = &found["entries"][1]["against_champion"];
    assert!(
        worse["p_paired"].as_f64().unwrap() < 1e-9 && worse["p_signs"].as_f64().unwrap() < 1e-9,
        "{worse}"
    );
}

#[test]
fn the_unit_of_one_series_does_not_choose_the_champion() {
    let data = tempdir().unwrap();
    let options = ["--horizon", "7", "--models", "naive,seasonal_naive,moving_average"];
    let ranked = |unit: f64| {
        let value = move |series: usize, row: usize| {
            let unit = if series == 0 { unit } else { 1.0 };
            Some(unit * (weekly(row + series) + (row * (series + 3) % 5) as f64))
        };
        let panel = file(data.path(), false, (8, 120), value);
        let found = compared(data.path(), &panel, &options);
        let entries = found["entries"].as_array().unwrap();
        (entries.iter().map(|entry| entry["model_type"].to_string()).collect::<Vec<_>>(), found)
    };
    let ((usual, kilograms), (same, grams)) = (ranked(1.0), ranked(1000.0));
    assert_eq!(usual, same);
    assert_eq!((&kilograms["statement"], &kilograms["verdict"]), (&grams["statement"], &grams["verdict"]));
    let decides =
        |found: &Value| texts(&found["warnings"]).iter().any(|text| text.starts_with("s00 has 99."));
    assert!(!decides(&kilograms) && decides(&grams), "{}", grams["warnings"]);
}
