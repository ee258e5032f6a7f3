//! The benchmark that the M4 competition divides by: the last value of the seasonally adjusted series.

/// The last value, adjusted for a multiplicative season where the 90 % test finds one.
///
/// Makridakis, Spiliotis & Assimakopoulos, *The M4 Competition* (2020), and the competition's published program: the
/// indices are means of ratios to a centred moving average, scaled to a mean of one.
pub(crate) fn naive2(train: &[f64], period: usize, steps: usize) -> Vec<f64> {
    let season = if period > 1 && is_seasonal(train, period) { indices(train, period) } else { vec![1.0] };
    let at = |row: usize| season[row % season.len()];
    let last = train.len() - 1;
    (1..=steps).map(|step| train[last] / at(last) * at(last + step)).collect()
}

/// Whether `|r(m)| > 1.645 √((1 + 2 Σ r(i)²) / n)`, `i < m`; never on fewer than three seasons.
fn is_seasonal(train: &[f64], period: usize) -> bool {
    const NINETY_PERCENT: f64 = 1.645;
    if train.len() < 3 * period {
        return false;
    }
    let n = train.len() as f64;
    let mean = train.iter().sum::<f64>() / n;
    let product =
        |lag: usize| train.iter().zip(&train[lag..]).map(|(a, b)| (a - mean) * (b - mean)).sum::<f64>();
    let correlation = |lag: usize| product(lag) / product(0);
    let squares: f64 = (1..period).map(|lag| correlation(lag).powi(2)).sum();
    correlation(period).abs() > NINETY_PERCENT * ((1.0 + 2.0 * squares) / n).sqrt()
}

fn indices(train: &[f64], period: usize) -> Vec<f64> {
    let half = period / 2;
    let mut ratios = vec![(0.0, 0.0); period];
    for at in half..train.len() - half {
        let window = &train[at - half..=at + half];
        let ends = if period.is_multiple_of(2) { 0.5 * (window[0] + window[period]) } else { 0.0 };
        let trend = (window.iter().sum::<f64>() - ends) / period as f64;
        let (sum, count) = ratios[at % period];
        ratios[at % period] = (sum + train[at] / trend, count + 1.0);
    }
    let indices: Vec<f64> = ratios.into_iter().map(|(sum, count)| sum / count).collect();
    let mean = indices.iter().sum::<f64>() / period as f64;
    indices.into_iter().map(|index| index / mean).collect()
}
