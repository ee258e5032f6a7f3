//! Seasonal-trend decomposition by loess, with one season or several, and the forecast from its parts.
//!
//! STL (Cleveland, Cleveland, `McRae` & Terpenning 1990, *Journal of Official Statistics* 6, sect. 2) takes a series apart
//! into a season that may drift, a trend and a remainder, by smoothing in turn each phase of the season and what is left
//! without it. MSTL (Bandara, Hyndman & Bergmeir 2021, arXiv:2107.13462, algorithm 1) does so for each season in turn,
//! from the shortest, twice. What remains without the seasons is forecast by exponential smoothing without a season,
//! and each season goes on as its last cycle.
//!
//! The rows are evenly spaced and nothing is down-weighted, so a local regression is a weighted sum whose weights depend
//! on the place alone: inside, one filter for all rows; near the ends, one set of weights per row. All of them are
//! computed once per length, and a whole smoothing is a convolution in vector registers. Windows below 128 rows are
//! evaluated at every row, longer ones at 64 places or more a window with straight lines between. Without robustness weights the decomposition is linear:
//! it is equivariant to scale and shift.
//!
//! Missing values are interpolated. A season of which there are not more than two cycles is left out; with none left
//! the model is exponential smoothing of the values.

mod fit;
mod loess;
mod stl;

pub(crate) use fit::{MstlFit, Search};
