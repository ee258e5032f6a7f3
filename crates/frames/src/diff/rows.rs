//! A transcript as rows. They are made from its JSON form, which is the contract with whoever shows it.

mod plan;
mod section;
mod tool;

use chrono::DateTime;
use serde_json::{Map, Value};

use super::outline::Places;
use super::row::{Row, RowKind};

type Object = Map<String, Value>;

/// The rows of a transcript; `asked` is the row of what was asked for, as far as the caller knows it.
pub(super) fn of(transcript: Value, places: &Places, asked: Row) -> Vec<Row> {
    let mut shown = object(transcript);
    let clock = Clock::new(shown.get("started_at"));
    let mut rows = request(&mut shown, asked);
    rows.extend(plan::attempts(&mut shown, places, clock));
    rows.extend(plan::phases(&mut shown, places, clock));
    let header = Section { path: "header".to_owned(), key: "header" };
    rows.extend(section::of(object(take(&mut shown, "header")), &header, clock));
    for (n, section) in list(&mut shown, "sections").enumerate() {
        rows.extend(section::of(section, &Section { path: format!("sections[{n}]"), key: "" }, clock));
    }
    rows.extend(plan::approvals(&mut shown, places, clock));
    rows.extend(list(&mut shown, "notices").enumerate().map(notice));
    rows.extend(list(&mut shown, "omissions").enumerate().map(omission));
    rows.extend(list(&mut shown, "artifacts").enumerate().map(artifact));
    rows.extend(terminal(object(take(&mut shown, "terminal")), clock));
    rows
}

/// Where a section stands, and what it is called beside its branch.
struct Section {
    path: String,
    key: &'static str,
}

/// Times as milliseconds since the stream began: two runs never happen at the same time.
#[derive(Debug, Clone, Copy)]
struct Clock(Option<i64>);

impl Clock {
    fn new(started_at: Option<&Value>) -> Self {
        Self(micros(started_at))
    }

    fn since_start(self, at: Option<&Value>) -> Option<Value> {
        Some(milliseconds(micros(at)? - self.0?))
    }

    fn between(from: Option<&Value>, to: Option<&Value>) -> Option<Value> {
        Some(milliseconds(micros(to)? - micros(from)?))
    }
}

fn micros(at: Option<&Value>) -> Option<i64> {
    DateTime::parse_from_rfc3339(at?.as_str()?).ok().map(|at| at.timestamp_micros())
}

fn milliseconds(micros: i64) -> Value {
    Value::from(micros as f64 / 1000.0)
}

fn object(value: Value) -> Object {
    match value {
        Value::Object(object) => object,
        _ => Object::new(),
    }
}

fn take(from: &mut Object, name: &str) -> Value {
    from.remove(name).unwrap_or_default()
}

fn list(from: &mut Object, name: &str) -> impl Iterator<Item = Object> + use<> {
    let list = match from.remove(name) {
        Some(Value::Array(list)) => list,
        _ => Vec::new(),
    };
    list.into_iter().map(object)
}

fn text<'a>(from: &'a Object, name: &str) -> &'a str {
    from.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn number(from: &Object, name: &str) -> Option<u64> {
    from.get(name).and_then(Value::as_u64)
}

fn request(shown: &mut Object, mut asked: Row) -> Vec<Row> {
    let mut run = object(take(shown, "run"));
    let inputs: Vec<Row> =
        list(&mut run, "inputs").enumerate().map(|(n, given)| input(n, given, asked.seq)).collect();
    asked.take_all(&mut run, &["run_kind", "run_kind_version", "title", "seed", "spec_digest"]);
    let mut rows = Vec::from_iter((!asked.said.is_empty()).then_some(asked));
    rows.extend(inputs);
    rows
}

fn input(n: usize, mut given: Object, seq: Option<u64>) -> Row {
    let mut row = Row::new(RowKind::Input, text(&given, "role"), format!("run.inputs[{n}]"), seq);
    row.take_id(&mut given, "id");
    row.take(&mut given, "digest");
    row
}

fn notice((n, mut notice): (usize, Object)) -> Row {
    let seq = number(&notice, "event_id");
    let mut row = Row::new(RowKind::Notice, text(&notice, "code"), format!("notices[{n}]"), seq);
    row.take_all(&mut notice, &["level", "message", "data"]);
    row
}

fn omission((n, mut omission): (usize, Object)) -> Row {
    let (seq, path) = (number(&omission, "event_id"), format!("omissions[{n}]"));
    let mut row = Row::new(RowKind::Omission, text(&omission, "path"), path, seq);
    row.take_all(&mut omission, &["kind", "type", "message"]);
    row.take_id(&mut omission, "item_id");
    row
}

fn artifact((n, mut made): (usize, Object)) -> Row {
    let (seq, path) = (number(&made, "event_id"), format!("artifacts[{n}]"));
    let mut row = Row::new(RowKind::Artifact, text(&made, "name"), path, seq);
    row.take_all(&mut made, &["media_type", "size_bytes", "digest"]);
    row
}

fn terminal(mut terminal: Object, clock: Clock) -> Vec<Row> {
    let Some(seq) = number(&terminal, "event_id") else { return Vec::new() };
    let mut end = Row::new(RowKind::End, "", "terminal".to_owned(), Some(seq));
    end.time("at_ms", clock.since_start(terminal.get("at")));
    let mut last = object(take(&mut terminal, "final"));
    let mut broken = object(take(&mut terminal, "error"));
    let mut usage = Row::new(RowKind::Usage, "", "terminal.final.usage".to_owned(), Some(seq));
    for (name, amount) in object(take(&mut last, "usage")) {
        usage.say(&name, amount);
    }
    end.take_all(&mut last, &["status", "response_text", "structured_output", "refusal_text"]);
    end.take(&mut last, "reasoning_summary_text");
    end.take_all(&mut broken, &["code", "message", "source", "is_retryable"]);
    end.below = list(&mut last, "attachments").enumerate().map(|at| attachment(at, seq)).collect();
    (!usage.said.is_empty()).then_some(usage).into_iter().chain([end]).collect()
}

fn attachment((n, mut file): (usize, Object), seq: u64) -> Row {
    let path = format!("terminal.final.attachments[{n}]");
    let mut row = Row::new(RowKind::Artifact, text(&file, "filename"), path, Some(seq));
    row.take_all(&mut file, &["mime_type", "size_bytes"]);
    row.take_id(&mut file, "object_id");
    row.take_id(&mut file, "tool_call_id");
    row
}
