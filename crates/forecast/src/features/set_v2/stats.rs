//! Statistics of the values of a window, the missing ones left out; `NaN` where nothing is left.

/// The last `rows` values, if there are so many.
pub(super) fn last<T>(values: &[T], rows: usize) -> Option<&[T]> {
    values.len().checked_sub(rows).map(|start| &values[start..])
}

fn seen(window: &[f64]) -> impl Iterator<Item = f64> + Clone {
    window.iter().copied().filter(|value| !value.is_nan())
}

/// The sum, in order; 0 of nothing (where the standard library has −0).
pub(super) fn sum(values: impl Iterator<Item = f64>) -> f64 {
    values.fold(0.0, |sum, value| sum + value)
}

pub(super) fn mean(window: &[f64]) -> f64 {
    seen(window).sum::<f64>() / seen(window).count() as f64
}

pub(super) fn median(window: &[f64]) -> f64 {
    crate::median::median(seen(window).collect()).unwrap_or(f64::NAN)
}

/// The sample standard deviation; `NaN` of fewer than two values.
pub(super) fn deviation(window: &[f64]) -> f64 {
    let (mean, n) = (mean(window), seen(window).count() as f64);
    if n < 2.0 {
        return f64::NAN;
    }
    let squares: f64 = seen(window).map(|value| (value - mean) * (value - mean)).sum();
    (squares / (n - 1.0)).sqrt()
}

/// The slope per row of the least-squares line; `NaN` of fewer than two values.
pub(super) fn slope(window: &[f64]) -> f64 {
    let points = || window.iter().enumerate().filter(|(_, y)| !y.is_nan()).map(|(x, &y)| (x as f64, y));
    let n = points().count() as f64;
    let centre = points().map(|(x, _)| x).sum::<f64>() / n;
    let level = mean(window);
    let across: f64 = points().map(|(x, y)| (x - centre) * (y - level)).sum();
    let along: f64 = points().map(|(x, _)| (x - centre) * (x - centre)).sum();
    ratio(across, along)
}

/// `NaN` over zero.
pub(super) fn ratio(of: f64, to: f64) -> f64 {
    if to == 0.0 { f64::NAN } else { of / to }
}
