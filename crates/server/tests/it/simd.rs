//! `--simd`: whatever registers a processor has, a run leaves the same bytes.

use std::collections::BTreeMap;

use serde_json::Value;
use tempfile::tempdir;

use crate::support::{json, run, stderr};

const EXAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/data/monthly.csv");

/// Every register that this processor has.
fn registers() -> Vec<String> {
    let data = tempdir().unwrap();
    let refused = run(data.path(), &["--simd", "abacus", "models", "--json"]);
    assert_eq!(refused.status.code(), Some(2), "{}", stderr(&refused));
    let said = stderr(&refused);
    let (_, has) =
        said.split_once("this processor has no abacus; it has ").unwrap_or_else(|| panic!("{said}"));
    has.trim().split(", ").map(str::to_owned).collect()
}

/// The artifacts of a run of this command, by name.
fn artifacts(simd: &str, command: &[&str]) -> BTreeMap<String, String> {
    let data = tempdir().unwrap();
    json(data.path(), &[&["--simd", simd], command, &["--json"]].concat());
    let runs = json(data.path(), &["run", "list", "--json"]);
    let id = runs["items"][0]["run_id"].as_str().unwrap().to_owned();
    let shown = json(data.path(), &["run", "show", &id, "--json"]);
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let artifacts = shown["artifacts"].as_array().unwrap().iter();
    artifacts.map(|artifact| (text(&artifact["name"]), text(&artifact["digest"]))).collect()
}

#[test]
fn every_register_gives_the_same_artifacts() {
    let registers = registers();
    assert_eq!(
        registers.first().map(String::as_str),
        Some(if cfg!(target_arch = "aarch64") { "neon" } else { "portable" })
    );
    let models =
        "seasonal_naive,ets,dynamic_optimized_theta,ces,mstl,arima,croston,pooled_profile,combination";
    for command in [
        &["forecast", EXAMPLE, "--horizon", "12"][..],
        &["compare", "run", EXAMPLE, "--horizon", "6", "--models", models],
    ] {
        let expected = artifacts("portable", command);
        assert!(expected.len() >= 2, "{expected:?}");
        for simd in &registers {
            assert_eq!(artifacts(simd, command), expected, "{command:?} on {simd}");
        }
    }
}
