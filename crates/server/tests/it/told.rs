//! What is said of a forecast before it is made and after: what it rests on, and what cannot be done.

use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use chrono::{Days, NaiveDate};
use tempfile::tempdir;

use crate::support::{json, run, stderr, stdout};

/// A file in a directory, by its name and its text.
fn file(place: &Path, name: &str, text: &str) -> String {
    let path = place.join(name);
    fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

fn day(at: u64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2023, 1, 2).unwrap() + Days::new(at)
}

#[test]
fn who_counts_what_is_known_is_said_of_a_comparison_and_of_a_forecast() {
    let data = tempdir().unwrap();
    let mut text = "date,sales\n".to_owned();
    for at in 0..400 {
        writeln!(text, "{},{}", day(at), 50 + 10 * (at % 7) + at * 7 % 5).unwrap();
    }
    let file = file(data.path(), "shop.csv", &text);
    let asked = ["--horizon", "14", "--holidays", "DE", "--models", "seasonal_naive,prophet_like"];
    let said = "What is known beforehand is counted by Prophet-like";
    let compared = run(data.path(), &[&["compare", "run", &file], &asked[..]].concat());
    let text = stdout(&compared);
    assert!(text.contains(said) && text.contains(", and not by Seasonal naive."), "{text}");
    let forecast = stdout(&run(data.path(), &[&["forecast", &file], &asked[..]].concat()));
    assert!(
        forecast.contains("What is known beforehand is counted by ")
            || forecast.contains("All models count what is known")
            || forecast.contains("No model counts what is known beforehand"),
        "{forecast}"
    );
    let nobody = ["forecast", &file, "--horizon", "14", "--holidays", "DE", "--models", "naive"];
    let nobody = stdout(&run(data.path(), &nobody));
    assert!(nobody.contains("No model counts what is known beforehand"), "{nobody}");
    // The only series is called as its values are.
    assert!(nobody.contains("14 days of sales are forecast"), "{nobody}");
}

#[test]
fn series_of_another_frequency_are_forecast_by_the_command_that_is_named() {
    let data = tempdir().unwrap();
    let mut text = "series,date,value\n".to_owned();
    for at in 0..120 {
        writeln!(text, "weeks,{},{}", day(7 * at), 100 + at % 13).unwrap();
    }
    for at in 0..48_u32 {
        let month = NaiveDate::from_ymd_opt(2020, 1, 1).unwrap() + chrono::Months::new(at);
        writeln!(text, "months,{month},{}", 500 + 20 * (at % 12)).unwrap();
    }
    let file = file(data.path(), "both.csv", &text);
    let asked = ["forecast", &file, "--frequency", "each", "--horizon", "4", "--models", "naive,ses"];
    let printed = stdout(&run(data.path(), &asked));
    let named =
        format!("the monthly series: assay forecast {file} --frequency each --grid monthly --horizon 4");
    assert!(printed.contains(&named), "{printed}");
    assert!(printed.contains("forecast it with --grid monthly"), "{printed}");
    let months = json(data.path(), &[&asked[..], &["--grid", "monthly", "--json"]].concat());
    assert_eq!(
        (&months["series"][0]["name"], &months["result"]["frequency"]),
        (&"months".into(), &"monthly".into())
    );
    let none = run(data.path(), &[&asked[..], &["--grid", "yearly"]].concat());
    assert_eq!(none.status.code(), Some(2), "{}", stdout(&none));
}

#[test]
fn where_nothing_is_written_that_is_said_before_anything_runs() {
    let data = tempdir().unwrap();
    let file = file(data.path(), "short.csv", "date,value\n2024-01-01,1\n2024-01-02,2\n2024-01-03,3\n");
    let locked = data.path().join("locked");
    fs::create_dir(&locked).unwrap();
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o500)).unwrap();
    let is_kept_out = fs::write(locked.join("probe"), "").is_err();
    for (out, why, holds) in [
        ("f.txt", "must name a file that ends in", true),
        ("no/f.csv", "there is no directory", true),
        ("locked/f.csv", "cannot be written to", is_kept_out),
    ] {
        let path = data.path().join(out);
        let asked = ["forecast", &file, "--horizon", "2", "--out", path.to_str().unwrap()];
        let refused = run(data.path(), &asked);
        if holds {
            assert_eq!(refused.status.code(), Some(2), "{out}: {}", stdout(&refused));
            assert!(stderr(&refused).contains(why), "{}", stderr(&refused));
        }
    }
    let runs = json(data.path(), &["run", "list", "--json"]);
    assert!(runs["items"].as_array().is_none_or(|items| items.len() <= usize::from(!is_kept_out)), "{runs}");
}

#[test]
fn a_history_that_is_too_short_to_judge_offers_no_champion() {
    let data = tempdir().unwrap();
    let file = file(
        data.path(),
        "short.csv",
        "date,value\n2024-01-01,1\n2024-01-02,2\n2024-01-03,3\n2024-01-04,2\n",
    );
    let output = run(data.path(), &["forecast", &file, "--horizon", "3", "--models", "naive,ses"]);
    let text = stdout(&output);
    assert!(text.contains("Nothing could be judged"), "{text}");
    assert!(text.contains("warning: no fold fits the history") && !text.contains("--champion"), "{text}");
    // The column of values says nothing, and the file does.
    assert!(text.contains("3 days of short are forecast"), "{text}");
}

#[test]
fn a_text_of_another_encoding_is_asked_about_and_read_as_it_is_stated() {
    let data = tempdir().unwrap();
    let (moscow, kazan) = (b"\xcc\xee\xf1\xea\xe2\xe0", b"\xca\xe0\xe7\xe0\xed\xfc");
    let mut bytes = b"series;date;value\n".to_vec();
    for at in 0..60 {
        for name in [moscow, kazan] {
            bytes.extend_from_slice(name);
            bytes.extend_from_slice(format!(";{};{}\n", day(at), 5 + at % 7).as_bytes());
        }
    }
    let path = data.path().join("cities.csv");
    fs::write(&path, bytes).unwrap();
    let path = path.to_str().unwrap();
    let asked = run(data.path(), &["data", "inspect", path]);
    assert_eq!(asked.status.code(), Some(2), "{}", stdout(&asked));
    let said = stderr(&asked);
    assert!(said.contains("--encoding") && said.contains("windows-1251 (`Москва`)"), "{said}");
    let report = json(data.path(), &["data", "inspect", path, "--encoding", "windows-1251", "--json"]);
    assert_eq!((&report["encoding"], &report["series"]), (&"windows-1251".into(), &2.into()));
    let refused = run(data.path(), &["data", "inspect", path, "--encoding", "cyrillic!"]);
    assert!(stderr(&refused).contains("`cyrillic!` is none of the labels"), "{}", stderr(&refused));
}
