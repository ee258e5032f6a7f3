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
        let lag = if train.len() > season_length { season_length.max(1) } else { 1 };
        let absolute = mean_difference(train, lag, f64::abs);
        let start = train.iter().position(|value| !value.is_nan() && *value != 0.0).unwrap_or(train.len());
        let squared = mean_difference(&train[start..], 1, |difference| difference * difference);
        Self { absolute, squared }
    }

    /// Mean absolute first difference from the first demand on: the scale of the scaled pinball loss of M5.
    pub(crate) fn of_first_differences(train: &[f64]) -> Option<f64> {
        let start = train.iter().position(|value| !value.is_nan() && *value != 0.0).unwrap_or(train.len());
        mean_difference(&train[start..], 1, f64::abs)
    }
}

fn mean_difference(values: &[f64], lag: usize, size: impl Fn(f64) -> f64) -> Option<f64> {
    let mut sum = 0.0;
    let mut count = 0_usize;
    for (later, earlier) in values.iter().skip(lag).zip(values) {
        let difference = later - earlier;
        if !difference.is_nan() {
            sum += size(difference);
            count += 1;
        }
    }
    let mean = sum / count as f64;
    (mean.is_finite() && mean > 0.0).then_some(mean)
}
