//! Complex exponential smoothing: a level and the information beside it, as the two parts of a complex number.
//!
//! With level `l`, information potential `c` and one-step error `e = y − ŷ` (Svetunkov, Kourentzes & Ord 2022,
//! *Complex exponential smoothing*, Naval Research Logistics 69(8), eq. 10 and sect. 4):
//!
//! ```text
//! l(t) = l(t−1) − (1 − α₁) c(t−1) + (α₀ − α₁) e(t)
//! c(t) = l(t−1) + (1 − α₀) c(t−1) + (α₀ + α₁) e(t)
//! ```
//! | form | ŷ(t) | states |
//! |---|---|---|
//! | none | `l` | `l, c` |
//! | simple | `l[t mod m]` | `l, c` of each phase, updated when its phase comes |
//! | partial | `l + s[t mod m]` | `l, c`; `s += β₀e` |
//! | full | `l + s[t mod m]` | `l, c`; `s, r` of each phase follow the two equations with `β₀, β₁` |
//!
//! A pair of weights has two meanings that people can read: `α₀ − α₁` is how much of an error enters the level, and
//! the forecasts grow by about `(α₁ − 1)/α₀` a step, without end and towards or away from zero. The search is over
//! these two, inside the region in which the filter forgets its first states, and the growth has a prior: the library
//! that this is measured against has none and overstates growth on short histories. Forms are averaged by `AICc` of
//! the weights: the first states are found without a search and count as no parameters.
//!
//! A fit is a fixed grid and two refinements for each form, sixteen pairs per pass in `f64` lanes. The first states are
//! found by running the filter backwards over the first rows (Svetunkov, *Forecasting and Analytics with the ADAM*, 2023,
//! ch. 11.4). The errors are affine in them, so least squares would give them too; on earlier origins of M3 that was no
//! better, and worse for monthly series. The full form contains the partial one (`β₁ = 1`), so its search starts where
//! that of the partial form ended.
//!
//! The model is equivariant to scale but not to shift: growth is relative to zero. Missing values are interpolated.

mod fit;
mod form;
mod kernel;
mod start;

pub(crate) use fit::{CesFit, Search};
pub(crate) use form::Form;
