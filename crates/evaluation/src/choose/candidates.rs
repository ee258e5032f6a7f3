//! The models that are proposed for a fleet when nobody has chosen any.
//!
//! | candidates | for | because |
//! |---|---|---|
//! | last value or last season | every fleet | what everything else must beat |
//! | ETS, dynamic optimised Theta, CES | every fleet | the combination of Petropoulos & Svetunkov (2020) without its slow member |
//! | MSTL | a season seen three times | two seasons in one model; the best of the folds on M3 quarterly |
//! | ARIMA | few rows in all | slow, but of another kind than the rest: without it the default loses a per cent on M3 |
//! | SBA, TSB, ADIDA, IMAPA | demand that is often zero | on the folds of single M5 articles ADIDA is the best of all |
//! | additive effects, regression trees | prices, promotions or holidays known beforehand | the statistical models do not read them |
//! | pooled profile | many daily series | the best of the statistical models on the sums of M5 |
//!
//! A candidate is no promise: [`super::rule`] weighs it by its folds, and what is refused there weighs
//! nothing.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::demand::Demand;
use super::seasons::{self, Share};
use forecast::ModelSpec;
use series::Frequency;

/// Series of a panel from which day effects are learned together.
const PANEL: usize = 20;
/// Values up to which ARIMA is run on every series: some minutes of one processor with five folds.
const FEW_ROWS: usize = 400_000;
/// The longest season of ARIMA, whose arithmetic grows with it; beyond, it is proposed without.
const ARIMA_SEASON: usize = 24;
/// The seasons of a [`ModelSpec`].
const SEASONS: RangeInclusive<usize> = 2..=365;
/// The longest second season of one.
const LONGEST_SECOND: usize = 8784;

/// How a candidate enters the default forecast.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Weighs by its folds, and weighs something without any.
    Member,
    /// What the others must beat: weighs half, and nothing without folds.
    Baseline,
}

/// A proposed model.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// The model with its parameters.
    pub spec: ModelSpec,
    /// How it enters the default forecast.
    pub role: Role,
    /// Why it is proposed.
    pub why: &'static str,
}

/// What is known of a fleet before any model is run.
#[derive(Debug, Clone, PartialEq)]
pub struct Traits {
    /// Series.
    pub series: usize,
    /// Values of all of them.
    pub values: usize,
    /// Rows of the series in the middle.
    pub rows: usize,
    /// Whether a row is a day.
    pub is_daily: bool,
    /// Rows of its seasons, ascending; at most two are used.
    pub seasons: Vec<usize>,
    /// The share of series whose demand is often zero.
    pub seldom: f64,
    /// Whether something is known of their dates beforehand.
    pub has_known: bool,
    /// Whether something is known of them up to their last value.
    pub has_past: bool,
}

impl Traits {
    /// The traits of series of a frequency, and what was found of each season length it may have.
    pub fn of(frequency: Frequency, series: &[&[f64]]) -> (Self, Vec<Share>) {
        let shares = seasons::of_fleet(series, &frequency.seasons());
        let traits = Self { is_daily: frequency == Frequency::DAILY, ..Self::with(series, &shares) };
        (traits, shares)
    }

    /// The traits of series whose seasons have been looked for.
    pub fn with(series: &[&[f64]], shares: &[Share]) -> Self {
        let mut rows: Vec<usize> = series.iter().map(|values| values.len()).collect();
        rows.sort_unstable();
        let classes: Vec<Demand> = series.iter().filter_map(|values| Demand::of(values)).collect();
        let seldom = classes.iter().filter(|class| class.is_seldom()).count();
        Self {
            series: series.len(),
            values: rows.iter().sum(),
            rows: rows.get(rows.len() / 2).copied().unwrap_or(0),
            is_daily: false,
            seasons: shares.iter().filter(|share| share.is_chosen()).map(|share| share.length).collect(),
            seldom: seldom as f64 / classes.len().max(1) as f64,
            has_known: false,
            has_past: false,
        }
    }

    /// The season of models that have one; 1 for none. The shortest, because it is seen most often.
    pub fn season(&self) -> usize {
        self.seasons.first().copied().filter(|season| SEASONS.contains(season)).unwrap_or(1)
    }
}

/// The candidates for a fleet, the baseline first, in a fixed order.
pub fn propose(traits: &Traits) -> Vec<Candidate> {
    let mut found = vec![baseline(traits.season())];
    found.extend(smooth(traits));
    found.extend(decomposed(traits));
    found.extend(of_another_kind(traits));
    found.extend(of_what_is_known(traits));
    found.extend(of_the_past(traits));
    found.extend(of_a_panel(traits));
    found
}

fn baseline(season: usize) -> Candidate {
    let (name, params, why) = if season > 1 {
        ("seasonal_naive", json!({ "season_length": season }), "the last season again: what others must beat")
    } else {
        ("naive", Value::Null, "the last value again: what others must beat")
    };
    Candidate { role: Role::Baseline, ..member(name, &params, why) }
}

fn smooth(traits: &Traits) -> [Candidate; 3] {
    let params = json!({ "season_length": traits.season() });
    [
        member("ets", &params, "level, trend and season, each as the values ask for it"),
        member("dynamic_optimized_theta", &params, "half of a trend that is estimated anew at every row"),
        member("ces", &params, "errs in other places than the two before"),
    ]
}

fn decomposed(traits: &Traits) -> Option<Candidate> {
    let season = traits.season();
    let second = traits
        .seasons
        .get(1)
        .filter(|second| season < **second && **second <= LONGEST_SECOND.min(traits.rows / 2));
    let params = json!({ "season_length": season, "second_season_length": second });
    let why = "the series in the middle has seen its season three times; a longer season is on top where there is one";
    (season > 1 && traits.rows >= 3 * season).then(|| member("mstl", &params, why))
}

fn of_another_kind(traits: &Traits) -> Vec<Candidate> {
    if traits.seldom >= 0.5 {
        let count = |name| member(name, &Value::Null, "demand is often zero");
        return ["sba", "tsb", "adida", "imapa"].map(count).to_vec();
    }
    if traits.values > FEW_ROWS {
        return Vec::new();
    }
    let season = if traits.season() > ARIMA_SEASON { 1 } else { traits.season() };
    let why = "of another kind than the rest, and few enough rows to afford it";
    vec![member("arima", &json!({ "season_length": season }), why)]
}

fn of_what_is_known(traits: &Traits) -> Vec<Candidate> {
    if !traits.has_known {
        return Vec::new();
    }
    let adds = "prices, promotions and holidays that are known beforehand, as effects that add up";
    let splits = "the same as splits of trees, where there are rows enough to learn them";
    vec![member("prophet_like", &Value::Null, adds), member("regression", &Value::Null, splits)]
}

fn of_the_past(traits: &Traits) -> Option<Candidate> {
    let why = "reads what is known only up to the last value";
    traits.has_past.then(|| member("global_boosting", &Value::Null, why))
}

fn of_a_panel(traits: &Traits) -> Option<Candidate> {
    let params = json!({ "season_length": traits.season().max(7) });
    let why = "many daily series share the effects of days";
    (traits.is_daily && traits.series >= PANEL).then(|| member("pooled_profile", &params, why))
}

fn member(name: &str, params: &Value, why: &'static str) -> Candidate {
    let spec = ModelSpec::parse(name, params).expect("proposed models are in the catalogue");
    Candidate { spec, role: Role::Member, why }
}

#[cfg(test)]
#[path = "candidates/tests.rs"]
mod tests;
