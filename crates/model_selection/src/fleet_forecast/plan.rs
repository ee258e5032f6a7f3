//! What is decided before any model runs: seasons, folds, candidates; and in words, why.

use std::collections::BTreeMap;

use evaluation::choose::candidates::{Candidate, Role, Traits, propose};
use evaluation::choose::rule::Loss;
use evaluation::choose::seasons::Share;
use evaluation::outlook::Folding;
use forecast::{ModelSpec, SpecError};
use kernel::counted;
use series::{Frequency, Series};
use wire::model_selection::{CandidateModel, FleetDecision, Scope};

use super::decision::{Weights, given};
use super::kind::Spec;
use crate::FeatureSetChoice;
use crate::comparison::{Asked, model_for};
use crate::panel::past_in_words;
use crate::plan::{MAX_DATES, holidays_in_words, proposed_in_words};

/// The share of series from which demand counts as intermittent, so that errors are squared.
const SELDOM: f64 = 0.5;

/// How a forecast is made.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    pub candidates: Vec<Candidate>,
    pub folding: Folding,
    pub season: usize,
    pub loss: Loss,
    /// What each candidate weighs, where that was decided before.
    pub given: Option<Weights>,
    /// Where what is known beforehand is used.
    pub known: Known,
    /// What was chosen, one sentence each.
    pub assumptions: Vec<String>,
}

/// On which series what is known beforehand is used: those of which it is known for the dates to forecast too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Known {
    Nowhere,
    Somewhere,
    Everywhere,
}

impl Known {
    fn of(sample: &[Series], horizon: usize) -> Self {
        match sample.iter().filter(|one| is_planned(one, horizon)).count() {
            0 => Self::Nowhere,
            all if all == sample.len() => Self::Everywhere,
            _ => Self::Somewhere,
        }
    }
}

fn is_planned(series: &Series, horizon: usize) -> bool {
    series.knows_beforehand() && series.plan(horizon).is_some()
}

impl Plan {
    /// Whether a candidate counts what is known beforehand: one of all series together only where it is known of them all.
    pub(super) fn counts(&self, candidate: &Candidate) -> bool {
        let is_everywhere = self.known == Known::Everywhere;
        candidate.spec.is_feature_aware() && (is_everywhere || candidate.spec.scope() == Scope::Series)
    }
}

/// What is known of the series before any model runs.
pub(super) struct Facts<'a> {
    /// Dates of each.
    pub dates: &'a [usize],
    /// Dates without a value.
    pub missing: usize,
    /// Series that an earlier decision does not know.
    pub unknown: usize,
    /// Some of the series, evenly spread, or all.
    pub sample: &'a [Series],
}

/// Decides from the series what the request left open. The same series give the same plan.
pub(super) fn plan(
    spec: &Spec,
    decision: Option<&FleetDecision>,
    facts: &Facts<'_>,
) -> Result<Plan, SpecError> {
    let plan = match decision {
        Some(decision) => as_decided(spec, decision, facts)?,
        None => of_series(spec, facts),
    };
    let assumptions = plan.assumptions.iter().map(|said| spec.say(said)).collect();
    Ok(Plan { assumptions, ..plan })
}

/// With the models and weights of an earlier decision: nothing is chosen.
fn as_decided(spec: &Spec, decision: &FleetDecision, facts: &Facts<'_>) -> Result<Plan, SpecError> {
    let (candidates, weights) = given(decision)?;
    let season = decision.season_length;
    let folding = Folding { horizon: spec.horizon, season, stated: spec.folds.unwrap_or_default() };
    let whose =
        spec.champion.map_or_else(|| "the decision that was given".to_owned(), |run| format!("run {run}"));
    let unknown = match facts.unknown {
        0 => String::new(),
        some => format!(
            "; {} not in it and {} its mean weights",
            counted(some, "series is", "series are"),
            if some == 1 { "takes" } else { "take" }
        ),
    };
    let mut assumptions = vec![format!(
        "Models and weights are those of {whose}{unknown}. What was chosen on may be among the folds."
    )];
    assumptions.extend(folding_in_words(spec, &folding, facts));
    let known = Known::of(facts.sample, spec.horizon);
    Ok(Plan { candidates, folding, season, loss: Loss::Absolute, given: Some(weights), known, assumptions })
}

fn of_series(spec: &Spec, facts: &Facts<'_>) -> Plan {
    let values: Vec<&[f64]> = facts.sample.iter().map(Series::values).collect();
    let (found, shares) = Traits::of(spec.frequency, &values);
    let known = Known::of(facts.sample, spec.horizon);
    let has_known = known != Known::Nowhere;
    let has_past = facts.sample.iter().any(|one| one.past().next().is_some());
    let (series, values) = (facts.dates.len(), facts.dates.iter().sum());
    let whole = Traits { series, values, rows: middle(facts.dates), has_known, has_past, ..found };
    let traits = match spec.season_length {
        Some(season) => {
            Traits { seasons: vec![season].into_iter().filter(|season| *season > 1).collect(), ..whole }
        }
        None => whole,
    };
    let season = traits.season();
    let mut assumptions = vec![season_in_words(spec, season, &shares)];
    let candidates: Vec<Candidate> = match spec.models.as_slice() {
        [] => propose(&traits).into_iter().filter(|one| fits(&one.spec, facts)).collect(),
        named => named.iter().map(|model| named_candidate(model, season, spec.frequency)).collect(),
    };
    let folding = Folding { horizon: spec.horizon, season, stated: spec.folds.unwrap_or_default() };
    assumptions.extend(folding_in_words(spec, &folding, facts));
    if spec.models.is_empty() {
        assumptions.push(proposed_in_words(&candidates));
    }
    let loss = if traits.seldom >= SELDOM { Loss::Squared } else { Loss::Absolute };
    Plan { candidates, folding, season, loss, given: None, known, assumptions }
}

/// What the folds are, and of what they say little.
fn folding_in_words(spec: &Spec, folding: &Folding, facts: &Facts<'_>) -> Vec<String> {
    let told = [
        Some(folds_in_words(folding, facts.dates)),
        gap_in_words(folding),
        overlap_in_words(folding),
        missing_in_words(facts),
        known_in_words(spec.horizon, facts),
        past_in_words(facts.sample, spec.back()),
        holidays_in_words(facts.sample, |rows| folding.folds(rows)),
        sample_in_words(facts),
    ];
    told.into_iter().flatten().collect()
}

/// Whether a model can be run on so many series: one that learns from all of them has them in memory at once.
fn fits(spec: &ModelSpec, facts: &Facts<'_>) -> bool {
    spec.scope() == Scope::Series || facts.dates.iter().sum::<usize>() as u64 <= MAX_DATES
}

fn middle(dates: &[usize]) -> usize {
    let mut dates = dates.to_vec();
    dates.sort_unstable();
    dates.get(dates.len() / 2).copied().unwrap_or(0)
}

/// Of whom the fleet was learned, where not of all.
fn sample_in_words(facts: &Facts<'_>) -> Option<String> {
    (facts.sample.len() < facts.dates.len()).then(|| {
        format!(
            "What the fleet says to each series (seasons, how well the candidates do, how wide errors are) is learned from {} of \
             its {} series, evenly spread.",
            facts.sample.len(),
            facts.dates.len()
        )
    })
}

/// The folds of the series in the middle by length, and how many have none.
fn folds_in_words(folding: &Folding, dates: &[usize]) -> String {
    let mut of_length = BTreeMap::new();
    for rows in dates {
        *of_length.entry(*rows).or_insert(0_usize) += 1;
    }
    let short = of_length.iter().filter(|(rows, _)| folding.split(**rows).is_none());
    let too_short: usize = short.map(|(_, series)| series).sum();
    let rows = middle(dates);
    let of_rows = counted(rows, "row", "rows");
    let of_the_middle = match folding.plan(rows) {
        Ok(plan) => format!("A series of {of_rows}, the middle one, is judged on {}", plan.why),
        Err(error) => format!("A series of {of_rows}, the middle one, is not judged: {error}"),
    };
    match too_short {
        0 => format!("{of_the_middle}."),
        all if all == dates.len() => format!("{of_the_middle}; no series is long enough."),
        1 => format!("{of_the_middle}; 1 of {} series is too short to be judged.", dates.len()),
        some => format!("{of_the_middle}; {some} of {} series are too short to be judged.", dates.len()),
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
fn known_in_words(horizon: usize, facts: &Facts<'_>) -> Option<String> {
    let series = facts.sample;
    let known = series.iter().filter(|one| one.knows_beforehand());
    let planned = series.iter().filter(|one| is_planned(one, horizon)).count();
    let known = known.count();
    let steps = counted(horizon, "date", "dates");
    let looked_at = if series.len() < facts.dates.len() { " looked at" } else { "" };
    match (known, planned) {
        (0, _) => None,
        (_, all) if all == series.len() => {
            Some(format!("What is known beforehand is known of the {steps} to forecast."))
        }
        (_, 0) => Some(format!(
            "What is known beforehand is not used, because the file does not say it of the {steps} to forecast: add rows for them \
             without a value."
        )),
        (_, some) => Some(format!(
            "What is known beforehand is known of the {steps} to forecast for {some} of {} series{looked_at}, and used for those; \
             models of all series together do without it.",
            series.len()
        )),
    }
}

/// Dates without a value, which nobody should overlook.
fn missing_in_words(facts: &Facts<'_>) -> Option<String> {
    let dates: usize = facts.dates.iter().sum();
    match facts.missing {
        0 => None,
        1 => Some(format!(
            "1 of {} no value. It is taken as not known, and dates like it are forecast too.",
            counted(dates, "date has", "dates has")
        )),
        missing => Some(format!(
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
