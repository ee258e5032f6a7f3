//! Log lines on standard error, and what a panic says there.

use std::io::{IsTerminal, stderr};

use tracing_subscriber::EnvFilter;

use crate::cli::{Cli, Command, LogFormat};

/// Starts logging: a server says what it does, a command only what goes wrong.
pub(crate) fn start(cli: &Cli) {
    let usual = if matches!(cli.command, Command::Serve(_)) { "info" } else { "warn" };
    let filter = cli.log.as_deref().unwrap_or(usual);
    let filter = EnvFilter::try_new(filter).unwrap_or_else(|_| EnvFilter::new(usual));
    let is_plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(stderr)
        .with_ansi(stderr().is_terminal() && !is_plain);
    match cli.log_format {
        LogFormat::Text => lines.compact().init(),
        LogFormat::Json => lines.json().init(),
    }
    quieten_guarded_panics();
}

/// A decoder that panics over a damaged file is caught, and the file is refused: that is an answer and no defect, so
/// nobody is woken by it.
fn quieten_guarded_panics() {
    let report = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if series::columnar::is_guarded() {
            tracing::debug!(%panic, "a decoder gave up");
        } else {
            report(panic);
        }
    }));
}
