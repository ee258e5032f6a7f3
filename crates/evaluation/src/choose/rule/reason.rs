//! Why the rule is kept to where the folds that are shown speak for a single model.

use kernel::{counted, figure};

use super::{Decision, FLEET_FOLDS, Kind, Loss, POWER, QUARTER};

/// Why a weighted forecast is taken though one model alone errs less on the folds that are shown; `decision` is that of the only
/// series there is.
pub fn taken_because(loss: Loss, decision: Option<&Decision>) -> String {
    match (loss, decision) {
        (Loss::Squared, _) => {
            "demand is often zero: weights follow squared errors, and by absolute ones a forecast that is too low looks best"
                .to_owned()
        }
        (Loss::Absolute, Some(decision)) if decision.kind == Kind::Combination => format!(
            "no model is clearly the best on {}: one is taken alone where every other errs {} times as much",
            counted(decision.folds, "fold", "folds"),
            figure(clear_lead(decision.folds), 1)
        ),
        (Loss::Absolute, Some(_)) => "the models are weighed on the folds that all of them were judged on".to_owned(),
        (Loss::Absolute, None) => {
            "which model is the best over all series is known only after these folds, and each series is weighed for itself"
                .to_owned()
        }
    }
}

/// How many times as much every other member has to err on so many folds of a series that stands alone, for one to be the route.
fn clear_lead(folds: usize) -> f64 {
    let n = folds as f64;
    QUARTER.powf(-(n + FLEET_FOLDS) / (POWER * n))
}

#[cfg(test)]
mod tests {
    use super::super::{Lean, Record, Role, decide};
    use super::*;

    #[test]
    fn the_lead_that_is_told_is_the_one_that_decides() {
        for folds in [1, 3, 5, 8] {
            let kind = |lead: f64| {
                let errors = [1.0, lead * clear_lead(folds)].map(|error| vec![Some(error); folds]);
                decide(&Record::new(errors.to_vec()), &[Role::Member; 2], &Lean::NONE).kind
            };
            assert_eq!((kind(0.99), kind(1.01)), (Kind::Combination, Kind::Route), "{folds} folds");
        }
    }

    #[test]
    fn the_reason_is_that_of_the_rule() {
        let errors = [1.0, 1.2].map(|error| vec![Some(error); 5]);
        let decision = decide(&Record::new(errors.to_vec()), &[Role::Member; 2], &Lean::NONE);
        assert_eq!(
            taken_because(Loss::Absolute, Some(&decision)),
            "no model is clearly the best on 5 folds: one is taken alone where every other errs 1.6 times as much"
        );
        assert!(taken_because(Loss::Squared, Some(&decision)).contains("squared errors"));
        assert!(taken_because(Loss::Absolute, None).contains("over all series"));
    }
}
