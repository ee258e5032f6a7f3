//! The log of ends: what stands at the addresses of tlog-tiles, and the proof of one run.
//!
//! The addresses below `/log` are those of C2SP's [tlog-tiles](https://c2sp.org/tlog-tiles), so that foreign programs read
//! the log as they read others. Those of tiles are not in the document, whose addresses cannot hold a path of several
//! parts.

use std::fmt::Write as _;

use ::ledger::ListedKey;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use futures::{StreamExt as _, TryStreamExt as _, stream};
use kernel::{Class, FieldError, RunId, Tenant};
use tlog::{Signature, TilePath};
use wire::ledger::media_type;
use wire::log::{Cosign, Cosigned, Key, Keys, Proof, ProofFormat, ProofQuery, Since};

use crate::Problem;
use crate::extract::{Id, Json as Body, Query};
use crate::routes::{Conflict, Invalid, NotFound, Refused};
use crate::state::{Acts, Caller, Reads};

/// Where tiles and bundles of entries are.
pub(crate) const TILES: &str = "/log/tile/{*path}";

/// So many lines are taken at once.
const MOST_LINES: usize = 100;

/// The newest checkpoint of the log of ends: a signed note (c2sp.org/tlog-checkpoint). Keep it: it proves later that nothing
/// of the log was rewritten.
#[utoipa::path(get, path = "/log/checkpoint", tag = "log",
    responses((status = 200, description = "The note", body = String, content_type = "text/plain"), NotFound, Refused))]
pub(crate) async fn checkpoint(State(reads): State<Reads>) -> Result<Response, Problem> {
    let note = reads.log().checkpoint().await?.note;
    let text = (header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    let fresh = (header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    Ok(([text, fresh], note).into_response())
}

/// Every key that signs the log of ends or has signed it, with the size of the log from which on it did.
#[utoipa::path(get, path = "/log/keys", tag = "log",
    responses((status = 200, description = "The keys, the one that signs now last", body = Keys), Refused))]
pub(crate) async fn keys(State(reads): State<Reads>) -> Result<Json<Keys>, Problem> {
    Ok(Json(Keys { keys: listed(reads.log().keys().await?) }))
}

/// Proves that the end of a run is in the log of ends: its place, the hashes from there to the root, and the signed
/// checkpoint with that root.
#[utoipa::path(get, path = "/runs/{run_id}/proof", tag = "log",
    params(("run_id" = uuid::Uuid, Path, description = "The run"), ProofQuery),
    responses((status = 200, description = "The proof", body = Proof), NotFound, Conflict, Invalid, Refused))]
pub(crate) async fn proof(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
    Id(run_id): Id<RunId>,
    Query(query): Query<ProofQuery>,
) -> Result<Json<Proof>, Problem> {
    Ok(Json(proven(&reads, tenant, run_id, query.since).await?))
}

/// The same with the run's frames, one a line: a bundle that can be checked without anything else. Of frames that were let
/// go under a retention receipt a line has the digest.
#[utoipa::path(get, path = "/runs/{run_id}/bundle", tag = "log",
    params(("run_id" = uuid::Uuid, Path, description = "The run"), ProofQuery),
    responses((status = 200, description = "A line with the proof, and a line for each frame", body = String,
        content_type = "application/x-ndjson"), NotFound, Conflict, Invalid, Refused))]
pub(crate) async fn bundle(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
    Id(run_id): Id<RunId>,
    Query(query): Query<ProofQuery>,
) -> Result<Response, Problem> {
    let mut proof = proven(&reads, tenant, run_id, query.since).await?;
    proof.marks = Some(hex(&reads.ledger().marks(tenant, run_id).await?));
    let permit = reads.stream_permit(tenant)?;
    let first = serde_json::to_string(&proof).map_err(Problem::internal)? + "\n";
    let record = reads.ledger().record(tenant, run_id);
    let record = record.inspect_err(|error| tracing::error!(%error, "a bundle breaks off"));
    let lines = stream::once(async { Ok(first) }).chain(record).inspect(move |_| {
        let _held = &permit;
    });
    let name = format!("attachment; filename=\"{run_id}.bundle\"");
    let name = HeaderValue::try_from(name).map_err(Problem::internal)?;
    let lines_of_json = (header::CONTENT_TYPE, HeaderValue::from_static(media_type::NDJSON));
    Ok(([lines_of_json, (header::CONTENT_DISPOSITION, name)], axum::body::Body::from_stream(lines))
        .into_response())
}

async fn proven(reads: &Reads, tenant: Tenant, run_id: RunId, since: Option<u64>) -> Result<Proof, Problem> {
    let proof = reads.log().proof(tenant, run_id, since).await?;
    Ok(Proof {
        format: ProofFormat::V1,
        run_id,
        ledger_id: proof.end.ledger.0,
        frames: proof.end.frames,
        head: proof.end.head,
        index: proof.index,
        path: proof.path,
        checkpoint: proof.signed.note,
        keys: listed(reads.log().keys().await?),
        marks: None,
        since: proof.since.map(|since| Since { size: since.size, path: since.path }),
    })
}

/// Takes the lines that witnesses have put under the newest checkpoint. Which witnesses count is said where the server is
/// started; lines of others are passed over.
#[utoipa::path(post, path = "/log/cosignatures", tag = "log", request_body = Cosign,
    responses((status = 200, description = "How many lines were of witnesses", body = Cosigned),
        NotFound, Conflict, Invalid, Refused))]
pub(crate) async fn cosign(
    State(acts): State<Acts>,
    Body(request): Body<Cosign>,
) -> Result<Json<Cosigned>, Problem> {
    let form = || {
        FieldError::new(
            "lines",
            "must be lines as they stand under signed notes: a dash, a name, a signature",
        )
    };
    if !(1..=MOST_LINES).contains(&request.lines.len()) {
        return Err(Problem::field("lines", format!("must be 1 to {MOST_LINES} lines")));
    }
    let lines: Result<Vec<Signature>, _> = request.lines.iter().map(|line| line.parse()).collect();
    let lines = lines.map_err(|_| Problem::invalid(vec![form()]))?;
    Ok(Json(Cosigned { accepted: acts.log.cosign(&lines).await? }))
}

/// A tile of hashes or a bundle of entries. What is answered once is answered for ever.
pub(crate) async fn tile(State(reads): State<Reads>, Path(path): Path<String>) -> Result<Response, Problem> {
    let absent = || Problem::new(Class::NotFound, "TILE_NOT_FOUND", format!("the log has no tile {path}"));
    let tile: TilePath = path.parse().map_err(|_| absent())?;
    let bytes = reads.log().tile(tile).await?.ok_or_else(absent)?;
    let octets = (header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
    let lasting = HeaderValue::from_static("public, max-age=31536000, immutable");
    Ok(([octets, (header::CACHE_CONTROL, lasting)], bytes).into_response())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        let _infallible = write!(text, "{byte:02x}");
        text
    })
}

fn listed(keys: Vec<ListedKey>) -> Vec<Key> {
    keys.into_iter().map(|ListedKey { key, from_size, .. }| Key { key, from_size }).collect()
}
