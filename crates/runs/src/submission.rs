//! What a domain is asked to start.

use kernel::RunId;

/// A request with what its caller is and says beside it.
#[derive(Debug, Clone)]
pub struct Submission<R> {
    /// What to do.
    pub request: R,
    /// The run that starts this one.
    pub parent: Option<RunId>,
    /// A second submit of the same request under this key returns the first run.
    pub idempotency_key: Option<String>,
}

impl<R> Submission<R> {
    /// A request and nothing else.
    pub const fn new(request: R) -> Self {
        Self { request, parent: None, idempotency_key: None }
    }
}
