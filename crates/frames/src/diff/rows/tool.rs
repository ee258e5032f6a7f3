//! A tool call: what it was given, what it returned, who let it pass, and the agent run inside it.

use serde_json::Value;

use super::super::row::{Row, RowKind};
use super::{Clock, Object, Section, number, object, section, take, text};

pub(super) fn of(mut card: Object, path: String, clock: Clock) -> Row {
    let seq = number(&card, "first_event_id");
    let (name, tool_type) = (text(&card, "name"), text(&card, "tool_type"));
    let label = if name.is_empty() { tool_type } else { name };
    let mut row = Row::new(RowKind::Tool, label, path, seq);
    row.key = format!("{tool_type} {name}");
    row.say("arguments", arguments(&mut card));
    row.take_all(&mut card, &["code", "output", "status", "server_label", "agent"]);
    row.take_all(&mut card, &["has_output", "is_arguments_done", "is_code_done"]);
    let mut details = object(take(&mut card, "details"));
    row.take_id(&mut details, "container_id");
    for (name, value) in details {
        row.say(&name, value);
    }
    let mut approval = object(take(&mut card, "approval"));
    row.say("approved", take(&mut approval, "approved"));
    row.say("approval_reason", take(&mut approval, "reason"));
    row.take_id(&mut approval, "approval_request_id");
    row.take_id(&mut card, "tool_call_id");
    row.take_id(&mut card, "item_ids");
    row.time("at_ms", clock.since_start(card.get("started_at")));
    row.time("duration_ms", Clock::between(card.get("started_at"), card.get("ended_at")));
    let place = Section { path: format!("{}.nested", row.path), key: "nested" };
    row.below.extend(section::of(object(take(&mut card, "nested")), &place, clock));
    row
}

/// Arguments are compared as what they say, however they were streamed and spaced.
fn arguments(card: &mut Object) -> Value {
    let (json, text) = (take(card, "arguments_json"), take(card, "arguments_text"));
    if !json.is_null() {
        return json;
    }
    let read = text.as_str().and_then(|text| serde_json::from_str::<Value>(text).ok());
    read.filter(Value::is_object).unwrap_or(text)
}
