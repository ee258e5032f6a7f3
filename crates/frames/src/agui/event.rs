//! The events of AG-UI, as far as they become frames. What else an event carries is passed over: the protocol allows it.

use serde::Deserialize;
use serde_json::Value;

use super::EventError;

/// What every event may say.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Head {
    #[serde(rename = "type")]
    pub event_type: String,
    /// In milliseconds since 1970.
    pub timestamp: Option<i64>,
    /// The agent within the run that says it; none is the run's own.
    pub subagent_run_id: Option<String>,
}

/// An event by its type.
#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase")]
pub(super) enum Event {
    RunStarted { thread_id: String, run_id: String, input: Option<Value> },
    RunFinished { result: Option<Value>, outcome: Option<Outcome>, usage: Option<Vec<TokenUsage>> },
    RunError { message: String, code: Option<String>, usage: Option<Vec<TokenUsage>> },
    StepStarted { step_name: String },
    StepFinished { step_name: String },
    TextMessageStart { message_id: String, role: Option<String> },
    TextMessageContent { message_id: String, delta: String },
    TextMessageEnd { message_id: String },
    TextMessageChunk { message_id: Option<String>, role: Option<String>, delta: Option<String> },
    ToolCallStart { tool_call_id: String, tool_call_name: String },
    ToolCallArgs { tool_call_id: String, delta: String },
    ToolCallEnd { tool_call_id: String },
    ToolCallChunk { tool_call_id: Option<String>, tool_call_name: Option<String>, delta: Option<String> },
    ToolCallResult { tool_call_id: String, content: Value },
    ReasoningStart { message_id: String },
    ReasoningMessageStart { message_id: String },
    ReasoningMessageContent { delta: String },
    ReasoningMessageEnd {},
    ReasoningMessageChunk { message_id: Option<String>, delta: Option<String> },
    ReasoningEnd {},
    // The names that reasoning had before version 1.0 of the protocol.
    ThinkingStart {},
    ThinkingTextMessageStart {},
    ThinkingTextMessageContent { delta: String },
    ThinkingTextMessageEnd {},
    ThinkingEnd {},
    SubagentStarted { subagent_run_id: String, name: String, parent_tool_call_id: Option<String> },
    SubagentFinished {},
    SubagentError { message: String },
    // Those without a frame.
    StateSnapshot {},
    StateDelta {},
    MessagesSnapshot {},
    ActivitySnapshot {},
    ActivityDelta {},
    ReasoningEncryptedValue {},
    Raw {},
    Custom {},
}

/// Every type, so that an unknown one is told from one that cannot be read.
const TYPES: &[&str] = &[
    "RUN_STARTED",
    "RUN_FINISHED",
    "RUN_ERROR",
    "STEP_STARTED",
    "STEP_FINISHED",
    "TEXT_MESSAGE_START",
    "TEXT_MESSAGE_CONTENT",
    "TEXT_MESSAGE_END",
    "TEXT_MESSAGE_CHUNK",
    "TOOL_CALL_START",
    "TOOL_CALL_ARGS",
    "TOOL_CALL_END",
    "TOOL_CALL_CHUNK",
    "TOOL_CALL_RESULT",
    "REASONING_START",
    "REASONING_MESSAGE_START",
    "REASONING_MESSAGE_CONTENT",
    "REASONING_MESSAGE_END",
    "REASONING_MESSAGE_CHUNK",
    "REASONING_END",
    "THINKING_START",
    "THINKING_TEXT_MESSAGE_START",
    "THINKING_TEXT_MESSAGE_CONTENT",
    "THINKING_TEXT_MESSAGE_END",
    "THINKING_END",
    "SUBAGENT_STARTED",
    "SUBAGENT_FINISHED",
    "SUBAGENT_ERROR",
    "STATE_SNAPSHOT",
    "STATE_DELTA",
    "MESSAGES_SNAPSHOT",
    "ACTIVITY_SNAPSHOT",
    "ACTIVITY_DELTA",
    "REASONING_ENCRYPTED_VALUE",
    "RAW",
    "CUSTOM",
];

/// Why a run finished.
#[derive(Debug, Deserialize)]
pub(super) struct Outcome {
    #[serde(rename = "type")]
    pub outcome_type: String,
}

/// What one model took.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "the names of the protocol")]
pub(super) struct TokenUsage {
    pub input_tokens: Option<u64>,
    pub output_tokens: Option<u64>,
    pub total_tokens: Option<u64>,
    pub reasoning_tokens: Option<u64>,
    pub cached_input_tokens: Option<u64>,
}

impl Event {
    pub(super) fn read(text: &str) -> Result<(Head, Self), EventError> {
        let wrong = |error: serde_json::Error| EventError::NotAnEvent { message: error.to_string() };
        let value: Value = serde_json::from_str(text).map_err(wrong)?;
        let head = Head::deserialize(&value).map_err(wrong)?;
        if !TYPES.contains(&head.event_type.as_str()) {
            return Err(EventError::UnknownType { found: head.event_type });
        }
        match Self::deserialize(value) {
            Ok(event) => Ok((head, event)),
            Err(error) => {
                Err(EventError::Unreadable { event_type: head.event_type, message: error.to_string() })
            }
        }
    }

    /// Whether it has a frame, or takes part in one. An event that has none stands between others as if it were not there.
    pub(super) const fn has_frame(&self) -> bool {
        !matches!(
            self,
            Self::StateSnapshot {}
                | Self::StateDelta {}
                | Self::MessagesSnapshot {}
                | Self::ActivitySnapshot {}
                | Self::ActivityDelta {}
                | Self::ReasoningEncryptedValue {}
                | Self::Raw {}
                | Self::Custom {}
        )
    }

    /// Whether it is a piece of something that neither begins nor ends by events of its own.
    pub(super) const fn is_chunk(&self) -> bool {
        matches!(
            self,
            Self::TextMessageChunk { .. } | Self::ToolCallChunk { .. } | Self::ReasoningMessageChunk { .. }
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_that_is_known_is_read() {
        for event_type in TYPES {
            // All of the fields that any type needs.
            let text = format!(
                r#"{{"type":"{event_type}","threadId":"t","runId":"r","messageId":"m","toolCallId":"c","toolCallName":"n",
                    "delta":"d","content":"x","stepName":"s","message":"e","subagentRunId":"a","name":"n"}}"#
            );
            assert!(Event::read(&text).is_ok(), "{event_type}: {:?}", Event::read(&text));
        }
    }
}
