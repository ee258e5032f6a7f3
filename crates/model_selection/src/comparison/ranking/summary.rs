//! The result in plain sentences: those of the forecast crate for one series, their counterpart for several.

use evaluation::rank::{DemandFacts, business_summary, lead_in_words};
use kernel::{counted, measured};
use wire::model_selection::{BusinessSummary, Lead, OverallEntry, RankingMetric, WinnerSummary};

use super::{Judged, Overall, Spec};
use crate::panel::observed;

pub(super) fn summary(spec: &Spec, judged: &[Judged<'_>], overall: &Overall) -> BusinessSummary {
    match judged {
        [only] => business_summary(&overall.statement, &only.ranking.standings, &facts(spec, only)),
        _ => of_many(spec, judged, overall),
    }
}

/// What the pair's availability said at submit; of an imported series, what its rows say.
fn facts(spec: &Spec, judged: &Judged<'_>) -> DemandFacts {
    if let Some(known) = &spec.availability {
        let days = |days: u64| usize::try_from(days).unwrap_or(usize::MAX);
        return DemandFacts {
            observed_days: days(known.evaluated.observed_days),
            expected_calendar_days: days(known.evaluated.expected_calendar_days),
            coverage_ratio: known.evaluated.coverage_ratio,
            average_daily_demand: known.evaluated.average_daily_demand,
            warnings: known.warnings.clone(),
        };
    }
    let (rows, observed) = (judged.series.len(), observed(judged.series));
    let total: f64 = judged.series.values().iter().filter(|value| !value.is_nan()).sum();
    DemandFacts {
        observed_days: observed,
        expected_calendar_days: rows,
        coverage_ratio: observed as f64 / rows as f64,
        average_daily_demand: kernel::finite(total / observed as f64).unwrap_or(0.0),
        warnings: Vec::new(),
    }
}

fn of_many(spec: &Spec, judged: &[Judged<'_>], overall: &Overall) -> BusinessSummary {
    let mut ranked = overall.entries.iter().filter(|entry| entry.entry.included);
    let (first, second) = (ranked.next(), ranked.next());
    let name = spec.ranking_metric.label_over(judged.len());
    BusinessSummary {
        headline: overall.statement.clone(),
        winner: first.map(|first| WinnerSummary {
            model_type: first.entry.model_type.clone(),
            summary: phrase(first, judged.len()),
        }),
        recommendation_confidence: overall.confidence,
        confidence_reasons: overall.reasons.clone(),
        comparison: first.map(|first| Lead {
            runner_up_model_type: second.map(|second| second.entry.model_type.clone()),
            runner_up_summary: second.map(|second| phrase(second, judged.len())),
            lead_text: lead_in_words(
                &first.entry,
                second.map(|second| &second.entry),
                (spec.ranking_metric, name),
            ),
        }),
        data_notes: data_notes(spec, judged, overall),
        caveats: vec![
            "One model for every series is simple to run; a series may be served better by another."
                .to_owned(),
            "Accuracy on past folds is no guarantee of accuracy to come.".to_owned(),
        ],
    }
}

fn phrase(entry: &OverallEntry, series: usize) -> String {
    let Some(metrics) = entry.entry.metrics else { return String::new() };
    let shown = |metric: RankingMetric| {
        let value = metrics.by(metric).map_or_else(|| "undefined".to_owned(), |value| metric.shown(value));
        format!("{} {value}", metric.label_over(series))
    };
    let rank = entry.mean_rank.map_or_else(|| "undefined".to_owned(), measured);
    format!("{}, {}, mean rank {rank}", shown(RankingMetric::RelMae), shown(RankingMetric::Wape))
}

fn data_notes(spec: &Spec, judged: &[Judged<'_>], overall: &Overall) -> Vec<String> {
    let rows: usize = judged.iter().map(|series| series.series.len()).sum();
    let mut notes = vec![format!(
        "{} series with {} {} compared.",
        judged.len(),
        counted(rows, "value", "values"),
        if judged.len() == 1 { "was" } else { "were" }
    )];
    let excluded = spec.excluded_series.len();
    if excluded > 0 {
        let first = &spec.excluded_series[0];
        notes.push(format!("{excluded} series took no part, first {}: {}.", first.name, first.reason));
    }
    notes.extend(overall.warnings.iter().take(10).cloned());
    notes
}
