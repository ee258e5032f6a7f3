//! The result of a forecast, and the artifacts it is kept in: Parquet for programs, lines of JSON for pages. They are written
//! block by block, and what was written is not held.

use std::sync::Arc;

use artifacts::Upload;
use bytes::Bytes;
use evaluation::choose::candidates::Candidate;
use evaluation::choose::rule::Decision;
use evaluation::outlook::{Judgement, Outlook, Standing, Standings};
use kernel::{counted, figure};
use runs::{Failure, RunContext};
use series::Series;
use series::columnar::{Compression, OutlookColumns, OutlookWriter};
use wire::model_selection::{
    ExcludedSeries, FleetResult, FleetStanding, Interval, LevelCoverage, ModelWeight, SeriesForecast,
    SeriesWeights,
};

use super::choice::TOLD;
use super::decision::decided;
use super::kind::{Error, Spec};
use super::outlook_shard::Block;
use super::plan::Plan;
use crate::panel::step_of;

/// So many values before a forecast are shown beside it, at least.
const LEAST_SHOWN: usize = 24;

/// The artifacts of a forecast on their way into the store, and what adds up to its result.
pub(super) struct Writer {
    spec: Arc<Spec>,
    plan: Arc<Plan>,
    forecasts: Upload,
    series: Upload,
    /// Taken while a block is written.
    sums: Option<Box<Sums>>,
}

/// What is kept of the series that were written.
struct Sums {
    file: OutlookWriter,
    standings: Standings,
    /// Of each candidate.
    weights: Vec<f64>,
    /// Of each candidate: the series on which an earlier decision gives it a weight and it cannot run, and those weights.
    lost: Vec<(usize, f64)>,
    forecast: usize,
    /// The weights of each series, as JSON.
    decisions: Vec<u8>,
    unlearned: Vec<ExcludedSeries>,
    /// The name of the first series.
    first: Option<String>,
}

/// A block as it is written.
struct Written {
    lines: Vec<u8>,
    forecasts: Vec<u8>,
}

impl Writer {
    pub(super) fn new(cx: &RunContext, spec: Arc<Spec>, plan: Arc<Plan>) -> Self {
        let candidates = plan.candidates.len();
        let sums = Sums {
            file: OutlookWriter::new(Compression::Zstd),
            standings: Standings::of(candidates),
            weights: vec![0.0; candidates],
            lost: vec![(0, 0.0); candidates],
            forecast: 0,
            decisions: Vec::new(),
            unlearned: Vec::new(),
            first: None,
        };
        Self { spec, plan, forecasts: cx.upload(), series: cx.upload(), sums: Some(Box::new(sums)) }
    }

    /// Writes the next block.
    pub(super) async fn add(
        &mut self,
        cx: &RunContext,
        block: Arc<Block>,
        judged: Vec<Judgement>,
    ) -> Result<(), Failure<Error>> {
        let mut sums = self.sums.take().expect("no block failed before");
        let (spec, plan) = (Arc::clone(&self.spec), Arc::clone(&self.plan));
        let written = move || sums.add(&spec, &plan, &block.series, judged).map(|written| (sums, written));
        let (sums, Written { lines, forecasts }) = cx.compute(written).await??;
        self.sums = Some(sums);
        self.series.add(lines.into()).await.map_err(Error::Input)?;
        self.forecasts.add(forecasts.into()).await.map_err(Error::Input)?;
        Ok(())
    }

    /// Keeps the artifacts, and gives what they say together.
    pub(super) async fn finish(
        mut self,
        cx: &RunContext,
        coverage: &[f64],
    ) -> Result<FleetResult, Failure<Error>> {
        let sums = *self.sums.take().expect("no block failed before");
        let result = result(&self.spec, &self.plan, &sums, coverage);
        let decision = decision(&self.spec, &self.plan, &sums)?;
        self.forecasts
            .add(sums.file.finish(&Interval::USUAL_LEVELS).map_err(Error::Write)?.into())
            .await
            .map_err(Error::Input)?;
        let summary = serde_json::to_vec(&result).map_err(Error::Json)?;
        cx.check()?;
        cx.keep("forecasts", "application/vnd.apache.parquet", self.forecasts).await?;
        cx.keep("series", "application/x-ndjson", self.series).await?;
        cx.artifact("decision", "application/json", decision).await?;
        cx.artifact("forecast", "application/json", summary.into()).await?;
        Ok(result)
    }
}

impl Sums {
    fn add(
        &mut self,
        spec: &Spec,
        plan: &Plan,
        series: &[Series],
        judged: Vec<Judgement>,
    ) -> Result<Written, Error> {
        let names: Vec<&str> = plan.candidates.iter().map(|one| one.spec.model_type()).collect();
        let (mut lines, mut columns) = (Vec::new(), OutlookColumns::new(&Interval::USUAL_LEVELS));
        for (one, judged) in series.iter().zip(judged) {
            self.first.get_or_insert_with(|| one.name().to_owned());
            self.standings.add(&judged);
            let Some(outlook) = judged.outlook else {
                self.exclude(one);
                continue;
            };
            self.take(one, &outlook)?;
            self.lose(plan, one, &outlook.decision);
            let shown = shown(spec, &names, one, outlook);
            serde_json::to_writer(&mut lines, &shown)?;
            lines.push(b'\n');
            let bounds = shown.intervals.iter().map(|interval| (&interval.lower[..], &interval.upper[..]));
            columns.push(&shown.name, &shown.dates, &shown.points, &bounds.collect::<Vec<_>>());
        }
        Ok(Written { lines, forecasts: self.file.add(&columns)? })
    }

    fn take(&mut self, series: &Series, outlook: &Outlook) -> Result<(), serde_json::Error> {
        let weights = &outlook.decision.weights;
        self.forecast += 1;
        self.weights.iter_mut().zip(weights).for_each(|(sum, weight)| *sum += weight);
        if !self.decisions.is_empty() {
            self.decisions.push(b',');
        }
        let entry = SeriesWeights { name: series.name().to_owned(), weights: weights.clone() };
        serde_json::to_writer(&mut self.decisions, &entry)
    }

    fn lose(&mut self, plan: &Plan, series: &Series, decision: &Decision) {
        let Some(given) = &plan.given else { return };
        let weights = given.of(series.name()).iter().zip(&decision.weights);
        for ((series, sum), (&given, &kept)) in self.lost.iter_mut().zip(weights) {
            if given > 0.0 && kept <= 0.0 {
                (*series, *sum) = (*series + 1, *sum + given);
            }
        }
    }

    /// A series from which no model could learn.
    fn exclude(&mut self, series: &Series) {
        if self.unlearned.len() < TOLD {
            let in_rows = || counted(series.len(), "row", "rows");
            let rows = step_of([series]).map_or_else(in_rows, |step| step.counted(series.len()));
            let reason = format!("none of the models can learn from its {rows}");
            self.unlearned.push(ExcludedSeries { name: series.name().to_owned(), reason });
        }
    }

    fn mean_weights(&self) -> Vec<f64> {
        self.weights.iter().map(|sum| sum / self.forecast.max(1) as f64).collect()
    }
}

/// What was decided, as JSON: its series were written one by one, and stand last.
fn decision(spec: &Spec, plan: &Plan, sums: &Sums) -> Result<Bytes, Error> {
    let mut bytes = serde_json::to_vec(&decided(spec, plan, sums.mean_weights()))?;
    let end = b"]}";
    debug_assert!(bytes.ends_with(b"\"series\":[]}"), "the series stand last");
    bytes.truncate(bytes.len() - end.len());
    bytes.extend_from_slice(&sums.decisions);
    bytes.extend_from_slice(end);
    Ok(bytes.into())
}

/// What is kept of a series with a forecast.
fn shown(spec: &Spec, names: &[&str], one: &Series, outlook: Outlook) -> SeriesForecast {
    let before = one.len().saturating_sub((2 * spec.horizon).max(LEAST_SHOWN));
    SeriesForecast {
        name: one.name().to_owned(),
        weights: weights(&outlook.decision, names),
        why: outlook.decision.words(names),
        metrics: outlook.metrics,
        dates: one.future_dates(spec.horizon),
        points: outlook.points,
        intervals: outlook.intervals,
        history: one.values()[before..].iter().map(|&value| kernel::finite(value)).collect(),
        history_dates: Vec::new(),
    }
}

fn weights(decision: &Decision, names: &[&str]) -> Vec<ModelWeight> {
    let mut order: Vec<usize> = (0..names.len()).filter(|&at| decision.weights[at] > 0.0).collect();
    order.sort_by(|a, b| decision.weights[*b].total_cmp(&decision.weights[*a]).then(a.cmp(b)));
    let weight = |at: usize| ModelWeight { model_type: names[at].to_owned(), weight: decision.weights[at] };
    order.into_iter().map(weight).collect()
}

fn result(spec: &Spec, plan: &Plan, sums: &Sums, coverage: &[f64]) -> FleetResult {
    let standings = standings(spec, plan, sums);
    let coverage = Interval::USUAL_LEVELS.iter().zip(coverage);
    FleetResult {
        statement: statement(spec, plan, sums, &standings),
        assumptions: plan.assumptions.iter().cloned().chain(lost_in_words(plan, sums)).collect(),
        frequency: spec.frequency.into(),
        season_length: plan.season,
        series_forecast: sums.forecast,
        unlearned_series: sums.unlearned.clone(),
        standings,
        coverage: coverage.map(|(&level, &observed)| LevelCoverage { level, observed }).collect(),
    }
}

/// What an earlier decision gives to models that cannot run on these values, which nobody should overlook beside the errors.
fn lost_in_words(plan: &Plan, sums: &Sums) -> Vec<String> {
    let of = |(candidate, &(series, sum)): (&Candidate, &(usize, f64))| {
        (series > 0).then(|| {
            format!(
                "{} cannot run on {}: the {} % it has there go to the other models of the decision.",
                candidate.spec.model_type(),
                counted(series, "series", "series"),
                figure(100.0 * sum / series as f64, 0)
            )
        })
    };
    plan.candidates.iter().zip(&sums.lost).filter_map(of).collect()
}

fn standings(spec: &Spec, plan: &Plan, sums: &Sums) -> Vec<FleetStanding> {
    let standing = |model_type, why: &str, found: &Standing, weight| FleetStanding {
        model_type,
        why: why.to_owned(),
        series: found.series,
        mase: found.mase,
        mase_error: found.mase_error,
        wape: found.wape,
        weight,
    };
    let (rule, candidates) = sums.standings.clone().finish();
    let found = plan.candidates.iter().zip(&candidates).zip(sums.mean_weights());
    let mut each: Vec<FleetStanding> = found
        .map(|((one, found), weight)| {
            standing(Some(one.spec.model_type().to_owned()), one.why, found, weight)
        })
        .collect();
    each.sort_by(|a, b| a.mase.unwrap_or(f64::INFINITY).total_cmp(&b.mase.unwrap_or(f64::INFINITY)));
    let why = match spec.series_total {
        _ if plan.given.is_some() => "what is forecast: the models, weighed as an earlier forecast decided",
        1 => "what is forecast: the candidates, weighed; judged on the folds that weighed them",
        _ => "what is forecast: the candidates, weighed for each series by its other folds and the fleet's",
    };
    let rule = standing(None, why, &rule, 1.0);
    std::iter::once(rule).chain(each).collect()
}

/// The answer in a sentence, with the power of what it stands on.
fn statement(spec: &Spec, plan: &Plan, sums: &Sums, standings: &[FleetStanding]) -> String {
    let (series, forecast) = (spec.series_total, sums.forecast);
    let first = sums.first.as_deref().unwrap_or_default();
    if forecast == 0 {
        return match series {
            1 => format!("{first} cannot be forecast by any of the models."),
            _ => format!("None of {series} series can be forecast by any of the models."),
        };
    }
    let steps = spec.say(&counted(spec.horizon, "step", "steps"));
    let are = if spec.horizon == 1 { "is" } else { "are" };
    let asked = series + spec.excluded_total;
    let what = match series {
        1 => format!("{steps} of {first} {are} forecast"),
        _ => format!("{steps} of {forecast} of {asked} series {are} forecast"),
    };
    // Of fewer series a mean says nothing beside one of more.
    let rule = &standings[0];
    let best = standings.iter().skip(1).find(|one| one.mase.is_some() && one.series == rule.series);
    match (rule.mase, best) {
        // Of weights that were given nobody asks who is better, and a model ran only where it weighs something.
        (Some(mase), Some(best)) if standings.len() > 2 && plan.given.is_none() => {
            let name = best.model_type.as_deref().unwrap_or_default();
            let single = best.mase.unwrap_or_default();
            let each = if series > 1 { ", each weighed by the others," } else { "" };
            format!(
                "{what}. On the folds{each} the weighted forecast has a MASE of {}, the best single model, {name}, {}.",
                figure(mase, 3),
                figure(single, 3)
            )
        }
        (Some(mase), _) => format!("{what}. On the folds its MASE is {}.", figure(mase, 3)),
        (None, _) if rule.series == 0 => format!("{what}. The history is too short to judge it."),
        (None, _) => {
            format!("{what}. It has no MASE: the history never changes, or repeats its seasons exactly.")
        }
    }
}
