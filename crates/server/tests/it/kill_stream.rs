//! Crashes under streams: the server is killed while many append. Nothing that was acknowledged is lost, what was sent
//! again is there once, and what was deleted stays deleted.

use std::io::{BufRead, BufReader, Error, Read, Result, Write};
use std::net::TcpStream;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use tempfile::tempdir;
use test_support::{TestDb, on_both_databases};

use crate::support::{Server, assay};

const PRODUCERS: usize = 4;
/// The server dies when so many appends were acknowledged.
const ACKNOWLEDGED: usize = 200;

/// One connection that asks one thing after the other.
pub(crate) struct Line(BufReader<TcpStream>);

impl Line {
    pub(crate) fn to(host: &str) -> Self {
        Self(BufReader::new(TcpStream::connect(host).unwrap()))
    }

    /// The status and the body, unless the connection breaks.
    fn ask(&mut self, method: &str, path: &str, headers: &str, body: &str) -> Result<(u16, String)> {
        self.ask_as(method, path, &format!("content-type: text/plain\r\n{headers}"), body)
    }

    /// As [`Self::ask`], of whatever type the headers say.
    pub(crate) fn ask_as(
        &mut self,
        method: &str,
        path: &str,
        headers: &str,
        body: &str,
    ) -> Result<(u16, String)> {
        self.send(method, &format!("/api/streams/{path}"), headers, body)
    }

    /// What stands at another address.
    pub(crate) fn get(&mut self, address: &str) -> Result<String> {
        let (status, body) = self.send("GET", address, "", "")?;
        assert_eq!(status, 200, "{address}: {body}");
        Ok(body)
    }

    fn send(&mut self, method: &str, address: &str, headers: &str, body: &str) -> Result<(u16, String)> {
        let length = body.len();
        let head = format!("{method} {address} HTTP/1.1\r\nhost: localhost\r\n");
        let request = format!("{head}content-length: {length}\r\n{headers}\r\n{body}");
        self.0.get_mut().write_all(request.as_bytes())?;
        let (mut status, mut length, mut line) = (0, 0, String::new());
        loop {
            line.clear();
            if self.0.read_line(&mut line)? == 0 {
                return Err(Error::other("the server left"));
            }
            let line = line.trim_end().to_ascii_lowercase();
            if let Some(rest) = line.strip_prefix("http/1.1 ") {
                status = rest[..3].parse().unwrap();
            } else if let Some(rest) = line.strip_prefix("content-length: ") {
                length = rest.parse().unwrap();
            } else if line.is_empty() {
                break;
            }
        }
        let mut body = vec![0; length];
        self.0.read_exact(&mut body)?;
        Ok((status, String::from_utf8(body).unwrap()))
    }

    fn produce(&mut self, producer: usize, seq: usize) -> Result<u16> {
        let headers = format!("producer-id: p{producer}\r\nproducer-epoch: 0\r\nproducer-seq: {seq}\r\n");
        let (status, _) = self.ask("POST", "kept", &headers, &format!("<{producer}.{seq}>"))?;
        Ok(status)
    }
}

/// Appends until the server dies; how many were acknowledged.
fn append_on(host: &str, producer: usize, acknowledged: &Sender<()>) -> usize {
    let mut line = Line::to(host);
    let mut seq = 0;
    while let Ok(status) = line.produce(producer, seq) {
        assert_eq!(status, 200);
        // Nobody counts any more once the server is to die.
        acknowledged.send(()).ok();
        seq += 1;
    }
    seq
}

/// Deletes a stream and then kills the server, amid appends.
fn delete_and_kill(server: &Server, acknowledged: &Receiver<()>) {
    let mut line = Line::to(server.host());
    for _ in 0..ACKNOWLEDGED {
        acknowledged.recv().unwrap();
    }
    assert_eq!(line.ask("DELETE", "deleted", "", "").unwrap().0, 204);
    server.kill_amid();
}

fn check(db: &TestDb) {
    let data = tempdir().unwrap();
    let start = || {
        let mut command = assay(data.path());
        command.env("DATABASE_URL", &db.url);
        Server::spawn(command)
    };
    let server = start();
    for path in ["kept", "deleted"] {
        assert_eq!(Line::to(server.host()).ask("PUT", path, "", "").unwrap().0, 201);
    }
    let (acknowledge, acknowledgements) = channel();
    let acknowledged: Vec<usize> = thread::scope(|scope| {
        let append = |producer| {
            let (host, acknowledge) = (server.host(), acknowledge.clone());
            scope.spawn(move || append_on(host, producer, &acknowledge))
        };
        let appending: Vec<_> = (0..PRODUCERS).map(append).collect();
        delete_and_kill(&server, &acknowledgements);
        appending.into_iter().map(|appending| appending.join().unwrap()).collect()
    });
    drop(server);
    let server = start();
    let mut line = Line::to(server.host());
    assert_eq!(line.ask("GET", "deleted", "", "").unwrap().0, 404);
    for (producer, next) in acknowledged.iter().enumerate() {
        // The last one may have been stored with its answer lost, and the one before it certainly was.
        if let Some(last) = next.checked_sub(1) {
            assert_eq!(line.produce(producer, last).unwrap(), 204);
        }
        assert!([200, 204].contains(&line.produce(producer, *next).unwrap()));
    }
    let (_, text) = line.ask("GET", "kept", "", "").unwrap();
    for (producer, next) in acknowledged.iter().enumerate() {
        for seq in 0..=*next {
            assert_eq!(text.matches(&format!("<{producer}.{seq}>")).count(), 1, "{producer}.{seq}");
        }
    }
    assert_eq!(text.matches('<').count(), acknowledged.iter().sum::<usize>() + PRODUCERS);
}

on_both_databases! {
    async fn a_kill_amid_appends_loses_nothing_acknowledged_and_brings_nothing_deleted_back(db: TestDb) {
        tokio::task::block_in_place(|| super::check(&db));
    }
}
