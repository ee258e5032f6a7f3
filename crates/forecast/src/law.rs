//! What a model itself says of its errors: a normal distribution around each step, or a distribution of counts.

/// A forecast with what its model says of its errors.
#[derive(Debug, Clone, PartialEq)]
pub struct Predicted {
    /// One finite number per step.
    pub points: Vec<f64>,
    /// Absent where the model says nothing.
    pub law: Option<Law>,
    /// What no point and no bound is below.
    pub floor: f64,
}

impl Predicted {
    /// Drops the first steps.
    pub fn skip(&mut self, steps: usize) {
        self.points.drain(..steps);
        if let Some(Law::Normal(deviations)) = &mut self.law {
            deviations.drain(..steps);
        }
    }
}

/// Larger means and dispersions are not counts of single things any more, and adding up their probabilities one by
/// one would be slow and lose its first term to underflow.
const LARGEST_MEAN: f64 = 500.0;
/// See [`LARGEST_MEAN`].
const LARGEST_DISPERSION: f64 = 1000.0;

/// The distribution of the errors of each step.
#[derive(Debug, Clone, PartialEq)]
pub enum Law {
    /// Normal around the point with these standard deviations.
    Normal(Vec<f64>),
    /// Whole numbers whose mean is the point and whose variance is this many times the mean, at least one.
    Count {
        /// The multiple.
        dispersion: f64,
    },
}

impl Law {
    /// Normal errors, unless a deviation is no number.
    pub fn normal(deviations: Vec<f64>) -> Option<Self> {
        let are_numbers = deviations.iter().all(|deviation| deviation.is_finite() && *deviation >= 0.0);
        are_numbers.then_some(Self::Normal(deviations))
    }

    /// Counts, if the history is whole numbers from zero and neither too large nor too uneven to be counted one by one.
    ///
    /// The dispersion is `Σ(y − l)² / Σ l` over the rows after the first demand, with `l` the simply smoothed level
    /// before each: Pearson's estimate with one-step errors, so that a slow change of level does not count as noise.
    pub fn of_counts(values: &[f64], points: &[f64]) -> Option<Self> {
        /// Slow, as the weights that intermittent models choose.
        const ALPHA: f64 = 0.1;
        let (mut level, mut squares, mut levels) = (None, 0.0_f64, 0.0);
        for &value in values.iter().filter(|value| !value.is_nan()) {
            if value < 0.0 || value.fract() != 0.0 {
                return None;
            }
            let Some(before) = level else {
                level = (value > 0.0).then_some(value);
                continue;
            };
            let error: f64 = value - before;
            squares = error.mul_add(error, squares);
            levels += before;
            level = Some(ALPHA.mul_add(error, before));
        }
        let dispersion = if levels > 0.0 { (squares / levels).max(1.0) } else { 1.0 };
        let are_counts = points.iter().all(|point| (0.0..=LARGEST_MEAN).contains(point));
        (are_counts && dispersion <= LARGEST_DISPERSION).then_some(Self::Count { dispersion })
    }
}
