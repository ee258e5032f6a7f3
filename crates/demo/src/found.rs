//! What a showcase found: nothing, in a step that has nothing to say, and the whole of it at its end.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use wire::demo::Preset;
use wire::model_selection::RankMetrics;

/// A step that finds nothing worth keeping.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Nothing {}

/// What the whole showcase came to: the artifact `metrics` and the structured output of its end. No clock and no id
/// goes in: the same request on the same data gives the same bytes.
#[derive(Debug, Serialize)]
pub(crate) struct Summary<'a> {
    pub scenario: Preset,
    pub seed: u64,
    pub steps: &'a BTreeMap<String, frames::StepStatus>,
    pub winner_model_type: Option<&'a str>,
    pub winner_value: Option<f64>,
    pub metric: wire::demo::Metric,
    pub per_model: Option<&'a BTreeMap<String, RankMetrics>>,
}
