//! What reaches the terminal: text of others is shown, and never acts.

use std::fs;
use std::process::Command;

use serde_json::{Value, json};
use tempfile::tempdir;
use wire::datasets::ImportQuery;

use crate::support::{Server, json as run_json, run, stderr, stdout};

/// A forged line, a cleared screen, a C1 sequence, a reversed name.
const FORGED: &str = "calm\r0197a1b2 showcase succeeded\n\u{1b}[2J\u{9b}31m\u{202e}gpj.exe\u{7f}";

/// A CSV file with enough days of one series to be compared on.
fn series_named(name: &str) -> String {
    let first = chrono::NaiveDate::from_ymd_opt(2024, 1, 1).unwrap();
    let rows = first.iter_days().take(120).enumerate();
    let rows = rows.map(|(day, date)| format!("\"{name}\",{date},{}\n", day % 7));
    std::iter::once("series,date,value\n".to_owned()).chain(rows).collect()
}

fn assert_plain(text: &str, what: &str) {
    let acts = |c: char| c != '\n' && (c.is_control() || ('\u{202a}'..='\u{202e}').contains(&c));
    assert!(!text.chars().any(acts), "{what}: {text:?}");
}

#[tokio::test]
async fn a_forged_title_is_shown_and_does_not_act() {
    let data = tempdir().unwrap();
    let server = Server::start(data.path());
    let csv = series_named("a\u{1b}[31m\rb");
    let query = ImportQuery { name: "forged".to_owned(), ..ImportQuery::default() };
    let dataset = server.client.import_dataset(&query, csv.into()).await.unwrap();
    let request = json!({
        "dataset_id": dataset.dataset_id,
        "forecast_horizon": 1,
        "candidate_models": [{ "model_type": "naive" }],
        "title": FORGED,
    });
    let accepted: Value = server.client.post("/api/model-selection/runs", &request).await.unwrap();
    let id = accepted["run_id"].as_str().unwrap();
    server.client.wait(id.parse().unwrap()).await.unwrap();
    let listed = stdout(&run(data.path(), &["run", "list"]));
    assert_plain(&listed, "list");
    assert_eq!(listed.lines().count(), 2, "the head and one run: {listed}");
    assert!(listed.contains("calm\\r0197a1b2 showcase succeeded\\n\\u{1b}[2J"), "{listed}");
    let shown = stdout(&run(data.path(), &["run", "show", id]));
    assert_plain(&shown, "show");
    assert!(shown.contains("calm\\r"), "{shown}");
    let exact = run_json(data.path(), &["run", "list", "--json"]);
    assert_eq!(exact["items"][0]["title"], FORGED);
    let lines = stdout(&run(data.path(), &["run", "list", "--ndjson"]));
    assert_eq!(serde_json::from_str::<Value>(&lines).unwrap()["title"], FORGED);
}

#[test]
fn forged_names_of_series_and_files_do_not_act() {
    let data = tempdir().unwrap();
    let file = data.path().join("forged.csv");
    // Of two series each is named.
    let (forged, calm) = (series_named("a\u{1b}[31m\u{202e}b"), series_named("calm"));
    fs::write(&file, forged + calm.split_once('\n').unwrap().1).unwrap();
    let arguments = ["--horizon", "2", "--models", "naive"];
    let output = run(data.path(), &[&["compare", "run", file.to_str().unwrap()], &arguments[..]].concat());
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert_plain(&stdout(&output), "compare");
    assert!(stdout(&output).contains("a\\u{1b}[31m\\u{202e}b"), "{}", stdout(&output));
    let bad = data.path().join("bad.csv");
    fs::write(&bad, "date,value\n2024-01-01,\u{9b}31m\u{202e}x\n").unwrap();
    for arguments in [
        &["compare", "run", bad.to_str().unwrap(), "--horizon", "2"][..],
        &["compare", "run", "absent\u{1b}[2J\r.csv", "--horizon", "2"],
        &["compare", "run", file.to_str().unwrap(), "--horizon", "2", "--models", "\u{1b}[2J\r"],
        &["run", "list", "--status", "\u{1b}[2J\r"],
    ] {
        let output = run(data.path(), arguments);
        assert_ne!(output.status.code(), Some(0), "{arguments:?}");
        assert_plain(&stderr(&output), "an error");
    }
}

#[test]
fn what_is_no_regular_file_is_refused_instead_of_waited_for() {
    let data = tempdir().unwrap();
    let pipe = data.path().join("pipe.csv");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    for path in [pipe.to_str().unwrap(), "/dev/zero", "/dev/null", data.path().to_str().unwrap()] {
        let output = run(data.path(), &["compare", "run", path, "--horizon", "2"]);
        assert_eq!(output.status.code(), Some(2), "{path}: {}", stderr(&output));
        assert!(stderr(&output).contains("no regular file"), "{path}: {}", stderr(&output));
    }
}
