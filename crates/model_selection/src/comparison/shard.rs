//! The pieces of work a comparison is made of: one candidate on all folds of a block of series, or of all series together
//! for a model that learns from them all.

use std::sync::Arc;

use evaluation::{Backtest, BacktestError, Member, SplitConfig, Terms, backtest_block, backtest_panel};
use forecast::{ModelSpec, PanelSeries, SpecError};
use kernel::{Digest, Fault};
use runs::{Objects, ShardKind};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use wire::model_selection::Scope;

use super::spec::{Asked, model_for};
use crate::bounds::plain;
use crate::feature_set::FeatureSetChoice;
use crate::panel::Panel;

/// One candidate on some series.
#[derive(Debug)]
pub struct BacktestShard;

/// Everything a backtest depends on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BacktestInput {
    /// What is read of the pinned object.
    pub panel: Digest,
    /// Which of them, counted from 0: a block, or all for a model that learns from them all.
    pub series: Vec<usize>,
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
    /// 4: scaled errors by the stated season, and relative ones.
    const VERSION: u32 = 4;
    type Input = BacktestInput;
    /// One per series.
    type Output = Vec<BacktestOutput>;

    fn compute(
        input: &BacktestInput,
        objects: &Objects,
        keep_going: &dyn Fn() -> bool,
    ) -> Option<Vec<BacktestOutput>> {
        let panel: Arc<Panel> = objects.get(&input.panel).expect("the run holds its panel");
        let models: Vec<Result<ModelSpec, SpecError>> =
            input.series.iter().map(|&at| model_for(&input.asked(), panel.series[at].frequency())).collect();
        let is_of_all = models.iter().flatten().next().is_some_and(|spec| spec.scope() == Scope::Panel);
        if is_of_all {
            input.together(&panel, &models, keep_going)
        } else {
            input.blocks(&panel, &models, keep_going)
        }
    }
}

impl BacktestInput {
    const fn terms(&self) -> Terms {
        Terms { split: self.split, season_rows: self.season_length }
    }

    fn asked(&self) -> Asked<'_> {
        Asked {
            model_type: &self.model_type,
            params: &self.params,
            season_length: self.season_length,
            feature_frame: &self.feature_frame,
        }
    }

    /// A model that learns from each series.
    fn blocks(
        &self,
        panel: &Panel,
        models: &[Result<ModelSpec, SpecError>],
        keep_going: &dyn Fn() -> bool,
    ) -> Option<Vec<BacktestOutput>> {
        let usable = self.series.iter().zip(models);
        let members: Vec<Member<'_>> =
            usable.filter_map(|(&at, spec)| Some((&panel.series[at], spec.as_ref().ok()?))).collect();
        let mut judged = backtest_block(&members, self.terms(), &|| !keep_going())?.into_iter();
        let output = |spec: &Result<ModelSpec, SpecError>| match spec {
            Ok(_) => judged.next().expect("there is one backtest per member").into(),
            Err(error) => BacktestOutput::failed(error),
        };
        Some(models.iter().map(output).collect())
    }

    /// A model that learns from all series together, with the parameters it has on the first.
    fn together(
        &self,
        panel: &Panel,
        models: &[Result<ModelSpec, SpecError>],
        keep_going: &dyn Fn() -> bool,
    ) -> Option<Vec<BacktestOutput>> {
        let spec = models.iter().flatten().next()?;
        let series = self.series.iter().map(|&at| &panel.series[at]);
        let members: Vec<PanelSeries<'_>> = series.map(|series| PanelSeries::of(series, 0)).collect();
        let judged = backtest_panel(&members, spec, self.terms(), &|| !keep_going()).ok()?;
        Some(judged.into_iter().map(BacktestOutput::from).collect())
    }
}

impl From<Result<Backtest, BacktestError>> for BacktestOutput {
    fn from(judged: Result<Backtest, BacktestError>) -> Self {
        match judged {
            Ok(backtest) => Self::Done { backtest: Box::new(backtest) },
            Err(error) => Self::failed(&error),
        }
    }
}

impl BacktestOutput {
    fn failed(fault: &impl Fault) -> Self {
        Self::Failed { code: fault.code().to_owned(), message: plain(&kernel::error_chain(fault)) }
    }
}
