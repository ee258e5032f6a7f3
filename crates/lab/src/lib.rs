//! The lab: tournaments and auctions, models of both, strategies, and what they come to over simulated tournaments.
//!
//! Guarantees: a tournament, a state of play and a snapshot never change, and an edit makes another; every run names
//! its upstreams, which are checked for kind, success and match when it is submitted, and nothing looks up the newest
//! of anything; an entry and a candidate are known by their id and never by their name; a simulation depends on its
//! seed and its number alone, so that neither threads nor shards reach a figure, and each can be played again by
//! itself.
//!
//! It knows no HTTP. Files reach it as bytes, and of `series` it uses the reader of their cells and the writer of tables
//! alone.

mod auction;
mod auto_cohort;
mod bid_sheet;
mod bulk;
mod candidate;
mod catalog;
mod check;
mod cohort;
mod coverage;
mod document;
mod error;
mod field;
mod generate;
mod handle;
mod keep;
mod kind;
mod lineage;
mod live;
mod parts;
mod ran;
mod reader;
mod season;
mod standing;
mod synthetic;
mod table;
mod tell;
mod upstream;

pub mod batch;
pub mod evaluation;
pub mod game_outcome;
pub mod intake;
pub mod market_share;
pub mod simulation;
pub mod strategy;

pub use catalog::catalog;
pub use error::LabError;
pub use handle::Lab;
pub use reader::Reader;
