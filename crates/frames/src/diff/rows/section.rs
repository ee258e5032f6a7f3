//! A response or a nested agent run: its messages, reasoning and tool calls in the order in which they are shown.

use std::collections::HashMap;

use serde_json::Value;

use super::super::row::{Row, RowKind};
use super::{Clock, Object, Section, list, number, object, take, text, tool};

/// The section with all that is in it; nothing where no frame told of it.
pub(super) fn of(mut told: Object, place: &Section, clock: Clock) -> Option<Row> {
    let seq = number(&told, "first_event_id")?;
    let path = place.path.clone();
    let mut row = Row::new(RowKind::Section, text(&told, "agent"), path.clone(), Some(seq));
    let branch = take(&mut told, "branch");
    let mut workflow = object(take(&mut told, "workflow"));
    row.key = format!("{} {branch} {}", place.key, text(&workflow, "step_name"));
    let mut lifecycle = object(take(&mut told, "lifecycle"));
    row.take_all(&mut lifecycle, &["status", "reason"]);
    row.take(&mut told, "agent");
    row.take_id(&mut told, "response_id");
    workflow.remove("workflow_run_id");
    row.say("workflow", workflow);
    row.below = shown(&mut told, &path, clock);
    row.below.extend(list(&mut told, "agent_updates").enumerate().map(|at| handover(at, &path)));
    row.below.extend(list(&mut told, "checkpoints").enumerate().map(|at| checkpoint(at, &path)));
    row.below.extend(list(&mut told, "chunks").enumerate().map(|at| chunk(at, &path, seq)));
    Some(row)
}

/// Items in their order, a tool call where the first of its items stands, and calls without items last.
fn shown(told: &mut Object, path: &str, clock: Clock) -> Vec<Row> {
    let mut cards: Vec<Option<Row>> = Vec::new();
    let mut by_item: HashMap<String, usize> = HashMap::new();
    for (n, card) in list(told, "tools").enumerate() {
        for item in card.get("item_ids").and_then(Value::as_array).into_iter().flatten() {
            by_item.insert(item.as_str().unwrap_or_default().to_owned(), n);
        }
        cards.push(Some(tool::of(card, format!("{path}.tools[{n}]"), clock)));
    }
    let mut rows = Vec::new();
    for (n, item) in list(told, "items").enumerate() {
        let card = by_item.get(text(&item, "item_id")).copied();
        rows.extend(card.and_then(|at| cards[at].take()));
        rows.extend(of_item(item, &format!("{path}.items[{n}]"), card.is_some()));
    }
    rows.extend(cards.into_iter().flatten());
    rows
}

fn of_item(mut item: Object, path: &str, is_tool: bool) -> Vec<Row> {
    let seq = number(&item, "first_event_id");
    let mut rows: Vec<Row> =
        list(&mut item, "reasoning").enumerate().map(|(n, part)| reasoning(n, part, path, seq)).collect();
    let mut message = Row::new(RowKind::Message, text(&item, "role"), path.to_owned(), seq);
    let mut refusals = Vec::new();
    for (n, mut part) in list(&mut item, "parts").enumerate() {
        let part_path = format!("{path}.parts[{n}]");
        message.say(&if n == 0 { "text".to_owned() } else { format!("text[{n}]") }, take(&mut part, "text"));
        message
            .below
            .extend(list(&mut part, "citations").enumerate().map(|at| citation(at, &part_path, seq)));
        if let Some(refusal) = part.remove("refusal").filter(|refusal| !refusal.is_null()) {
            let mut row = Row::new(RowKind::Refusal, "", part_path, seq);
            row.say("text", refusal);
            refusals.push(row);
        }
    }
    let is_message = !message.said.is_empty() || !message.below.is_empty();
    if is_message {
        describe(&mut message, &mut item);
        rows.push(message);
    }
    rows.append(&mut refusals);
    if rows.is_empty() && !is_tool {
        let mut bare = Row::new(RowKind::Item, text(&item, "item_type"), path.to_owned(), seq);
        describe(&mut bare, &mut item);
        rows.push(bare);
    }
    rows
}

fn describe(row: &mut Row, item: &mut Object) {
    row.take_all(item, &["item_type", "status", "is_done"]);
    row.take_id(item, "item_id");
}

fn reasoning(n: usize, mut part: Object, path: &str, seq: Option<u64>) -> Row {
    let mut row = Row::new(RowKind::Reasoning, "", format!("{path}.reasoning[{n}]"), seq);
    row.take_all(&mut part, &["text", "is_done"]);
    row
}

fn citation((n, mut cited): (usize, Object), path: &str, seq: Option<u64>) -> Row {
    let named =
        ["title", "filename", "url"].into_iter().map(|name| text(&cited, name)).find(|name| !name.is_empty());
    let mut row =
        Row::new(RowKind::Citation, named.unwrap_or_default(), format!("{path}.citations[{n}]"), seq);
    row.key = text(&cited, "type").to_owned();
    for name in ["file_id", "container_id"] {
        row.take_id(&mut cited, name);
    }
    for (name, value) in cited {
        row.say(&name, value);
    }
    row
}

fn handover((n, mut update): (usize, Object), path: &str) -> Row {
    let (seq, path) = (number(&update, "event_id"), format!("{path}.agent_updates[{n}]"));
    let mut row = Row::new(RowKind::Handover, text(&update, "to_agent"), path, seq);
    row.take_all(&mut update, &["from_agent", "to_agent", "handoff_index"]);
    row.key.clear();
    row
}

fn checkpoint((n, mut marker): (usize, Object), path: &str) -> Row {
    let (seq, path) = (number(&marker, "event_id"), format!("{path}.checkpoints[{n}]"));
    let mut row = Row::new(RowKind::Checkpoint, "", path, seq);
    for (name, value) in object(take(&mut marker, "checkpoint")) {
        row.say(&name, value);
    }
    row
}

fn chunk((n, mut field): (usize, Object), path: &str, seq: u64) -> Row {
    let path = format!("{path}.chunks[{n}]");
    let mut row = Row::new(RowKind::Chunk, text(&field, "field"), path, Some(seq));
    row.take_all(
        &mut field,
        &["entity_kind", "part_index", "encoding", "data", "chunks", "is_done", "early"],
    );
    row.take_id(&mut field, "entity_id");
    row
}
