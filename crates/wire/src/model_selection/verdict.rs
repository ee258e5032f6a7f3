//! What a ranking comes to: its verdict, its numbers by name, and the same in plain sentences.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Confidence, RankingMetric};

kernel::words! {
    /// What a ranking comes to.
    #[derive(ToSchema)]
    #[schema(as = model_selection::Verdict)]
    pub enum Verdict {
        /// All others err more than the first, by more than chance.
        Clear = "clear",
        /// Some cannot be told from the first.
        Tied = "tied",
        /// All err alike on every test point: none leads.
        Equal = "equal",
        /// The first is first by the metric of the ranking, and another errs less by more than chance.
        Contested = "contested",
        /// Too little was tested to tell the first from the others.
        Undecided = "undecided",
        /// What it is ranked by has no value for anybody: none leads.
        Unmeasured = "unmeasured",
        /// Only one candidate could be ranked.
        Only = "only",
        /// None could be ranked.
        Nobody = "nobody",
    }
}

kernel::words! {
    /// Which number.
    #[derive(ToSchema)]
    #[schema(as = model_selection::FigureName)]
    pub enum FigureName {
        /// The first-ranked model, the same for all series: its number in the ranking.
        First = "first",
        /// Each series with its own best model.
        BestPerSeries = "best_per_series",
        /// The plain mean of the ranked candidates' forecasts.
        Mean = "mean",
        /// The one model that would have been chosen without the last fold, judged there.
        FirstBlind = "first_blind",
        /// Each series with the model that would have been chosen for it without the last fold, judged there.
        BestPerSeriesBlind = "best_per_series_blind",
        /// The plain mean of the candidates' forecasts on the last fold.
        MeanBlind = "mean_blind",
    }
}

/// A number with its name and what it was measured on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = model_selection::Figure)]
pub struct Figure {
    /// Which number.
    pub name: FigureName,
    /// What people call it.
    pub label: String,
    /// The key of the model it is of; `null` where there are several.
    pub model: Option<String>,
    /// What is measured: `wape`, and where every series counts alike `rel_mae`.
    pub measure: RankingMetric,
    /// The number, by that measure; `null` where it has none.
    pub error: Option<f64>,
    /// On what.
    pub measured_on: String,
}

/// The mean of the ranked candidates' forecasts on the same test points.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = model_selection::Combination)]
pub struct Combination {
    /// How forecasts are combined: `mean`.
    pub method: String,
    /// The fewest candidates combined on a series.
    pub members: usize,
    /// What is measured, here and in `selection_check`: `wape`, and where every series counts alike `rel_mae`.
    pub measure: RankingMetric,
    /// Its error, measured as that of the ranking.
    pub error: Option<f64>,
    /// That of the first-ranked model, one for all series: the number of the ranking.
    pub first_error: Option<f64>,
    /// That of each series' own best model; `null` for a single series, where it is the first-ranked one's.
    pub best_per_series_error: Option<f64>,
}

/// The choice put to the test: chosen on all folds but the last, judged on the last.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = model_selection::SelectionCheck)]
pub struct SelectionCheck {
    /// Series with at least two folds and two candidates.
    pub series: usize,
    /// The key of the one model for all series that would have been chosen.
    pub chosen: String,
    /// Its error on the last fold of these series, by the measure of the combination.
    pub chosen_error: Option<f64>,
    /// That of the candidates' mean there.
    pub combination_error: Option<f64>,
    /// That of each series' own best model so far; `null` for a single series.
    pub best_per_series_error: Option<f64>,
    /// Every rule there, the most accurate first.
    pub rules: Vec<RuleCheck>,
}

/// A rule of choosing or combining on the last fold, which it did not know.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = model_selection::RuleCheck)]
pub struct RuleCheck {
    /// `one_model`: the best over all series so far, for all series. `best_per_series`: each series' best so far.
    /// `guarded_best_per_series`: the best over all series so far, unless a paired test speaks for the series' own.
    /// `mean`, `median`: of all candidates. `top_k`: the mean of the series' best six, or half of them. `shrunk`:
    /// weights by inverse squared errors, half the series' own and half those of all series.
    pub rule: String,
    /// Its error, by the measure of the combination.
    pub error: Option<f64>,
}

/// The result in plain sentences.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = model_selection::BusinessSummary)]
pub struct BusinessSummary {
    /// One sentence.
    pub headline: String,
    /// The model in the first place.
    pub winner: Option<WinnerSummary>,
    /// How sure the recommendation is.
    pub recommendation_confidence: Confidence,
    /// Why.
    pub confidence_reasons: Vec<String>,
    /// The runner-up and the lead; `null` without a winner.
    pub comparison: Option<Lead>,
    /// What the numbers rest on.
    pub data_notes: Vec<String>,
    /// What holds for every comparison.
    pub caveats: Vec<String>,
}

/// The model in the first place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = model_selection::WinnerSummary)]
pub struct WinnerSummary {
    /// Its type.
    pub model_type: String,
    /// Its metrics in words.
    pub summary: String,
}

/// The winner against the runner-up.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = model_selection::Lead)]
pub struct Lead {
    /// The second, if there is one.
    pub runner_up_model_type: Option<String>,
    /// Its metrics in words.
    pub runner_up_summary: Option<String>,
    /// The lead in words.
    pub lead_text: String,
}
