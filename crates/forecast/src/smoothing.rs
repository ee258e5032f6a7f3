//! Exponential smoothing with additive errors: one filter for every form, all parameter candidates at once, all
//! origins from one pass.
//!
//! With level `l`, trend `b`, season `s` of period `m` and one-step error `e = y − ŷ` (Hyndman, Koehler, Ord & Snyder,
//! *Forecasting with Exponential Smoothing*, 2008, ch. 2–3):
//!
//! | form | ŷ(t) | updates |
//! |---|---|---|
//! | level | `l` | `l += αe` |
//! | trend | `l + φb` | `l = l + φb + αe`, `b = φb + βe` |
//! | additive season | `… + s[t mod m]` | `s += γe` |
//! | multiplicative season | `(…) · s[t mod m]` | `l: αe/s`, `b: βe/s`, `s += γe/(l + φb)` |
//!
//! A fit is a search: a fixed grid of 32 candidates per form, one candidate per lane of `f32` registers, then,
//! for some lengths, two refinements around the best, all by the sum of squared one-step errors. The first states are
//! found by running the same filter backwards over the first rows (Svetunkov, *Forecasting and Analytics with the
//! ADAM*, 2023, ch. 11.4). Because no candidate depends on the data that follow an origin, the errors at every origin
//! are prefixes of one pass. The chosen candidates' states are then computed once more in `f64`. Forms are compared
//! by `AICc`. A missing value updates nothing but the trend's advance.

mod alone;
mod block;
mod choice;
mod fit;
mod form;
mod group;
mod kernel;
mod rows;
mod scaled;
mod search;
mod start;
mod states;
mod weights;

pub(crate) use choice::{Choice, weigh};
pub(crate) use fit::Fit;
pub(crate) use form::{Form, Season, halton};
pub(crate) use scaled::unit;
pub(crate) use search::Search;
