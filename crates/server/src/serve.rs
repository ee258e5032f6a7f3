//! `assay serve`.

use std::io::Write;
use std::net::SocketAddr;
use std::time::Duration;

use api::Connections;
use tokio::net::TcpListener;
use tokio::time::timeout;

use crate::cli::{Place, Serve};
use crate::exit::{Exit, Failed};
use crate::lifecycle::Lifecycle;
use crate::system::{ForOthers, System};
use crate::{open_files, spa};

/// How long runs may go on after the signal, and how long it may take to hand back those that do.
const RUNS: Duration = Duration::from_secs(2);
const HAND_BACK: Duration = Duration::from_secs(2);
/// How long requests may still be answered.
const REQUESTS: Duration = Duration::from_secs(6);
/// How long the database may take to close.
const CLOSE: Duration = Duration::from_secs(2);

/// Serves until told to stop.
pub(crate) async fn serve(place: &Place, serve: &Serve) -> anyhow::Result<Exit> {
    let hosts = hosts(serve)?;
    let lifecycle = Lifecycle::watch()?;
    // Before anything is opened: a port in use must not cost a migration.
    let listener = TcpListener::bind(serve.bind).await.map_err(|error| cannot_listen(serve.bind, &error))?;
    let address = listener.local_addr()?;
    let system = System::open_for_others(place, hosts, for_others(serve)).await?;
    if let Err(refused) = check_reach(serve, &system).await {
        system.close(Duration::ZERO).await?;
        return Err(refused);
    }
    system.engine.start();
    tokio::spawn(system.sweep());
    announce(address)?;
    let app = system.router.clone().fallback(spa::serve);
    let connections = Connections::new(open_files::connections());
    connections.clone().accept(listener, app, lifecycle.soft.clone()).await;
    tracing::info!("shutting down; a second signal stops at once");
    tokio::select! {
        ended = stop(system, &connections) => ended?,
        () = lifecycle.hard.cancelled() => {
            tracing::warn!("stopped at once; the next start goes on with what was running");
            return Ok(Exit::Interrupted);
        }
    }
    tracing::info!("stopped");
    Ok(Exit::Ok)
}

/// The order of the end: no new connection and no new run; runs get a moment to finish while their viewers still
/// watch, and what is left is handed back; the streams end; the database closes. Each part has its time, so that no
/// run, no slow reader and no stuck disk holds up the whole.
async fn stop(system: System, connections: &Connections) -> anyhow::Result<()> {
    let runs = async {
        if timeout(RUNS + HAND_BACK, system.engine.shutdown(RUNS)).await.is_err() {
            tracing::warn!(
                "not every run was handed back; its lease runs out and another worker goes on with it"
            );
        }
        system.closing.cancel();
    };
    tokio::join!(runs, connections.close(REQUESTS));
    timeout(CLOSE, system.close(Duration::ZERO)).await.unwrap_or_else(|_| {
        tracing::warn!("the database did not close in time");
        Ok(())
    })
}

fn for_others(serve: &Serve) -> ForOthers<'_> {
    let quotas = api::Quotas {
        attachment_bytes: serve.attachment_quota_mib.saturating_mul(1024 * 1024),
        requests: serve.max_requests,
    };
    ForOthers { witnesses: &serve.log_witnesses, quotas, max_open_runs: serve.max_open_runs }
}

/// The names the server may be addressed by: those given, and the address it listens on.
fn hosts(serve: &Serve) -> anyhow::Result<api::Hosts> {
    let names = serve.hosts.iter().cloned().chain([serve.bind.ip().to_string()]);
    Ok(api::Hosts::and(names).map_err(|error| Failed::new(Exit::Usage, format!("--host: {error}")))?)
}

/// Without tokens whoever reaches the server may do everything.
async fn check_reach(serve: &Serve, system: &System) -> anyhow::Result<()> {
    if serve.bind.ip().is_loopback() || serve.allow_remote || system.access.reader().asks().await? {
        return Ok(());
    }
    let message = format!(
        "{} can be reached from other machines, and nothing asks who they are; make a token with `assay token create`, \
         bind a loopback address such as 127.0.0.1, or say --allow-remote where something in front of it asks",
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
