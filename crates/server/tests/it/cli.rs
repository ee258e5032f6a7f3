//! Commands: what they print, and how they refuse.

use std::fs;

use serde_json::Value;
use tempfile::tempdir;

use crate::support::{json, run, stderr, stdout};

#[test]
fn a_showcase_is_green_and_its_run_is_listed_shown_replayed_and_verified() {
    let data = tempdir().unwrap();
    let shown = run(data.path(), &["showcase", "run", "--ndjson"]);
    assert_eq!(shown.status.code(), Some(0), "{}", stderr(&shown));
    let events: Vec<Value> = stdout(&shown).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(events.len(), 19, "9 steps begin and end, and the pipeline ends");
    assert_eq!(events[18]["event_type"], "pipeline_complete");
    assert_eq!(events[18]["status"], "pass");
    let list = json(data.path(), &["run", "list", "--kind", "showcase", "--json"]);
    let id = list["items"][0]["run_id"].as_str().unwrap();
    assert_eq!(list["items"][0]["status"], "succeeded");
    let detail = json(data.path(), &["run", "show", id, "--json"]);
    assert_eq!(detail["ledger"]["is_closed"], true);
    let replayed = run(data.path(), &["run", "replay", id]);
    let frames = stdout(&replayed).lines().count() as u64;
    let options = ["--from", "3", "--to", "5", "--speed", "1000x", "--max-gap-ms", "50"];
    let part = stdout(&run(data.path(), &[&["run", "replay", id][..], &options].concat()));
    let whole = stdout(&replayed);
    let expected: Vec<&str> = whole.lines().skip(2).take(3).collect();
    assert_eq!(part.lines().collect::<Vec<_>>(), expected);
    let verified = json(data.path(), &["run", "verify", id, "--json"]);
    assert_eq!((&verified["verified"], verified["frames"].as_u64()), (&Value::Bool(true), Some(frames)));
    assert_eq!(verified["head"], detail["ledger"]["head"]);
    let conversation = list["items"][0]["conversation_id"].as_str().unwrap();
    let whole = run(data.path(), &["run", "replay", "--conversation", conversation]);
    assert_eq!(whole.status.code(), Some(0), "{}", stderr(&whole));
    // The showcase is the first run of its conversation, and what it started follows on it.
    assert!(stdout(&whole).starts_with(&stdout(&replayed)) && stdout(&whole).len() > stdout(&replayed).len());
}

#[test]
fn a_run_is_the_same_as_itself_and_what_differs_is_named() {
    let data = tempdir().unwrap();
    let file = data.path().join("sales.csv");
    let rows: Vec<String> = (1..=60).map(|day| format!("{},{}", date(day), 10 + day % 7)).collect();
    fs::write(&file, format!("date,value\n{}\n", rows.join("\n"))).unwrap();
    let file = file.to_str().unwrap();
    for horizon in ["3", "4"] {
        let compared = run(data.path(), &["compare", "run", file, "--horizon", horizon]);
        assert_eq!(compared.status.code(), Some(0), "{}", stderr(&compared));
    }
    let list = json(data.path(), &["run", "list", "--kind", "comparison", "--json"]);
    let [right, left] = [0, 1].map(|n| list["items"][n]["run_id"].as_str().unwrap().to_owned());
    let same = run(data.path(), &["run", "diff", &left, &left, "--assert-same"]);
    assert_eq!(same.status.code(), Some(0), "{}", stdout(&same));
    assert!(stdout(&same).contains("\nthe same: "), "{}", stdout(&same));
    let differ = ["run", "diff", &left, &right, "--ignore", "timing,ids"];
    let told = run(data.path(), &differ);
    assert_eq!(told.status.code(), Some(0), "{}", stderr(&told));
    assert!(stdout(&told).contains("horizon: 3 → 4"), "{}", stdout(&told));
    assert_eq!(run(data.path(), &[&differ[..], &["--assert-same"]].concat()).status.code(), Some(5));
    let found = json(data.path(), &[&differ[..], &["--json"]].concat());
    assert_eq!((&found["is_same"], &found["entries"][0]["part"]), (&Value::Bool(false), &"request".into()));
}

/// The nth day of 2026.
fn date(nth: u32) -> String {
    let day = chrono::NaiveDate::from_yo_opt(2026, nth).unwrap();
    day.to_string()
}

#[test]
fn a_showcase_without_data_and_without_seeding_is_red_and_says_why() {
    let data = tempdir().unwrap();
    let output = run(data.path(), &["showcase", "run", "--skip-seed"]);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    assert!(stdout(&output).contains("run again with seeding"), "{}", stdout(&output));
}

#[test]
fn each_refusal_has_its_exit_code_and_names_what_is_wrong() {
    let data = tempdir().unwrap();
    let unknown = "0197a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b";
    for (arguments, code, words) in [
        (&["showcase", "run", "--scenario", "nope"][..], 2, "`nope` is not one of"),
        (&["showcase", "run", "--override", "stores=0"], 2, "--override stores"),
        (&["showcase", "run", "--override", "colour=1"], 2, "unknown field `colour`"),
        (&["showcase", "run", "--skip-seed", "--reset"], 2, "--reset"),
        (&["showcase", "run", "--world", unknown], 3, "there is no world"),
        (&["run", "show", unknown], 3, "does not exist"),
        (&["run", "verify", unknown], 3, "does not exist"),
        (&["run", "replay", unknown], 3, "does not exist"),
        (&["run", "replay", unknown, "--speed", "0x"], 2, "from `0.1x` to `1000x`"),
        (&["run", "replay", unknown, "--from", "yesterday"], 2, "RFC 3339"),
        (&["run", "replay", unknown, "--from", "5", "--to", "4"], 2, "--to: must not come before `from`"),
        (&["run", "replay", unknown, "--max-gap-ms", "5"], 2, "--max-gap-ms: only with a `speed` that waits"),
        (&["run", "cancel", unknown], 3, "does not exist"),
        (&["run", "diff", unknown, unknown], 3, "does not exist"),
        (&["run", "replay", "--conversation", unknown], 3, "does not exist"),
        (&["run", "replay"], 2, "--conversation"),
        (&["run", "show", "17"], 2, "`17` is not an id"),
        (&["run", "list", "--status", "done"], 2, "`done` is not one of"),
        (&["run", "list", "--kind", "comparisons"], 2, "`comparisons` is not one of batch, comparison, "),
        (&["compare", "run", "absent.csv", "--horizon", "3"], 3, "absent.csv"),
        (&["migrate", "down"], 2, "--yes"),
        (&["serve", "--bind", "0.0.0.0:0"], 2, "--allow-remote"),
        (&["frobnicate"], 2, "frobnicate"),
    ] {
        let output = run(data.path(), arguments);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {}", stderr(&output));
        assert!(stderr(&output).contains(words), "{arguments:?}: {}", stderr(&output));
    }
}

#[test]
fn the_schema_goes_up_and_down_and_a_newer_one_is_left_alone() {
    let data = tempdir().unwrap();
    assert_eq!(run(data.path(), &["migrate", "up"]).status.code(), Some(0));
    assert_eq!(run(data.path(), &["migrate", "down", "--yes"]).status.code(), Some(0));
    assert_eq!(run(data.path(), &["migrate", "up"]).status.code(), Some(0));
    let url = format!("sqlite://{}", data.path().join("assay.db").display());
    let newer = "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m99990101_000001_later', 1)";
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let db = kernel::Db::open(&url).await.unwrap();
        db.write
            .write("pretend", async |tx| sea_orm::ConnectionTrait::execute_unprepared(tx, newer).await)
            .await
            .unwrap();
        db.close().await.unwrap();
    });
    let output = run(data.path(), &["run", "list"]);
    assert_eq!(output.status.code(), Some(4), "{}", stderr(&output));
    assert!(stderr(&output).contains("newer version of assay"), "{}", stderr(&output));
}

#[test]
fn an_unusable_data_directory_is_named() {
    let data = tempdir().unwrap();
    let file = data.path().join("file");
    fs::write(&file, "x").unwrap();
    let output = run(&file, &["doctor"]);
    assert_eq!(output.status.code(), Some(1), "doctor reports every check");
    assert!(stdout(&output).contains("is not writable"), "{}", stdout(&output));
    let output = run(&file, &["run", "list"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("choose another with --data"), "{}", stderr(&output));
}

#[test]
fn the_doctor_finds_a_fresh_installation_sound() {
    let data = tempdir().unwrap();
    let report = json(data.path(), &["doctor", "--json"]);
    assert_eq!(report["is_ok"], true, "{report}");
    assert_eq!(fs::read_dir(data.path()).unwrap().count(), 0, "who only looks makes nothing");
    assert_eq!(run(data.path(), &["migrate", "up"]).status.code(), Some(0));
    let report = json(data.path(), &["doctor", "--json"]);
    assert_eq!(report["is_ok"], true, "{report}");
    assert!(report.to_string().contains("takes writes"), "{report}");
}

#[test]
fn a_database_of_somebody_else_is_refused_and_not_changed() {
    let data = tempdir().unwrap();
    let file = data.path().join("assay.db");
    let url = format!("sqlite://{}", file.display());
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let db = kernel::Db::open(&url).await.unwrap();
        let table =
            async |tx: &_| sea_orm::ConnectionTrait::execute_unprepared(tx, "CREATE TABLE t (n INT)").await;
        db.write.write("pretend", table).await.unwrap();
        db.close().await.unwrap();
    });
    let before = fs::read(&file).unwrap();
    let showcase = &["showcase", "run"][..];
    for arguments in [&["run", "list"][..], &["migrate", "up"], showcase, &["serve", "--bind", "127.0.0.1:0"]]
    {
        let output = run(data.path(), arguments);
        assert_eq!(output.status.code(), Some(4), "{arguments:?}: {}", stderr(&output));
        assert!(stderr(&output).contains("has a table `t` and none of assay's"), "{}", stderr(&output));
    }
    let output = run(data.path(), &["doctor"]);
    assert_eq!(output.status.code(), Some(1), "{}", stdout(&output));
    assert!(stdout(&output).contains("has a table `t` and none of assay's"), "{}", stdout(&output));
    assert_eq!(fs::read(&file).unwrap(), before);
    assert_eq!(fs::read_dir(data.path()).unwrap().count(), 1, "nothing was made beside it");
}

#[test]
fn an_address_that_leads_nowhere_is_named_once_and_at_once() {
    let data = tempdir().unwrap();
    let nowhere = "postgres://postgres@127.0.0.1:1/assay";
    for (url, code, words) in [
        ("mysql://x", 2, "expected sqlite://FILE or postgres://"),
        ("postgres://h/x?passwd=y", 2, "has a parameter that is not known"),
        (nowhere, 1, "127.0.0.1:1: connection refused"),
    ] {
        let began = std::time::Instant::now();
        let output = run(data.path(), &["run", "list", "--database-url", url]);
        assert_eq!(output.status.code(), Some(code), "{url}: {}", stderr(&output));
        assert_eq!(stderr(&output).matches(words).count(), 1, "{url}: {}", stderr(&output));
        assert!(began.elapsed().as_secs() < 4, "a pool would try again for longer");
    }
    let output = run(data.path(), &["run", "list", "--database-url", "sqlite:///nowhere/at/all.db"]);
    assert_eq!(output.status.code(), Some(3), "{}", stderr(&output));
}

#[test]
fn a_refused_comparison_names_the_flags_of_the_command() {
    let data = tempdir().unwrap();
    let file = data.path().join("short.csv");
    fs::write(&file, "date,value\n2024-01-01,1\n2024-01-02,2\n2024-01-03,3\n").unwrap();
    for (options, words) in [
        (&["--horizon", "2", "--models", "foo"][..], "--models must be one of"),
        (&["--horizon", "0"], "--horizon must be between"),
        (&["--horizon", "2", "--season", "9999"], "--season must be between"),
        (&["--horizon", "2", "--splits", "99"], "--splits must be between"),
        (&["--horizon", "2", "--min-train", "6"], "--min-train must be at least 7"),
        (&["--horizon", "2", "--gap", "2"], "--gap must be below the horizon 2"),
        (&["--horizon", "2", "--step", "1"], "--step must be at least the horizon 2"),
        (&["--horizon", "2"], "give more dates, or a smaller --horizon"),
        (&["--horizon", "2", "--min-train", "9"], "or a smaller --min-train or a smaller --horizon"),
    ] {
        let output = run(data.path(), &[&["compare", "run", file.to_str().unwrap()], options].concat());
        assert_eq!(output.status.code(), Some(2), "{options:?}: {}", stderr(&output));
        assert!(stderr(&output).contains(words), "{options:?}: {}", stderr(&output));
        for field in ["candidate_models", "min_train_size", "window", "split_config"] {
            assert!(!stderr(&output).contains(field), "{options:?}: {}", stderr(&output));
        }
    }
}

#[test]
fn what_only_looks_makes_no_data_directory() {
    let dir = tempdir().unwrap();
    let unknown = "0197a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b";
    fs::create_dir(dir.path().join("empty")).unwrap();
    for data in ["mistyped", "empty"].map(|name| dir.path().join(name)) {
        // A list of nothing is empty, and says where it looked.
        let listed = run(&data, &["run", "list"]);
        assert_eq!(listed.status.code(), Some(0), "{}", stderr(&listed));
        assert!(stdout(&listed).starts_with("no runs: there is no data in"), "{}", stdout(&listed));
        assert_eq!(json(&data, &["run", "list", "--json"])["items"], serde_json::json!([]));
        for arguments in
            [&["run", "show", unknown][..], &["run", "replay", unknown], &["run", "verify", unknown]]
        {
            let output = run(&data, arguments);
            assert_eq!(output.status.code(), Some(3), "{arguments:?}: {}", stderr(&output));
            assert!(stderr(&output).contains("there is no data in"), "{arguments:?}: {}", stderr(&output));
        }
    }
    assert!(!dir.path().join("mistyped").exists());
    assert_eq!(fs::read_dir(dir.path().join("empty")).unwrap().count(), 0);
}

#[test]
fn a_list_says_whether_there_are_no_runs_or_none_that_match() {
    let data = tempdir().unwrap();
    assert_eq!(run(data.path(), &["migrate", "up"]).status.code(), Some(0));
    assert!(stdout(&run(data.path(), &["run", "list"])).starts_with("no runs; start one"));
    for filter in [&["--kind", "showcase"][..], &["--status", "failed"], &["--dead-letters"]] {
        assert_eq!(stdout(&run(data.path(), &[&["run", "list"], filter].concat())), "no runs match\n");
    }
}

#[test]
fn a_refusal_says_each_thing_once() {
    let data = tempdir().unwrap();
    let file = data.path().join("bad.csv");
    fs::write(&file, "date,amount\n01/02/2024,1\n01/03/2024,2\n").unwrap();
    let output = run(data.path(), &["compare", "run", file.to_str().unwrap(), "--horizon", "2"]);
    let said = stderr(&output);
    assert_eq!(said.matches("`01/02/2024`").count(), 1, "{said}");
    assert_eq!(said.matches("--date-format: is needed").count(), 1, "{said}");
}

#[test]
fn where_there_are_several_worlds_the_flag_that_names_one_is_named() {
    let data = tempdir().unwrap();
    for seed in ["1", "2"] {
        let output = run(data.path(), &["showcase", "run", "--seed", seed]);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    }
    let output = run(data.path(), &["showcase", "run", "--skip-seed"]);
    assert_eq!(output.status.code(), Some(4));
    assert!(stderr(&output).contains("name one with --world"), "{}", stderr(&output));
    let worlds = stderr(&output).lines().count() - 1;
    assert_eq!(worlds, 2, "{}", stderr(&output));
}

#[test]
fn data_inspect_says_how_a_file_is_read_and_stores_nothing() {
    let data = tempdir().unwrap();
    let place = data.path().join("none");
    let file = data.path().join("plan.csv");
    fs::write(&file, "Sales\nMonth;Shop A;Shop B;Total\n01.2024;1,5;2;3,5\n02.2024;2,5;3;5,5\n03.2024;3,5;4;7,5\nTotal;7,5;9;16,5\n").unwrap();
    let output = run(&place, &["data", "inspect", file.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let said = stdout(&output);
    for part in [
        "2 series, 6 values, monthly, 2024-01-01 to 2024-03-01",
        "decimal mark: ,",
        "dates: MM/YYYY",
        "below 1 line of title",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    assert!(!place.exists(), "a look is no reason to keep anything");
    let festive = run(&place, &["data", "inspect", file.to_str().unwrap(), "--holidays", "de"]);
    assert!(stdout(&festive).contains("public holidays of Germany (DE)"), "{}", stdout(&festive));
    assert!(stdout(&festive).contains("--holidays de --horizon"), "{}", stdout(&festive));
    let nowhere = run(&place, &["data", "inspect", file.to_str().unwrap(), "--holidays", "XX"]);
    assert_eq!(nowhere.status.code(), Some(2));
    assert!(stderr(&nowhere).contains("`XX` is none of AD, AL") && stderr(&nowhere).contains("--holidays: "));
    let refused = run(&place, &["data", "inspect", file.to_str().unwrap(), "--sheet", "x"]);
    assert_eq!(refused.status.code(), Some(2), "{}", stderr(&refused));
}
