//! Measures what a run showed after a frame, without and with snapshots of it, and two long runs beside each other.
//!
//! `cargo run --release -p runs --example bench_transcripts -- [FRAMES]` (10⁶ otherwise), on a SQLite database of its own.
//! Half of the frames are pieces of messages, the others say how far a phase is.

use std::error::Error;
use std::sync::Arc;
use std::time::Instant;

use artifacts::Store;
use frames::diff::Ignore;
use frames::{Body, Item, MessageDelta, Progress};
use kernel::{RunId, Seed, SharedClock, SystemClock, Tenant};
use ledger::Ledger;
use runs::{
    Comparing, Completion, Config, Ending, Engine, Failure, Position, Program, RunContext, RunKind, Submit,
    Transcripts,
};
use serde_json::json;
use wire::ledger::DiffShow;

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// A kind that emits as many frames as its spec says.
struct Emitting;

#[derive(Debug, thiserror::Error)]
#[error("the run was not emitted")]
struct NotEmitted;

impl kernel::Fault for NotEmitted {
    fn class(&self) -> kernel::Class {
        kernel::Class::Internal
    }

    fn code(&self) -> &'static str {
        "NOT_EMITTED"
    }
}

impl RunKind for Emitting {
    const NAME: &'static str = "emitting";
    const VERSION: u32 = 1;
    const MAX_ATTEMPTS: u32 = 1;
    type Spec = u64;
    type Outcome = ();
    type Error = NotEmitted;

    async fn execute(&self, frames: u64, cx: &RunContext) -> Result<Completion<()>, Failure<NotEmitted>> {
        for n in 1..=frames {
            cx.emit(frame(n, frames)).await?;
        }
        Ok(Completion {
            outcome: (),
            ending: Ending::Completed,
            metrics: json!({}),
            summary: "done".to_owned(),
            structured: None,
        })
    }
}

fn frame(n: u64, of: u64) -> Body {
    if n.is_multiple_of(2) {
        let item = Item::new(n / 1000, format!("item_{}", n / 1000));
        return MessageDelta { item, content_index: 0, delta: format!("word {n} ") }.into();
    }
    let fraction = n as f64 / of as f64;
    Progress { phase: "words".to_owned(), fraction, done: Some(n), total: Some(of), message: None }.into()
}

#[tokio::main]
async fn main() -> Outcome<()> {
    let frames = std::env::args().nth(1).map_or(Ok(1_000_000), |frames| frames.parse())?;
    let place = test_support::sqlite().await;
    let ledger = Ledger::open(place.db.clone());
    let store = Store::local(place.dir().join("artifacts"))?;
    let clock: SharedClock = Arc::new(SystemClock);
    let config = Config::new("bench", Program { version: "0".to_owned(), commit: None });
    let engine =
        Engine::builder(place.db.clone(), ledger.clone(), store, clock, config).run_kind(Emitting).build();
    engine.start();
    let runs = [emitted(&engine, &ledger, frames).await?, emitted(&engine, &ledger, frames).await?];
    let transcripts = Transcripts::new(place.db.read.clone(), ledger.reader().clone());
    states(&transcripts, runs[0], frames).await?;
    let asked = Comparing {
        left: runs[0],
        right: runs[1],
        ignore: Ignore { timing: true, ids: true },
        show: DiffShow::Changes,
        after: 0,
        limit: 10,
    };
    let begun = Instant::now();
    let (found, _) = transcripts.compare(Tenant::LOCAL, asked).await?;
    told(&format!("two runs beside each other, {} rows each", found.left.rows), begun);
    Ok(())
}

async fn emitted(engine: &Engine, ledger: &Ledger, frames: u64) -> Outcome<RunId> {
    let run = engine.submit::<Emitting>(Tenant::LOCAL, Submit::new("frames", Seed(1), frames)).await?;
    let mut chunks = std::pin::pin!(ledger.reader().follow(Tenant::LOCAL, run, 0));
    while let Some(chunk) = futures::StreamExt::next(&mut chunks).await {
        chunk?;
    }
    Ok(run)
}

/// The last state first, which folds all frames; then others, each from the snapshot before it.
async fn states(transcripts: &Transcripts, run: RunId, frames: u64) -> Outcome<()> {
    let begun = Instant::now();
    transcripts.state(Tenant::LOCAL, run, Position::End).await?;
    told("a state, cold: the last one", begun);
    let mut random = Seed(7).stream("places");
    for _ in 0..10 {
        let seq = random.index(usize::try_from(frames)?) as u64;
        let begun = Instant::now();
        transcripts.state(Tenant::LOCAL, run, Position::Seq(seq)).await?;
        told(&format!("a state, warm: after frame {seq}"), begun);
    }
    Ok(())
}

#[expect(clippy::print_stdout, reason = "the figures are the output of this program")]
fn told(what: &str, begun: Instant) {
    println!("{:>9.1} ms  {what}", begun.elapsed().as_secs_f64() * 1000.0);
}
