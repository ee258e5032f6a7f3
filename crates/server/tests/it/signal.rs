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

#[test]
fn a_command_that_was_told_to_outlive_its_terminal_does() {
    let data = tempdir().unwrap();
    let mut command = Command::new("nohup");
    command.arg(crate::support::ASSAY).env_clear().env("ASSAY_DATA", data.path());
    let ended = signalled(command, data.path(), "-HUP");
    assert_eq!(ended, (Some(0), "succeeded".to_owned()));
}
