//! Why a backtest did not finish.

use forecast::FitError;
use kernel::{Class, Fault, FieldError};

use crate::SplitError;

/// A backtest that did not finish.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BacktestError {
    /// The folds cannot be made.
    #[error(transparent)]
    Split(#[from] SplitError),
    /// Fold 0 is shorter than the model's minimum.
    #[error("{model_type} needs {needed} training rows and the first fold has {found}; {}", remedy(*needed, *room))]
    TrainTooShort {
        /// The model.
        model_type: &'static str,
        /// Rows it needs.
        needed: usize,
        /// Rows fold 0 trains on.
        found: usize,
        /// Rows it could train on, if there were no other fold.
        room: usize,
    },
    /// The model cannot learn from a fold.
    #[error("fold {fold} cannot be forecast")]
    Fit {
        /// The fold, from 0.
        fold: usize,
        /// Why.
        #[source]
        source: FitError,
    },
    /// It was asked to stop.
    #[error("cancelled before fold {fold}")]
    Cancelled {
        /// The first fold that was not computed.
        fold: usize,
    },
}

impl Fault for BacktestError {
    fn class(&self) -> Class {
        match self {
            Self::Split(error) => error.class(),
            Self::TrainTooShort { .. } | Self::Fit { .. } => Class::Unprocessable,
            Self::Cancelled { .. } => Class::Conflict,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Split(error) => error.code(),
            Self::TrainTooShort { .. } => "TRAIN_TOO_SHORT",
            Self::Fit { source, .. } => source.code(),
            Self::Cancelled { .. } => "CANCELLED",
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        match self {
            Self::Split(error) => error.fields(),
            Self::TrainTooShort { .. } => vec![FieldError::new("min_train_size", self.to_string())],
            _ => Vec::new(),
        }
    }
}

/// Advice that can be followed.
fn remedy(needed: usize, room: usize) -> String {
    if room >= needed {
        "raise min_train_size".to_owned()
    } else {
        format!("before a test of this length there is room for {room} at most")
    }
}
