//! What people read: of one series, of some, of very many; in narrow terminals; and names that must not act.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use tempfile::tempdir;

use crate::support::{assay, json, run, stderr, stdout};

/// Months of some series: a season that is plain to see, on a level of its own.
fn months(dir: &Path, names: &[String]) -> PathBuf {
    let mut text = "series,date,value\n".to_owned();
    for (nth, name) in names.iter().enumerate() {
        for month in 0..48 {
            let (year, of_year) = (2018 + month / 12, month % 12 + 1);
            let value = 100 + nth % 40 + 10 * ((7 * month + 3) % 12) + (month * month + nth) % 7;
            let name = name.replace('"', "\"\"");
            writeln!(text, "\"{name}\",{year}-{of_year:02}-01,{value}").unwrap();
        }
    }
    let file = dir.join("months.csv");
    fs::write(&file, text).unwrap();
    file
}

fn numbered(series: usize) -> Vec<String> {
    (0..series).map(|nth| format!("s{nth:04}")).collect()
}

const FEW_MODELS: [&str; 4] = ["--horizon", "6", "--models", "naive,seasonal_naive,theta"];

fn compare(data: &Path, file: &Path, more: &[&str]) -> Output {
    let output = run(data, &[&["compare", "run", file.to_str().unwrap()], &FEW_MODELS[..], more].concat());
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    output
}

#[test]
fn of_many_series_the_spread_and_the_worst_are_printed_and_the_rest_is_kept() {
    let data = tempdir().unwrap();
    let file = months(data.path(), &numbered(300));
    let text = stdout(&compare(data.path(), &file, &[]));
    assert!(text.lines().count() < 60, "{text}");
    for part in [
        "Overall, 300 series by relative MAE",
        "Seasonal naive",
        "First on how many series",
        "monthly, up to 49 months",
        "The 10 series with the largest relative MAE of their best model",
        "all rankings: assay compare show",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(!text.contains("seasonal_naive"), "people read names: {text}");
    let last = text.lines().last().unwrap();
    assert_eq!(last, format!("next: assay forecast {} --horizon 6", file.display()));
    // The worst come first.
    let worst = text.lines().skip_while(|line| !line.starts_with("The 10 series")).skip(2).take(10);
    let errors: Vec<f64> =
        worst.map(|line| line.split_whitespace().rev().nth(4).unwrap().parse().unwrap()).collect();
    assert!(errors.len() == 10 && errors.is_sorted_by(|a, b| a >= b), "{errors:?}");

    let id = text.lines().find_map(|line| line.strip_prefix("run ")).unwrap();
    let all = stdout(&run(data.path(), &["compare", "show", id, "--all"]));
    assert_eq!(all.lines().filter(|line| line.starts_with('s') && line.contains(": ")).count(), 300, "{all}");
    let csv = data.path().join("ranking.csv");
    let shown = run(data.path(), &["compare", "show", id, "--out", csv.to_str().unwrap()]);
    assert_eq!(shown.status.code(), Some(0), "{}", stderr(&shown));
    let rows = fs::read_to_string(&csv).unwrap();
    assert!(rows.starts_with("series,rank,model,wape,"), "{rows}");
    assert_eq!(rows.lines().count(), 1 + 300 * 3);
    assert!(rows.contains(",seasonal_naive,"), "programs read types");
    let exact = json(data.path(), &["compare", "show", id, "--json"]);
    assert_eq!(exact["series"].as_array().unwrap().len(), 300);
}

#[test]
fn of_some_series_each_has_a_row_and_of_one_the_ranking_is_the_answer() {
    let data = tempdir().unwrap();
    let text = stdout(&compare(data.path(), &months(data.path(), &numbered(12)), &[]));
    let rows = text.lines().filter(|line| line.starts_with("s00")).count();
    assert_eq!(rows, 12, "{text}");
    let text = stdout(&compare(data.path(), &months(data.path(), &numbered(1)), &[]));
    assert!(!text.contains("The series") && !text.contains("all rankings"), "{text}");
    assert!(text.lines().last().unwrap().starts_with("next: assay forecast "), "{text}");
}

#[test]
fn rows_align_by_what_is_seen_and_fit_a_narrow_terminal() {
    let data = tempdir().unwrap();
    let names = ["plain", "日本語の系列", "emoji🙂", "a\u{1b}[31mred", "rtl\u{202e}x", "two\nlines", "=1+1"];
    let names: Vec<String> = names.map(str::to_owned).into();
    let file = months(data.path(), &names);
    let arguments = [&["compare", "run", file.to_str().unwrap()], &FEW_MODELS[..]].concat();
    let output = assay(data.path()).args(arguments).env("COLUMNS", "60").output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let text = stdout(&output);
    assert!(!text.chars().any(|c| c != '\n' && (c.is_control() || c == '\u{202e}')), "{text:?}");
    let table: Vec<&str> =
        text.lines().skip_while(|line| *line != "The series").skip(1).take(1 + names.len()).collect();
    assert_eq!(table.len(), 1 + names.len(), "{text}");
    for line in &table {
        assert!(unicode_width::UnicodeWidthStr::width(*line) <= 60, "{line}");
    }
    // Every MASE ends where its head does.
    let place = |line: &str, end: usize| unicode_width::UnicodeWidthStr::width(&line[..end]);
    let head = place(table[0], table[0].find("MASE").unwrap() + "MASE".len());
    for line in &table[1..] {
        let number = line.split_whitespace().rfind(|word| word.parse::<f64>().is_ok()).unwrap();
        assert_eq!(place(line, line.rfind(number).unwrap() + number.len()), head, "{text}");
    }
}

#[test]
fn a_forecast_reads_as_it_did() {
    let data = tempdir().unwrap();
    let file = months(data.path(), &numbered(1));
    let asked = ["forecast", file.to_str().unwrap(), "--horizon", "3", "--models", "seasonal_naive"];
    let text = stdout(&run(data.path(), &asked));
    let (answer, _) = text.split_once("\n\non the folds").unwrap();
    assert_eq!(
        answer,
        "3 months of s0000 are forecast. On the folds its MASE is 1.053.

s0000: Seasonal naive
date        forecast  80 % from     to
2022-01-01     131.0      126.1  135.9
2022-02-01     204.0      199.5  208.5
2022-03-01     152.0      147.2  156.8"
    );
}

#[test]
fn the_models_are_listed_and_each_can_be_looked_up() {
    let data = tempdir().unwrap();
    let nowhere = data.path().join("none");
    let text = stdout(&run(&nowhere, &["models"]));
    assert!(!nowhere.exists(), "a list of models is no reason to keep anything");
    assert!(text.contains("dynamic_optimized_theta") && text.contains("Dynamic optimised Theta"), "{text}");
    let one = stdout(&run(data.path(), &["models", "ets"]));
    assert!(one.starts_with("ETS (ets): ") && one.contains("season_length"), "{one}");
    let types = json(data.path(), &["models", "--json"]);
    assert!(types["models"].as_array().unwrap().len() > 20);
    let unknown = run(data.path(), &["models", "oracle"]);
    assert_eq!(unknown.status.code(), Some(3));
    assert!(stderr(&unknown).contains("`assay models` lists"), "{}", stderr(&unknown));
}

#[test]
fn the_help_of_a_command_keeps_apart_what_every_command_takes() {
    let data = tempdir().unwrap();
    let short = stdout(&run(data.path(), &["forecast", "-h"]));
    for global in ["--data", "--database-url", "--artifacts", "--lease-ms", "--log"] {
        assert!(!short.contains(global), "{global}: {short}");
    }
    let own = short.split("How to read the file:").next().unwrap();
    for flag in ["--horizon", "--models", "--out", "--champion", "--splits"] {
        assert!(own.contains(flag), "{flag}: {short}");
    }
    let whole = stdout(&run(data.path(), &["help", "forecast"]));
    let (own, every) = whole.split_once("Options of every command:").unwrap();
    assert!(every.contains("--data") && !own.contains("--data "), "{whole}");
}

#[test]
fn a_champion_of_another_kind_is_told_apart_from_none_and_a_marked_file_is_read() {
    let data = tempdir().unwrap();
    let file = months(data.path(), &numbered(2));
    let saved = data.path().join("champion.json");
    let forecast = |more: &[&str]| {
        let asked = ["forecast", file.to_str().unwrap(), "--horizon", "6"];
        run(data.path(), &[&asked[..], more].concat())
    };
    let first = forecast(&["--models", "naive,seasonal_naive", "--save-champion", saved.to_str().unwrap()]);
    assert_eq!(first.status.code(), Some(0), "{}", stderr(&first));
    let marked = [&b"\xef\xbb\xbf"[..], &fs::read(&saved).unwrap()].concat();
    fs::write(&saved, marked).unwrap();
    let again = forecast(&["--champion", saved.to_str().unwrap()]);
    assert_eq!(again.status.code(), Some(0), "{}", stderr(&again));
    let text = stdout(&compare(data.path(), &file, &[]));
    let id = text.lines().find_map(|line| line.strip_prefix("run ")).unwrap();
    let refused = forecast(&["--champion", id]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(
        stderr(&refused).contains("is a comparison; it takes the run of a forecast"),
        "{}",
        stderr(&refused)
    );
}

#[test]
fn what_a_champion_gives_to_a_model_that_cannot_run_is_told() {
    let data = tempdir().unwrap();
    let file = months(data.path(), &numbered(1));
    let saved = data.path().join("champion.json");
    let asked = ["forecast", file.to_str().unwrap(), "--horizon", "3"];
    let models = ["--models", "naive,seasonal_naive", "--save-champion", saved.to_str().unwrap()];
    let output = run(data.path(), &[&asked[..], &models].concat());
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let mut decision: serde_json::Value = serde_json::from_slice(&fs::read(&saved).unwrap()).unwrap();
    decision["series"][0]["weights"] = serde_json::json!([0.5, 0.5]);
    fs::write(&saved, decision.to_string()).unwrap();
    let short: Vec<String> = fs::read_to_string(&file).unwrap().lines().take(9).map(str::to_owned).collect();
    fs::write(&file, short.join("\n")).unwrap();
    let output = run(data.path(), &[&asked[..], &["--champion", saved.to_str().unwrap()]].concat());
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let said = "assumed: Seasonal naive cannot run on 1 series: the 50 % it has there go to the other models";
    assert!(stdout(&output).contains(said), "{}", stdout(&output));
}

#[test]
fn a_series_that_never_changes_has_an_interval_of_no_width() {
    let data = tempdir().unwrap();
    let file = data.path().join("constant.csv");
    let first = chrono::NaiveDate::from_ymd_opt(2024, 1, 1).unwrap();
    let rows = first.iter_days().take(60).map(|date| format!("{date},7\n"));
    fs::write(&file, std::iter::once("date,value\n".to_owned()).chain(rows).collect::<String>()).unwrap();
    let output = run(data.path(), &["forecast", file.to_str().unwrap(), "--horizon", "3"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let text = stdout(&output);
    let same = text.lines().filter(|line| line.starts_with("2024-03-") && line.matches("7.00").count() == 3);
    assert_eq!(same.count(), 3, "{text}");
}

#[test]
fn a_forecast_is_drawn_with_the_names_as_text() {
    let data = tempdir().unwrap();
    let file = months(data.path(), &["<script>alert(1)</script>".to_owned(), "b".to_owned()]);
    let svg = data.path().join("f.svg");
    let asked = ["forecast", file.to_str().unwrap(), "--horizon", "6", "--models", "seasonal_naive"];
    let output = run(data.path(), &[&asked[..], &["--out", svg.to_str().unwrap()]].concat());
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let drawn = fs::read_to_string(&svg).unwrap();
    assert!(drawn.starts_with("<svg ") && drawn.contains("prefers-color-scheme: dark"), "{drawn}");
    assert!(!drawn.contains("<script") && drawn.contains("&lt;script&gt;"), "{drawn}");
    assert!(drawn.contains("Seasonal naive"), "{drawn}");
}
