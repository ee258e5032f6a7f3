//! A comparison in plain sentences, made from its numbers alone.

use kernel::{figure, measured};
use wire::model_selection::{
    BusinessSummary, Lead, RankEntry, RankMetrics, RankingMetric, Standings, WinnerSummary,
};

/// What is known of the demand the candidates were judged on.
#[derive(Debug, Clone, PartialEq)]
pub struct DemandFacts {
    /// Days with a row.
    pub observed_days: usize,
    /// Days from the first to the last.
    pub expected_calendar_days: usize,
    /// Observed over expected, 0 to 1.
    pub coverage_ratio: f64,
    /// Mean demand of an observed day.
    pub average_daily_demand: f64,
    /// What was noticed about the data.
    pub warnings: Vec<String>,
}

/// The summary of a ranking whose statement is the headline.
pub fn business_summary(headline: &str, ranking: &Standings, facts: &DemandFacts) -> BusinessSummary {
    let winner = ranking.winner.as_ref();
    BusinessSummary {
        headline: headline.to_owned(),
        winner: winner
            .map(|entry| WinnerSummary { model_type: entry.model_type.clone(), summary: phrase(entry) }),
        recommendation_confidence: ranking.confidence,
        confidence_reasons: ranking.reasons.clone(),
        comparison: winner.map(|winner| compare(winner, ranking)),
        data_notes: data_notes(facts, &ranking.warnings),
        caveats: vec![
            "Accuracy on past folds is no guarantee of accuracy to come.".to_owned(),
            "The models find correlation in past demand; they do not show what causes it.".to_owned(),
        ],
    }
}

fn phrase(entry: &RankEntry) -> String {
    let shown = |metric: RankingMetric, value: Option<f64>| {
        let value = value.map_or_else(|| "undefined".to_owned(), |value| metric.shown(value));
        format!("{} {value}", metric.label())
    };
    let Some(RankMetrics { wape, smape, mae, bias, .. }) = entry.metrics else { return String::new() };
    [
        shown(RankingMetric::Wape, wape),
        shown(RankingMetric::Smape, smape),
        shown(RankingMetric::Mae, mae),
        shown(RankingMetric::Bias, bias),
    ]
    .join(", ")
}

fn compare(winner: &RankEntry, ranking: &Standings) -> Lead {
    let second = ranking.entries.iter().filter(|entry| entry.included).nth(1);
    Lead {
        runner_up_model_type: second.map(|entry| entry.model_type.clone()),
        runner_up_summary: second.map(phrase),
        lead_text: lead_in_words(winner, second, (ranking.metric, ranking.metric.label())),
    }
}

/// The numbers of the first two by what they are ranked by, and what that is called.
pub fn lead_in_words(
    first: &RankEntry,
    second: Option<&RankEntry>,
    (metric, name): (RankingMetric, &str),
) -> String {
    let Some(second) = second else { return "There is no runner-up to compare with.".to_owned() };
    match first.by(metric).zip(second.by(metric)) {
        Some((own, other)) if own.total_cmp(&other).is_eq() => {
            format!("Its {name} is that of {}.", second.key)
        }
        Some((own, other)) => {
            format!("Its {name} is {}, that of {} {}.", metric.shown(own), second.key, metric.shown(other))
        }
        None => format!("There is no {name} to compare it with {} by.", second.key),
    }
}

fn data_notes(facts: &DemandFacts, warnings: &[String]) -> Vec<String> {
    let DemandFacts { observed_days, expected_calendar_days, coverage_ratio, average_daily_demand, .. } =
        facts;
    let mut notes = vec![
        format!(
            "{observed_days} of {expected_calendar_days} expected dates have a value ({} %).",
            figure(100.0 * coverage_ratio, 1)
        ),
        format!("The mean of an observed value is {}.", measured(*average_daily_demand)),
    ];
    notes.extend(facts.warnings.iter().chain(warnings).cloned());
    notes
}
