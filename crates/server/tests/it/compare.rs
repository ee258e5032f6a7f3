//! `assay compare run`, with good and bad files.

use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::Value;
use tempfile::tempdir;

use crate::support::{json, run, stderr, stdout};

const EXAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/data/monthly.csv");

#[test]
fn the_example_is_ranked_with_metrics_for_every_series() {
    let data = tempdir().unwrap();
    let arguments = ["compare", "run", EXAMPLE, "--horizon", "12", "--season", "12"];
    let ranking = json(data.path(), &[&arguments[..], &["--json"]].concat());
    let series = ranking["series"].as_array().unwrap();
    assert!(series.len() >= 8, "{} series", series.len());
    for one in series {
        let entries = one["entries"].as_array().unwrap();
        assert!(!entries.is_empty());
        for entry in entries {
            assert!(entry["metrics"]["wape"].is_f64(), "{}: {entry}", one["name"]);
        }
    }
    assert_eq!(ranking["entries"][0]["rank"], 1);
    let printed = run(data.path(), &arguments);
    assert_eq!(printed.status.code(), Some(0), "{}", stderr(&printed));
    assert!(stdout(&printed).contains("air_passengers"), "{}", stdout(&printed));
    assert!(stderr(&printed).is_empty(), "progress is for terminals only: {}", stderr(&printed));
}

#[test]
fn a_parquet_file_is_ranked_like_the_same_csv() {
    let data = tempdir().unwrap();
    let days = 120;
    let values: Vec<f64> = (0..days).map(|day| f64::from(day * 7 % 23)).collect();
    let fleet = series::Fleet::of(series::FleetColumns {
        names: vec!["one".to_owned()],
        starts: vec!["2024-01-01".parse().unwrap()],
        ends: vec![values.len()],
        values: values.clone(),
        frequency: series::Frequency::DAILY,
        gaps: wire::model_selection::Gaps::Missing,
    })
    .unwrap();
    let parquet = data.path().join("one.parquet");
    let bytes = series::columnar::write_fleet(&fleet, series::columnar::Compression::Zstd).unwrap();
    fs::write(&parquet, bytes).unwrap();
    let csv = data.path().join("one.csv");
    let mut text = String::from("series,date,value\n");
    for (date, value) in fleet.dates(0).zip(&values) {
        writeln!(text, "one,{date},{value}").unwrap();
    }
    fs::write(&csv, text).unwrap();
    let ranked = |file: &Path| {
        let options = ["--horizon", "7", "--season", "7", "--models", "naive,seasonal_naive", "--json"];
        let ranking =
            json(data.path(), &[&["compare", "run", file.to_str().unwrap()], &options[..]].concat());
        let entries = ranking["entries"].as_array().unwrap().clone();
        entries
            .iter()
            .map(|entry| (entry["model_type"].clone(), entry["metrics"].clone()))
            .collect::<Vec<_>>()
    };
    assert_eq!(ranked(&parquet), ranked(&csv));
    fs::write(&parquet, b"PAR1 and nothing else").unwrap();
    let output = run(data.path(), &["compare", "run", parquet.to_str().unwrap(), "--horizon", "2"]);
    assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
    assert!(stderr(&output).contains("cannot be read as Parquet"), "{}", stderr(&output));
}

#[test]
fn a_damaged_file_that_makes_a_decoder_panic_is_refused_without_a_word_of_panic() {
    let data = tempdir().unwrap();
    let file = data.path().join("damaged.parquet");
    fs::write(&file, panicking()).unwrap();
    let output = run(data.path(), &["compare", "run", file.to_str().unwrap(), "--horizon", "2"]);
    assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
    assert!(stderr(&output).contains("cannot be read as Parquet"), "{}", stderr(&output));
    assert!(!stderr(&output).contains("panicked"), "{}", stderr(&output));
}

/// A small file with one byte changed so that the decoder panics over it. It is looked for, because another version
/// of the decoder panics over another one.
fn panicking() -> Vec<u8> {
    static PANICS: AtomicUsize = AtomicUsize::new(0);
    let report = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if series::columnar::is_guarded() {
            PANICS.fetch_add(1, Ordering::Relaxed);
        } else {
            report(panic);
        }
    }));
    let fleet = series::Fleet::of(series::FleetColumns {
        names: vec!["one".to_owned(), "two".to_owned()],
        starts: vec!["2024-01-01".parse().unwrap(); 2],
        ends: vec![30, 60],
        values: (0..60).map(f64::from).collect(),
        frequency: series::Frequency::DAILY,
        gaps: wire::model_selection::Gaps::Missing,
    })
    .unwrap();
    let bytes = series::columnar::write_fleet(&fleet, series::columnar::Compression::Zstd).unwrap();
    for at in 0..bytes.len() {
        for change in [0xff, 0x80, 0x40, 0x20, 0x10, 0x08, 0x04, 0x02, 0x01, 0x7f] {
            let mut damaged = bytes.clone();
            damaged[at] ^= change;
            let asked = series::intake::Asked::default();
            let _refused = series::intake::read(&damaged.clone().into(), &asked);
            if PANICS.load(Ordering::Relaxed) > 0 {
                return damaged;
            }
        }
    }
    panic!("no changed byte of {} makes the decoder panic", bytes.len());
}

#[test]
fn a_bad_file_is_refused_with_the_line_and_leaves_nothing_behind() {
    let data = tempdir().unwrap();
    let file = data.path().join("bad.csv");
    for (content, words) in [
        (&b"date,value\n2024-01-01,1\n2024-01-02,x\n"[..], "line 3"),
        (b"date,value\n2024-01-01,1\n2024-01-01,2\n", "lines 2 and 3"),
        (b"date,value\n2024-13-01,1\n", "`2024-13-01`"),
        (b"when,amount\nx,1\n", "date"),
        (b"", "empty"),
        (b"%PDF-1.7\n\n", "PDF"),
    ] {
        fs::write(&file, content).unwrap();
        let output = run(data.path(), &["compare", "run", file.to_str().unwrap(), "--horizon", "2"]);
        assert_eq!(output.status.code(), Some(2), "{}: {}", content.escape_ascii(), stderr(&output));
        assert!(stderr(&output).contains(words), "{}: {}", content.escape_ascii(), stderr(&output));
    }
    assert_eq!(json(data.path(), &["run", "list", "--json"])["items"], Value::Array(Vec::new()));
}

#[test]
fn a_single_row_is_too_short_and_says_what_is_needed() {
    let data = tempdir().unwrap();
    let file = data.path().join("one.csv");
    fs::write(&file, "date,value\n2024-01-01,1\n").unwrap();
    let output = run(data.path(), &["compare", "run", file.to_str().unwrap(), "--horizon", "2"]);
    assert_ne!(output.status.code(), Some(0));
    assert!(!stderr(&output).is_empty());
}

#[test]
fn a_feature_set_is_chosen_and_a_wrong_group_is_named() {
    let data = tempdir().unwrap();
    let on_frame_2 = |groups| {
        let arguments = ["compare", "run", EXAMPLE, "--horizon", "12", "--models", "prophet_like", "--json"];
        [&arguments[..], &["--feature-set", "2", "--feature-groups", groups]].concat()
    };
    let ranking = json(data.path(), &on_frame_2("calendar,target_history"));
    let params = &ranking["entries"][0]["params"];
    assert_eq!(params["feature_frame_version"], 2);
    assert_eq!(params["feature_groups"], serde_json::json!(["calendar", "target_history"]));
    let wrong = run(data.path(), &on_frame_2("moon"));
    assert_eq!(wrong.status.code(), Some(2), "{}", stderr(&wrong));
    assert!(stderr(&wrong).contains("--feature-groups must name"), "{}", stderr(&wrong));
}

#[test]
fn a_million_rows_are_compared() {
    let data = tempdir().unwrap();
    let file = data.path().join("large.csv");
    write_large(&file);
    let arguments = ["--horizon", "7", "--season", "7", "--models", "naive,seasonal_naive", "--json"];
    let ranking = json(data.path(), &[&["compare", "run", file.to_str().unwrap()], &arguments[..]].concat());
    assert_eq!(ranking["series"].as_array().unwrap().len(), 1000);
}

fn write_large(file: &Path) {
    let mut text = String::from("series,date,value\n");
    let first = chrono::NaiveDate::from_ymd_opt(2020, 1, 1).unwrap();
    let dates: Vec<String> = first.iter_days().take(1000).map(|date| date.to_string()).collect();
    for series in 0..1000 {
        for (day, date) in dates.iter().enumerate() {
            writeln!(text, "s{series:04},{date},{}", (day * 7 + series) % 23).unwrap();
        }
    }
    fs::write(file, text).unwrap();
}
