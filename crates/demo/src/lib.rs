//! The showcase: the whole retail pipeline as a table of steps.
//!
//! Each step drives the public HTTP API through [`client`], never a sibling crate, so the showcase is a black-box
//! user of the same contract everybody else has; of `retail` it knows the schema of a generation only, to refuse at
//! submit what the generator would refuse later. It runs as the run kind `showcase`: its frames are recorded like
//! those of any run, and the event stream of `WS /demo/stream` is a projection of them.

mod error;
mod event;
mod found;
mod kind;
mod preset;
mod request;
mod step;
mod steps;

pub use error::{RequestError, ShowcaseError};
pub use event::{Projector, refused};
pub use kind::{EXCLUSIVE_KEY, Showcase, ShowcaseSpec, submission, submission_on};
pub use preset::cards;
pub use request::{checked, parse};
