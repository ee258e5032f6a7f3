//! What every request passes before and after its handler: its id, the log line, the limits and the guards.

mod guard;
mod harden;
mod trail;

pub use self::guard::Hosts;
pub(crate) use self::guard::check_origin;
pub(crate) use self::harden::harden;
pub(crate) use self::trail::{panicked, trail};
