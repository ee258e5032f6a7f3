//! A process with given parameters: its polynomials, its autocovariances, and where its filter starts.

use super::order::Order;

/// `φ(B) Φ(Bᵐ) w = θ(B) Θ(Bᵐ) e`, multiplied out, for errors of variance one.
#[derive(Debug, Clone)]
pub(super) struct Process {
    /// `w(t) = Σ ar[i] w(t − i) + …`; `ar[0]` is 0.
    pub(super) ar: Vec<f64>,
    /// `… + Σ ma[j] e(t − j)`; `ma[0]` is 1.
    pub(super) ma: Vec<f64>,
}

/// The filter before the first value.
#[derive(Debug, Clone)]
pub(super) struct Start {
    /// The variance of the first value.
    pub(super) variance: f64,
    /// What a unit of the first error adds to each later value beyond the autoregression.
    pub(super) gain: Vec<f64>,
    /// What a unit of the first error adds to each later value.
    pub(super) excess: Vec<f64>,
}

impl Process {
    /// The process whose polynomials have these partial autocorrelations, which are kept in the order
    /// [`Order::blocks`] states. It is stationary and invertible if all are between −1 and 1 (Barndorff-Nielsen &
    /// Schou 1973; Jones 1980).
    pub(super) fn of(order: Order, period: usize, partials: &[f64]) -> Self {
        let mut rest = partials;
        let mut factor = |count: usize, spacing: usize| {
            let (own, others) = rest.split_at(count);
            rest = others;
            let mut polynomial = vec![0.0; count * spacing + 1];
            polynomial[0] = 1.0;
            for (at, coefficient) in from_partials(own).into_iter().enumerate() {
                polynomial[(at + 1) * spacing] = -coefficient;
            }
            polynomial
        };
        let [ar, seasonal_ar, ma, seasonal_ma] = order.blocks();
        let factors =
            [factor(ar, 1), factor(seasonal_ar, period), factor(ma, 1), factor(seasonal_ma, period)];
        let mut ar: Vec<f64> = product(&factors[0], &factors[1]).into_iter().map(|value| -value).collect();
        ar[0] = 0.0;
        Self { ar, ma: product(&factors[2], &factors[3]) }
    }

    /// The lags with a coefficient, as (autoregressive, moving average).
    pub(super) fn lags(order: Order, period: usize) -> (Vec<usize>, Vec<usize>) {
        let lags = |plain: usize, seasonal: usize| {
            let sums = (0..=seasonal).flat_map(|season| (0..=plain).map(move |lag| season * period + lag));
            let mut lags: Vec<usize> = sums.filter(|&lag| lag > 0).collect();
            lags.sort_unstable();
            lags.dedup();
            lags
        };
        (lags(order.ar, order.seasonal_ar), lags(order.ma, order.seasonal_ma))
    }

    /// The weights of past errors, `ψ(0) = 1, ψ(1), …`: `ψ(s) = θ(s) + Σ φ(i) ψ(s − i)`.
    pub(super) fn weights(&self, count: usize) -> Vec<f64> {
        let mut weights: Vec<f64> = Vec::with_capacity(count);
        for step in 0..count {
            let moving = self.ma.get(step).copied().unwrap_or(0.0);
            let lags = 1..self.ar.len().min(step + 1);
            weights.push(lags.fold(moving, |sum, lag| sum + self.ar[lag] * weights[step - lag]));
        }
        weights
    }

    /// Autocovariances of lags `0..count` (Brockwell & Davis, *Time Series: Theory and Methods*, 1991, section 3.3):
    /// those of the autoregression alone, through the moving average.
    fn autocovariances(&self, count: usize) -> Vec<f64> {
        let q = self.ma.len() - 1;
        let pure = autoregression(&self.ar[1..], count + q);
        let share = |lag: usize| {
            let pairs = self.ma.iter().zip(&self.ma[lag..]);
            pairs.fold(0.0_f64, |sum, (a, b)| if *a == 0.0 { sum } else { sum + a * b })
        };
        let shares: Vec<f64> = (0..=q).map(share).collect();
        let at = |lag: usize| {
            (1..=q).filter(|&k| shares[k] != 0.0).fold(shares[0] * pure[lag], |sum, k| {
                sum + shares[k] * (pure[lag.abs_diff(k)] + pure[lag + k])
            })
        };
        (0..count).map(at).collect()
    }

    /// The stationary start of the filter in [`super::kernel`].
    pub(super) fn start(&self) -> Start {
        let (p, q) = (self.ar.len() - 1, self.ma.len() - 1);
        let covariances = self.autocovariances(p.max(1));
        let weights = self.weights(q);
        let variance = covariances[0];
        let ar_lags: Vec<usize> = (1..=p).filter(|&lag| self.ar[lag] != 0.0).collect();
        let ma_lags: Vec<usize> = (1..=q).filter(|&lag| self.ma[lag] != 0.0).collect();
        let effect = |ahead: usize| {
            let past = ar_lags.iter().filter(|&&lag| lag >= ahead);
            let sum = past.fold(0.0, |sum, &lag| sum + self.ar[lag] * covariances[lag - ahead]);
            let errors = ma_lags.iter().filter(|&&lag| lag >= ahead);
            errors.fold(sum, |sum, &lag| sum + self.ma[lag] * weights[lag - ahead]) / variance
        };
        let excess: Vec<f64> = (1..=p.max(q)).map(effect).collect();
        let own = |(at, value): (usize, &f64)| value - self.ar.get(at + 1).copied().unwrap_or(0.0);
        Start { variance, gain: excess.iter().enumerate().map(own).collect(), excess }
    }
}

/// Coefficients of an autoregression from its partial autocorrelations (Durbin 1960).
fn from_partials(partials: &[f64]) -> Vec<f64> {
    let mut coefficients: Vec<f64> = Vec::with_capacity(partials.len());
    for &partial in partials {
        let before = coefficients.clone();
        for (value, mirrored) in coefficients.iter_mut().zip(before.iter().rev()) {
            *value -= partial * mirrored;
        }
        coefficients.push(partial);
    }
    coefficients
}

/// Autocovariances of a pure autoregression with errors of variance one: its coefficients are taken down to partial
/// autocorrelations order by order, and the Yule-Walker equations of each order give one lag more.
fn autoregression(coefficients: &[f64], count: usize) -> Vec<f64> {
    let p = coefficients.len();
    let mut orders = vec![coefficients.to_vec()];
    for order in (1..p).rev() {
        let above = orders.last().expect("the first order was put there");
        let partial = above[order];
        let scale = 1.0 / (1.0 - partial * partial);
        orders.push((0..order).map(|at| (above[at] + partial * above[order - 1 - at]) * scale).collect());
    }
    orders.reverse();
    let partial = |order: usize| orders[order - 1][order - 1];
    let mut remaining = (1..=p).fold(1.0, |product, order| product / (1.0 - partial(order).powi(2)));
    let mut covariances = vec![remaining];
    for lag in 1..count.max(p + 1) {
        let (known, fresh) = if lag > p {
            (coefficients, 0.0)
        } else {
            let fresh = partial(lag) * remaining;
            remaining *= 1.0 - partial(lag).powi(2);
            (if lag == 1 { &[][..] } else { &orders[lag - 2][..] }, fresh)
        };
        let sum = known.iter().enumerate().fold(fresh, |sum, (at, coefficient)| {
            if *coefficient == 0.0 { sum } else { sum + coefficient * covariances[lag - 1 - at] }
        });
        covariances.push(sum);
    }
    covariances
}

fn product(a: &[f64], b: &[f64]) -> Vec<f64> {
    let mut product = vec![0.0; a.len() + b.len() - 1];
    for (i, &left) in a.iter().enumerate().filter(|(_, left)| **left != 0.0) {
        for (j, &right) in b.iter().enumerate() {
            product[i + j] += left * right;
        }
    }
    product
}
