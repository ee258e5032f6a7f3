//! The ledger at work.

use std::time::Instant;

use futures::TryStreamExt;
use kernel::{RunId, Tenant};
use ledger::Ledger;
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::Outcome;
use crate::place::Scratch;

pub(crate) const TENANT: Tenant = Tenant::LOCAL;
const FENCE: i64 = 1;

pub(crate) const fn run(n: u128) -> RunId {
    RunId(Uuid::from_u128(n))
}

/// `total` frames over `runs` writers, each of which waits for an append of `batch` frames before its next.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Load {
    pub runs: u128,
    pub batch: u64,
    pub total: u64,
}

pub(crate) struct Appended {
    pub seconds: f64,
    pub acknowledged_ms: Vec<f64>,
}

pub(crate) async fn append(
    scratch: &Scratch,
    ledger: &Ledger,
    first_run: u128,
    load: Load,
) -> Outcome<Appended> {
    let runs: Vec<RunId> = (first_run..first_run + load.runs).map(run).collect();
    open(scratch, ledger, &runs).await?;
    let each = load.total / u64::try_from(load.runs)?;
    let mut writers = JoinSet::new();
    let begun = Instant::now();
    for run in runs {
        writers.spawn(write(ledger.clone(), run, each, load.batch));
    }
    let mut acknowledged_ms = Vec::new();
    while let Some(written) = writers.join_next().await {
        acknowledged_ms.extend(written??);
    }
    Ok(Appended { seconds: begun.elapsed().as_secs_f64(), acknowledged_ms })
}

pub(crate) async fn open(scratch: &Scratch, ledger: &Ledger, runs: &[RunId]) -> Outcome<()> {
    scratch
        .db
        .write
        .write("open", async |tx| {
            for run in runs {
                ledger.open_in(tx, TENANT, *run).await?;
                ledger.fence_in(tx, *run, FENCE).await?;
            }
            Ok::<_, ledger::Error>(())
        })
        .await?;
    Ok(())
}

async fn write(ledger: Ledger, run: RunId, frames: u64, batch: u64) -> Result<Vec<f64>, ledger::Error> {
    let texts = crate::work::frames(batch);
    let mut acknowledged_ms = Vec::new();
    for first_seq in (1..=frames).step_by(usize::try_from(batch).unwrap_or(1)) {
        let begun = Instant::now();
        ledger.append(run, FENCE, first_seq, texts.clone()).await?;
        acknowledged_ms.push(begun.elapsed().as_secs_f64() * 1e3);
    }
    Ok(acknowledged_ms)
}

pub(crate) async fn close(scratch: &Scratch, ledger: &Ledger, run: RunId) -> Outcome<()> {
    scratch
        .db
        .write
        .write("close", async |tx| {
            let head = ledger.fence_in(tx, run, FENCE + 1).await?;
            ledger.close_in(tx, run, FENCE + 1, head.seq + 1, &crate::work::frames(1)).await
        })
        .await?;
    Ok(())
}

/// Follows a closed run to its end and gives each chunk to `show`. Returns the number of frames.
pub(crate) async fn replay(ledger: &Ledger, run: RunId, mut show: impl FnMut(ledger::Chunk)) -> Outcome<u64> {
    let mut chunks = std::pin::pin!(ledger.reader().follow(TENANT, run, 0));
    let mut frames = 0;
    while let Some(chunk) = chunks.try_next().await? {
        frames = chunk.last_seq();
        show(chunk);
    }
    Ok(frames)
}
