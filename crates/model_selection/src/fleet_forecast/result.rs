//! The result of a forecast, and the artifacts it is kept in: Parquet for programs, lines of JSON for pages.

use bytes::Bytes;
use evaluation::choose::rule::Decision;
use evaluation::outlook::{Conclusion, Outlook, Question, Said, Standing, conclude};
use kernel::{counted, figure};
use series::Series;
use series::columnar::{Compression, OutlookColumns, write_outlooks};
use wire::model_selection::{
    ExcludedSeries, FleetResult, FleetStanding, Interval, LevelCoverage, ModelWeight, SeriesForecast,
};

use super::choice::TOLD;
use super::decision::decided;
use super::kind::{Error, Spec};
use super::plan::Plan;

/// So many values before a forecast are shown beside it, at least.
const LEAST_SHOWN: usize = 24;

/// A result and its artifacts.
pub(super) struct Written {
    pub result: FleetResult,
    pub summary: Bytes,
    pub series: Bytes,
    pub decision: Bytes,
    pub forecasts: Bytes,
}

/// Weighs what was said and writes what comes of it.
pub(super) fn written(
    spec: &Spec,
    plan: &Plan,
    series: &[Series],
    said: &[Vec<Option<Said>>],
) -> Result<Written, Error> {
    let question = Question {
        candidates: &plan.candidates,
        folding: plan.folding,
        season: plan.season,
        loss: plan.loss,
        is_fleet: series.len() > 1,
        given: plan.given.as_deref(),
        levels: &Interval::USUAL_LEVELS,
    };
    let conclusion = conclude(&question, series, said);
    let (mut lines, mut columns) = (Vec::new(), OutlookColumns::new(&Interval::USUAL_LEVELS));
    for one in shown(spec, plan, series, &conclusion) {
        serde_json::to_writer(&mut lines, &one)?;
        lines.push(b'\n');
        let bounds = one.intervals.iter().map(|interval| (&interval.lower[..], &interval.upper[..]));
        columns.push(&one.name, &one.dates, &one.points, &bounds.collect::<Vec<_>>());
    }
    let result = result(spec, plan, series, &conclusion);
    Ok(Written {
        summary: serde_json::to_vec(&result)?.into(),
        series: lines.into(),
        decision: serde_json::to_vec(&decided(spec, plan, series, &conclusion))?.into(),
        forecasts: write_outlooks(&columns, Compression::Zstd)?.into(),
        result,
    })
}

/// What is kept of each series with a forecast, one after the other.
fn shown<'a>(
    spec: &'a Spec,
    plan: &'a Plan,
    series: &'a [Series],
    conclusion: &'a Conclusion,
) -> impl Iterator<Item = SeriesForecast> + 'a {
    let names: Vec<&str> = plan.candidates.iter().map(|one| one.spec.model_type()).collect();
    let of = move |(one, outlook): (&Series, &Option<Outlook>)| {
        let outlook = outlook.as_ref()?;
        let before = one.len().saturating_sub((2 * spec.horizon).max(LEAST_SHOWN));
        Some(SeriesForecast {
            name: one.name().to_owned(),
            weights: weights(&outlook.decision, &names),
            why: outlook.decision.words(&names),
            metrics: outlook.metrics.clone(),
            dates: one.future_dates(spec.horizon),
            points: outlook.points.clone(),
            intervals: outlook.intervals.clone(),
            history: one.values()[before..].iter().map(|&value| kernel::finite(value)).collect(),
            history_dates: Vec::new(),
        })
    };
    series.iter().zip(&conclusion.series).filter_map(of)
}

fn weights(decision: &Decision, names: &[&str]) -> Vec<ModelWeight> {
    let mut order: Vec<usize> = (0..names.len()).filter(|&at| decision.weights[at] > 0.0).collect();
    order.sort_by(|a, b| decision.weights[*b].total_cmp(&decision.weights[*a]).then(a.cmp(b)));
    let weight = |at: usize| ModelWeight { model_type: names[at].to_owned(), weight: decision.weights[at] };
    order.into_iter().map(weight).collect()
}

fn result(spec: &Spec, plan: &Plan, series: &[Series], conclusion: &Conclusion) -> FleetResult {
    let series_forecast = conclusion.series.iter().flatten().count();
    let standings = standings(plan, conclusion);
    let coverage = Interval::USUAL_LEVELS.iter().zip(&conclusion.coverage);
    FleetResult {
        statement: statement(spec, plan, series, series_forecast, &standings),
        assumptions: plan.assumptions.clone(),
        frequency: spec.frequency.into(),
        season_length: plan.season,
        series_forecast,
        unlearned_series: unlearned(series, &conclusion.series),
        standings,
        coverage: coverage.map(|(&level, &observed)| LevelCoverage { level, observed }).collect(),
    }
}

/// Series from which no model could learn.
fn unlearned(series: &[Series], outlooks: &[Option<Outlook>]) -> Vec<ExcludedSeries> {
    let none = series.iter().zip(outlooks).filter(|(_, outlook)| outlook.is_none());
    let excluded = |(one, _): (&Series, _)| {
        let rows = counted(one.len(), "row", "rows");
        ExcludedSeries {
            name: one.name().to_owned(),
            reason: format!("none of the models can learn from its {rows}"),
        }
    };
    none.map(excluded).take(TOLD).collect()
}

fn standings(plan: &Plan, conclusion: &Conclusion) -> Vec<FleetStanding> {
    let standing = |model_type, why: &str, found: &Standing, weight| FleetStanding {
        model_type,
        why: why.to_owned(),
        series: found.series,
        mase: found.mase,
        mase_error: found.mase_error,
        wape: found.wape,
        weight,
    };
    let outlooks: Vec<&Outlook> = conclusion.series.iter().flatten().collect();
    let mean = |at: usize| {
        outlooks.iter().fold(0.0, |sum, one| sum + one.decision.weights[at]) / outlooks.len().max(1) as f64
    };
    let mut each: Vec<FleetStanding> = plan
        .candidates
        .iter()
        .zip(&conclusion.candidates)
        .enumerate()
        .map(|(at, (one, found))| standing(Some(one.spec.model_type().to_owned()), one.why, found, mean(at)))
        .collect();
    each.sort_by(|a, b| a.mase.unwrap_or(f64::INFINITY).total_cmp(&b.mase.unwrap_or(f64::INFINITY)));
    let why = match conclusion.series.len() {
        _ if plan.given.is_some() => "what is forecast: the models, weighed as an earlier forecast decided",
        1 => "what is forecast: the candidates, weighed; judged on the folds that weighed them",
        _ => "what is forecast: the candidates, weighed for each series by its other folds and the fleet's",
    };
    let rule = standing(None, why, &conclusion.rule, 1.0);
    std::iter::once(rule).chain(each).collect()
}

/// The answer in a sentence, with the power of what it stands on.
fn statement(
    spec: &Spec,
    plan: &Plan,
    series: &[Series],
    forecast: usize,
    standings: &[FleetStanding],
) -> String {
    if forecast == 0 {
        return match series {
            [only] => format!("{} cannot be forecast by any of the models.", only.name()),
            _ => format!("None of {} series can be forecast by any of the models.", series.len()),
        };
    }
    let (steps, are) = (counted(spec.horizon, "step", "steps"), if spec.horizon == 1 { "is" } else { "are" });
    let asked = series.len() + spec.excluded_total;
    let what = match series {
        [only] => format!("{steps} of {} {are} forecast", only.name()),
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
            let each = if series.len() > 1 { ", each weighed by the others," } else { "" };
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
