//! The one statement of a ranking: who is first, whether that is more than chance, and how sure it is.
//!
//! Everything that is said of a comparison (API, terminal frame, command line, page) repeats what is decided here.
//! Confidence is the least of three grades: the lead, the tests against the others, and the choice judged blind. So it
//! is never high beside a tie, nor beside a choice that did not hold on the fold it was not made on.

use evaluation::compare::{Telling, Told};
use kernel::{counted, measured};
use wire::model_selection::{
    Confidence, RankEntry, RankingMetric, RankingPolicy, SelectionCheck, Sufficiency, Verdict,
};

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
    pub metric: RankingMetric,
    /// By what what is no candidate is measured.
    pub measure: RankingMetric,
    pub policy: &'a RankingPolicy,
    pub sufficiency: Sufficiency,
    /// Of a ranking over several series.
    pub several: Option<Several>,
}

impl Facts<'_> {
    /// What a number is called of these series.
    fn named(&self, metric: RankingMetric) -> &'static str {
        metric.label_over(self.several.map_or(1, |all| all.series))
    }
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
    let first = facts.ranked.first().map(|first| first.key.as_str());
    let told = facts.ranked.iter().skip(1).zip(&facts.telling.told);
    let tied = told
        .filter(|(_, told)| matches!(told, Told::Equal | Told::Tied))
        .map(|(entry, _)| entry.key.as_str());
    Statement {
        verdict,
        sentence: sentence(facts, verdict),
        confidence,
        reasons: grades.into_iter().map(|found| found.1).collect(),
        tied: first.into_iter().chain(tied).map(str::to_owned).collect(),
    }
}

fn decide(facts: &Facts<'_>) -> Verdict {
    let has = |told: Told| facts.telling.told.contains(&told);
    match facts.ranked {
        [] => Verdict::Nobody,
        [_] => Verdict::Only,
        _ if facts.telling.told.iter().all(|told| *told == Told::Equal) => Verdict::Equal,
        [first, ..] if first.by(facts.metric).is_none() => Verdict::Unmeasured,
        _ if has(Told::Better) => Verdict::Contested,
        _ if has(Told::Tied) || has(Told::Equal) => Verdict::Tied,
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
        Verdict::Equal => {
            let is_exact = facts.ranked[0].metrics.is_some_and(|metrics| metrics.mae == Some(0.0));
            let how = if is_exact { "are exact" } else { "err alike" };
            let all = facts.ranked.len();
            format!(
                "All {all} ranked candidates {how} on every test point{on_every}: they tie, and none leads."
            )
        }
        Verdict::Unmeasured => {
            let why = match facts.metric {
                RankingMetric::Wape => ", because there is no demand to measure errors against",
                _ => " here",
            };
            let name = facts.named(facts.metric);
            format!(
                "None leads by {name}: it has no value for any candidate{why}. The order is that of other metrics."
            )
        }
        Verdict::Tied => format!("No clear winner: {}.", tie(facts, first, &for_all)),
        Verdict::Contested => format!(
            "No clear winner: {first} is first by {}{for_all}, and by absolute error {} is better.",
            facts.named(facts.metric),
            names(&with(facts, Told::Better))
        ),
        Verdict::Undecided => format!(
            "Undecided: {first} leads{for_all}, and {} to tell it from {}.",
            too_few(facts.telling),
            names(&with(facts, Told::Unknown))
        ),
    }
}

/// Who leads together, who may, and how small a lead the tests would have told.
fn tie(facts: &Facts<'_>, first: &str, for_all: &str) -> String {
    let (equal, tied) = (with(facts, Told::Equal), with(facts, Told::Tied));
    let (leads, own) = if equal.is_empty() {
        (format!("{first} leads{for_all}"), "its own")
    } else {
        (format!("{first} and {} err alike and lead{for_all}", names(&equal)), "theirs")
    };
    if tied.is_empty() {
        return leads;
    }
    let power = power(facts).map_or_else(String::new, |lead| {
        format!("; {} would tell a lead of {lead} % in four of five cases", observed(facts.telling))
    });
    format!("{leads}, and the errors of {} cannot be told from {own} at 5 %{power}", names(&tied))
}

/// The lead, in percent, that would be told of each of the tied.
fn power(facts: &Facts<'_>) -> Option<String> {
    let tied = facts.telling.told.iter().zip(&facts.telling.told_from);
    let leads: Option<Vec<f64>> =
        tied.filter(|(told, _)| **told == Told::Tied).map(|(_, lead)| *lead).collect();
    let most = leads?.into_iter().fold(0.0, f64::max);
    (most > 0.0).then(|| measured(100.0 * most))
}

/// What the tests rest on.
fn observed(telling: &Telling) -> String {
    let windows = counted(telling.windows, "test window", "test windows");
    if telling.is_over_series() { format!("{} series over {windows}", telling.series) } else { windows }
}

fn too_few(telling: &Telling) -> String {
    match telling.windows {
        0 => "no common test window is there".to_owned(),
        _ if telling.is_over_series() => format!("{} do not suffice", observed(telling)),
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
            let has_leader = !matches!(verdict, Verdict::Equal | Verdict::Unmeasured);
            found.extend(has_leader.then(|| lead(facts, first, second)));
            found.push(told(facts, verdict));
            let check = facts.check.filter(|_| has_leader);
            found.extend(check.map(|check| blind(facts, check, &first.key)));
            if facts.check.is_none() && facts.telling.windows == 1 {
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
        .then(|| format!("the bias of {} exceeds the accepted {}", measured(bias), measured(bound)))
}

/// By what is ranked by.
fn lead(facts: &Facts<'_>, first: &RankEntry, second: &RankEntry) -> (Confidence, String) {
    use Confidence::{High, Low, Medium};
    let (metric, name) = (facts.metric, facts.named(facts.metric));
    let (Some(best), Some(next)) = (first.by(metric), second.by(metric)) else {
        return (Low, format!("there is no {name} of the first two to compare them by"));
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
        "{name} {} against {} of {}, a lead of {} %, {judgement}",
        metric.shown(best),
        metric.shown(next),
        second.key,
        measured(100.0 * lead)
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
        Verdict::Clear => {
            let (all, on) = (all_err_more(facts.ranked.len() - 1), observed(facts.telling));
            (High, format!("{all}, by more than chance at 5 % ({on})"))
        }
        Verdict::Equal => (Low, "all err alike on every test point".to_owned()),
        Verdict::Unmeasured => (Low, "what it is ranked by has no value".to_owned()),
        Verdict::Contested => (Low, format!("{} less by absolute error", err(count(Told::Better)))),
        Verdict::Tied => {
            let (equal, tied) = (count(Told::Equal), count(Told::Tied));
            let equal = (equal > 0).then(|| format!("{} alike", err(equal)));
            let tied = (tied > 0).then(|| format!("{} cannot be told from it at 5 %", others(tied)));
            (Low, [equal, tied].into_iter().flatten().collect::<Vec<_>>().join(", "))
        }
        _ => (Low, format!("{} to tell it from {}", too_few(facts.telling), others(count(Told::Unknown)))),
    }
}

/// So many others, in words.
fn others(count: usize) -> String {
    if count == 1 { "one other".to_owned() } else { format!("{count} others") }
}

fn err(count: usize) -> String {
    format!("{} {}", others(count), if count == 1 { "errs" } else { "err" })
}

fn all_err_more(others: usize) -> String {
    if others == 1 { "the other errs more".to_owned() } else { format!("all {others} others err more") }
}

fn blind(facts: &Facts<'_>, check: &SelectionCheck, first: &str) -> (Confidence, String) {
    use Confidence::{High, Medium};
    let measure = facts.measure;
    let chosen = &check.chosen;
    let (Some(own), Some(mean)) = (check.chosen_error, check.combination_error) else {
        return (Medium, "the last fold has no demand to judge the choice on".to_owned());
    };
    let numbers = format!(
        "{} {} there against {} of the candidates' mean",
        facts.named(measure),
        measure.shown(own),
        measure.shown(mean)
    );
    if chosen != first {
        (Medium, format!("judged blind on the last fold, {chosen} would have been chosen: {numbers}"))
    } else if own > mean {
        (Medium, format!("judged blind on the last fold, the choice is the same and did not pay: {numbers}"))
    } else {
        (High, format!("judged blind on the last fold, the choice is the same and held: {numbers}"))
    }
}
