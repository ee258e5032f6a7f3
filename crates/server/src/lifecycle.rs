//! What asks the program to stop.
//!
//! The first signal ends softly: nothing new is taken, what runs gets a moment to finish, the rest is
//! handed back to the queue. A second signal ends at once; the next start makes good what that leaves behind.

use tokio::signal::unix::{Signal, SignalKind, signal};
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

/// What asks a command to stop: Ctrl-C, somebody's SIGTERM, a terminal that is gone.
#[derive(Debug)]
pub(crate) struct Stops {
    interrupt: Signal,
    terminate: Signal,
    hang_up: Option<Signal>,
}

impl Stops {
    pub(crate) fn watch() -> std::io::Result<Self> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hang_up: if outlives_its_terminal() { None } else { Some(signal(SignalKind::hangup())?) },
        })
    }

    /// Completes at the next one.
    pub(crate) async fn next(&mut self) {
        let hung_up = async {
            match &mut self.hang_up {
                Some(hang_up) => hang_up.recv().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
            _ = hung_up => {}
        }
    }
}

/// Whether whoever started this process wants it to go on without its terminal, as `nohup` does: SIGHUP is ignored
/// from the beginning. Where the system does not say so, it is not.
fn outlives_its_terminal() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    ignored.is_some_and(|mask| mask & 1 == 1)
}
