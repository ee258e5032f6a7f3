//! Who beats whom: a table of probabilities for every pair of teams, and where such a table comes from.

use kernel::{Class, Fault, FieldError};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::bracket::Bracket;

/// `P(a beats b)` for all ordered pairs; both directions of a pair sum to one exactly as they are stored.
#[derive(Debug, Clone, PartialEq)]
pub struct PairTable {
    teams: usize,
    beats: Vec<f64>,
}

/// What somebody says of one pair.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pair {
    /// One team.
    pub a: String,
    /// The other.
    pub b: String,
    /// Probability that `a` beats `b`.
    pub a_beats_b: f64,
}

/// Why there is no table of probabilities.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum ProbabilityError {
    /// A number that is no probability.
    #[error("{what}: {value} is not a probability; give a number from 0 to 1")]
    NotAProbability {
        /// Of what.
        what: String,
        /// The number.
        value: f64,
    },
    /// A number that must be finite and positive is not.
    #[error("{what} must be a positive number, and is {value}")]
    NotPositive {
        /// Of what.
        what: String,
        /// The number.
        value: f64,
    },
    /// A rating is missing or not finite.
    #[error("team `{team}` has no rating; every team needs one")]
    NoRating {
        /// The team.
        team: String,
    },
    /// A pair names a team that is not in the field.
    #[error("a pair names team `{team}`, which is not in the field")]
    UnknownTeam {
        /// The team.
        team: String,
    },
    /// A team is paired with itself.
    #[error("team `{team}` is paired with itself")]
    Itself {
        /// The team.
        team: String,
    },
    /// Two statements on one pair.
    #[error("`{a}` against `{b}` is given twice, as {first} and as {second}; keep one, or two that sum to 1")]
    Disagree {
        /// One team.
        a: String,
        /// The other.
        b: String,
        /// The first statement on `a` beating `b`.
        first: f64,
        /// The other one.
        second: f64,
    },
    /// Two teams can meet, and nothing is said of them.
    #[error("`{a}` and `{b}` can meet in game `{game}`, and no probability is given")]
    Missing {
        /// One team.
        a: String,
        /// The other.
        b: String,
        /// Where.
        game: String,
    },
    /// Odds of a market leave a team out, or do not fit the bracket.
    #[error("{what}")]
    Odds {
        /// What is wrong.
        what: String,
    },
}

impl Fault for ProbabilityError {
    fn class(&self) -> Class {
        Class::Invalid
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotAProbability { .. } => "PROBABILITY_RANGE",
            Self::NotPositive { .. } => "PROBABILITY_NOT_POSITIVE",
            Self::NoRating { .. } => "PROBABILITY_NO_RATING",
            Self::UnknownTeam { .. } => "PROBABILITY_UNKNOWN_TEAM",
            Self::Itself { .. } => "PROBABILITY_ITSELF",
            Self::Disagree { .. } => "PROBABILITY_DISAGREE",
            Self::Missing { .. } => "PROBABILITY_MISSING",
            Self::Odds { .. } => "PROBABILITY_ODDS",
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        let field = match self {
            Self::NotAProbability { what, .. } | Self::NotPositive { what, .. } => what.clone(),
            Self::NoRating { team } => format!("ratings[{team}]"),
            Self::UnknownTeam { team } | Self::Itself { team } => format!("pairs[{team}]"),
            Self::Disagree { a, b, .. } | Self::Missing { a, b, .. } => format!("pairs[{a}, {b}]"),
            Self::Odds { .. } => "odds".to_owned(),
        };
        vec![FieldError::new(field, self.to_string())]
    }
}

/// The logistic function, in the form whose exponential cannot overflow.
pub fn logistic(x: f64) -> f64 {
    if x >= 0.0 {
        1.0 / (1.0 + (-x).exp())
    } else {
        let e = x.exp();
        e / (1.0 + e)
    }
}

impl PairTable {
    /// `P(a beats b) = σ((rating_a − rating_b) / scale)` for ratings in points: at a scale of 10 to 11, net ratings
    /// per hundred possessions fit tournament games best.
    pub fn logistic(ratings: &[f64], scale: f64) -> Result<Self, ProbabilityError> {
        if !(scale.is_finite() && scale > 0.0) {
            return Err(ProbabilityError::NotPositive { what: "scale".to_owned(), value: scale });
        }
        Ok(Self::of(ratings.len(), |a, b| logistic((ratings[a] - ratings[b]) / scale)))
    }

    /// The table of what is said of pairs. Every pair that can meet must be given, in one direction or in both; a
    /// statement in both must agree to 10⁻⁶.
    pub fn given(bracket: &Bracket, pairs: &[Pair]) -> Result<Self, ProbabilityError> {
        let teams = bracket.teams().len();
        let mut said: Vec<Option<f64>> = vec![None; teams * teams];
        for pair in pairs {
            let find =
                |id: &String| bracket.team(id).ok_or(ProbabilityError::UnknownTeam { team: id.clone() });
            let (a, b) = (find(&pair.a)?, find(&pair.b)?);
            if a == b {
                return Err(ProbabilityError::Itself { team: pair.a.clone() });
            }
            if !(0.0..=1.0).contains(&pair.a_beats_b) {
                let what = format!("pairs[{}, {}]", pair.a, pair.b);
                return Err(ProbabilityError::NotAProbability { what, value: pair.a_beats_b });
            }
            if let Some(first) = said[a * teams + b]
                && (first - pair.a_beats_b).abs() > 1e-6
            {
                let (a, b, second) = (pair.a.clone(), pair.b.clone(), pair.a_beats_b);
                return Err(ProbabilityError::Disagree { a, b, first, second });
            }
            said[a * teams + b] = Some(pair.a_beats_b);
            said[b * teams + a] = Some(1.0 - pair.a_beats_b);
        }
        complete(bracket, &said)?;
        // A pair that cannot meet is never asked for.
        Ok(Self::of(teams, |a, b| said[a * teams + b].unwrap_or(0.5)))
    }

    /// The table of a function of two teams, asked once a pair, the smaller index first.
    pub fn of(teams: usize, beats: impl Fn(usize, usize) -> f64) -> Self {
        let mut table = Self { teams, beats: vec![0.5; teams * teams] };
        for a in 0..teams {
            for b in a + 1..teams {
                let p = beats(a, b);
                table.beats[a * teams + b] = p;
                table.beats[b * teams + a] = 1.0 - p;
            }
        }
        table
    }

    /// `P(a beats b)`.
    pub fn beats(&self, a: usize, b: usize) -> f64 {
        self.beats[a * self.teams + b]
    }

    /// How many teams.
    pub const fn teams(&self) -> usize {
        self.teams
    }
}

/// Whether something is said of every pair that can meet.
fn complete(bracket: &Bracket, said: &[Option<f64>]) -> Result<(), ProbabilityError> {
    let teams = bracket.teams();
    for game in bracket.games() {
        let [left, right] = game.sides.map(|slot| bracket.reachable(slot));
        for &a in left {
            if let Some(&b) = right.iter().find(|&&b| said[a * teams.len() + b].is_none()) {
                let (a, b, game) = (teams[a].clone(), teams[b].clone(), game.id.clone());
                return Err(ProbabilityError::Missing { a, b, game });
            }
        }
    }
    Ok(())
}
