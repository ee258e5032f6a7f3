//! What a comparison or a forecast would do, before it is started: the folds on some of its series, the candidates, and about how long it
//! takes, measured on those series here and now. Nothing is stored.

use std::time::{Duration, Instant};

use evaluation::outlook::Folding;
use evaluation::{Member, SplitConfig, backtest_block};
use forecast::ModelSpec;
use kernel::FieldError;
use series::{Frequency, Series};
use wire::datasets::{DatasetId, Sketch};
use wire::model_selection::{
    CandidateModel, ComparisonRequest, Estimate, ExcludedSeries, Gaps, Preview, PreviewFold, PreviewOf,
    PreviewRequest, PreviewSeries, Scope,
};

use super::error::SubmitError;
use super::plan::{Facts, plan, plan_forecast};
use super::request::{Bounds, Checked, Question};
use super::spec::{Asked, model_for};
use super::submit::none_left;
use crate::Selector;
use crate::blocking::{Asked as Wanted, off_the_runtime};
use crate::plan::usual;

/// So many series are looked at.
const MAX_SKETCHES: usize = 12;
/// The measuring of all candidates together; those whose turn comes later are not measured.
const MEASURING: Duration = Duration::from_millis(1500);
/// A candidate that is done with one series so soon is measured on all, because series of one length share their passes.
const SOON: Duration = Duration::from_millis(5);

impl Selector {
    /// Plans a comparison or a forecast of these series and measures it. The plan is the same for the same series; the measured time is not,
    /// and nothing depends on it.
    pub async fn preview_comparison(&self, request: PreviewRequest) -> Result<Preview, SubmitError> {
        let comparison = ComparisonRequest {
            folds: request.folds,
            season_length: request.season_length,
            candidate_models: request.candidate_models.clone(),
            ..ComparisonRequest::of_dataset(
                DatasetId::new(&*self.clock),
                request.forecast_horizon,
                Vec::new(),
            )
        };
        let bounds = match request.of {
            PreviewOf::Comparison => Bounds::COMPARISON,
            PreviewOf::Forecast => Bounds::FORECAST,
        };
        let checked =
            Question(&comparison, bounds).check().and_then(|checked| match request.sketches.len() {
                1..=MAX_SKETCHES => Ok(checked),
                n => Err(vec![FieldError::new(
                    "sketches",
                    format!("must be 1 to {MAX_SKETCHES} series, not {n}"),
                )]),
            });
        let checked = checked.map_err(|fields| SubmitError::Invalid { fields })?;
        let turn = self.turns.take().await;
        let preview = off_the_runtime(move |wanted| preview(&request, &checked, wanted)).await;
        drop(turn);
        preview
    }
}

fn preview(request: &PreviewRequest, checked: &Checked, wanted: &Wanted) -> Result<Preview, SubmitError> {
    let series = request.sketches.iter().map(on_grid).collect::<Result<Vec<_>, _>>()?;
    let lengths: Vec<usize> =
        request.sketches.iter().zip(&series).map(|(one, series)| rows(one, series)).collect();
    let of_grid = series.iter().zip(&lengths).map(|(one, rows)| (one.frequency(), *rows as u64));
    let frequency = usual(of_grid).ok_or_else(|| none_left(Vec::new()))?;
    let alike: Vec<Series> = series.iter().filter(|one| one.frequency() == frequency).cloned().collect();
    let facts = Facts {
        frequency,
        dates: lengths.clone(),
        missing: 0,
        is_mixed: alike.len() < series.len(),
        sample: &alike,
    };
    let (horizon, season) = (request.forecast_horizon, request.season_length);
    let planned = match request.of {
        PreviewOf::Comparison => plan(checked, horizon, season, &facts)
            .map(|plan| (plan.candidates, Folded::Alike(plan.split), plan.split, plan.assumptions)),
        PreviewOf::Forecast => {
            let (candidates, folding, assumptions) = plan_forecast(checked, horizon, season, &facts);
            let usual = folding.plan(middle(&lengths));
            usual.map(|usual| (candidates, Folded::Each(folding), usual.split, assumptions))
        }
    };
    let (candidates, folded, split, assumptions) = planned.map_err(|error| {
        let short = |one: &Series| ExcludedSeries { name: one.name().to_owned(), reason: error.to_string() };
        none_left(series.iter().map(short).collect())
    })?;
    let shown = series.iter().zip(&lengths).map(|(one, rows)| shown(one, *rows, folded.of(*rows))).collect();
    let judged = Judged { checked, season, split: &split, series: &series };
    let total = request.series_total.max(series.len());
    let estimate =
        judged.estimate(&candidates, total, wanted).map(|estimate| folded.with_the_end(estimate, &split));
    Ok(Preview { candidates, split: split.into(), assumptions, series: shown, estimate })
}

/// The folds of all series.
enum Folded {
    /// The same ones.
    Alike(SplitConfig),
    /// Those of its length each.
    Each(Folding),
}

impl Folded {
    fn of(&self, rows: usize) -> Option<SplitConfig> {
        match self {
            Self::Alike(split) => Some(*split),
            Self::Each(folding) => folding.split(rows),
        }
    }

    /// A forecast fits every candidate once more, at the end.
    fn with_the_end(&self, estimate: Estimate, split: &SplitConfig) -> Estimate {
        match self {
            Self::Alike(_) => estimate,
            Self::Each(_) => {
                Estimate { seconds: estimate.seconds * (1.0 + 1.0 / split.n_splits as f64), ..estimate }
            }
        }
    }
}

fn middle(lengths: &[usize]) -> usize {
    let mut lengths = lengths.to_vec();
    lengths.sort_unstable();
    lengths.get(lengths.len() / 2).copied().unwrap_or(0)
}

/// The series as far as it was sent.
fn on_grid(sketch: &Sketch) -> Result<Series, SubmitError> {
    let refused = |reason: String| none_left(vec![ExcludedSeries { name: sketch.name.clone(), reason }]);
    let frequency =
        Frequency::of_word(sketch.frequency).ok_or_else(|| refused("its dates are on no grid".to_owned()))?;
    let values = sketch.values.iter().map(|value| value.unwrap_or(f64::NAN));
    let rows = sketch.dates.iter().copied().zip(values);
    Series::of(sketch.name.clone(), frequency, rows, Gaps::Missing)
        .map_err(|error| refused(error.to_string()))
}

/// All rows of a series, of which the last ones were sent.
fn rows(sketch: &Sketch, series: &Series) -> usize {
    usize::try_from(sketch.rows).unwrap_or(usize::MAX).clamp(series.len(), series::MAX_ROWS)
}

/// The tests of each fold, by their dates, as far as the dates are known.
fn shown(series: &Series, rows: usize, split: Option<SplitConfig>) -> PreviewSeries {
    let before = rows - series.len();
    let dates = series.dates();
    let fold = |fold: evaluation::Fold| {
        Some(PreviewFold {
            train_rows: fold.train.len(),
            first_date: *dates.get(fold.test.start.checked_sub(before)?)?,
            last_date: *dates.get((fold.test.end - 1).checked_sub(before)?)?,
        })
    };
    PreviewSeries {
        name: series.name().to_owned(),
        folds: split
            .and_then(|split| split.folds(rows).ok())
            .unwrap_or_default()
            .into_iter()
            .filter_map(fold)
            .collect(),
    }
}

/// What candidates are measured on.
struct Judged<'a> {
    checked: &'a Checked,
    season: Option<usize>,
    split: &'a SplitConfig,
    series: &'a [Series],
}

impl Judged<'_> {
    /// What all of it takes, from what each candidate takes of some series. `None` where nothing can be measured.
    fn estimate(&self, candidates: &[CandidateModel], total: usize, wanted: &Wanted) -> Option<Estimate> {
        let usable: Vec<&Series> =
            self.series.iter().filter(|one| one.len() >= self.split.rows_needed()).collect();
        let began = Instant::now();
        let (mut per_series, mut unmeasured) = (Duration::ZERO, Vec::new());
        for candidate in candidates {
            let is_late = wanted.is_dropped() || began.elapsed() >= MEASURING;
            match if is_late { None } else { self.took(candidate, &usable) } {
                Some(took) => per_series += took,
                None => unmeasured.push(candidate.model_type.clone()),
            }
        }
        let measured = candidates.len() - unmeasured.len();
        let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let seconds = per_series.as_secs_f64() * total as f64 / threads.min(total) as f64;
        (measured > 0).then_some(Estimate { seconds, measured, unmeasured, series: usable.len(), threads })
    }

    /// What a candidate takes for the folds of one series. Nothing is said of one that learns from all series together, nor
    /// of one that cannot be judged.
    fn took(&self, candidate: &CandidateModel, usable: &[&Series]) -> Option<Duration> {
        let asked = Asked {
            model_type: &candidate.model_type,
            params: &candidate.params,
            season_length: self.season,
            feature_frame: &self.checked.feature_frame,
        };
        let specs: Vec<ModelSpec> =
            usable.iter().map(|one| model_for(&asked, one.frequency())).collect::<Result<_, _>>().ok()?;
        if specs.first()?.scope() == Scope::Panel {
            return None;
        }
        let members: Vec<Member<'_>> = usable.iter().copied().zip(&specs).collect();
        let one = self.timed(&members[..1])?;
        if one > SOON { Some(one) } else { Some(self.timed(&members)? / u32::try_from(members.len()).ok()?) }
    }

    fn timed(&self, members: &[Member<'_>]) -> Option<Duration> {
        let began = Instant::now();
        let judged = backtest_block(members, self.split, &|| false)?;
        judged.iter().any(Result::is_ok).then(|| began.elapsed())
    }
}
