//! The log of ends as its users meet it: a bundle is checked without any data, and what was rewritten is found.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::Output;

use serde_json::{Value, json as object};
use tempfile::tempdir;

use crate::support::{Server, assay, json, run, stderr, stdout};

/// A small comparison that has ended.
pub(crate) fn ended(data: &Path) -> String {
    let file = data.join("series.csv");
    let row = |day: u32| format!("2024-{:02}-{:02},{}", day / 28 + 1, day % 28 + 1, day % 7);
    let rows = (0..40).map(row).collect::<Vec<_>>().join("\n");
    fs::write(&file, format!("date,value\n{rows}")).unwrap();
    let compared =
        run(data, &["compare", "run", file.to_str().unwrap(), "--models", "naive", "--horizon", "3"]);
    assert_eq!(compared.status.code(), Some(0), "{}", stderr(&compared));
    let list = json(data, &["run", "list", "--limit", "1", "--json"]);
    list["items"][0]["run_id"].as_str().unwrap().to_owned()
}

fn kept(dir: &Path, name: &str, output: &Output) -> PathBuf {
    assert_eq!(output.status.code(), Some(0), "{}", stderr(output));
    let path = dir.join(name);
    fs::write(&path, &output.stdout).unwrap();
    path
}

/// Where nothing is: a command that needed data would make or miss them there.
fn check(dir: &Path, bundle: &Path, options: &[&str]) -> (Option<i32>, Value) {
    let nowhere = dir.join("nowhere");
    let mut command = assay(&nowhere);
    command.env("DATABASE_URL", "postgres://nobody@127.0.0.1:1/none").args([
        "log",
        "check",
        bundle.to_str().unwrap(),
        "--json",
    ]);
    let output = command.args(options).output().unwrap();
    assert!(!nowhere.exists());
    (output.status.code(), serde_json::from_slice(&output.stdout).unwrap_or_else(|_| stderr(&output).into()))
}

fn failed(report: &Value) -> Vec<&str> {
    let checks = report["checks"].as_array().unwrap().iter();
    checks.filter(|check| check["holds"] == false).filter_map(|check| check["check"].as_str()).collect()
}

fn key(data: &Path) -> String {
    let keys = json(data, &["key", "show", "--json"]);
    keys["keys"].as_array().unwrap().last().unwrap()["key"].as_str().unwrap().to_owned()
}

#[test]
fn a_bundle_is_checked_with_nothing_but_a_key_and_an_older_checkpoint() {
    let (data, kept_in) = (tempdir().unwrap(), tempdir().unwrap());
    let (data, dir) = (data.path(), kept_in.path());
    let first = ended(data);
    let older = kept(dir, "older", &run(data, &["log", "checkpoint"]));
    let second = ended(data);
    let since = ["log", "prove", &second, "--since", older.to_str().unwrap()];
    let bundle = kept(dir, "bundle", &run(data, &since));
    let (code, report) = check(dir, &bundle, &["--key", &key(data), "--checkpoint", older.to_str().unwrap()]);
    assert_eq!(
        (code, &report["holds"], &report["is_key_given"]),
        (Some(0), &object!(true), &object!(true)),
        "{report}"
    );
    assert_eq!(
        (&report["index"], &report["size"], &report["ledger_id"]),
        (&object!(1), &object!(2), &object!(second))
    );
    let (code, report) = check(dir, &bundle, &[]);
    assert_eq!(
        (code, &report["is_key_given"], &report["signed_by"]),
        (Some(0), &object!(false), &object!(key(data)))
    );
    let other = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    let (code, report) = check(dir, &bundle, &["--key", other]);
    assert_eq!((code, failed(&report)), (Some(5), vec!["signature"]));
    // A bundle without the growth from there cannot be held against the older checkpoint.
    let plain = kept(dir, "plain", &run(data, &["log", "prove", &second]));
    let (code, report) = check(dir, &plain, &["--checkpoint", older.to_str().unwrap()]);
    assert_eq!((code, failed(&report)), (Some(5), vec!["growth"]));
    assert!(report["checks"][3]["detail"].as_str().unwrap().contains("--since"));
    let told = stdout(&run(data, &["log", "check", plain.to_str().unwrap()]));
    assert!(
        told.starts_with(&format!("holds: the end of {second}\n"))
            && told.contains("compare it with one from elsewhere"),
        "{told}"
    );
    for wrong in ["", "{}", "nothing\n"] {
        fs::write(dir.join("wrong"), wrong).unwrap();
        assert_eq!(check(dir, &dir.join("wrong"), &[]).0, Some(2), "{wrong}");
    }
    assert_eq!(check(dir, &dir.join("absent"), &[]).0, Some(3));
    assert_eq!(check(dir, &bundle, &["--key", "x"]).0, Some(2));
    assert_eq!(run(data, &["log", "verify", "--checkpoint", older.to_str().unwrap()]).status.code(), Some(0));
    drop(first);
}

#[test]
fn every_altered_bundle_is_refused() {
    let (data, kept_in) = (tempdir().unwrap(), tempdir().unwrap());
    let (data, dir) = (data.path(), kept_in.path());
    let id = ended(data);
    ended(data);
    let bundle = kept(dir, "bundle", &run(data, &["log", "prove", &id]));
    let text = fs::read_to_string(&bundle).unwrap();
    let lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let joined = |lines: &[String]| lines.join("\n") + "\n";
    let mut cases =
        vec![("cut", joined(&lines[..lines.len() - 1])), ("added", format!("{text}{}\n", lines[1]))];
    let swapped = {
        let mut lines = lines.clone();
        lines.swap(1, 2);
        joined(&lines)
    };
    let removed = {
        let mut lines = lines.clone();
        lines.remove(2);
        joined(&lines)
    };
    let flipped = {
        let mut lines = lines.clone();
        lines[1] = lines[1].replacen("\"seq\":1", "\"seq\":3", 1).replacen("scheduled", "schedulid", 1) + " ";
        joined(&lines)
    };
    cases.extend([("swapped", swapped), ("removed", removed), ("flipped", flipped)]);
    // Whoever alters the head with the frames is found by the log, whoever alters the checkpoint by the signature.
    let mut proof: Value = serde_json::from_str(&lines[0]).unwrap();
    let rest = joined(&lines[1..]);
    proof["index"] = object!(1);
    cases.push(("moved", format!("{proof}\n{rest}")));
    proof["index"] = object!(0);
    let note = proof["checkpoint"].as_str().unwrap().replacen("\n2\n", "\n3\n", 1);
    proof["checkpoint"] = object!(note);
    cases.push(("grown", format!("{proof}\n{rest}")));
    for (what, altered) in cases {
        let path = dir.join(what);
        fs::write(&path, altered).unwrap();
        let (code, report) = check(dir, &path, &[]);
        assert_eq!((code, &report["holds"]), (Some(5), &object!(false)), "{what}: {report}");
    }
    assert_eq!(check(dir, &bundle, &[]).0, Some(0));
}

#[test]
fn a_new_key_signs_and_the_old_one_stays_listed() {
    let (data, kept_in) = (tempdir().unwrap(), tempdir().unwrap());
    let (data, dir) = (data.path(), kept_in.path());
    let named = |arguments: &[&str]| {
        assay(data).env("ASSAY_LOG_NAME", "log.example/a").args(arguments).output().unwrap()
    };
    let before = named(&["key", "show", "--json"]);
    let before: Value = serde_json::from_slice(&before.stdout).unwrap();
    let old = before["keys"][0]["key"].as_str().unwrap().to_owned();
    assert!(old.starts_with("log.example/a+"), "{old}");
    let id = ended(data);
    let old_bundle = kept(dir, "old", &run(data, &["log", "prove", &id]));
    let rotated = json(data, &["key", "rotate", "--json"]);
    let new = rotated["keys"][1]["key"].as_str().unwrap().to_owned();
    assert_eq!((&rotated["keys"][0]["key"], &rotated["keys"][1]["from_size"]), (&object!(old), &object!(1)));
    let new_bundle = kept(dir, "new", &run(data, &["log", "prove", &id]));
    for (bundle, key, code) in
        [(&old_bundle, &old, 0), (&old_bundle, &new, 5), (&new_bundle, &new, 0), (&new_bundle, &old, 5)]
    {
        assert_eq!(check(dir, bundle, &["--key", key]).0, Some(code), "{key}");
    }
    let refused = assay(data).env("ASSAY_LOG_NAME", "log.example/b").args(["key", "show"]).output().unwrap();
    assert_eq!(refused.status.code(), Some(2));
    assert!(stderr(&refused).contains("the log is named log.example/a already"), "{}", stderr(&refused));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(data.join("log.key")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert!(!data.join("log.key.next").exists());
    }
}

/// Makes a stream that is closed at once, and kills the server as soon as that is acknowledged.
fn close_and_die(data: &Path, name: &str) {
    let server = Server::start(data);
    let mut connection = TcpStream::connect(server.host()).unwrap();
    let head = format!("PUT /api/streams/{name} HTTP/1.1\r\nhost: localhost\r\ncontent-type: text/plain\r\n");
    write!(connection, "{head}stream-closed: true\r\ncontent-length: 1\r\n\r\nx").unwrap();
    let mut status = String::new();
    BufReader::new(&connection).read_line(&mut status).unwrap();
    assert!(status.contains("201"), "{status}");
    server.kill();
}

#[test]
fn a_killed_server_loses_no_end_and_adds_none_twice() {
    let data = tempdir().unwrap();
    for round in 1..=4 {
        close_and_die(data.path(), &format!("stream-{round}"));
        let note = stdout(&run(data.path(), &["log", "checkpoint"]));
        assert_eq!(note.lines().nth(1), Some(round.to_string().as_str()), "{note}");
    }
    let verified = json(data.path(), &["log", "verify", "--json"]);
    assert_eq!(verified, object!({ "size": 4, "checked": 4, "problems": [] }));
}

#[test]
fn a_bundle_is_kept_elsewhere_as_it_was() {
    let (data, other, kept_in) = (tempdir().unwrap(), tempdir().unwrap(), tempdir().unwrap());
    let (data, other, dir) = (data.path(), other.path(), kept_in.path());
    let first = ended(data);
    let bundle = kept(dir, "bundle", &run(data, &["log", "prove", &first]));
    let (file, key) = (bundle.to_str().unwrap(), key(data));
    let imported = json(other, &["run", "import", file, "--key", &key, "--json"]);
    let id = imported["run_id"].as_str().unwrap();
    assert_eq!(
        (&imported["kind"], &imported["spec"]["run_kind"]),
        (&object!("import"), &object!("comparison"))
    );
    assert_eq!(json(other, &["run", "import", file, "--json"])["run_id"], id);
    assert_eq!(run(data, &["run", "replay", &first]).stdout, run(other, &["run", "replay", id]).stdout);
    assert_eq!(run(other, &["run", "verify", id]).status.code(), Some(0));
    let taken_on = kept(dir, "taken-on", &run(other, &["log", "prove", id]));
    assert_eq!(check(dir, &taken_on, &[]).0, Some(0));
    let told = stdout(&run(other, &["run", "import", taken_on.to_str().unwrap()]));
    assert!(told.starts_with(&format!("{id} is succeeded")) && told.contains("assay run verify"), "{told}");
    assert_eq!(run(other, &["run", "requeue", id]).status.code(), Some(4));
    let text = fs::read_to_string(&bundle).unwrap().replacen("\"phase\"", "\"phase\" ", 1);
    fs::write(&bundle, text).unwrap();
    let refused = run(other, &["run", "import", file]);
    assert!(stderr(&refused).contains("is not the one that was recorded"), "{}", stderr(&refused));
    assert_eq!(refused.status.code(), Some(5));
    fs::write(&bundle, "nothing").unwrap();
    assert_eq!(run(other, &["run", "import", file]).status.code(), Some(2));
    assert_eq!(run(other, &["run", "import", "absent"]).status.code(), Some(3));
}

#[test]
fn nobody_waits_for_a_run_of_others_that_goes_on() {
    let data = tempdir().unwrap();
    let data = data.path();
    let first = ended(data);
    let fork = json(data, &["run", "fork", &first, "--at", "3", "--json"]);
    let id = fork["run_id"].as_str().unwrap();
    assert_eq!(stdout(&run(data, &["run", "recover"])), "nothing was left behind\n");
    let told = stdout(&run(data, &["run", "abandon", id, "--reason", "nobody goes on with it"]));
    assert_eq!(told, format!("{id} is failed\n"));
    assert_eq!(run(data, &["run", "verify", id]).status.code(), Some(0));
    let refused = run(data, &["run", "fork", &first, "--at", "0"]);
    assert_eq!((refused.status.code(), stderr(&refused).contains("cannot be forked at")), (Some(2), true));
}
