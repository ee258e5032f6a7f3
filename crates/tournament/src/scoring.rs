//! Points for progress.

use kernel::{Class, Fault, FieldError};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Points awarded for each step of progress; the points of a team are the sum over the steps it made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Points {
    /// By progress − 1.
    awarded: Vec<u32>,
    /// By progress.
    total: Vec<u32>,
}

/// Points for one step, as it is written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScoringRule {
    /// Progress that earns the points, from 1.
    pub win_index: u32,
    /// Points awarded on reaching it.
    pub points_awarded: u32,
}

/// What is wrong with scoring rules.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ScoringError {
    /// A step is beyond the bracket.
    #[error("win_index {win_index} is not from 1 to {levels}, the steps of this bracket")]
    UnknownStep {
        /// The step.
        win_index: u32,
        /// Steps there are.
        levels: usize,
    },
    /// A step is given twice.
    #[error("win_index {win_index} is given twice")]
    Repeated {
        /// The step.
        win_index: u32,
    },
    /// All together more than a score can hold.
    #[error("the rules award {points} points in all; at most {} are possible", Points::MOST)]
    TooMany {
        /// The sum.
        points: u64,
    },
    /// Nothing is awarded.
    #[error("the rules award no points; give points for at least one step")]
    Nothing,
}

impl Fault for ScoringError {
    fn class(&self) -> Class {
        Class::Invalid
    }

    fn code(&self) -> &'static str {
        match self {
            Self::UnknownStep { .. } => "SCORING_UNKNOWN_STEP",
            Self::Repeated { .. } => "SCORING_REPEATED",
            Self::TooMany { .. } => "SCORING_TOO_MANY",
            Self::Nothing => "SCORING_NOTHING",
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        let field = match self {
            Self::UnknownStep { win_index, .. } | Self::Repeated { win_index } => {
                format!("scoring[{win_index}]")
            }
            Self::TooMany { .. } | Self::Nothing => "scoring".to_owned(),
        };
        vec![FieldError::new(field, self.to_string())]
    }
}

impl Points {
    /// Points that one team can earn at most, so that the sums of any field fit the scores of a simulation.
    pub const MOST: u32 = 100_000;

    /// The points of these rules in a bracket of so many levels; a step without a rule awards nothing.
    pub fn of_rules(rules: &[ScoringRule], levels: usize) -> Result<Self, ScoringError> {
        let mut awarded: Vec<Option<u32>> = vec![None; levels];
        for rule in rules {
            let win_index = rule.win_index;
            let step = (win_index as usize).checked_sub(1).and_then(|step| awarded.get_mut(step));
            let Some(step) = step else { return Err(ScoringError::UnknownStep { win_index, levels }) };
            if step.replace(rule.points_awarded).is_some() {
                return Err(ScoringError::Repeated { win_index });
            }
        }
        Self::of_steps(awarded.into_iter().map(Option::unwrap_or_default).collect())
    }

    /// The points of each step, the first for progress 1.
    pub fn of_steps(awarded: Vec<u32>) -> Result<Self, ScoringError> {
        let points = awarded.iter().map(|&points| u64::from(points)).sum();
        match points {
            0 => Err(ScoringError::Nothing),
            points if points > u64::from(Self::MOST) => Err(ScoringError::TooMany { points }),
            _ => {
                let mut total = vec![0];
                for &step in &awarded {
                    total.push(total[total.len() - 1] + step);
                }
                Ok(Self { awarded, total })
            }
        }
    }

    /// The usual rules of a field of 68: nothing for the play-in, then 50 for each round more than the one before.
    pub fn usual() -> Self {
        Self::of_steps(vec![0, 50, 100, 150, 200, 250, 300]).expect("few points, and not none")
    }

    /// Points for reaching this progress; none at 0 or beyond the rules.
    pub fn awarded(&self, progress: usize) -> u32 {
        progress.checked_sub(1).and_then(|step| self.awarded.get(step)).copied().unwrap_or(0)
    }

    /// Points of a team with this progress.
    #[inline]
    pub fn total(&self, progress: usize) -> u32 {
        self.total[progress.min(self.total.len() - 1)]
    }
}
