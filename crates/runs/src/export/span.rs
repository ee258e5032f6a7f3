//! A run as spans: itself, its attempts, its phases and steps, its tool calls. Rows say when the run and its attempts began
//! and ended, frames say the rest.
//!
//! Ids are digests of the run and of what opened a span, so that every export names the same spans alike, and those of a
//! family lie in one trace. What is not over yet is left out, as a program leaves out spans that it has not ended.

mod part;
#[cfg(test)]
mod tests;
mod tool;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use frames::{Body, Frame, StepStatus, Tool};
use kernel::RunId;
use serde::Deserialize;
use wire::export::{Attribute, Span, SpanStatus, Value};
use wire::runs::{AttemptOutcome, Detail, Status};

use self::part::{attempt_name, failed, nanos, number, span_id, text, well};
use super::{ExportError, digest_of};

/// Tool calls that are open at once; more are counted and left out.
const MOST_OPEN: usize = 10_000;
/// The kinds of frames that open or end a span.
const KINDS: [&str; 7] =
    ["attempt.started", "phase.started", "step.started", "step.completed", "tool.status", "final", "error"];
const INTERNAL: u8 = 1;

/// Makes spans of a run and the lines of its record, in order.
#[derive(Debug)]
pub struct Spans {
    run: RunId,
    parent_run: Option<RunId>,
    trace: RunId,
    seq: u64,
    removed: u64,
    left_out: u64,
    attempt: Option<String>,
    phase: Option<Open>,
    step: Option<Open>,
    tools: BTreeMap<String, Open>,
}

/// A span that is not over.
#[derive(Debug, Clone)]
struct Open {
    id: String,
    parent: String,
    name: String,
    start: DateTime<Utc>,
    attributes: Vec<Attribute>,
}

#[derive(Deserialize)]
struct Kind {
    kind: String,
}

impl Spans {
    /// Of a run, from its first frame on.
    pub fn of(run: &Detail) -> Self {
        Self {
            run: run.item.run_id,
            parent_run: run.item.parent_run_id,
            trace: run.root_run_id,
            seq: 0,
            removed: 0,
            left_out: 0,
            attempt: None,
            phase: None,
            step: None,
            tools: BTreeMap::new(),
        }
    }

    /// The attempts that are over.
    pub fn attempts(&self, run: &Detail) -> Vec<Span> {
        let over =
            run.attempts.iter().filter_map(|attempt| Some((attempt, attempt.ended_at?, attempt.outcome?)));
        let span = |(attempt, end, outcome): (&wire::runs::Attempt, DateTime<Utc>, AttemptOutcome)| {
            let open = Open {
                id: self.id(&attempt_name(attempt.number)),
                parent: self.id("run"),
                name: attempt_name(attempt.number),
                start: attempt.started_at,
                attributes: vec![
                    text("assay.attempt.outcome", &outcome.to_string()),
                    text("assay.worker", &attempt.worker),
                ],
            };
            let status = match outcome {
                AttemptOutcome::Succeeded => well(),
                AttemptOutcome::Failed | AttemptOutcome::Retried | AttemptOutcome::Lost => {
                    let error = attempt.error.as_ref();
                    failed(error.map_or_else(|| outcome.to_string(), |error| error.message.clone()))
                }
                AttemptOutcome::Cancelled | AttemptOutcome::Released => SpanStatus::default(),
            };
            self.closed(open, end, status)
        };
        over.map(span).collect()
    }

    /// The spans that end with the next line.
    pub fn line(&mut self, line: &str) -> Result<Vec<Span>, ExportError> {
        self.seq += 1;
        if digest_of(line).is_some() {
            self.removed += 1;
            return Ok(Vec::new());
        }
        let unreadable = |reason: String| ExportError::Unreadable { seq: self.seq, reason };
        let Kind { kind } = serde_json::from_str(line).map_err(|error| unreadable(error.to_string()))?;
        if !KINDS.contains(&kind.as_str()) {
            return Ok(Vec::new());
        }
        let frame = Frame::parse(line).map_err(|error| unreadable(error.to_string()))?;
        Ok(self.frame(&frame))
    }

    /// The run itself, if it is over. It says what is missing of the rest.
    pub fn end(self, run: &Detail) -> Option<Span> {
        let end = run.item.ended_at?;
        let mut attributes = vec![
            text("assay.run.id", &run.item.run_id.to_string()),
            text("assay.run.kind", &run.item.kind),
            text("assay.run.title", &run.item.title),
            text("assay.run.status", &run.item.status.to_string()),
            number("assay.run.attempts", u64::from(run.item.attempt)),
            number("assay.frames", run.ledger.seq),
        ];
        for (key, count) in [("assay.frames.removed", self.removed), ("assay.spans.left_out", self.left_out)]
        {
            attributes.extend((count > 0).then(|| number(key, count)));
        }
        let status = match (run.item.status, &run.item.error) {
            (Status::Succeeded, _) => well(),
            (Status::Failed, Some(error)) => failed(format!("{}: {}", error.code, error.message)),
            (Status::Failed, None) => failed("failed".to_owned()),
            _ => SpanStatus::default(),
        };
        let (id, name, start) = (self.id("run"), run.item.kind.clone(), run.item.created_at);
        let open = Open { id, parent: String::new(), name, start, attributes };
        let mut span = self.closed(open, end, status);
        span.parent_span_id = self.parent_run.map(|parent| span_id(parent, "run"));
        Some(span)
    }

    fn frame(&mut self, frame: &Frame) -> Vec<Span> {
        let at = frame.envelope.server_timestamp;
        match &frame.body {
            Body::AttemptStarted(attempt) => {
                let ended = self.cut(at);
                self.attempt = Some(self.id(&attempt_name(attempt.attempt)));
                ended
            }
            Body::PhaseStarted(phase) => {
                let ended = self.end_phase(at);
                let name = format!("phase {}", phase.phase);
                self.phase = Some(self.open(name, at, self.above(), Vec::new()));
                ended
            }
            Body::StepStarted(step) => {
                let ended = self.step.take().map(|open| self.cut_off(open, at));
                let parent = self.phase.as_ref().map_or_else(|| self.above(), |phase| phase.id.clone());
                self.step = Some(self.open(format!("step {}", step.step), at, parent, Vec::new()));
                ended.into_iter().collect()
            }
            Body::StepCompleted(step) if step.status != StepStatus::Running => {
                let Some(mut open) = self.step.take() else { return Vec::new() };
                open.attributes.push(text("assay.step.status", step.status.as_str()));
                let status =
                    if step.status == StepStatus::Fail { failed(step.detail.clone()) } else { well() };
                vec![self.closed(open, at, status)]
            }
            Body::ToolStatus(status) => self.tool(frame, &status.tool).into_iter().collect(),
            Body::Final(_) | Body::Error(_) => self.cut(at),
            _ => Vec::new(),
        }
    }

    fn tool(&mut self, frame: &Frame, tool: &Tool) -> Option<Span> {
        let (call, name, ended) = tool::told(tool);
        let at = frame.envelope.server_timestamp;
        if !self.tools.contains_key(call) {
            if self.tools.len() >= MOST_OPEN {
                self.left_out += u64::from(ended.is_none());
                return None;
            }
            let nested_in =
                frame.envelope.scope.as_ref().and_then(|scope| self.tools.get(&scope.tool_call_id));
            let innermost = nested_in.or(self.step.as_ref()).or(self.phase.as_ref());
            let parent = innermost.map_or_else(|| self.above(), |open| open.id.clone());
            let open = self.open(format!("tool {name}"), at, parent, vec![text("assay.tool.call_id", call)]);
            self.tools.insert(call.to_owned(), open);
        }
        let is_well = ended?;
        let open = self.tools.remove(call)?;
        let status = if is_well { well() } else { failed("the call failed".to_owned()) };
        Some(self.closed(open, at, status))
    }

    /// Everything that was still open when an attempt or the run ended.
    fn cut(&mut self, at: DateTime<Utc>) -> Vec<Span> {
        let tools: Vec<Open> = std::mem::take(&mut self.tools).into_values().collect();
        let mut ended: Vec<Span> = tools.into_iter().map(|open| self.cut_off(open, at)).collect();
        ended.extend(self.end_phase(at));
        ended
    }

    /// A phase ends with the beginning of the next one, and a step that has not said its end with it.
    fn end_phase(&mut self, at: DateTime<Utc>) -> Vec<Span> {
        let step = self.step.take().map(|open| self.cut_off(open, at));
        let phase = self.phase.take().map(|open| self.closed(open, at, SpanStatus::default()));
        step.into_iter().chain(phase).collect()
    }

    fn cut_off(&self, mut open: Open, at: DateTime<Utc>) -> Span {
        open.attributes.push(Attribute { key: "assay.is_cut_off".to_owned(), value: Value::BoolValue(true) });
        self.closed(open, at, SpanStatus::default())
    }

    fn open(&self, name: String, start: DateTime<Utc>, parent: String, attributes: Vec<Attribute>) -> Open {
        Open { id: self.id(&format!("frame {}", self.seq)), parent, name, start, attributes }
    }

    fn closed(&self, open: Open, end: DateTime<Utc>, status: SpanStatus) -> Span {
        Span {
            trace_id: self.trace.0.simple().to_string(),
            span_id: open.id,
            parent_span_id: Some(open.parent),
            name: open.name,
            kind: INTERNAL,
            start_time_unix_nano: nanos(open.start),
            // A clock that was set back makes no span of negative length.
            end_time_unix_nano: nanos(end.max(open.start)),
            attributes: open.attributes,
            status,
        }
    }

    /// The attempt that works, or the run of somebody who has none.
    fn above(&self) -> String {
        self.attempt.clone().unwrap_or_else(|| self.id("run"))
    }

    fn id(&self, what: &str) -> String {
        span_id(self.run, what)
    }
}
