//! Automatic seasonal ARIMA: differences by tests, orders by a stepwise search, parameters by exact likelihood.
//!
//! The search is that of Hyndman & Khandakar (*Journal of Statistical Software* 27(3), 2008): a seasonal difference if
//! the season is strong, ordinary differences by the KPSS test, then orders `(p, q)(P, Q)` with or without drift, step
//! by step to the least corrected Akaike criterion. We differ in how an order is fitted. Its exact Gaussian likelihood
//! costs a number of operations linear in the order ([`kernel`]), for eight parameter vectors at once, so that one pass
//! gives all derivatives and the next tries eight lengths of the step ([`fit`]); mean or drift and variance have their
//! best values in closed form. So every order visited is fitted exactly, and none by an approximation.
//!
//! The orders visited are averaged by their Akaike weights unless only the best is asked for: on M3
//! yearly and quarterly and on M4 hourly this is more accurate than the best order. Values in their own units always have a mean, so that adding a constant
//! to the values adds it to the forecasts. Only the last rows of a very long history are read. There are no
//! transformations and no regressors, and missing values must be filled in before.

mod difference;
mod fit;
mod forecast;
mod kernel;
mod order;
mod process;
mod search;

pub(crate) use forecast::Fit;
pub(crate) use search::search;

#[cfg(test)]
mod tests;
