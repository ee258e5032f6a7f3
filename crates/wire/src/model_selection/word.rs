//! The words of comparisons.

use utoipa::ToSchema;

kernel::words! {
    /// The name of a metric.
    #[derive(ToSchema)]
    #[schema(as = model_selection::Metric)]
    pub enum Metric {
        /// Weighted absolute percentage error.
        Wape = "wape",
        /// Symmetric mean absolute percentage error, 0 to 200.
        Smape = "smape",
        /// Mean absolute error.
        Mae = "mae",
        /// Root mean squared error.
        Rmse = "rmse",
        /// Mean of actual minus forecast.
        Bias = "bias",
        /// Mean absolute scaled error.
        Mase = "mase",
        /// Root mean squared scaled error.
        Rmsse = "rmsse",
    }
}

kernel::words! {
    /// What a ranking goes by. The smaller the better; of the bias the size counts.
    #[derive(ToSchema)]
    #[schema(as = model_selection::RankingMetric)]
    pub enum RankingMetric {
        /// MAE over that of Seasonal Naive on the same test points; over several series the geometric mean. No unit, and
        /// every series counts alike.
        RelMae = "rel_mae",
        /// Weighted absolute percentage error; of several series the large ones decide.
        Wape = "wape",
        /// Symmetric mean absolute percentage error, 0 to 200.
        Smape = "smape",
        /// Mean absolute error, in the unit of the series.
        Mae = "mae",
        /// Root mean squared error, in the unit of the series.
        Rmse = "rmse",
        /// Mean of actual minus forecast, in the unit of the series.
        Bias = "bias",
        /// Mean absolute scaled error; every series counts alike.
        Mase = "mase",
        /// Root mean squared scaled error; every series counts alike.
        Rmsse = "rmsse",
        /// Root mean squared scaled error, weighted by volume.
        Wrmsse = "wrmsse",
        /// Scaled pinball loss of the intervals' bounds and of the point; every series counts alike.
        Pinball = "pinball",
    }
}

impl RankingMetric {
    /// The metric of a name in either case, or a sentence that says which there are.
    pub fn named(text: &str) -> Result<Self, String> {
        let name = text.to_lowercase();
        if name == "mape" {
            return Err("mape is not ranked by: it divides by every actual value, and has no value where one is zero; \
                        the nearest is wape, the same errors over the sum of the actual values"
                .to_owned());
        }
        name.parse().map_err(|unknown: kernel::UnknownWord| {
            format!("must be one of {}, not `{text}`", unknown.words.join(", "))
        })
    }

    /// What it is called in a sentence.
    pub const fn label(self) -> &'static str {
        match self {
            Self::RelMae => "relative MAE",
            Self::Wape => "WAPE",
            Self::Smape => "sMAPE",
            Self::Mae => "MAE",
            Self::Rmse => "RMSE",
            Self::Bias => "bias",
            Self::Mase => "MASE",
            Self::Rmsse => "RMSSE",
            Self::Wrmsse => "WRMSSE",
            Self::Pinball => "pinball loss",
        }
    }

    /// What it is called of so many series together, where that is another number than the mean of each one's: a number has one name.
    pub const fn label_over(self, series: usize) -> &'static str {
        match self {
            Self::Wape if series > 1 => "pooled WAPE",
            _ => self.label(),
        }
    }

    /// A number of it with its unit, as it is written everywhere.
    pub fn shown(self, value: f64) -> String {
        let unit = if matches!(self, Self::Wape | Self::Smape) { " %" } else { "" };
        format!("{}{unit}", kernel::measured(value))
    }

    /// Whether each of several series counts alike, or by its volume.
    pub const fn weighs_series(self) -> Weight {
        match self {
            Self::RelMae | Self::Smape | Self::Mase | Self::Rmsse | Self::Pinball => Weight::Alike,
            Self::Wape | Self::Mae | Self::Rmse | Self::Bias | Self::Wrmsse => Weight::Volume,
        }
    }
}

/// How several series become one figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// Each counts once, whatever its unit.
    Alike,
    /// Each counts by the size of its values.
    Volume,
}

kernel::words! {
    /// What to do where the calendar has a date and the input has no value.
    #[derive(Default, ToSchema)]
    #[schema(as = model_selection::Gaps)]
    pub enum Gaps {
        /// Leave the date out: positions are those of the observed rows, and seasons count rows.
        Omit = "omit",
        /// No row means nothing was sold.
        Zero = "zero",
        /// Insert the date with a missing value; models skip it.
        #[default]
        Missing = "missing",
        /// A hole is an error.
        Refuse = "refuse",
    }
}

kernel::words! {
    /// How the training window moves.
    #[derive(Default, ToSchema)]
    #[schema(as = model_selection::Strategy)]
    pub enum Strategy {
        /// Always from the first row: every fold knows all of its past.
        #[default]
        Expanding = "expanding",
        /// The last `min_train_size` rows only.
        Sliding = "sliding",
    }
}

kernel::words! {
    /// What is planned before it is started.
    #[derive(Default, ToSchema)]
    #[schema(as = model_selection::PreviewOf)]
    pub enum PreviewOf {
        /// A comparison: all series have the same folds.
        #[default]
        Comparison = "comparison",
        /// A forecast: each series has the folds of its length.
        Forecast = "forecast",
    }
}

kernel::words! {
    /// Whether candidates may be dropped before they ran on every series.
    #[derive(Default, ToSchema)]
    #[schema(as = model_selection::Racing)]
    pub enum Racing {
        /// Every candidate runs on every series.
        #[default]
        Off = "off",
        /// A costly candidate that has lost on a sample of the series is dropped, with a statement of why.
        Costly = "costly",
    }
}

kernel::words! {
    /// Whether a history is enough for a split.
    #[derive(ToSchema)]
    #[schema(as = model_selection::Sufficiency)]
    pub enum Sufficiency {
        /// Enough for all folds, with few holes.
        Ready = "ready",
        /// Enough for one fold.
        Limited = "limited",
        /// Not enough.
        Unusable = "unusable",
    }
}

kernel::words! {
    /// How sure a first place is.
    #[derive(ToSchema)]
    #[schema(as = model_selection::Confidence)]
    pub enum Confidence {
        /// The winner leads clearly.
        High = "high",
        /// The winner leads.
        Medium = "medium",
        /// The winner may be chance.
        Low = "low",
    }
}

kernel::words! {
    /// How a comparison stands.
    #[derive(ToSchema)]
    #[schema(as = model_selection::Status)]
    pub enum ComparisonStatus {
        /// Waits for a worker.
        Pending = "pending",
        /// Its candidates race.
        Running = "running",
        /// A champion is named and every candidate finished or was dropped by racing, as was asked for.
        Completed = "completed",
        /// A champion is named, though some candidates failed.
        Partial = "partial",
        /// Nobody cancelled it and no champion can be named.
        Failed = "failed",
        /// It was cancelled, as its run was. What had finished is ranked, and the ranking says on how much it rests.
        Cancelled = "cancelled",
    }
}

impl ComparisonStatus {
    /// Whether nothing can change any more.
    pub const fn is_terminal(self) -> bool {
        !matches!(self, Self::Pending | Self::Running)
    }
}

kernel::words! {
    /// How one candidate stands.
    #[derive(ToSchema)]
    #[schema(as = model_selection::CandidateStatus)]
    pub enum CandidateStatus {
        /// Waits for a worker.
        Pending = "pending",
        /// Is being backtested.
        Running = "running",
        /// Was backtested on every series.
        Completed = "completed",
        /// Lost on a sample of the series and was not run on the others.
        Dropped = "dropped",
        /// Cannot be backtested on any series.
        Failed = "failed",
        /// Was stopped before it finished.
        Cancelled = "cancelled",
    }
}

impl CandidateStatus {
    /// Whether nothing can change any more.
    pub const fn is_terminal(self) -> bool {
        !matches!(self, Self::Pending | Self::Running)
    }
}

kernel::words! {
    /// A statistic of a window.
    #[derive(ToSchema)]
    #[schema(as = featureset::RollingStat)]
    pub enum RollingStat {
        /// Arithmetic mean.
        Mean = "mean",
        /// Sample standard deviation (n − 1).
        Std = "std",
        /// Smallest.
        Min = "min",
        /// Largest.
        Max = "max",
        /// Sum.
        Sum = "sum",
    }
}
