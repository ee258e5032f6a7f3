//! The lab on the command line from one command to the next: what is covered, what is missing, and every id that it takes.

use std::fs;

use serde_json::{Value, json};
use tempfile::tempdir;

use crate::support::{json, run, stderr, stdout};

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn covered(coverage: &Value, model: &str) -> (u64, u64) {
    let all = coverage["models"].as_array().unwrap();
    let one = all.iter().find(|one| one["model"] == model).unwrap();
    (one["covered"].as_u64().unwrap(), one["total"].as_u64().unwrap())
}

#[test]
fn what_is_missing_is_proposed_submitted_and_then_covered() {
    let data = tempdir().unwrap();
    let demo = ["lab", "demo", "--seasons", "2", "--entries", "8", "--simulations", "300"];
    assert_eq!(run(data.path(), &demo).status.code(), Some(0));
    let coverage = json(data.path(), &["lab", "coverage", "--json"]);
    assert_eq!(covered(&coverage, "logistic"), (1, 2));
    let propose = ["lab", "bulk", "propose", "game_outcome", "--state", "post_first_four"];
    let output = run(data.path(), &propose);
    assert!(
        stdout(&output).contains("1 run missing, 1 there, 0 that cannot be proposed"),
        "{}",
        stdout(&output)
    );
    let proposal = json(data.path(), &[&propose[..], &["--json"]].concat());
    let file = data.path().join("proposal.json");
    fs::write(&file, proposal.to_string()).unwrap();
    let submit = ["lab", "bulk", "submit", file.to_str().unwrap()];
    let output = run(data.path(), &submit);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(stdout(&output).contains("1 run executed, 0 asked before"), "{}", stdout(&output));
    assert_eq!(covered(&json(data.path(), &["lab", "coverage", "--json"]), "logistic"), (2, 2));
    // A repeated command is harmless.
    let again = json(data.path(), &[&submit[..], &["--json"]].concat());
    assert_eq!((&again["created"], again["skipped"].as_array().unwrap().len()), (&json!([]), 1), "{again}");
    let asked = ["lab", "bulk", "propose", "market_share", "--model", "oracle_actual_market", "--json"];
    assert_eq!(json(data.path(), &asked)["runs"].as_array().unwrap().len(), 2);
    let synced = json(data.path(), &["lab", "cohorts", "sync", "--json"]);
    let cohort = text(&synced["cohorts"][0]["cohort_id"]);
    let output = run(data.path(), &["lab", "bulk", "propose", "strategy_generation", "--cohort", cohort]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let one = ["lab", "coverage", "--kind", "market_share", "--model", "ridge"];
    assert!(stdout(&run(data.path(), &one)).contains("1 of 2 have a run of ridge"));
    fs::write(&file, "[]").unwrap();
    assert_eq!(run(data.path(), &submit).status.code(), Some(2));
}

#[test]
fn what_show_lists_is_what_the_other_commands_take_and_what_retention_removed_is_said() {
    let data = tempdir().unwrap();
    let demo = ["lab", "demo", "--seasons", "2", "--entries", "8", "--simulations", "300"];
    assert_eq!(run(data.path(), &demo).status.code(), Some(0));
    let listed = json(data.path(), &["lab", "list", "--json"]);
    let calcutta = text(&listed["calcuttas"][0]["calcutta_id"]);
    let shown = json(data.path(), &["lab", "show", calcutta, "--json"]);
    let (simulations, candidates) = (&shown["simulation_runs"], &shown["candidates"]);
    assert_eq!(
        (simulations.as_array().unwrap().len(), candidates.as_array().unwrap().len()),
        (2, 2),
        "{shown}"
    );
    let (team, game) = (text(&shown["teams"][0]["team_id"]), "championship");
    assert!(shown["games"].as_array().unwrap().iter().any(|one| one["game_id"] == game));
    // The first simulation is of the auction without candidates.
    let first = text(&simulations[1]["run_id"]);
    let win = format!("{game}={team}");
    let condition = ["lab", "condition", first, "--win", &win];
    assert_eq!(run(data.path(), &condition).status.code(), Some(0));
    let (entry, candidate) = (text(&shown["entries"][0]["entry_id"]), text(&candidates[0]["candidate_id"]));
    let asked = ["lab", "portfolio", first, "--entry", entry, "--candidate", candidate];
    let output = run(data.path(), &asked);
    assert!(
        stdout(&output).contains("Payouts are in first prizes"),
        "{}{}",
        stdout(&output),
        stderr(&output)
    );
    let printed = stdout(&run(data.path(), &["lab", "show", calcutta]));
    for part in [first, entry, candidate, team, game] {
        assert!(printed.contains(part), "{part}: {printed}");
    }
    let retain = ["retention", "run", "--age", "default=0d", "--json"];
    let gone = json(data.path(), &retain);
    let gone: Vec<&Value> = gone["going"].as_array().unwrap().iter().map(|one| &one["run_id"]).collect();
    assert!(gone.contains(&&simulations[0]["run_id"]), "{gone:?}");
    let last = text(&simulations[0]["run_id"]);
    let output = run(data.path(), &["lab", "condition", last, "--win", &win]);
    assert_eq!(output.status.code(), Some(4), "{}", stdout(&output));
    let said = stderr(&output);
    assert!(said.contains("succeeded, but retention removed what it left behind on"), "{said}");
    assert!(said.contains(&format!("assay run reproduce {last}")), "{said}");
    assert!(stdout(&run(data.path(), &["lab", "show", calcutta])).contains("(results removed)"));
    // What was removed comes again, to the byte.
    let output = run(data.path(), &["run", "reproduce", last]);
    assert_eq!(output.status.code(), Some(0), "{}{}", stdout(&output), stderr(&output));
}
