//! The choice, judged on a fold it was not made on.
//!
//! A model that is best of several on some folds looks better on these folds than it is. So every rule of choosing or
//! combining is asked once more what it would have done without the last fold, and judged there.

use evaluation::FoldResult;
use evaluation::combine::{self, Rule};
use evaluation::compare::SIGNIFICANT;
use wire::model_selection::{RankEntry, RankingMetric, RuleCheck, SelectionCheck};

use super::Judged;
use super::combination::{Member, members};
use super::measure::Measured;

const ONE_MODEL: &str = "one_model";
const BEST_PER_SERIES: &str = "best_per_series";
const GUARDED: &str = "guarded_best_per_series";
const MEAN: &str = "mean";
const MEDIAN: &str = "median";
const TOP_K: &str = "top_k";
const SHRUNK: &str = "shrunk";
const OF_ONE: [&str; 5] = [ONE_MODEL, MEAN, MEDIAN, TOP_K, SHRUNK];
const OF_MANY: [&str; 7] = [ONE_MODEL, BEST_PER_SERIES, GUARDED, MEAN, MEDIAN, TOP_K, SHRUNK];

/// Chooses again among the ranked, best first, without the last fold, and judges on it. `None` where nobody is ranked
/// or no series has two candidates on two folds.
pub(super) fn selection_check(
    judged: &[Judged<'_>],
    ranked: &[&RankEntry],
    measure: RankingMetric,
) -> Option<SelectionCheck> {
    let checked: Vec<Vec<Member<'_>>> = judged.iter().map(members).filter(|all| is_checkable(all)).collect();
    if checked.is_empty() {
        return None;
    }
    let chosen = chosen_for_all(&checked, ranked, measure)?;
    let known = Known { pool: Pool::of(&checked), chosen: chosen.ordinal };
    let rules = if judged.len() == 1 { OF_ONE.as_slice() } else { OF_MANY.as_slice() };
    let mut rules: Vec<RuleCheck> = rules.iter().map(|rule| check(rule, &checked, &known, measure)).collect();
    let error = |wanted: &str| rules.iter().find(|check| check.rule == wanted).and_then(|check| check.error);
    let (chosen_error, combination_error, best_per_series_error) =
        (error(ONE_MODEL), error(MEAN), error(BEST_PER_SERIES));
    let size = |check: &RuleCheck| check.error.unwrap_or(f64::INFINITY);
    rules.sort_by(|a, b| size(a).total_cmp(&size(b)));
    Some(SelectionCheck {
        series: checked.len(),
        chosen: chosen.key.clone(),
        chosen_error,
        combination_error,
        best_per_series_error,
        rules,
    })
}

/// Two candidates or more on two folds or more, all with as many folds.
fn is_checkable(members: &[Member<'_>]) -> bool {
    let Some(folds) = members.first().map(|first| first.1.folds.len()) else { return false };
    members.len() > 1 && folds > 1 && members.iter().all(|member| member.1.folds.len() == folds)
}

/// The candidate with the smallest error, by this measure, on all folds but the last; the better ranked of equals.
fn chosen_for_all<'a>(
    checked: &[Vec<Member<'_>>],
    ranked: &[&'a RankEntry],
    measure: RankingMetric,
) -> Option<&'a RankEntry> {
    let error = |candidate: &RankEntry| {
        let mut sum = Measured::by(measure);
        for own in checked.iter().flatten().filter(|(entry, _)| entry.ordinal == candidate.ordinal) {
            for fold in before(own) {
                sum.add(fold, &fold.predictions);
            }
            sum.end_series();
        }
        sum.error(checked.len()).unwrap_or(f64::INFINITY)
    };
    let errors: Vec<f64> = ranked.iter().map(|candidate| error(candidate)).collect();
    let best = (0..errors.len()).fold(0, |best, at| if errors[at] < errors[best] { at } else { best });
    ranked.get(best).copied()
}

fn check(rule: &str, checked: &[Vec<Member<'_>>], known: &Known, measure: RankingMetric) -> RuleCheck {
    let mut sum = Measured::by(measure);
    for members in checked {
        let last = members[0].1.folds.len() - 1;
        sum.add(&members[0].1.folds[last], &forecast_by(rule, members, last, known));
        sum.end_series();
    }
    RuleCheck { rule: rule.to_owned(), error: sum.error(checked.len()) }
}

/// What all series say before the last fold.
struct Known {
    pool: Pool,
    /// The ordinal of the one model for all.
    chosen: usize,
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
fn forecast_by(rule: &str, members: &[Member<'_>], last: usize, known: &Known) -> Vec<f64> {
    let points: Vec<&[f64]> =
        members.iter().map(|member| member.1.folds[last].predictions.as_slice()).collect();
    let weights = match rule {
        ONE_MODEL => {
            let place = members.iter().position(|(entry, _)| entry.ordinal == known.chosen);
            return points[place.expect("a ranked candidate is ranked on every series")].to_vec();
        }
        BEST_PER_SERIES => return points[chosen_before(members)].to_vec(),
        GUARDED => {
            let folds: Vec<&[FoldResult]> = members.iter().map(before).collect();
            return points[combine::guarded(&folds, known.pool.best(members), SIGNIFICANT)].to_vec();
        }
        MEDIAN => return combine::median(&points),
        MEAN => vec![1.0 / members.len() as f64; members.len()],
        TOP_K => {
            let count = combine::sensible_count(members.len());
            combine::weights_of(&squares_before(members), Rule::TopK { count })
        }
        _ => combine::weights_with_pool(&squares_before(members), &known.pool.squares(members), 0.5),
    };
    combine::combine(&points, &weights)
}

/// The place of the candidate with the smallest error on all folds but the last; the better ranked of equals.
fn chosen_before(members: &[Member<'_>]) -> usize {
    let errors: Vec<f64> = members.iter().map(|member| combine::mean_absolute(before(member))).collect();
    (0..errors.len()).fold(0, |best, at| if errors[at] < errors[best] { at } else { best })
}
