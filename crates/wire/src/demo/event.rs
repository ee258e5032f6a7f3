//! The showcase's own wire, and what a showcase came to.

use chrono::{DateTime, Utc};
use kernel::RunId;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::Backtest;

/// One message of the showcase's stream.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = demo::StepEvent)]
pub struct StepEvent {
    /// What happened.
    pub event_type: EventType,
    /// The step; `summary` at the end, `pipeline` on an error.
    pub step_name: String,
    /// 1-based; the total at the end, 0 on an error.
    pub step_index: u32,
    /// How many steps there are; 0 on an error.
    pub total_steps: u32,
    /// How it stands; `null` when a step begins.
    pub status: Option<EventStatus>,
    /// One line for people.
    pub detail: String,
    /// How long it took.
    pub duration_ms: f64,
    /// What the step has to say to programs: a shape for each, such as `demo.Seeded`; at the end a `demo.Summary`.
    #[schema(value_type = Object)]
    pub data: Map<String, Value>,
    /// When.
    #[serde(with = "crate::time")]
    pub timestamp: DateTime<Utc>,
    /// The phase; `null` at the end.
    pub phase_name: Option<String>,
    /// 1-based.
    pub phase_index: Option<u32>,
    /// How many phases there are.
    pub phase_total: Option<u32>,
}

kernel::words! {
    /// What happened.
    #[derive(ToSchema)]
    #[schema(as = demo::EventType)]
    pub enum EventType {
        /// A step began.
        StepStart = "step_start",
        /// A step ended, or (status running) said something on the way.
        StepComplete = "step_complete",
        /// The pipeline ended.
        PipelineComplete = "pipeline_complete",
        /// The pipeline could not start.
        Error = "error",
    }
}

kernel::words! {
    /// How a step or the pipeline stands.
    #[derive(ToSchema)]
    #[schema(as = demo::EventStatus)]
    pub enum EventStatus {
        /// Not done yet.
        Running = "running",
        /// Green.
        Pass = "pass",
        /// Red.
        Fail = "fail",
        /// Left out, for a stated reason.
        Skip = "skip",
        /// Green with a remark.
        Warn = "warn",
    }
}

/// What the last event of a showcase says to programs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = demo::Summary)]
pub struct Summary {
    /// The champion.
    pub winner_model_type: Option<String>,
    /// The value of the chosen metric (WAPE in percent unless another was chosen).
    pub winner_wape: Option<f64>,
    /// The run that trained the champion.
    #[schema(value_type = Option<uuid::Uuid>)]
    pub winning_run_id: Option<RunId>,
    /// The alias it is registered under.
    pub alias: Option<String>,
    /// How long all of it took.
    pub wall_clock_s: f64,
    /// What was chosen; `null` if nothing was.
    pub run_config: Option<RunConfig>,
    /// The recorded run.
    #[schema(value_type = Option<uuid::Uuid>)]
    pub showcase_run_id: Option<RunId>,
}

/// How the models of a showcase were chosen and compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = demo::RunConfig)]
pub struct RunConfig {
    /// The models.
    pub train_model_types: Vec<String>,
    /// How they are compared.
    pub backtest: Backtest,
}

/// What a showcase came to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = demo::Result)]
pub struct DemoResult {
    /// A failed pipeline is an answer, not an error.
    pub overall_status: Verdict,
    /// Every `step_complete` event, in order.
    pub steps: Vec<StepEvent>,
    /// The champion.
    pub winner_model_type: Option<String>,
    /// The value of the chosen metric (WAPE in percent unless another was chosen).
    pub winner_wape: Option<f64>,
    /// The run that trained the champion.
    #[schema(value_type = Option<uuid::Uuid>)]
    pub winning_run_id: Option<RunId>,
    /// The alias it is registered under.
    pub alias: Option<String>,
    /// How long all of it took.
    pub wall_clock_s: f64,
    /// The recorded run.
    #[schema(value_type = uuid::Uuid)]
    pub run_id: RunId,
}

kernel::words! {
    /// Whether a showcase went well.
    #[derive(ToSchema)]
    #[schema(as = demo::Verdict)]
    pub enum Verdict {
        /// Green.
        Pass = "pass",
        /// Red.
        Fail = "fail",
    }
}
