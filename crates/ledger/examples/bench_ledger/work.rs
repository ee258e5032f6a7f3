//! What is measured.

use std::sync::LazyLock;
use std::time::Instant;

use kernel::{Seed, Stream};
use ledger::Ledger;

use crate::ours::{self, Load, TENANT, run};
use crate::place::Scratch;
use crate::report::{Row, median, quantile};
use crate::{Outcome, peer};

const FRAME_BYTES: usize = 512;
const REPEATS: usize = 3;
const PAGE: usize = 500;

/// How much is done.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Size {
    append: u64,
    /// Powers of ten from 10³ up to here.
    largest_run: u32,
    pages: usize,
}

impl Size {
    pub(crate) const FULL: Self = Self { append: 393_216, largest_run: 6, pages: 400 };
    pub(crate) const QUICK: Self = Self { append: 65_536, largest_run: 5, pages: 100 };
}

/// So many frames out of [`POOL`], which is made before anything is timed.
pub(crate) fn frames(n: u64) -> Vec<String> {
    POOL.iter().cycle().take(usize::try_from(n).unwrap_or(usize::MAX)).cloned().collect()
}

static POOL: LazyLock<Vec<String>> = LazyLock::new(make_frames);

/// Frames of exactly 512 bytes from a fixed seed, with words as they occur in a run.
fn make_frames() -> Vec<String> {
    const WORDS: [&str; 12] = [
        "forecast", "horizon", "seasonal", "naïve", "fold", "store", "product", "sales", "error", "median",
        "ridge", "series",
    ];
    let mut random = Seed(512).stream("frames");
    let frame = |id: u64| {
        let mut text = format!(r#"{{"schema":"run_v1","event_id":{id},"kind":"message.delta","delta":""#);
        while text.len() < FRAME_BYTES - 12 {
            text.push_str(random.pick::<&str>(&WORDS));
            text.push(if random.chance(0.2) { ',' } else { ' ' });
        }
        let padding = FRAME_BYTES - 2 - text.len();
        text + &"x".repeat(padding) + r#""}"#
    };
    (1..=4096).map(frame).collect()
}

/// Appends of several shapes, each in turns with its peer.
pub(crate) async fn appends(scratch: &Scratch, size: Size) -> Outcome<Vec<Row>> {
    let total = size.append;
    let batched =
        Inserts { name: "batched INSERT, 8192 rows a commit", per_commit: peer::ROWS_PER_COMMIT, total };
    let single = Inserts { name: "INSERT, one row a commit", per_commit: 1, total: 2000 };
    let mut rows = Vec::new();
    for (load, peer) in [
        (Load { runs: 64, batch: 64, total }, batched),
        (Load { runs: 4, batch: 1024, total }, batched),
        (Load { runs: 1, batch: 4096, total }, batched),
        (Load { runs: 1024, batch: 1, total: total / 4 }, single),
        (Load { runs: 1, batch: 1, total: 2000 }, single),
    ] {
        rows.push(append(scratch, load, peer).await?);
    }
    Ok(rows)
}

/// What a peer does.
#[derive(Debug, Clone, Copy)]
struct Inserts {
    name: &'static str,
    per_commit: u64,
    total: u64,
}

async fn append(scratch: &Scratch, load: Load, peer: Inserts) -> Outcome<Row> {
    // As many connections as the database can use, but no more than there are writers.
    let writers = scratch.writers.min(load.runs);
    let ledger = Ledger::open(scratch.db.clone());
    let (mut ours, mut peers, mut waited_ms) = (Vec::new(), Vec::new(), Vec::new());
    let mut next = fresh_runs(load);
    for repeat in 0..=REPEATS {
        let appended = ours::append(scratch, &ledger, next(), load).await?;
        let seconds = peer::insert(scratch, [next(), writers], peer.total, peer.per_commit).await?;
        // The first time warms up.
        if repeat > 0 {
            ours.push(load.total as f64 / appended.seconds);
            peers.push(peer.total as f64 / seconds);
            waited_ms.extend(appended.acknowledged_ms);
        }
    }
    let (slowest, fastest) = (quantile(&mut ours, 0.0), quantile(&mut ours, 1.0));
    let work = format!("{}: append, {} run(s) × {} frame(s)", scratch.name, load.runs, load.batch);
    let note = format!(
        "{slowest:.0}–{fastest:.0}; acknowledged in p50 {:.1} ms, p99 {:.1} ms",
        median(&mut waited_ms),
        quantile(&mut waited_ms, 0.99),
    );
    Ok(Row::new(work, "frames/s", median(&mut ours)).beside(peer.name, median(&mut peers)).noting(note))
}

/// Each call gives the first of run ids that no other measurement uses.
fn fresh_runs(load: Load) -> impl FnMut() -> u128 {
    let mut next = (load.runs << 64) | (u128::from(load.batch) << 32);
    move || {
        next += 4096;
        next
    }
}

fn powers(size: Size) -> impl Iterator<Item = u64> {
    (3..=size.largest_run).map(|power| 10_u64.pow(power))
}

/// One closed run and one raw copy per power of ten, under the run id that is its length.
pub(crate) async fn fill(scratch: &Scratch, size: Size) -> Outcome<()> {
    let ledger = Ledger::open(scratch.db.clone());
    for frames in powers(size) {
        let load = Load { runs: 1, batch: 100, total: frames };
        ours::append(scratch, &ledger, u128::from(frames), load).await?;
        ours::close(scratch, &ledger, run(frames.into())).await?;
    }
    let largest = 10_u64.pow(size.largest_run);
    peer::insert(scratch, [largest.into(), 1], largest, peer::ROWS_PER_COMMIT).await?;
    Ok(())
}

/// Whole runs, each time through handles that have nothing cached.
pub(crate) async fn reads(scratch: &Scratch, size: Size) -> Outcome<Vec<Row>> {
    let frames = 10_u64.pow(size.largest_run);
    let largest = run(frames.into());
    let mut rates: [Vec<f64>; 4] = Default::default();
    for _ in 0..REPEATS {
        for (kind, rates) in rates.iter_mut().enumerate() {
            let db = scratch.reopened().await?;
            let ledger = Ledger::open(db.clone());
            let begun = Instant::now();
            let read = match kind {
                0 => ours::replay(&ledger, largest, drop).await?,
                1 => {
                    ours::replay(&ledger, largest, |chunk| drop(std::hint::black_box(chunk.to_sse()))).await?
                }
                2 => ledger.reader().verify(TENANT, largest).await?.frames,
                _ => select_all(&db, largest, i64::try_from(frames)?).await?,
            };
            rates.push(read as f64 / begun.elapsed().as_secs_f64());
            drop(ledger);
            db.close().await?;
        }
    }
    let [follow, sse, verify, select] = rates.map(|mut rates| median(&mut rates));
    let row = |work: &str, rate| {
        Row::new(format!("{}: {work}, {frames} frames", scratch.name), "frames/s", rate)
            .beside("SELECT, 10 000 rows a statement", select)
            .noting("new handles; the system's file cache is warm")
    };
    Ok(vec![row("replay", follow), row("replay as SSE bytes", sse), row("verify", verify)])
}

async fn select_all(db: &kernel::Db, run: kernel::RunId, frames: i64) -> Outcome<u64> {
    let mut after = 0;
    while after < frames {
        let rows = peer::select(&db.read, run, after, 10_000).await?;
        after = rows.last().map_or(frames, |(seq, _)| *seq);
    }
    Ok(u64::try_from(after)?)
}

/// Pages at random places of runs of every length, in turns, all of them warm in the system's file cache.
pub(crate) async fn pages(scratch: &Scratch, size: Size) -> Outcome<Vec<Row>> {
    let db = scratch.reopened().await?;
    let ledger = Ledger::open(db.clone());
    let lengths: Vec<u64> = powers(size).collect();
    for length in &lengths {
        ours::replay(&ledger, run((*length).into()), drop).await?;
    }
    let mut random = Seed(3).stream("pages");
    let mut ours: Vec<Vec<f64>> = vec![Vec::new(); lengths.len()];
    let mut raw = Vec::new();
    for _ in 0..size.pages {
        for (length, ours) in lengths.iter().zip(&mut ours) {
            let after = place(&mut random, *length);
            let begun = Instant::now();
            let page = ledger.reader().page(TENANT, run((*length).into()), after, PAGE).await?;
            ours.push(begun.elapsed().as_secs_f64() * 1e6);
            assert_eq!(page.frames.len(), PAGE);
        }
        let length = lengths.last().copied().unwrap_or_default();
        let after = i64::try_from(place(&mut random, length))?;
        let begun = Instant::now();
        peer::select(&db.read, run(length.into()), after, i64::try_from(PAGE)?).await?;
        raw.push(begun.elapsed().as_secs_f64() * 1e6);
    }
    drop(ledger);
    db.close().await?;
    let raw = median(&mut raw);
    let mut medians: Vec<f64> = ours.iter_mut().map(|times| median(times)).collect();
    let mut rows: Vec<Row> = lengths
        .iter()
        .zip(&medians)
        .map(|(length, time)| {
            let work = format!("{}: page of {PAGE} out of {length} frames", scratch.name);
            Row::new(work, "µs", *time).beside("SELECT of as many rows", raw)
        })
        .collect();
    let spread = quantile(&mut medians, 1.0) / quantile(&mut medians, 0.0);
    let work = format!("{}: slowest page over fastest, by run length", scratch.name);
    rows.push(Row::new(work, "ratio", spread).beside("aim: at most", 1.3));
    Ok(rows)
}

fn place(random: &mut Stream, length: u64) -> u64 {
    random.index(usize::try_from(length).map_or(1, |length| length - PAGE + 1)) as u64
}
