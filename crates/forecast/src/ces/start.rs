//! A rough state after the first rows, from which the filter runs backwards to the start.

use super::form::Form;

/// A level, and a value by phase: the season's, or in the simple form the phase's own level.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Start {
    pub(super) level: f64,
    pub(super) phases: Vec<f64>,
}

/// How many first rows the start is taken from.
pub(super) fn region(rows: usize, period: usize) -> usize {
    rows.min((4 * period).max(48))
}

impl Start {
    /// From all rows of the region; the seasonal forms need two whole cycles.
    pub(super) fn of(rows: &[f64], period: usize, form: Form) -> Self {
        match form {
            Form::None => Self { level: mean(&rows[rows.len().saturating_sub(8)..]), phases: Vec::new() },
            Form::Simple => {
                Self { level: 0.0, phases: (0..period).map(|phase| recent(rows, period, phase)).collect() }
            }
            Form::Partial | Form::Full => Self::seasonal(rows, period),
        }
    }

    /// The mean deviation from the mean of its cycle with the slope taken out, for the last whole cycles.
    fn seasonal(rows: &[f64], period: usize) -> Self {
        let first = rows.len() % period;
        let means: Vec<f64> = rows[first..].chunks_exact(period).map(mean).collect();
        let last = means.len() - 1;
        let slope = (means[last] - means[0]) / (last * period).max(1) as f64;
        let middle = 0.5 * (period as f64 - 1.0);
        let mut phases = vec![0.0; period];
        for (cycle, mean) in rows[first..].chunks_exact(period).zip(&means) {
            for (at, value) in cycle.iter().enumerate() {
                let usual = slope.mul_add(at as f64 - middle, *mean);
                phases[(first + at) % period] += (value - usual) / means.len() as f64;
            }
        }
        Self { level: slope.mul_add(middle + 1.0, means[last]), phases }
    }
}

/// The mean of a phase's last three values.
fn recent(rows: &[f64], period: usize, phase: usize) -> f64 {
    let values: Vec<f64> = rows.iter().skip(phase).step_by(period).copied().collect();
    mean(&values[values.len().saturating_sub(3)..])
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_with_a_season_is_taken_apart_at_its_end() {
        let season = [3.0, -1.0, -2.0];
        let rows: Vec<f64> = (0..14).map(|t| 10.0 + 0.5 * t as f64 + season[t % 3]).collect();
        let start = Start::of(&rows, 3, Form::Partial);
        assert!((start.level - 17.0).abs() < 1e-9, "{start:?}");
        for (found, expected) in start.phases.iter().zip(season) {
            assert!((found - expected).abs() < 1e-9, "{start:?}");
        }
        // Rows 6, 9 and 12.
        assert!((Start::of(&rows, 3, Form::Simple).phases[0] - 17.5).abs() < 1e-9);
    }
}
