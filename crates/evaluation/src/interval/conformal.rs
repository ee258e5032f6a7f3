//! Half widths from the absolute errors of the folds.

use wire::model_selection::Interval;

use super::push;
use crate::FoldResult;

/// So many errors are enough for 95 %: `⌈(n + 1)·0.95⌉ ≤ n` from here on.
const ENOUGH: usize = 19;

/// The errors each step is compared with.
pub(super) struct Errors {
    /// Per step from 0, ascending, with the fold each is of.
    pools: Vec<Vec<(f64, usize)>>,
}

impl Errors {
    /// The errors of each step and of the fewest neighbouring steps that leave enough of them when any one fold is
    /// left out. The pool is the same at every level, so that intervals of higher levels enclose those of lower.
    pub(super) fn of(folds: &[FoldResult]) -> Self {
        let steps = folds.iter().map(|fold| fold.predictions.len()).max().unwrap_or(0);
        let mut by_step: Vec<Vec<(f64, usize)>> = vec![Vec::with_capacity(folds.len()); steps];
        for (index, fold) in folds.iter().enumerate() {
            for (step, (actual, prediction)) in fold.actuals.iter().zip(&fold.predictions).enumerate() {
                by_step[step].extend(actual.map(|actual| ((actual - prediction).abs(), index)));
            }
        }
        let pool = |step: usize| {
            let (mut low, mut high) = (step, step + 1);
            let mut count = by_step[step].len();
            while count * folds.len().saturating_sub(1) < ENOUGH * folds.len() && high - low < steps {
                let (lower, higher) = (low.saturating_sub(1), (high + 1).min(steps));
                count +=
                    by_step[lower..low].iter().chain(&by_step[high..higher]).map(Vec::len).sum::<usize>();
                (low, high) = (lower, higher);
            }
            let mut pool = by_step[low..high].concat();
            pool.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            pool
        };
        Self { pools: (0..steps).map(pool).collect() }
    }

    /// The `⌈(n + 1)·level⌉`-th smallest of the `n` errors comparable with a step, without those of one fold; the
    /// largest where there are too few for the level. Steps beyond the last one judged are as that one.
    pub(super) fn half_width(&self, step: usize, level: f64, without: Option<usize>) -> Option<f64> {
        let pool = self.pools.get(step.min(self.pools.len().checked_sub(1)?))?;
        let left = || pool.iter().filter(|(_, fold)| Some(*fold) != without);
        let n = left().count();
        // The tolerance keeps `20 · 0.95` at 19 whatever the product is rounded to.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a rank from 0 to n + 1")]
        let rank = ((n as f64 + 1.0).mul_add(level, -1e-9)).ceil() as usize;
        left().nth(rank.clamp(1, n.max(1)) - 1).map(|(error, _)| *error)
    }

    /// Intervals around points whose first step follows the training data.
    pub(super) fn intervals(&self, points: &[f64], levels: &[f64], floor: f64) -> Option<Vec<Interval>> {
        let at_level = |&level: &f64| {
            let mut interval = Interval { level, lower: Vec::new(), upper: Vec::new() };
            for (step, point) in points.iter().enumerate() {
                push(&mut interval, *point, self.half_width(step, level, None)?, floor);
            }
            Some(interval)
        };
        levels.iter().map(at_level).collect()
    }
}
