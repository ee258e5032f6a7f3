//! Carries what is too long for a frame: streamed text as more of the same frames, an authoritative text of a tool call or
//! an item as the pieces of a large field, behind the frame that shows its beginning.

use std::borrow::Cow;

use serde_json::Value;

use super::{CHUNK_CHARS, RESULT_CHARS, admit, shorten};
use crate::body::{Body, ChunkDelta, ChunkDone, ChunkTarget, Encoding, EntityKind, Item, Tool, ToolStatus};
use crate::frame::Frame;

/// Where a notice says the whole of a text is.
const BEHIND: &str = "the pieces that follow";

/// A frame on its way into a stream.
#[derive(Debug, Clone, PartialEq)]
pub enum Carried {
    /// It is within its limits.
    One(Frame),
    /// Frames that take its place. What makes them large is carried; what still does not fit can be cut.
    Several(Vec<Frame>),
    /// As a line it takes more bytes than a frame may, and no part of it can be carried in pieces.
    TooLarge(Frame),
}

/// How a frame that was [redacted](super::redact) is carried where a line may take so many bytes. The frames that take
/// its place have its number, which is the caller's to give.
pub fn carry(frame: Frame, limit_bytes: usize) -> Carried {
    let size_bytes = frame.to_text().len();
    let is_large = size_bytes > limit_bytes;
    if !is_large && !may_be_cut(&frame, size_bytes) {
        return Carried::One(frame);
    }
    if let Some(portions) = portions(&frame) {
        return Carried::Several(portions);
    }
    let shown = shorten(frame.clone(), BEHIND);
    if !is_large && shown.body == frame.body {
        return Carried::One(frame);
    }
    let shown = if is_large { shown.fit(limit_bytes, Some(BEHIND)) } else { Ok(shown) };
    let pieces = shown.as_ref().map_or_else(|_| Vec::new(), |shown| pieces(&frame, shown));
    match shown {
        Ok(shown) if !pieces.is_empty() => Carried::Several([vec![shown], pieces].concat()),
        // What is cut does not follow.
        _ if !is_large => Carried::One(admit(frame)),
        _ => Carried::TooLarge(frame),
    }
}

/// Whether a text or list of it may be beyond a limit. Most frames are smaller than the lowest of them.
const fn may_be_cut(frame: &Frame, size_bytes: usize) -> bool {
    size_bytes > RESULT_CHARS || matches!(frame.body, Body::ToolStatus(_))
}

/// Streamed text that is too long, in portions of which each is a frame.
fn portions(frame: &Frame) -> Option<Vec<Frame>> {
    let text = delta(&mut frame.body.clone()).filter(|text| text.len() > CHUNK_CHARS).map(std::mem::take)?;
    let portions: Vec<&str> = split(&text).collect();
    let framed = portions.iter().enumerate().map(|(nth, portion)| {
        let mut framed = frame.clone();
        if let Some(text) = delta(&mut framed.body) {
            (*portion).clone_into(text);
        }
        if nth > 0 {
            framed.envelope.notices.clear();
        }
        framed
    });
    (portions.len() > 1).then(|| framed.collect())
}

/// The text that a frame appends to what was streamed.
const fn delta(body: &mut Body) -> Option<&mut String> {
    Some(match body {
        Body::MessageDelta(body) => &mut body.delta,
        Body::ReasoningDelta(body) => &mut body.delta,
        Body::RefusalDelta(body) => &mut body.delta,
        Body::ToolArgumentsDelta(body) => &mut body.delta,
        Body::ToolCodeDelta(body) => &mut body.delta,
        _ => return None,
    })
}

/// A text that can be carried in pieces, and what it belongs to.
struct Whole<'a> {
    target: ChunkTarget,
    text: Cow<'a, str>,
}

/// The texts of a frame that are not shown as they are, in pieces.
fn pieces(frame: &Frame, shown: &Frame) -> Vec<Frame> {
    let Some(item) = frame.body.item() else { return Vec::new() };
    let seen = wholes(&shown.body);
    let is_seen =
        |whole: &Whole<'_>| seen.iter().any(|seen| seen.target == whole.target && seen.text == whole.text);
    let hidden = wholes(&frame.body).into_iter().filter(|whole| !is_seen(whole));
    let bodies = hidden.flat_map(|whole| chunks(item, &whole));
    let framed = bodies.map(|body| {
        let mut piece = Frame { envelope: frame.envelope.clone(), body };
        piece.envelope.notices.clear();
        piece
    });
    framed.collect()
}

fn chunks(item: &Item, whole: &Whole<'_>) -> Vec<Body> {
    let piece = |(chunk_index, data): (u64, &str)| {
        Body::ChunkDelta(ChunkDelta {
            item: item.clone(),
            target: whole.target.clone(),
            encoding: Some(Encoding::Utf8),
            chunk_index,
            data: data.to_owned(),
        })
    };
    let done = Body::ChunkDone(ChunkDone { item: item.clone(), target: whole.target.clone() });
    (0..).zip(split(&whole.text)).map(piece).chain([done]).collect()
}

fn wholes(body: &Body) -> Vec<Whole<'_>> {
    match body {
        Body::ToolArgumentsDone(body) => {
            vec![of_call(&body.tool_call_id, "arguments_text", &body.arguments_text)]
        }
        Body::ToolCodeDone(body) => vec![of_call(&body.tool_call_id, "code", &body.code)],
        Body::ToolOutput(body) => vec![output(&body.tool_call_id, &body.output)],
        Body::ToolStatus(ToolStatus { tool, .. }) => of_status(tool),
        Body::ReasoningPartDone(body) => {
            vec![of_item(&body.item, "reasoning_summary", body.summary_index, &body.text)]
        }
        Body::RefusalDone(body) => {
            vec![of_item(&body.item, "refusal_text", body.content_index, &body.refusal_text)]
        }
        _ => Vec::new(),
    }
}

fn of_status(tool: &Tool) -> Vec<Whole<'_>> {
    let (text, value) = match tool {
        Tool::Function(call) => (&call.arguments_text, &call.output),
        Tool::Mcp(call) => (&call.arguments_text, &call.output),
        _ => return Vec::new(),
    };
    let text = text.iter().map(|text| of_call(tool.tool_call_id(), "arguments_text", text));
    text.chain(value.iter().map(|value| output(tool.tool_call_id(), value))).collect()
}

fn output<'a>(call: &str, value: &'a Value) -> Whole<'a> {
    let text = value.as_str().map_or_else(|| Cow::Owned(value.to_string()), Cow::Borrowed);
    Whole { text, ..of_call(call, "output", "") }
}

fn of_call<'a>(call: &str, field: &str, text: &'a str) -> Whole<'a> {
    let target = ChunkTarget {
        entity_kind: EntityKind::ToolCall,
        entity_id: call.to_owned(),
        field: field.to_owned(),
        part_index: None,
    };
    Whole { target, text: Cow::Borrowed(text) }
}

fn of_item<'a>(item: &Item, field: &str, part: u64, text: &'a str) -> Whole<'a> {
    let target = ChunkTarget {
        entity_kind: EntityKind::Message,
        entity_id: item.item_id.clone(),
        field: field.to_owned(),
        part_index: Some(part),
    };
    Whole { target, text: Cow::Borrowed(text) }
}

/// A text in pieces of at most [`CHUNK_CHARS`] characters.
fn split(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let end = rest.char_indices().nth(CHUNK_CHARS).map_or(rest.len(), |(end, _)| end);
        let (piece, behind) = rest.split_at(end);
        rest = behind;
        (!piece.is_empty()).then_some(piece)
    })
}
