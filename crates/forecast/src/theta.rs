//! The Theta models: a level that follows the values, plus a share of their straight line.
//!
//! With `a, b` the intercept and slope of the straight line through the first values, `l` the level and `w = 1 − 1/θ`
//! (Assimakopoulos & Nikolopoulos 2000; Fiorucci, Pellegrini, Louzada, Petropoulos & Koehler 2016):
//!
//! ```text
//! ŷ(t) = l(t−1) + w · G(t),   G(t) = (1−α)^(t−1) · a + (1 − (1−α)^t)/α · b,   l(t) = l(t−1) + α(y(t) − l(t−1))
//! ```
//! *Standard* has `θ = 2` and the line of all values; *optimised* estimates `θ ≥ 1`; *dynamic optimised* lets the line
//! at `t` know only the values before `t`.
//!
//! Given `α`, the errors are affine in the first level `l(0)` and in `w`, so both follow from a 2×2 least squares
//! problem and the search is over `α` alone (variable projection): a grid of sixteen, then two refinements of eight,
//! one `α` per lane. The reference implementations search three dimensions by Nelder-Mead for the same optimum.
//!
//! A season of period `m` is taken out first where the autocorrelation at lag `m` is significant at 90 %:
//! multiplicatively, or additively where an index would not be positive. Missing values are interpolated.

mod fit;
mod kernel;
mod seasonal;

pub(crate) use fit::{Theta, ThetaFit};
