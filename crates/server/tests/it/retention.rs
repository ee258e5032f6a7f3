//! Letting go and leaving, as who types the commands meets them.

use std::fs;
use std::path::Path;
use std::time::Duration;

use serde_json::Value;
use tempfile::tempdir;

use crate::log::ended;
use crate::support::{json, run, stderr, stdout};

fn refused(data: &Path, arguments: &[&str]) -> String {
    let output = run(data, arguments);
    assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", stdout(&output));
    stderr(&output)
}

/// Bytes in the store that nothing names, two days old.
fn given_up(data: &Path) -> String {
    let digest = kernel::Digest::of("given up").to_string();
    let dir = data.join("artifacts").join(&digest[..2]);
    fs::create_dir_all(&dir).unwrap();
    let file = dir.join(&digest);
    fs::write(&file, "given up").unwrap();
    let written = fs::metadata(&file).unwrap().modified().unwrap();
    fs::File::open(&file).unwrap().set_modified(written - Duration::from_hours(48)).unwrap();
    digest
}

#[test]
fn a_run_goes_by_the_age_of_its_kind_once_it_was_seen_to_and_is_proven_still() {
    let data = tempdir().unwrap();
    let data = data.path();
    let id = ended(data);
    let kept = json(data, &["retention", "run", "--age", "comparison=1d", "--age", "default=0d", "--json"]);
    assert_eq!(kept["going"], Value::Array(vec![]));
    let dry = ["retention", "run", "--age", "comparison=0d", "--dry-run"];
    let output = run(data, &dry);
    let said = stdout(&output);
    assert!(
        said.contains(&id) && said.contains("would go") && said.contains("nothing was changed"),
        "{said}"
    );
    let gone = json(data, &["retention", "run", "--age", "comparison=0d", "--reason", "a test", "--json"]);
    assert_eq!(
        (&gone["going"][0]["run_id"], &gone["is_applied"]),
        (&Value::from(id.as_str()), &Value::Bool(true))
    );
    let again = json(data, &["retention", "run", "--age", "comparison=0d", "--json"]);
    assert_eq!(again["going"], Value::Array(vec![]));
    let verified = run(data, &["run", "verify", &id]);
    assert_eq!(verified.status.code(), Some(0), "{}", stdout(&verified));
    let bundle = data.join("run.bundle");
    let out = bundle.to_str().unwrap();
    let exported = run(data, &["run", "export", &id, "--format", "ndjson", "--out", out]);
    assert_eq!(exported.status.code(), Some(0), "{}", stderr(&exported));
    let checked = run(data, &["log", "check", out]);
    assert_eq!(checked.status.code(), Some(0), "{}", stdout(&checked));
    let events: Vec<Value> =
        serde_json::from_slice(&run(data, &["run", "export", &id, "--format", "cloudevents"]).stdout)
            .unwrap();
    assert_eq!(events[0]["type"], "assay.frame.removed");
    assert_eq!(events.last().unwrap()["type"], "assay.frame.final");
}

#[test]
fn garbage_is_named_counted_and_goes_and_what_a_run_left_stays() {
    let data = tempdir().unwrap();
    let data = data.path();
    let id = ended(data);
    let digest = given_up(data);
    let dry = json(data, &["retention", "gc", "--dry-run", "--json"]);
    assert_eq!(dry["objects"][0]["digest"], digest.as_str());
    let kept = dry["objects_kept"].as_u64().unwrap();
    assert!(kept > 0 && dry["shard_results_kept"].as_u64().unwrap() > 0, "{dry}");
    let said = stdout(&run(data, &["retention", "gc", "--max-shard-bytes", "0"]));
    assert!(said.contains(&digest) && said.contains("went: 1 object (8 B)"), "{said}");
    let left = json(data, &["retention", "gc", "--json"]);
    assert_eq!((&left["objects"], left["objects_kept"].as_u64()), (&Value::Array(vec![]), Some(kept)));
    assert_eq!(left["shard_results_kept"], 0);
    let verified = run(data, &["run", "verify", &id]);
    assert_eq!(verified.status.code(), Some(0), "{}", stdout(&verified));
}

#[test]
fn what_cannot_be_meant_is_refused_by_its_flag() {
    let data = tempdir().unwrap();
    let data = data.path();
    ended(data);
    for (arguments, said) in [
        (&["retention", "run"][..], "--age"),
        (&["retention", "run", "--age", "comparison"], "expected a kind and its age"),
        (&["retention", "run", "--age", "nothing=1d"], "`nothing` is not one of"),
        (&["retention", "run", "--age", "default=1d", "--age", "default=2d"], "`default` has an age already"),
        (&["retention", "run", "--age", "comparison=1d", "--age", "comparison=2d"], "has an age already"),
        (&["retention", "run", "--age", "default=99999d"], "--age"),
        (&["retention", "gc", "--grace", "0"], "--grace"),
        (&["retention", "gc", "--max-shard-bytes", "1kB"], "--max-shard-bytes"),
        (&["run", "export", "01940000-0000-7000-8000-000000000000", "--format", "csv"], "csv"),
    ] {
        let error = refused(data, arguments);
        assert!(error.contains(said), "{arguments:?}: {error}");
    }
    let unknown = ["run", "export", "01940000-0000-7000-8000-000000000000", "--format", "otlp"];
    assert_eq!(run(data, &unknown).status.code(), Some(3));
}

#[test]
fn an_export_is_a_whole_file_or_standard_output() {
    let data = tempdir().unwrap();
    let data = data.path();
    let id = ended(data);
    let file = data.join("run.json");
    let name = file.to_str().unwrap();
    let exported = run(data, &["run", "export", &id, "--format", "otlp", "--out", name]);
    assert_eq!(
        (exported.status.code(), exported.stdout.as_slice()),
        (Some(0), &[][..]),
        "{}",
        stderr(&exported)
    );
    let printed = run(data, &["run", "export", &id, "--format", "otlp"]);
    assert_eq!(fs::read(&file).unwrap(), printed.stdout);
    let request: Value = serde_json::from_slice(&printed.stdout).unwrap();
    let spans = request["resourceSpans"][0]["scopeSpans"][0]["spans"].as_array().unwrap();
    assert_eq!(spans.last().unwrap()["name"], "comparison");
    let lines = stdout(&run(data, &["run", "export", &id, "--format", "openlineage"]));
    let ended: Value = serde_json::from_str(lines.lines().last().unwrap()).unwrap();
    assert_eq!((&ended["eventType"], lines.lines().count()), (&Value::from("COMPLETE"), 2));
    assert!(
        !ended["inputs"].as_array().unwrap().is_empty() && !ended["outputs"].as_array().unwrap().is_empty()
    );
}
