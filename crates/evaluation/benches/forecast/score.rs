//! The M4 competition's measures (Makridakis, Spiliotis & Assimakopoulos 2020, equations 1–3).

/// Errors of one forecast, or their means over many.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Score {
    /// In percent, from 0 to 200.
    pub(crate) smape: f64,
    pub(crate) mase: f64,
}

impl Score {
    /// The errors of one forecast. `train` is longer than `period`.
    pub(crate) fn of(train: &[f64], test: &[f64], points: &[f64], period: usize) -> Self {
        let mean = |sum: f64, count: usize| sum / count as f64;
        let errors =
            || test.iter().zip(points).map(|(actual, point)| (actual, point, (actual - point).abs()));
        let symmetric =
            errors().map(
                |(actual, point, error)| {
                    if error > 0.0 { 200.0 * error / (actual.abs() + point.abs()) } else { 0.0 }
                },
            );
        let steps = train.iter().zip(&train[period..]).map(|(before, after)| (after - before).abs());
        let scale = mean(steps.sum(), train.len() - period);
        let absolute = mean(errors().map(|(_, _, error)| error).sum(), test.len());
        Self { smape: mean(symmetric.sum(), test.len()), mase: absolute / scale }
    }

    pub(crate) fn mean(scores: impl ExactSizeIterator<Item = Self>) -> Self {
        let n = scores.len() as f64;
        let sum = scores.fold(Self::default(), |sum, score| Self {
            smape: sum.smape + score.smape,
            mase: sum.mase + score.mase,
        });
        Self { smape: sum.smape / n, mase: sum.mase / n }
    }
}

impl std::fmt::Display for Score {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:.2} / {:.3}", self.smape, self.mase)
    }
}
