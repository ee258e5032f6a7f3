//! The pieces of work a comparison is made of: one candidate on all folds of one series, or of all series together for a
//! model that learns from them all.

use evaluation::{Backtest, BacktestError, SplitConfig, backtest, backtest_panel};
use forecast::PanelSeries;
use kernel::Fault;
use runs::{Objects, ShardKind};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use series::Series;

use super::spec::{Asked, model_for};
use crate::bounds::plain;
use crate::feature_set::FeatureSetChoice;

/// One candidate on one series.
#[derive(Debug)]
pub struct BacktestShard;

/// Everything a backtest depends on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BacktestInput {
    /// The series.
    pub series: Series,
    /// The model type.
    pub model_type: String,
    /// Its parameters as given.
    pub params: Map<String, Value>,
    /// The season for a model that has one and is given none.
    pub season_length: Option<usize>,
    /// The feature set of feature-aware models that choose none.
    #[serde(default, skip_serializing_if = "FeatureSetChoice::is_usual")]
    pub feature_frame: FeatureSetChoice,
    /// The folds.
    pub split: SplitConfig,
}

/// What became of it. A failure is a result: the same input fails the same way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum BacktestOutput {
    /// Forecasts and metrics of every fold.
    Done {
        /// The result.
        backtest: Box<Backtest>,
    },
    /// The model cannot be backtested on this series.
    Failed {
        /// A stable code.
        code: String,
        /// One sentence.
        message: String,
    },
}

impl ShardKind for BacktestShard {
    const NAME: &'static str = "backtest";
    /// 2: with what intervals are worth.
    const VERSION: u32 = 2;
    type Input = BacktestInput;
    type Output = BacktestOutput;

    fn compute(input: &BacktestInput, _: &Objects, keep_going: &dyn Fn() -> bool) -> Option<BacktestOutput> {
        let asked = Asked {
            model_type: &input.model_type,
            params: &input.params,
            season_length: input.season_length,
            feature_frame: &input.feature_frame,
        };
        let spec = match model_for(&asked, &input.series) {
            Ok(spec) => spec,
            Err(error) => return Some(BacktestOutput::failed(&error)),
        };
        match backtest(&input.series, &spec, &input.split, &|| !keep_going()) {
            Ok(backtest) => Some(BacktestOutput::Done { backtest: Box::new(backtest) }),
            Err(BacktestError::Cancelled { .. }) => None,
            Err(error) => Some(BacktestOutput::failed(&error)),
        }
    }
}

/// One candidate on all series together.
#[derive(Debug)]
pub struct PanelShard;

/// Everything a backtest of a panel depends on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PanelInput {
    /// The series.
    pub series: Vec<Series>,
    /// The model type.
    pub model_type: String,
    /// Its parameters as given.
    pub params: Map<String, Value>,
    /// The season for a model that has one and is given none.
    pub season_length: Option<usize>,
    /// The folds.
    pub split: SplitConfig,
}

impl ShardKind for PanelShard {
    const NAME: &'static str = "panel_backtest";
    const VERSION: u32 = 1;
    type Input = PanelInput;
    /// One per series.
    type Output = Vec<BacktestOutput>;

    fn compute(
        input: &PanelInput,
        _: &Objects,
        keep_going: &dyn Fn() -> bool,
    ) -> Option<Vec<BacktestOutput>> {
        let asked = Asked {
            model_type: &input.model_type,
            params: &input.params,
            season_length: input.season_length,
            feature_frame: &FeatureSetChoice::default(),
        };
        let spec = match input.series.first().map(|first| model_for(&asked, first))? {
            Ok(spec) => spec,
            Err(error) => return Some(vec![BacktestOutput::failed(&error); input.series.len()]),
        };
        let panel: Vec<PanelSeries<'_>> =
            input.series.iter().map(|series| PanelSeries { series, groups: &[], plan: None }).collect();
        let output = |result: Result<Backtest, BacktestError>| match result {
            Ok(backtest) => BacktestOutput::Done { backtest: Box::new(backtest) },
            Err(error) => BacktestOutput::failed(&error),
        };
        match backtest_panel(&panel, &spec, &input.split, &|| !keep_going()) {
            Ok(results) => Some(results.into_iter().map(output).collect()),
            Err(_) => None,
        }
    }
}

impl BacktestOutput {
    fn failed(fault: &impl Fault) -> Self {
        Self::Failed { code: fault.code().to_owned(), message: plain(&kernel::error_chain(fault)) }
    }
}
