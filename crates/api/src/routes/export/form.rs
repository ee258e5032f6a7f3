//! JSON that is written while the frames it is made of are read.

use futures::{Stream, TryStreamExt as _, stream};
use kernel::RunId;
use runs::{CloudEvents, Spans};
use serde::Serialize;
use wire::export::{Attribute, Resource, ResourceSpans, Scope, ScopeSpans, Span, Traces, Value};
use wire::runs::Detail;

type Broken = Box<dyn std::error::Error + Send + Sync>;

/// What a record becomes.
pub(super) trait Form: Send + 'static {
    /// The text of some lines.
    fn lines(&mut self, lines: &str) -> Result<String, Broken>;
    /// The text after the last line.
    fn end(self) -> Result<String, Broken>;
}

/// A record in a form, piece by piece.
pub(super) fn told<F: Form>(
    record: impl Stream<Item = Result<String, ledger::Error>> + Send + 'static,
    form: F,
) -> impl Stream<Item = Result<String, Broken>> + Send {
    let state = (Box::pin(record), Some(form));
    stream::try_unfold(state, |(mut record, form)| async move {
        let Some(mut form) = form else { return Ok(None) };
        Ok(match record.try_next().await? {
            Some(lines) => Some((form.lines(&lines)?, (record, Some(form)))),
            None => Some((form.end()?, (record, None))),
        })
    })
}

/// The items of an array that has begun elsewhere.
struct Items {
    is_first: bool,
}

impl Items {
    fn push(&mut self, text: &mut String, item: &impl Serialize) -> serde_json::Result<()> {
        if !std::mem::replace(&mut self.is_first, false) {
            text.push(',');
        }
        text.push_str(&serde_json::to_string(item)?);
        Ok(())
    }
}

/// A batch of CloudEvents.
pub(super) struct Batch {
    begin: &'static str,
    events: CloudEvents,
    items: Items,
}

impl Batch {
    pub(super) fn of(run: RunId) -> Self {
        Self { begin: "[", events: CloudEvents::of(run), items: Items { is_first: true } }
    }
}

impl Form for Batch {
    fn lines(&mut self, lines: &str) -> Result<String, Broken> {
        let mut text = std::mem::take(&mut self.begin).to_owned();
        for line in lines.lines() {
            self.items.push(&mut text, &self.events.event(line)?)?;
        }
        Ok(text)
    }

    fn end(self) -> Result<String, Broken> {
        Ok(format!("{}]", self.begin))
    }
}

/// The spans of a run, in a request of OpenTelemetry.
pub(super) struct SpanList {
    run: Detail,
    begin: String,
    end: String,
    spans: Spans,
    items: Items,
}

impl SpanList {
    pub(super) fn of(run: Detail) -> serde_json::Result<Self> {
        let request = serde_json::to_string(&request(&run))?;
        let at = request.rfind("[]").map_or(request.len(), |at| at + 1);
        let (begin, end) = request.split_at(at);
        let mut list = Self {
            begin: begin.to_owned(),
            end: end.to_owned(),
            spans: Spans::of(&run),
            items: Items { is_first: true },
            run,
        };
        let attempts = list.spans.attempts(&list.run);
        let begin = std::mem::take(&mut list.begin);
        list.begin = list.with(begin, &attempts)?;
        Ok(list)
    }

    fn with(&mut self, mut text: String, spans: &[Span]) -> serde_json::Result<String> {
        spans.iter().try_for_each(|span| self.items.push(&mut text, span))?;
        Ok(text)
    }
}

impl Form for SpanList {
    fn lines(&mut self, lines: &str) -> Result<String, Broken> {
        let mut text = std::mem::take(&mut self.begin);
        for line in lines.lines() {
            let ended = self.spans.line(line)?;
            text = self.with(text, &ended)?;
        }
        Ok(text)
    }

    fn end(self) -> Result<String, Broken> {
        let Self { run, begin: mut text, end, spans, mut items } = self;
        if let Some(span) = spans.end(&run) {
            items.push(&mut text, &span)?;
        }
        Ok(text + &end)
    }
}

/// A request without spans.
fn request(run: &Detail) -> Traces {
    let text = |key: &str, value: &str| Attribute {
        key: key.to_owned(),
        value: Value::StringValue(value.to_owned()),
    };
    let attributes = vec![text("service.name", "assay"), text("service.version", &run.program.version)];
    let scope_spans = vec![ScopeSpans { scope: Scope { name: "assay.runs".to_owned() }, spans: Vec::new() }];
    Traces { resource_spans: vec![ResourceSpans { resource: Resource { attributes }, scope_spans }] }
}
