//! Whether the server is there, and whether it can work.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use kernel::{Class, Fault as _, WriteProbe};
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout};
use wire::health::Health;

use crate::Problem;
use crate::routes::Refused;
use crate::state::Reads;

fn ok() -> Health {
    Health { status: "ok".to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() }
}

/// Is the process alive? Touches nothing else.
#[utoipa::path(get, path = "/health", tag = "health",
    responses((status = 200, description = "Alive", body = Health), Refused))]
pub(crate) async fn health() -> Json<Health> {
    Json(ok())
}

/// Can it do its work? Asks the database for a write.
#[utoipa::path(get, path = "/ready", tag = "health",
    responses((status = 200, description = "Ready", body = Health),
        (status = 503, description = "The database takes no write", body = wire::problem::Problem,
            content_type = "application/problem+json"),
        Refused))]
pub(crate) async fn ready(State(reads): State<Reads>) -> Result<Json<Health>, Problem> {
    reads.readiness().check().await.map(|()| Json(ok())).map_err(|code| {
        let detail = "the database takes no write now; reading may still work; try again later";
        Problem::new(Class::Unavailable, code, detail)
    })
}

/// Whether the database takes a write: asked at most once a second, however many want to know.
pub(crate) struct Readiness {
    probe: WriteProbe,
    known: Mutex<Option<(Instant, Result<(), &'static str>)>>,
}

impl Readiness {
    /// A write flushes the disk; who asks more often is told the same again.
    const FRESH: Duration = Duration::from_secs(1);
    /// Who waits longer for a write than this is not ready either.
    const PATIENCE: Duration = Duration::from_secs(5);

    pub(crate) fn new(probe: WriteProbe) -> Self {
        Self { probe, known: Mutex::default() }
    }

    /// The code of what is wrong, if something is.
    async fn check(&self) -> Result<(), &'static str> {
        // Held while the database is asked: whoever comes meanwhile waits for the same answer.
        let mut known = self.known.lock().await;
        if let Some((asked, answer)) = *known
            && asked.elapsed() < Self::FRESH
        {
            return answer;
        }
        let answer = match timeout(Self::PATIENCE, self.probe.try_write()).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => {
                kernel::warn_seldom!(%error, "not ready");
                Err(error.code())
            }
            Err(_) => {
                kernel::warn_seldom!("not ready: the database is busy");
                Err("DATABASE_UNAVAILABLE")
            }
        };
        *known = Some((Instant::now(), answer));
        answer
    }
}
