//! Shutting down. The first signal ends softly: nothing new is taken, what runs gets a moment to finish, the rest is
//! handed back to the queue. A second signal ends at once; the next start makes good what that leaves behind.

use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

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
}
