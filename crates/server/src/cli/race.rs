//! The arguments of the commands that race models: `compare`, `forecast` and `models`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use kernel::RunId;
use wire::model_selection::{Gaps, RankingMetric, StatedFolds};

use super::{Output, SeriesFile};

#[derive(Debug, Subcommand)]
pub(crate) enum Compare {
    /// Backtest models on every series of a file and rank them.
    Run(Box<CompareRun>),
    /// Show the ranking of a comparison that has run.
    Show(CompareShow),
}

#[derive(Debug, Args)]
pub(crate) struct CompareShow {
    /// The run.
    pub(crate) run: RunId,
    #[command(flatten)]
    pub(crate) shown: Shown,
}

/// How much of a ranking is printed, and where else it goes.
#[derive(Debug, Args)]
pub(crate) struct Shown {
    /// Print the whole ranking of every series, and every series that was left out.
    #[arg(long)]
    pub(crate) all: bool,
    /// Write the rankings of all series to a file `.csv`, one row per series and model.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) output: Output,
}

#[derive(Debug, Args)]
pub(crate) struct Models {
    /// The type of one, as `--models` takes it [default: all of them].
    #[arg(value_name = "MODEL")]
    pub(crate) model: Option<String>,
    #[command(flatten)]
    pub(crate) output: Output,
}

/// What of the folds is stated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Args)]
pub(crate) struct Folds {
    /// How many folds.
    #[arg(long, value_name = "N")]
    pub(crate) splits: Option<usize>,
    /// How many rows the first fold trains on, at least.
    #[arg(long, value_name = "N")]
    pub(crate) min_train: Option<usize>,
    /// How many rows lie between the training and the test of a fold.
    #[arg(long, value_name = "N")]
    pub(crate) gap: Option<usize>,
    /// How many rows lie between one fold and the next.
    #[arg(long, value_name = "N")]
    pub(crate) step: Option<usize>,
}

impl Folds {
    /// `None` where nothing is.
    pub(crate) fn stated(self) -> Option<StatedFolds> {
        let Self { splits, min_train, gap, step } = self;
        let stated = StatedFolds { n_splits: splits, min_train_size: min_train, gap, step };
        (stated != StatedFolds::default()).then_some(stated)
    }
}

const GAPS: &str = "zero|missing|refuse";

/// `omit` is no answer here: it leaves no calendar.
fn gaps(text: &str) -> Result<Gaps, String> {
    match text.parse() {
        Ok(gaps @ (Gaps::Zero | Gaps::Missing | Gaps::Refuse)) => Ok(gaps),
        _ => Err(format!("must be one of {GAPS}")),
    }
}

#[derive(Debug, Args)]
pub(crate) struct Forecast {
    #[command(flatten)]
    pub(crate) series: SeriesFile,
    /// Of series with a frequency each (`--frequency each`) those to forecast, as in `monthly` [default: those with the most dates].
    #[arg(long, value_name = "FREQUENCY")]
    pub(crate) grid: Option<wire::datasets::Frequency>,
    /// How many steps ahead to forecast.
    #[arg(long)]
    pub(crate) horizon: usize,
    /// How many steps a season has, 1 for none [default: what the data show].
    #[arg(long)]
    pub(crate) season: Option<usize>,
    /// The models to weigh, `all`, or `fast` for those that take microseconds a fit; one alone is used as it is, and `assay
    /// models` lists them [default: those the data ask for].
    #[arg(long, value_delimiter = ',', value_name = "A,B,C")]
    pub(crate) models: Vec<String>,
    /// Forecast with the models and weights of an earlier forecast: its run, or the file that `--save-champion` wrote.
    #[arg(long, value_name = "RUN|FILE", conflicts_with_all = ["models", "season"])]
    pub(crate) champion: Option<PathBuf>,
    /// Write the models and weights of this forecast to a file, for `--champion`.
    #[arg(long, value_name = "FILE")]
    pub(crate) save_champion: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) folds: Folds,
    /// What a date without a value means: nothing sold, not known, or an error [default: missing].
    #[arg(long, value_name = GAPS, value_parser = gaps)]
    pub(crate) gaps: Option<Gaps>,
    /// Print the forecasts of every series, and every series that was left out.
    #[arg(long)]
    pub(crate) all: bool,
    /// Write the forecasts to a file: `.csv`, `.parquet` or `.xlsx` (with the backtest and its figures as formulas), one row per
    /// series and step; or draw the first ones as `.svg`.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) output: Output,
}

#[derive(Debug, Args)]
pub(crate) struct CompareRun {
    #[command(flatten)]
    pub(crate) series: SeriesFile,
    /// How many steps ahead to forecast.
    #[arg(long)]
    pub(crate) horizon: usize,
    /// How many steps a season has (7 for days of the week, 12 for months of the year).
    #[arg(long)]
    pub(crate) season: Option<usize>,
    /// The models, `all`, or `fast` for those that take microseconds a fit; `assay models` lists them [default: those the
    /// data ask for].
    #[arg(long, value_delimiter = ',', value_name = "A,B,C")]
    pub(crate) models: Vec<String>,
    /// What ranks them: wape, smape, mae, rmse, bias, mase, rmsse, wrmsse, pinball, or `rel_mae`, the MAE relative to Seasonal
    /// Naive [default: wape of one series, and of several `rel_mae`, which has no unit].
    #[arg(long, value_parser = RankingMetric::named)]
    pub(crate) metric: Option<RankingMetric>,
    #[command(flatten)]
    pub(crate) folds: Folds,
    /// What a date without a value means: nothing sold, not known, or an error [default: missing].
    #[arg(long, value_name = GAPS, value_parser = gaps)]
    pub(crate) gaps: Option<Gaps>,
    /// Drop a costly model once it has lost on a sample of the series.
    #[arg(long)]
    pub(crate) race: bool,
    /// The feature set of models that read features: 1 or 2.
    #[arg(long, value_name = "1|2")]
    pub(crate) feature_set: Option<u64>,
    /// The groups of feature set 2 [default: six of eleven].
    #[arg(long, value_delimiter = ',', value_name = "A,B,C", requires = "feature_set")]
    pub(crate) feature_groups: Vec<String>,
    #[command(flatten)]
    pub(crate) shown: Shown,
}
