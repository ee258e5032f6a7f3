//! Mean losses of several forecasts under resampling of series, or of blocks of days where there are few series.

use kernel::Seed;
use wire::model_selection::Weight;

use super::LEAST_SERIES;
use crate::FoldResult;
use crate::combine::mean_absolute;

/// Resamples; the smallest p-value is one over one more.
pub(super) const DRAWS: usize = 999;

/// The logarithm of how many times an error can be another where series count alike.
const WIDEST: f64 = 4.605_170_185_988_092;

/// The same folds as forecast by several candidates.
pub(super) type Series<'a> = [&'a [FoldResult]];

/// What errors are measured in: one unit for each series where these count alike, or one for all.
pub(super) struct Units(Vec<f64>);

impl Units {
    /// The mean over candidates of their mean absolute errors: of the series, or the largest of all. `None` where errors
    /// are too large to be summed.
    pub(super) fn of(series: &[&Series<'_>], weight: Weight) -> Option<Self> {
        let unit = |one: &&Series<'_>| {
            let errors: Vec<f64> = one.iter().map(|folds| mean_absolute(folds)).collect();
            let known: Vec<f64> = errors.into_iter().filter(|error| !error.is_infinite()).collect();
            let mean = known.iter().map(|error| error / known.len() as f64).sum::<f64>();
            // Where nobody errs, or nothing was observed, every unit is as good.
            if mean > 0.0 { mean } else { 1.0 }
        };
        let own: Vec<f64> = series.iter().map(unit).collect();
        own.iter().all(|unit| unit.is_finite()).then_some(())?;
        Some(match weight {
            Weight::Alike => Self(own),
            Weight::Volume => Self(vec![own.iter().copied().fold(0.0, f64::max); own.len()]),
        })
    }

    pub(super) fn unit(&self, series: usize) -> f64 {
        self.0[series]
    }
}

/// Losses of every candidate summed over blocks: series, or runs of days.
pub(super) struct Blocks {
    candidates: usize,
    /// One row of `candidates` sums per block.
    sums: Vec<f64>,
    /// Days of each block; 1 of a series that counts like the others.
    days: Vec<f64>,
    /// Blocks of one resample.
    pub(super) drawn: usize,
    /// Whether losses are logarithms of errors, so that their mean is that of ratios.
    is_log: bool,
}

/// Mean losses per candidate, as seen and under resampling.
pub(super) struct Losses {
    pub(super) seen: Vec<f64>,
    /// One row of candidates per draw.
    pub(super) draws: Vec<f64>,
    is_log: bool,
}

impl Losses {
    /// The relative lead of `other` over `own`, from their losses.
    pub(super) fn lead(&self, own: f64, other: f64) -> Option<f64> {
        kernel::finite(if self.is_log { -(other - own).exp_m1() } else { (own - other) / own })
    }
}

impl Blocks {
    /// Of many series: each whole, because what a candidate does on one it does in all its windows. Of one series: every
    /// run of consecutive test days as long as a test window, on a circle (Politis & Romano 1992), because its few
    /// windows alone would give few different resamples. Of some: the windows of the series. `None` without days, or
    /// where the candidates were not judged on the same ones, or errors are too large.
    pub(super) fn of(series: &[&Series<'_>], units: &Units, weight: Weight) -> Option<Self> {
        let candidates = series.first()?.len();
        let mut blocks = Self { candidates, sums: Vec::new(), days: Vec::new(), drawn: 0, is_log: false };
        for (at, one) in series.iter().enumerate() {
            are_alike(one).then_some(())?;
            if series.len() >= LEAST_SERIES {
                blocks.is_log = weight == Weight::Alike;
                blocks.add_series(one, units.unit(at));
            } else {
                blocks.add_windows(one, units.unit(at), series.len() == 1);
            }
        }
        blocks.drawn = blocks.days.len();
        let blocks = if series.len() == 1 { blocks.circular(series[0]) } else { blocks };
        let is_usable = !blocks.days.is_empty() && blocks.sums.iter().all(|sum| sum.is_finite());
        is_usable.then_some(blocks)
    }

    /// What each block says of one candidate against another.
    pub(super) fn differences(&self, candidate: usize, reference: usize) -> Vec<f64> {
        self.sums.chunks_exact(self.candidates.max(1)).map(|row| row[candidate] - row[reference]).collect()
    }

    pub(super) fn mean_days(&self) -> f64 {
        self.days.iter().sum::<f64>() / self.days.len() as f64
    }

    pub(super) const fn is_log(&self) -> bool {
        self.is_log
    }

    fn add_series(&mut self, series: &Series<'_>, unit: f64) {
        let days: usize = series[0].iter().map(|fold| fold.actuals.iter().flatten().count()).sum();
        if days == 0 {
            return;
        }
        for folds in series {
            let error = mean_absolute(folds) / unit;
            self.sums.push(if self.is_log { error.ln().clamp(-WIDEST, WIDEST) } else { error * days as f64 });
        }
        self.days.push(if self.is_log { 1.0 } else { days as f64 });
    }

    /// Adds the windows of a series, or each of its days.
    fn add_windows(&mut self, series: &Series<'_>, unit: f64, by_day: bool) {
        for (fold, shown) in series[0].iter().enumerate() {
            let days: Vec<usize> =
                (0..shown.actuals.len()).filter(|&day| shown.actuals[day].is_some()).collect();
            for block in days.chunks(if by_day { 1 } else { days.len().max(1) }) {
                for folds in series {
                    let FoldResult { actuals, predictions, .. } = &folds[fold];
                    let error = |&day: &usize| {
                        actuals[day].map_or(0.0, |actual| (actual - predictions[day]).abs() / unit)
                    };
                    self.sums.push(block.iter().map(error).sum());
                }
                self.days.push(block.len() as f64);
            }
        }
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
        Self { sums, days: vec![length as f64; days], drawn: folds, ..self }
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
        Some(Losses { seen, draws, is_log: self.is_log })
    }
}

/// Whether all candidates were judged on the same days.
fn are_alike(series: &Series<'_>) -> bool {
    let Some(first) = series.first() else { return false };
    series.iter().all(|folds| {
        folds.len() >= first.len() && folds.iter().zip(*first).all(|(one, other)| one.dates == other.dates)
    })
}
