//! Shutting down. The first signal ends softly: nothing new is taken, what runs gets time to finish. A second signal,
//! or the time being over, ends hard; what was not finished is handed back to the queue.

use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// How long running work may go on after the first signal.
pub(crate) const GRACE: Duration = Duration::from_secs(20);

/// The two stages of an end.
#[derive(Debug, Clone, Default)]
pub(crate) struct Lifecycle {
    /// Take nothing new.
    pub(crate) soft: CancellationToken,
    /// Stop now.
    pub(crate) hard: CancellationToken,
}

impl Lifecycle {
    /// Watches for SIGINT and SIGTERM.
    pub(crate) fn watch() -> std::io::Result<Self> {
        let lifecycle = Self::default();
        let mut interrupt = signal(SignalKind::interrupt())?;
        let mut terminate = signal(SignalKind::terminate())?;
        let watched = lifecycle.clone();
        tokio::spawn(async move {
            for token in [&watched.soft, &watched.hard] {
                tokio::select! {
                    _ = interrupt.recv() => {}
                    _ = terminate.recv() => {}
                }
                token.cancel();
            }
        });
        Ok(lifecycle)
    }

    /// How long work may still go on: the rest of the grace, cut short by a second signal.
    pub(crate) async fn grace_over(&self) {
        tokio::select! {
            () = self.hard.cancelled() => {}
            () = tokio::time::sleep(GRACE) => {}
        }
    }
}
