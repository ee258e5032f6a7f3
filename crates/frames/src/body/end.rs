//! The two terminal kinds.

use serde_json::Value;

use crate::object::{object, words};

words! {
    /// How a stream ended.
    pub enum FinalStatus {
        /// As it should.
        Completed = "completed",
        /// With an error, in an orderly way.
        Failed = "failed",
        /// Early, for example at a limit.
        Incomplete = "incomplete",
        /// Without an answer, on purpose.
        Refused = "refused",
        /// On request.
        Cancelled = "cancelled",
    }
}

words! {
    /// Whose error it is.
    pub enum ErrorSource {
        /// The provider's.
        Provider = "provider",
        /// Ours.
        Server = "server",
    }
}

object! {
    /// The end of a stream.
    pub struct Final {
        /// How it ended.
        status: FinalStatus,
        /// The answer.
        response_text: Option<String>,
        /// The answer for programs.
        structured_output: Option<Value>,
        /// All of the reasoning summary.
        reasoning_summary_text: Option<String>,
        /// Why there is no answer.
        refusal_text: Option<String>,
        /// Files that belong to the answer.
        attachments: Vec<Attachment>,
        /// What it took.
        usage: Option<Usage>,
    }
}

impl Final {
    /// An end that says nothing more than how.
    pub const fn new(status: FinalStatus) -> Self {
        Self {
            status,
            response_text: None,
            structured_output: None,
            reasoning_summary_text: None,
            refusal_text: None,
            attachments: Vec::new(),
            usage: None,
        }
    }
}

object! {
    /// A stored file.
    pub struct Attachment {
        /// The truth about where it is; addresses expire.
        object_id: String,
        /// The file's name.
        filename: String,
        /// What it is.
        mime_type: Option<String>,
        /// How large it is.
        size_bytes: Option<u64>,
        /// An address that may have expired.
        url: Option<String>,
        /// The call that made it.
        tool_call_id: Option<String>,
    }
}

object! {
    /// What a stream took.
    #[derive(Default)]
    pub struct Usage {
        /// Tokens read.
        input_tokens: Option<u64>,
        /// Tokens written.
        output_tokens: Option<u64>,
        /// Both.
        total_tokens: Option<u64>,
        /// Of those read, how many were cached.
        cached_input_tokens: Option<u64>,
        /// Of those written, how many were reasoning.
        reasoning_output_tokens: Option<u64>,
        /// How many requests.
        requests: Option<u64>,
    }
}

object! {
    /// The stream broke and no end in order could be written.
    pub struct StreamError {
        /// A stable code.
        code: Option<String>,
        /// One line for people.
        message: String,
        /// Whose error it is.
        source: ErrorSource,
        /// Whether doing the same again may succeed.
        is_retryable: bool,
    }
}
