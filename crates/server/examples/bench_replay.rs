//! Measures a run as its viewers meet it: frames emitted through the engine, and the finished run replayed over HTTP.
//!
//! Adds its rows to the file named by `ASSAY_BENCH_JSON`.

mod support;

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Context;
use frames::{Level, RunNotice};
use kernel::{Db, RunId, Seed, Tenant};
use runs::{Completion, Ending, Engine, Failure, RunContext, RunKind, Submit};
use sea_orm::{ConnectionTrait, Statement};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use support::{Never, Server};

const FRAMES: u64 = 1_000_000;
const FRAME_BYTES: usize = 512;
const REPLAYS: usize = 5;

/// Emits notices and does nothing else.
struct Chatter;

impl RunKind for Chatter {
    const NAME: &'static str = "chatter";
    const VERSION: u32 = 1;
    const MAX_ATTEMPTS: u32 = 1;
    type Spec = u64;
    type Outcome = ();
    type Error = Never;

    async fn execute(&self, frames: u64, cx: &RunContext) -> Result<Completion<()>, Failure<Never>> {
        let message = "x".repeat(FRAME_BYTES - 290);
        for _ in 0..frames {
            let message = message.clone();
            cx.emit(RunNotice { level: Level::Info, code: "CHATTER".to_owned(), message, data: None })
                .await?;
        }
        let metrics = json!({ "frames": frames });
        Ok(Completion {
            outcome: (),
            ending: Ending::Completed,
            metrics,
            summary: "done".to_owned(),
            structured: None,
        })
    }
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let dir = tempfile::tempdir()?;
    let server = Server::start(dir.path(), Chatter).await?;
    let (run, emitted) = emit(&server.engine).await?;
    let raw_rate = raw_rows_per_second(&server.db).await?;
    let address = server.listen().await?;
    let mut rates = Vec::new();
    for _ in 0..REPLAYS {
        rates.push(replay(&address, run).await?);
    }
    rates.sort_by(f64::total_cmp);
    let replayed = rates[REPLAYS / 2];
    report(&[
        json!({
            "work": "emit frames through a run (validate, number, chain, group commit)", "unit": "frames/s",
            "ours": emitted, "peer": Value::Null, "peer_value": Value::Null, "ratio": Value::Null,
            "note": format!("{FRAMES} frames of about {FRAME_BYTES} B, SQLite WAL, fsync per group commit"),
        }),
        json!({
            "work": "replay a finished run over SSE", "unit": "frames/s", "ours": replayed,
            "peer": "raw SELECT of one row a frame, same SQLite file, no HTTP", "peer_value": raw_rate,
            "ratio": replayed / raw_rate,
            "note": format!("{FRAMES} frames over loopback HTTP, median of {REPLAYS}, client reads and counts every byte"),
        }),
    ])
}

async fn emit(engine: &Engine) -> anyhow::Result<(RunId, f64)> {
    let began = Instant::now();
    let run = engine.submit::<Chatter>(Tenant::LOCAL, Submit::new("bench", Seed(1), FRAMES)).await?;
    engine.settled(Tenant::LOCAL, run).await?;
    Ok((run, per_second(FRAMES, began.elapsed())))
}

/// What the database itself gives when every frame is a row and nothing is done with it.
async fn raw_rows_per_second(db: &Db) -> anyhow::Result<f64> {
    let fill = format!(
        "CREATE TABLE raw_frame (seq INTEGER PRIMARY KEY, body TEXT NOT NULL);
         INSERT INTO raw_frame
         WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {FRAMES})
         SELECT i, printf('%0{FRAME_BYTES}d', i) FROM n"
    );
    db.write.write("fill", async |tx| tx.execute_unprepared(&fill).await).await?;
    let mut rates = Vec::new();
    for _ in 0..REPLAYS {
        let began = Instant::now();
        let mut after = 0_i64;
        let mut bytes = 0;
        loop {
            let sql = "SELECT seq, body FROM raw_frame WHERE seq > $1 ORDER BY seq LIMIT 2000";
            let statement = Statement::from_sql_and_values(db.read.backend(), sql, [after.into()]);
            let rows = db.read.conn().query_all_raw(statement).await?;
            let Some(last) = rows.last() else { break };
            after = last.try_get_by_index(0)?;
            for row in &rows {
                bytes += row.try_get_by_index::<String>(1)?.len();
            }
        }
        anyhow::ensure!(bytes as u64 == FRAMES * FRAME_BYTES as u64, "{bytes} bytes were read");
        rates.push(per_second(FRAMES, began.elapsed()));
    }
    rates.sort_by(f64::total_cmp);
    Ok(rates[REPLAYS / 2])
}

/// Reads the whole stream from a plain socket and counts its events: an event ends with an empty line.
async fn replay(address: &str, run: RunId) -> anyhow::Result<f64> {
    let began = Instant::now();
    let mut socket = TcpStream::connect(address).await?;
    let head = format!("GET /api/runs/{run}/replay/stream HTTP/1.0\r\nHost: {address}\r\n\r\n");
    socket.write_all(head.as_bytes()).await?;
    let mut buffer = vec![0; 1 << 20];
    let (mut events, mut last) = (0_u64, 0);
    loop {
        let n = socket.read(&mut buffer).await?;
        if n == 0 {
            break;
        }
        for &byte in &buffer[..n] {
            events += u64::from(byte == b'\n' && last == b'\n');
            last = byte;
        }
    }
    // Besides the notices: opened, attempt, artifact, final.
    anyhow::ensure!(events == FRAMES + 4, "{events} events arrived");
    Ok(per_second(events, began.elapsed()))
}

fn per_second(n: u64, elapsed: Duration) -> f64 {
    n as f64 / elapsed.as_secs_f64()
}

fn report(rows: &[Value]) -> anyhow::Result<()> {
    let path = std::env::var("ASSAY_BENCH_JSON").context("ASSAY_BENCH_JSON names the file for the rows")?;
    let mut all: Vec<Value> = match std::fs::read(Path::new(&path)) {
        Ok(bytes) => serde_json::from_slice(&bytes)?,
        Err(_) => Vec::new(),
    };
    all.extend_from_slice(rows);
    std::fs::write(&path, serde_json::to_vec_pretty(&all)?)?;
    Ok(())
}
