//! Content-addressed objects on the local disk: the bytes behind every artifact row.
//!
//! An object's name is its SHA-256 digest, so an object is written once and never changes, and equal bytes are kept
//! once. When [`Store::put`] returns, the bytes and the directory entry are on disk. [`Store::get`] hashes what it
//! read and refuses bytes that are not what was asked for. Which run made an object is not known here.

mod error;
mod store;

pub use error::StoreError;
pub use store::{Store, Stored};
