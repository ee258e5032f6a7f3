//! Every assertion that the public contract makes of its streams, each under its number: `C` of all streams, the other
//! letters of the stream that shows one thing.

use std::collections::BTreeSet;

use frames::*;

use crate::stream::*;

/// What must hold of a stream.
pub(crate) struct Assertion {
    pub(crate) name: &'static str,
    pub(crate) holds: fn(&[Frame]) -> bool,
}

macro_rules! assertions {
    ($($code:ident $says:literal: $holds:expr;)*) => {
        &[$(Assertion { name: concat!(stringify!($code), " ", $says), holds: $holds }),*]
    };
}

pub(crate) const OF_ALL: &[Assertion] = assertions! {
    C1 "there is a frame": |frames| !frames.is_empty();
    C2 "one frame ends the stream": |frames| frames.iter().filter(|frame| frame.is_terminal()).count() == 1;
    C3 "the last frame ends the stream": |frames| frames.last().is_some_and(Frame::is_terminal);
    C4 "numbers rise": |frames| frames.is_sorted_by_key(|frame| frame.envelope.event_id);
    C5 "no number comes twice": |frames| distinct(frames, |frame| frame.envelope.event_id) == frames.len();
    C6 "the schema is that of the public contract":
        |frames| frames.iter().all(|frame| frame.envelope.schema == Schema::PublicSseV1);
    C7 "the stream is one": |frames| distinct(frames, |frame| frame.envelope.stream_id.clone()) == 1;
    C8 "the conversation is one": |frames| distinct(frames, |frame| frame.envelope.conversation_id.clone()) == 1;
    C9 "the numbers of the provider rise":
        |frames| frames.iter().filter_map(|frame| frame.envelope.provider_sequence_number).is_sorted();
};

pub(crate) const WEB_SEARCH: &[Assertion] = assertions! {
    W1 "the search ends completed": |frames| last_status(frames, ToolType::WebSearch) == Some("completed");
    W2 "a page is cited": |frames| !pages(frames).is_empty();
    W3 "every page has its address": |frames| pages(frames).iter().all(|page| !page.url.is_empty());
    W4 "there is a text": |frames| !text(frames).is_empty();
};

pub(crate) const CODE_INTERPRETER: &[Assertion] = assertions! {
    CI1 "the code ends completed": |frames| last_status(frames, ToolType::CodeInterpreter) == Some("completed");
    CI2 "the code is told": |frames| !codes(frames).is_empty();
    CI3 "the code is not blank": |frames| codes(frames).iter().any(|code| !code.trim().is_empty());
    CI4 "the text names the file": |frames| text(frames).contains("squares.csv");
    CI5 "the file is cited": |frames| !files(frames).is_empty();
    CI6 "every file has its address": |frames| files(frames).iter().all(|file| file.url.is_some());
    CI7 "a final ends the stream": |frames| end(frames).is_some();
    CI8 "the end has attachments": |frames| end(frames).is_some_and(|end| !end.attachments.is_empty());
    CI9 "an attachment has an address":
        |frames| end(frames).is_some_and(|end| end.attachments.iter().any(|file| file.url.is_some()));
};

pub(crate) const FILE_SEARCH: &[Assertion] = assertions! {
    F1 "the search ends completed": |frames| last_status(frames, ToolType::FileSearch) == Some("completed");
    F2 "results are shown": |frames| !results(frames).is_empty();
    F3 "a result is of the primary store":
        |frames| results(frames).iter().any(|result| result.vector_store_id.as_deref() == Some("vs_primary"));
    F4 "there are citations or results":
        |frames| has(frames, "message.citation") || !results(frames).is_empty();
    F5 "there is a text": |frames| !text(frames).is_empty();
};

pub(crate) const IMAGE: &[Assertion] = assertions! {
    I1 "the image stands well at last": |frames| {
        ["completed", "generating", "partial_image"].map(Some).contains(&last_status(frames, ToolType::ImageGeneration))
    };
    I2 "a final ends the stream": |frames| end(frames).is_some();
    I3 "the end has attachments": |frames| end(frames).is_some_and(|end| !end.attachments.is_empty());
    I4 "a preview comes in pieces": |frames| frames.iter().any(|frame| {
        matches!(&frame.body, Body::ChunkDelta(piece) if piece.target.field == "partial_image_b64")
    });
    I5 "a preview is complete": |frames| frames.iter().any(|frame| {
        matches!(&frame.body, Body::ChunkDone(done) if done.target.field == "partial_image_b64")
    });
};

pub(crate) const FUNCTION: &[Assertion] = assertions! {
    FN1 "the call has a status": |frames| !statuses(frames, ToolType::Function).is_empty();
    FN2 "the call runs": |frames| statuses(frames, ToolType::Function).contains(&"in_progress");
    FN3 "the call completes": |frames| statuses(frames, ToolType::Function).contains(&"completed");
    FN4 "arguments are streamed": |frames| has(frames, "tool.arguments.delta");
    FN5 "arguments are complete": |frames| has(frames, "tool.arguments.done");
    FN6 "the last arguments have a text": |frames| last_arguments(frames).is_some_and(|text| !text.is_empty());
    FN7 "the call returns": |frames| has(frames, "tool.output");
    FN8 "there is a text": |frames| !text(frames).is_empty();
};

pub(crate) const AGENT: &[Assertion] = assertions! {
    A1 "the agent has a status": |frames| !statuses(frames, ToolType::Agent).is_empty();
    A2 "the agent runs": |frames| statuses(frames, ToolType::Agent).contains(&"in_progress");
    A3 "the agent completes": |frames| statuses(frames, ToolType::Agent).contains(&"completed");
    A4 "frames are nested": |frames| !scopes(frames).is_empty();
    A5 "they are nested in the call of an agent":
        |frames| scoped(frames).iter().all(|frame| frame.to_text().contains(r#""scope":{"type":"agent_tool""#));
    A6 "they name the call": |frames| scopes(frames).iter().all(|scope| !scope.tool_call_id.is_empty());
    A7 "they name one call":
        |frames| scopes(frames).iter().map(|scope| &scope.tool_call_id).collect::<BTreeSet<_>>().len() == 1;
};

pub(crate) const REFUSAL: &[Assertion] = assertions! {
    R1 "the refusal is told": |frames| has(frames, "refusal.delta") || has(frames, "refusal.done");
    R2 "a final ends the stream": |frames| end(frames).is_some();
    R3 "it says that it was refused": |frames| end(frames).is_some_and(|end| end.status == FinalStatus::Refused);
    R4 "it says why": |frames| end(frames).is_some_and(|end| end.refusal_text.as_ref().is_some_and(|why| !why.is_empty()));
};

pub(crate) const PROVIDER_ERROR: &[Assertion] = assertions! {
    E1 "an error ends the stream": |frames| error(frames).is_some();
    E2 "it is the provider's": |frames| error(frames).is_some_and(|error| error.source == ErrorSource::Provider);
};

pub(crate) const REASONING: &[Assertion] = assertions! {
    S1 "a part begins": |frames| has(frames, "reasoning_summary.part.added");
    S2 "a part is complete": |frames| has(frames, "reasoning_summary.part.done");
    S3 "parts are streamed": |frames| frames.iter().any(|frame| {
        matches!(&frame.body, Body::ReasoningDelta(body) if !body.delta.is_empty())
    });
    S4 "every part that begins is completed later": |frames| parts_begun(frames).iter().all(|(at, part)| {
        parts_done(frames).iter().any(|(done_at, done, _)| done == part && done_at > at)
    });
    S5 "a complete part is what was streamed of it": |frames| parts_done(frames).iter().all(|(_, part, text)| {
        let streamed = streamed_of(frames, part);
        streamed.is_empty() || streamed.trim() == text.trim()
    });
    S6 "the end has the whole": |frames| {
        end(frames).is_some_and(|end| end.reasoning_summary_text.as_ref().is_some_and(|text| !text.is_empty()))
    };
};

pub(crate) const MEMORY: &[Assertion] = assertions! {
    M1 "there is a checkpoint": |frames| has(frames, "memory.checkpoint");
    M2 "memory was compacted": |frames| frames.iter().any(|frame| {
        matches!(&frame.body, Body::MemoryCheckpoint(checkpoint) if checkpoint.strategy == MemoryStrategy::Compact)
    });
    M3 "a final ends the stream": |frames| end(frames).is_some();
};

pub(crate) const MCP: &[Assertion] = assertions! {
    P1 "the call waits for an answer": |frames| statuses(frames, ToolType::Mcp).contains(&"awaiting_approval");
    P2 "the call completes": |frames| statuses(frames, ToolType::Mcp).contains(&"completed");
    P3 "the answer is told": |frames| has(frames, "tool.approval");
    P4 "arguments are complete": |frames| has(frames, "tool.arguments.done");
    P5 "the call returns": |frames| has(frames, "tool.output");
    P6 "there is a text": |frames| !text(frames).is_empty();
};

pub(crate) const HANDOFF: &[Assertion] = assertions! {
    H1 "another agent takes over": |frames| has(frames, "agent.updated");
    H2 "the triage hands over": |frames| handovers(frames).iter().any(|update| update.from_agent.as_deref() == Some("triage"));
    H3 "the structured agent takes over": |frames| handovers(frames).iter().any(|update| update.to_agent == "structured");
    H4 "the end has an answer": |frames| {
        end(frames).is_some_and(|end| end.response_text.is_some() || end.structured_output.is_some())
    };
};

pub(crate) const WORKFLOW: &[Assertion] = assertions! {
    X1 "every frame has its place": |frames| frames.iter().all(|frame| frame.envelope.workflow.is_some());
    X2 "the workflow is one": |frames| frames.iter().all(|frame| {
        let workflow = frame.envelope.workflow.as_ref();
        workflow.is_some_and(|workflow| workflow.workflow_key.as_deref() == Some("analysis_code"))
    });
    X3 "both steps are seen": |frames| ["analysis", "code"].iter().all(|step| {
        let mut places = frames.iter().filter_map(|frame| frame.envelope.workflow.as_ref());
        places.any(|workflow| workflow.step_name.as_deref() == Some(step))
    });
    X4 "there is a text": |frames| !text(frames).is_empty();
};
