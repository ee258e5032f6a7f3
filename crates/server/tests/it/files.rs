//! The files of a data directory: who may read them, who makes them first, and a directory that cannot be written.

#![cfg(unix)]

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};
use tempfile::tempdir;

use crate::support::{Server, assay, run, stderr, stdout};

/// Every file and directory below, with what it holds.
fn tree(dir: &Path) -> BTreeMap<PathBuf, Option<Vec<u8>>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(tree(&path));
            found.insert(path, None);
        } else {
            // Readers mark their place in SQLite's index.
            let is_index = path.extension().is_some_and(|suffix| suffix == "db-shm");
            let bytes = if is_index { Vec::new() } else { fs::read(&path).unwrap() };
            found.insert(path, Some(bytes));
        }
    }
    found
}

#[test]
fn whatever_the_mask_says_files_are_their_owners_alone() {
    let place = tempdir().unwrap();
    let data = place.path().join("data");
    let program = assay(&data);
    let mut careless = Command::new("sh");
    careless.args(["-c", "umask 000; exec \"$0\" serve --bind 127.0.0.1:0"]).arg(program.get_program());
    careless.env_clear().env("ASSAY_DATA", &data).env("PATH", "/usr/bin:/bin");
    let _server = Server::spawn_as_is(careless);
    // While it runs the log and its index lie there too; this makes an artifact.
    let doctor = run(&data, &["doctor"]);
    assert_eq!(doctor.status.code(), Some(0), "{}", stderr(&doctor));
    let mut open = Vec::new();
    let tree = tree(&data);
    for path in tree.keys().chain([&data]) {
        let mode = fs::metadata(path).unwrap().permissions().mode() & 0o777;
        if mode & 0o077 != 0 {
            open.push(format!("{} {mode:o}", path.display()));
        }
    }
    assert!(tree.len() > 6, "{:?}", tree.keys());
    assert_eq!(open, Vec::<String>::new());
}

#[test]
fn six_commands_that_meet_on_a_new_directory_all_succeed() {
    for _ in 0..3 {
        let place = tempdir().unwrap();
        let data = place.path().join("data");
        let start = || {
            let mut command = assay(&data);
            command.args(["migrate", "up"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
        };
        let commands: Vec<_> = (0..6).map(|_| start()).collect();
        for command in commands {
            let output = command.wait_with_output().unwrap();
            assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        }
    }
}

/// Takes the right to write away, from the owner too, or gives it back.
fn set_writable(dir: &Path, is_writable: bool) {
    for path in tree(dir).into_keys().chain([dir.to_owned()]) {
        let mode = match (path.is_dir(), is_writable) {
            (true, true) => 0o755,
            (true, false) => 0o555,
            (false, true) => 0o644,
            (false, false) => 0o444,
        };
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
    }
}

/// A command that cannot write there: the superuser can write anywhere, so it becomes somebody else.
fn without_rights(data: &Path, arguments: &[&str]) -> Output {
    const NOBODY: u32 = 65_534;
    let mut command = assay(data);
    command.args(arguments);
    if fs::write(data.join("probe"), b"").is_ok() {
        fs::remove_file(data.join("probe")).unwrap();
        command.uid(NOBODY).gid(NOBODY);
    }
    command.output().unwrap()
}

/// Runs a showcase on a server that is then stopped, cleanly or by a crash.
async fn recorded(data: &Path, is_crash: bool) -> String {
    let mut server = Server::start(data);
    let accepted: Value = server.client.post("/api/demo/runs", &json!({ "skip_seed": false })).await.unwrap();
    let run = accepted["run_id"].as_str().unwrap().to_owned();
    server.client.wait(run.parse().unwrap()).await.unwrap();
    if is_crash {
        server.kill();
    } else {
        let pid = server.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        server.child.wait().unwrap();
    }
    run
}

#[tokio::test(flavor = "multi_thread")]
async fn what_lies_in_a_directory_that_cannot_be_written_is_read_and_proved() {
    for is_crash in [false, true] {
        let place = tempdir().unwrap();
        fs::set_permissions(place.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let data = place.path().join("data");
        let id = recorded(&data, is_crash).await;
        let replayed = stdout(&run(&data, &["run", "replay", &id]));
        if is_crash {
            // The commands above folded the log in when they closed; a second crash leaves one again.
            recorded(&data, true).await;
        }
        let log = fs::metadata(data.join("assay.db-wal")).map_or(0, |found| found.len());
        assert_eq!(log > 0, is_crash, "a crash leaves committed rows in the log");
        set_writable(&data, false);
        let before = tree(&data);
        for (arguments, expected) in [
            (&["run", "verify", &id][..], "verified"),
            (&["run", "list"], id.as_str()),
            (&["run", "show", &id], id.as_str()),
            (&["run", "replay", &id], replayed.as_str()),
        ] {
            let output = without_rights(&data, arguments);
            assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", stderr(&output));
            assert!(stdout(&output).contains(expected), "{arguments:?}: {}", stdout(&output));
        }
        let refused = without_rights(&data, &["run", "cancel", &id]);
        assert_ne!(refused.status.code(), Some(0));
        assert!(stderr(&refused).contains("not writable"), "{}", stderr(&refused));
        assert_eq!(tree(&data), before);
        set_writable(&data, true);
    }
}
