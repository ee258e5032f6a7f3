//! The commands. Each builds the program in its own process and talks to it through the public API, so it works
//! without a running server, and beside one.

mod compare;
mod data;
mod doctor;
mod export;
mod follow;
mod forecast;
mod frames;
#[cfg(test)]
mod generated;
mod lab;
mod log;
mod migrate;
mod models;
mod operate;
mod retention;
mod run;
mod showcase;
mod token;

use std::io::Write;

use anyhow::Context;
use client::Client;
use serde::Serialize;
use tempfile::TempDir;
use wire::model_selection::CatalogEntry;
use wire::runs::Item;

pub(crate) use self::follow::AtOnce;
use self::follow::{Followed, close, follow};
use crate::cli::{Cli, Command, Compare, Place, Showcase};
use crate::exit::{Exit, Failed};
use crate::plain::plain;
use crate::serve;
use crate::system::System;

pub(crate) async fn run(cli: Cli) -> anyhow::Result<Exit> {
    if let Some(name) = &cli.simd {
        ::forecast::limit_simd(name).map_err(|error| Failed::new(Exit::Usage, format!("--simd: {error}")))?;
    }
    let place = cli.place;
    match cli.command {
        Command::Serve(serve) => serve::serve(&place, &serve).await,
        Command::Showcase(Showcase::Run(run)) => showcase::run(&place, &run).await,
        Command::Forecast(options) => forecast::run(&place, &options).await,
        Command::Compare(Compare::Run(run)) => compare::run(&place, &run).await,
        Command::Compare(Compare::Show(show)) => compare::show(&place, &show).await,
        Command::Models(options) => models::run(&place, &options).await,
        Command::Data(command) => data::run(&place, &command).await,
        Command::Lab(command) => lab::run(&place, command).await,
        Command::Run(command) => run::run(&place, command).await,
        Command::Token(command) => token::run(&place, command).await,
        Command::Retention(command) => retention::run(&place, command).await,
        Command::Log(command) => log::run(&place, command).await,
        Command::Key(command) => log::keys(&place, command).await,
        Command::Frames(command) => frames::run(&command),
        Command::Migrate(command) => migrate::run(&place, command).await,
        Command::Openapi => {
            print_exact(&api::openapi().to_pretty_json()?)?;
            Ok(Exit::Ok)
        }
        Command::Doctor(output) => doctor::run(&place, output).await,
    }
}

/// The program of this process, reached under its own names only.
async fn open(place: &Place) -> anyhow::Result<System> {
    let system = System::open(place, api::Hosts::loopback()).await?;
    system.tidy_up();
    Ok(system)
}

/// As [`open`], for a command that changes nothing: the data directory may be one that cannot be written.
async fn open_for_reading(place: &Place) -> anyhow::Result<System> {
    System::open_for_reading(place, api::Hosts::loopback()).await
}

/// The program without anybody's data, for a command that asks only what the program itself knows and leaves nothing behind.
/// What it keeps meanwhile goes with the directory.
async fn open_without_data(place: &Place) -> anyhow::Result<(System, TempDir)> {
    let dir = tempfile::tempdir().context("no directory for temporary files can be made")?;
    let data = Some(dir.path().to_owned());
    let place = Place { data, database_url: None, artifacts: None, log_name: None, ..place.clone() };
    Ok((System::open(&place, api::Hosts::loopback()).await?, dir))
}

/// The models that are named: every one there is for `all`, those that take little time for `fast`.
async fn model_types(client: &Client, named: &[String]) -> anyhow::Result<Vec<String>> {
    let is_meant: fn(&CatalogEntry) -> bool = match named {
        [word] if word == "all" => |_| true,
        [word] if word == "fast" => |model| !model.costly,
        _ => return Ok(named.to_vec()),
    };
    let models = client.models().await?.models.into_iter();
    Ok(models.filter(|model| model.available && is_meant(model)).map(|model| model.model_type).collect())
}

/// How a run stands, as the API says it.
fn word(item: &Item) -> String {
    item.status.to_string()
}

fn print_json(value: &impl Serialize) -> anyhow::Result<()> {
    print_exact(&serde_json::to_string_pretty(value)?)
}

/// One line for a person; nothing in it acts on the terminal.
fn print_line(line: &str) -> anyhow::Result<()> {
    print_exact(&plain(line))
}

/// Text for programs, unchanged.
fn print_exact(line: &str) -> anyhow::Result<()> {
    writeln!(std::io::stdout().lock(), "{line}")?;
    Ok(())
}
