//! Operations on a migrated database and a store.
#![expect(clippy::unwrap_used, reason = "a helper that fails fails its test")]

mod dataset;
