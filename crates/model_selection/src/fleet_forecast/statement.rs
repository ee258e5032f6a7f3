//! The answer of a forecast in a sentence, with the power of what it stands on.

use evaluation::choose::rule::{Decision, taken_because};
use kernel::{counted, figure};
use wire::model_selection::FleetStanding;

use super::kind::Spec;
use super::plan::Plan;

/// What an answer is made from.
pub(super) struct Facts<'a> {
    /// Series with a forecast.
    pub forecast: usize,
    /// Series whose forecast was judged on folds.
    pub judged: usize,
    /// Whether folds were judged with the weights of other folds.
    pub is_apart: bool,
    /// The name of the first series.
    pub first: &'a str,
    /// What was decided of it.
    pub decision: Option<&'a Decision>,
    /// The weighted forecast first.
    pub standings: &'a [FleetStanding],
}

/// What is forecast, and how good it was on the folds.
pub(super) fn statement(spec: &Spec, plan: &Plan, facts: &Facts<'_>) -> String {
    let (series, forecast) = (spec.series_total, facts.forecast);
    let first = facts.first;
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
    format!("{what}. {}", judgement(spec, plan, facts))
}

/// How the weighted forecast did beside the best single model.
fn judgement(spec: &Spec, plan: &Plan, facts: &Facts<'_>) -> String {
    let rule = &facts.standings[0];
    // Of fewer series a mean says nothing beside one of more.
    let best = facts.standings.iter().skip(1).find(|one| one.mase.is_some() && one.series == rule.series);
    let without = without(facts.judged, rule.series);
    match (rule.mase, best.and_then(|best| Some((best.model_type.as_deref()?, best.mase?)))) {
        // Of weights that were given nobody asks who is better, and a model ran only where it weighs something.
        (Some(mase), Some((name, single))) if facts.standings.len() > 2 && plan.given.is_none() => {
            let each = if facts.is_apart { ", each weighed by the others," } else { "" };
            let (own, other) = (figure(mase, 3), figure(single, 3));
            let decision = facts.decision.filter(|_| spec.series_total == 1);
            let why = if mase > single && own != other {
                format!("; the weighted one is taken all the same, because {}", taken_because(plan.loss, decision))
            } else {
                String::new()
            };
            format!(
                "On the folds{each} the weighted forecast has a MASE of {own}, the best single model, {name}, {other}{why}.{without}"
            )
        }
        (Some(mase), _) => format!("On the folds its MASE is {}.{without}", figure(mase, 3)),
        (None, _) if facts.judged == 0 => spec.say(
            "Nothing could be judged: the history is too short for a fold, so that no model is known to be better than another.",
        ),
        (None, _) => {
            "It has no MASE: the history never changes, or repeats its seasons exactly.".to_owned()
        }
    }
}

/// Of how many judged series the MASE is not.
fn without(judged: usize, scaled: usize) -> String {
    match judged.saturating_sub(scaled) {
        0 => String::new(),
        some => format!(
            " It is the mean over {scaled} of {judged} series: {some} never {} or {} seasons exactly, and {} none.",
            if some == 1 { "changes" } else { "change" },
            if some == 1 { "repeats its" } else { "repeat their" },
            if some == 1 { "has" } else { "have" },
        ),
    }
}
