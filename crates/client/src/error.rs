//! What a call can end in besides its answer.

use http::StatusCode;
use wire::problem::Problem;

use crate::{TransportError, problem};

/// A call failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The API was not reached, or not to the end.
    #[error(transparent)]
    Transport(#[from] TransportError),
    /// The API refused.
    #[error("{}", problem::sentence(.0))]
    Problem(Box<Problem>),
    /// The API answered something else than its contract says.
    #[error("the answer of {path} is not what the contract says")]
    Unreadable {
        /// What was called.
        path: String,
        /// Where the answer differs.
        #[source]
        source: serde_json::Error,
    },
    /// The server sent something that is no frame stream.
    #[error("the frame stream is broken: {what}")]
    BrokenStream {
        /// What is wrong with it.
        what: &'static str,
    },
    /// Frames are missing between two that arrived.
    #[error("frame {expected} is missing: the stream went on with {found}")]
    Gap {
        /// The next frame in order.
        expected: u64,
        /// What came.
        found: u64,
    },
}

impl Error {
    /// The problem, if the API refused.
    pub fn problem(&self) -> Option<&Problem> {
        match self {
            Self::Problem(problem) => Some(problem),
            _ => None,
        }
    }

    /// The HTTP status, if the API refused.
    pub fn status(&self) -> Option<StatusCode> {
        self.problem().and_then(|problem| StatusCode::from_u16(problem.status).ok())
    }

    /// Whether the same call may succeed a little later.
    pub(crate) fn is_passing(&self) -> bool {
        match self {
            Self::Transport(error) => !matches!(error, TransportError::Unbound),
            Self::Problem(problem) => matches!(problem.status, 429 | 502 | 503 | 504),
            _ => false,
        }
    }
}
