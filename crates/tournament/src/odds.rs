//! Odds of bookmakers as probabilities: the margin taken out, each market to the sum that it must have.
//!
//! Two teams of one game sum to 1; a market "reaches round `k`" sums to the places there are, not to 1. The margin is
//! taken out by the power method (`pᵢ = qᵢᵏ`, Clarke, Kovalchik & Ingram 2017), which leaves no probability above one,
//! as dividing by the sum does where a market has several places, and takes more from outsiders, as bookmakers do.

use crate::bracket::{Bracket, Slot};
use crate::probability::{PairTable, ProbabilityError};
use crate::reach::reach;
use crate::results::Results;

/// Decimal odds as the probabilities they imply, with the margin in them.
pub fn implied(decimal_odds: &[f64]) -> Result<Vec<f64>, ProbabilityError> {
    let of = |&odds: &f64| {
        if odds.is_finite() && odds > 1.0 {
            Ok(1.0 / odds)
        } else {
            let what = format!("decimal odds must be above 1, and one is {odds}");
            Err(ProbabilityError::Odds { what })
        }
    };
    decimal_odds.iter().map(of).collect()
}

/// Probabilities without the margin: they sum to `places`, none is above one.
pub fn devig(implied: &[f64], places: usize) -> Result<Vec<f64>, ProbabilityError> {
    let sum = |power: f64| implied.iter().fold(0.0, |sum, p| sum + p.powf(power));
    let total = sum(1.0);
    let places = places as f64;
    if implied.len() as f64 <= places {
        let what = format!("a market of {} teams has no {places} places to fight for", implied.len());
        return Err(ProbabilityError::Odds { what });
    }
    if implied.iter().any(|p| !(*p > 0.0 && *p < 1.0)) {
        return Err(ProbabilityError::Odds {
            what: "odds must imply more than 0 and less than 1".to_owned(),
        });
    }
    if total < 0.5 * places || total > 3.0 * places {
        let what = format!(
            "the odds imply {total:.2} places in all and the market has {places}: is it this market?"
        );
        return Err(ProbabilityError::Odds { what });
    }
    // The sum falls as the power grows, from the number of teams to none.
    let (mut low, mut high) = (1e-3, 64.0);
    for _ in 0..100 {
        let middle = f64::midpoint(low, high);
        if sum(middle) > places { low = middle } else { high = middle }
    }
    let power = f64::midpoint(low, high);
    Ok(implied.iter().map(|p| p.powf(power)).collect())
}

/// Ratings, in units of a logistic of scale 1 and with mean 0, under which the exact chances to make progress `level`
/// are those of a market without margin. Parts of a bracket that do not meet below that level are not compared by such
/// a market: how strong one is against the other is told by the market of the title alone.
pub fn ratings_of_reach(
    bracket: &Bracket,
    market: &[f64],
    level: usize,
) -> Result<Vec<f64>, ProbabilityError> {
    let places = bracket.slots().iter().filter(|slot| level_of(bracket, slot) == Some(level)).count();
    let total = market.iter().fold(0.0, |sum, p| sum + p);
    if market.len() != bracket.teams().len() || (total - places as f64).abs() > 1e-3 * places as f64 {
        let what = format!(
            "{} chances that sum to {total:.3} are given for {} teams and {places} places; take the margin out first",
            market.len(),
            bracket.teams().len()
        );
        return Err(ProbabilityError::Odds { what });
    }
    if market.iter().any(|p| !(*p > 0.0 && *p < 1.0)) {
        return Err(ProbabilityError::Odds { what: "every team needs a chance between 0 and 1".to_owned() });
    }
    let none = Results::none(bracket);
    let mut ratings = vec![0.0; market.len()];
    for _ in 0..MOST_STEPS {
        let pairs = PairTable::logistic(&ratings, 1.0)?;
        let reach = reach(bracket, &pairs, &none);
        let mut worst: f64 = 0.0;
        for (team, rating) in ratings.iter_mut().enumerate() {
            let gap = logit(market[team]) - logit(reach.at_least(team, level));
            worst = worst.max(gap.abs());
            *rating += STEP * gap;
        }
        let mean = ratings.iter().fold(0.0, |sum, rating| sum + rating) / ratings.len() as f64;
        for rating in &mut ratings {
            *rating -= mean;
        }
        if worst < 1e-9 {
            return Ok(ratings);
        }
    }
    let what = "no ratings give these chances in this bracket; are they of another one?".to_owned();
    Err(ProbabilityError::Odds { what })
}

/// Part of a gap in log odds that a step closes: a rating acts on every round up to the level, so less than one.
const STEP: f64 = 0.25;
const MOST_STEPS: usize = 20_000;

fn logit(p: f64) -> f64 {
    let p = p.clamp(1e-12, 1.0 - 1e-12);
    (p / (1.0 - p)).ln()
}

/// The level of a winner's slot; others pass on what is below them.
fn level_of(bracket: &Bracket, slot: &Slot) -> Option<usize> {
    match *slot {
        Slot::Team(_) => Some(0),
        Slot::Bye(below) => level_of(bracket, &bracket.slots()[below]).map(|level| level + 1),
        Slot::Winner(game) => Some(bracket.games()[game].round + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bracket::seeded;

    #[test]
    fn a_market_sums_to_its_places_and_keeps_its_order() {
        let game = devig(&implied(&[1.5, 2.6]).unwrap(), 1).unwrap();
        assert!((game[0] + game[1] - 1.0).abs() < 1e-12 && game[0] > 0.6);
        let sixteen: Vec<f64> =
            (0..68).map(|at| 0.97 - 0.014 * f64::from(at)).map(|p: f64| p.max(0.01)).collect();
        let fair = devig(&sixteen, 16).unwrap();
        assert!((fair.iter().sum::<f64>() - 16.0).abs() < 1e-9);
        assert!(fair.iter().all(|p| (0.0..1.0).contains(p)));
        assert!(fair.windows(2).all(|pair| pair[0] >= pair[1]));
    }

    #[test]
    fn what_is_no_market_is_refused() {
        assert!(implied(&[1.0]).is_err() && implied(&[f64::NAN]).is_err());
        assert!(devig(&[0.5, 0.5], 2).is_err());
        assert!(devig(&[0.01; 8], 1).unwrap_err().to_string().contains("0.08 places"));
        assert!(devig(&[0.0, 0.9], 1).is_err());
    }

    #[test]
    fn ratings_give_back_the_chances_they_were_found_from() {
        let bracket = seeded((0..16).map(|at| at.to_string()).collect()).unwrap();
        let truth: Vec<f64> = (0..16).map(|at| 1.5 - 0.2 * f64::from(at)).collect();
        let pairs = PairTable::logistic(&truth, 1.0).unwrap();
        let exact = reach(&bracket, &pairs, &Results::none(&bracket));
        for level in [2, 4] {
            let market: Vec<f64> = (0..16).map(|team| exact.at_least(team, level)).collect();
            let found = ratings_of_reach(&bracket, &market, level).unwrap();
            let pairs = PairTable::logistic(&found, 1.0).unwrap();
            let again = reach(&bracket, &pairs, &Results::none(&bracket));
            for team in 0..16 {
                assert!((again.at_least(team, level) - market[team]).abs() < 1e-9);
                assert!(level < 4 || (found[team] - truth[team]).abs() < 1e-6);
            }
        }
    }
}
