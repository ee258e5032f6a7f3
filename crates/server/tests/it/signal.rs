//! Signals to a command that follows its own run.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use tempfile::tempdir;

use crate::support::json;

/// Starts a showcase, signals it once its first step has begun, and says how it ended, in its exit code and its record.
fn signalled(mut command: Command, data: &std::path::Path, signal: &str) -> (Option<i32>, String) {
    let mut child = command.args(["showcase", "run", "--ndjson"]).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    lines.next().unwrap().unwrap();
    let pid = child.id().to_string();
    assert!(Command::new("kill").args([signal, &pid]).status().unwrap().success());
    lines.for_each(drop);
    let code = child.wait().unwrap().code();
    let list = json(data, &["run", "list", "--kind", "showcase", "--json"]);
    (code, list["items"][0]["status"].as_str().unwrap().to_owned())
}

#[test]
fn every_signal_to_stop_ends_the_run_before_the_command() {
    for signal in ["-INT", "-TERM", "-HUP"] {
        let data = tempdir().unwrap();
        // Whoever runs the tests may have been told to outlive a terminal.
        let mut command = Command::new("env");
        command.args(["--default-signal", crate::support::ASSAY]).env_clear().env("ASSAY_DATA", data.path());
        let ended = signalled(command, data.path(), signal);
        assert_eq!(ended, (Some(130), "cancelled".to_owned()), "{signal}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_signals_at_once_leave_a_run_at_work_as_far_as_it_came() {
    const EXAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/data/monthly.csv");
    let data = tempdir().unwrap();
    let mut command = crate::support::assay(data.path());
    // A lease that nobody takes over meanwhile.
    command.env("ASSAY_LEASE_MS", "60000").args(["forecast", EXAMPLE, "--horizon", "12"]);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let db = kernel::Db::open(&format!("sqlite://{}", data.path().join("assay.db").display())).await.unwrap();
    let states = async || {
        let query = "SELECT group_concat(state) FROM run".to_owned();
        let query = sea_orm::Statement::from_string(db.read.backend(), query);
        let found = sea_orm::ConnectionTrait::query_one_raw(db.read.conn(), query).await;
        found.map_or(None, |row| row.unwrap().try_get_by_index::<Option<String>>(0).unwrap())
    };
    while states().await.as_deref() != Some("running") {
        assert!(child.try_wait().unwrap().is_none(), "it ended before it could be stopped");
        tokio::task::yield_now().await;
    }
    // Both are there before the command can do anything about the first one.
    for signal in ["-STOP", "-INT", "-TERM", "-CONT"] {
        assert!(Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap().success());
    }
    let output = child.wait_with_output().unwrap();
    let said = crate::support::stderr(&output);
    assert_eq!(output.status.code(), Some(130), "{said}");
    assert!(said.contains("stopped at once; run "), "{said}");
    // Neither ended, nor handed back by a clean end: in the time that takes it would have gone on.
    assert_eq!(states().await.as_deref(), Some("running"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_showcase_that_is_stopped_while_it_seeds_leaves_no_row_of_its_world() {
    let data = tempdir().unwrap();
    let size = ["--override", "stores=20", "--override", "products=60", "--override", "window_days=365"];
    let mut command = crate::support::assay(data.path());
    let mut child =
        command.args(["showcase", "run", "--scenario", "new_launches"]).args(size).spawn().unwrap();
    let db = kernel::Db::open(&format!("sqlite://{}", data.path().join("assay.db").display())).await.unwrap();
    let rows = async |table: &str| {
        let query = format!("SELECT count(*) FROM {table}");
        let query = sea_orm::Statement::from_string(db.read.backend(), query);
        let found = sea_orm::ConnectionTrait::query_one_raw(db.read.conn(), query).await;
        found.map_or(0, |row| row.unwrap().try_get_by_index::<i64>(0).unwrap())
    };
    while rows("sales_daily").await == 0 {
        assert!(child.try_wait().unwrap().is_none(), "it ended before it could be stopped");
        tokio::task::yield_now().await;
    }
    let pid = child.id().to_string();
    assert!(Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(130));
    for table in ["sales_daily", "inventory_snapshot_daily", "store", "product", "world"] {
        assert_eq!(rows(table).await, 0, "{table}");
    }
}

#[test]
fn a_command_that_was_told_to_outlive_its_terminal_does() {
    let data = tempdir().unwrap();
    let mut command = Command::new("nohup");
    command.arg(crate::support::ASSAY).env_clear().env("ASSAY_DATA", data.path());
    let ended = signalled(command, data.path(), "-HUP");
    assert_eq!(ended, (Some(0), "succeeded".to_owned()));
}
