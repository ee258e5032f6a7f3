//! The frames of a run, in pages; as a stream they are followed.

use bytes::Bytes;
use kernel::RunId;
use wire::ledger::{
    Diff, DiffQuery, EventsQuery, LintReport, Page, State, StateQuery, StreamQuery, media_type,
};

use crate::operation::{Call, calls};
use crate::transport::Body;
use crate::{Client, Error, Operation};

calls! {
    /// A page of a run's frames, with the bytes that are stored.
    frame_page(run: RunId) = GET "/runs/{run_id}/replay/events" ? EventsQuery => Page;

    /// What a run showed after its first frames.
    run_state(run: RunId) = GET "/runs/{run_id}/replay/state" ? StateQuery => State;

    /// Where two runs part.
    run_diff(left: RunId, right: RunId) = GET "/runs/{run_id}/diff/{other_run_id}" ? DiffQuery => Diff;
}

pub(super) const STREAM: Operation = Operation { method: "GET", path: "/runs/{run_id}/replay/stream" };
pub(super) const LINT: Operation = Operation { method: "POST", path: "/frames/lint" };

impl Client {
    /// Everything that is wrong with a text of frames.
    pub async fn lint_frames(&self, text: Bytes) -> Result<LintReport, Error> {
        self.call(Call::new(LINT).sending(media_type::NDJSON, text)).await
    }

    /// Opens the event stream of a run; `None` says that nothing will come.
    pub(crate) async fn frame_stream(&self, run: RunId, query: &StreamQuery) -> Result<Option<Body>, Error> {
        self.open(Call::new(STREAM).at(&run).asking(query)).await
    }
}
