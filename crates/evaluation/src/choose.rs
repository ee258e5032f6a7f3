//! What a forecaster would choose where nobody has: seasons, folds, candidates, and how candidates become a forecast.
//!
//! [`seasons`] and [`demand`] read the values, [`folds`] divides them, [`candidates`] names the models, [`rule`] weighs
//! them by their folds and says in words why. [`widths`] makes intervals of what a fleet erred. Nothing here fits a model.

pub mod candidates;
pub mod demand;
pub mod folds;
pub mod rule;
pub mod seasons;
pub mod widths;
