//! `assay forecast`.

use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use calamine::{DataType as _, Reader as _, Xlsx, open_workbook};
use tempfile::tempdir;

use crate::support::{assay, json, run, stderr, stdout};

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
    for part in [
        "12 months of 12 of 12 series",
        "80 % from",
        "Weighted forecast",
        "assumed: Seasons",
        "7 more series",
        "next: with new values, assay forecast",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let rows = fs::read_to_string(&csv).unwrap();
    assert_eq!(rows.lines().count(), 1 + 12 * 12);
    assert!(rows.starts_with(
        "series,step,date,forecast,lower_50,upper_50,lower_80,upper_80,lower_95,upper_95,models\n"
    ));

    let asked = ["forecast", EXAMPLE, "--horizon", "12", "--json", "--out", parquet.to_str().unwrap()];
    let document = json(data.path(), &[&asked, &models[..]].concat());
    assert_eq!(document["series"].as_array().unwrap().len(), 12);
    assert_eq!(document["result"]["series_forecast"], 12);
    let point = |line: &str| line.split(',').nth(3).unwrap().parse::<f64>().unwrap();
    assert_eq!(document["series"][0]["points"][0], point(rows.lines().nth(1).unwrap()));
    assert!(fs::read(&parquet).unwrap().starts_with(b"PAR1"));
    let runs = json(data.path(), &["run", "list", "--json"]);
    let run_id = runs["items"][0]["run_id"].as_str().unwrap().to_owned();
    assert_eq!(run(data.path(), &["run", "verify", &run_id]).status.code(), Some(0));
}

#[test]
fn what_is_replayed_keeps_to_the_contract_and_without_a_line_it_does_not() {
    let data = tempdir().unwrap();
    let asked = ["forecast", EXAMPLE, "--horizon", "3", "--models", "naive", "--json"];
    let run_id = json(data.path(), &asked)["run_id"].as_str().unwrap().to_owned();
    let frames = stdout(&run(data.path(), &["run", "replay", &run_id]));
    let file = data.path().join("frames.ndjson");
    let lint = |text: &str| {
        fs::write(&file, text).unwrap();
        run(data.path(), &["frames", "lint", file.to_str().unwrap()])
    };
    let whole = lint(&frames);
    assert_eq!(whole.status.code(), Some(0), "{}", stdout(&whole));
    assert!(stdout(&whole).contains("a whole stream that keeps to the contract"));
    let (first, rest) = frames.split_once('\n').unwrap();
    let cut = lint(&format!("{first}\n{}", rest.split_once('\n').unwrap().1));
    assert_eq!(cut.status.code(), Some(5), "{}", stdout(&cut));
    assert!(stdout(&cut).starts_with("line 2: frame 3 stands where frame 2 was expected (STREAM_NUMBER)"));
    let long = lint(&format!("{first}\n{}\n{rest}", "x".repeat(5 << 20)));
    assert_eq!(long.status.code(), Some(5));
    assert!(
        stdout(&long).starts_with("line 2: is longer than a frame can be (FRAME_NOT_JSON)"),
        "{}",
        stdout(&long)
    );
}

#[test]
fn a_file_that_is_replaced_keeps_its_permissions_and_its_links_and_a_new_one_has_the_users() {
    let data = tempdir().unwrap();
    let [old, link, new] = ["old.csv", "link.csv", "new.csv"].map(|name| data.path().join(name));
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    fs::write(&old, "before").unwrap();
    fs::set_permissions(&old, fs::Permissions::from_mode(0o640)).unwrap();
    std::os::unix::fs::symlink(&old, &link).unwrap();
    for out in [&old, &link, &new] {
        let script = "umask 027; exec \"$0\" \"$@\"";
        let program = assay(data.path());
        let mut command = Command::new("sh");
        command.args(["-c", script]).arg(program.get_program());
        command.env_clear().env("ASSAY_DATA", data.path()).env("PATH", "/usr/bin:/bin");
        command.args(["forecast", EXAMPLE, "--horizon", "2", "--models", "naive", "--out"]).arg(out);
        let output = command.output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        assert!(fs::read_to_string(out).unwrap().starts_with("series,step,date,"), "{}", out.display());
        assert_eq!(mode(out), 0o640, "{}", out.display());
    }
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    fs::set_permissions(&new, fs::Permissions::from_mode(0o604)).unwrap();
    let arguments = ["forecast", EXAMPLE, "--horizon", "2", "--models", "naive", "--out"];
    let again = run(data.path(), &[&arguments[..], &[new.to_str().unwrap()]].concat());
    assert_eq!((again.status.code(), mode(&new)), (Some(0), 0o604), "{}", stderr(&again));
    let names = fs::read_dir(data.path()).unwrap().map(|entry| entry.unwrap().file_name());
    assert!(names.into_iter().all(|name| !name.to_string_lossy().contains("unfinished")));
}

#[test]
fn a_decision_is_saved_and_taken_again_elsewhere() {
    let (here, elsewhere) = (tempdir().unwrap(), tempdir().unwrap());
    let file = here.path().join("champion.json");
    let saved = file.to_str().unwrap();
    let asked = ["forecast", EXAMPLE, "--horizon", "12", "--json"];
    let models = ["--models", "seasonal_naive,ets", "--save-champion", saved];
    let first = json(here.path(), &[&asked[..], &models].concat());
    let run_id = first["run_id"].as_str().unwrap();
    let points = |document: &serde_json::Value| -> Vec<serde_json::Value> {
        document["series"].as_array().unwrap().iter().map(|one| one["points"].clone()).collect()
    };
    // By the run where it is stored, by the file anywhere.
    for (data, champion) in [(&here, run_id), (&elsewhere, saved)] {
        let again = json(data.path(), &[&asked[..], &["--champion", champion]].concat());
        assert_eq!(points(&again), points(&first), "{champion}");
        assert_eq!(again["series"][0]["weights"], first["series"][0]["weights"]);
    }
    let elsewhere = elsewhere.path();
    for (champion, code, said) in [
        (run_id, 3, "champion"),
        (EXAMPLE, 2, "not what --save-champion writes"),
        ("nothing.json", 3, "nothing.json"),
    ] {
        let output = run(elsewhere, &["forecast", EXAMPLE, "--horizon", "12", "--champion", champion]);
        assert_eq!(output.status.code(), Some(code), "{champion}: {}", stderr(&output));
        assert!(stderr(&output).contains(said), "{champion}: {}", stderr(&output));
    }
}

#[test]
fn the_file_that_is_forecast_is_not_written_over_under_any_name() {
    let data = tempdir().unwrap();
    let [file, soft, hard] = ["file.csv", "soft.csv", "hard.csv"].map(|name| data.path().join(name));
    fs::copy(EXAMPLE, &file).unwrap();
    std::os::unix::fs::symlink(&file, &soft).unwrap();
    fs::hard_link(&file, &hard).unwrap();
    let before = fs::read(&file).unwrap();
    let dotted = data.path().join("./file.csv");
    for out in [&file, &soft, &hard, &dotted] {
        let arguments =
            ["forecast", file.to_str().unwrap(), "--horizon", "2", "--out", out.to_str().unwrap()];
        let output = run(data.path(), &arguments);
        assert_eq!(output.status.code(), Some(2), "{}: {}", out.display(), stderr(&output));
        assert!(stderr(&output).contains("--out names the file that is read"), "{}", stderr(&output));
    }
    assert_eq!(fs::read(&file).unwrap(), before);
    assert!(!data.path().join("assay.db").exists(), "it is refused before anything is opened");
}

#[test]
fn folds_and_gaps_are_stated_by_flags_and_refused_by_their_names() {
    let data = tempdir().unwrap();
    let asked = ["forecast", EXAMPLE, "--horizon", "6", "--models", "naive,seasonal_naive"];
    let stated =
        ["--splits", "3", "--min-train", "24", "--gap", "1", "--step", "6", "--gaps", "zero", "--json"];
    let document = json(data.path(), &[&asked[..], &stated].concat());
    let said = document["result"]["assumptions"].to_string();
    assert!(said.contains("3 folds of 6 months, 6 months apart") && said.contains("a gap of 1"), "{said}");
    for (options, words) in [
        (["--splits", "0"], "--splits must be between 1 and 20"),
        (["--min-train", "6"], "--min-train must be at least 7"),
        (["--gap", "6"], "--gap must be below the horizon 6"),
        (["--step", "366"], "--step must be between 1 and 365"),
        (["--gaps", "omit"], "must be one of zero|missing|refuse"),
    ] {
        let output = run(data.path(), &[&asked[..], &options].concat());
        assert_eq!(output.status.code(), Some(2), "{options:?}: {}", stderr(&output));
        assert!(stderr(&output).contains(words), "{options:?}: {}", stderr(&output));
    }
}

#[test]
fn a_fleet_of_which_every_tenth_series_fails_is_answered_for_the_others_and_says_for_how_many() {
    let data = tempdir().unwrap();
    let file = data.path().join("tenth.csv");
    let month = |at: usize| format!("{}-{:02}-01", 2020 + at / 12, at % 12 + 1);
    let rows = |series: usize| {
        let first = if series % 10 == 9 { 46 } else { 0 };
        (first..48).map(move |at| {
            format!("s{series:02},{},{}\n", month(at), 50 + series + at % 12 * 3 + (at * 7 + series) % 5)
        })
    };
    let text: String =
        std::iter::once("series,date,value\n".to_owned()).chain((0..40).flat_map(rows)).collect();
    fs::write(&file, text).unwrap();
    let asked = [file.to_str().unwrap(), "--horizon", "6", "--models", "naive,seasonal_naive"];
    let forecast = json(data.path(), &[&["forecast"], &asked[..], &["--json"]].concat());
    let result = &forecast["result"];
    assert!(
        result["statement"].as_str().unwrap().starts_with("6 months of 36 of 40 series are forecast"),
        "{result}"
    );
    assert_eq!(result["series_forecast"], 36);
    let ranked = json(data.path(), &[&["compare", "run"], &asked[..], &["--json"]].concat());
    assert_eq!(ranked["series"].as_array().map(Vec::len), Some(36));
    let printed = run(data.path(), &[&["compare", "run"], &asked[..]].concat());
    let text = stdout(&printed);
    for part in
        ["one model for all 36 series", "4 series were left out", "s39: 2 values on 2 dates are too few"]
    {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn a_workbook_has_the_numbers_of_the_csv_file_and_formulas_over_them() {
    let data = tempdir().unwrap();
    let [file, csv, xlsx] = ["in.csv", "f.csv", "f.xlsx"].map(|name| data.path().join(name));
    let rows = fs::read_to_string(EXAMPLE).unwrap();
    let first = rows.lines().nth(1).unwrap().split(',').next().unwrap();
    fs::write(&file, rows.replace(first, "=1+1")).unwrap();
    let arguments =
        ["forecast", file.to_str().unwrap(), "--horizon", "6", "--models", "naive,seasonal_naive"];
    for out in [&csv, &xlsx] {
        let output = run(data.path(), &[&arguments[..], &["--out", out.to_str().unwrap()]].concat());
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    }
    let mut book: Xlsx<_> = open_workbook(&xlsx).unwrap();
    let sheet = book.worksheet_range("Forecasts").unwrap();
    let written = fs::read_to_string(&csv).unwrap();
    assert_eq!(sheet.height(), written.lines().count());
    for (cells, line) in sheet.rows().zip(written.lines()).skip(1) {
        let fields: Vec<&str> = line.split(',').collect();
        assert_eq!(cells[0].to_string(), fields[0].trim_start_matches('\''));
        assert_eq!(cells[1].as_f64(), fields[1].parse().ok(), "{line}");
        assert_eq!(cells[2].as_date().unwrap().to_string(), fields[2]);
        for (cell, field) in cells[3..10].iter().zip(&fields[3..10]) {
            assert_eq!(cell.as_f64(), field.parse().ok(), "{line}");
        }
        // People read names, programs types.
        let types =
            cells[10].to_string().replace("Seasonal naive", "seasonal_naive").replace("Naive", "naive");
        assert_eq!(types, fields[10]);
    }
    assert!(book.worksheet_formula("Forecasts").unwrap().is_empty());
    let (formulas, values) =
        (book.worksheet_formula("Summary").unwrap(), book.worksheet_range("Summary").unwrap());
    let row = (0..30).find(|row| {
        values.get_value((*row, 0)).is_some_and(|cell| cell.to_string().starts_with("mean of MASE"))
    });
    let row = row.unwrap();
    assert_eq!(formulas.get_value((row, 1)).unwrap(), "AVERAGE(Backtest!H2:H13)");
    let [ours, theirs] = [1, 2].map(|column| values.get_value((row, column)).unwrap().as_f64().unwrap());
    assert!((ours - theirs).abs() < 1e-12, "{ours} {theirs}");
}

#[test]
fn more_rows_than_a_sheet_has_are_refused_before_anything_is_forecast() {
    let data = tempdir().unwrap();
    let file = data.path().join("many.csv");
    let rows = (0..3_000).map(|at| format!("s{at},2024-01-01,1\ns{at},2024-01-02,2\n"));
    fs::write(&file, std::iter::once("series,date,value\n".to_owned()).chain(rows).collect::<String>())
        .unwrap();
    let out = data.path().join("f.xlsx");
    let arguments = ["forecast", file.to_str().unwrap(), "--horizon", "366", "--out", out.to_str().unwrap()];
    let output = run(data.path(), &arguments);
    assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
    assert!(stderr(&output).contains("3000 series of 366 steps have 1098000"), "{}", stderr(&output));
    assert_eq!(json(data.path(), &["run", "list", "--json"])["items"], serde_json::json!([]));
}

/// Days with these values.
fn days(values: &[&str]) -> String {
    let first = chrono::NaiveDate::from_ymd_opt(2024, 1, 1).unwrap();
    let rows = first.iter_days().zip(values).map(|(date, value)| format!("{date},{value}\n"));
    std::iter::once("date,value\n".to_owned()).chain(rows).collect()
}

#[test]
fn what_rounds_to_nothing_has_no_sign() {
    let data = tempdir().unwrap();
    let (file, out) = (data.path().join("small.csv"), data.path().join("out.csv"));
    fs::write(&file, days(&["-0.001", "-0.002", "-0"].repeat(30))).unwrap();
    let file = file.to_str().unwrap();
    let options = ["--horizon", "3", "--models", "seasonal_naive", "--season", "3"];
    let forecast = [&["forecast", file, "--out", out.to_str().unwrap()], &options[..]].concat();
    let models = ["--horizon", "3", "--models", "naive,seasonal_naive", "--season", "3"];
    for arguments in [forecast, [&["compare", "run", file], &models[..]].concat()] {
        let output = run(data.path(), &arguments);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        let text = stdout(&output);
        let is_signed = |word: &str| {
            let size = word.trim_end_matches([',', '.', '%', ';', ')']).strip_prefix('-');
            size.is_some_and(|size| size.parse() == Ok(0.0))
        };
        assert!(!text.split_whitespace().any(is_signed), "{text}");
    }
    let rows = fs::read_to_string(&out).unwrap();
    assert!(rows.contains(",-0.001,"), "what is below zero says so: {rows}");
    assert!(!rows.split([',', '\n']).any(|cell| cell == "-0"), "{rows}");
}

#[test]
fn what_is_wrong_with_a_series_is_a_sentence_beside_its_name() {
    let data = tempdir().unwrap();
    let file = data.path().join("few.csv");
    for (text, said) in [
        ("series,date,value\na,2024-01-01,1\na,2024-01-02,2\n", "`a`: 2 values are too few: 3 are needed"),
        ("date,value\n2024-01-01\n2024-01-02,2\n", "1 value is too few: 3 are needed"),
    ] {
        fs::write(&file, text).unwrap();
        let output = run(data.path(), &["forecast", file.to_str().unwrap(), "--horizon", "2"]);
        assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
        assert!(stderr(&output).contains(said), "{}", stderr(&output));
    }
}

/// Two hundred series of five years of months; of ten, one has a word for a number and another has two rows.
fn a_fleet_with_faults() -> String {
    let mut text = "id,date,value\n".to_owned();
    for series in 0..200 {
        for row in 0..if series % 10 == 7 { 2 } else { 60 } {
            let (year, month) = (2019 + row / 12, 1 + row % 12);
            let value = 100 + series + (row * 7 + series) % 11;
            let value = if series % 10 == 3 && row == 30 { "oops".to_owned() } else { value.to_string() };
            writeln!(text, "S{series:03},{year}-{month:02}-01,{value}").unwrap();
        }
    }
    text
}

#[test]
fn a_fleet_of_which_every_tenth_series_fails_is_forecast_without_them_and_says_so() {
    let data = tempdir().unwrap();
    let [file, out] = ["fleet.csv", "out.csv"].map(|name| data.path().join(name));
    fs::write(&file, a_fleet_with_faults()).unwrap();
    let [file, to] = [&file, &out].map(|path| path.to_str().unwrap());
    let asked = ["forecast", file, "--horizon", "6", "--models", "ets,naive", "--json", "--out", to];
    let output = run(data.path(), &asked);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let said = stderr(&output);
    assert!(said.contains("S003 was left out: line 212: `oops` in `value` is not a number"), "{said}");
    assert!(said.contains("15 more series were left out"), "{said}");
    let document: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(document["excluded_total"], 20);
    assert_eq!(document["excluded_series"][0]["name"], "S007");
    assert_eq!(document["result"]["series_forecast"], 160);
    let statement = document["result"]["statement"].as_str().unwrap();
    assert!(statement.contains("160 of 180 series are forecast"), "{statement}");
    assert_eq!(fs::read_to_string(&out).unwrap().lines().count(), 1 + 160 * 6);
}

#[test]
fn wrong_usage_is_refused_by_the_name_of_the_flag() {
    let data = tempdir().unwrap();
    for (arguments, part) in [
        (&["--horizon", "0"][..], "--horizon"),
        (&["--horizon", "3", "--models", "oracle"], "--models"),
        (&["--horizon", "3", "--season", "0"], "--season"),
        (
            &["--horizon", "3", "--out", "f.docx"],
            "--out must name a file that ends in .csv, .parquet, .xlsx or .svg",
        ),
    ] {
        let output = run(data.path(), &[&["forecast", EXAMPLE], arguments].concat());
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", stderr(&output));
        assert!(stderr(&output).contains(part), "{arguments:?}: {}", stderr(&output));
    }
}
