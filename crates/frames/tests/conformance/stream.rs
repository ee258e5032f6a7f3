//! What the assertions ask of a stream.

use std::collections::BTreeSet;

use frames::*;

pub(crate) fn distinct<T: Ord>(frames: &[Frame], of: impl Fn(&Frame) -> T) -> usize {
    frames.iter().map(of).collect::<BTreeSet<_>>().len()
}

pub(crate) fn has(frames: &[Frame], kind: &str) -> bool {
    frames.iter().any(|frame| frame.kind() == kind)
}

fn tools(frames: &[Frame]) -> impl Iterator<Item = &Tool> {
    frames.iter().filter_map(|frame| match &frame.body {
        Body::ToolStatus(body) => Some(&body.tool),
        _ => None,
    })
}

pub(crate) fn statuses(frames: &[Frame], of: ToolType) -> Vec<&'static str> {
    tools(frames).filter(|tool| tool.tool_type() == of).map(Tool::status).collect()
}

pub(crate) fn last_status(frames: &[Frame], of: ToolType) -> Option<&'static str> {
    statuses(frames, of).last().copied()
}

pub(crate) fn results(frames: &[Frame]) -> Vec<&FileResult> {
    let found = tools(frames).filter_map(|tool| match tool {
        Tool::FileSearch(search) => search.results.as_ref(),
        _ => None,
    });
    found.flatten().collect()
}

fn citations(frames: &[Frame]) -> impl Iterator<Item = &Citation> {
    frames.iter().filter_map(|frame| match &frame.body {
        Body::MessageCitation(body) => Some(&body.citation),
        _ => None,
    })
}

pub(crate) fn pages(frames: &[Frame]) -> Vec<&UrlCitation> {
    let pages = citations(frames).filter_map(|citation| match citation {
        Citation::Url(page) => Some(page),
        _ => None,
    });
    pages.collect()
}

pub(crate) fn files(frames: &[Frame]) -> Vec<&ContainerFileCitation> {
    let files = citations(frames).filter_map(|citation| match citation {
        Citation::ContainerFile(file) => Some(file),
        _ => None,
    });
    files.collect()
}

/// The text of all messages at the root.
pub(crate) fn text(frames: &[Frame]) -> String {
    let root = frames.iter().filter(|frame| frame.envelope.scope.is_none());
    let deltas = root.filter_map(|frame| match &frame.body {
        Body::MessageDelta(body) => Some(body.delta.as_str()),
        _ => None,
    });
    deltas.collect()
}

pub(crate) fn codes(frames: &[Frame]) -> Vec<&str> {
    let codes = frames.iter().filter_map(|frame| match &frame.body {
        Body::ToolCodeDone(body) => Some(body.code.as_str()),
        _ => None,
    });
    codes.collect()
}

pub(crate) fn last_arguments(frames: &[Frame]) -> Option<&str> {
    frames.iter().rev().find_map(|frame| match &frame.body {
        Body::ToolArgumentsDone(body) => Some(body.arguments_text.as_str()),
        _ => None,
    })
}

pub(crate) fn handovers(frames: &[Frame]) -> Vec<&AgentUpdated> {
    let updates = frames.iter().filter_map(|frame| match &frame.body {
        Body::AgentUpdated(update) => Some(update),
        _ => None,
    });
    updates.collect()
}

pub(crate) fn scoped(frames: &[Frame]) -> Vec<&Frame> {
    frames.iter().filter(|frame| frame.envelope.scope.is_some()).collect()
}

pub(crate) fn scopes(frames: &[Frame]) -> Vec<&Scope> {
    frames.iter().filter_map(|frame| frame.envelope.scope.as_ref()).collect()
}

/// A part of a reasoning summary: its item and number.
pub(crate) type Part<'a> = (&'a str, u64);

pub(crate) fn parts_begun(frames: &[Frame]) -> Vec<(u64, Part<'_>)> {
    let begun = frames.iter().filter_map(|frame| match &frame.body {
        Body::ReasoningPartAdded(body) => {
            Some((frame.envelope.event_id, (body.item.item_id.as_str(), body.summary_index)))
        }
        _ => None,
    });
    begun.collect()
}

pub(crate) fn parts_done(frames: &[Frame]) -> Vec<(u64, Part<'_>, &str)> {
    let done = frames.iter().filter_map(|frame| match &frame.body {
        Body::ReasoningPartDone(body) => {
            let part = (body.item.item_id.as_str(), body.summary_index);
            Some((frame.envelope.event_id, part, body.text.as_str()))
        }
        _ => None,
    });
    done.collect()
}

pub(crate) fn streamed_of(frames: &[Frame], (item_id, index): &Part<'_>) -> String {
    let deltas = frames.iter().filter_map(|frame| match &frame.body {
        Body::ReasoningDelta(body) if body.item.item_id == *item_id && body.summary_index == Some(*index) => {
            Some(body.delta.as_str())
        }
        _ => None,
    });
    deltas.collect()
}

pub(crate) fn end(frames: &[Frame]) -> Option<&Final> {
    match &frames.last()?.body {
        Body::Final(end) => Some(end),
        _ => None,
    }
}

pub(crate) fn error(frames: &[Frame]) -> Option<&StreamError> {
    match &frames.last()?.body {
        Body::Error(error) => Some(error),
        _ => None,
    }
}
