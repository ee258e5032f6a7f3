//! Who waits for a request, in the order in which they began to.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio_util::sync::CancellationToken;

/// The connections that wait for a request or for the rest of its head.
#[derive(Debug, Clone, Default)]
pub(super) struct Waiting(Arc<Mutex<Queue>>);

#[derive(Debug, Default)]
struct Queue {
    last: u64,
    waiting: BTreeMap<u64, CancellationToken>,
}

impl Waiting {
    /// A new connection; it waits.
    pub(super) fn seat(&self) -> Seat {
        let seat = Seat { all: self.clone(), end: CancellationToken::new(), turn: Mutex::new(None) };
        seat.wait();
        seat
    }

    /// Ends the connection that has waited the longest, if one waits.
    pub(super) fn end_longest(&self) -> bool {
        let longest = self.queue().waiting.pop_first();
        longest.is_some_and(|(_, end)| {
            end.cancel();
            true
        })
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One connection's place among them.
#[derive(Debug)]
pub(super) struct Seat {
    all: Waiting,
    end: CancellationToken,
    turn: Mutex<Option<u64>>,
}

impl Seat {
    /// Takes it out of those that wait, as long as the result lives.
    pub(super) fn busy(self: &Arc<Self>) -> Busy {
        self.leave();
        Busy(Arc::clone(self))
    }

    /// When it must make room.
    pub(super) async fn ended(&self) {
        self.end.cancelled().await;
    }

    fn wait(&self) {
        let mut queue = self.all.queue();
        queue.last += 1;
        let turn = queue.last;
        queue.waiting.insert(turn, self.end.clone());
        *self.turn.lock().unwrap_or_else(PoisonError::into_inner) = Some(turn);
    }

    fn leave(&self) {
        if let Some(turn) = self.turn.lock().unwrap_or_else(PoisonError::into_inner).take() {
            self.all.queue().waiting.remove(&turn);
        }
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.leave();
    }
}

/// A connection that is being answered.
#[derive(Debug)]
pub(super) struct Busy(Arc<Seat>);

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_one_that_waits_longest_goes_first_and_a_busy_one_never() {
        let waiting = Waiting::default();
        let [first, second, third] = [(); 3].map(|()| Arc::new(waiting.seat()));
        let busy = first.busy();
        let ended = || [&first, &second, &third].map(|seat| seat.end.is_cancelled());
        assert!(waiting.end_longest());
        assert_eq!(ended(), [false, true, false]);
        drop(busy);
        assert!(waiting.end_longest());
        assert_eq!(ended(), [false, true, true]);
        assert!(waiting.end_longest());
        assert!(!waiting.end_longest());
        let fourth = Arc::new(waiting.seat());
        drop(fourth.busy());
        drop(fourth);
        assert!(!waiting.end_longest(), "a connection that is gone does not wait");
    }
}
