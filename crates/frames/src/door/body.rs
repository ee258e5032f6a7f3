//! Which fields of which kind the door looks at.

use super::clerk::Clerk;
use super::{ARGUMENT_CHARS, CHUNK_CHARS, FILE_RESULTS, OUTPUT_CHARS, REASON_CHARS, RESULT_CHARS, SOURCES};
use crate::body::{
    Attachment, Body, ChunkDelta, Citation, Encoding, FileResult, FileSearch, Final, Tool, ToolArgumentsDone,
};

/// A text or value that may have any length: only a frame as a whole has a limit.
const ANY: usize = usize::MAX;

impl Clerk<'_> {
    pub(super) fn body(&mut self, body: &mut Body) {
        match body {
            Body::Lifecycle(body) => self.maybe("reason", &mut body.reason, ANY),
            Body::MemoryCheckpoint(checkpoint) => self.at("checkpoint", |clerk| {
                clerk.maybe("trigger_reason", &mut checkpoint.trigger_reason, ANY);
            }),
            Body::MessageDelta(body) => self.here("delta", &mut body.delta, ANY),
            Body::MessageCitation(body) => self.at("citation", |clerk| clerk.citation(&mut body.citation)),
            Body::ReasoningPartAdded(body) => self.maybe("text", &mut body.text, ANY),
            Body::ReasoningDelta(body) => self.here("delta", &mut body.delta, ANY),
            Body::ReasoningPartDone(body) => self.here("text", &mut body.text, ANY),
            Body::RefusalDelta(body) => self.here("delta", &mut body.delta, ANY),
            Body::RefusalDone(body) => self.here("refusal_text", &mut body.refusal_text, ANY),
            Body::Error(error) => self.at("error", |clerk| clerk.here("message", &mut error.message, ANY)),
            Body::Final(end) => self.at("final", |clerk| clerk.end(end)),
            Body::OutputItemAdded(_)
            | Body::OutputItemDone(_)
            | Body::AgentUpdated(_)
            | Body::ChunkDone(_) => {}
            other => self.tool_body(other),
        }
    }

    fn tool_body(&mut self, body: &mut Body) {
        match body {
            Body::ToolStatus(body) => self.at("tool", |clerk| clerk.tool(&mut body.tool)),
            Body::ToolArgumentsDelta(body) => self.here("delta", &mut body.delta, ANY),
            Body::ToolArgumentsDone(ToolArgumentsDone { arguments_text, arguments_json, .. }) => {
                self.at("arguments_text", |clerk| clerk.arguments_text(arguments_text));
                self.arguments_json(arguments_json);
            }
            Body::ToolCodeDelta(body) => self.here("delta", &mut body.delta, ANY),
            Body::ToolCodeDone(body) => self.here("code", &mut body.code, ANY),
            Body::ToolOutput(body) => self.at("output", |clerk| clerk.value(&mut body.output, OUTPUT_CHARS)),
            Body::ToolApproval(body) => self.maybe("reason", &mut body.reason, REASON_CHARS),
            Body::ChunkDelta(body) => self.chunk(body),
            other => self.run_body(other),
        }
    }

    fn run_body(&mut self, body: &mut Body) {
        match body {
            Body::RunOpened(body) => self.maybe("title", &mut body.title, ANY),
            Body::PhaseStarted(body) => self.maybe("title", &mut body.title, ANY),
            Body::StepCompleted(body) => {
                self.here("detail", &mut body.detail, ANY);
                self.at("data", |clerk| clerk.object(&mut body.data, ANY));
            }
            Body::Progress(body) => self.maybe("message", &mut body.message, ANY),
            Body::ApprovalRequested(body) => {
                self.here("title", &mut body.title, ANY);
                self.maybe("detail", &mut body.detail, ANY);
            }
            Body::ApprovalDecided(body) => self.maybe("reason", &mut body.reason, REASON_CHARS),
            Body::Notice(body) => {
                self.here("message", &mut body.message, ANY);
                if let Some(data) = &mut body.data {
                    self.at("data", |clerk| clerk.object(data, ANY));
                }
            }
            // Names, numbers and digests.
            _ => {}
        }
    }

    fn here(&mut self, key: &str, text: &mut String, max_chars: usize) {
        self.at(key, |clerk| clerk.text(text, max_chars));
    }

    fn maybe(&mut self, key: &str, text: &mut Option<String>, max_chars: usize) {
        if let Some(text) = text {
            self.here(key, text, max_chars);
        }
    }

    fn citation(&mut self, citation: &mut Citation) {
        match citation {
            Citation::Url(page) => {
                self.maybe("title", &mut page.title, ANY);
                self.here("url", &mut page.url, ANY);
            }
            Citation::ContainerFile(file) => {
                self.maybe("filename", &mut file.filename, ANY);
                self.maybe("url", &mut file.url, ANY);
            }
            Citation::File(file) => self.maybe("filename", &mut file.filename, ANY),
        }
    }

    fn tool(&mut self, tool: &mut Tool) {
        match tool {
            Tool::WebSearch(search) => {
                self.maybe("query", &mut search.query, ANY);
                self.texts("sources", search.sources.as_mut(), SOURCES);
            }
            Tool::FileSearch(search) => self.file_search(search),
            Tool::ImageGeneration(image) => self.maybe("revised_prompt", &mut image.revised_prompt, ANY),
            Tool::Function(call) => {
                self.call(&mut call.arguments_text, &mut call.arguments_json, &mut call.output);
            }
            Tool::Mcp(call) => {
                self.call(&mut call.arguments_text, &mut call.arguments_json, &mut call.output);
            }
            Tool::CodeInterpreter(_) | Tool::Agent(_) => {}
        }
    }

    fn file_search(&mut self, search: &mut FileSearch) {
        self.texts("queries", search.queries.as_mut(), ANY);
        let Some(results) = &mut search.results else { return };
        self.at("results", |clerk| {
            clerk.list(results, FILE_RESULTS);
            for (index, result) in results.iter_mut().enumerate() {
                clerk.nth(index, |clerk| clerk.result(result));
            }
        });
    }

    fn result(&mut self, result: &mut FileResult) {
        self.maybe("filename", &mut result.filename, ANY);
        self.maybe("text", &mut result.text, RESULT_CHARS);
        if let Some(attributes) = &mut result.attributes {
            self.at("attributes", |clerk| clerk.object(attributes, OUTPUT_CHARS));
        }
    }

    fn call(
        &mut self,
        text: &mut Option<String>,
        json: &mut Option<serde_json::Map<String, serde_json::Value>>,
        output: &mut Option<serde_json::Value>,
    ) {
        if let Some(text) = text {
            self.at("arguments_text", |clerk| clerk.arguments_text(text));
        }
        self.arguments_json(json);
        if let Some(output) = output {
            self.at("output", |clerk| clerk.value(output, OUTPUT_CHARS));
        }
    }

    fn arguments_json(&mut self, json: &mut Option<serde_json::Map<String, serde_json::Value>>) {
        if let Some(json) = json {
            self.at("arguments_json", |clerk| clerk.object(json, ARGUMENT_CHARS));
        }
    }

    fn texts(&mut self, key: &str, texts: Option<&mut Vec<String>>, max: usize) {
        let Some(texts) = texts else { return };
        self.at(key, |clerk| {
            clerk.list(texts, max);
            for (index, text) in texts.iter_mut().enumerate() {
                clerk.nth(index, |clerk| clerk.scan(text));
            }
        });
    }

    /// Base64 is not looked into: a letter more or less would spoil the whole.
    fn chunk(&mut self, chunk: &mut ChunkDelta) {
        self.at("data", |clerk| {
            if chunk.encoding != Some(Encoding::Base64) {
                clerk.scan(&mut chunk.data);
            }
            clerk.cut(&mut chunk.data, CHUNK_CHARS);
        });
    }

    fn end(&mut self, end: &mut Final) {
        self.maybe("response_text", &mut end.response_text, ANY);
        if let Some(structured) = &mut end.structured_output {
            self.at("structured_output", |clerk| clerk.value(structured, ANY));
        }
        self.maybe("reasoning_summary_text", &mut end.reasoning_summary_text, ANY);
        self.maybe("refusal_text", &mut end.refusal_text, ANY);
        self.at("attachments", |clerk| {
            for (index, Attachment { filename, url, .. }) in end.attachments.iter_mut().enumerate() {
                clerk.nth(index, |clerk| {
                    clerk.here("filename", filename, ANY);
                    clerk.maybe("url", url, ANY);
                });
            }
        });
    }
}
