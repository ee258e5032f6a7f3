//! The regression that finds what the classes of days multiply demand by.
//!
//! A Poisson regression with a ridge: a cell of the group sells `μ = e·exp(level(t) + Σ effects)`, where `e` is what the
//! mean levels of its series let expect. `level(t)` is a line with a bend every few seasons whose bends walk at random,
//! so that years of days tell of the classes while the level moves. The effects of the month are harmonics of the day
//! in it (paydays come by the month). Effects of a panel are shrunk to none, those of a group to the panel's: a class
//! that few days show says little (empirical Bayes with fixed spreads; the penalised likelihood is maximised by
//! Newton's method, Green 1987).

use std::collections::BTreeSet;
use std::f64::consts::TAU;

use super::cells::Cell;
use super::classes::MONTH_DAYS;
use super::effects::Span;
use crate::models::ridge::cholesky;

/// The bounds of a ratio, so that a day without sales does not make an outlier of the next one that has some.
const RATIOS: (f64, f64) = (0.02, 50.0);
/// Standard deviation of a day's demand beyond that of single sales, as a share of it.
const NOISE: f64 = 0.08;
/// Standard deviation of the logarithm of a panel's ratios around 1.
const PANEL_SPREAD: f64 = 0.08;
/// Standard deviation of the logarithm of a group's ratios around the panel's.
const GROUP_SPREAD: f64 = 0.05;
/// Standard deviation of the logarithm of the level from one bend to the next.
const LEVEL_SPREAD: f64 = 0.05;
/// Days between two bends of the level at least.
const BEND_DAYS: usize = 28;
const BEND_SEASONS: usize = 4;

/// A cell as a row of the regression.
struct Row {
    /// Columns that are not 0.
    terms: Vec<(usize, f64)>,
    sum: f64,
    expected: f64,
}

pub(super) struct Regression<'a> {
    counts: &'a [usize],
    harmonics: usize,
    rows: Vec<Row>,
    /// What the effects' coefficients are shrunk to.
    centre: Vec<f64>,
    /// Columns of effects; those of the level come after.
    effects: usize,
    bends: usize,
    /// How many days an effect's centre counts for.
    ridge: f64,
}

impl<'a> Regression<'a> {
    pub(super) fn of(cells: &[Cell], counts: &'a [usize], span: Span, whole: Option<&[f64]>) -> Self {
        let effects = counts[..counts.len() - 1].iter().sum::<usize>() + 2 * span.harmonics;
        let stride = BEND_DAYS.max(BEND_SEASONS * span.season);
        let oldest = cells.iter().map(|cell| cell.age).max().unwrap_or(0);
        let useful = cells.iter().filter(|cell| cell.expected > 0.0 && cell.expected.is_finite());
        let scale = mean_of_days(useful.clone());
        let spread = if whole.is_some() { GROUP_SPREAD } else { PANEL_SPREAD };
        let mut regression = Self {
            counts,
            harmonics: span.harmonics,
            rows: Vec::new(),
            centre: whole.map_or_else(|| vec![0.0; effects], |whole| whole[..effects].to_vec()),
            effects,
            bends: oldest / stride + 2,
            ridge: (NOISE * NOISE + span.grain / scale) / (spread * spread),
        };
        let row = |cell: &Cell| {
            let mut terms = regression.terms(cell.class);
            let (bend, part) = (cell.age / stride, (cell.age % stride) as f64 / stride as f64);
            terms.extend([(effects + bend, 1.0 - part), (effects + bend + 1, part)]);
            // Days count alike, whatever the group sells, so that the ridge is a number of days.
            Row { terms, sum: cell.sum.max(0.0) / scale, expected: cell.expected / scale }
        };
        regression.rows = useful.map(row).collect();
        regression
    }

    /// The columns of a class's effects.
    fn terms(&self, class: usize) -> Vec<(usize, f64)> {
        let (mut rest, mut first) = (class, 0);
        let mut terms = Vec::new();
        let (month, dummies) = self.counts.split_last().expect("there is a factor");
        for count in dummies {
            terms.push((first + rest % count, 1.0));
            (rest, first) = (rest / count, first + count);
        }
        terms.extend(self.month(rest % month).enumerate().map(|(at, value)| (first + at, value)));
        terms
    }

    /// The harmonics of a day of the month, from 0.
    fn month(&self, day: usize) -> impl Iterator<Item = f64> {
        let angle = TAU * day as f64 / MONTH_DAYS as f64;
        (1..=self.harmonics).flat_map(move |harmonic| {
            let (sin, cos) = (angle * harmonic as f64).sin_cos();
            [sin, cos]
        })
    }

    /// The coefficients of largest penalised likelihood.
    pub(super) fn solve(&self) -> Vec<f64> {
        const ROUNDS: usize = 12;
        const SMALL: f64 = 1e-7;
        /// A longer step may overshoot.
        const LONGEST: f64 = 1.0;
        let mut coefficients = self.centre.clone();
        coefficients.resize(self.effects + self.bends, 0.0);
        for _ in 0..ROUNDS {
            let (slopes, curvature) = self.derivatives(&coefficients);
            let Some(step) = cholesky(&curvature, &slopes) else { break };
            let length = step.iter().fold(0.0_f64, |length, part| length.max(part.abs()));
            if !step.iter().all(|part| part.is_finite()) {
                break;
            }
            let share = LONGEST / length.max(LONGEST);
            coefficients.iter_mut().zip(&step).for_each(|(coefficient, part)| *coefficient += share * part);
            if length < SMALL {
                break;
            }
        }
        coefficients
    }

    /// The first derivatives of the penalised log likelihood and the negative second ones.
    fn derivatives(&self, coefficients: &[f64]) -> (Vec<f64>, Vec<f64>) {
        /// Bounds the exponent, so that no row overflows a sum.
        const MOST: f64 = 8.0;
        let n = coefficients.len();
        let (mut slopes, mut curvature) = (vec![0.0; n], vec![0.0; n * n]);
        for row in &self.rows {
            let exponent = row.terms.iter().map(|&(at, value)| coefficients[at] * value).sum::<f64>();
            let mean = row.expected * exponent.clamp(-MOST, MOST).exp();
            for &(at, value) in &row.terms {
                slopes[at] += value * (row.sum - mean);
                row.terms.iter().for_each(|&(to, other)| curvature[at * n + to] += value * other * mean);
            }
        }
        for at in 0..self.effects {
            slopes[at] -= self.ridge * (coefficients[at] - self.centre[at]);
            curvature[at * n + at] += self.ridge;
        }
        self.hold_level(coefficients, &mut slopes, &mut curvature);
        (slopes, curvature)
    }

    /// The level's bends differ little from their neighbours.
    fn hold_level(&self, coefficients: &[f64], slopes: &mut [f64], curvature: &mut [f64]) {
        const SLIGHT: f64 = 1e-3;
        let n = coefficients.len();
        let hold = (NOISE / LEVEL_SPREAD).powi(2);
        for at in self.effects..n {
            // Without it a group without demand has no level.
            slopes[at] -= SLIGHT * coefficients[at];
            curvature[at * n + at] += SLIGHT;
        }
        for (left, right) in (self.effects..n).zip(self.effects + 1..n) {
            let pull = hold * (coefficients[right] - coefficients[left]);
            slopes[left] += pull;
            slopes[right] -= pull;
            for (row, column, sign) in
                [(left, left, 1.0), (right, right, 1.0), (left, right, -1.0), (right, left, -1.0)]
            {
                curvature[row * n + column] += sign * hold;
            }
        }
    }

    pub(super) fn ratios(&self, coefficients: &[f64]) -> Vec<Vec<f64>> {
        let bounded = |exponent: f64| exponent.exp().clamp(RATIOS.0, RATIOS.1);
        let (_, dummies) = self.counts.split_last().expect("there is a factor");
        let mut first = 0;
        let mut ratios: Vec<Vec<f64>> = Vec::with_capacity(self.counts.len());
        for count in dummies {
            ratios.push(coefficients[first..first + count].iter().map(|&one| bounded(one)).collect());
            first += count;
        }
        let day = |day: usize| {
            let exponent: f64 = self.month(day).zip(&coefficients[first..]).map(|(x, b)| x * b).sum();
            bounded(exponent)
        };
        ratios.push((0..MONTH_DAYS).map(day).collect());
        ratios
    }
}

/// What is expected of a day, on average over the days there are.
fn mean_of_days<'a>(cells: impl Iterator<Item = &'a Cell>) -> f64 {
    let (mut sum, mut days) = (0.0, BTreeSet::new());
    for cell in cells {
        sum += cell.expected;
        days.insert(cell.age);
    }
    if days.is_empty() { 1.0 } else { sum / days.len() as f64 }
}
