//! What the showcase's JSON looks like, for the OpenAPI document. The values themselves are written by `demo`.

use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// A preset as a card.
#[derive(Serialize, ToSchema)]
#[schema(as = demo::Preset)]
pub(crate) struct PresetShape {
    /// Its wire name.
    scenario: String,
    title: String,
    description: String,
    stores: u32,
    products: u32,
    /// Days of history.
    days: u32,
    /// What its pipeline will do.
    plan: Vec<PlanPhaseShape>,
    /// What to expect.
    note: Option<String>,
}

/// A phase of the pipeline.
#[derive(Serialize, ToSchema)]
#[schema(as = demo::PlanPhase)]
pub(crate) struct PlanPhaseShape {
    phase: String,
    steps: Vec<PlanStepShape>,
}

/// A step of the pipeline.
#[derive(Serialize, ToSchema)]
#[schema(as = demo::PlanStep)]
pub(crate) struct PlanStepShape {
    step: String,
    /// What it does, in a sentence.
    what: String,
}

/// A showcase to run; what is left out has its default, other keys are ignored.
#[derive(Serialize, ToSchema)]
#[schema(as = demo::StartRequest)]
pub(crate) struct StartShape {
    #[schema(minimum = 0, format = "uint64", default = 42, required = false)]
    seed: u64,
    /// Delete every world first; needs `skip_seed` = false.
    #[schema(default = false, required = false)]
    reset: bool,
    /// Use the stored data instead of generating it.
    #[schema(default = true, required = false)]
    skip_seed: bool,
    #[schema(default = "demo_minimal", required = false)]
    scenario: String,
    /// The world to use; needs `skip_seed` = true. The only one there is when left out.
    world_id: Option<uuid::Uuid>,
    /// Only `ephemeral`: there are no workspaces yet.
    #[schema(default = "ephemeral", required = false)]
    preservation: String,
    /// Curated knobs of the generator; needs `skip_seed` = false.
    seed_overrides: Option<super::seeder::Overrides>,
    user_scope: Option<ScopeShape>,
    #[schema(min_items = 1, max_items = 10)]
    train_model_types: Option<Vec<String>>,
    backtest: Option<BacktestShape>,
}

/// One store and one product.
#[derive(Serialize, ToSchema)]
#[schema(as = demo::UserScope)]
pub(crate) struct ScopeShape {
    #[schema(minimum = 1)]
    store_id: i64,
    #[schema(minimum = 1)]
    product_id: i64,
}

/// How the models are compared.
#[derive(Serialize, ToSchema)]
#[schema(as = demo::Backtest)]
pub(crate) struct BacktestShape {
    #[schema(minimum = 1, maximum = 90, default = 14, required = false)]
    horizon: u32,
    /// `expanding` or `sliding`.
    #[schema(default = "expanding", required = false)]
    strategy: String,
    #[schema(minimum = 2, maximum = 20, default = 3, required = false)]
    n_splits: u32,
    #[schema(minimum = 7, default = 30, required = false)]
    min_train_size: u32,
    /// Below the horizon.
    #[schema(minimum = 0, maximum = 30, default = 0, required = false)]
    gap: u32,
    /// `wape`, `mae` or `rmse`.
    #[schema(default = "wape", required = false)]
    metric: String,
}

/// One message of the showcase's stream.
#[derive(Serialize, ToSchema)]
#[schema(as = demo::StepEvent)]
pub(crate) struct EventShape {
    /// `step_start`, `step_complete`, `pipeline_complete` or `error`.
    event_type: String,
    step_name: String,
    step_index: u32,
    total_steps: u32,
    /// `running`, `pass`, `fail`, `skip` or `warn`; `null` when a step begins.
    status: Option<String>,
    detail: String,
    duration_ms: f64,
    #[schema(value_type = Object)]
    data: Map<String, Value>,
    timestamp: String,
    phase_name: Option<String>,
    phase_index: Option<u32>,
    phase_total: Option<u32>,
}
