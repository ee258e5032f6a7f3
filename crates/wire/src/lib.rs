//! Every public JSON type, written once: what `api` writes and reads, what `client`, the command line and the showcase
//! read and send, and what the OpenAPI document and the TypeScript types are made from.
//!
//! A type here is plain data with its bounds and sentences, and nothing else: no behaviour beyond what its fields say
//! by themselves, no rule of a domain, no database. A module is named after its domain, a file after its topic, a
//! schema `domain::Type`. A request is closed (`deny_unknown_fields`); an answer may grow. The parameters of a query
//! are a type too. A field that may be absent says when.

pub mod access;
pub mod artifacts;
pub mod datasets;
pub mod demo;
pub mod export;
mod frequency;
pub mod health;
pub mod lab;
pub mod ledger;
pub mod log;
pub mod model_selection;
mod moment;
pub mod page;
pub mod problem;
pub mod retail;
pub mod runs;
pub mod streams;
pub mod time;

pub use frequency::{Begins, Periods, Step, Unit, UnknownFrequency};
pub use moment::Moment;
