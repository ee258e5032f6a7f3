//! `assay forecast`.

use std::fs;

use tempfile::tempdir;

use crate::support::{json, run, stderr, stdout};

const EXAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/data/monthly.csv");

#[test]
fn a_file_is_forecast_on_the_terminal_as_json_and_to_files() {
    let data = tempdir().unwrap();
    let (csv, parquet) = (data.path().join("f.csv"), data.path().join("f.parquet"));
    let models = ["--models", "seasonal_naive,ets"];
    let output = run(
        data.path(),
        &[&["forecast", EXAMPLE, "--horizon", "12", "--out", csv.to_str().unwrap()], &models[..]].concat(),
    );
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let text = stdout(&output);
    for part in
        ["12 steps of 12 of 12 series", "80 % from", "weighted forecast", "assumed: Seasons", "7 more series"]
    {
        assert!(text.contains(part), "{part}: {text}");
    }
    let rows = fs::read_to_string(&csv).unwrap();
    assert_eq!(rows.lines().count(), 1 + 12 * 12);
    assert!(
        rows.starts_with(
            "series,date,forecast,lower_50,upper_50,lower_80,upper_80,lower_95,upper_95,models\n"
        )
    );

    let asked = ["forecast", EXAMPLE, "--horizon", "12", "--json", "--out", parquet.to_str().unwrap()];
    let document = json(data.path(), &[&asked, &models[..]].concat());
    assert_eq!(document["series"].as_array().unwrap().len(), 12);
    assert_eq!(document["result"]["series_forecast"], 12);
    let point = |line: &str| line.split(',').nth(2).unwrap().parse::<f64>().unwrap();
    assert_eq!(document["series"][0]["points"][0], point(rows.lines().nth(1).unwrap()));
    assert!(fs::read(&parquet).unwrap().starts_with(b"PAR1"));
    let runs = json(data.path(), &["run", "list", "--json"]);
    let run_id = runs["items"][0]["run_id"].as_str().unwrap().to_owned();
    assert_eq!(run(data.path(), &["run", "verify", &run_id]).status.code(), Some(0));
}

#[test]
fn wrong_usage_is_refused_by_the_name_of_the_flag() {
    let data = tempdir().unwrap();
    for (arguments, part) in [
        (&["--horizon", "0"][..], "--horizon"),
        (&["--horizon", "3", "--models", "oracle"], "--models"),
        (&["--horizon", "3", "--season", "0"], "--season"),
        (&["--horizon", "3", "--out", "f.docx"], "--out must name a file that ends in .csv or .parquet"),
    ] {
        let output = run(data.path(), &[&["forecast", EXAMPLE], arguments].concat());
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", stderr(&output));
        assert!(stderr(&output).contains(part), "{arguments:?}: {}", stderr(&output));
    }
}
