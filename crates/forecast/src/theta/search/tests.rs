use super::*;
use crate::simd::Portable;
use crate::theta::line::Lines;

type Registers = Portable<f64, 8>;

fn values() -> Vec<f64> {
    (0..60).map(|t| 20.0 + 0.3 * f64::from(t) + 4.0 * f64::from(t * 7 % 11)).collect()
}

fn found(spread: Spread) -> [Solved; 8] {
    let values: Vec<Row> = values().into_iter().map(|value| [value; 8]).collect();
    let lines = Lines::before::<Registers>(&values);
    search::<Registers>(Theta::DynamicOptimised, &Rows { values: &values, lines: &lines, skipped: 2 }, spread)
}

/// Sums of squares with the best first level, and the weights of the first level squared, by the textbook recursion.
fn by_hand(alpha: f64, share: f64) -> (f64, f64) {
    let values = values();
    let (mut level, mut weight) = (0.0, 1.0);
    let mut line = crate::theta::line::Line::default();
    let (mut ee, mut ed, mut dd) = (0.0, 0.0, 0.0);
    for (at, &value) in values.iter().enumerate() {
        let next = weight * (1.0 - alpha);
        let (intercept, slope) = if at == 0 { (value, 0.0) } else { (line.intercept(), line.slope) };
        let error = value - level - share * (weight * intercept + (1.0 - next) / alpha * slope);
        if at == 0 || at >= 3 {
            ee += error * error;
            ed += error * weight;
            dd += weight * weight;
        }
        level += alpha * (value - level);
        weight = next;
        line.push(value);
    }
    (ee - ed * ed / dd, dd)
}

fn objective(alpha: f64, share: f64) -> f64 {
    let squares = |share: f64| by_hand(alpha, share).0;
    // A parabola in the share has its least where three points say.
    let (left, middle, right) = (squares(0.0), squares(0.5), squares(1.0));
    let free = 0.5 - 0.25 * (right - left) / (right - 2.0 * middle + left);
    let rows = values().len() as f64 - 2.0;
    let pull = Theta::DynamicOptimised.evidence() / rows * squares(free.clamp(0.0, 1.0));
    (squares(share) + pull * (share - 0.5).powi(2)) * (1.0 + by_hand(alpha, share).1.ln() / rows)
}

#[test]
fn the_profiled_optimum_is_a_minimum() {
    let best = found(Spread::Series)[0];
    let least = objective(best.alpha, best.share);
    assert!((least - best.objective).abs() < 1e-4 * least, "{least} {best:?}");
    for (alpha, share) in [(0.0, 0.05), (0.0, -0.05), (0.02, 0.0), (-0.02, 0.0)] {
        let alpha = (best.alpha + alpha).clamp(LEAST_ALPHA, MOST_ALPHA);
        let other = objective(alpha, (best.share + share).clamp(0.0, 1.0));
        assert!(other >= least * (1.0 - 1e-9), "{other} {least} {best:?}");
    }
}

#[test]
fn weights_in_the_lanes_find_what_series_in_the_lanes_find() {
    assert_eq!(found(Spread::Weights)[0], found(Spread::Series)[0]);
    assert_eq!(found(Spread::Series)[7], found(Spread::Series)[0]);
}

#[test]
fn the_logarithm_is_good_enough() {
    for tenth in 10..=53 {
        let x = f64::from(tenth) / 10.0;
        let mut lanes = [0.0; 8];
        logarithm(Registers::splat(x)).store(&mut lanes);
        assert!((lanes[0] - x.ln()).abs() < 0.005, "{x}: {}", lanes[0]);
    }
}
