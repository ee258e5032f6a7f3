//! A comparison in plain sentences, made from its numbers alone.

use kernel::{counted, figure};
use wire::model_selection::{BusinessSummary, Lead, RankEntry, RankMetrics, Standings, WinnerSummary};

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

/// The summary of a ranking.
pub fn business_summary(ranking: &Standings, facts: &DemandFacts) -> BusinessSummary {
    let winner = ranking.winner.as_ref();
    BusinessSummary {
        headline: headline(ranking),
        winner: winner
            .map(|entry| WinnerSummary { model_type: entry.model_type.clone(), summary: phrase(entry) }),
        recommendation_confidence: ranking.confidence,
        confidence_reasons: ranking.reasons.clone(),
        comparison: winner.map(|winner| compare(winner, ranking)),
        data_notes: data_notes(facts, &ranking.warnings),
        caveats: vec![
            "Accuracy on past folds is no guarantee of accuracy on days to come.".to_owned(),
            "The models find correlation in past demand; they do not show what causes it.".to_owned(),
        ],
    }
}

fn headline(ranking: &Standings) -> String {
    let ranked = ranking.entries.iter().filter(|entry| entry.included).count();
    let total = ranking.entries.len();
    match &ranking.winner {
        Some(winner) => {
            format!(
                "{} forecasts best of {} ({total} took part).",
                winner.key,
                counted(ranked, "ranked candidate", "ranked candidates")
            )
        }
        None => format!(
            "None of {} could be ranked, so no model is recommended.",
            counted(total, "candidate", "candidates")
        ),
    }
}

fn phrase(entry: &RankEntry) -> String {
    let show = |value: Option<f64>, decimals: usize, unit: &str| {
        value.map_or("undefined".to_owned(), |value| format!("{}{unit}", figure(value, decimals)))
    };
    let Some(RankMetrics { wape, smape, mae, bias, .. }) = entry.metrics else { return String::new() };
    format!(
        "WAPE {}, sMAPE {}, MAE {}, bias {}",
        show(wape, 1, "%"),
        show(smape, 1, ""),
        show(mae, 2, ""),
        show(bias, 2, "")
    )
}

fn compare(winner: &RankEntry, ranking: &Standings) -> Lead {
    let second = ranking.entries.iter().find(|entry| entry.rank == Some(2));
    let wape = |entry: &RankEntry| entry.metrics.and_then(|metrics| metrics.wape);
    let lead_text = match second.map(|second| (second, wape(winner), wape(second))) {
        None => "There is no runner-up to compare with.".to_owned(),
        Some((second, Some(first), Some(other))) if other != 0.0 => {
            let lead = 100.0 * (other - first) / other;
            format!("Its WAPE is {}% lower than that of {}.", figure(lead, 1), second.key)
        }
        Some((second, ..)) => format!("Its accuracy is comparable to that of {}.", second.key),
    };
    Lead {
        runner_up_model_type: second.map(|entry| entry.model_type.clone()),
        runner_up_summary: second.map(phrase),
        lead_text,
    }
}

fn data_notes(facts: &DemandFacts, warnings: &[String]) -> Vec<String> {
    let DemandFacts { observed_days, expected_calendar_days, coverage_ratio, average_daily_demand, .. } =
        facts;
    let mut notes = vec![
        format!(
            "{observed_days} of {expected_calendar_days} expected days are observed ({}% coverage).",
            figure(100.0 * coverage_ratio, 1)
        ),
        format!("Mean demand is {} per day.", figure(*average_daily_demand, 2)),
    ];
    notes.extend(facts.warnings.iter().chain(warnings).cloned());
    notes
}
