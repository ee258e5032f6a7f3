//! Cutting features into bins.

/// Bins of a feature at most: one more number stands for "missing", and all must fit a byte.
pub(crate) const MAX_BINS: usize = 255;

/// Rows as bin numbers.
#[derive(Debug)]
pub(crate) struct Binned {
    /// Row by row, one byte per feature: its bin, or the number of bins where the value is missing.
    cells: Vec<u8>,
    cuts: Cuts,
    /// Whether the feature misses in any row.
    has_missing: Vec<bool>,
    rows: usize,
}

/// Where the features are cut.
#[derive(Debug, Clone)]
pub(crate) struct Cuts {
    /// `thresholds[f]`: bin `b` holds the values `≤ thresholds[f][b]` that are in no bin before it.
    thresholds: Vec<Vec<f64>>,
}

impl Cuts {
    /// Cuts that put about as many of these rows into each of at most `most` bins.
    pub(crate) fn of<'a>(
        rows: &(impl Iterator<Item = &'a [f64]> + Clone),
        features: usize,
        most: usize,
    ) -> Self {
        let column = |at: usize| rows.clone().map(move |row| row[at]);
        Self { thresholds: (0..features).map(|at| cuts(column(at).collect(), most.min(MAX_BINS))).collect() }
    }

    /// Bins of a feature, "missing" not counted.
    pub(crate) fn bins(&self, feature: usize) -> usize {
        self.thresholds[feature].len() + 1
    }

    /// The largest value of a bin.
    pub(super) fn threshold(&self, feature: usize, bin: usize) -> f64 {
        self.thresholds[feature].get(bin).copied().unwrap_or(f64::INFINITY)
    }

    pub(super) fn features(&self) -> usize {
        self.thresholds.len()
    }

    fn bin(&self, feature: usize, value: f64) -> u8 {
        let thresholds = &self.thresholds[feature];
        let bin = if value.is_nan() {
            thresholds.len() + 1
        } else {
            thresholds.partition_point(|&threshold| threshold < value)
        };
        u8::try_from(bin).expect("there are at most 255 bins")
    }
}

impl Binned {
    /// No rows yet.
    pub(crate) fn new(cuts: Cuts) -> Self {
        Self { cells: Vec::new(), has_missing: vec![false; cuts.features()], cuts, rows: 0 }
    }

    /// Rows, equally long, in bins of their own: at most 255 of each feature.
    pub(crate) fn of(rows: &[impl AsRef<[f64]>]) -> Self {
        let width = rows.first().map_or(0, |row| row.as_ref().len());
        let mut binned = Self::new(Cuts::of(&rows.iter().map(AsRef::as_ref), width, MAX_BINS));
        for row in rows {
            binned.push(row.as_ref());
        }
        binned
    }

    /// One more row.
    pub(crate) fn push(&mut self, row: &[f64]) {
        for (feature, &value) in row.iter().enumerate() {
            self.cells.push(self.cuts.bin(feature, value));
            self.has_missing[feature] |= value.is_nan();
        }
        self.rows += 1;
    }

    /// How many rows there are.
    pub(crate) const fn rows(&self) -> usize {
        self.rows
    }

    pub(crate) fn features(&self) -> usize {
        self.cuts.features()
    }

    pub(super) const fn cuts(&self) -> &Cuts {
        &self.cuts
    }

    pub(super) fn has_missing(&self, feature: usize) -> bool {
        self.has_missing[feature]
    }

    /// The bins of a row.
    pub(super) fn row(&self, row: usize) -> &[u8] {
        let features = self.features();
        &self.cells[row * features..(row + 1) * features]
    }
}

/// Means of the same values in another order differ in their last digits, which say nothing.
fn is_same(a: f64, b: f64) -> bool {
    const LAST_DIGITS: f64 = 1e-14;
    (b - a).abs() <= LAST_DIGITS * a.abs().max(b.abs())
}

/// The midpoints between distinct values, or between quantiles where there are more values than bins.
fn cuts(mut values: Vec<f64>, most: usize) -> Vec<f64> {
    values.retain(|value| !value.is_nan());
    values.sort_by(f64::total_cmp);
    let mut distinct = values.clone();
    distinct.dedup_by(|next, kept| is_same(*kept, *next));
    if distinct.len() <= most {
        return distinct.windows(2).map(|pair| 0.5 * pair[0] + 0.5 * pair[1]).collect();
    }
    let last = values.len() - 1;
    let quantile = |cut: usize| {
        let at = cut * last / most;
        0.5 * values[at] + 0.5 * values[(at + 1).min(last)]
    };
    let mut cuts: Vec<f64> = (1..most).map(quantile).collect();
    cuts.dedup();
    cuts
}
