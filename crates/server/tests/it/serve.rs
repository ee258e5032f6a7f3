//! The server as a process.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Stdio;

use serde_json::{Value, json};
use tempfile::tempdir;

use crate::support::{Server, assay, json as run_json, stderr};

#[test]
fn a_port_in_use_is_a_clear_message() {
    let data = tempdir().unwrap();
    let server = Server::start(data.path());
    let bind = server.address.strip_prefix("http://").unwrap();
    let output = assay(data.path()).args(["serve", "--bind", bind]).output().unwrap();
    assert_eq!(output.status.code(), Some(4));
    assert!(stderr(&output).contains("is in use"), "{}", stderr(&output));
}

#[test]
fn the_pages_are_served_under_every_path_of_theirs_and_to_readers_only() {
    let data = tempdir().unwrap();
    let server = Server::start(data.path());
    let host = server.address.strip_prefix("http://").unwrap();
    for (request, expected) in [
        ("GET /", "HTTP/1.1 200"),
        ("GET /runs/anything", "HTTP/1.1 200"),
        ("GET /assets/absent.js", "HTTP/1.1 404"),
        ("POST /runs/anything", "HTTP/1.1 405"),
        ("GET /api/absent", "HTTP/1.1 404"),
    ] {
        let answer = ask(host, request);
        assert!(answer.starts_with(expected), "{request}: {answer}");
        let is_page = expected.ends_with("200");
        assert_eq!(
            answer.contains("content-security-policy: default-src 'self'"),
            is_page,
            "{request}: {answer}"
        );
    }
}

/// One plain request; the whole answer in text, headers in lower case.
fn ask(host: &str, request: &str) -> String {
    let mut socket = TcpStream::connect(host).unwrap();
    write!(socket, "{request} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    socket.read_to_end(&mut answer).unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

#[test]
fn a_signal_ends_the_server_softly_and_with_a_clean_exit_code() {
    let data = tempdir().unwrap();
    let mut server = Server::start(data.path());
    server.terminate();
    assert_eq!(server.child.wait().unwrap().code(), Some(0));
}

#[tokio::test]
async fn a_command_beside_a_running_server_sees_and_stops_its_runs() {
    let data = tempdir().unwrap();
    let server = Server::start(data.path());
    let request = json!({ "skip_seed": false });
    let accepted: Value = server.client.post("/api/demo/runs", &request).await.unwrap();
    let run = accepted["run_id"].as_str().unwrap().to_owned();
    let cancelled = assay(data.path())
        .args(["run", "cancel", &run, "--json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .output()
        .unwrap();
    // The showcase may have been faster than the command: then there was nothing left to cancel.
    let shown = run_json(data.path(), &["run", "show", &run, "--json"]);
    let expected = if cancelled.status.code() == Some(0) { "cancelled" } else { "succeeded" };
    assert_eq!(shown["status"], expected, "{}: {}", stderr(&cancelled), shown["error"]);
}
