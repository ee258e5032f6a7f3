//! The showcase.

use wire::demo::{DemoResult, PresetCard, StartRequest};
use wire::runs::Accepted;

use crate::operation::calls;

calls! {
    /// The presets of the showcase, the quickest first.
    presets() = GET "/demo/scenarios" => Vec<PresetCard>;

    /// Submits a showcase; it runs on its own.
    start_showcase() = POST "/demo/runs", StartRequest => Accepted;

    /// Runs a showcase and answers when it has ended.
    run_showcase() = POST "/demo/run", StartRequest => DemoResult;
}
