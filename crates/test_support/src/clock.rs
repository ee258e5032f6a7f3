//! A clock that stands still until told, and hands out ids in a fixed order.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use chrono::{DateTime, Utc};
use kernel::Clock;
use uuid::Uuid;

/// Stands at 2026-01-05T08:00:00Z (a Monday) until moved.
#[derive(Debug)]
pub struct FrozenClock {
    now_us: AtomicI64,
    next_id: AtomicU64,
}

/// A fresh frozen clock.
pub fn frozen_clock() -> Arc<FrozenClock> {
    Arc::new(FrozenClock { now_us: AtomicI64::new(1_767_600_000_000_000), next_id: AtomicU64::new(1) })
}

impl FrozenClock {
    /// Moves the clock forward.
    pub fn advance(&self, by: Duration) {
        let us = i64::try_from(by.as_micros()).expect("a test moves less than 290 000 years");
        self.now_us.fetch_add(us, Ordering::SeqCst);
    }
}

impl Clock for FrozenClock {
    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_micros(self.now_us.load(Ordering::SeqCst)).expect("the time is in range")
    }

    fn new_id(&self) -> Uuid {
        let n = self.next_id.fetch_add(1, Ordering::SeqCst);
        // The layout of a version 7 id: fixed time bits, then the counter.
        Uuid::from_u128(0x019b_8d2d_0000_7000_8000_0000_0000_0000 | u128::from(n))
    }
}
