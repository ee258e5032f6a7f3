//! A run in the words of others.
//!
//! One route with the form in its query, not one by `Accept`: two of the forms have no media type of their own, and an address
//! that says what it gives can be handed on.

mod form;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use futures::TryStreamExt as _;
use kernel::{RunId, Tenant};
use runs::Family;
use wire::export::{CloudEvent, ExportQuery, Format, Traces, media_type};
use wire::ledger::media_type::NDJSON;
use wire::runs::Detail;

use self::form::{Batch, Form, SpanList};
use super::run::detail;
use crate::Problem;
use crate::extract::{Id, Query};
use crate::routes::{Invalid, NotFound, Refused};
use crate::state::{Caller, Reads};

/// A run as another program reads it, made of what is stored of it now: its frames as a batch of CloudEvents 1.0, that it
/// began and ended as run events of OpenLineage, or itself, its attempts, phases, steps and tool calls as spans for an
/// OpenTelemetry collector. Of frames that were let go under a retention receipt an event has the digest, and the run's span
/// says how many they are. The frames with their proof are the run's bundle.
#[utoipa::path(get, path = "/runs/{run_id}/export", tag = "ledger",
    params(("run_id" = uuid::Uuid, Path, description = "The run"), ExportQuery),
    responses((status = 200, description = "CloudEvents as one array, OpenLineage an event a line, spans as one request",
        content((Vec<CloudEvent> = "application/cloudevents-batch+json"), (Traces = "application/json"),
            (String = "application/x-ndjson"))),
        NotFound, Invalid, Refused))]
pub(crate) async fn export(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
    Id(id): Id<RunId>,
    Query(query): Query<ExportQuery>,
) -> Result<Response, Problem> {
    let run = detail(&reads, tenant, id).await?;
    let (media_type, body) = match query.format {
        Format::CloudEvents => (media_type::CLOUD_EVENTS, streamed(&reads, tenant, id, Batch::of(id))?),
        Format::Otlp => {
            (media_type::OTLP, streamed(&reads, tenant, id, SpanList::of(run).map_err(Problem::internal)?)?)
        }
        Format::OpenLineage => (NDJSON, Body::from(lineage(&reads, tenant, &run).await?)),
    };
    let extension = if media_type == NDJSON { "ndjson" } else { "json" };
    let name = format!("attachment; filename=\"{id}.{}.{extension}\"", query.format);
    let name = HeaderValue::try_from(name).map_err(Problem::internal)?;
    let headers =
        [(header::CONTENT_TYPE, HeaderValue::from_static(media_type)), (header::CONTENT_DISPOSITION, name)];
    Ok((headers, body).into_response())
}

/// The frames in a form, read while they are sent.
fn streamed(reads: &Reads, tenant: Tenant, run: RunId, form: impl Form) -> Result<Body, Problem> {
    let permit = reads.stream_permit(tenant)?;
    let pieces = form::told(reads.ledger().record(tenant, run), form);
    let pieces =
        pieces.inspect_err(move |error| tracing::error!(run.id = %run, %error, "an export breaks off"));
    Ok(Body::from_stream(pieces.inspect_ok(move |_| _ = &permit)))
}

async fn lineage(reads: &Reads, tenant: Tenant, run: &Detail) -> Result<String, Problem> {
    let id = run.item.run_id;
    let parent = match run.item.parent_run_id {
        Some(parent) => runs::find(reads.db(), tenant, parent).await.map_err(Problem::internal)?,
        None => None,
    };
    let mut removed = runs::removed(reads.db(), &[id]).await.map_err(Problem::internal)?;
    let family =
        Family { parent: parent.map(|parent| (parent.id, parent.kind)), removed: removed.remove(&id) };
    let mut lines = String::new();
    for event in runs::lineage(run, &family) {
        lines.push_str(&serde_json::to_string(&event).map_err(Problem::internal)?);
        lines.push('\n');
    }
    Ok(lines)
}
