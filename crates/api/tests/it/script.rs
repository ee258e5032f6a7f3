//! A run kind that does what its spec says.

use std::sync::Arc;

use bytes::Bytes;
use frames::{Body, Decision, Progress};
use kernel::{Class, Fault};
use runs::{Completion, Ending, Failure, Question, RunContext, RunKind};
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::sync::Semaphore;

/// What a scripted run does.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "does", content = "n", rename_all = "snake_case")]
pub(crate) enum Script {
    /// Emits this many frames, keeps an artifact and completes.
    Count(u64),
    /// Keeps an artifact of this many bytes and completes.
    Keep(usize),
    /// Emits two frames, and two more once told to go on.
    Gated,
    /// Fails for good.
    Fail,
    /// Works until cancelled.
    UntilCancelled,
    /// Does not look at its cancellation until told to go on.
    Deaf,
    /// Asks whether to go on, and fails where not.
    Ask,
}

#[derive(Debug, thiserror::Error)]
#[error("the script says so")]
pub(crate) struct Scripted;

impl Fault for Scripted {
    fn class(&self) -> Class {
        Class::Unprocessable
    }

    fn code(&self) -> &'static str {
        "SCRIPTED"
    }
}

/// The kind; a permit of `go` lets one waiting run go on.
pub(crate) struct ScriptKind {
    pub(crate) go: Arc<Semaphore>,
}

impl ScriptKind {
    async fn told(&self) {
        self.go.acquire().await.unwrap().forget();
    }
}

impl RunKind for ScriptKind {
    const NAME: &'static str = "script";
    const VERSION: u32 = 1;
    const MAX_ATTEMPTS: u32 = 1;
    type Spec = Script;
    type Outcome = ();
    type Error = Scripted;

    async fn execute(&self, spec: Script, cx: &RunContext) -> Result<Completion<()>, Failure<Scripted>> {
        match spec {
            Script::Count(n) => {
                for done in 1..=n {
                    cx.emit(progress(done, n)).await?;
                }
                cx.artifact("note: “x”", "text/plain", Bytes::from_static(b"kept")).await?;
            }
            Script::Keep(size) => {
                cx.artifact("large", "application/octet-stream", content(size)).await?;
            }
            Script::Gated => {
                for done in 1..=4 {
                    if done == 3 {
                        self.told().await;
                    }
                    cx.emit(progress(done, 4)).await?;
                }
            }
            Script::Fail => return Err(Scripted.into()),
            Script::UntilCancelled => {
                cx.cancelled().await;
                return Ok(completion(Ending::Cancelled));
            }
            Script::Deaf => self.told().await,
            Script::Ask => {
                let question = Question {
                    name: "go-on".to_owned(),
                    title: "Go on?".to_owned(),
                    detail: None,
                    expires_at: None,
                };
                if cx.ask(&question).await? != Decision::Approved {
                    return Err(Scripted.into());
                }
            }
        }
        Ok(completion(Ending::Completed))
    }
}

/// The bytes of an artifact of this size.
pub(crate) fn content(size: usize) -> Bytes {
    (0..size).map(|i| u8::try_from(i * 31 % 251).unwrap()).collect::<Vec<u8>>().into()
}

/// A frame whose text has what writing anew would change: an odd float, an escape, a letter beyond ASCII.
fn progress(done: u64, total: u64) -> Body {
    Body::Progress(Progress {
        phase: "zählen".to_owned(),
        fraction: done as f64 / total.max(1) as f64,
        done: Some(done),
        total: Some(total),
        message: Some("a \"quoted\" word".to_owned()),
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
