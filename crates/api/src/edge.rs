//! What every request passes before and after its handler: its id, the log line, the limits and the guards.

mod compress;
mod guard;
mod harden;
mod identify;
mod old_names;
mod query;
mod scope;
mod trail;

pub(crate) use self::compress::{compress, keep_actions_plain};
pub(crate) use self::guard::check_origin;
pub use self::guard::{Hosts, InvalidHost};
pub(crate) use self::harden::harden;
pub(crate) use self::identify::{Anybody, Identity, SESSION};
pub(crate) use self::old_names::under_old_names;
pub(crate) use self::query::check_query;
pub(crate) use self::scope::{describe_schemes, scoped};
pub(crate) use self::trail::{panicked, trail};
