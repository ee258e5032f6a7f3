//! The pieces of work a forecast is made of: what one candidate says of a block of series.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use evaluation::outlook::{Folding, Said, say, say_together};
use forecast::{FitError, ModelSpec};
use kernel::{Digest, Fault};
use runs::{Objects, ShardKind};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use series::Series;
use wire::model_selection::Scope;

use crate::bounds::plain;
use crate::panel::Panel;

/// One candidate on a block of series.
#[derive(Debug)]
pub struct SayShard;

/// Everything that what it says depends on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SayInput {
    /// What is read of the pinned object.
    pub fleet: Digest,
    /// Which of its series, counted from 0.
    pub series: Vec<usize>,
    /// The model.
    pub model: ModelSpec,
    /// The folds.
    pub folding: Folding,
    /// Steps to forecast.
    pub horizon: usize,
}

/// What it says of one series.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SayOutput {
    /// Its forecasts of the folds and of the steps ahead.
    Said {
        /// One per fold; absent where it cannot learn.
        folds: Vec<Option<Numbers>>,
        /// The steps ahead.
        points: Numbers,
    },
    /// It cannot forecast this series.
    Refused {
        /// A stable code.
        code: String,
        /// One sentence.
        message: String,
    },
}

/// Numbers that are read by programs only: the bits of each, little-endian, in base64.
#[derive(Debug, Clone, PartialEq)]
pub struct Numbers(pub Vec<f64>);

impl Serialize for Numbers {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let bytes: Vec<u8> = self.0.iter().flat_map(|number| number.to_le_bytes()).collect();
        serializer.serialize_str(&STANDARD_NO_PAD.encode(bytes))
    }
}

impl<'de> Deserialize<'de> for Numbers {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let bytes = STANDARD_NO_PAD.decode(text).map_err(D::Error::custom)?;
        let (numbers, []) = bytes.as_chunks() else { return Err(D::Error::custom("half a number")) };
        Ok(Self(numbers.iter().map(|bits| f64::from_le_bytes(*bits)).collect()))
    }
}

impl ShardKind for SayShard {
    const NAME: &'static str = "fleet_forecast";
    const VERSION: u32 = 1;
    type Input = SayInput;
    /// One per series.
    type Output = Vec<SayOutput>;

    fn compute(input: &SayInput, objects: &Objects, keep_going: &dyn Fn() -> bool) -> Option<Vec<SayOutput>> {
        let pinned: Arc<Panel> = objects.get(&input.fleet).expect("the run holds its fleet");
        let series: Vec<&Series> = input.series.iter().map(|&at| &pinned.series[at]).collect();
        let ask = if input.model.scope() == Scope::Panel { say_together } else { say };
        let said = ask(&series, &input.model, &input.folding, input.horizon, &|| !keep_going())?;
        Some(said.into_iter().map(SayOutput::from).collect())
    }

    fn fits(input: &SayInput, output: &Vec<SayOutput>) -> bool {
        let fits = |one: &SayOutput| match one {
            SayOutput::Said { points, .. } => points.0.len() == input.horizon,
            SayOutput::Refused { .. } => true,
        };
        output.len() == input.series.len() && output.iter().all(fits)
    }
}

impl From<Result<Said, FitError>> for SayOutput {
    fn from(said: Result<Said, FitError>) -> Self {
        match said {
            Ok(Said { folds, points }) => {
                let folds = folds.into_iter().map(|fold| fold.map(Numbers)).collect();
                Self::Said { folds, points: Numbers(points) }
            }
            Err(error) => Self::Refused { code: error.code().to_owned(), message: plain(&error.to_string()) },
        }
    }
}

impl SayOutput {
    /// What was said, if anything.
    pub(super) fn into_said(self) -> Option<Said> {
        match self {
            Self::Said { folds, points } => {
                let folds = folds.into_iter().map(|fold| fold.map(|Numbers(fold)| fold)).collect();
                Some(Said { folds, points: points.0 })
            }
            Self::Refused { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_every_bit() {
        let numbers = Numbers(vec![0.1, -0.0, f64::MIN_POSITIVE, 1e300]);
        let text = serde_json::to_string(&numbers).unwrap();
        let read: Numbers = serde_json::from_str(&text).unwrap();
        let bits = |numbers: &Numbers| numbers.0.iter().map(|number| number.to_bits()).collect::<Vec<_>>();
        assert_eq!(bits(&read), bits(&numbers));
        for broken in ["\"AA\"", "\"?\"", "3"] {
            assert!(serde_json::from_str::<Numbers>(broken).is_err(), "{broken}");
        }
    }
}
