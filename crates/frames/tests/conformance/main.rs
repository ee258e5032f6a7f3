//! The assertions of the public contract, each a test of its own, over its example streams and over goldens of ours
//! where there is no example. The examples are read where they lie and never copied; without them their tests are
//! reported as ignored, which is why this target has a harness of its own.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod assertions;
mod stream;

use std::fs;
use std::path::{Path, PathBuf};

use frames::*;
use libtest_mimic::{Arguments, Trial};
use serde_json::{Value, json};

use assertions::Assertion;

/// Streams, and what each is asked beside what all are asked.
type Asked = &'static [(&'static str, &'static [Assertion])];

const EXAMPLES: Asked = &[
    ("chat-web-search", assertions::WEB_SEARCH),
    ("chat-code-interpreter", assertions::CODE_INTERPRETER),
    ("chat-file-search", assertions::FILE_SEARCH),
    ("chat-function-tool", assertions::FUNCTION),
    ("chat-refusal", assertions::REFUSAL),
    ("chat-provider-error", assertions::PROVIDER_ERROR),
    ("chat-memory-checkpoint", assertions::MEMORY),
    ("chat-mcp-tool", assertions::MCP),
    ("chat-handoff", assertions::HANDOFF),
];

/// Of these there is no example, so ours stand for them.
const GOLDENS: Asked = &[
    ("images", assertions::IMAGE),
    ("agent", assertions::AGENT),
    ("reasoning", assertions::REASONING),
    ("workflow", assertions::WORKFLOW),
    ("foreign", &[]),
    ("incomplete", &[]),
    ("broken", assertions::PROVIDER_ERROR),
];

macro_rules! claim {
    ($example:literal, $shows:ident) => {
        (stringify!($shows), $example, $shows as fn(&[Frame]))
    };
}

/// A claim, the example it is about, and its test.
type Claim = (&'static str, &'static str, fn(&[Frame]));

const CLAIMS: &[Claim] = &[
    claim!("chat-web-search", a_web_search_ends_completed_with_cited_addresses),
    claim!("chat-code-interpreter", a_code_interpreter_shows_its_code_and_its_file),
    claim!("chat-file-search", a_file_search_shows_results_of_its_store),
    claim!("chat-function-tool", a_function_call_streams_arguments_and_returns),
    claim!("chat-refusal", a_refusal_is_an_end_of_its_own),
    claim!("chat-provider-error", a_provider_error_is_a_stream_of_one_frame),
    claim!("chat-memory-checkpoint", a_memory_checkpoint_is_a_marker_with_a_stable_id),
    claim!("chat-mcp-tool", a_remote_tool_waits_is_approved_runs_and_completes),
    claim!("chat-handoff", a_handover_names_both_agents),
];

fn main() {
    let folder = std::env::var_os("ASSAY_CONFORMANCE_DATA").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/public_sse_v1"),
        PathBuf::from,
    );
    let claims = CLAIMS.iter().map(|(claim, name, shows)| {
        let path = folder.join(format!("{name}.ndjson"));
        trial((*claim).to_owned(), path, shows)
    });
    let goldens = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../openapi/goldens");
    let asked = of(EXAMPLES, &folder).chain(of(GOLDENS, &goldens));
    libtest_mimic::run(&Arguments::from_args(), claims.chain(asked).collect()).exit();
}

/// Every assertion that streams of a folder are asked.
fn of(streams: Asked, folder: &Path) -> impl Iterator<Item = Trial> {
    streams.iter().flat_map(move |(name, asked)| {
        let path = folder.join(format!("{name}.ndjson"));
        assertions::OF_ALL.iter().chain(*asked).map(move |Assertion { name: says, holds }| {
            trial(format!("{name}: {says}"), path.clone(), move |frames| assert!(holds(frames), "{says}"))
        })
    })
}

fn trial(name: String, path: PathBuf, shows: impl FnOnce(&[Frame]) + Send + 'static) -> Trial {
    let is_absent = !path.exists();
    let test = move || {
        shows(&example(&path));
        Ok(())
    };
    Trial::test(name, test).with_ignored_flag(is_absent)
}

/// The frames of an example, validated.
fn example(path: &Path) -> Vec<Frame> {
    let text = fs::read_to_string(path)
        .unwrap_or_else(|error| panic!("{}: {error}; set ASSAY_CONFORMANCE_DATA", path.display()));
    let frames: Vec<Frame> = text.lines().map(|line| Frame::parse(line).unwrap()).collect();
    let mut validator = Validator::new();
    for frame in &frames {
        validator.push(frame).unwrap();
        assert_eq!(&Frame::parse(&frame.to_text()).unwrap(), frame);
    }
    validator.finish().unwrap();
    frames
}

fn transcript(frames: &[Frame]) -> Value {
    let mut transcript = Transcript::default();
    for frame in frames {
        transcript.apply(frame);
    }
    json!(transcript)
}

fn statuses(frames: &[Frame]) -> Vec<&'static str> {
    let tools = frames.iter().filter_map(|frame| match &frame.body {
        Body::ToolStatus(body) => Some(body.tool.status()),
        _ => None,
    });
    tools.collect()
}

fn citations(frames: &[Frame]) -> Vec<&Citation> {
    let cited = frames.iter().filter_map(|frame| match &frame.body {
        Body::MessageCitation(body) => Some(&body.citation),
        _ => None,
    });
    cited.collect()
}

fn end(frames: &[Frame]) -> &Final {
    let Body::Final(end) = &frames.last().unwrap().body else { panic!("the terminal is a final") };
    end
}

fn has(frames: &[Frame], kind: &str) -> bool {
    frames.iter().any(|frame| frame.kind() == kind)
}

/// The text a viewer sees, of all messages.
fn shown(frames: &[Frame]) -> String {
    let transcript = transcript(frames);
    let sections = transcript["sections"].as_array().unwrap().iter().chain([&transcript["header"]]);
    let items = sections.flat_map(|section| section["items"].as_array().unwrap());
    let parts = items.flat_map(|item| item["parts"].as_array().unwrap());
    parts.map(|part| part["text"].as_str().unwrap()).collect()
}

fn section(frames: &[Frame]) -> Value {
    transcript(frames)["sections"][0].clone()
}

fn a_web_search_ends_completed_with_cited_addresses(frames: &[Frame]) {
    assert_eq!(statuses(frames).last(), Some(&"completed"));
    let urls = citations(frames).into_iter().filter_map(|citation| match citation {
        Citation::Url(citation) => Some(citation.url.as_str()),
        _ => None,
    });
    let urls: Vec<&str> = urls.collect();
    assert!(!urls.is_empty() && urls.iter().all(|url| !url.is_empty()));
    assert_eq!(Some(shown(frames)), end(frames).response_text);
    let section = section(frames);
    assert_eq!(section["tools"][0]["details"]["query"], "sea turtle nesting activity");
    assert_eq!(transcript(frames)["header"]["lifecycle"]["status"], "in_progress");
}

fn a_code_interpreter_shows_its_code_and_its_file(frames: &[Frame]) {
    assert_eq!(statuses(frames).last(), Some(&"completed"));
    assert!(shown(frames).contains("squares.csv"));
    let files: Vec<_> = citations(frames);
    assert!(!files.is_empty());
    for citation in files {
        assert!(matches!(citation, Citation::ContainerFile(file) if file.url.is_some()));
    }
    assert!(end(frames).attachments.iter().any(|attachment| attachment.url.is_some()));
    let card = &section(frames)["tools"][0];
    assert!(card["code"].as_str().unwrap().contains("DataFrame"));
    assert_eq!((&card["status"], &card["details"]["container_mode"]), (&json!("completed"), &json!("auto")));
}

fn a_file_search_shows_results_of_its_store(frames: &[Frame]) {
    assert_eq!(statuses(frames).last(), Some(&"completed"));
    let card = &section(frames)["tools"][0];
    assert_eq!(card["details"]["results"][0]["vector_store_id"], "vs_primary");
    assert!(!citations(frames).is_empty());
    assert!(!shown(frames).is_empty());
}

fn a_function_call_streams_arguments_and_returns(frames: &[Frame]) {
    assert_eq!(statuses(frames), ["in_progress", "completed"]);
    for kind in ["tool.arguments.delta", "tool.arguments.done", "tool.output"] {
        assert!(has(frames, kind), "{kind}");
    }
    let card = &section(frames)["tools"][0];
    assert_eq!(card["arguments_json"], json!({ "timezone": "UTC" }));
    assert_eq!((&card["is_arguments_done"], &card["has_output"]), (&json!(true), &json!(true)));
    assert!(!shown(frames).is_empty());
}

fn a_refusal_is_an_end_of_its_own(frames: &[Frame]) {
    assert!(has(frames, "refusal.delta") || has(frames, "refusal.done"));
    assert_eq!(end(frames).status, FinalStatus::Refused);
    let refusal = end(frames).refusal_text.clone().unwrap();
    assert_eq!(section(frames)["items"][0]["parts"][0]["refusal"], json!(refusal));
}

fn a_provider_error_is_a_stream_of_one_frame(frames: &[Frame]) {
    let [Frame { body: Body::Error(error), .. }] = frames else { panic!("one error") };
    assert_eq!(error.source, ErrorSource::Provider);
    assert_eq!(transcript(frames)["terminal"]["error"]["code"], "invalid_request_error");
}

fn a_memory_checkpoint_is_a_marker_with_a_stable_id(frames: &[Frame]) {
    let compacted = |frame: &Frame| matches!(&frame.body, Body::MemoryCheckpoint(checkpoint) if checkpoint.strategy == MemoryStrategy::Compact);
    assert!(frames.iter().any(compacted));
    assert_eq!(end(frames).status, FinalStatus::Completed);
    assert_eq!(section(frames)["checkpoints"][0]["id"], "memory-checkpoint-stream_chat_memory_01-2");
}

fn a_remote_tool_waits_is_approved_runs_and_completes(frames: &[Frame]) {
    assert_eq!(statuses(frames), ["awaiting_approval", "in_progress", "completed"]);
    for kind in ["tool.approval", "tool.arguments.done", "tool.output"] {
        assert!(has(frames, kind), "{kind}");
    }
    let shown_as = |n: usize| section(&frames[..n])["tools"][0]["status"].clone();
    assert_eq!([3, 4, 7, 9].map(shown_as), ["awaiting_approval", "approved", "running", "completed"]);
    assert!(!shown(frames).is_empty());
}

fn a_handover_names_both_agents(frames: &[Frame]) {
    let update = &section(frames)["agent_updates"][0];
    assert_eq!((&update["from_agent"], &update["to_agent"]), (&json!("triage"), &json!("structured")));
    assert_eq!(end(frames).structured_output, Some(json!({ "foo": "bar" })));
    assert_eq!(section(frames)["agent"], "structured");
}
