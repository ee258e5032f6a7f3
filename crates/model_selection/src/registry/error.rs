//! What can go wrong in the registry.

use artifacts::StoreError;
use kernel::{Class, Fault, FieldError, RunId};
use runs::RunState;
use sea_orm::DbErr;
use wire::model_selection::ModelId;

use crate::ReadError;

/// A registry request that changed nothing.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Fields outside their bounds.
    #[error("the request is not valid: {}", kernel::field_list(fields))]
    Invalid {
        /// Each wrong field.
        fields: Vec<FieldError>,
    },
    /// No such model for this tenant.
    #[error("model {0} does not exist")]
    ModelNotFound(ModelId),
    /// The model's row is gone or cannot be read.
    #[error("model {model} is damaged: {reason}; restore it from a copy")]
    ModelDamaged {
        /// The model.
        model: ModelId,
        /// What is wrong with it.
        reason: String,
    },
    /// The model an alias points at is damaged.
    #[error(
        "alias `{name}` points at model {model}, which is damaged: {reason}; point it at another, or restore the model from a copy"
    )]
    AliasDamaged {
        /// The alias.
        name: String,
        /// The model.
        model: ModelId,
        /// What is wrong with the model.
        reason: String,
    },
    /// No such alias for this tenant.
    #[error("alias `{0}` does not exist")]
    AliasNotFound(String),
    /// The training has no model (yet).
    #[error("training run {run} is {state}; only a succeeded one has a model to register")]
    NotTrained {
        /// The training run.
        run: RunId,
        /// Where it stands.
        state: RunState,
    },
    /// The comparison cannot vouch for the model.
    #[error("comparison {comparison} did not judge this model: {reason}")]
    NotJudged {
        /// The comparison.
        comparison: RunId,
        /// Why not.
        reason: String,
    },
    /// The training run is registered with other facts.
    #[error(
        "training run {run} is already registered as model {model} with another comparison or description"
    )]
    AlreadyRegistered {
        /// The training run.
        run: RunId,
        /// Its model.
        model: ModelId,
    },
    /// The alias has moved since the caller looked.
    #[error("alias `{name}` is at version {found}, not where you saw it; look again and decide")]
    AliasMoved {
        /// The alias.
        name: String,
        /// Its version now; 0 if it does not exist.
        found: u32,
    },
    /// The model's state has changed since the caller looked.
    #[error("model {model} is at version {found}, not where you saw it; look again and decide")]
    ModelChanged {
        /// The model.
        model: ModelId,
        /// The version of its state now.
        found: u32,
    },
    /// An alias cannot point at an archived model.
    #[error("model {0} is archived; restore it first, or choose another")]
    ModelArchived(ModelId),
    /// A model that an alias points at cannot be archived.
    #[error("model {model} is in use by alias `{}`; move or withdraw it first", aliases.join("`, `"))]
    ModelInUse {
        /// The model.
        model: ModelId,
        /// The aliases that point at it.
        aliases: Vec<String>,
    },
    /// The training or the comparison cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The artifact cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The database failed.
    #[error("the database failed")]
    Db(#[from] DbErr),
}

impl Fault for Error {
    fn class(&self) -> Class {
        match self {
            Self::Invalid { .. } => Class::Invalid,
            Self::ModelNotFound(_) | Self::AliasNotFound(_) => Class::NotFound,
            Self::NotTrained { .. } | Self::NotJudged { .. } | Self::ModelArchived(_) => Class::Unprocessable,
            Self::AlreadyRegistered { .. }
            | Self::ModelInUse { .. }
            | Self::ModelDamaged { .. }
            | Self::AliasDamaged { .. } => Class::Conflict,
            Self::AliasMoved { .. } | Self::ModelChanged { .. } => Class::PreconditionFailed,
            Self::Read(error) => error.class(),
            Self::Store(error) => error.class(),
            Self::Db(error) => error.class(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Invalid { .. } => "VALIDATION_ERROR",
            Self::ModelNotFound(_) | Self::AliasNotFound(_) => "NOT_FOUND",
            Self::ModelDamaged { .. } | Self::AliasDamaged { .. } => "MODEL_DAMAGED",
            Self::NotTrained { .. } => "TRAINING_NOT_SUCCEEDED",
            Self::NotJudged { .. } => "MODEL_NOT_JUDGED",
            Self::AlreadyRegistered { .. } => "MODEL_ALREADY_REGISTERED",
            Self::AliasMoved { .. } => "ALIAS_MOVED",
            Self::ModelChanged { .. } => "MODEL_CHANGED",
            Self::ModelArchived(_) => "MODEL_ARCHIVED",
            Self::ModelInUse { .. } => "MODEL_IN_USE",
            Self::Read(error) => error.code(),
            Self::Store(error) => error.code(),
            Self::Db(error) => error.code(),
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        match self {
            Self::Invalid { fields } => fields.clone(),
            _ => Vec::new(),
        }
    }
}
