//! Which share of all bids each team draws: the market an entry bids against.
//!
//! A prediction is a share for every team of one field, not negative, summing to one; where a model says nothing, all
//! teams are alike. Three models: *naive* (as expected points), *ridge* (learnt from other seasons' auctions), and the
//! *oracle* (what was really bid), which only a backtest may know and which bounds what any model could reach.

mod features;
mod ridge;

use serde::{Deserialize, Serialize};
use thiserror::Error;

pub use self::features::FEATURES;
pub use self::ridge::Ridge;

/// What is known of a team before an auction.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TeamFacts {
    /// Its region.
    pub region: String,
    /// Its seed, 1 to 16.
    pub seed: u32,
    /// Points above an average team in a hundred possessions.
    pub net_rating: f64,
    /// Points scored in a hundred possessions.
    pub offence_rating: f64,
    /// Points allowed in a hundred possessions.
    pub defence_rating: f64,
    /// Possessions a game.
    pub tempo: f64,
    /// Whether the public knows it from many seasons.
    pub is_blue_blood: bool,
}

/// A season whose auction is known: its teams and the share of all bids each drew.
#[derive(Debug, Clone, PartialEq)]
pub struct Season {
    /// The field.
    pub teams: Vec<TeamFacts>,
    /// By team; sums to one.
    pub shares: Vec<f64>,
}

/// Why a market model cannot be learnt.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum MarketError {
    /// Not enough to learn from.
    #[error("a ridge regression needs {} teams of past auctions, and there are {rows}", Ridge::FEWEST_ROWS)]
    TooFewRows {
        /// Teams there are.
        rows: usize,
    },
    /// A penalty that penalises nothing, or is no number.
    #[error("ridge_alpha must be a positive number, and is {alpha}")]
    Alpha {
        /// The penalty.
        alpha: f64,
    },
    /// A fact that is no number, or a seed out of range.
    #[error("{fact} of team {team} cannot be used: {value}")]
    Fact {
        /// Which.
        fact: &'static str,
        /// The team's place in its field, from 1.
        team: usize,
        /// The value.
        value: f64,
    },
}

impl kernel::Fault for MarketError {
    fn class(&self) -> kernel::Class {
        kernel::Class::Unprocessable
    }

    fn code(&self) -> &'static str {
        match self {
            Self::TooFewRows { .. } => "MARKET_TOO_FEW_ROWS",
            Self::Alpha { .. } => "MARKET_ALPHA",
            Self::Fact { .. } => "MARKET_FACT",
        }
    }

    fn fields(&self) -> Vec<kernel::FieldError> {
        let field = match self {
            Self::TooFewRows { .. } => "train_seasons".to_owned(),
            Self::Alpha { .. } => "ridge_alpha".to_owned(),
            Self::Fact { fact, team, .. } => format!("teams[{team}].{fact}"),
        };
        vec![kernel::FieldError::new(field, self.to_string())]
    }
}

/// The market of people who bid what a team is expected to earn.
pub fn naive(expected_points: &[f64]) -> Vec<f64> {
    shares(expected_points.to_vec())
}

/// The market as it really was: the points bid on each team.
pub fn oracle(bids: &[u64]) -> Vec<f64> {
    shares(bids.iter().map(|&bids| bids as f64).collect())
}

/// Numbers as shares: what is negative or no number counts as nothing, and if nothing is left all are alike.
fn shares(mut weights: Vec<f64>) -> Vec<f64> {
    for weight in &mut weights {
        *weight = if weight.is_finite() { weight.max(0.0) } else { 0.0 };
    }
    let total = weights.iter().fold(0.0, |sum, weight| sum + weight);
    let alike = 1.0 / weights.len() as f64;
    weights.into_iter().map(|weight| if total > 0.0 { weight / total } else { alike }).collect()
}

#[cfg(test)]
mod tests;
