//! The Theta models: a level that follows the values, plus a share of their straight line.
//!
//! With `a, b` the intercept and slope of the straight line through the first values, `l` the level and `w = 1 − 1/θ`
//! (Assimakopoulos & Nikolopoulos 2000; Fiorucci, Pellegrini, Louzada, Petropoulos & Koehler 2016):
//!
//! ```text
//! ŷ(t) = l(t−1) + w · G(t),   G(t) = (1−α)^(t−1) · a + (1 − (1−α)^t)/α · b,   l(t) = l(t−1) + α(y(t) − l(t−1))
//! ```
//! *Standard* has `θ = 2` and the line of all values; *optimised* estimates `θ ≥ 1`; *dynamic optimised* lets the line
//! at `t` know only the values before `t`, skips the errors of the second and third row, where there is no line yet,
//! and takes the first value itself for the line at the first row.
//!
//! Given `α`, the errors are affine in the first level `l(0)` and in `w`, so both follow from a 2×2 least squares
//! problem and the search is over `α` alone (variable projection): a grid of sixteen, then three halvings of the distance.
//! The reference implementations search three dimensions by Nelder-Mead. What is minimised is not the plain sum of
//! squares: `w` has a prior around one half, and the first level is integrated out, see [`search`].
//!
//! Eight series run at once, one per lane, through season, line, search and all; a series alone runs with eight `α` in
//! the lanes instead, by the same operations, so that its numbers are the same bits.
//!
//! A season of period `m` is taken out first where the autocorrelation at lag `m` is significant at 90 %:
//! multiplicatively, or additively where an index would not be positive. Missing values are interpolated.

mod fit;
mod kernel;
mod line;
mod search;
mod seasonal;

pub(crate) use fit::{Theta, ThetaFit};

/// One number per series (or per candidate, where one series runs alone).
type Row = [f64; 8];
