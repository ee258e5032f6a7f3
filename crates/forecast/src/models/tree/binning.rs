//! Cutting features into bins.

/// Bins of a feature at most; one more number stands for "missing".
const MAX_BINS: usize = 255;
pub(super) const MISSING: u8 = 255;

/// Rows as bin numbers, column by column.
pub(super) struct Binned {
    /// `columns[f][row]`.
    pub(super) columns: Vec<Vec<u8>>,
    /// `thresholds[f]`: bin `b` holds the values `≤ thresholds[b]` that are in no bin before it.
    pub(super) thresholds: Vec<Vec<f64>>,
    /// Whether the feature misses in any training row.
    pub(super) has_missing: Vec<bool>,
    pub(super) rows: usize,
}

impl Binned {
    /// Rows are equally long.
    pub(super) fn of(rows: &[impl AsRef<[f64]>]) -> Self {
        let width = rows.first().map_or(0, |row| row.as_ref().len());
        let column = |at: usize| rows.iter().map(move |row| row.as_ref()[at]);
        let thresholds: Vec<Vec<f64>> = (0..width).map(|at| cuts(column(at).collect())).collect();
        let bin = |value: f64, cuts: &[f64]| {
            if value.is_nan() {
                MISSING
            } else {
                u8::try_from(cuts.partition_point(|&cut| cut < value)).unwrap_or(MISSING - 1)
            }
        };
        Self {
            columns: thresholds
                .iter()
                .enumerate()
                .map(|(at, cuts)| column(at).map(|value| bin(value, cuts)).collect())
                .collect(),
            has_missing: (0..width).map(|at| column(at).any(f64::is_nan)).collect(),
            thresholds,
            rows: rows.len(),
        }
    }

    /// Bins of a feature, "missing" not counted.
    pub(super) fn bins(&self, feature: usize) -> usize {
        self.thresholds[feature].len() + 1
    }
}

/// The midpoints between distinct values, or between quantiles where there are more values than bins.
fn cuts(mut values: Vec<f64>) -> Vec<f64> {
    values.retain(|value| !value.is_nan());
    values.sort_by(f64::total_cmp);
    let mut distinct = values.clone();
    distinct.dedup();
    if distinct.len() <= MAX_BINS {
        return distinct.windows(2).map(|pair| 0.5 * pair[0] + 0.5 * pair[1]).collect();
    }
    let last = values.len() - 1;
    let quantile = |cut: usize| {
        let at = cut * last / MAX_BINS;
        0.5 * values[at] + 0.5 * values[(at + 1).min(last)]
    };
    let mut cuts: Vec<f64> = (1..MAX_BINS).map(quantile).collect();
    cuts.dedup();
    cuts
}
