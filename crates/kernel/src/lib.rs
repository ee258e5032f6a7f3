//! What every other crate stands on: typed ids, word enums, the clock, named random streams, digests, canonical JSON,
//! faults, page cursors and (feature `db`) the database handles and the way off the runtime.
//!
//! It knows no table, no domain and no transport.

#[cfg(feature = "db")]
mod blocking;
mod chance;
mod clock;
mod cursor;
#[cfg(feature = "db")]
mod db;
mod digest;
mod fault;
mod figure;
mod id;
mod json;
mod page;
#[cfg(feature = "db")]
pub mod row;
mod seed;
mod seldom;
mod word;

#[cfg(feature = "db")]
pub use blocking::off_the_runtime;
pub use chance::{Basis, chance, chance_with_error};
pub use clock::{Clock, SharedClock, SystemClock, rfc3339};
pub use cursor::{CursorError, CursorKey};
#[cfg(feature = "db")]
pub use db::{
    Db, DbError, ReadDb, WriteDb, WriteProbe, chunk_rows, database_error, database_file, is_blank,
    shown_address,
};
pub use digest::{Digest, Hasher, InvalidDigest};
pub use fault::{Class, Fault, FieldError, error_chain, field_list, is_storage_full};
pub use figure::{counted, exact_figure, figure, measured, percents};
pub use id::{ConversationId, InvalidId, InvalidNumber, RunId, Scopes, Tenant, TenantId};
pub use json::{canonical_json, digest_json, finite};
pub use page::Page;
pub use seed::{Seed, Stream};
pub use seldom::Seldom;
pub use word::UnknownWord;

#[doc(hidden)]
pub mod macro_support {
    #[cfg(feature = "db")]
    pub use sea_orm;
    pub use serde;
    #[cfg(feature = "db")]
    pub use tracing;
    pub use uuid;
}
