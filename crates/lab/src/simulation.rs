//! The run kind `simulation`: an auction over simulated tournaments, played and scored in one go, in ranges that any
//! thread may take. What is counted are whole numbers, so neither threads nor ranges reach a figure.

mod condition;
mod kind;
mod lines;
mod outcome;
mod play;
mod portfolio;
mod read;
mod shard;
mod submit;
mod tables;
mod verify;

pub use kind::Simulation;
pub(crate) use outcome::rows;
pub(crate) use play::{Arena, Played, RANGE, arena};
pub use shard::SimulationShard;
pub use submit::Spec;
pub(crate) use submit::tournaments_seed;
pub(crate) use submit::{FEWEST_SIMULATIONS, MOST_SIMULATIONS};
