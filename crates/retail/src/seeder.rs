//! Makes worlds and takes them away.
//!
//! [`generate`] makes the world of a preset, a seed and their changes. The digest over all of these is the world's
//! identity: asking for the same thing twice finds the same world, and a world that is complete never changes. No
//! write of it holds the database longer than a few thousand rows take.

mod build;
mod claim;
mod counts;
mod facts;
mod feature;
mod generate;
mod preset;
mod remove;
mod request;
mod status;
mod verify;

use kernel::{Class, Fault, FieldError};
use sea_orm::DbErr;
use wire::retail::WorldId;

pub use self::feature::Feature;
pub use self::generate::generate;
pub use self::preset::{Preset, UnknownPreset, scenarios};
pub(crate) use self::remove::is_any_unfinished;
pub use self::remove::{delete, sweep};
pub use self::request::{MAX_GRAIN_DAYS, RequestError, validate};
pub use self::status::status;
pub use self::verify::{Check, CheckStatus, Verification, verify};

/// A generation that did not happen; no world has come of it.
#[derive(Debug, thiserror::Error)]
pub enum SeederError {
    /// The request cannot be met.
    #[error(transparent)]
    Request(#[from] RequestError),
    /// It took so long that somebody else began again, or it was swept away.
    #[error("the unfinished world {0} was taken for left behind and removed; ask again")]
    TakenOver(WorldId),
    /// The world that was asked for is there, and somebody has changed its rows.
    #[error("the world {world} is not what was generated: {reason}; delete it and ask again")]
    Changed {
        /// Which.
        world: WorldId,
        /// What speaks against it.
        reason: String,
    },
    /// The database refused.
    #[error("the retail tables could not be changed")]
    Db(#[from] DbErr),
}

impl Fault for SeederError {
    fn class(&self) -> Class {
        match self {
            Self::Request(error) => error.class(),
            Self::TakenOver(_) | Self::Changed { .. } => Class::Conflict,
            Self::Db(error) => error.class(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Request(error) => error.code(),
            Self::TakenOver(_) => "WORLD_TAKEN_OVER",
            Self::Changed { .. } => "WORLD_CHANGED",
            Self::Db(error) => error.code(),
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        match self {
            Self::Request(error) => error.fields(),
            Self::TakenOver(_) | Self::Changed { .. } | Self::Db(_) => Vec::new(),
        }
    }
}
