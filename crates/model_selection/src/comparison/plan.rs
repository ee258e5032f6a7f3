//! What a request leaves open and the series decide: the folds, and the candidates.

use evaluation::choose::candidates::{Candidate, Traits, propose};
use evaluation::choose::folds::{self, Training, Wish, plan_fleet};
use evaluation::choose::seasons::Share;
use evaluation::outlook::Folding;
use evaluation::{SplitConfig, SplitError};
use forecast::ModelSpec;
use kernel::counted;
use serde_json::Value;
use series::{Frequency, Series};
use wire::model_selection::{CandidateModel, StatedFolds};

use super::request::{Checked, Folds};
use super::spec::{Asked, model_for};
use crate::panel::{back, past_in_words, step_of};
use crate::plan::{counting_in_words, holidays_in_words, proposed_in_words};

/// What is known of the series before the race.
pub(super) struct Facts<'a> {
    /// The grid most of them are on.
    pub frequency: Frequency,
    /// Dates of each.
    pub dates: Vec<usize>,
    /// Dates without a value, of all of them.
    pub missing: usize,
    /// Whether some are on another grid.
    pub is_mixed: bool,
    /// Some of those on the usual grid, or all.
    pub sample: &'a [Series],
}

impl Facts<'_> {
    /// What a row is, where it is the same of all series.
    fn step(&self) -> Option<Frequency> {
        step_of(self.sample).filter(|_| !self.is_mixed)
    }
}

/// How a comparison is made.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Plan {
    pub candidates: Vec<CandidateModel>,
    pub split: SplitConfig,
    /// What a row is, where it is the same of all series.
    pub frequency: Option<Frequency>,
    /// What was not asked for, one sentence each.
    pub assumptions: Vec<String>,
}

/// Decides what the request left open. The same series give the same plan.
pub(super) fn plan(
    checked: &Checked,
    horizon: usize,
    season: Option<usize>,
    facts: &Facts<'_>,
) -> Result<Plan, SplitError> {
    let mut assumptions = Vec::new();
    let candidates = candidates(checked, season, facts, &mut assumptions);
    let split = match checked.folds {
        Folds::Stated(split) => split,
        Folds::Planned(stated) => {
            let needs = Needs::of(checked, &candidates, season, facts.frequency);
            planned(stated, horizon, &needs, facts, &mut assumptions)?
        }
    };
    assumptions.extend(known_in_words(&candidates, facts));
    assumptions.extend(past_in_words(facts.sample, back(split.gap, split.horizon)));
    assumptions.extend(holidays_in_words(facts.sample, |rows| split.folds(rows).unwrap_or_default()));
    Ok(Plan { candidates, split, frequency: facts.step(), assumptions: told(assumptions, facts) })
}

/// What a forecast of these series would be made of: its candidates, the folds that each series has for itself, and what was
/// not asked for.
pub(super) fn plan_forecast(
    checked: &Checked,
    horizon: usize,
    season: Option<usize>,
    facts: &Facts<'_>,
) -> (Vec<CandidateModel>, Folding, Vec<String>) {
    let mut assumptions = Vec::new();
    let candidates = candidates(checked, season, facts, &mut assumptions);
    let needs = Needs::of(checked, &candidates, season, facts.frequency);
    let stated = match checked.folds {
        Folds::Planned(stated) => stated,
        Folds::Stated(_) => StatedFolds::default(),
    };
    let folding = Folding { horizon, season: needs.season, stated };
    assumptions.extend(known_in_words(&candidates, facts));
    assumptions.extend(past_in_words(facts.sample, back(stated.gap.unwrap_or(0), horizon)));
    assumptions.extend(holidays_in_words(facts.sample, |rows| folding.folds(rows)));
    (candidates, folding, told(assumptions, facts))
}

fn candidates(
    checked: &Checked,
    season: Option<usize>,
    facts: &Facts<'_>,
    said: &mut Vec<String>,
) -> Vec<CandidateModel> {
    match checked.candidates.as_slice() {
        [] => proposed(season, facts, said),
        asked => asked.to_vec(),
    }
}

/// Who counts what is known beforehand, where something is.
fn known_in_words(candidates: &[CandidateModel], facts: &Facts<'_>) -> Option<String> {
    let counts = |name: &str| forecast::catalog_entry(name).is_some_and(|entry| entry.feature_aware);
    let models = candidates.iter().map(|one| (one.model_type.as_str(), counts(&one.model_type), None));
    let is_known = facts.sample.iter().any(Series::knows_beforehand);
    is_known.then(|| counting_in_words(&models.collect::<Vec<_>>()))
}

/// All that was assumed, with rows called what they are.
fn told(mut assumptions: Vec<String>, facts: &Facts<'_>) -> Vec<String> {
    assumptions.extend(missing_in_words(facts));
    match facts.step() {
        Some(frequency) => assumptions.iter().map(|said| frequency.say(said)).collect(),
        None => assumptions,
    }
}

fn proposed(season: Option<usize>, facts: &Facts<'_>, said: &mut Vec<String>) -> Vec<CandidateModel> {
    let values: Vec<&[f64]> = facts.sample.iter().map(Series::values).collect();
    let (found, shares) = Traits::of(facts.frequency, &values);
    let has_known = facts.sample.iter().any(Series::knows_beforehand);
    let has_past = facts.sample.iter().any(|one| one.past().next().is_some());
    let (series, values) = (facts.dates.len(), facts.dates.iter().sum());
    let whole = Traits { series, values, has_known, has_past, ..found };
    let traits = if let Some(season) = season {
        Traits { seasons: Some(season).filter(|rows| *rows > 1).into_iter().collect(), ..whole }
    } else {
        said.extend(seasons_in_words(&looked_at(facts), &shares));
        whole
    };
    let candidates = propose(&traits);
    said.push(proposed_in_words(&candidates));
    let mut asked: Vec<CandidateModel> = candidates.iter().map(as_asked).collect();
    if facts.is_mixed && season.is_none() {
        said.push("The series are on several grids: each has the usual season of its own.".to_owned());
        for candidate in &mut asked {
            candidate.params.retain(|name, _| !name.ends_with("season_length"));
        }
    }
    asked
}

/// Dates without a value, which nobody should overlook.
fn missing_in_words(facts: &Facts<'_>) -> Option<String> {
    let all = facts.dates.iter().sum::<usize>();
    let dates = counted(all, "date", "dates");
    match facts.missing {
        0 => None,
        1 => Some(format!("1 of {dates} has no value, and is taken as not known.")),
        some if MANY * some >= all => Some(format!(
            "{some} of {dates} have no value, and are taken as not known; if nothing was sold on them, state gaps zero."
        )),
        some => Some(format!("{some} of {dates} have no value, and are taken as not known.")),
    }
}

/// One date in so many without a value is more than a gap here and there: many files leave out the days without sales.
const MANY: usize = 3;

/// Of which series seasons were looked for.
fn looked_at(facts: &Facts<'_>) -> String {
    if facts.is_mixed {
        format!(" of those that are {}", facts.frequency)
    } else if facts.sample.len() < facts.dates.len() {
        ", of a sample".to_owned()
    } else {
        String::new()
    }
}

fn seasons_in_words(of: &str, shares: &[Share]) -> Option<String> {
    let found: Vec<String> = shares.iter().map(Share::words).collect();
    (!found.is_empty()).then(|| format!("Seasons{of}: {}.", found.join("; ")))
}

/// A proposed model as somebody would ask for it, who leaves out what is usual.
fn as_asked(Candidate { spec, .. }: &Candidate) -> CandidateModel {
    let known = forecast::catalog_entry(spec.model_type()).map_or_else(Vec::new, |entry| entry.parameters);
    let is_usual =
        |name: &str, value: &Value| known.iter().any(|one| one.name == name && one.default == *value);
    let params = spec.params().to_json().as_object().cloned().unwrap_or_default();
    CandidateModel {
        model_type: spec.model_type().to_owned(),
        params: params.into_iter().filter(|(name, value)| !is_usual(name, value)).collect(),
    }
}

/// What the folds must have for the candidates. A candidate whose parameters are wrong asks for nothing: it fails by itself.
struct Needs {
    /// Rows of the longest season; 1 for none.
    season: usize,
    /// Values that each of them can learn from.
    history: usize,
}

impl Needs {
    fn of(
        checked: &Checked,
        candidates: &[CandidateModel],
        season_length: Option<usize>,
        frequency: Frequency,
    ) -> Self {
        let model = |candidate: &CandidateModel| {
            let asked = Asked {
                model_type: &candidate.model_type,
                params: &candidate.params,
                season_length,
                feature_frame: &checked.feature_frame,
            };
            model_for(&asked, frequency).ok()
        };
        let models: Vec<ModelSpec> = candidates.iter().filter_map(model).collect();
        Self {
            season: models.iter().filter_map(ModelSpec::season).max().unwrap_or(1),
            history: models.iter().map(ModelSpec::minimum_history).max().unwrap_or(0),
        }
    }
}

fn planned(
    stated: StatedFolds,
    horizon: usize,
    needs: &Needs,
    facts: &Facts<'_>,
    said: &mut Vec<String>,
) -> Result<SplitConfig, SplitError> {
    let of = |season, stated| plan_fleet(&facts.dates, &Wish { rows: 0, horizon, season, stated });
    let found = of(needs.season, stated)?;
    // Nobody is refused for a season that the history is too short for: each candidate says itself whether it can learn.
    let (season, unseen) = match found.training {
        Training::NoSeason => (1, Some(needs.season)),
        _ => (needs.season, None),
    };
    let found = if unseen.is_some() { of(season, stated)? } else { found };
    let is_short = stated.min_train_size.is_none() && found.split.min_train_size < needs.history;
    let enough = StatedFolds { min_train_size: Some(needs.history), ..stated };
    let longer = is_short.then(|| of(season, enough).ok()).flatten();
    let found = longer.filter(|longer| keeps(longer, &found, facts)).unwrap_or(found);
    let unseen = unseen.map_or_else(String::new, |season| {
        format!("; the first fold has seen less than a season of {}", counted(season, "row", "rows"))
    });
    let on_other_grids = if facts.is_mixed && season > 1 {
        format!("; on the other grids that is another part of a season than of the {} ones", facts.frequency)
    } else {
        String::new()
    };
    said.push(format!("Judged on {}{unseen}{on_other_grids}.", found.why));
    Ok(found.split)
}

/// Whether folds after a longer training leave the tests as they are, and nine in ten of the series.
fn keeps(longer: &folds::Plan, found: &folds::Plan, facts: &Facts<'_>) -> bool {
    let judged = |plan: &folds::Plan| {
        let needed = plan.split.rows_needed();
        facts.dates.iter().filter(|dates| **dates >= needed).count()
    };
    longer.split.horizon == found.split.horizon && 10 * judged(longer) >= 9 * judged(found)
}
