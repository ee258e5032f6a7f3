//! The one statement of a ranking: who is first, whether that is more than chance, and how sure it is.
//!
//! Everything that is said of a comparison (API, terminal frame, command line, page) repeats what is decided here.
//! Confidence is the least of three grades: the lead, the tests against the others, and the choice judged blind. So it
//! is never high beside a tie, nor beside a choice that did not hold on the fold it was not made on.

use kernel::{counted, figure};
use wire::model_selection::{
    Confidence, Metric, RankEntry, RankingPolicy, SelectionCheck, Sufficiency, Verdict,
};

use super::tie::{Telling, Told};

/// A verdict with its sentence, its confidence, and the reasons of that.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Statement {
    pub verdict: Verdict,
    pub sentence: String,
    pub confidence: Confidence,
    pub reasons: Vec<String>,
    /// The keys of the tied, the first one's first; empty if nobody is ranked.
    pub tied: Vec<String>,
}

/// What a statement is made from.
pub(super) struct Facts<'a> {
    /// The ranked entries, best first.
    pub ranked: &'a [&'a RankEntry],
    /// Everyone who was asked for.
    pub asked: usize,
    pub telling: &'a Telling,
    /// The choice judged blind; of a single series of many it is not.
    pub check: Option<&'a SelectionCheck>,
    pub metric: Metric,
    pub policy: &'a RankingPolicy,
    pub sufficiency: Sufficiency,
    /// Of a ranking over several series.
    pub several: Option<Several>,
}

/// What only several series have.
#[derive(Debug, Clone, Copy)]
pub(super) struct Several {
    pub series: usize,
    /// Where the first is first.
    pub won: usize,
    /// Whether nobody has a better mean rank than the first.
    pub has_best_mean_rank: bool,
}

/// A relative lead below this is a near tie.
const NEAR_TIE: f64 = 0.02;

/// So many are named in a sentence.
const NAMED: usize = 5;

/// Decides and says it.
pub(super) fn state(facts: &Facts<'_>) -> Statement {
    let verdict = decide(facts);
    let grades = grades(facts, verdict);
    let grade = |confidence: &Confidence| match confidence {
        Confidence::Low => 0,
        Confidence::Medium => 1,
        Confidence::High => 2,
    };
    let confidence = grades.iter().map(|found| found.0).min_by_key(grade).unwrap_or(Confidence::Low);
    let first = facts.ranked.first().map(|first| first.key.clone());
    let tied = with(facts, Told::Tied).into_iter().map(str::to_owned);
    Statement {
        verdict,
        sentence: sentence(facts, verdict),
        confidence,
        reasons: grades.into_iter().map(|found| found.1).collect(),
        tied: first.into_iter().chain(tied).collect(),
    }
}

fn decide(facts: &Facts<'_>) -> Verdict {
    let has = |told: Told| facts.telling.told.contains(&told);
    match facts.ranked.len() {
        0 => Verdict::Nobody,
        1 => Verdict::Only,
        _ if has(Told::Better) => Verdict::Contested,
        _ if has(Told::Tied) => Verdict::Tied,
        _ if has(Told::Unknown) => Verdict::Undecided,
        _ => Verdict::Clear,
    }
}

/// The keys of those who stand so to the first.
fn with<'a>(facts: &Facts<'a>, told: Told) -> Vec<&'a str> {
    let others = facts.ranked.iter().skip(1).zip(&facts.telling.told);
    others.filter(|(_, found)| **found == told).map(|(entry, _)| entry.key.as_str()).collect()
}

fn names(keys: &[&str]) -> String {
    match keys.len().checked_sub(NAMED) {
        None | Some(0) => keys.join(", "),
        Some(more) => format!("{} and {more} more", keys[..NAMED].join(", ")),
    }
}

fn sentence(facts: &Facts<'_>, verdict: Verdict) -> String {
    let asked = facts.asked;
    let on_every = facts.several.map_or(String::new(), |all| format!(" on each of {} series", all.series));
    let Some(first) = facts.ranked.first().map(|first| first.key.as_str()) else {
        let of = counted(asked, "candidate", "candidates");
        return format!("None of {of} could be ranked{on_every}, so none is recommended.");
    };
    let for_all =
        facts.several.map_or(String::new(), |all| format!(", one model for all {} series", all.series));
    match verdict {
        Verdict::Nobody | Verdict::Only => {
            let of = counted(asked, "candidate", "candidates");
            format!("{first} is the only one of {of} that could be ranked{on_every}.")
        }
        Verdict::Clear => {
            let ranked = facts.ranked.len();
            format!("{first} is the champion{for_all}: it forecasts best of {ranked} ranked candidates.")
        }
        Verdict::Tied => format!(
            "No clear winner: {first} leads{for_all}, and the errors of {} cannot be told from its own at 5 %.",
            names(&with(facts, Told::Tied))
        ),
        Verdict::Contested => format!(
            "No clear winner: {first} is first by {}{for_all}, and by absolute error {} is better.",
            facts.metric,
            names(&with(facts, Told::Better))
        ),
        Verdict::Undecided => format!(
            "Undecided: {first} leads{for_all}, and {} to tell it from {}.",
            too_few(facts.telling),
            names(&with(facts, Told::Unknown))
        ),
    }
}

fn too_few(telling: &Telling) -> String {
    match telling.windows {
        0 => "no common test window is there".to_owned(),
        1 => "one test window is too little".to_owned(),
        few if telling.has_few_windows() => format!("{few} test windows are too few"),
        many => format!("{many} test windows do not suffice"),
    }
}

/// Each ground of confidence with the most it allows.
fn grades(facts: &Facts<'_>, verdict: Verdict) -> Vec<(Confidence, String)> {
    use Confidence::Low;
    match facts.ranked {
        [] => vec![(Low, "no candidate could be ranked".to_owned())],
        [only] => vec![(Low, format!("{} has nobody to be compared with", only.key))],
        [first, second, ..] => {
            let grounds = [history(facts), bias(facts, first)];
            let mut found: Vec<_> = grounds.into_iter().flatten().map(|reason| (Low, reason)).collect();
            found.push(lead(facts, first, second));
            found.push(told(facts, verdict));
            found.extend(facts.check.map(|check| blind(check, &first.key)));
            if facts.check.is_none() && facts.telling.windows < 2 {
                found.push((Confidence::Medium, "one fold leaves nothing to judge the choice on".to_owned()));
            }
            found
        }
    }
}

fn history(facts: &Facts<'_>) -> Option<String> {
    (facts.sufficiency != Sufficiency::Ready)
        .then(|| "the history is limited: too short or too sparse for all folds".to_owned())
}

fn bias(facts: &Facts<'_>, first: &RankEntry) -> Option<String> {
    let (bias, bound) = (first.metrics?.bias?, facts.policy.max_acceptable_abs_bias);
    (bias.abs() > bound)
        .then(|| format!("the bias of {} exceeds the accepted {}", figure(bias, 2), figure(bound, 2)))
}

/// Always of WAPE, whatever metric ranked.
fn lead(facts: &Facts<'_>, first: &RankEntry, second: &RankEntry) -> (Confidence, String) {
    use Confidence::{High, Low, Medium};
    let wape = |entry: &RankEntry| entry.metrics.and_then(|metrics| metrics.wape);
    let (Some(best), Some(next)) = (wape(first), wape(second)) else {
        return (Low, "WAPE is undefined because there is no demand".to_owned());
    };
    let lead = if next == 0.0 { 0.0 } else { (next - best) / next };
    let asked = facts.policy.high_confidence_rel_improvement;
    let (grade, judgement) = if lead < NEAR_TIE {
        (Low, format!("below {:.0} %, a near tie", 100.0 * NEAR_TIE))
    } else if lead < asked {
        (Medium, format!("below the {:.0} % asked for", 100.0 * asked))
    } else {
        (High, format!("at least the {:.0} % asked for", 100.0 * asked))
    };
    let numbers = format!(
        "WAPE {}% against {}% of {}, a lead of {} %, {judgement}",
        figure(best, 2),
        figure(next, 2),
        second.key,
        figure(100.0 * lead, 1)
    );
    match facts.several {
        None => (grade, numbers),
        Some(Several { series, won, has_best_mean_rank: true }) => {
            (grade, format!("{numbers}; first on {won} of {series} series with the best mean rank"))
        }
        Some(Several { series, won, .. }) => {
            let grade = if grade == High { Medium } else { grade };
            (
                grade,
                format!("{numbers}; first on {won} of {series} series, and another has a better mean rank"),
            )
        }
    }
}

fn told(facts: &Facts<'_>, verdict: Verdict) -> (Confidence, String) {
    use Confidence::{High, Low};
    let count = |told| with(facts, told).len();
    match verdict {
        Verdict::Clear if facts.telling.has_few_windows() => (
            High,
            format!(
                "{}, by more than chance over the series ({} alone could not tell)",
                all_err_more(facts.ranked.len() - 1),
                counted(facts.telling.windows, "test window", "test windows")
            ),
        ),
        Verdict::Clear => {
            (High, format!("{}, by more than chance at 5 %", all_err_more(facts.ranked.len() - 1)))
        }
        Verdict::Contested => {
            let better = count(Told::Better);
            let err = if better == 1 { "errs" } else { "err" };
            (Low, format!("{} {err} less by absolute error", others(better)))
        }
        Verdict::Tied => (Low, format!("{} cannot be told from it at 5 %", others(count(Told::Tied)))),
        _ => (Low, format!("{} to tell it from {}", too_few(facts.telling), others(count(Told::Unknown)))),
    }
}

/// So many others, in words.
fn others(count: usize) -> String {
    if count == 1 { "one other".to_owned() } else { format!("{count} others") }
}

fn all_err_more(others: usize) -> String {
    if others == 1 { "the other errs more".to_owned() } else { format!("all {others} others err more") }
}

fn blind(check: &SelectionCheck, first: &str) -> (Confidence, String) {
    use Confidence::{High, Medium};
    let chosen = &check.chosen;
    let (Some(own), Some(mean)) = (check.chosen_wape, check.combination_wape) else {
        return (Medium, "the last fold has no demand to judge the choice on".to_owned());
    };
    let numbers =
        format!("WAPE {}% there against {}% of the candidates' mean", figure(own, 2), figure(mean, 2));
    if chosen != first {
        (Medium, format!("judged blind on the last fold, {chosen} would have been chosen: {numbers}"))
    } else if own > mean {
        (Medium, format!("judged blind on the last fold, the choice is the same and did not pay: {numbers}"))
    } else {
        (High, format!("judged blind on the last fold, the choice is the same and held: {numbers}"))
    }
}
