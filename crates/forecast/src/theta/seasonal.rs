//! Taking the seasons of eight series out and putting them back.
#![expect(
    clippy::inline_always,
    reason = "inlined into the function whose instructions were chosen, or slow"
)]

use super::Row;
use crate::simd::Lanes;

/// What a phase of a season does to a value: `value · factor + shift`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Effect {
    pub(super) factor: f64,
    pub(super) shift: f64,
}

/// The effect of each phase; none without a season.
pub(super) type Season = Vec<Effect>;

/// Puts a season back into values whose first is row `position`.
pub(super) fn restore(season: &[Effect], values: &mut [f64], position: usize) {
    if season.is_empty() {
        return;
    }
    let phases = season.iter().cycle().skip(position % season.len());
    for (value, effect) in values.iter_mut().zip(phases) {
        *value = *value * effect.factor + effect.shift;
    }
}

/// The significant seasons of the first `series` lanes, by lane.
#[inline(always)]
pub(super) fn seasons<D: Lanes<Number = f64>>(rows: &[Row], period: usize, series: usize) -> Vec<Season> {
    let mut seasons = vec![Season::new(); series];
    if period < 2 || rows.len() < 2 * period + 1 {
        return seasons;
    }
    let significant = significant::<D>(rows, period);
    if !significant[..series].contains(&true) {
        return seasons;
    }
    let is_positive = positive::<D>(rows);
    let has_ratios = is_positive.contains(&true);
    let parts = parts::<D>(rows, period, has_ratios);
    for (lane, season) in seasons.iter_mut().enumerate().filter(|(lane, _)| significant[*lane]) {
        let multiplicative = if is_positive[lane] { multiplicative(&parts, lane) } else { None };
        *season = multiplicative.unwrap_or_else(|| additive(&parts, lane));
    }
    seasons
}

/// Takes the seasons out, in place.
#[inline(always)]
pub(super) fn remove<D: Lanes<Number = f64>>(rows: &mut [Row], seasons: &[Season], period: usize) {
    if seasons.iter().all(Vec::is_empty) {
        return;
    }
    // Lanes without a season, and lanes beyond the last series, which repeat it, or whose numbers nobody reads.
    let mut phases = vec![([0.0; 8], [1.0; 8]); period];
    for lane in 0..8 {
        let season = &seasons[lane.min(seasons.len() - 1)];
        for (effect, (shifts, inverses)) in season.iter().zip(&mut phases) {
            (shifts[lane], inverses[lane]) = (effect.shift, 1.0 / effect.factor);
        }
    }
    for rows in rows.chunks_mut(period) {
        for (row, (shifts, inverses)) in rows.iter_mut().zip(&phases) {
            D::load(row).minus(D::load(shifts)).times(D::load(inverses)).store(row);
        }
    }
}

/// Whether `|r(m)| > 1.645 √((1 + 2 Σ r(i)²) / n)`, `i < m` (the 90 % test of the M3 and M4 competitions).
#[inline(always)]
fn significant<D: Lanes<Number = f64>>(rows: &[Row], period: usize) -> [bool; 8] {
    const NINETY_PERCENT: f64 = 1.645;
    let n = rows.len() as f64;
    let products = products::<D>(rows, period);
    let mut significant = [false; 8];
    for lane in 0..8 {
        let variance = products[0][lane];
        if variance > 0.0 {
            let mut squares = 0.0;
            for product in &products[1..period] {
                let correlation = product[lane] / variance;
                squares += correlation * correlation;
            }
            let bound = NINETY_PERCENT * ((1.0 + 2.0 * squares) / n).sqrt();
            significant[lane] = (products[period][lane] / variance).abs() > bound;
        }
    }
    significant
}

/// Sums of products of the deviations from the mean at lags from 0 to the period, and at up to three more.
#[inline(always)]
fn products<D: Lanes<Number = f64>>(rows: &[Row], period: usize) -> Vec<Row> {
    // Zeros after the end let four lags run at once, so that their sums do not wait for each other.
    let mut centred = vec![[0.0; 8]; rows.len() + 3];
    let mut sum = D::splat(0.0);
    for row in rows {
        sum = sum.plus(D::load(row));
    }
    let mean = sum.times(D::splat(1.0 / rows.len() as f64));
    for (row, to) in rows.iter().zip(&mut centred) {
        D::load(row).minus(mean).store(to);
    }
    let mut products = vec![[0.0; 8]; (period / 4 + 1) * 4];
    for (number, to) in products.chunks_exact_mut(4).enumerate() {
        let mut sums = [D::splat(0.0); 4];
        for (row, others) in centred.iter().zip(centred[4 * number..].windows(4)) {
            let row = D::load(row);
            sums = [
                row.times_plus(D::load(&others[0]), sums[0]),
                row.times_plus(D::load(&others[1]), sums[1]),
                row.times_plus(D::load(&others[2]), sums[2]),
                row.times_plus(D::load(&others[3]), sums[3]),
            ];
        }
        for lag in 0..4 {
            sums[lag].store(&mut to[lag]);
        }
    }
    products
}

#[inline(always)]
fn positive<D: Lanes<Number = f64>>(rows: &[Row]) -> [bool; 8] {
    let mut least = D::load(&rows[0]);
    for row in rows {
        let row = D::load(row);
        least = row.if_less(least, row, least);
    }
    let mut lanes = [0.0; 8];
    least.store(&mut lanes);
    lanes.map(|least| least > 0.0)
}

/// What the phases are on average, beside the centred moving average of one period.
struct Parts {
    differences: Vec<Row>,
    ratios: Vec<Row>,
}

#[inline(always)]
fn parts<D: Lanes<Number = f64>>(rows: &[Row], period: usize, has_ratios: bool) -> Parts {
    let half = period / 2;
    let mut parts = Parts { differences: vec![[0.0; 8]; period], ratios: vec![[0.0; 8]; period] };
    let mut counts = vec![0.0; period];
    let mut phase = half;
    for window in rows.windows(2 * half + 1) {
        let mut sum = D::splat(0.0);
        for row in window {
            sum = sum.plus(D::load(row));
        }
        if period.is_multiple_of(2) {
            // An even period takes half of each end.
            let ends = D::load(&window[0]).plus(D::load(&window[2 * half]));
            sum = ends.times_plus(D::splat(-0.5), sum);
        }
        let (value, trend) = (D::load(&window[half]), sum.times(D::splat(1.0 / period as f64)));
        let to = &mut parts.differences[phase];
        D::load(to).plus(value.minus(trend)).store(to);
        if has_ratios {
            let to = &mut parts.ratios[phase];
            D::load(to).plus(value.over(trend)).store(to);
        }
        counts[phase] += 1.0;
        phase = if phase + 1 == period { 0 } else { phase + 1 };
    }
    for sums in [&mut parts.differences, &mut parts.ratios] {
        for (sum, count) in sums.iter_mut().zip(&counts) {
            D::load(sum).times(D::splat(1.0 / count)).store(sum);
        }
    }
    parts
}

fn multiplicative(parts: &Parts, lane: usize) -> Option<Season> {
    let mean = parts.ratios.iter().map(|ratio| ratio[lane]).sum::<f64>() / parts.ratios.len() as f64;
    let effect = |ratio: &Row| Effect { factor: ratio[lane] / mean, shift: 0.0 };
    let season: Season = parts.ratios.iter().map(effect).collect();
    season.iter().all(|effect| effect.factor.is_finite() && effect.factor > 0.01).then_some(season)
}

fn additive(parts: &Parts, lane: usize) -> Season {
    let all = &parts.differences;
    let mean = all.iter().map(|difference| difference[lane]).sum::<f64>() / all.len() as f64;
    all.iter().map(|difference| Effect { factor: 1.0, shift: difference[lane] - mean }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simd::Portable;

    const PATTERN: [f64; 4] = [1.2, 0.7, 1.5, 0.6];

    fn rows(of: impl Fn(usize, usize) -> f64) -> Vec<Row> {
        (0..43).map(|t| std::array::from_fn(|lane| of(lane, t))).collect()
    }

    #[test]
    fn a_season_is_taken_out_by_ratios_or_by_differences_where_a_value_is_zero() {
        let rows = rows(|lane, t| match lane {
            0 => 10.0 * PATTERN[t % 4],
            1 => 10.0 * PATTERN[t % 4] - 6.0,
            _ => (t * t % 7) as f64,
        });
        let seasons = seasons::<Portable<f64, 8>>(&rows, 4, 3);
        for (phase, pattern) in PATTERN.into_iter().enumerate() {
            let (ratio, difference) = (seasons[0][phase], seasons[1][phase]);
            assert!((ratio.factor - pattern).abs() < 1e-12 && ratio.shift.abs() < 1e-12, "{ratio:?}");
            assert!((difference.shift - 10.0 * (pattern - 1.0)).abs() < 1e-9, "{difference:?}");
        }
        assert!(seasons[2].is_empty());
        let mut left = rows;
        remove::<Portable<f64, 8>>(&mut left, &seasons, 4);
        assert!(left.iter().all(|row| (row[0] - 10.0).abs() < 1e-9 && (row[1] - 4.0).abs() < 1e-9));
        let mut points = [10.0; 4];
        restore(&seasons[0], &mut points, 43);
        for (step, point) in points.into_iter().enumerate() {
            assert!((point - 10.0 * PATTERN[(43 + step) % 4]).abs() < 1e-9, "{step}: {point}");
        }
    }
}
