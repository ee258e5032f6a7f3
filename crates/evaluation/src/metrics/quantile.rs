//! Losses of stated quantiles and intervals.

/// The pinball loss of a forecast of a quantile: least in the mean where the forecast is that quantile
/// (Koenker & Bassett 1978). Half of the absolute error at a probability of one half.
pub fn pinball(actual: f64, forecast: f64, probability: f64) -> f64 {
    let error = actual - forecast;
    if error >= 0.0 { probability * error } else { (probability - 1.0) * error }
}

/// The interval score at a level between 0 and 1: the width, and `2/(1 − level)` times the distance of an outcome
/// outside (Gneiting & Raftery 2007, eq. 43).
pub fn interval_score(actual: f64, lower: f64, upper: f64, level: f64) -> f64 {
    let outside = (lower - actual).max(actual - upper).max(0.0);
    (2.0 / (1.0 - level)).mul_add(outside, upper - lower)
}

/// The mean pinball loss at one probability over equally long actuals and forecasts of the quantile, each divided by
/// `scale` (M5: the mean absolute first difference of the training rows). Points without an actual (`NaN`) are
/// skipped; `None` without points or where the mean is not finite.
pub fn scaled_pinball(actuals: &[f64], quantiles: &[f64], probability: f64, scale: f64) -> Option<f64> {
    let points = actuals.iter().zip(quantiles).filter(|(actual, _)| !actual.is_nan());
    let (sum, n) = points.fold((0.0, 0_usize), |(sum, n), (&actual, &quantile)| {
        (sum + pinball(actual, quantile, probability), n + 1)
    });
    kernel::finite(sum / n as f64 / scale)
}

/// The weighted mean of the root mean squared scaled errors of several series (WRMSSE, M5): `Σ wᵢ·RMSSEᵢ / Σ wᵢ`. What
/// the weights are, value or volume of what was sold before, is for the caller to choose and to state. Series without
/// an RMSSE or without a positive weight are left out; `None` if all are.
pub fn wrmsse(series: impl IntoIterator<Item = (Option<f64>, f64)>) -> Option<f64> {
    let counted = series.into_iter().filter_map(|(rmsse, weight)| Some((rmsse?, weight)));
    let (sum, total) = counted
        .filter(|(_, weight)| *weight > 0.0)
        .fold((0.0_f64, 0.0), |(sum, total), (rmsse, weight)| (weight.mul_add(rmsse, sum), total + weight));
    kernel::finite(sum / total)
}
