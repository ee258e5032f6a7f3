//! Exit codes, and what a failed command says.

use std::process::ExitCode;

use client::Error;
use kernel::DbError;

use crate::command::AtOnce;
use crate::plain::plain;

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    Ok = 0,
    RunFailed = 1,
    Usage = 2,
    NotFound = 3,
    Conflict = 4,
    NotVerified = 5,
    /// Nothing could be stored for long; the run waits to be taken up again.
    Stuck = 6,
    Interrupted = 130,
}

/// A failure whose exit code is known where it happens.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub(crate) struct Failed {
    pub(crate) exit: Exit,
    pub(crate) message: String,
}

impl Failed {
    pub(crate) fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self { exit, message: message.into() }
    }
}

/// Says what went wrong, on standard error, and turns it into the exit code.
pub(crate) fn code(ended: anyhow::Result<Exit>) -> ExitCode {
    let exit = ended.unwrap_or_else(|error| {
        if is_broken_pipe(&error) {
            return Exit::Ok;
        }
        explain(&error);
        exit_of(&error)
    });
    ExitCode::from(exit as u8)
}

/// Whoever read our output has seen enough (`assay run replay … | head`).
fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<std::io::Error>().is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
}

fn exit_of(error: &anyhow::Error) -> Exit {
    if let Some(failed) = error.downcast_ref::<Failed>() {
        return failed.exit;
    }
    if let Some(stopped) = error.downcast_ref::<AtOnce>() {
        return stopped.exit();
    }
    if error.downcast_ref::<DbError>().is_some_and(DbError::is_of_the_address) {
        return Exit::Usage;
    }
    match error.downcast_ref::<Error>().and_then(Error::status).map(|status| status.as_u16()) {
        Some(404) => Exit::NotFound,
        Some(409 | 504) => Exit::Conflict,
        Some(400 | 413 | 415 | 422) => Exit::Usage,
        _ => Exit::RunFailed,
    }
}

#[expect(clippy::print_stderr, reason = "this is the command line's own voice")]
fn explain(error: &anyhow::Error) {
    if let Some(problem) = error.downcast_ref::<Error>().and_then(Error::problem) {
        let text = if problem.detail.is_empty() { &problem.title } else { &problem.detail };
        eprintln!("error: {}", plain(text));
        // What the line above says already is not said twice.
        let is_only = problem.errors.len() == 1;
        let is_new = |field: &&wire::problem::Field| {
            !(text.contains(&field.message) && (is_only || text.contains(&field.field)))
        };
        for field in problem.errors.iter().filter(is_new) {
            eprintln!("  {}: {}", plain(&field.field), plain(&field.message));
        }
        return;
    }
    eprintln!("error: {}", plain(&sentence(error)));
}

/// An error with its causes. Those that say again what stands above them, as the database's do, are left out.
pub(crate) fn sentence(error: &anyhow::Error) -> String {
    let mut text = error.to_string();
    for cause in error.chain().skip(1).map(ToString::to_string) {
        if !text.contains(&cause) {
            text = format!("{text}: {cause}");
        }
    }
    text
}
