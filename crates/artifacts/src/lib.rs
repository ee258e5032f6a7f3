//! Content-addressed objects on the local disk or in an S3 bucket: the bytes behind every artifact row, and the rows
//! of [`objects`] that no run made.
//!
//! An object's name is its SHA-256 digest, so an object is written once and never changes, and equal bytes are kept
//! once. When [`Store::put`] or [`Store::put_stream`] returns, the bytes are durable under their name; nobody ever
//! sees half an object. [`Reader::get`] and [`Reader::get_stream`] hash what they read and refuse bytes that are not
//! what was asked for. Which run made an object is not known here.
//!
//! A bucket can be asked for an address that gives out one object for a while ([`Reader::signed_url`]); no address is kept.

mod address;
pub mod attachments;
mod bucket;
mod check;
mod disk;
mod error;
mod link;
pub mod objects;
mod private;
mod read;
mod store;
mod sweep;
mod table;
mod upload;

pub use address::Address;
pub use check::Checked;
pub use error::StoreError;
pub use link::Given;
pub use read::{Listed, Reader};
pub use store::{Store, Stored};
pub use sweep::sweep_loop;
pub use upload::Upload;
