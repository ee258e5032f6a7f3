//! The piece of work a comparison is made of: one candidate on all folds of one series.

use forecast::{Backtest, BacktestError, Series, SplitConfig, backtest};
use kernel::Fault;
use runs::ShardKind;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::spec::{Asked, model_for};
use crate::frame::FrameChoice;

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
    /// The feature frame of feature-aware models that choose none.
    #[serde(default, skip_serializing_if = "FrameChoice::is_usual")]
    pub feature_frame: FrameChoice,
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

    fn compute(input: &BacktestInput, keep_going: &dyn Fn() -> bool) -> Option<BacktestOutput> {
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

impl BacktestOutput {
    fn failed(fault: &impl Fault) -> Self {
        Self::Failed { code: fault.code().to_owned(), message: sentence(fault) }
    }
}

/// The error with its causes: a candidate's row has no place for a chain.
pub(crate) fn sentence(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(source) = cause {
        text.push_str(": ");
        text.push_str(&source.to_string());
        cause = source.source();
    }
    text
}
