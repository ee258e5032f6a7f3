//! A run kind whose spec says how it behaves, and an engine around it.

use std::sync::Arc;
use std::time::Duration;

use artifacts::Store;
use bytes::Bytes;
use frames::{Body, Frame};
use futures::TryStreamExt;
use kernel::{Class, Fault, RunId, Seed, SystemClock, Tenant};
use ledger::Ledger;
use runs::{
    Completion, Config, Ending, Engine, Failure, Run, RunContext, RunKind, ShardEvent, ShardKind, Submit,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use test_support::TestDb;
use tokio::sync::Notify;

pub(crate) const TENANT: Tenant = Tenant::LOCAL;

/// What a scripted run does.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Script {
    /// Emits this many progress frames and completes.
    Count(u64),
    /// Fails retryably in the first attempts, then completes.
    FailFirst(u32),
    /// Fails for good.
    FailForGood,
    /// Panics.
    Panic,
    /// Makes a frame that the contract does not allow.
    BadFrame,
    /// Works until cancelled, keeps one part.
    UntilCancelled,
    /// Never looks at cancellation until told to go on.
    Deaf,
    /// Squares numbers as shards.
    Squares(Vec<u64>),
}

#[derive(Debug, thiserror::Error)]
#[error("scripted failure")]
pub(crate) struct Scripted {
    is_retryable: bool,
}

impl Fault for Scripted {
    fn class(&self) -> Class {
        if self.is_retryable { Class::Unavailable } else { Class::Unprocessable }
    }

    fn code(&self) -> &'static str {
        "SCRIPTED"
    }
}

/// The kind; `go` releases the deaf ones.
#[derive(Default)]
pub(crate) struct ScriptKind {
    pub(crate) go: Arc<Notify>,
}

impl RunKind for ScriptKind {
    const NAME: &'static str = "script";
    const VERSION: u32 = 1;
    const MAX_ATTEMPTS: u32 = 3;
    type Spec = Script;
    type Outcome = ();
    type Error = Scripted;

    async fn execute(&self, spec: Script, cx: &RunContext) -> Result<Completion<()>, Failure<Scripted>> {
        match spec {
            Script::Count(n) => {
                for done in 1..=n {
                    cx.emit(progress(done, n)).await?;
                }
            }
            Script::FailFirst(attempts) if cx.attempt() <= attempts => {
                return Err(Scripted { is_retryable: true }.into());
            }
            Script::FailFirst(_) => {}
            Script::FailForGood => return Err(Scripted { is_retryable: false }.into()),
            Script::Panic => panic!("scripted panic"),
            Script::BadFrame => cx.emit(progress(3, 2)).await?,
            Script::UntilCancelled => {
                cx.artifact("part", "text/plain", Bytes::from_static(b"kept")).await?;
                cx.emit(progress(0, 1)).await?;
                cx.cancelled().await;
                return Ok(completion(Ending::Cancelled));
            }
            Script::Deaf => self.go.notified().await,
            Script::Squares(numbers) => square_all(cx, numbers).await?,
        }
        Ok(completion(Ending::Completed))
    }
}

async fn square_all(cx: &RunContext, numbers: Vec<u64>) -> Result<(), Failure<Scripted>> {
    let mut squares = vec![None; numbers.len()];
    let mut started = 0;
    let mut events = cx.fan_out::<Square>(numbers);
    while let Some(event) = events.recv().await {
        match event {
            ShardEvent::Started { .. } => started += 1,
            ShardEvent::Done { index, output } => squares[index] = Some(output),
            ShardEvent::Stopped { reason, .. } => return Err(reason.into()),
            ShardEvent::Failed { .. } => {}
        }
    }
    let text = json!({ "squares": squares, "started": started }).to_string();
    cx.artifact("squares", "application/json", text.into()).await?;
    Ok(())
}

/// A shard that squares, and panics at 13.
pub(crate) struct Square;

impl ShardKind for Square {
    const NAME: &'static str = "square";
    const VERSION: u32 = 1;
    type Input = u64;
    type Output = u64;

    fn compute(input: &u64, keep_going: &dyn Fn() -> bool) -> Option<u64> {
        assert!(*input != 13, "unlucky");
        keep_going().then(|| input * input)
    }
}

fn progress(done: u64, total: u64) -> Body {
    Body::Progress(frames::Progress {
        phase: "count".to_owned(),
        fraction: done as f64 / total.max(1) as f64,
        done: Some(done),
        total: Some(total),
        message: None,
    })
}

fn completion(ending: Ending) -> Completion<()> {
    Completion {
        outcome: (),
        ending,
        metrics: json!({ "answer": 42 }),
        summary: "done".to_owned(),
        structured: None,
    }
}

/// An engine on a test database.
pub(crate) struct Fixture {
    pub(crate) db: TestDb,
    pub(crate) engine: Engine,
    pub(crate) store: Store,
    pub(crate) go: Arc<Notify>,
}

pub(crate) fn config(worker: &str) -> Config {
    Config {
        lease: Duration::from_millis(600),
        poll: Duration::from_millis(20),
        backoff: Duration::from_millis(5),
        cancel_wait: Duration::from_millis(1500),
        compute_threads: 2,
        ..Config::new(worker)
    }
}

impl Fixture {
    pub(crate) fn new(db: TestDb) -> Self {
        Self::with(db, config("worker-1"))
    }

    pub(crate) fn with(db: TestDb, config: Config) -> Self {
        let store = Store::local(db.dir().join("artifacts")).unwrap();
        let kind = ScriptKind::default();
        let go = Arc::clone(&kind.go);
        let ledger = Ledger::open(db.db.clone());
        let engine = Engine::builder(db.db.clone(), ledger, store.clone(), Arc::new(SystemClock), config)
            .run_kind(kind)
            .shard_kind::<Square>()
            .build();
        Self { db, engine, store, go }
    }

    pub(crate) fn started(db: TestDb) -> Self {
        let fixture = Self::new(db);
        fixture.engine.start();
        fixture
    }

    pub(crate) async fn submit(&self, script: Script) -> RunId {
        self.engine.submit::<ScriptKind>(TENANT, Submit::new("test", Seed(7), script)).await.unwrap()
    }

    pub(crate) async fn run(&self, script: Script) -> Run {
        let id = self.submit(script).await;
        self.engine.settled(TENANT, id).await.unwrap()
    }

    /// The run's frames, validated as a whole stream.
    pub(crate) async fn frames(&self, run: RunId) -> Vec<Frame> {
        let chunks: Vec<_> = self.engine.ledger().follow(TENANT, run, 0).try_collect().await.unwrap();
        let mut validator = frames::Validator::new();
        let frames: Vec<Frame> = chunks
            .iter()
            .flat_map(ledger::Chunk::frames)
            .map(|(_, text)| Frame::parse(text).unwrap())
            .collect();
        for frame in &frames {
            validator.push(frame).unwrap();
        }
        validator.finish().unwrap();
        let verdict = self.engine.ledger().verify(TENANT, run).await.unwrap();
        assert_eq!(verdict.first_bad_seq, None, "{verdict:?}");
        frames
    }

    /// Waits until the run has a frame of this kind.
    pub(crate) async fn saw(&self, run: RunId, kind: &str) {
        let mut chunks = std::pin::pin!(self.engine.ledger().follow(TENANT, run, 0));
        while let Some(chunk) = chunks.try_next().await.unwrap() {
            if chunk.frames().any(|(_, text)| Frame::parse(text).unwrap().kind() == kind) {
                return;
            }
        }
        panic!("run {run} ended without a {kind} frame");
    }
}

pub(crate) fn kinds(frames: &[Frame]) -> Vec<&'static str> {
    frames.iter().map(Frame::kind).collect()
}
