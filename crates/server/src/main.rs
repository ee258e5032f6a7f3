//! The `assay` program: configuration, telemetry, lifecycle and commands. The only place where all crates meet.

mod cli;
mod command;
mod config;
mod exit;
mod lifecycle;
mod progress;
mod serve;
mod spa;
mod system;
mod table;
mod telemetry;

use std::process::ExitCode;

use clap::Parser;

use crate::cli::Cli;

fn main() -> ExitCode {
    let cli = Cli::parse();
    telemetry::start(&cli);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let ended = match runtime {
        Ok(runtime) => runtime.block_on(command::run(cli)),
        Err(error) => Err(anyhow::Error::new(error).context("the runtime does not start")),
    };
    exit::code(ended)
}
