//! Why a credential opens nothing, and what can go wrong with tokens.

use kernel::{Class, Fault, FieldError};
use sea_orm::DbErr;

/// Not let in, or not done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No token has this secret.
    #[error("this token is not known here; ask for one that is, or send the request without")]
    Unknown,
    /// Its time is over.
    #[error("this token has expired; ask for a new one")]
    Expired,
    /// It was taken back, or the token behind this session was.
    #[error("this token was revoked; ask for a new one")]
    Revoked,
    /// No such token for this tenant.
    #[error("there is no such token")]
    NotFound,
    /// A field is outside its bounds.
    #[error("{}: {}", .0.field, .0.message)]
    Invalid(FieldError),
    /// A token may not be better than the one it is made with.
    #[error("a token cannot be given the scope `{scope}` by one that lacks it")]
    Beyond {
        /// The scope.
        scope: &'static str,
    },
    /// Only whoever holds the machine names tenants.
    #[error("a token of one tenant makes none of another; leave `tenant` out")]
    OtherTenant,
    /// An event is none that this program wrote.
    #[error("event {seq} of the ledger of access cannot be read")]
    Unreadable {
        /// Its place.
        seq: u64,
    },
    /// The system gives no randomness.
    #[error("no randomness for a secret: {0}")]
    Randomness(String),
    /// The ledger refuses, or cannot.
    #[error("the ledger of access failed")]
    Ledger(#[from] ledger::Error),
    /// The database failed.
    #[error("the database of access failed")]
    Db(#[from] DbErr),
}

impl Error {
    pub(crate) fn field(field: &str, message: impl Into<String>) -> Self {
        Self::Invalid(FieldError::new(field, message))
    }
}

impl Fault for Error {
    fn class(&self) -> Class {
        match self {
            Self::Unknown | Self::Expired | Self::Revoked => Class::Unauthorized,
            Self::NotFound => Class::NotFound,
            Self::Invalid(_) => Class::Invalid,
            Self::Beyond { .. } | Self::OtherTenant => Class::Forbidden,
            Self::Unreadable { .. } | Self::Randomness(_) => Class::Internal,
            Self::Ledger(error) => error.class(),
            Self::Db(error) => error.class(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Unknown => "UNKNOWN_TOKEN",
            Self::Expired => "EXPIRED_TOKEN",
            Self::Revoked => "REVOKED_TOKEN",
            Self::NotFound => "TOKEN_NOT_FOUND",
            Self::Invalid(_) => "VALIDATION_ERROR",
            Self::Beyond { .. } => "SCOPE_BEYOND_OWN",
            Self::OtherTenant => "TENANT_NOT_OWN",
            Self::Unreadable { .. } => "ACCESS_EVENT_UNREADABLE",
            Self::Randomness(_) => "NO_RANDOMNESS",
            Self::Ledger(error) => error.code(),
            Self::Db(error) => error.code(),
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        match self {
            Self::Invalid(field) => vec![field.clone()],
            Self::Beyond { .. } => vec![FieldError::new("scopes", self.to_string())],
            Self::OtherTenant => vec![FieldError::new("tenant", self.to_string())],
            _ => Vec::new(),
        }
    }
}
