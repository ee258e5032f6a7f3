//! The `assay` program: configuration, telemetry, lifecycle and commands. The only place where all crates meet.

mod cli;
mod command;
mod config;
mod exit;
mod figures;
mod file;
mod flags;
mod input;
mod lifecycle;
mod log_key;
mod names;
mod open_files;
mod plain;
mod progress;
mod room;
mod serve;
mod spa;
mod system;
mod table;
mod telemetry;
mod terminal;
mod umask;

use std::process::ExitCode;

use clap::Parser;

use crate::cli::Cli;

fn main() -> ExitCode {
    umask::keep_to_the_owner();
    let cli = Cli::parse();
    telemetry::start(&cli);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let ended = match runtime {
        Ok(runtime) => {
            let ended = runtime.block_on(command::run(cli));
            // What still computes for nobody must not hold up the end.
            runtime.shutdown_background();
            ended
        }
        Err(error) => Err(anyhow::Error::new(error).context("the runtime does not start")),
    };
    exit::code(ended)
}
