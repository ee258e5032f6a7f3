//! Whether the server is there, and whether it can work.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use crate::Problem;
use crate::routes::Refused;
use crate::state::{Caller, Reads};

/// The server's own word.
#[derive(Serialize, ToSchema)]
#[schema(as = health::Health)]
pub(crate) struct Health {
    /// `ok`.
    status: &'static str,
    /// The program's version.
    version: &'static str,
}

impl Health {
    const OK: Self = Self { status: "ok", version: env!("CARGO_PKG_VERSION") };
}

/// Is the process alive? Touches nothing else.
#[utoipa::path(get, path = "/health", tag = "health",
    responses((status = 200, description = "Alive", body = Health), Refused))]
pub(crate) async fn health() -> Json<Health> {
    Json(Health::OK)
}

/// Can it answer requests? Asks the database.
#[utoipa::path(get, path = "/ready", tag = "health",
    responses((status = 200, description = "Ready", body = Health),
        (status = 503, description = "The database does not answer", body = crate::ProblemBody,
            content_type = "application/problem+json"),
        Refused))]
pub(crate) async fn ready(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
) -> Result<Json<Health>, Problem> {
    let filter = runs::Filter::default();
    runs::list(reads.db(), tenant, &filter, None, 1).await.map_err(|error| {
        tracing::warn!(%error, "not ready");
        Problem::new(kernel::Class::Unavailable, "NOT_READY", "the database does not answer; try again later")
    })?;
    Ok(Json(Health::OK))
}
