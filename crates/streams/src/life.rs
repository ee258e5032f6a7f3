//! How long streams live. One with a time to live lives on whenever it is read or appended to.
//!
//! Reads never write: that one happened is kept in memory, and written down by the sweep a second later at most. What a
//! crash forgets of that is less than two seconds of a stream's life.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use kernel::SharedClock;

use crate::StreamId;
use crate::table::stream::Model;

/// Until when streams live that were used since it was last written down.
#[derive(Clone)]
pub(crate) struct Life {
    clock: SharedClock,
    used: Arc<Mutex<HashMap<StreamId, i64>>>,
}

impl Life {
    pub(crate) fn new(clock: SharedClock) -> Self {
        Self { clock, used: Arc::default() }
    }

    pub(crate) fn clock(&self) -> &SharedClock {
        &self.clock
    }

    /// A stream with this time to live is in use.
    pub(crate) fn touch(&self, id: StreamId, ttl_s: Option<i64>) {
        if let Some(ttl_s) = ttl_s {
            self.used().insert(id, after(self.clock.now_us(), ttl_s));
        }
    }

    pub(crate) fn is_over(&self, row: &Model) -> bool {
        self.is_past(row.id, row.dies_us)
    }

    /// Whether the end that a row names has come, and no later one is known.
    pub(crate) fn is_past(&self, id: StreamId, dies_us: Option<i64>) -> bool {
        let Some(dies_us) = dies_us else { return false };
        let dies_us = self.used().get(&id).copied().unwrap_or(dies_us).max(dies_us);
        dies_us <= self.clock.now_us()
    }

    /// What is to be written down.
    pub(crate) fn uses(&self) -> Vec<(StreamId, i64)> {
        self.used().iter().map(|(id, dies_us)| (*id, *dies_us)).collect()
    }

    /// It was written down.
    pub(crate) fn forget(&self, written: &[(StreamId, i64)]) {
        let mut used = self.used();
        for (id, dies_us) in written {
            if used.get(id) == Some(dies_us) {
                used.remove(id);
            }
        }
    }

    fn used(&self) -> MutexGuard<'_, HashMap<StreamId, i64>> {
        // The map is whole after every statement.
        self.used.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Life {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Life").field("used", &self.used().len()).finish_non_exhaustive()
    }
}

/// So many seconds after a moment, in microseconds.
pub(crate) fn after(now_us: i64, ttl_s: i64) -> i64 {
    now_us.saturating_add(ttl_s.saturating_mul(1_000_000))
}
