//! The log of ends and its keys.

use std::path::PathBuf;

use clap::Subcommand;
use kernel::RunId;
use tlog::Verifier;

use super::Output;

#[derive(Debug, Subcommand)]
#[expect(clippy::large_enum_variant, reason = "a program has one of them, and takes it apart at once")]
pub(crate) enum Log {
    /// Print the newest checkpoint, a signed note. Keep it where the owner of the data cannot reach it.
    Checkpoint,
    /// Print all that is needed to check a run without anything else: the proof of its end, and its frames, one a line.
    Prove {
        /// The run.
        run: RunId,
        /// Also that the log began as it was in this older checkpoint.
        #[arg(long, value_name = "FILE")]
        since: Option<PathBuf>,
    },
    /// Check what `log prove` printed, without any data: frames, chain, place in the log, signature. Exit code 5 if
    /// something does not hold.
    Check {
        /// The bundle.
        file: PathBuf,
        /// The key that must have signed, `NAME+ID+KEY` [default: one of those that the bundle names].
        #[arg(long, value_name = "KEY")]
        key: Option<Verifier>,
        /// A checkpoint that was kept: the log must have begun as it says.
        #[arg(long, value_name = "FILE")]
        checkpoint: Option<PathBuf>,
        /// A witness that must have signed the checkpoint too, `NAME+ID+KEY`. May be repeated.
        #[arg(long = "witness", value_name = "KEY", value_parser = super::witness)]
        witnesses: Vec<Verifier>,
        #[command(flatten)]
        output: Output,
    },
    /// Compare the whole log with the ledgers that are stored; exit code 5 if they differ.
    Verify {
        /// A checkpoint that was kept: the log must have begun as it says.
        #[arg(long, value_name = "FILE")]
        checkpoint: Option<PathBuf>,
        #[command(flatten)]
        output: Output,
    },
}

#[derive(Debug, Clone, Copy, Subcommand)]
pub(crate) enum Key {
    /// The public keys that sign the log of ends or have signed it, the present one last.
    Show {
        #[command(flatten)]
        output: Output,
    },
    /// Make a new key and list it: it signs from now on. The old ones stay listed with what they signed.
    Rotate {
        #[command(flatten)]
        output: Output,
    },
}
