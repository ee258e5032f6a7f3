//! Taking the seasons out one by one and forecasting what remains.

use super::stl::{Decompose, Parts, Stl};
use crate::simd;
use crate::smoothing::{self, Choice, Fit, Form, unit};

/// Complete values and their seasons.
pub(crate) struct Search<'a> {
    /// No value is missing.
    pub(crate) values: &'a [f64],
    /// Rows of each season.
    pub(crate) periods: &'a [usize],
}

/// A fitted model at the end of its history.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct MstlFit {
    /// What remains without the seasons.
    rest: Fit,
    /// The last cycle of each season, its first row first.
    seasons: Vec<Vec<f64>>,
    /// What the history was multiplied with.
    unit: f64,
}

/// Each season by row, and the values without them.
#[derive(Debug, Clone, PartialEq)]
struct Decomposition {
    /// Rows of the season, and its values.
    seasons: Vec<(usize, Vec<f64>)>,
    rest: Vec<f64>,
}

impl Search<'_> {
    /// `None` where the history is too short for exponential smoothing of what remains.
    pub(crate) fn run(&self) -> Option<MstlFit> {
        let unit = unit(self.values);
        let rows: Vec<f64> = self.values.iter().map(|value| value * unit).collect();
        let Decomposition { seasons, rest } = decompose(&rows, self.periods);
        let last_cycle = |(period, season): (usize, Vec<f64>)| season[season.len() - period..].to_vec();
        let seasons = seasons.into_iter().map(last_cycle).collect();
        let search = smoothing::Search {
            series: &[&rest],
            period: 1,
            origins: &[rest.len()],
            forms: &[Form::LEVEL, Form::HOLT, Form::DAMPED],
            choice: Choice::Weighted,
        };
        let rest = search.run().remove(0).remove(0)?;
        Some(MstlFit { rest, seasons, unit })
    }
}

/// Takes out each season in turn, from the shortest, twice if there are several.
fn decompose(rows: &[f64], periods: &[usize]) -> Decomposition {
    let mut periods: Vec<usize> =
        periods.iter().copied().filter(|period| *period > 1 && 2 * period < rows.len()).collect();
    periods.sort_unstable();
    periods.dedup();
    let rounds = if periods.len() > 1 { 2 } else { 1 };
    // Windows that grow with the place of the season (Bandara, Hyndman & Bergmeir 2021, sect. 2.2).
    let stl = |(place, &period): (usize, &usize)| Stl::new(rows.len(), period, 11 + 4 * place);
    let smoothers: Vec<Stl> = periods.iter().enumerate().map(stl).collect();
    let mut seasons = vec![vec![0.0; rows.len()]; periods.len()];
    let mut rest = rows.to_vec();
    for _ in 0..rounds {
        for (stl, season) in smoothers.iter().zip(&mut seasons) {
            rest.iter_mut().zip(season.iter()).for_each(|(rest, season)| *rest += season);
            Parts { season: *season, .. } = simd::run(Decompose { stl, values: &rest });
            rest.iter_mut().zip(season.iter()).for_each(|(rest, season)| *rest -= season);
        }
    }
    Decomposition { seasons: periods.into_iter().zip(seasons).collect(), rest }
}

impl MstlFit {
    /// What remains continued, with the last cycle of each season on it.
    pub(crate) fn points(&self, steps: usize) -> Vec<f64> {
        let mut points = self.rest.points(steps);
        for (step, point) in points.iter_mut().enumerate() {
            let season = self.seasons.iter().map(|season| season[step % season.len()]).sum::<f64>();
            *point = (*point + season) / self.unit;
        }
        points
    }
}

#[cfg(test)]
#[path = "fit/tests.rs"]
mod tests;
