//! Time and ids come from here and from nowhere else, so a test can fix both.

use std::sync::Arc;

use chrono::{DateTime, SecondsFormat, SubsecRound, Utc};
use uuid::Uuid;

/// The only source of time and of new ids.
pub trait Clock: Send + Sync + 'static {
    /// The current time, truncated to microseconds: what PostgreSQL keeps, so a stored time equals itself when read.
    fn now(&self) -> DateTime<Utc>;

    /// A fresh, time-ordered id.
    fn new_id(&self) -> Uuid;

    /// The current time in microseconds since the epoch, the form of lease deadlines.
    fn now_us(&self) -> i64 {
        self.now().timestamp_micros()
    }
}

/// A clock that many owners hold.
pub type SharedClock = Arc<dyn Clock>;

/// The machine's clock.
#[derive(Debug, Default, Clone, Copy)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the machine's clock")]
    fn now(&self) -> DateTime<Utc> {
        Utc::now().trunc_subsecs(6)
    }

    #[expect(clippy::disallowed_methods, reason = "this is the one place that makes ids")]
    fn new_id(&self) -> Uuid {
        Uuid::now_v7()
    }
}

/// `2026-11-21T08:30:00.123456Z`: the one way a time is written on the wire, always with microseconds so that
/// equal times have equal bytes.
pub fn rfc3339(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Micros, true)
}
