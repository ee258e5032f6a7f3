//! Taking the trend out of a series.

/// What is left of exact numbers by rounding alone, relative to their size.
const ROUNDING: f64 = 1e-10;

/// The values less a straight line and less the centred average of one season of what the line leaves. An even
/// season counts half of each end; the first and last half season, which have no whole window around them, go on
/// straight as the averages did over the half season beside them. `None` without two observed values, where nothing
/// varies beyond rounding, or where numbers are too large.
pub(super) fn without(values: &[f64], length: usize) -> Option<Vec<f64>> {
    let flat = without_line(values)?;
    let trend = averages(&flat, length);
    let left: Vec<f64> = flat.iter().zip(trend).map(|(value, trend)| value - trend).collect();
    let size = |values: &[f64]| {
        values.iter().filter(|value| !value.is_nan()).fold(0.0, |most: f64, value| most.max(value.abs()))
    };
    let (before, after) = (size(values), size(&left));
    (before.is_finite() && after > ROUNDING * before).then_some(left)
}

/// The residuals of the least-squares line through the observed values.
fn without_line(values: &[f64]) -> Option<Vec<f64>> {
    let points = || values.iter().enumerate().filter(|(_, y)| !y.is_nan()).map(|(x, y)| (x as f64, *y));
    let n = points().count() as f64;
    if n < 2.0 {
        return None;
    }
    let (centre, level) = points().fold((0.0, 0.0), |(x, y), point| (x + point.0 / n, y + point.1 / n));
    let across = points().fold(0.0, |sum, (x, y)| (x - centre).mul_add(y - level, sum));
    let along = points().fold(0.0, |sum, (x, _)| (x - centre).mul_add(x - centre, sum));
    let slope = across / along;
    let residual = |(x, y): (usize, &f64)| (x as f64 - centre).mul_add(-slope, y - level);
    slope.is_finite().then(|| values.iter().enumerate().map(residual).collect())
}

/// The centred averages of a season around every row, of the values that are there. A window without any takes the
/// average before it.
fn averages(flat: &[f64], length: usize) -> Vec<f64> {
    let half = length / 2;
    let end_weight = if length.is_multiple_of(2) { 0.5 } else { 1.0 };
    let weighed = |window: &[f64]| {
        let last = window.len() - 1;
        let (mut sum, mut weights) = (0.0, 0.0);
        for (at, value) in window.iter().enumerate().filter(|(_, value)| !value.is_nan()) {
            let weight = if at == 0 || at == last { end_weight } else { 1.0 };
            (sum, weights) = (value.mul_add(weight, sum), weights + weight);
        }
        (weights > 0.0).then(|| sum / weights)
    };
    let mut inner = Vec::with_capacity(flat.len());
    let mut before = 0.0;
    for window in flat.windows(2 * half + 1) {
        before = weighed(window).unwrap_or(before);
        inner.push(before);
    }
    continued(&inner, half, flat.len())
}

/// The averages with `half` rows before them and the rest of `rows` after them on straight lines.
fn continued(inner: &[f64], half: usize, rows: usize) -> Vec<f64> {
    let (Some(&first), Some(&last)) = (inner.first(), inner.last()) else { return vec![0.0; rows] };
    let reach = half.min(inner.len() - 1);
    let slope = |rise: f64| if reach > 0 { rise / reach as f64 } else { 0.0 };
    let (at_start, at_end) = (slope(inner[reach] - first), slope(last - inner[inner.len() - 1 - reach]));
    let before = (1..=half).rev().map(|rows| (rows as f64).mul_add(-at_start, first));
    let after = (1..).map(|rows: usize| (rows as f64).mul_add(at_end, last));
    before.chain(inner.iter().copied()).chain(after).take(rows).collect()
}
