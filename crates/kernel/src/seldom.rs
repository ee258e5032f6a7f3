//! Log lines of a trouble that lasts. Work that waits for a full disk or an absent database meets the same refusal many
//! times a second; saying it each time buries everything else.

use std::sync::Mutex;
use std::time::{Duration, Instant};

/// A line is said again after this long.
const PAUSE: Duration = Duration::from_secs(30);

/// A place that says one line, and not more often than every half minute. It stands beside the line, as a `static`.
#[derive(Debug)]
pub struct Seldom(Mutex<Said>);

#[derive(Debug)]
struct Said {
    last: Option<Instant>,
    left_out: u64,
}

impl Seldom {
    /// A place that has said nothing yet.
    pub const fn new() -> Self {
        Self(Mutex::new(Said { last: None, left_out: 0 }))
    }

    /// `Some` when the line is due: how often it was left out since it was said last.
    pub fn turn(&self) -> Option<u64> {
        self.turn_at(Instant::now())
    }

    fn turn_at(&self, now: Instant) -> Option<u64> {
        let mut said = self.0.lock().expect("no holder panics");
        if said.last.is_some_and(|last| now.saturating_duration_since(last) < PAUSE) {
            said.left_out += 1;
            return None;
        }
        said.last = Some(now);
        Some(std::mem::take(&mut said.left_out))
    }
}

impl Default for Seldom {
    fn default() -> Self {
        Self::new()
    }
}

/// A warning that is given at most every half minute from this place, with the number of those left out.
#[macro_export]
macro_rules! warn_seldom {
    ($($line:tt)+) => {{
        static PLACE: $crate::Seldom = $crate::Seldom::new();
        if let Some(left_out) = PLACE.turn() {
            $crate::macro_support::tracing::warn!(left_out, $($line)+);
        }
    }};
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_comes_at_once_and_then_seldom_with_the_number_of_those_left_out() {
        let (place, began) = (Seldom::new(), Instant::now());
        let at = |s: u64| place.turn_at(began + Duration::from_secs(s));
        assert_eq!((at(0), at(1), at(29)), (Some(0), None, None));
        assert_eq!((at(30), at(31), at(60)), (Some(2), None, Some(1)));
    }
}
