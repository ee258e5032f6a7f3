//! The viewers: a process that reads very many event streams at once.

use std::sync::Arc;

use anyhow::Context;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::{Semaphore, mpsc, watch};
use tokio::task::JoinSet;

/// Connections that are being made at once: a listener's backlog is short.
const CONNECTING: usize = 64;

/// What a viewer reads at once, as a browser does: with less, the viewers would take the processors from the server.
const READ_BYTES: usize = 32 * 1024;

/// The last frame a read brought, and when.
type Arrivals = Vec<(u64, u64)>;

/// `address run viewers seq`: attaches them all, says so when each has seen `seq`, waits for the path of the commit times
/// on its input, and prints what it measured.
pub(crate) async fn watch(arguments: &[String]) -> anyhow::Result<()> {
    let [address, run, viewers, seq] = arguments else { anyhow::bail!("address, run, viewers, seq") };
    let (viewers, seq): (usize, u64) = (viewers.parse()?, seq.parse()?);
    let connecting = Arc::new(Semaphore::new(CONNECTING));
    let (attached, mut all_attached) = mpsc::channel(viewers);
    let (until, _) = watch::channel(u64::MAX);
    let mut reading = JoinSet::new();
    for _ in 0..viewers {
        let viewer = Viewer {
            address: address.clone(),
            run: run.clone(),
            first: seq,
            attached: attached.clone(),
            until: until.subscribe(),
        };
        let connecting = Arc::clone(&connecting);
        reading.spawn(viewer.read(connecting));
    }
    for _ in 0..viewers {
        tokio::select! {
            word = all_attached.recv() => word.context("a viewer is there")?,
            broken = reading.join_next() => {
                broken.context("a viewer is there")???;
                anyhow::bail!("a viewer ended before all were attached");
            }
        }
    }
    say("attached");
    let path =
        tokio::task::spawn_blocking(|| std::io::stdin().lines().next().context("a path")?.context("a line"));
    let commits: Vec<(u64, u64)> = serde_json::from_slice(&std::fs::read(path.await??)?)?;
    until.send_replace(commits.last().context("frames were emitted")?.0);
    let mut delays = Vec::new();
    while let Some(arrivals) = reading.join_next().await {
        delays_of(&commits, &arrivals??, &mut delays);
    }
    delays.sort_unstable();
    let at = |percent: usize| f64::from(delays[(delays.len() - 1) * percent / 100]) / 1e3;
    say(&json!({ "frames": delays.len(), "p50_ms": at(50), "p99_ms": at(99), "max_ms": at(100) }).to_string());
    Ok(())
}

#[expect(clippy::print_stdout, reason = "the other process reads it")]
fn say(line: &str) {
    println!("{line}");
}

/// In microseconds, for each frame. The clocks of two processes of one machine are one.
fn delays_of(commits: &[(u64, u64)], arrivals: &Arrivals, delays: &mut Vec<u32>) {
    let mut arrivals = arrivals.iter().peekable();
    for (seq, committed) in commits {
        while arrivals.peek().is_some_and(|(last, _)| last < seq) {
            arrivals.next();
        }
        if let Some((_, arrived)) = arrivals.peek() {
            delays.push(u32::try_from(arrived.saturating_sub(*committed)).unwrap_or(u32::MAX));
        }
    }
}

struct Viewer {
    address: String,
    run: String,
    first: u64,
    attached: mpsc::Sender<()>,
    until: watch::Receiver<u64>,
}

impl Viewer {
    /// Reads until the frame it is told; without its being told, for ever.
    async fn read(mut self, connecting: Arc<Semaphore>) -> anyhow::Result<Arrivals> {
        let permit = connecting.acquire().await?;
        let mut socket = TcpStream::connect(&self.address).await?;
        // HTTP/1.0: the answer's body is the events and nothing else.
        let head =
            format!("GET /api/runs/{}/replay/stream HTTP/1.0\r\nHost: {}\r\n\r\n", self.run, self.address);
        socket.write_all(head.as_bytes()).await?;
        let mut unread = Vec::with_capacity(READ_BYTES);
        let (mut seq, mut arrivals) = (None, Vec::new());
        let mut permit = Some(permit);
        loop {
            let read = tokio::select! {
                read = socket.read_buf(&mut unread) => read?,
                _ = self.until.changed() => usize::MAX,
            };
            anyhow::ensure!(read > 0, "the stream ended after frame {seq:?}");
            let at = super::now_us();
            events(&mut unread, &mut seq)?;
            if seq >= Some(self.first) && permit.take().is_some() {
                self.attached.send(()).await?;
            }
            arrivals.extend(seq.map(|seq| (seq, at)));
            if seq >= Some(*self.until.borrow_and_update()) {
                return Ok(arrivals);
            }
        }
    }
}

/// Takes whole events off the front; their ids must follow each other. `seq` is none before the body begins.
fn events(unread: &mut Vec<u8>, seq: &mut Option<u64>) -> anyhow::Result<()> {
    let mut done = 0;
    while let Some(len) = end_of(&unread[done..]) {
        let event = &unread[done..done + len];
        done += len;
        let Some(last) = seq else {
            // The head of the answer ends like an event.
            anyhow::ensure!(event.starts_with(b"HTTP/1.0 200"), "{}", String::from_utf8_lossy(event));
            *seq = Some(0);
            continue;
        };
        if event.starts_with(b": ") {
            continue;
        }
        let id = event.split(|byte| *byte == b'\n').next().and_then(|line| line.strip_prefix(b"id: "));
        let id: u64 = std::str::from_utf8(id.context("an event has an id")?)?.parse()?;
        anyhow::ensure!(id == *last + 1, "frame {id} came after frame {last}");
        *last = id;
    }
    unread.drain(..done);
    Ok(())
}

/// The length of the first event with its empty line. Ours are looked for where they end.
fn end_of(unread: &[u8]) -> Option<usize> {
    const DATA: usize = "data: ".len() + super::FRAME_BYTES;
    if unread.starts_with(b"id: ") {
        let line = unread.iter().position(|byte| *byte == b'\n')? + 1;
        if unread.get(line + DATA..line + DATA + 2) == Some(b"\n\n") {
            return Some(line + DATA + 2);
        }
    }
    let ends =
        |ending: &[u8]| unread.windows(ending.len()).position(|at| at == ending).map(|at| at + ending.len());
    if unread.starts_with(b"HTTP") { ends(b"\r\n\r\n") } else { ends(b"\n\n") }
}
