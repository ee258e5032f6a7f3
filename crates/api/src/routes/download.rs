//! Links under which anybody has an artifact's bytes for a while.
//!
//! A link says which artifact of which tenant, and until when, under the installation's secret. Nothing of it is stored, and
//! what is logged of a request has no query. That it was changed, that its time is over and that its artifact is gone are
//! one refusal, so that a link tells nothing but what it opens.

use std::time::Duration;

use artifacts::Given;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use axum::response::Response;
use chrono::{DateTime, Utc};
use kernel::{Class, Tenant, TenantId};
use wire::artifacts::{Artifact, ArtifactId, DownloadLink, DownloadQuery, LinkQuery, Links, LinksRequest};

use super::artifact::{answer, disposition, file_name, known};
use crate::Problem;
use crate::extract::{Id, Json as Body, Query};
use crate::routes::{Invalid, NoSuchRange, NotFound, Refused};
use crate::state::{Caller, Reads};

/// The path of links, below `/api`.
const PATH: &str = "/downloads";
/// For how long a link holds, in seconds.
const USUAL_S: u32 = 900;
const BOUNDS_S: std::ops::RangeInclusive<u32> = 60..=86_400;
/// So many at once.
const MAX_LINKS: usize = 100;
/// What is sealed is a link and nothing else.
const SCOPE: &str = "download";

/// What a link says: whose artifact, which one, and until when, in seconds since 1970.
type Said = (TenantId, ArtifactId, i64);

/// Makes a link under which an artifact's bytes can be had for a while without a token.
///
/// Whoever has the link has the bytes, with ranges and a file name, until it expires. Nothing remembers it: ask again
/// before that. Where artifacts lie in a bucket it is the bucket's own address.
#[utoipa::path(post, path = "/artifacts/{artifact_id}/download-url", tag = "artifacts",
    params(("artifact_id" = uuid::Uuid, Path, description = "The artifact"), LinkQuery),
    responses((status = 200, description = "The link", body = DownloadLink), NotFound, Invalid, Refused))]
pub(crate) async fn link(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
    Id(id): Id<ArtifactId>,
    Query(query): Query<LinkQuery>,
) -> Result<(NotKept, Json<DownloadLink>), Problem> {
    let expires_in_s = seconds(query.expires_in_s)?;
    let artifact = known(&reads, tenant, id).await?;
    Ok((not_kept(), Json(made(&reads, tenant, artifact, expires_in_s).await?)))
}

/// Makes links of several artifacts, such as those that a page shows, before the old ones expire.
#[utoipa::path(post, path = "/artifacts/download-urls", tag = "artifacts", request_body = LinksRequest,
    responses((status = 200, description = "The links, and what does not exist", body = Links), Invalid, Refused))]
pub(crate) async fn links(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
    Body(request): Body<LinksRequest>,
) -> Result<(NotKept, Json<Links>), Problem> {
    let expires_in_s = seconds(request.expires_in_s)?;
    if !(1..=MAX_LINKS).contains(&request.artifact_ids.len()) {
        return Err(Problem::field("artifact_ids", format!("must name 1 to {MAX_LINKS} artifacts")));
    }
    let (mut items, mut missing) = (Vec::new(), Vec::new());
    for id in request.artifact_ids {
        match known(&reads, tenant, id).await {
            Ok(artifact) => items.push(made(&reads, tenant, artifact, expires_in_s).await?),
            Err(problem) if problem.status().is_client_error() => missing.push(id),
            Err(problem) => return Err(problem),
        }
    }
    Ok((not_kept(), Json(Links { items, missing })))
}

/// An artifact's bytes under a link, or one range of them. It needs no token.
#[utoipa::path(get, path = PATH, tag = "artifacts",
    params(DownloadQuery,
        ("If-None-Match" = Option<String>, Header, description = "Digests the caller has already"),
        ("Range" = Option<String>, Header, description = "`bytes=FIRST-LAST`, `bytes=FIRST-` or `bytes=-COUNT`"),
        ("If-Range" = Option<String>, Header, description = "The digest without which the whole is wanted")),
    responses((status = 200, description = "The bytes, under the digest as ETag", content_type = "application/octet-stream"),
        (status = 206, description = "The range", content_type = "application/octet-stream"),
        (status = 304, description = "The caller has them already"), NoSuchRange, NotFound, Invalid, Refused))]
pub(crate) async fn download(
    State(reads): State<Reads>,
    Query(query): Query<DownloadQuery>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let said = reads.cursors().open::<Said>(SCOPE, &query.link);
    let (tenant, id, until) = said.map_err(|_| over())?;
    if reads.clock().now().timestamp() >= until {
        return Err(over());
    }
    let artifact = match known(&reads, Tenant::verified(tenant), id).await {
        Err(problem) if problem.status().is_client_error() => return Err(over()),
        found => found?,
    };
    let mut response = answer(&reads, &artifact, &method, &headers).await?;
    let [(name, value)] = not_kept();
    response.headers_mut().insert(name, value);
    Ok(response)
}

/// What is not to be kept by anybody on the way.
type NotKept = [(HeaderName, HeaderValue); 1];

fn not_kept() -> NotKept {
    [(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"))]
}

fn seconds(asked: Option<u32>) -> Result<u32, Problem> {
    let seconds = asked.unwrap_or(USUAL_S);
    if BOUNDS_S.contains(&seconds) {
        return Ok(seconds);
    }
    let (first, last) = BOUNDS_S.into_inner();
    Err(Problem::field("expires_in_s", format!("must be from {first} to {last}")))
}

fn over() -> Problem {
    let detail = "the link has expired, or never was one; ask for a new one with a token";
    Problem::new(Class::NotFound, "LINK_EXPIRED", detail)
}

async fn made(
    reads: &Reads,
    tenant: Tenant,
    artifact: Artifact,
    expires_in_s: u32,
) -> Result<DownloadLink, Problem> {
    let now = reads.clock().now();
    let expires_at = DateTime::from_timestamp(now.timestamp() + i64::from(expires_in_s), 0).unwrap_or(now);
    let filename = file_name(&artifact.name, &artifact.media_type);
    let given = Given { media_type: &artifact.media_type, disposition: &disposition(&filename) };
    let lasting = Duration::from_secs(expires_in_s.into());
    let of_store = reads.store().signed_url(&artifact.digest, given, lasting).await?;
    let download_url = of_store.unwrap_or_else(|| own(reads, tenant, artifact.artifact_id, expires_at));
    Ok(DownloadLink {
        artifact_id: artifact.artifact_id,
        download_url,
        method: Method::GET.to_string(),
        filename,
        media_type: artifact.media_type,
        size_bytes: artifact.size_bytes,
        sha256: artifact.digest,
        expires_at,
    })
}

fn own(reads: &Reads, tenant: Tenant, id: ArtifactId, expires_at: DateTime<Utc>) -> String {
    let said: Said = (tenant.id(), id, expires_at.timestamp());
    format!("/api{PATH}?link={}", reads.cursors().seal(SCOPE, &said))
}
