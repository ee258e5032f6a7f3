//! The models.

mod absent;
mod arima;
mod baseline;
mod ces;
mod combination;
mod global;
mod intermittent;
mod mstl;
mod pooled;
mod ridge;
mod smooth;
mod theta;
mod tree;

use crate::catalog::Definition;

/// Every model's definition, in the catalogue's order.
pub(crate) fn definitions() -> Vec<Definition> {
    let mut definitions = baseline::definitions();
    definitions.push(ridge::trend_regression_baseline());
    definitions.extend([tree::random_forest(), absent::lightgbm(), absent::xgboost()]);
    definitions.extend([tree::regression(), ridge::prophet_like()]);
    definitions.extend(smooth::definitions());
    definitions.push(ces::definition());
    definitions.extend(theta::definitions());
    definitions.push(arima::definition());
    definitions.push(mstl::definition());
    definitions.extend(intermittent::definitions());
    definitions.extend([pooled::definition(), global::definition(), combination::definition()]);
    definitions
}
