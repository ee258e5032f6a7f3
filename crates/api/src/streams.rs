//! How many streams may be open at once.

use std::sync::Arc;

use kernel::Class;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::Problem;

/// The open streams of one server.
#[derive(Debug, Clone)]
pub(crate) struct Streams {
    free: Arc<Semaphore>,
    limit: usize,
}

impl Streams {
    pub(crate) fn new(limit: usize) -> Self {
        Self { free: Arc::new(Semaphore::new(limit)), limit }
    }

    /// The right to one more open stream, given back when it is dropped.
    pub(crate) fn permit(&self) -> Result<OwnedSemaphorePermit, Problem> {
        Arc::clone(&self.free).try_acquire_owned().map_err(|_| {
            let detail = format!("{} streams are open; close some and try again", self.limit);
            Problem::new(Class::Busy, "TOO_MANY_STREAMS", detail)
        })
    }
}

#[cfg(test)]
mod tests {
    use axum::response::IntoResponse;

    use super::*;

    #[test]
    fn the_number_of_open_streams_is_bounded_and_a_closed_one_makes_room() {
        let streams = Streams::new(2);
        let open = [streams.permit().unwrap(), streams.clone().permit().unwrap()];
        let refused = streams.permit().unwrap_err().into_response();
        assert_eq!(refused.status(), 429);
        drop(open);
        assert!(streams.permit().is_ok());
    }
}
