//! How candidates and the rule did, added up series by series: nothing of a series is kept.

use super::{Errors, Judgement, Standing};

/// The standings of a fleet on the way. The same series in the same order give the same numbers.
#[derive(Debug, Clone)]
pub struct Standings {
    rule: Sums,
    candidates: Vec<Sums>,
}

#[derive(Debug, Clone, Default)]
struct Sums {
    judged: usize,
    absolute: f64,
    demand: f64,
    /// Series with a scaled error, the mean of these and the sum of squares around it (Welford 1962).
    scaled: usize,
    mean: f64,
    squares: f64,
}

impl Standings {
    /// Of so many candidates, before any series.
    pub fn of(candidates: usize) -> Self {
        Self { rule: Sums::default(), candidates: vec![Sums::default(); candidates] }
    }

    /// The next series.
    pub fn add(&mut self, series: &Judgement) {
        self.rule.add(series.rule.as_ref());
        self.candidates.iter_mut().zip(&series.candidates).for_each(|(sums, one)| sums.add(one.as_ref()));
    }

    /// That of the weighted forecasts, and one per candidate.
    pub fn finish(self) -> (Standing, Vec<Standing>) {
        (self.rule.standing(), self.candidates.iter().map(Sums::standing).collect())
    }
}

impl Sums {
    fn add(&mut self, errors: Option<&Errors>) {
        let Some(errors) = errors else { return };
        self.judged += 1;
        self.absolute += errors.absolute;
        self.demand += errors.demand;
        let Some(mase) = errors.mase else { return };
        self.scaled += 1;
        let before = mase - self.mean;
        self.mean += before / self.scaled as f64;
        self.squares = before.mul_add(mase - self.mean, self.squares);
    }

    fn standing(&self) -> Standing {
        let scaled = self.scaled as f64;
        let spread = self.squares / (scaled - 1.0);
        Standing {
            judged: self.judged,
            series: self.scaled,
            mase: (self.scaled > 0).then_some(self.mean).and_then(kernel::finite),
            mase_error: if self.scaled > 1 { kernel::finite((spread / scaled).sqrt()) } else { None },
            wape: kernel::finite(100.0 * self.absolute / self.demand),
        }
    }
}
