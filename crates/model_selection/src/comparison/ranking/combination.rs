//! What the champion is worth, in the numbers of its own run: against the plain mean of all candidates, and judged on
//! a fold it was not chosen on.
//!
//! A champion is the best of several on the very folds that are then shown, so its figures flatter it. The mean of the
//! candidates needs no choice. Both facts belong beside every ranking; the reader decides.
//!
//! The check compares all rules of choosing and combining on the last fold, each with what was known before it.

use forecast::FoldResult;
use forecast::combine::{self, Rule};
use forecast::compare::SIGNIFICANT;
use forecast::rank::{RankEntry, RankMetrics};
use serde::{Deserialize, Serialize};

use super::{Judged, backtest_of};

/// The mean of the ranked candidates' forecasts on the same test points.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Combination {
    /// How forecasts are combined: `mean`.
    pub method: String,
    /// The fewest candidates combined on a series.
    pub members: usize,
    /// Its WAPE over the points of all series, percent.
    pub wape: Option<f64>,
    /// The WAPE of each series' own champion over the same points.
    pub champion_wape: Option<f64>,
}

/// The choice put to the test: champions chosen on all folds but the last, judged on the last.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SelectionCheck {
    /// Series with at least two folds.
    pub series: usize,
    /// Their champions' WAPE on the last fold, percent.
    pub champion_wape: Option<f64>,
    /// The WAPE of the candidates' mean there.
    pub combination_wape: Option<f64>,
    /// Every rule there, the most accurate first.
    #[serde(default)]
    pub rules: Vec<RuleCheck>,
}

/// A rule of choosing or combining on the last fold, which it did not know.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RuleCheck {
    /// `champion`: each series' best so far. `guarded_champion`: the best over all series so far, unless a paired test
    /// speaks for the series' own. `mean`, `median`: of all candidates. `top_k`: the mean of the series' best six, or
    /// half of them. `shrunk`: weights by inverse squared errors, half the series' own and half those of all series.
    pub rule: String,
    /// Its WAPE, percent.
    pub wape: Option<f64>,
}

/// Absolute errors and demand, from which WAPE follows.
#[derive(Default, Clone, Copy)]
struct Weighed {
    error: f64,
    demand: f64,
}

impl Weighed {
    fn add(&mut self, actuals: &[Option<f64>], predictions: &[f64]) {
        for (actual, prediction) in actuals.iter().zip(predictions) {
            if let Some(actual) = actual {
                self.error += (actual - prediction).abs();
                self.demand += actual.abs();
            }
        }
    }

    fn wape(self) -> Option<f64> {
        kernel::finite(100.0 * self.error / self.demand)
    }
}

/// The combination over all series with at least two ranked candidates.
pub(super) fn combination(judged: &[Judged<'_>]) -> Option<Combination> {
    let (mut mean, mut champion) = (Weighed::default(), Weighed::default());
    let mut fewest = usize::MAX;
    for series in judged {
        let members = members(series);
        let Some(first) = members.first().filter(|_| members.len() > 1) else { continue };
        fewest = fewest.min(members.len());
        for (fold, shown) in first.1.folds.iter().enumerate() {
            mean.add(&shown.actuals, &combined(&members, fold));
            champion.add(&shown.actuals, &shown.predictions);
        }
    }
    let found = Combination {
        method: "mean".to_owned(),
        members: fewest,
        wape: mean.wape(),
        champion_wape: champion.wape(),
    };
    (fewest < usize::MAX).then_some(found)
}

/// Chooses again without the last fold, and judges on it.
pub(super) fn selection_check(judged: &[Judged<'_>]) -> Option<SelectionCheck> {
    let checked: Vec<Vec<Member<'_>>> = judged.iter().map(members).filter(|all| is_checkable(all)).collect();
    let pool = Pool::of(&checked);
    let mut sums = [Weighed::default(); RULES.len()];
    for members in &checked {
        let last = members[0].1.folds.len() - 1;
        for (rule, sum) in RULES.into_iter().zip(&mut sums) {
            sum.add(&members[0].1.folds[last].actuals, &forecast_by(rule, members, last, &pool));
        }
    }
    let mut rules: Vec<RuleCheck> = RULES
        .into_iter()
        .zip(sums)
        .map(|(rule, sum)| RuleCheck { rule: rule.to_owned(), wape: sum.wape() })
        .collect();
    let wape = |wanted: &str| rules.iter().find(|check| check.rule == wanted).and_then(|check| check.wape);
    let (champion_wape, combination_wape) = (wape(CHAMPION), wape(MEAN));
    let size = |check: &RuleCheck| check.wape.unwrap_or(f64::INFINITY);
    rules.sort_by(|a, b| size(a).total_cmp(&size(b)));
    let check = SelectionCheck { series: checked.len(), champion_wape, combination_wape, rules };
    (!checked.is_empty()).then_some(check)
}

const CHAMPION: &str = "champion";
const GUARDED: &str = "guarded_champion";
const MEAN: &str = "mean";
const MEDIAN: &str = "median";
const TOP_K: &str = "top_k";
const SHRUNK: &str = "shrunk";
const RULES: [&str; 6] = [CHAMPION, GUARDED, MEAN, MEDIAN, TOP_K, SHRUNK];

/// Two candidates or more on two folds or more, all with as many folds.
fn is_checkable(members: &[Member<'_>]) -> bool {
    let Some(folds) = members.first().map(|first| first.1.folds.len()) else { return false };
    members.len() > 1 && folds > 1 && members.iter().all(|member| member.1.folds.len() == folds)
}

/// What all series say of the candidates before the last fold: the mean over series of each one's squared error over
/// that of the series' best, by ordinal.
struct Pool(Vec<f64>);

impl Pool {
    fn of(checked: &[Vec<Member<'_>>]) -> Self {
        let candidates = checked.iter().flatten().map(|(entry, _)| entry.ordinal + 1).max().unwrap_or(0);
        let mut sums = vec![(0.0, 0_usize); candidates];
        for members in checked {
            let squares = squares_before(members);
            let least = squares.iter().copied().fold(f64::INFINITY, f64::min);
            for ((entry, _), square) in members.iter().zip(squares) {
                // A perfect candidate leaves nothing to compare the others with.
                if let Some(relative) = kernel::finite(square / least) {
                    let sum = &mut sums[entry.ordinal];
                    *sum = (sum.0 + relative, sum.1 + 1);
                }
            }
        }
        let mean = |(sum, n): (f64, usize)| if n == 0 { f64::INFINITY } else { sum / n as f64 };
        Self(sums.into_iter().map(mean).collect())
    }

    fn squares(&self, members: &[Member<'_>]) -> Vec<f64> {
        members.iter().map(|(entry, _)| self.0[entry.ordinal]).collect()
    }

    /// The place of the pool's best among the members; the better ranked of equals.
    fn best(&self, members: &[Member<'_>]) -> usize {
        let squares = self.squares(members);
        (0..squares.len()).fold(0, |best, at| if squares[at] < squares[best] { at } else { best })
    }
}

fn before<'a>(member: &Member<'a>) -> &'a [FoldResult] {
    let folds = &member.1.folds;
    &folds[..folds.len() - 1]
}

fn squares_before(members: &[Member<'_>]) -> Vec<f64> {
    members.iter().map(|member| combine::mean_square(before(member))).collect()
}

/// The forecast of the last fold by a rule that knows the folds before it.
fn forecast_by(rule: &str, members: &[Member<'_>], last: usize, pool: &Pool) -> Vec<f64> {
    let points: Vec<&[f64]> =
        members.iter().map(|member| member.1.folds[last].predictions.as_slice()).collect();
    let weights = match rule {
        CHAMPION => return points[chosen_before(members)].to_vec(),
        GUARDED => {
            let folds: Vec<&[FoldResult]> = members.iter().map(before).collect();
            return points[combine::guarded(&folds, pool.best(members), SIGNIFICANT)].to_vec();
        }
        MEDIAN => return combine::median(&points),
        MEAN => vec![1.0 / members.len() as f64; members.len()],
        TOP_K => {
            let count = combine::sensible_count(members.len());
            combine::weights_of(&squares_before(members), Rule::TopK { count })
        }
        _ => combine::weights_with_pool(&squares_before(members), &pool.squares(members), 0.5),
    };
    combine::combine(&points, &weights)
}

type Member<'a> = (&'a RankEntry, &'a forecast::Backtest);

/// The ranked candidates of a series, best first.
fn members<'a>(judged: &'a Judged<'_>) -> Vec<Member<'a>> {
    let entries = judged.ranking.ranking.entries.iter();
    entries.filter_map(|entry| Some((entry, backtest_of(judged, entry)?))).collect()
}

fn combined(members: &[Member<'_>], fold: usize) -> Vec<f64> {
    let steps = members[0].1.folds[fold].predictions.len();
    let mean_at = |step: usize| {
        let total: f64 = members.iter().map(|(_, backtest)| backtest.folds[fold].predictions[step]).sum();
        total / members.len() as f64
    };
    (0..steps).map(mean_at).collect()
}

/// The place of the candidate with the smallest error on all folds but the last; the better ranked of equals.
fn chosen_before(members: &[Member<'_>]) -> usize {
    let errors: Vec<f64> = members.iter().map(|member| combine::mean_absolute(before(member))).collect();
    (0..errors.len()).fold(0, |best, at| if errors[at] < errors[best] { at } else { best })
}

/// What the numbers say, in sentences.
pub(super) fn notes(
    champion: Option<RankMetrics>,
    combination: Option<&Combination>,
    check: Option<&SelectionCheck>,
) -> Vec<String> {
    let mut notes = Vec::new();
    if champion.is_some() {
        notes.push(
            "The champion was chosen on the same folds its figures come from, so they flatter it.".to_owned(),
        );
    }
    if let Some((mean, champion)) = combination.and_then(|c| Some((c.wape?, c.champion_wape?))) {
        let verdict = if mean < champion { "better than" } else { "no better than" };
        notes.push(format!(
            "The plain mean of the ranked candidates has a WAPE of {mean:.2}% on these folds, {verdict} the \
             champion's {champion:.2}%."
        ));
    }
    if let Some((champion, mean)) = check.and_then(|c| Some((c.champion_wape?, c.combination_wape?))) {
        let verdict = if mean < champion { "the mean was the safer choice" } else { "the choice paid" };
        notes.push(format!(
            "Chosen without the last fold and judged on it, the champion has a WAPE of {champion:.2}% and the mean \
             of the candidates {mean:.2}%: {verdict}."
        ));
    }
    notes.extend(check.and_then(sentence));
    notes
}

/// Which rule did best on the fold nobody knew, with the numbers of all.
fn sentence(check: &SelectionCheck) -> Option<String> {
    let shown =
        |check: &RuleCheck| check.wape.map(|wape| format!("{} {wape:.2}%", check.rule.replace('_', " ")));
    let all: Vec<String> = check.rules.iter().filter_map(shown).collect();
    let best = check.rules.first().filter(|best| best.wape.is_some())?;
    let verdict = if best.wape == check.champion_wape {
        "choosing the best of the folds did not lose to any combination here".to_owned()
    } else {
        let name = best.rule.replace('_', " ");
        format!("choosing the best of the folds lost to {name}")
    };
    Some(format!("On that fold, by WAPE: {}; {verdict}.", all.join(", ")))
}
