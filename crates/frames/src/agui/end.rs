//! How a run of AG-UI ends.

use super::Adapter;
use super::event::{Outcome, TokenUsage};
use super::item::What;
use crate::body::{
    ErrorSource, Final, FinalStatus, Lifecycle, LifecycleStatus, OutputItemDone, StreamError, Usage,
};
use crate::envelope::{Notice, NoticeType};
use serde_json::Value;

/// How a run finished, by the word of its outcome.
fn ending(outcome: Option<&Outcome>) -> (FinalStatus, LifecycleStatus, Option<String>) {
    match outcome.map(|outcome| outcome.outcome_type.as_str()) {
        None | Some("success") => (FinalStatus::Completed, LifecycleStatus::Completed, None),
        Some("cancelled") => (FinalStatus::Cancelled, LifecycleStatus::Cancelled, None),
        Some(other) => (FinalStatus::Incomplete, LifecycleStatus::Incomplete, Some(other.to_owned())),
    }
}

/// What all models took together.
fn sum(usage: &[TokenUsage]) -> Option<Usage> {
    let all = |of: fn(&TokenUsage) -> Option<u64>| usage.iter().filter_map(of).reduce(u64::saturating_add);
    (!usage.is_empty()).then(|| Usage {
        input_tokens: all(|usage| usage.input_tokens),
        output_tokens: all(|usage| usage.output_tokens),
        total_tokens: all(|usage| usage.total_tokens),
        cached_input_tokens: all(|usage| usage.cached_input_tokens),
        reasoning_output_tokens: all(|usage| usage.reasoning_tokens),
        requests: None,
    })
}

impl Adapter {
    pub(super) fn finish(
        &mut self,
        result: Option<Value>,
        outcome: Option<&Outcome>,
        usage: Option<&[TokenUsage]>,
    ) {
        let (status, lifecycle, reason) = ending(outcome);
        self.end_items();
        self.say(Lifecycle { status: lifecycle, reason });
        let (answer, reasoning) = (std::mem::take(&mut self.answer), std::mem::take(&mut self.reasoning));
        let mut notices = answer.notices("final.response_text");
        notices.extend(reasoning.notices("final.reasoning_summary_text"));
        let text = |text: String| (!text.is_empty()).then_some(text);
        let terminal = Final {
            response_text: text(answer.text),
            structured_output: result,
            reasoning_summary_text: text(reasoning.text),
            usage: usage.and_then(sum),
            ..Final::new(status)
        };
        self.say_noting(terminal, notices);
        self.is_ended = true;
    }

    pub(super) fn fail(&mut self, message: String, code: Option<String>, has_usage: bool) {
        self.end_items();
        self.say(Lifecycle { status: LifecycleStatus::Failed, reason: code.clone() });
        let usage = has_usage.then(|| Notice {
            notice_type: NoticeType::Truncated,
            path: "ag_ui.usage".to_owned(),
            message: "an error has no usage; the stream has it".to_owned(),
        });
        let error = StreamError { code, message, source: ErrorSource::Provider, is_retryable: false };
        self.say_noting(error, usage.into_iter().collect());
        self.is_ended = true;
    }

    /// What is still open ends with the run, and says that it did not end by itself.
    fn end_items(&mut self) {
        self.scope = None;
        self.steps.clear();
        for open in std::mem::take(&mut self.items).into_values() {
            let item_type = match open.what {
                What::Unsaid => continue,
                What::Message => "message",
                What::Call(_) => "function_call",
                What::Reasoning(_) => "reasoning",
            };
            self.scope = open.scope;
            let status = Some("incomplete".to_owned());
            self.say(OutputItemDone { item: open.item, item_type: item_type.to_owned(), role: None, status });
        }
        self.scope = None;
    }
}
