//! The result of a forecast, and the artifacts it is kept in: Parquet for programs, lines of JSON for pages. They are written
//! block by block, and what was written is not held.

use std::sync::Arc;

use artifacts::Upload;
use bytes::Bytes;
use evaluation::choose::candidates::Candidate;
use evaluation::choose::rule::Decision;
use evaluation::outlook::{FEW_FOLDS, Judgement, Outlook, Standing, Standings};
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
use super::plan::{Known, Plan};
use super::statement::{Facts, statement};
use crate::panel::step_of;
use crate::plan::counting_in_words;

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
    /// Folds of the series that has the most.
    folds: usize,
    /// The weights of each series, as JSON.
    decisions: Vec<u8>,
    unlearned: Vec<ExcludedSeries>,
    /// The name of the first series, and what was decided of it.
    first: Option<(String, Option<Decision>)>,
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
            folds: 0,
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
            let decision = || judged.outlook.as_ref().map(|outlook| outlook.decision.clone());
            self.first.get_or_insert_with(|| (one.name().to_owned(), decision()));
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
        self.folds = self.folds.max(outlook.decision.folds);
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

    /// Whether folds were judged with the weights of other folds.
    fn is_apart(&self, spec: &Spec) -> bool {
        spec.series_total > 1 && self.folds >= FEW_FOLDS
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
    let (rule, candidates) = sums.standings.clone().finish();
    let judged = rule.judged;
    let standings = standings(spec, plan, sums, (&rule, &candidates));
    let first = sums.first.as_ref();
    let facts = Facts {
        forecast: sums.forecast,
        judged,
        is_apart: sums.is_apart(spec),
        first: first.map_or("", |(name, _)| name),
        decision: first.and_then(|(_, decision)| decision.as_ref()),
        standings: &standings,
    };
    let coverage = Interval::USUAL_LEVELS.iter().zip(coverage);
    FleetResult {
        statement: statement(spec, plan, &facts),
        assumptions: plan
            .assumptions
            .iter()
            .cloned()
            .chain(counting(plan, sums))
            .chain(lost_in_words(plan, sums))
            .collect(),
        frequency: spec.frequency.into(),
        season_length: plan.season,
        series_forecast: sums.forecast,
        series_judged: judged,
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

/// Which of the models that weigh something count what is known beforehand.
fn counting(plan: &Plan, sums: &Sums) -> Option<String> {
    let weighed = plan.candidates.iter().zip(sums.mean_weights()).filter(|(_, weight)| *weight > 0.0);
    let model = |(one, weight): (&Candidate, f64)| (one.spec.model_type(), plan.counts(one), Some(weight));
    let models: Vec<_> = weighed.map(model).collect();
    (plan.known != Known::Nowhere && !models.is_empty()).then(|| counting_in_words(&models))
}

fn standings(
    spec: &Spec,
    plan: &Plan,
    sums: &Sums,
    (rule, candidates): (&Standing, &[Standing]),
) -> Vec<FleetStanding> {
    let standing = |model_type, why: &str, found: &Standing, weight| FleetStanding {
        model_type,
        why: why.to_owned(),
        series: found.series,
        mase: found.mase,
        mase_error: found.mase_error,
        wape: found.wape,
        weight,
    };
    let found = plan.candidates.iter().zip(candidates).zip(sums.mean_weights());
    let mut each: Vec<FleetStanding> = found
        .map(|((one, found), weight)| {
            standing(Some(one.spec.model_type().to_owned()), one.why, found, weight)
        })
        .collect();
    each.sort_by(|a, b| a.mase.unwrap_or(f64::INFINITY).total_cmp(&b.mase.unwrap_or(f64::INFINITY)));
    let why = if plan.given.is_some() {
        "what is forecast: the models, weighed as an earlier forecast decided"
    } else if sums.is_apart(spec) {
        "what is forecast: the candidates, weighed for each series by its other folds and the fleet's"
    } else {
        "what is forecast: the candidates, weighed; judged on the folds that weighed them"
    };
    let rule = standing(None, why, rule, 1.0);
    std::iter::once(rule).chain(each).collect()
}
