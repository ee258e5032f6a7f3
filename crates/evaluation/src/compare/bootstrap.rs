//! Mean losses of several forecasts under resampling of blocks of days.

use kernel::Seed;

use crate::FoldResult;

/// Resamples; the smallest p-value is one over one more.
pub(super) const DRAWS: usize = 999;

/// The same folds as forecast by several candidates.
pub(super) type Series<'a> = [&'a [FoldResult]];

/// Absolute errors of every candidate summed over blocks of days.
pub(super) struct Blocks {
    candidates: usize,
    /// One row of `candidates` sums per block.
    sums: Vec<f64>,
    /// Days of each block.
    days: Vec<f64>,
    /// Blocks of one resample.
    pub(super) drawn: usize,
}

/// Mean absolute errors per candidate, as seen and under resampling.
pub(super) struct Losses {
    pub(super) seen: Vec<f64>,
    /// One row of candidates per draw.
    pub(super) draws: Vec<f64>,
}

impl Blocks {
    /// Of one series: every run of consecutive test days as long as a test window, on a circle (Politis & Romano 1992),
    /// because its few windows alone would give few different resamples. Of several: the windows of the series.
    /// `None` without days, or where the candidates were not judged on the same ones, or errors are too large.
    pub(super) fn of(series: &[&Series<'_>]) -> Option<Self> {
        let candidates = series.first()?.len();
        let mut windows = Self { candidates, sums: Vec::new(), days: Vec::new(), drawn: 0 };
        for one in series {
            windows.add(one, series.len() == 1)?;
        }
        let blocks = if series.len() == 1 { windows.circular(series[0]) } else { windows };
        let is_usable = !blocks.days.is_empty() && blocks.sums.iter().all(|sum| sum.is_finite());
        is_usable.then_some(blocks)
    }

    /// Adds the windows of a series, or each of its days.
    fn add(&mut self, series: &Series<'_>, by_day: bool) -> Option<()> {
        let first = series.first()?;
        for (fold, shown) in first.iter().enumerate() {
            if series.iter().any(|folds| folds.get(fold).is_none_or(|other| other.dates != shown.dates)) {
                return None;
            }
            let days: Vec<usize> =
                (0..shown.actuals.len()).filter(|&day| shown.actuals[day].is_some()).collect();
            for block in days.chunks(if by_day { 1 } else { days.len().max(1) }) {
                for folds in series {
                    let FoldResult { actuals, predictions, .. } = &folds[fold];
                    let error =
                        |&day: &usize| actuals[day].map_or(0.0, |actual| (actual - predictions[day]).abs());
                    self.sums.push(block.iter().map(error).sum());
                }
                self.days.push(block.len() as f64);
            }
        }
        self.drawn = self.days.len();
        Some(())
    }

    /// From days to runs of days.
    fn circular(self, series: &Series<'_>) -> Self {
        let (days, n) = (self.days.len(), self.candidates);
        let folds = series[0].iter().filter(|fold| fold.actuals.iter().any(Option::is_some)).count().max(1);
        let length = days.div_ceil(folds);
        let mut sums = vec![0.0; days * n];
        for (start, row) in sums.chunks_exact_mut(n.max(1)).enumerate() {
            for day in (start..start + length).map(|day| day % days) {
                row.iter_mut().zip(&self.sums[day * n..]).for_each(|(sum, loss)| *sum += loss);
            }
        }
        Self { candidates: n, sums, days: vec![length as f64; days], drawn: folds }
    }

    /// The mean losses as seen and in each resample. A resample of `k` blocks varies as `k − 1` over `k` of what it
    /// should, so its distance from what was seen is stretched by `√(k/(k − 1))`. `None` with a single block.
    pub(super) fn losses(&self, random: Seed) -> Option<Losses> {
        let (n, blocks, k) = (self.candidates, self.days.len(), self.drawn as f64);
        if self.drawn < 2 {
            return None;
        }
        let row = |block: usize| &self.sums[block * n..(block + 1) * n];
        let mut seen = vec![0.0; n];
        for block in 0..blocks {
            seen.iter_mut().zip(row(block)).for_each(|(sum, loss)| *sum += loss);
        }
        let total: f64 = self.days.iter().sum();
        for sum in &mut seen {
            *sum /= total;
        }
        let stretch = (k / (k - 1.0)).sqrt();
        let mut stream = random.stream("compare.blocks");
        let mut draws = vec![0.0; DRAWS * n];
        for draw in draws.chunks_exact_mut(n.max(1)) {
            let mut days = 0.0;
            for _ in 0..self.drawn {
                let block = stream.index(blocks);
                draw.iter_mut().zip(row(block)).for_each(|(sum, loss)| *sum += loss);
                days += self.days[block];
            }
            for (mean, seen) in draw.iter_mut().zip(&seen) {
                *mean = stretch.mul_add(*mean / days - seen, *seen);
            }
        }
        Some(Losses { seen, draws })
    }
}
