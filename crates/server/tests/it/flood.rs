//! A server under clients that are slow, silent, many or rude.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::tempdir;
use wire::runs::Status;

use crate::support::Server;

/// One connection on which this was said.
fn said(server: &Server, text: &str) -> TcpStream {
    let mut socket = TcpStream::connect(server.host()).unwrap();
    socket.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    // The server may refuse in the middle of it.
    let _refused = socket.write_all(text.as_bytes());
    socket
}

/// The first line of the answer.
fn status(mut socket: TcpStream) -> String {
    let mut start = [0; 12];
    match socket.read_exact(&mut start) {
        Ok(()) => String::from_utf8_lossy(&start).into_owned(),
        Err(error) => error.to_string(),
    }
}

fn health(server: &Server) -> String {
    status(said(server, &format!("GET /health HTTP/1.1\r\nHost: {}\r\n\r\n", server.host())))
}

async fn showcase(server: &Server) -> kernel::RunId {
    let request = json!({ "skip_seed": false });
    let accepted: Value = server.client.post("/api/demo/runs", &request).await.unwrap();
    accepted["run_id"].as_str().unwrap().parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn more_half_sent_heads_than_there_are_files_make_the_server_neither_deaf_nor_break_a_run() {
    let data = tempdir().unwrap();
    let server = Server::start_with_files(data.path(), 256);
    let run = showcase(&server).await;
    let mut open = Vec::new();
    for at in 0..400 {
        open.push(said(&server, "GET /health HTTP/1.1\r\nHost: local"));
        if at % 40 == 0 {
            assert_eq!(health(&server), "HTTP/1.1 200", "after {at} half-sent heads");
        }
    }
    assert_eq!(health(&server), "HTTP/1.1 200");
    let ended = server.client.wait(run).await.unwrap();
    assert_eq!(ended.item.status, Status::Succeeded, "{:?}", ended.item.error);
    assert_eq!(health(&server), "HTTP/1.1 200");
}

#[test]
fn connections_that_are_being_answered_are_never_cut_for_another_one() {
    let data = tempdir().unwrap();
    let server = Server::start_with_files(data.path(), 256);
    let host = server.host();
    let begun = format!("POST /api/datasets?name=a HTTP/1.1\r\nHost: {host}\r\nContent-Type: text/csv\r\n");
    let csv = "date,value\n2024-01-01,1\n2024-01-02,2\n";
    let head = format!("{begun}Content-Length: {}\r\n\r\n", csv.len());
    let mut first = said(&server, &head);
    // A quarter of 256 files may be connections; the upload and 63 others fill them.
    let others: Vec<_> = (0..63).map(|_| said(&server, &head)).collect();
    // How many tries that takes depends on what else the machine does.
    let comes = |wanted: &str| {
        let last = Instant::now() + Duration::from_secs(20);
        std::iter::from_fn(|| (Instant::now() < last).then(|| health(&server))).any(|status| status == wanted)
    };
    assert!(comes("HTTP/1.1 503"), "all places are taken, so a newcomer is told so");
    first.write_all(csv.as_bytes()).unwrap();
    assert_eq!(status(first), "HTTP/1.1 201");
    drop(others);
    assert!(comes("HTTP/1.1 200"), "the places come back");
}

#[test]
fn unfinished_uploads_share_a_bounded_memory() {
    let data = tempdir().unwrap();
    let server = Server::start(data.path());
    let host = server.host();
    let head = format!(
        "POST /api/datasets?name=a HTTP/1.1\r\nHost: {host}\r\nContent-Type: text/csv\r\n\
         Content-Length: 60000000\r\n\r\n"
    );
    let uploads: Vec<_> =
        (0..200).map(|_| said(&server, &format!("{head}{}", "x".repeat(8 << 20)))).collect();
    let peak_kb = peak_kb(&server);
    assert!(peak_kb < 1024 * 1024, "{peak_kb} kB for 200 uploads of 8 MiB");
    let refused = uploads.last().unwrap().try_clone().unwrap();
    assert_eq!(status(refused), "HTTP/1.1 429");
    drop(uploads);
    let csv = "date,value\n2024-01-01,1\n2024-01-02,2\n";
    let whole = format!("{}{csv}", head.replace("60000000", &csv.len().to_string()));
    assert!((0..1000).any(|_| status(said(&server, &whole)) == "HTTP/1.1 201"), "the room comes back");
}

/// The most memory the server ever had.
fn peak_kb(server: &Server) -> u64 {
    let text = std::fs::read_to_string(format!("/proc/{}/status", server.child.id())).unwrap();
    let line = text.lines().find(|line| line.starts_with("VmHWM")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

#[test]
fn rude_requests_are_refused_at_once() {
    let data = tempdir().unwrap();
    let server = Server::start(data.path());
    let host = server.host();
    let post =
        format!("POST /api/seeder/generate HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n");
    for (request, expected) in [
        (format!("GET /api/runs HTTP/1.1\r\nHost: {host}\r\n\r\n"), "HTTP/1.1 200"),
        (format!("GET http://{host}/api/runs HTTP/1.1\r\nHost: {host}\r\n\r\n"), "HTTP/1.1 200"),
        (format!("GET /api/runs HTTP/1.0\r\nHost: {host}\r\n\r\n"), "HTTP/1.0 200"),
        ("GET /api/runs HTTP/1.0\r\n\r\n".to_owned(), "HTTP/1.0 400"),
        ("GET /api/runs HTTP/1.1\r\n\r\n".to_owned(), "HTTP/1.1 400"),
        ("GET /api/runs HTTP/1.1\r\nHost:\r\n\r\n".to_owned(), "HTTP/1.1 400"),
        ("GET /api/runs HTTP/1.1\r\nHost: evil@localhost\r\n\r\n".to_owned(), "HTTP/1.1 400"),
        (format!("GET /api/runs HTTP/1.1\r\nHost: {host}\r\nHost: {host}\r\n\r\n"), "HTTP/1.1 400"),
        (format!("GET http://evil.example/api/runs HTTP/1.1\r\nHost: {host}\r\n\r\n"), "HTTP/1.1 400"),
        (format!("GET /api/runs HTTP/1.1\r\nHost: {host}\r\nOrigin: https://{host}\r\n\r\n"), "HTTP/1.1 403"),
        ("GET /api/runs HTTP/1.1\r\nHost: localhost.\r\n\r\n".to_owned(), "HTTP/1.1 403"),
        (
            format!("GET /health HTTP/1.1\r\nHost: {host}\r\nX: {}\r\n\r\n", "x".repeat(40_000)),
            "HTTP/1.1 431",
        ),
        (format!("{post}Content-Length: 4294967296\r\n\r\n"), "HTTP/1.1 413"),
        (format!("{post}Content-Length: 99999999999999999999999\r\n\r\n"), "HTTP/1.1 400"),
        (format!("{post}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{{}}"), "HTTP/1.1 400"),
        (format!("{post}Expect: 100-continue\r\nContent-Length: 4294967296\r\n\r\n"), "HTTP/1.1 413"),
    ] {
        let started = Instant::now();
        assert_eq!(status(said(&server, &request)), expected, "{request}");
        assert!(started.elapsed() < Duration::from_secs(10), "{request}");
    }
}

/// Everything that may hold a connection open: an idle one, a half-sent head, an upload, a viewer, an answer that
/// nobody reads.
fn clinging(server: &Server, run: kernel::RunId) -> Vec<TcpStream> {
    let host = server.host();
    let get = |path: &str| said(server, &format!("GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n"));
    let begun = format!(
        "POST /api/datasets?name=a HTTP/1.1\r\nHost: {host}\r\nContent-Type: text/csv\r\nContent-Length: 99\r\n\r\n"
    );
    let mut all = Vec::new();
    for _ in 0..20 {
        all.push(get("/health"));
        all.push(said(server, "GET /health HTTP/1.1\r\nHo"));
        all.push(said(server, &begun));
        all.push(get(&format!("/api/runs/{run}/replay/stream")));
        all.push(get("/api/openapi.json"));
        all.push(said(server, ""));
    }
    all
}

#[tokio::test]
async fn a_stop_waits_for_nobody_who_clings() {
    let data = tempdir().unwrap();
    let mut server = Server::start(data.path());
    let run = showcase(&server).await;
    let open = clinging(&server, run);
    let started = Instant::now();
    server.terminate();
    assert_eq!(server.child.wait().unwrap().code(), Some(0));
    assert!(started.elapsed() < Duration::from_secs(10), "{:?}", started.elapsed());
    drop(open);
}

#[test]
fn a_stop_with_only_idle_connections_is_immediate() {
    let data = tempdir().unwrap();
    let mut server = Server::start(data.path());
    let idle: Vec<_> = (0..50)
        .map(|_| said(&server, &format!("GET /health HTTP/1.1\r\nHost: {}\r\n\r\n", server.host())))
        .collect();
    for socket in &idle {
        assert_eq!(status(socket.try_clone().unwrap()), "HTTP/1.1 200");
    }
    let started = Instant::now();
    server.terminate();
    assert_eq!(server.child.wait().unwrap().code(), Some(0));
    assert!(started.elapsed() < Duration::from_secs(3), "{:?}", started.elapsed());
}

#[test]
fn a_second_signal_stops_at_once() {
    let data = tempdir().unwrap();
    let mut server = Server::start(data.path());
    let host = server.host();
    let upload = said(
        &server,
        &format!(
            "POST /api/datasets?name=a HTTP/1.1\r\nHost: {host}\r\nContent-Type: text/csv\r\nContent-Length: 99\r\n\r\n"
        ),
    );
    assert_eq!(health(&server), "HTTP/1.1 200");
    server.terminate();
    // The first signal has been heard when nothing more is accepted.
    let host = host.to_owned();
    while TcpStream::connect(&host).is_ok() {
        std::thread::yield_now();
    }
    let started = Instant::now();
    server.terminate();
    assert_eq!(server.child.wait().unwrap().code(), Some(130));
    assert!(started.elapsed() < Duration::from_secs(3), "{:?}", started.elapsed());
    drop(upload);
}
