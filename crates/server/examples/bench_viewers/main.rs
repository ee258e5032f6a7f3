//! Measures what viewers of a run cost, and how far behind the commit they see it.
//!
//! This process is the server; the viewers are another process (this program again, as `viewers`), each with a
//! connection of its own over loopback HTTP that reads the event stream. First very many watch a silent run, and the
//! server's own processor time and memory are read from `/proc`. Then many watch a run that emits at a steady rate. A
//! frame's delay is the time from the return of its durable append to the return of the viewer's read; every viewer must
//! get every frame. Rows go to the file named by `ASSAY_BENCH_JSON`. Needs as many open files as there are viewers.

#[path = "../support/mod.rs"]
mod support;
mod viewers;

use std::process::Stdio;
use std::time::{Duration, SystemTime};

use anyhow::Context;
use kernel::{RunId, Seed, Tenant};
use ledger::Ledger;
use runs::{Completion, Failure, RunContext, RunKind, Stop, Submit};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

use support::{Never, Server};

const IDLE_VIEWERS: usize = 5000;
const IDLE: Duration = Duration::from_secs(30);
const LIVE_VIEWERS: usize = 1000;
const RATE: u64 = 1000;
const LIVE_SECONDS: u64 = 10;
const FRAME_BYTES: usize = 512;
/// A run's first claim.
const FENCE: i64 = 1;

/// Does nothing, so that the bench itself can write the run's frames and knows when each is durable.
struct Silent;

impl RunKind for Silent {
    const NAME: &'static str = "silent";
    const VERSION: u32 = 1;
    const MAX_ATTEMPTS: u32 = 1;
    type Spec = ();
    type Outcome = ();
    type Error = Never;

    async fn execute(&self, (): (), cx: &RunContext) -> Result<Completion<()>, Failure<Never>> {
        cx.cancelled().await;
        Err(Stop::Cancelled.into())
    }
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.first().is_some_and(|role| role == "viewers") {
        return viewers::watch(&arguments[1..]).await;
    }
    let dir = tempfile::tempdir()?;
    let server = Server::start(dir.path(), Silent).await?;
    let address = server.listen().await?;
    let mut rows = idle(&server, &address).await?;
    rows.extend(live(&server, &address, dir.path()).await?);
    report(&rows)
}

/// A run that is going on, and its last frame so far.
async fn begun(Server { engine, ledger, .. }: &Server) -> anyhow::Result<(RunId, u64)> {
    let run = engine.submit::<Silent>(Tenant::LOCAL, Submit::new("bench", Seed(1), ())).await?;
    let mut seq = 0;
    // Opened, attempt.
    while seq < 2 {
        tokio::time::sleep(Duration::from_millis(5)).await;
        seq = ledger.reader().head(Tenant::LOCAL, run).await?.seq;
    }
    Ok((run, seq))
}

struct Watching {
    child: Child,
    says: Lines<BufReader<ChildStdout>>,
}

impl Watching {
    /// So many viewers in a process of their own; returns when all of them have seen the frame `seq`.
    async fn start(address: &str, run: RunId, viewers: usize, seq: u64) -> anyhow::Result<Self> {
        let mut child = Command::new(std::env::current_exe()?)
            .args(["viewers", address, &run.to_string(), &viewers.to_string(), &seq.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let mut says = BufReader::new(child.stdout.take().context("it is piped")?).lines();
        let word = says.next_line().await?;
        anyhow::ensure!(word.as_deref() == Some("attached"), "the viewers did not attach: {word:?}");
        Ok(Self { child, says })
    }

    /// Tells them where the commit times are; returns what they measured.
    async fn finish(mut self, commits: &str) -> anyhow::Result<Value> {
        let mut stdin = self.child.stdin.take().context("it is piped")?;
        stdin.write_all(format!("{commits}\n").as_bytes()).await?;
        let line = self.says.next_line().await?.context("the viewers broke off")?;
        Ok(serde_json::from_str(&line)?)
    }
}

async fn idle(server: &Server, address: &str) -> anyhow::Result<Vec<Value>> {
    let (run, seq) = begun(server).await?;
    let memory_before = memory_bytes()?;
    let watching = Watching::start(address, run, IDLE_VIEWERS, seq).await?;
    // What attaching took is over when the connections have been quiet for a moment.
    tokio::time::sleep(Duration::from_secs(2)).await;
    let cpu_before = cpu_seconds()?;
    tokio::time::sleep(IDLE).await;
    let cpu = (cpu_seconds()? - cpu_before) / IDLE.as_secs_f64();
    let memory = memory_bytes()?;
    drop(watching);
    let work = |what: &str| format!("{IDLE_VIEWERS} idle viewers of a run: {what}");
    let note = format!("over {} s with heartbeats every 15 s, read from /proc/self", IDLE.as_secs());
    Ok(vec![
        row(&work("processor of the server"), "% of a core", cpu * 100.0, 2.0, &note),
        row(
            &work("memory of the server"),
            "MiB",
            mib(memory),
            200.0,
            &format!("resident in all; {:.1} MiB before they came", mib(memory_before)),
        ),
    ])
}

async fn live(server: &Server, address: &str, dir: &std::path::Path) -> anyhow::Result<Vec<Value>> {
    let (run, seq) = begun(server).await?;
    let watching = Watching::start(address, run, LIVE_VIEWERS, seq).await?;
    let cpu_before = cpu_seconds()?;
    let commits = emit(&server.ledger, run, seq).await?;
    let cpu = (cpu_seconds()? - cpu_before) / LIVE_SECONDS as f64;
    let path = dir.join("commits.json");
    std::fs::write(&path, serde_json::to_vec(&commits)?)?;
    let seen = watching.finish(&path.display().to_string()).await?;
    let delay = |name: &str| seen[name].as_f64().context("the viewers measured it");
    let expected = commits.len() as u64 * LIVE_VIEWERS as u64;
    anyhow::ensure!(seen["frames"].as_u64() == Some(expected), "{seen} where {expected} frames were due");
    let work = format!("{LIVE_VIEWERS} viewers of a run of {RATE} frames/s");
    let note = format!(
        "{LIVE_SECONDS} s, frames of {FRAME_BYTES} B, each viewer got every frame; p50 {:.1} ms, max {:.1} ms; the server \
         took {:.0} % of a core, and the viewers ran on the same machine",
        delay("p50_ms")?,
        delay("max_ms")?,
        cpu * 100.0,
    );
    Ok(vec![row(&format!("{work}: p99 behind the commit"), "ms", delay("p99_ms")?, 50.0, &note)])
}

/// Appends at the rate, as many frames at once as are due, and says when each was durable.
async fn emit(ledger: &Ledger, run: RunId, mut seq: u64) -> anyhow::Result<Vec<(u64, u64)>> {
    let begun = tokio::time::Instant::now();
    let mut commits = Vec::new();
    while (commits.len() as u64) < RATE * LIVE_SECONDS {
        tokio::time::sleep(Duration::from_millis(1)).await;
        let elapsed_us = u64::try_from(begun.elapsed().as_micros())?;
        let due = elapsed_us * RATE / 1_000_000;
        let n = due.min(RATE * LIVE_SECONDS).saturating_sub(commits.len() as u64);
        let frames: Vec<String> = (seq + 1..=seq + n).map(frame).collect();
        ledger.append(run, FENCE, seq + 1, frames).await?;
        let at = now_us();
        commits.extend((seq + 1..=seq + n).map(|seq| (seq, at)));
        seq += n;
    }
    Ok(commits)
}

fn frame(seq: u64) -> String {
    let start = format!(r#"{{"schema":"run_v1","kind":"notice","event_id":{seq},"message":""#);
    let padding = FRAME_BYTES - 2 - start.len();
    start + &"x".repeat(padding) + r#""}"#
}

#[expect(clippy::disallowed_methods, reason = "another process subtracts it from its own")]
fn now_us() -> u64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).expect("it is after 1970");
    u64::try_from(since.as_micros()).expect("it is before the year 500 000")
}

/// What this process has taken of all processors, from its start on.
fn cpu_seconds() -> anyhow::Result<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    let fields: Vec<&str> =
        stat.rsplit_once(')').context("a name in brackets")?.1.split_whitespace().collect();
    // utime and stime, in hundredths of a second.
    Ok((fields[11].parse::<f64>()? + fields[12].parse::<f64>()?) / 100.0)
}

fn memory_bytes() -> anyhow::Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("a resident size")?;
    Ok(line.trim().trim_end_matches(" kB").trim().parse::<u64>()? * 1024)
}

fn mib(bytes: u64) -> f64 {
    bytes as f64 / f64::from(1 << 20)
}

fn row(work: &str, unit: &str, ours: f64, aim: f64, note: &str) -> Value {
    json!({ "work": work, "unit": unit, "ours": ours, "peer": "aim: at most", "peer_value": aim,
        "ratio": ours / aim, "note": note })
}

fn report(rows: &[Value]) -> anyhow::Result<()> {
    let path = std::env::var("ASSAY_BENCH_JSON").context("ASSAY_BENCH_JSON names the file for the rows")?;
    let mut all: Vec<Value> = match std::fs::read(&path) {
        Ok(bytes) => serde_json::from_slice(&bytes)?,
        Err(_) => Vec::new(),
    };
    all.extend_from_slice(rows);
    std::fs::write(&path, serde_json::to_vec_pretty(&all)?)?;
    Ok(())
}
