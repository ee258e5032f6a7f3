//! What a fleet says of its candidates, and how much it counts beside a series.
//!
//! A series may put a candidate at a distance `d` from where its fleet puts it because it is of another kind, or because one
//! fold was. What it is of another kind comes again on its other folds; what happened at one origin does not, and all
//! series that had that origin share it. Over the members and the series with more than one fold
//!
//! `ρ = Σ mean of d·d′ over pairs of folds / Σ mean of d² over folds`
//!
//! is the part of a distance that comes again: the intraclass correlation (Fisher 1925). The mean distance of n folds is then
//! expected to come again to n/(n + k) with `k = (1 − ρ)/ρ`, the credibility of Bühlmann (1967), so the fleet counts
//! for k folds.

use super::{FLEET_FOLDS, QUIET_SERIES, Record, Role};

/// Distances below this share of the logarithms' squares are those of rounding.
const ROUNDING: f64 = 1e-9;

/// What a fleet says to each of its series.
#[derive(Debug, Clone, PartialEq)]
pub struct Lean {
    /// Per candidate the mean logarithm of its relative error, drawn to zero by ten quiet series; zero for a candidate that no
    /// series has judged.
    pub(super) logs: Vec<f64>,
    /// What these count for beside the folds of a series, in folds.
    pub(super) folds: f64,
}

impl Lean {
    /// What is said to a series that stands alone.
    pub const NONE: Self = Self { logs: Vec::new(), folds: FLEET_FOLDS };

    /// What a fleet counts for beside the folds of a series, in folds.
    pub const fn folds(&self) -> f64 {
        self.folds
    }
}

/// What a fleet says of each candidate and how many folds that counts for. `roles` has one per candidate.
pub fn lean(records: &[Record], roles: &[Role]) -> Lean {
    let candidates = records.iter().map(Record::candidates).max().unwrap_or(0);
    let mut sums = vec![(0.0, QUIET_SERIES); candidates];
    for relative in records.iter().filter_map(Record::relative) {
        for (log, (sum, count)) in relative.logs.iter().zip(&mut sums) {
            if let Some(log) = log {
                (*sum, *count) = (*sum + log, *count + 1.0);
            }
        }
    }
    let logs: Vec<f64> = sums.into_iter().map(|(sum, count)| sum / count).collect();
    let own = own(records, roles);
    Lean { logs, folds: (1.0 - own) / own }
}

/// The part of a distance that comes again, drawn by ten quiet series to the one at which the fleet counts for two folds. A series
/// alone tells nothing of it, because there is nothing that it could be away from. Above zero and below one.
fn own(records: &[Record], roles: &[Role]) -> f64 {
    let mut found = vec![Moments::default(); roles.len()];
    let mut told: f64 = -1.0;
    for folds in records.iter().map(|record| record.apart(roles)).filter(|folds| folds.len() > 1) {
        told += 1.0;
        for (at, moments) in found.iter_mut().enumerate() {
            moments.add(folds.iter().filter_map(|fold| fold.get(at).copied().flatten()));
        }
    }
    let usual = 1.0 / (1.0 + FLEET_FOLDS);
    let told = told.max(0.0);
    told.mul_add(repeated(&found).unwrap_or(usual), QUIET_SERIES * usual) / (told + QUIET_SERIES)
}

/// ρ, at least zero; `None` where series do not differ by more than rounding.
fn repeated(found: &[Moments]) -> Option<f64> {
    let sum = |of: fn(&Moments) -> f64| found.iter().map(of).fold(0.0, |sum, one| sum + one);
    let (again, all) =
        (sum(|one| one.products - one.square_of_mean()), sum(|one| one.squares - one.square_of_mean()));
    (all > ROUNDING * sum(|one| one.squares)).then(|| (again / all).clamp(0.0, 1.0))
}

/// Sums over series of the logarithms of one candidate.
#[derive(Debug, Clone, Copy, Default)]
struct Moments {
    series: f64,
    /// Of the means over folds.
    means: f64,
    /// Of the mean products of two folds.
    products: f64,
    /// Of the mean squares of one.
    squares: f64,
}

impl Moments {
    fn add(&mut self, folds: impl Iterator<Item = f64>) {
        let (mut n, mut sum, mut squares) = (0.0, 0.0, 0.0);
        for log in folds {
            (n, sum, squares) = (n + 1.0, sum + log, log.mul_add(log, squares));
        }
        if n > 1.0 {
            self.series += 1.0;
            self.means += sum / n;
            self.products += sum.mul_add(sum, -squares) / (n * (n - 1.0));
            self.squares += squares / n;
        }
    }

    /// What the fleet's own place adds to the sums of products and of squares alike.
    fn square_of_mean(&self) -> f64 {
        if self.series > 0.0 { self.means * self.means / self.series } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MEMBERS: [Role; 3] = [Role::Member; 3];

    type Errors = Vec<Vec<Option<f64>>>;

    /// The errors of series whose best candidate is the same on all of their folds, or another one on each fold.
    fn errors(series: usize, is_kept: bool) -> Vec<Errors> {
        let error = |one: usize, candidate: usize, fold: usize| {
            let best = if is_kept { one } else { one + fold };
            Some(if best % 3 == candidate { 0.5 } else { 1.0 })
        };
        let folds = |one, candidate| (0..3).map(|fold| error(one, candidate, fold)).collect();
        let series = 0..series;
        series.map(|one| (0..3).map(|candidate| folds(one, candidate)).collect()).collect()
    }

    fn fleet(series: usize, is_kept: bool) -> Vec<Record> {
        errors(series, is_kept).into_iter().map(Record::new).collect()
    }

    #[test]
    fn a_fleet_counts_for_much_where_nothing_of_a_series_comes_again() {
        let kept = lean(&fleet(300, true), &MEMBERS);
        let shuffled = lean(&fleet(300, false), &MEMBERS);
        assert!(kept.folds < 0.1, "{kept:?}");
        assert!(shuffled.folds > 50.0, "{shuffled:?}");
        for said in [kept, shuffled] {
            assert!(said.logs.iter().all(|log| log.abs() < 0.02), "{said:?}");
        }
    }

    #[test]
    fn a_single_series_and_single_folds_leave_the_fleet_at_two_folds() {
        let single: Vec<Record> = fleet(300, true).iter().map(|record| record.without(&[0, 1])).collect();
        for records in [&[][..], &fleet(1, true), &fleet(1, false), &single] {
            assert!((lean(records, &MEMBERS).folds - FLEET_FOLDS).abs() < 1e-9, "{}", records.len());
        }
        assert!((lean(&fleet(3, true), &MEMBERS).folds - FLEET_FOLDS).abs() < 0.8);
        assert_eq!(Lean::NONE.folds.to_bits(), FLEET_FOLDS.to_bits());
    }

    #[test]
    fn what_a_baseline_errs_again_and_again_says_nothing_of_the_members() {
        let mut beside = errors(300, false);
        for (at, series) in beside.iter_mut().enumerate() {
            series.push(vec![Some(if at % 2 == 0 { 1.0 } else { 15.0 }); 3]);
        }
        let beside: Vec<Record> = beside.into_iter().map(Record::new).collect();
        let of = |last| lean(&beside, &[Role::Member, Role::Member, Role::Member, last]).folds;
        let alone = lean(&fleet(300, false), &MEMBERS).folds;
        assert!((of(Role::Baseline) - alone).abs() < 1e-9, "{} {alone}", of(Role::Baseline));
        assert!(of(Role::Member) < 0.5 * alone, "{} {alone}", of(Role::Member));
    }

    #[test]
    fn series_that_do_not_differ_say_nothing_of_how_series_differ() {
        let same: Vec<Record> = (0..300).map(|_| fleet(1, true).remove(0)).collect();
        assert!((lean(&same, &MEMBERS).folds - FLEET_FOLDS).abs() < 1e-9);
    }
}
