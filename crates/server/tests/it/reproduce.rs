//! `assay run reproduce`: whatever kind of run it is, its bytes come again.

use std::collections::BTreeSet;

use tempfile::tempdir;

use crate::support::{json, run, stderr, stdout};

const EXAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/data/monthly.csv");

#[test]
fn a_run_of_every_kind_leaves_the_same_bytes_again() {
    let data = tempdir().unwrap();
    for command in [
        &["showcase", "run"][..],
        &["forecast", EXAMPLE, "--horizon", "6", "--models", "seasonal_naive,ets"],
        &["compare", "run", EXAMPLE, "--horizon", "6", "--models", "naive,seasonal_naive"],
        &["lab", "demo"],
    ] {
        let output = run(data.path(), command);
        assert_eq!(output.status.code(), Some(0), "{command:?}: {}", stderr(&output));
    }
    let kinds = json(data.path(), &["run", "list", "--limit", "200", "--json"]);
    let mut seen = BTreeSet::new();
    for item in kinds["items"].as_array().unwrap() {
        let (kind, id) = (item["kind"].as_str().unwrap(), item["run_id"].as_str().unwrap());
        if !seen.insert(kind.to_owned()) {
            continue;
        }
        let output = run(data.path(), &["run", "reproduce", id]);
        let said = stdout(&output);
        assert_eq!(output.status.code(), Some(0), "{kind}: {said}{}", stderr(&output));
        assert!(said.contains("it left the same bytes"), "{kind}: {said}");
    }
    for kind in ["showcase", "training", "comparison", "forecast", "simulation", "strategy_generation"] {
        assert!(seen.contains(kind), "{kind} in {seen:?}");
    }
}

#[test]
fn what_cannot_be_reproduced_is_said() {
    let data = tempdir().unwrap();
    let unknown = "0197a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b";
    run(data.path(), &["showcase", "run"]);
    let refused = run(data.path(), &["run", "reproduce", unknown]);
    assert_eq!(refused.status.code(), Some(3), "{}", stderr(&refused));
    assert!(stderr(&refused).contains("does not exist"), "{}", stderr(&refused));
}
