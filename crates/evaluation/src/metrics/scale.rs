//! The in-sample yardsticks of MASE and RMSSE.

/// What a scaled error is divided by; `None` where the training values never change.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Scale {
    /// Mean absolute seasonal difference.
    pub absolute: Option<f64>,
    /// Mean squared first difference from the first non-zero value on.
    pub squared: Option<f64>,
}

impl Scale {
    /// The scale of a training window with this season length; pairs with a missing value are skipped.
    pub fn of(train: &[f64], season_length: usize) -> Self {
        Self::of_prefixes(train, &[train.len()], season_length)[0]
    }

    /// The scale of the rows before each of the ascending ends, from one look at every row.
    pub(crate) fn of_prefixes(values: &[f64], ends: &[usize], season_length: usize) -> Vec<Self> {
        // A window that holds no season is measured by its first differences.
        let lag = |end: usize| if end > season_length { season_length.max(1) } else { 1 };
        let start = first_demand(values);
        let mut absolute = Differences::new(1, f64::abs);
        let mut squared = Differences::new(1, |difference| difference * difference);
        let mut scale = |&end: &usize| {
            if absolute.lag != lag(end) {
                absolute = Differences::new(lag(end), f64::abs);
            }
            absolute.read(&values[..end]);
            squared.read(&values[start.min(end)..end]);
            Self { absolute: absolute.mean(), squared: squared.mean() }
        };
        ends.iter().map(&mut scale).collect()
    }

    /// Mean absolute first difference from the first demand on: the scale of the scaled pinball loss of M5.
    pub(crate) fn of_first_differences(train: &[f64]) -> Option<f64> {
        let mut differences = Differences::new(1, f64::abs);
        differences.read(&train[first_demand(train)..]);
        differences.mean()
    }
}

fn first_demand(values: &[f64]) -> usize {
    values.iter().position(|value| !value.is_nan() && *value != 0.0).unwrap_or(values.len())
}

/// The mean size of the differences between values `lag` rows apart.
struct Differences<F> {
    lag: usize,
    size: F,
    rows: usize,
    sum: f64,
    count: usize,
}

impl<F: Fn(f64) -> f64> Differences<F> {
    const fn new(lag: usize, size: F) -> Self {
        Self { lag, size, rows: 0, sum: 0.0, count: 0 }
    }

    /// Goes on to the end of these values, of which it has read the first rows.
    fn read(&mut self, values: &[f64]) {
        let from = self.rows.max(self.lag).min(values.len());
        for (later, earlier) in values[from..].iter().zip(&values[from.saturating_sub(self.lag)..]) {
            let difference = later - earlier;
            if !difference.is_nan() {
                self.sum += (self.size)(difference);
                self.count += 1;
            }
        }
        self.rows = values.len();
    }

    fn mean(&self) -> Option<f64> {
        let mean = self.sum / self.count as f64;
        (mean.is_finite() && mean > 0.0).then_some(mean)
    }
}
