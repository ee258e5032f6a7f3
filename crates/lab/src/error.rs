//! What can go wrong before a run of the lab exists, and when something of it is read.

use artifacts::StoreError;
use kernel::{Class, Fault, FieldError, RunId};
use sea_orm::DbErr;

/// A request that was not done. Nothing was stored.
#[derive(Debug, thiserror::Error)]
pub enum LabError {
    /// Fields outside their bounds.
    #[error("the request is not valid: {}", kernel::field_list(fields))]
    Invalid {
        /// Each wrong field.
        fields: Vec<FieldError>,
    },
    /// No such thing for this tenant.
    #[error("{what} {id} does not exist")]
    NotFound {
        /// What was asked for.
        what: &'static str,
        /// Which.
        id: String,
    },
    /// A name that must be unique is taken.
    #[error("there is a {what} `{name}` already; choose another name")]
    Taken {
        /// Of what.
        what: &'static str,
        /// The name.
        name: String,
    },
    /// A run that is named as an upstream cannot serve as one.
    #[error("{field} {run}: {problem}; {}", choices_text(choices))]
    Upstream {
        /// The field that names it.
        field: &'static str,
        /// The run.
        run: RunId,
        /// Why not.
        problem: String,
        /// Runs that can, newest first.
        choices: Vec<RunId>,
    },
    /// Two things that are named together belong to different tournaments or auctions.
    #[error("{what}; name things of one {of}")]
    Mismatch {
        /// What does not fit.
        what: String,
        /// What they must share.
        of: &'static str,
    },
    /// The present state does not allow it.
    #[error("{what}")]
    State {
        /// A stable code.
        code: &'static str,
        /// Why, and what to do.
        what: String,
    },
    /// It was changed since the caller looked.
    #[error("{what} is at version {found}, not {expected}; look again")]
    Stale {
        /// What.
        what: &'static str,
        /// The version that was named.
        expected: u32,
        /// The version it has.
        found: u32,
    },
    /// A run that has nothing to show.
    #[error("{kind} {run} has no result: it has not succeeded")]
    NoResult {
        /// What was asked for.
        kind: &'static str,
        /// Which.
        run: RunId,
    },
    /// A run that had something to show, until retention removed it.
    #[error(
        "{kind} {run} succeeded, but {removed}; submit it again (`assay run requeue {run}`) or reproduce it \
         (`assay run reproduce {run}`), which comes to the same bytes"
    )]
    Removed {
        /// What was asked for.
        kind: &'static str,
        /// Which.
        run: RunId,
        /// Under which receipt, when and why.
        removed: String,
    },
    /// A stored document that this version does not understand.
    #[error("the stored {what} is not readable by this version: {why}")]
    Unreadable {
        /// What.
        what: String,
        /// Why.
        why: String,
    },
    /// The bytes of something could not be stored or read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The engine refused the run.
    #[error(transparent)]
    Engine(#[from] runs::SubmitError),
    /// The database failed.
    #[error("the database failed")]
    Db(#[from] DbErr),
}

impl LabError {
    /// One wrong field.
    pub(crate) fn field(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Invalid { fields: vec![FieldError::new(field, message)] }
    }

    pub(crate) fn not_found(what: &'static str, id: impl std::fmt::Display) -> Self {
        Self::NotFound { what, id: id.to_string() }
    }

    pub(crate) fn unreadable(what: &str, why: impl std::fmt::Display) -> Self {
        Self::Unreadable { what: what.to_owned(), why: why.to_string() }
    }
}

fn choices_text(choices: &[RunId]) -> String {
    if choices.is_empty() {
        return "there is none to choose from yet".to_owned();
    }
    let ids: Vec<String> = choices.iter().map(ToString::to_string).collect();
    format!("choose from {}", ids.join(", "))
}

impl Fault for LabError {
    fn class(&self) -> Class {
        match self {
            Self::Invalid { .. } => Class::Invalid,
            Self::NotFound { .. } => Class::NotFound,
            Self::Taken { .. }
            | Self::Upstream { .. }
            | Self::Mismatch { .. }
            | Self::State { .. }
            | Self::NoResult { .. }
            | Self::Removed { .. } => Class::Conflict,
            Self::Stale { .. } => Class::PreconditionFailed,
            Self::Unreadable { .. } => Class::Internal,
            Self::Store(error) => error.class(),
            Self::Engine(error) => error.class(),
            Self::Db(error) => error.class(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Invalid { .. } => "VALIDATION_ERROR",
            Self::NotFound { .. } => "NOT_FOUND",
            Self::Taken { .. } => "NAME_TAKEN",
            Self::Upstream { .. } => "UPSTREAM_UNFIT",
            Self::Mismatch { .. } => "LINEAGE_MISMATCH",
            Self::State { code, .. } => code,
            Self::NoResult { .. } => "RUN_WITHOUT_RESULT",
            Self::Removed { .. } => "RUN_RESULT_REMOVED",
            Self::Stale { .. } => "STALE_VERSION",
            Self::Unreadable { .. } => "INTERNAL_ERROR",
            Self::Store(error) => error.code(),
            Self::Engine(error) => error.code(),
            Self::Db(error) => error.code(),
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        match self {
            Self::Invalid { fields } => fields.clone(),
            Self::Upstream { field, choices, .. } => {
                vec![FieldError::new(*field, choices_text(choices))]
            }
            Self::Engine(error) => error.fields(),
            _ => Vec::new(),
        }
    }
}
