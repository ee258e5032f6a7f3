//! Wake-ups for followers. They carry no data: whoever is woken reads the database.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use kernel::RunId;
use tokio::sync::watch;

/// How long a follower goes without looking: frames of another process ring no bell here.
const POLL: Duration = Duration::from_millis(250);

type Ropes = HashMap<RunId, watch::Sender<()>>;

/// One bell per followed run.
#[derive(Debug, Clone, Default)]
pub(crate) struct Bell(Arc<Mutex<Ropes>>);

/// Hears one run's bell.
#[derive(Debug)]
pub(crate) struct Listener {
    bell: Bell,
    run: RunId,
    rung: watch::Receiver<()>,
}

impl Bell {
    pub(crate) fn listen(&self, run: RunId) -> Listener {
        let rung = self.ropes().entry(run).or_insert_with(|| watch::Sender::new(())).subscribe();
        Listener { bell: self.clone(), run, rung }
    }

    pub(crate) fn ring(&self, run: RunId) {
        if let Some(rope) = self.ropes().get(&run) {
            rope.send_replace(());
        }
    }

    fn ropes(&self) -> MutexGuard<'_, Ropes> {
        // The map is whole after every statement, so a panic elsewhere leaves nothing half done in it.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Listener {
    /// Forgets earlier rings. Call before reading: what is committed after the read rings again.
    pub(crate) fn arm(&mut self) {
        self.rung.mark_unchanged();
    }

    /// Waits for a ring since [`Self::arm`], or for the time to look anyway.
    pub(crate) async fn wait(&mut self) {
        // A lost sender cannot happen while we listen; were it to, the poll still makes progress.
        if let Ok(Err(_)) = tokio::time::timeout(POLL, self.rung.changed()).await {
            tokio::time::sleep(POLL).await;
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let mut ropes = self.bell.ropes();
        // Nobody can begin to listen while the map is locked, so a count of one is us alone.
        if ropes.get(&self.run).is_some_and(|rope| rope.receiver_count() <= 1) {
            ropes.remove(&self.run);
        }
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt;

    use super::*;

    const RUN: RunId = RunId(uuid::Uuid::from_u128(1));

    #[tokio::test]
    async fn a_ring_between_arming_and_waiting_is_heard_at_once() {
        let bell = Bell::default();
        let mut listener = bell.listen(RUN);
        listener.arm();
        bell.ring(RUN);
        assert!(listener.wait().now_or_never().is_some());
    }

    #[tokio::test]
    async fn without_a_ring_the_listener_looks_anyway() {
        let bell = Bell::default();
        let mut listener = bell.listen(RUN);
        bell.ring(RUN);
        listener.arm();
        bell.ring(RunId(uuid::Uuid::from_u128(2)));
        let mut waiting = std::pin::pin!(listener.wait());
        assert!(waiting.as_mut().now_or_never().is_none());
        waiting.await;
    }

    #[test]
    fn nothing_is_kept_for_a_run_nobody_follows() {
        let bell = Bell::default();
        let (first, second) = (bell.listen(RUN), bell.listen(RUN));
        drop(first);
        assert_eq!(bell.ropes().len(), 1);
        drop(second);
        assert_eq!(bell.ropes().len(), 0);
        bell.ring(RUN);
    }
}
