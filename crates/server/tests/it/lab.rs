//! The lab on the command line: from an empty directory to a bid sheet, and a season of one's own.

use std::fs;

use serde_json::{Value, json};
use tempfile::tempdir;

use crate::support::{json, run, stderr, stdout};

#[test]
fn the_demo_goes_from_nothing_to_a_bid_sheet_and_what_it_comes_to() {
    let data = tempdir().unwrap();
    let asked = ["lab", "demo", "--seasons", "2", "--entries", "8", "--simulations", "3000"];
    let output = run(data.path(), &asked);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let text = stdout(&output);
    for part in [
        "Bid sheet for Made pool 2022",
        "Best bids (ridge)",
        "Best bids (by expected points)",
        "sealed under",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let listed = json(data.path(), &["lab", "list", "--json"]);
    assert_eq!(listed["tournaments"].as_array().unwrap().len(), 2);
    // Once more beside the first: nothing is in its way, and the same seed comes to the same.
    let again: Value = json(data.path(), &[&asked[..], &["--json"]].concat());
    let best = &again["simulation"]["result"]["leaderboard"][0]["display_name"];
    assert!(text.contains(best.as_str().unwrap()), "{best}: {text}");
    let root = again["simulation"]["result"]["seal_root"].as_str().unwrap();
    assert!(text.contains(&format!("sealed under {root}")), "{root}: {text}");
}

/// Four rated teams and a pool of two.
fn season() -> Value {
    let team = |(at, id): (usize, &str)| {
        let net = 10.0 - 4.0 * f64::from(u32::try_from(at).unwrap());
        let rating = json!({ "net": net, "offence": 100.0, "defence": 100.0, "tempo": 70.0 });
        json!({ "team_id": id, "name": id.to_uppercase(), "rating": rating })
    };
    let teams: Vec<Value> = ["a", "b", "c", "d"].into_iter().enumerate().map(team).collect();
    let bid = |team: &str, points: u32| json!({ "team_id": team, "bid_points": points });
    json!({
        "tournament": { "name": "Mine", "season": 2026, "teams": teams },
        "calcutta": {
            "name": "Office",
            "rules": { "budget_points": 10, "min_teams": 1, "max_teams": 2, "max_bid": 10 },
            "scoring": [{ "win_index": 1, "points_awarded": 1 }, { "win_index": 2, "points_awarded": 3 }],
            "payouts": [{ "position": 1, "amount_cents": 2000 }],
            "entries": [
                { "name": "Ada", "bids": [bid("a", 10)] },
                { "name": "Bo", "bids": [bid("b", 5), bid("c", 5)] },
            ],
        },
    })
}

#[test]
fn a_season_of_ones_own_is_imported_bid_in_and_simulated() {
    let data = tempdir().unwrap();
    let file = data.path().join("season.json");
    fs::write(&file, season().to_string()).unwrap();
    let kept = json(data.path(), &["lab", "import", file.to_str().unwrap(), "--json"]);
    let id = |value: &Value| value.as_str().unwrap().to_owned();
    let (snapshot, state) = (id(&kept["calcutta"]["snapshot_id"]), id(&kept["states"][0]["state_id"]));
    let sheet = json(data.path(), &["lab", "bids", "--snapshot", &snapshot, "--state", &state, "--json"]);
    assert!(sheet["bids"]["expected_points"].as_f64().unwrap() > 0.0, "{sheet}");
    let calcutta = id(&kept["calcutta"]["calcutta_id"]);
    let found = json(data.path(), &["lab", "show", &calcutta, "--json"]);
    let games = id(&found["game_outcome_runs"][0]["run_id"]);
    let asked = [
        "lab",
        "simulate",
        "--snapshot",
        &snapshot,
        "--state",
        &state,
        "--game-outcome",
        &games,
        "--precision",
        "0.01",
    ];
    let output = run(data.path(), &asked);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(stdout(&output).contains("Ada"), "{}", stdout(&output));
    let simulated = json(data.path(), &["run", "list", "--kind", "simulation", "--json"]);
    let simulation = id(&simulated["items"][0]["run_id"]);
    let strategy = sheet["run_id"].as_str().unwrap();
    let kept = json(data.path(), &["lab", "candidates", "add", "Mine", "--strategy", strategy, "--json"]);
    let candidate = id(&kept["candidate_id"]);
    let output = run(data.path(), &["lab", "evaluate", &simulation, "--candidate", &candidate]);
    assert!(stdout(&output).contains("Mine"), "{}{}", stdout(&output), stderr(&output));
    let upset = json(data.path(), &["lab", "condition", &simulation, "--win", "final-1=d", "--json"]);
    let teams = &upset["games"][2]["winners"];
    assert!(
        teams.as_array().unwrap().len() == 1 && teams[0]["p_exact"].as_f64() > Some(0.999_999),
        "{upset}"
    );
    let output = run(data.path(), &["lab", "condition", &simulation, "--win", "final-1=x"]);
    assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
    assert!(stderr(&output).contains("games[final-1] `x` is no team"), "{}", stderr(&output));
    let entries: Vec<String> =
        upset["entries"].as_array().unwrap().iter().map(|entry| id(&entry["entry_id"])).collect();
    let asked = ["lab", "portfolio", &simulation, "--entry", &entries[0], "--entry", &entries[1]];
    let output = run(data.path(), &asked);
    // The two are all there are, so one of them is paid always.
    assert!(stdout(&output).contains("with a chance of > 99.9"), "{}{}", stdout(&output), stderr(&output));
    let market = id(&found["market_share_runs"][0]["run_id"]);
    let named = ["--snapshot", &snapshot, "--game-outcome", &games, "--market-share", &market];
    let sold = ["--sold", "a=9+4", "--sold", "b=1"];
    let live = json(data.path(), &[&["lab", "live"][..], &named, &sold, &["--json"]].concat());
    assert_eq!((&live["own_left_points"], &live["sold_points"]), (&json!(6), &json!(10)), "{live}");
    assert!(live["plan"]["total_bid_points"].as_u64() <= Some(6), "{live}");
}

#[test]
fn what_old_runs_left_is_seen_first_on_request_and_goes_as_it_was_seen() {
    let data = tempdir().unwrap();
    let asked = ["lab", "demo", "--seasons", "2", "--entries", "8", "--simulations", "500"];
    assert_eq!(run(data.path(), &asked).status.code(), Some(0));
    let retain = ["retention", "run", "--age", "simulation=0d"];
    let output = run(data.path(), &[&retain[..], &["--dry-run"]].concat());
    assert!(stdout(&output).contains("nothing was changed; without --dry-run"), "{}", stdout(&output));
    let dry = json(data.path(), &[&retain[..], &["--dry-run", "--json"]].concat());
    let done = json(data.path(), &[&retain[..], &["--json"]].concat());
    let going = |found: &Value| -> Vec<Value> {
        found["going"].as_array().unwrap().iter().map(|one| one["run_id"].clone()).collect()
    };
    assert!(!going(&dry).is_empty() || !dry["staying"].as_array().unwrap().is_empty(), "{dry}");
    assert_eq!((going(&done), &done["is_applied"]), (going(&dry), &json!(true)));
    for gone in going(&done) {
        let verified = run(data.path(), &["run", "verify", gone.as_str().unwrap()]);
        assert_eq!(verified.status.code(), Some(0), "{}", stdout(&verified));
    }
    let output = run(data.path(), &["retention", "run", "--age", "simulation=x"]);
    assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
}

#[test]
fn tables_of_ones_own_are_told_kept_and_bid_in() {
    let data = tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let file = data.path().join(name);
        fs::write(&file, text).unwrap();
        file.to_str().unwrap().to_owned()
    };
    let template = data.path().join("cup 2026.xlsx");
    let template = template.to_str().unwrap();
    assert_eq!(run(data.path(), &["lab", "import", "--template", template]).status.code(), Some(0));
    assert_eq!(run(data.path(), &["lab", "import", "--template", template]).status.code(), Some(2));
    let told = json(data.path(), &["lab", "import", template, "--dry-run", "--json"]);
    assert_eq!((&told["problems"], &told["questions"]), (&json!([]), &json!([])), "{told}");
    assert_eq!(told["tables"].as_array().unwrap().len(), 6, "{told}");
    // What only looks at files leaves no data behind.
    assert_eq!(run(data.path(), &["lab", "list"]).status.code(), Some(3));
    let odds =
        write("odds.csv", "team,odds\nFIRST TEAM,1.8\nSecond Team,3.5\nthird team,9\nFourth team,15\n");
    let kept = json(data.path(), &["lab", "import", template, "--odds", &odds, "--json"]);
    assert_eq!((&kept["tournament"]["season"], &kept["calcutta"]["entry_count"]), (&json!(2026), &json!(2)));
    assert!(kept["game_outcome_run_id"].is_string(), "{kept}");

    let snapshot = kept["calcutta"]["snapshot_id"].as_str().unwrap();
    let mine = write("mine.csv", "team;points\nSecond team;60\nThird team;39\n");
    let import = ["lab", "candidates", "import", &mine, "--snapshot", snapshot];
    let output = run(data.path(), &import);
    assert!(
        output.status.success() && stdout(&output).contains("mine: 99 points on 2 teams"),
        "{}",
        stderr(&output)
    );
    write("mine.csv", "team;points\nSecond team;61\nNobody;39\n");
    let output = run(data.path(), &import);
    assert_eq!(output.status.code(), Some(2), "{}", stdout(&output));
    for line in ["line 2, column points", "1 to 60 are allowed", "`Nobody` is no team of the field"] {
        assert!(stdout(&output).contains(line), "{line}: {}", stdout(&output));
    }
    let models = json(data.path(), &["lab", "models", "--json"]);
    let odds =
        models["coverage"]["models"].as_array().unwrap().iter().find(|one| one["model"] == "odds").unwrap();
    assert_eq!((&odds["covered"], &odds["total"]), (&json!(1), &json!(1)));
}

#[test]
fn what_is_wrong_with_a_season_is_said_and_nothing_of_it_is_kept() {
    let data = tempdir().unwrap();
    let file = data.path().join("season.json");
    let mut wrong = season();
    wrong["calcutta"]["entries"][1]["bids"][0]["bid_points"] = json!(9);
    fs::write(&file, wrong.to_string()).unwrap();
    let output = run(data.path(), &["lab", "import", file.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
    assert!(stderr(&output).contains("`Bo` bids 14 points in all; the budget is 10"), "{}", stderr(&output));
    fs::write(&file, "{ \"tournament\": 1 }").unwrap();
    assert_eq!(run(data.path(), &["lab", "import", file.to_str().unwrap()]).status.code(), Some(2));
    assert_eq!(run(data.path(), &["lab", "list"]).status.code(), Some(3));
}
