//! Local regression on evenly spaced rows, as weights by place.

/// The degree of the local polynomial.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Degree {
    Constant,
    Linear,
}

/// The weights of the places of a series that are evaluated, and of the two beyond its ends.
#[derive(Debug, Clone)]
pub(super) struct Loess {
    rows: usize,
    /// Rows that a place looks at: the window, or all rows if there are fewer.
    width: usize,
    /// The window.
    window: usize,
    /// Rows from one evaluated place to the next.
    step: usize,
    /// The weights of the first `width` rows, for place −1 and then for places 0, `step`, 2 `step` …
    left: Vec<Vec<f64>>,
    /// The same from the other end.
    right: Vec<Vec<f64>>,
    /// The weights of the places that have a whole window around them.
    inner: Vec<f64>,
}

impl Loess {
    /// For series of `rows` rows and an odd window.
    pub(super) fn new(rows: usize, window: usize, degree: Degree) -> Self {
        /// Places evaluated in a window: a smooth curve is straight in between, and the work stays linear in the rows.
        const PLACES: usize = 64;
        let width = window.min(rows);
        let step = (window / PLACES).max(1);
        let is_whole = rows >= window;
        // Places in the second half mirror those in the first.
        let places = if is_whole { window / 2 } else { rows.div_ceil(2) };
        let at = |place: f64| weights(place, rows, window, degree);
        let left: Vec<Vec<f64>> = std::iter::once(-1.0)
            .chain((0..places).step_by(step).map(|place| place as f64))
            .map(at)
            .collect();
        let right = left.iter().map(|weights| weights.iter().rev().copied().collect()).collect();
        let inner = if is_whole { at((window / 2) as f64) } else { Vec::new() };
        Self { rows, width, window, step, left, right, inner }
    }

    /// Rows of the series it smooths.
    pub(super) const fn rows(&self) -> usize {
        self.rows
    }

    /// Whether every place is evaluated.
    pub(super) const fn is_exact(&self) -> bool {
        self.step == 1
    }

    /// The places that are evaluated, ascending, the first and the last row among them.
    pub(super) fn places(&self) -> impl Iterator<Item = usize> {
        let middle = self.rows / 2;
        let from_end = (0..self.rows - middle).step_by(self.step).map(|place| self.rows - 1 - place);
        (0..middle).step_by(self.step).chain(from_end.rev())
    }

    /// Places inside, which all have [`Self::inner`] around them: from half a window to half a window before the end.
    pub(super) fn inside(&self) -> std::ops::Range<usize> {
        let half = self.window / 2;
        if self.inner.is_empty() { 0..0 } else { half..self.rows - half }
    }

    /// The weights of the places inside.
    pub(super) fn inner(&self) -> &[f64] {
        &self.inner
    }

    /// The first row and the weights of an evaluated place.
    pub(super) fn at(&self, place: usize) -> (usize, &[f64]) {
        let mirrored = self.rows - 1 - place;
        if self.inside().contains(&place) {
            (place - self.window / 2, &self.inner)
        } else if place <= mirrored {
            (0, &self.left[1 + place / self.step])
        } else {
            (self.rows - self.width, &self.right[1 + mirrored / self.step])
        }
    }

    /// The first row and the weights of the place before the first row.
    pub(super) fn before(&self) -> (usize, &[f64]) {
        (0, &self.left[0])
    }

    /// The first row and the weights of the place after the last row.
    pub(super) fn after(&self) -> (usize, &[f64]) {
        (self.rows - self.width, &self.right[0])
    }
}

/// The weights of the first `min(window, rows)` rows at a place: tricube in the distance, then made exact for a line
/// (Cleveland et al. 1990, sect. 2.1). Where the window is longer than the series the distance is widened, as there.
fn weights(place: f64, rows: usize, window: usize, degree: Degree) -> Vec<f64> {
    let width = window.min(rows);
    let last = width as f64 - 1.0;
    let reach = place.max(last - place) + (window.saturating_sub(rows) / 2) as f64;
    let tricube = |row: usize| {
        let distance = (row as f64 - place).abs();
        if distance <= 0.001 * reach {
            1.0
        } else if distance <= 0.999 * reach {
            let part = distance / reach;
            let rest = 1.0 - part * part * part;
            rest * rest * rest
        } else {
            0.0
        }
    };
    let mut weights: Vec<f64> = (0..width).map(tricube).collect();
    let total: f64 = weights.iter().sum();
    for weight in &mut weights {
        *weight /= total;
    }
    if degree == Degree::Linear {
        let at = |row: usize| row as f64;
        let mean: f64 = weights.iter().enumerate().map(|(row, weight)| weight * at(row)).sum();
        let spread: f64 = weights
            .iter()
            .enumerate()
            .map(|(row, weight)| weight * (at(row) - mean) * (at(row) - mean))
            .sum();
        if spread.sqrt() > 0.001 * (rows as f64 - 1.0) {
            let slope = (place - mean) / spread;
            for (row, weight) in weights.iter_mut().enumerate() {
                *weight *= slope.mul_add(at(row) - mean, 1.0);
            }
        }
    }
    weights
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_its_own_linear_smooth_everywhere_and_a_constant_its_constant_one() {
        for (rows, window) in [(20, 7), (7, 7), (5, 11), (6, 11), (2, 11), (40, 3), (300, 201), (301, 401)] {
            for degree in [Degree::Constant, Degree::Linear] {
                let loess = Loess::new(rows, window, degree);
                let value = |row: f64| if degree == Degree::Linear { 3.0 + 2.0 * row } else { 3.0 };
                let check = |place: f64, (first, weights): (usize, &[f64])| {
                    let at = |(at, weight): (usize, &f64)| weight * value((first + at) as f64);
                    let smooth: f64 = weights.iter().enumerate().map(at).sum();
                    assert!((smooth - value(place)).abs() < 1e-9, "{rows} {window} {place}: {smooth}");
                };
                check(-1.0, loess.before());
                check(rows as f64, loess.after());
                for place in loess.places() {
                    check(place as f64, loess.at(place));
                }
            }
        }
    }

    #[test]
    fn both_ends_are_evaluated_and_no_gap_is_as_long_as_two_steps() {
        for (rows, window) in [(2, 11), (20, 7), (300, 201), (301, 401), (1000, 321)] {
            let loess = Loess::new(rows, window, Degree::Linear);
            let places: Vec<usize> = loess.places().collect();
            assert_eq!((places[0], places[places.len() - 1]), (0, rows - 1));
            assert!(places.windows(2).all(|pair| pair[0] < pair[1] && pair[1] - pair[0] < 2 * loess.step));
        }
    }
}
