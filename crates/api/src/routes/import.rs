//! Runs that were recorded elsewhere.

use axum::Json;
use axum::extract::{Request, State};
use axum::http::{HeaderName, StatusCode, header};
use kernel::FieldError;
use runs::foreign::{Bundle, Import};
use utoipa::ToSchema;
use wire::ledger::media_type::NDJSON;
use wire::runs::{Detail, ImportQuery};

use super::run::detail;
use crate::Problem;
use crate::extract::{Query, body_of_any};
use crate::routes::{Conflict, Invalid, Refused};
use crate::state::{Acts, Caller};

/// No bundle is larger.
pub(crate) const BODY_LIMIT: usize = 64 * 1024 * 1024;

/// A line with the proof of a run's end, and a line for each of its frames: what `GET /runs/{run_id}/bundle` answers.
#[derive(ToSchema)]
#[schema(as = runs::BundleText, value_type = String)]
#[expect(dead_code, reason = "describes a text")]
pub(crate) struct BundleText(String);

/// Keeps a run that was recorded elsewhere, as it is: its frames keep their bytes and its ledger its id and head.
///
/// All of the bundle is checked first: the contract of its frames, the chain from the ledger's id on, the head, the place of
/// the end in the log and the signature. Nothing is stored of one that does not hold, and the first bad frame is named. The
/// same record again is the same run.
#[utoipa::path(post, path = "/runs/import", tag = "runs", params(ImportQuery),
    request_body(description = "The bundle", content((BundleText = "application/x-ndjson"))),
    responses((status = 201, description = "Imported; `Location` names the run", body = Detail),
        (status = 200, description = "It is here already: this is the run", body = Detail),
        Conflict, Invalid, Refused))]
pub(crate) async fn import(
    State(acts): State<Acts>,
    Caller(tenant): Caller,
    Query(query): Query<ImportQuery>,
    request: Request,
) -> Result<(StatusCode, [(HeaderName, String); 1], Json<Detail>), Problem> {
    let form = |_| FieldError::new("key", "must be a public key as signed notes write it, NAME+ID+KEY");
    let key = query.key.map(|key| key.parse().map_err(form)).transpose();
    let key = key.map_err(|error| Problem::invalid(vec![error]))?;
    let bytes = body_of_any(request, &[NDJSON]).await?;
    let checked = kernel::off_the_runtime(move || {
        let text = str::from_utf8(&bytes).map_err(|error| {
            Problem::field("body", format!("is not UTF-8 from byte {} on", error.valid_up_to()))
        })?;
        Ok::<_, Problem>(Bundle::read(text, key.as_ref())?)
    });
    let bundle = checked.await?;
    let (status, run) = match acts.engine.foreign().import(tenant, &bundle).await? {
        Import::New(run) => (StatusCode::CREATED, run),
        Import::Known(run) => (StatusCode::OK, run),
    };
    let location = (header::LOCATION, format!("/api/runs/{run}"));
    Ok((status, [location], Json(detail(&acts.reads, tenant, run).await?)))
}
