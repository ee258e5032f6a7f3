//! The ledger on migrated databases of both kinds.
#![expect(clippy::unwrap_used, reason = "a helper that fails fails its test")]

mod append;
mod close;
mod damage;
mod fault;
mod follow;
mod log;
mod page;
mod prune;
mod support;
mod verify;
