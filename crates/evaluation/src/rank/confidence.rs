//! How sure a first place is. Always judged on WAPE, whatever metric ranked.

use kernel::figure;
use wire::model_selection::{Confidence, RankEntry, RankingPolicy, Sufficiency};

/// A relative lead below this is a near tie.
const NEAR_TIE: f64 = 0.02;

/// The first matching rule and its one reason.
pub(super) fn assess(
    ranked: &[RankEntry],
    policy: &RankingPolicy,
    sufficiency: Sufficiency,
) -> (Confidence, String) {
    use Confidence::{High, Low, Medium};
    let Some(winner) = ranked.first() else {
        return (Low, "no candidate could be ranked".to_owned());
    };
    let Some(second) = ranked.get(1) else {
        return (Low, format!("{} is the only candidate that could be ranked", winner.key));
    };
    if sufficiency != Sufficiency::Ready {
        return (Low, "the history is limited: too short or too sparse for all folds".to_owned());
    }
    let bias = winner.metrics.and_then(|metrics| metrics.bias).unwrap_or(0.0);
    let bound = policy.max_acceptable_abs_bias;
    if bias.abs() > bound {
        return (
            Low,
            format!("the winner's bias of {} exceeds the accepted {}", figure(bias, 2), figure(bound, 2)),
        );
    }
    let wape = |entry: &RankEntry| entry.metrics.and_then(|metrics| metrics.wape);
    let (Some(first_wape), Some(second_wape)) = (wape(winner), wape(second)) else {
        return (Low, "WAPE is undefined because no fold has any demand".to_owned());
    };
    let lead = if second_wape == 0.0 { 0.0 } else { (second_wape - first_wape) / second_wape };
    let numbers = format!(
        "WAPE {}% against {}% of {}, a relative lead of {}%",
        figure(first_wape, 1),
        figure(second_wape, 1),
        second.key,
        figure(100.0 * lead, 1)
    );
    let high = policy.high_confidence_rel_improvement;
    if lead < NEAR_TIE {
        (Low, format!("{numbers}: a near tie, below {:.0}%", 100.0 * NEAR_TIE))
    } else if lead >= high {
        (High, format!("{numbers}: at least the {:.0}% asked for", 100.0 * high))
    } else {
        (Medium, format!("{numbers}: below the {:.0}% asked for", 100.0 * high))
    }
}
