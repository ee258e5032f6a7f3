//! Fills and empties the retail tables.
//!
//! [`generate`] makes the world of a preset and a seed and stores it in one transaction. Generating again replaces:
//! a store or product with the same code keeps its number and is rewritten; every fact, price and promotion of a
//! generated product is deleted, in every store and on every day, before the new ones are written; a day's calendar
//! entry and the signals of the generated stores likewise. So the data of a product always come from one generation,
//! and asking for the same thing twice leaves the same rows. Products that the new world does not contain keep what
//! they have.

mod counts;
mod delete;
mod feature;
mod generate;
mod preset;
mod request;
mod status;
mod store_world;
mod verify;

use kernel::{Class, Digest, Fault, FieldError, Tenant};
use sea_orm::{ConnectionTrait, DatabaseBackend, DatabaseTransaction, DbErr};

pub use self::counts::TableCounts;
pub use self::delete::{Deleted, Scope, UnknownScope, delete};
pub use self::feature::Feature;
pub use self::generate::{Generated, generate};
pub use self::preset::{Preset, Scenario, UnknownPreset, scenarios};
pub use self::request::{GenerateRequest, MAX_GRAIN_DAYS, Overrides, RequestError};
pub use self::status::{Status, status};
pub use self::verify::{Check, CheckStatus, Verification, verify};

/// A generation or deletion that did not happen; the tables are as they were.
#[derive(Debug, thiserror::Error)]
pub enum SeederError {
    /// The request cannot be met.
    #[error(transparent)]
    Request(#[from] RequestError),
    /// The database refused.
    #[error("the retail tables could not be changed")]
    Db(#[from] DbErr),
}

impl Fault for SeederError {
    fn class(&self) -> Class {
        match self {
            Self::Request(error) => error.class(),
            Self::Db(_) => Class::Internal,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Request(error) => error.code(),
            Self::Db(_) => "DATABASE_ERROR",
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        match self {
            Self::Request(error) => error.fields(),
            Self::Db(_) => Vec::new(),
        }
    }
}

/// Makes generations and deletions of one tenant wait for each other until the end of the transaction. SQLite has
/// one writer anyway; on PostgreSQL two generations would otherwise delete each other's leftovers and then meet in
/// the unique keys.
async fn one_at_a_time(tx: &DatabaseTransaction, tenant: Tenant) -> Result<(), DbErr> {
    if tx.get_database_backend() != DatabaseBackend::Postgres {
        return Ok(());
    }
    let digest = Digest::of(format!("retail.seeder {}", tenant.id()));
    let (key, _) = digest.as_bytes().split_first_chunk().expect("a digest has 32 bytes");
    let lock =
        crate::sql::statement(tx, "SELECT pg_advisory_xact_lock($1)", [i64::from_be_bytes(*key).into()]);
    tx.query_one_raw(lock).await?;
    Ok(())
}
