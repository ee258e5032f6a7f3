//! What is decided before any model runs: seasons, folds, candidates; and in words, why.

use evaluation::choose::candidates::{Candidate, Role, Traits, propose};
use evaluation::choose::rule::Loss;
use evaluation::choose::seasons::Share;
use evaluation::outlook::Folding;
use forecast::{ModelSpec, SpecError};
use kernel::counted;
use series::{Frequency, Series};
use wire::model_selection::{CandidateModel, FleetDecision};

use super::decision::{Given, given};
use super::kind::Spec;
use crate::FeatureSetChoice;
use crate::comparison::{Asked, model_for};
use crate::plan::proposed_in_words;

/// The share of series from which demand counts as intermittent, so that errors are squared.
const SELDOM: f64 = 0.5;

/// How a forecast is made.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    pub candidates: Vec<Candidate>,
    pub folding: Folding,
    pub season: usize,
    pub loss: Loss,
    /// Of each series what each candidate weighs, where that was decided before.
    pub given: Option<Vec<Vec<f64>>>,
    /// What was chosen, one sentence each.
    pub assumptions: Vec<String>,
}

/// Decides from the series what the request left open. The same series give the same plan.
pub(super) fn plan(
    spec: &Spec,
    decision: Option<&FleetDecision>,
    series: &[Series],
) -> Result<Plan, SpecError> {
    match decision {
        Some(decision) => Ok(as_decided(spec, given(decision, series)?, series)),
        None => Ok(of_series(spec, series)),
    }
}

/// With the models and weights of an earlier decision: nothing is chosen.
fn as_decided(spec: &Spec, given: Given, series: &[Series]) -> Plan {
    let Given { candidates, season, weights, unknown } = given;
    let folding = Folding { horizon: spec.horizon, season, stated: spec.folds.unwrap_or_default() };
    let whose =
        spec.champion.map_or_else(|| "the decision that was given".to_owned(), |run| format!("run {run}"));
    let unknown = match unknown {
        0 => String::new(),
        some => format!(
            "; {} not in it and {} its mean weights",
            counted(some, "series is", "series are"),
            if some == 1 { "takes" } else { "take" }
        ),
    };
    let mut assumptions = vec![
        format!(
            "Models and weights are those of {whose}{unknown}. What was chosen on may be among the folds."
        ),
        folds_in_words(&folding, series),
    ];
    assumptions.extend(gap_in_words(&folding));
    assumptions.extend(overlap_in_words(&folding));
    assumptions.extend(missing_in_words(series));
    assumptions.extend(known_in_words(spec.horizon, series));
    Plan { candidates, folding, season, loss: Loss::Absolute, given: Some(weights), assumptions }
}

fn of_series(spec: &Spec, series: &[Series]) -> Plan {
    let values: Vec<&[f64]> = series.iter().map(Series::values).collect();
    let (found, shares) = Traits::of(spec.frequency, &values);
    let has_known = series.iter().any(|one| one.plan(spec.horizon).is_some());
    let traits = match spec.season_length {
        Some(season) => Traits {
            seasons: vec![season].into_iter().filter(|season| *season > 1).collect(),
            has_known,
            ..found
        },
        None => Traits { has_known, ..found },
    };
    let season = traits.season();
    let mut assumptions = vec![season_in_words(spec, season, &shares)];
    let candidates = match spec.models.as_slice() {
        [] => propose(&traits),
        named => named.iter().map(|model| named_candidate(model, season, spec.frequency)).collect(),
    };
    let folding = Folding { horizon: spec.horizon, season, stated: spec.folds.unwrap_or_default() };
    assumptions.push(folds_in_words(&folding, series));
    assumptions.extend(gap_in_words(&folding));
    assumptions.extend(overlap_in_words(&folding));
    assumptions.extend(missing_in_words(series));
    assumptions.extend(known_in_words(spec.horizon, series));
    if spec.models.is_empty() {
        assumptions.push(proposed_in_words(&candidates));
    }
    let loss = if traits.seldom >= SELDOM { Loss::Squared } else { Loss::Absolute };
    Plan { candidates, folding, season, loss, given: None, assumptions }
}

/// The folds of the series in the middle by length, and how many have none.
fn folds_in_words(folding: &Folding, series: &[Series]) -> String {
    let mut lengths: Vec<usize> = series.iter().map(Series::len).collect();
    lengths.sort_unstable();
    let rows = lengths[lengths.len() / 2];
    let too_short = lengths.iter().filter(|&&rows| folding.split(rows).is_none()).count();
    let of_rows = counted(rows, "row", "rows");
    let of_the_middle = match folding.plan(rows) {
        Ok(plan) => format!("A series of {of_rows}, the middle one, is judged on {}", plan.why),
        Err(error) => format!("A series of {of_rows}, the middle one, is not judged: {error}"),
    };
    match too_short {
        0 => format!("{of_the_middle}."),
        all if all == lengths.len() => format!("{of_the_middle}; no series is long enough."),
        1 => format!("{of_the_middle}; 1 of {} series is too short to be judged.", lengths.len()),
        some => format!("{of_the_middle}; {some} of {} series are too short to be judged.", lengths.len()),
    }
}

/// A gap is between training and test alone: whoever asks what comes next leaves out nothing.
fn gap_in_words(folding: &Folding) -> Option<String> {
    let gap = folding.stated.gap.filter(|gap| *gap > 0)?;
    Some(format!(
        "The gap of {} is in the folds alone, whose errors, and the intervals made of them, are those of forecasts so much \
         further ahead; the forecast itself begins after the last row.",
        counted(gap, "row", "rows")
    ))
}

fn overlap_in_words(folding: &Folding) -> Option<String> {
    let step = folding.stated.step.filter(|step| *step < folding.horizon)?;
    Some(format!(
        "With folds {} apart, tests longer than that overlap: their errors say less than those of as many tests side by side.",
        counted(step, "row", "rows")
    ))
}

/// Whether what is known of the dates is known of those to forecast too.
fn known_in_words(horizon: usize, series: &[Series]) -> Option<String> {
    let known = series.iter().filter(|one| one.known().is_some()).count();
    let planned = series.iter().filter(|one| one.plan(horizon).is_some()).count();
    let steps = counted(horizon, "date", "dates");
    match (known, planned) {
        (0, _) => None,
        (_, all) if all == series.len() => Some(format!(
            "What is known beforehand is known of the {steps} to forecast; models that can use it do."
        )),
        (_, 0) => Some(format!(
            "What is known beforehand is not used, because the file does not say it of the {steps} to forecast: add rows for them \
             without a value."
        )),
        (_, some) => Some(format!(
            "What is known beforehand is known of the {steps} to forecast for {some} of {} series, and used for those; models of all \
             series together do without it.",
            series.len()
        )),
    }
}

/// Dates without a value, which nobody should overlook.
fn missing_in_words(series: &[Series]) -> Option<String> {
    let missing: usize =
        series.iter().map(|one| one.values().iter().filter(|value| value.is_nan()).count()).sum();
    let dates: usize = series.iter().map(Series::len).sum();
    match missing {
        0 => None,
        1 => Some(format!(
            "1 of {} no value. It is taken as not known, and dates like it are forecast too.",
            counted(dates, "date has", "dates has")
        )),
        _ => Some(format!(
            "{missing} of {dates} dates have no value. They are taken as not known, and dates like them are forecast too."
        )),
    }
}

fn season_in_words(spec: &Spec, season: usize, shares: &[Share]) -> String {
    if spec.season_length.is_some() {
        return format!("The season of {} was asked for.", counted(season, "row", "rows"));
    }
    let found: Vec<String> = shares.iter().map(Share::words).collect();
    match found.as_slice() {
        [] => format!("{} series are taken to have no season.", spec.frequency),
        found => {
            let of = if shares.iter().any(|share| (1..spec.series_total).contains(&share.judged)) {
                ", of a sample"
            } else {
                ""
            };
            format!("Seasons{of}: {}.", found.join("; "))
        }
    }
}

/// A model as asked for, with the season where it has one and says none.
fn named_candidate(model: &CandidateModel, season: usize, frequency: Frequency) -> Candidate {
    let asked = Asked {
        model_type: &model.model_type,
        params: &model.params,
        season_length: Some(season),
        feature_frame: &FeatureSetChoice::default(),
    };
    let as_it_is = || ModelSpec::parse(&model.model_type, &model.params.clone().into());
    let spec = model_for(&asked, frequency).or_else(|_| as_it_is()).expect("the request was checked");
    Candidate { spec, role: Role::Member, why: "asked for" }
}
