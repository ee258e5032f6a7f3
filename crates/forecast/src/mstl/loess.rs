//! Local regression on evenly spaced rows, as weights by place.

/// The degree of the local polynomial.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Degree {
    Constant,
    Linear,
}

/// The weights of every place of a series, the two beyond its ends included.
#[derive(Debug, Clone)]
pub(super) struct Loess {
    rows: usize,
    /// Rows that a place looks at: the window, or all rows if there are fewer.
    width: usize,
    /// The window.
    window: usize,
    /// `left[place + 1]`: the weights of the first `width` rows, for places from −1 on.
    left: Vec<Vec<f64>>,
    /// `right[k]`: the weights of the last `width` rows, for place `rows − k`.
    right: Vec<Vec<f64>>,
}

impl Loess {
    /// For series of `rows` rows and an odd window.
    pub(super) fn new(rows: usize, window: usize, degree: Degree) -> Self {
        let width = window.min(rows);
        // The centre and all places before it; those after it mirror them.
        let places = if rows < window { rows.div_ceil(2) } else { window / 2 + 1 };
        let left: Vec<Vec<f64>> =
            (0..=places).map(|at| weights(at as f64 - 1.0, rows, window, degree)).collect();
        let right = left.iter().map(|weights| weights.iter().rev().copied().collect()).collect();
        Self { rows, width, window, left, right }
    }

    /// Rows of the series it smooths.
    pub(super) const fn rows(&self) -> usize {
        self.rows
    }

    /// Places inside, which all have [`Self::inner`] around them: from half a window to half a window before the end.
    pub(super) fn inside(&self) -> std::ops::Range<usize> {
        let half = self.window / 2;
        if self.rows < self.window { 0..0 } else { half..self.rows - half }
    }

    /// The weights of the places inside.
    pub(super) fn inner(&self) -> &[f64] {
        &self.left[self.left.len() - 1]
    }

    /// The first row and the weights of a place, counted from the one before the first row.
    pub(super) fn at(&self, place_from_before: usize) -> (usize, &[f64]) {
        match self.left.get(place_from_before) {
            Some(weights) => (0, weights),
            None => (self.rows - self.width, &self.right[self.rows + 1 - place_from_before]),
        }
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
    weights.iter_mut().for_each(|weight| *weight /= total);
    if degree == Degree::Linear {
        let at = |row: usize| row as f64;
        let mean: f64 = weights.iter().enumerate().map(|(row, weight)| weight * at(row)).sum();
        let spread: f64 =
            weights.iter().enumerate().map(|(row, weight)| weight * (at(row) - mean) * (at(row) - mean)).sum();
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
        for (rows, window) in [(20, 7), (7, 7), (5, 11), (6, 11), (2, 11), (40, 3)] {
            for degree in [Degree::Constant, Degree::Linear] {
                let loess = Loess::new(rows, window, degree);
                for place in 0..rows + 2 {
                    let (first, weights) = loess.at(place);
                    let value = |row: usize| match degree {
                        Degree::Constant => 3.0,
                        Degree::Linear => 3.0 + 2.0 * row as f64,
                    };
                    let smooth: f64 =
                        weights.iter().enumerate().map(|(at, weight)| weight * value(first + at)).sum();
                    let expected = match degree {
                        Degree::Constant => 3.0,
                        Degree::Linear => 3.0 + 2.0 * (place as f64 - 1.0),
                    };
                    assert!((smooth - expected).abs() < 1e-9, "{rows} {window} {place}: {smooth} {expected}");
                }
            }
        }
    }
}
