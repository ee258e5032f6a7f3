//! How errors grow with the step.

use super::{FIRM, FoldErrors};

/// A fleet's relative error at each step: the mean, drawn to a power of the step from flat to straight, because the
/// means of a few folds jump from step to step. Empty where nothing was judged or no forecast erred.
pub(super) fn of(series: &[Vec<FoldErrors>]) -> Vec<f64> {
    let judged = || series.iter().flatten().filter(|fold| !fold.is_seldom);
    let steps = judged().map(|fold| fold.steps.len()).max().unwrap_or(0);
    let mut sums = vec![(0.0, 0.0); steps];
    for fold in judged() {
        for (error, (sum, count)) in fold.steps.iter().zip(&mut sums) {
            if let Some(error) = error {
                (*sum, *count) = (*sum + error, *count + 1.0);
            }
        }
    }
    let Some(law) = power(&sums) else { return Vec::new() };
    let drawn = |(step, (sum, count)): (usize, &(f64, f64))| FIRM.mul_add(law(step), *sum) / (count + FIRM);
    let growth: Vec<f64> = sums.iter().enumerate().map(drawn).collect();
    if growth.iter().all(|growth| growth.is_finite() && *growth > 0.0) { growth } else { Vec::new() }
}

/// `c·step^γ` with `γ` from 0 to 1 by least squares of the logarithms, and `c` so that the sums agree.
fn power(sums: &[(f64, f64)]) -> Option<impl Fn(usize) -> f64> {
    let log = |step: usize| ((step + 1) as f64).ln();
    let means = sums.iter().enumerate().filter(|(_, (sum, count))| *sum > 0.0 && *count > 0.0);
    let points: Vec<(f64, f64)> = means.map(|(step, (sum, count))| (log(step), (sum / count).ln())).collect();
    let n = points.len() as f64;
    let (x, y) = points.iter().fold((0.0, 0.0), |(x, y), point| (x + point.0 / n, y + point.1 / n));
    let across = points.iter().fold(0.0, |sum, point| (point.0 - x).mul_add(point.1 - y, sum));
    let along = points.iter().fold(0.0, |sum, point| (point.0 - x).mul_add(point.0 - x, sum));
    let gamma = if along > 0.0 { (across / along).clamp(0.0, 1.0) } else { 0.5 };
    let shape = move |step: usize| (gamma * log(step)).exp();
    let (sum, expected) =
        sums.iter().enumerate().fold((0.0, 0.0), |(all, expected), (step, (sum, count))| {
            (all + sum, count.mul_add(shape(step), expected))
        });
    let c = sum / expected;
    (c.is_finite() && c > 0.0).then_some(move |step: usize| c * shape(step))
}
