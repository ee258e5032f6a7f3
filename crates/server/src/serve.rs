//! `assay serve`.

use std::io::Write;
use std::net::SocketAddr;

use anyhow::Context;
use tokio::net::TcpListener;

use crate::cli::{Place, Serve};
use crate::exit::{Exit, Failed};
use crate::lifecycle::{GRACE, Lifecycle};
use crate::spa;
use crate::system::System;

/// Serves until told to stop. The order of the end: take no new connection and no new run, let runs finish while
/// their viewers still watch, end the streams, close the database.
pub(crate) async fn serve(place: &Place, serve: &Serve) -> anyhow::Result<Exit> {
    check_reach(serve)?;
    let lifecycle = Lifecycle::watch()?;
    // Before anything is opened: a port in use must not cost a migration.
    let listener = TcpListener::bind(serve.bind).await.map_err(|error| cannot_listen(serve.bind, &error))?;
    let address = listener.local_addr()?;
    let system = System::open(place, hosts(serve)).await?;
    system.engine.start();
    announce(address)?;
    let app = system.router.clone().fallback(spa::serve);
    let soft = lifecycle.soft.clone();
    let serving = axum::serve(listener, app).with_graceful_shutdown(soft.cancelled_owned());
    let serving = tokio::spawn(serving.into_future());
    lifecycle.soft.cancelled().await;
    tracing::info!("shutting down; a second signal stops at once");
    let engine = system.engine.clone();
    tokio::select! {
        () = engine.shutdown(GRACE) => {}
        () = lifecycle.hard.cancelled() => engine.shutdown(std::time::Duration::ZERO).await,
    }
    system.closing.cancel();
    tokio::select! {
        ended = serving => ended.context("the server's task failed")??,
        () = lifecycle.grace_over() => tracing::warn!("open connections were cut"),
    }
    system.close(std::time::Duration::ZERO).await?;
    tracing::info!("stopped");
    Ok(Exit::Ok)
}

/// The names the server may be addressed by: those given, and the address it listens on.
fn hosts(serve: &Serve) -> api::Hosts {
    api::Hosts::and(serve.hosts.iter().cloned().chain([serve.bind.ip().to_string()]))
}

/// Without tokens whoever reaches the server may do everything.
fn check_reach(serve: &Serve) -> anyhow::Result<()> {
    if serve.bind.ip().is_loopback() || serve.allow_remote {
        return Ok(());
    }
    let message = format!(
        "{} can be reached from other machines, and nothing asks who they are; bind a loopback address such as \
         127.0.0.1, or say --allow-remote where something in front of it does",
        serve.bind
    );
    Err(Failed::new(Exit::Usage, message).into())
}

fn cannot_listen(address: SocketAddr, error: &std::io::Error) -> anyhow::Error {
    let message = if error.kind() == std::io::ErrorKind::AddrInUse {
        format!(
            "{address} is in use, perhaps by another assay; choose another with --bind, port 0 for any free one"
        )
    } else {
        format!("cannot listen on {address}: {error}")
    };
    Failed::new(Exit::Conflict, message).into()
}

fn announce(address: SocketAddr) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "listening on http://{address}")?;
    out.flush()
}
