//! The exact Gaussian likelihood of eight parameter vectors at once, in a number of operations linear in the order.
//!
//! With `x = φ(B) w` over the values there are, `v` the one-step errors and `f` their variances, the filter is
//!
//! ```text
//! v(t) = x(t) − a₀        a ← shift(a) + g v(t)
//! g ← (g − ℓ shift(k)) / (1 − ℓ²)    k ← shift(k) − ℓ g    f ← f (1 − ℓ²)    where ℓ = k₀
//! ```
//!
//! which are the recursions of Morf, Sidhu & Kailath (1974) for the difference of two consecutive state covariances,
//! of rank one for a stationary start (Pearlman, *Biometrika* 67, 1980; Mélard, algorithm AS 197, 1984), after the
//! autoregression is taken out of the gain: `k` and `g` then do not see it. As `k` vanishes, `g` becomes the moving
//! average and the filter the plain recursion, which touches only the lags that have a coefficient.
#![expect(
    clippy::inline_always,
    reason = "inlined into the function whose instructions were chosen, or slow"
)]

use super::process::{Process, Start};
use crate::simd::{Lanes, Task};

/// Parameter vectors of one pass.
pub(super) const WIDTH: usize = 8;

/// One number per parameter vector.
pub(super) type Row = [f64; WIDTH];

/// Eight processes of one order over one series.
pub(super) struct Filter<'a> {
    pub(super) values: &'a [f64],
    /// Lags with an autoregressive and with a moving average coefficient.
    pub(super) lags: &'a (Vec<usize>, Vec<usize>),
    pub(super) processes: &'a [Process; WIDTH],
    /// Whether to filter a series of ones as well, which gives the mean.
    pub(super) has_mean: bool,
    /// Where the outcome goes; what is there is overwritten, and its memory used again.
    pub(super) into: &'a mut Filtered,
}

/// What eight passes give.
#[derive(Debug, Default)]
pub(super) struct Filtered {
    /// One-step errors of the values.
    pub(super) errors: Vec<Row>,
    /// One-step errors of a series of ones; empty without a mean.
    pub(super) ones: Vec<Row>,
    /// Variances of the first errors; those that are not here are 1.
    pub(super) variances: Vec<Row>,
    /// `Σ v²/f`, `Σ v u/f` and `Σ u²/f` with `u` the errors of the ones.
    pub(super) sums: [Row; 3],
    /// `Σ ln f`.
    pub(super) log_determinant: Row,
    /// What the errors so far add to the next values, and the same for the ones.
    pub(super) ahead: [Vec<Row>; 2],
}

impl Filtered {
    fn clear(&mut self) {
        self.errors.clear();
        self.ones.clear();
        self.variances.clear();
        self.log_determinant = [0.0; WIDTH];
    }
}

/// `k` below this changes the variances by its square only: the filter has settled.
const SETTLED: f64 = 1e-6;

/// Steps between two looks at whether the filter has settled, and between two logarithms of a product.
const STRIDE: usize = 8;

impl Task for Filter<'_> {
    type Output = ();

    #[inline(always)]
    fn run<F: Lanes<Number = f32>, D: Lanes<Number = f64>>(self) {
        if self.has_mean { self.pass::<D, true>() } else { self.pass::<D, false>() }
    }
}

impl Filter<'_> {
    #[inline(always)]
    fn pass<D: Lanes<Number = f64>, const MEAN: bool>(self) {
        let values = self.values;
        let mut state = State::<D>::of(self);
        let settled = state.transient::<MEAN>(values);
        state.steady::<MEAN>(values, settled);
        state.finish::<MEAN>(values.len(), settled);
    }
}

struct State<'a, D> {
    ar: Vec<(usize, D)>,
    ma: Vec<(usize, D)>,
    /// Elements of `gain` that can stay above zero: the order of the moving average.
    moving: usize,
    /// `g`, `k` and the two `a`, each with a zero behind its last element.
    gain: Vec<D>,
    excess: Vec<D>,
    ahead: Vec<D>,
    ahead_ones: Vec<D>,
    variance: D,
    sums: [D; 3],
    out: &'a mut Filtered,
}

/// One register per element of the eight vectors, and a zero behind.
#[inline(always)]
fn columns<D: Lanes<Number = f64>>(vectors: [&[f64]; WIDTH]) -> Vec<D> {
    let row = |at: usize| D::load(&vectors.map(|vector| vector[at]));
    let rows = (0..vectors[0].len()).map(row);
    rows.chain(std::iter::once(D::splat(0.0))).collect()
}

#[inline(always)]
fn stored<D: Lanes<Number = f64>>(register: D) -> Row {
    let mut row = [0.0; WIDTH];
    register.store(&mut row);
    row
}

impl<'a, D: Lanes<Number = f64>> State<'a, D> {
    #[inline(always)]
    #[expect(clippy::needless_pass_by_value, reason = "its room for results is taken over")]
    fn of(filter: Filter<'a>) -> Self {
        let starts: [Start; WIDTH] = std::array::from_fn(|lane| filter.processes[lane].start());
        let ar: Vec<D> = columns(std::array::from_fn(|lane| filter.processes[lane].ar.as_slice()));
        let ma: Vec<D> = columns(std::array::from_fn(|lane| filter.processes[lane].ma.as_slice()));
        let gain: Vec<D> = columns(std::array::from_fn(|lane| starts[lane].gain.as_slice()));
        let zero = D::splat(0.0);
        filter.into.clear();
        Self {
            ar: filter.lags.0.iter().map(|&lag| (lag, ar[lag])).collect(),
            ma: filter.lags.1.iter().map(|&lag| (lag, ma[lag])).collect(),
            moving: filter.processes[0].ma.len() - 1,
            ahead: vec![zero; gain.len()],
            ahead_ones: vec![zero; gain.len()],
            excess: columns(std::array::from_fn(|lane| starts[lane].excess.as_slice())),
            gain,
            variance: D::load(&std::array::from_fn::<f64, WIDTH, _>(|lane| starts[lane].variance)),
            sums: [zero; 3],
            out: filter.into,
        }
    }

    /// The values up to the row where the filter settles, which is returned.
    #[inline(always)]
    fn transient<const MEAN: bool>(&mut self, values: &[f64]) -> usize {
        let width = self.gain.len() - 1;
        let mut determinant = D::splat(1.0);
        let mut settled = values.len();
        for t in 0..values.len() {
            if t.is_multiple_of(STRIDE) {
                self.count(&mut determinant, false);
                if t >= width && self.is_settled() {
                    settled = t;
                    break;
                }
            }
            let error = self.filtered(values, t).minus(self.ahead[0]);
            let one = if MEAN { self.filtered_one(t).minus(self.ahead_ones[0]) } else { error };
            self.record::<MEAN>(error, one, D::splat(1.0).over(self.variance));
            self.out.variances.push(stored(self.variance));
            determinant = determinant.times(self.variance);
            // Beyond the moving average nothing is left once every start has been shifted out.
            let live = if t < width { width } else { self.moving };
            self.advance::<MEAN>(error, one, live);
        }
        self.count(&mut determinant, true);
        settled
    }

    #[inline(always)]
    fn count(&mut self, determinant: &mut D, is_last: bool) {
        const LARGE: f64 = 1e30;
        let row = stored(*determinant);
        if !is_last && row.iter().all(|value| *value < LARGE) {
            return;
        }
        for (sum, value) in self.out.log_determinant.iter_mut().zip(row) {
            *sum += value.ln();
        }
        *determinant = D::splat(1.0);
    }

    #[inline(always)]
    fn is_settled(&self) -> bool {
        self.excess[..self.moving]
            .iter()
            .all(|&register| stored(register).iter().all(|value| value.abs() < SETTLED))
    }

    /// `φ(B) w(t)` over the values there are.
    #[inline(always)]
    fn filtered(&self, values: &[f64], t: usize) -> D {
        let mut sum = D::splat(values[t]);
        for &(lag, coefficient) in self.ar.iter().take_while(|(lag, _)| *lag <= t) {
            sum = sum.minus(coefficient.times(D::splat(values[t - lag])));
        }
        sum
    }

    #[inline(always)]
    fn filtered_one(&self, t: usize) -> D {
        let mut sum = D::splat(1.0);
        for &(_, coefficient) in self.ar.iter().take_while(|(lag, _)| *lag <= t) {
            sum = sum.minus(coefficient);
        }
        sum
    }

    #[inline(always)]
    fn record<const MEAN: bool>(&mut self, error: D, one: D, precision: D) {
        let weighted = error.times(precision);
        self.sums[0] = weighted.times_plus(error, self.sums[0]);
        self.out.errors.push(stored(error));
        if MEAN {
            self.sums[1] = weighted.times_plus(one, self.sums[1]);
            self.sums[2] = one.times(precision).times_plus(one, self.sums[2]);
            self.out.ones.push(stored(one));
        }
    }

    #[inline(always)]
    fn advance<const MEAN: bool>(&mut self, error: D, one: D, live: usize) {
        let reflection = self.excess[0];
        let left = D::splat(1.0).minus(reflection.times(reflection));
        let scale = D::splat(1.0).over(left);
        self.variance = self.variance.times(left);
        let (gain, excess) = (&mut self.gain[..=live], &mut self.excess[..=live]);
        let (ahead, ahead_ones) = (&mut self.ahead[..=live], &mut self.ahead_ones[..=live]);
        let zero = D::splat(0.0);
        (excess[live], ahead[live], ahead_ones[live]) = (zero, zero, zero);
        for at in 0..live {
            let own = gain[at];
            ahead[at] = own.times_plus(error, ahead[at + 1]);
            if MEAN {
                ahead_ones[at] = own.times_plus(one, ahead_ones[at + 1]);
            }
            let shifted = excess[at + 1];
            let next = own.minus(reflection.times(shifted)).times(scale);
            gain[at] = next;
            excess[at] = shifted.minus(reflection.times(next));
        }
    }

    /// The values after the filter has settled.
    #[inline(always)]
    fn steady<const MEAN: bool>(&mut self, values: &[f64], settled: usize) {
        for t in settled..values.len() {
            let pending = (t - settled).min(self.moving);
            let mut error = self.filtered(values, t).minus(self.ahead[pending]);
            let mut one = error;
            if MEAN {
                one = self.filtered_one(t).minus(self.ahead_ones[pending]);
            }
            for &(lag, coefficient) in self.ma.iter().take_while(|(lag, _)| *lag <= t - settled) {
                error = error.minus(coefficient.times(D::load(&self.out.errors[t - lag])));
                if MEAN {
                    one = one.minus(coefficient.times(D::load(&self.out.ones[t - lag])));
                }
            }
            self.record::<MEAN>(error, one, D::splat(1.0));
        }
    }

    #[inline(always)]
    fn finish<const MEAN: bool>(self, rows: usize, settled: usize) {
        let after = rows - settled;
        let next = |step: usize, pending: &[D], errors: &[Row]| {
            let mut sum = pending[(after + step).min(pending.len() - 1)];
            for &(lag, coefficient) in &self.ma {
                if lag > step && lag <= after + step {
                    sum = coefficient.times_plus(D::load(&errors[rows + step - lag]), sum);
                }
            }
            stored(sum)
        };
        let steps = self.gain.len() - 1;
        let ahead = (0..steps).map(|step| next(step, &self.ahead, &self.out.errors)).collect();
        let ones = if MEAN {
            (0..steps).map(|step| next(step, &self.ahead_ones, &self.out.ones)).collect()
        } else {
            Vec::new()
        };
        self.out.ahead = [ahead, ones];
        self.out.sums = self.sums.map(stored);
    }
}
