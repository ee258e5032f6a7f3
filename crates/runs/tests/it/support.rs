//! A run kind whose spec says how it behaves, and an engine around it.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use artifacts::Store;
use bytes::Bytes;
use frames::{Body, Decision, Frame};
use futures::TryStreamExt;
use kernel::{Class, Clock as _, Digest, Fault, RunId, Seed, SharedClock, SystemClock, Tenant};
use ledger::Ledger;
use runs::{
    Completion, Config, Dispatch, EmbeddedDispatch, Ending, Engine, EngineBuilder, Failure, Filter, Objects,
    Program, Question, Results, Run, RunContext, RunKind, ShardEvent, ShardKind, Submit,
};
use sea_orm::{ConnectionTrait, DatabaseBackend, DbErr};
use serde::{Deserialize, Serialize};
use serde_json::json;
use test_support::TestDb;
use tokio::sync::{Notify, watch};

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
    /// Squares numbers again and compares with what is stored.
    SquaresAgain(Vec<u64>),
    /// Squares numbers as shards, and ends as soon as one has begun.
    SquaresLeft(Vec<u64>),
    /// Starts these runs, one after another in the record, and waits for all of them.
    Family(Vec<Script>),
    /// Asks a person, and fails for good at a no.
    Ask,
    /// Waits, parked, until this many milliseconds after its first execution began.
    Rest(u64),
    /// Says texts of so many bytes of its own, then fails retryably in the first attempts.
    Loud { bytes: usize, fails: u32 },
    /// Does this many steps, each once across all executions, and waits after each until `free` has come so far.
    Steps(u32),
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

/// The kind; `go` releases the deaf ones, `free` says which step may be left. An execution that has lost its run may
/// still wait: what it hears, it takes from nobody.
#[derive(Default)]
pub(crate) struct ScriptKind {
    pub(crate) go: Arc<Notify>,
    pub(crate) free: watch::Sender<u32>,
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
            Script::Squares(numbers) => square_all(cx, numbers, Results::Reuse).await?,
            Script::SquaresAgain(numbers) => square_all(cx, numbers, Results::Recompute).await?,
            Script::SquaresLeft(numbers) => {
                cx.fan_out::<Square>(numbers, Results::Reuse).recv().await;
            }
            Script::Family(children) => {
                for (n, child) in children.into_iter().enumerate() {
                    let submit = Submit::new("child", Seed(n as u64), child);
                    cx.child::<Self>(&n.to_string(), submit).await?;
                }
                cx.children_ended().await?;
            }
            Script::Ask => {
                let question = Question {
                    name: "go-on".to_owned(),
                    title: "Go on?".to_owned(),
                    detail: None,
                    expires_at: None,
                };
                if cx.ask(&question).await? != Decision::Approved {
                    return Err(Scripted { is_retryable: false }.into());
                }
            }
            Script::Rest(wait_ms) => {
                let history = cx.history().await?;
                let began = history.first().map_or(cx.clock().now(), |frame| frame.envelope.server_timestamp);
                cx.wait_until(began + Duration::from_millis(wait_ms))?;
            }
            Script::Loud { bytes, fails } => loud(cx, bytes, fails).await?,
            Script::Steps(total) => self.steps(cx, total).await?,
        }
        Ok(completion(Ending::Completed))
    }
}

impl ScriptKind {
    async fn steps(&self, cx: &RunContext, total: u32) -> Result<(), Failure<Scripted>> {
        let done = cx.history().await?.iter().filter(|frame| frame.kind() == "step.completed").count();
        for index in (1..=total).skip(done) {
            cx.emit(step_started(index, total)).await?;
            cx.emit(step(index, total)).await?;
            let mut free = self.free.subscribe();
            free.wait_for(|free| *free >= index).await.unwrap();
        }
        Ok(())
    }
}

/// A remark, the output of a tool and streamed text, each as long, and each with a secret before it.
async fn loud(cx: &RunContext, bytes: usize, fails: u32) -> Result<(), Failure<Scripted>> {
    let long = format!("sk-0123456789abcdef0123 {}", "ü".repeat(bytes / 2));
    let item = frames::Item::new(0, "i");
    let data = json!({ "rows": &long }).as_object().cloned();
    let (level, code) = (frames::Level::Info, "LOUD".to_owned());
    cx.emit(frames::RunNotice { level, code, message: "loud".to_owned(), data }).await?;
    cx.emit(frames::ToolOutput {
        item: item.clone(),
        tool_call_id: "c".to_owned(),
        tool_type: frames::ToolType::Function,
        output: json!(&long),
    })
    .await?;
    cx.emit(frames::MessageDelta { item, content_index: 0, delta: long }).await?;
    if cx.attempt() <= fails { Err(Scripted { is_retryable: true }.into()) } else { Ok(()) }
}

fn step_started(index: u32, total: u32) -> Body {
    Body::StepStarted(frames::StepStarted {
        step: format!("step-{index}"),
        step_index: index,
        step_total: total,
        phase: "only".to_owned(),
        phase_index: 1,
        phase_total: 1,
    })
}

fn step(index: u32, total: u32) -> Body {
    Body::StepCompleted(frames::StepCompleted {
        step: format!("step-{index}"),
        step_index: index,
        step_total: total,
        phase: "only".to_owned(),
        phase_index: 1,
        phase_total: 1,
        status: frames::StepStatus::Pass,
        detail: String::new(),
        duration_ms: 1.0,
        data: serde_json::Map::new(),
    })
}

async fn square_all(cx: &RunContext, numbers: Vec<u64>, results: Results) -> Result<(), Failure<Scripted>> {
    let mut squares = vec![None; numbers.len()];
    let mut started = 0;
    let mut failed = Vec::new();
    let mut events = cx.fan_out::<Square>(numbers, results);
    while let Some(event) = events.recv().await {
        match event {
            ShardEvent::Started { .. } => started += 1,
            ShardEvent::Done { index, output, .. } => squares[index] = Some(output),
            ShardEvent::Stopped { reason, .. } => return Err(reason.into()),
            ShardEvent::Failed { message, .. } => failed.push(message),
        }
    }
    let text = json!({ "squares": squares, "started": started, "failed": failed }).to_string();
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

    fn compute(input: &u64, _: &Objects, keep_going: &dyn Fn() -> bool) -> Option<u64> {
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
    pub(crate) free: watch::Sender<u32>,
}

fn program() -> Program {
    Program { version: "1.2.3".to_owned(), commit: Some("abc".to_owned()) }
}

pub(crate) fn config(worker: &str) -> Config {
    Config {
        lease: Duration::from_millis(600),
        poll: Duration::from_millis(20),
        backoff: Duration::from_millis(5),
        cancel_wait: Duration::from_millis(1500),
        compute_threads: 2,
        // What a test has stored may go at once.
        grace: Duration::ZERO,
        ..Config::new(worker, program())
    }
}

impl Fixture {
    pub(crate) fn new(db: TestDb) -> Self {
        Self::with(db, config("worker-1"))
    }

    pub(crate) fn with(db: TestDb, config: Config) -> Self {
        Self::timed(db, config, Arc::new(SystemClock))
    }

    pub(crate) fn timed(db: TestDb, config: Config, clock: SharedClock) -> Self {
        Self::made(db, config, clock, |builder| builder)
    }

    /// With another dispatch around the embedded one.
    pub(crate) fn wrapped(
        db: TestDb,
        wrap: impl FnOnce(Arc<EmbeddedDispatch>) -> Arc<dyn Dispatch> + Send + 'static,
    ) -> Self {
        Self::made(db, config("worker-1"), Arc::new(SystemClock), |builder| builder.dispatch(wrap))
    }

    fn made(
        db: TestDb,
        config: Config,
        clock: SharedClock,
        more: impl FnOnce(EngineBuilder) -> EngineBuilder,
    ) -> Self {
        let store = Store::local(db.dir().join("artifacts")).unwrap();
        let kind = ScriptKind::default();
        let (go, free) = (Arc::clone(&kind.go), kind.free.clone());
        let ledger = Ledger::open(db.db.clone());
        let builder = Engine::builder(db.db.clone(), ledger, store.clone(), clock, config)
            .run_kind(kind)
            .shard_kind::<Square>();
        Self { db, engine: more(builder).build(), store, go, free }
    }

    pub(crate) fn started(db: TestDb) -> Self {
        let fixture = Self::new(db);
        fixture.engine.start();
        fixture
    }

    pub(crate) async fn submit(&self, script: Script) -> RunId {
        self.engine.submit::<ScriptKind>(TENANT, Submit::new("test", Seed(7), script)).await.unwrap()
    }

    /// The run as it stands.
    pub(crate) async fn found(&self, run: RunId) -> Run {
        runs::find(&self.db.db.read, TENANT, run).await.unwrap().unwrap()
    }

    /// Waits until a run stands so.
    pub(crate) async fn reached(&self, run: RunId, is_so: impl Fn(&Run) -> bool) -> Run {
        loop {
            let found = self.found(run).await;
            if is_so(&found) {
                return found;
            }
            assert!(!found.state.is_terminal(), "{found:?}");
            tokio::task::yield_now().await;
        }
    }

    /// The runs that a run has started, oldest first.
    pub(crate) async fn children(&self, run: RunId) -> Vec<Run> {
        let filter = Filter { parent_run_id: Some(run), ..Filter::default() };
        let mut listed = runs::list(&self.db.db.read, TENANT, &filter, None, 1000).await.unwrap();
        listed.reverse();
        listed.iter().map(|listed| listed.run().unwrap().clone()).collect()
    }

    /// Waits until a step is recorded.
    pub(crate) async fn reached_step(&self, run: RunId, index: u32) {
        let mut chunks = std::pin::pin!(self.engine.ledger().reader().follow(TENANT, run, 0));
        let name = format!("\"step-{index}\"");
        let is_it = |text: &str| text.contains("step.completed") && text.contains(&name);
        while let Some(chunk) = chunks.try_next().await.unwrap() {
            if chunk.frames().any(|(_, text)| is_it(text)) {
                return;
            }
        }
        panic!("run {run} ended without step {index}");
    }

    /// Takes a run from its worker, as a crash does: the token moves on and the lease is over.
    pub(crate) async fn lose(&self, run: RunId) {
        let sql = format!(
            "UPDATE run SET fence = fence + 1, lease_until_us = 1, lease_owner = 'gone' WHERE {}",
            self.is("id", run)
        );
        self.execute(&sql).await.unwrap();
    }

    /// A condition on a column of ids, in SQL.
    pub(crate) fn is(&self, column: &str, run: RunId) -> String {
        match self.db.db.write.backend() {
            DatabaseBackend::Postgres => format!("{column} = '{run}'"),
            _ => format!("{column} = x'{}'", run.0.simple()),
        }
    }

    /// A statement past the engine, as an attacker or an accident has it.
    pub(crate) async fn execute(&self, sql: &str) -> Result<(), DbErr> {
        self.db.db.write.write("test", async |tx| tx.execute_unprepared(sql).await.map(drop)).await
    }

    pub(crate) async fn run(&self, script: Script) -> Run {
        let id = self.submit(script).await;
        let run = self.engine.settled(TENANT, id).await.unwrap();
        self.verified(id).await;
        run
    }

    /// Everything that is stored of the run fits together.
    pub(crate) async fn verified(&self, run: RunId) {
        let verified = self.engine.verifier().verify(TENANT, run).await.unwrap();
        let problems: Vec<_> = verified.parts.iter().flat_map(|part| &part.problems).collect();
        assert!(verified.verified, "{problems:?}");
    }

    /// The run's frames, validated as a whole stream.
    pub(crate) async fn frames(&self, run: RunId) -> Vec<Frame> {
        let chunks: Vec<_> =
            self.engine.ledger().reader().follow(TENANT, run, 0).try_collect().await.unwrap();
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
        let verdict = self.engine.ledger().reader().verify(TENANT, run).await.unwrap();
        assert_eq!(verdict.first_bad_seq, None, "{verdict:?}");
        frames
    }

    /// Waits until the run has a frame of this kind.
    pub(crate) async fn saw(&self, run: RunId, kind: &str) {
        let mut chunks = std::pin::pin!(self.engine.ledger().reader().follow(TENANT, run, 0));
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

/// As if these bytes had been stored so many hours ago.
pub(crate) fn age(fixture: &Fixture, digest: &Digest, hours: u64) {
    let name = digest.to_string();
    let file = fixture.db.dir().join("artifacts").join(&name[..2]).join(name);
    let then = SystemTime::from(SystemClock.now()) - Duration::from_hours(hours);
    std::fs::File::open(file).unwrap().set_modified(then).unwrap();
}
