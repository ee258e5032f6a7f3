//! Artifacts: what runs leave behind.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use kernel::{Class, Digest, RunId};
use runs::ArtifactId;
use serde::Serialize;
use utoipa::ToSchema;

use crate::Problem;
use crate::extract::Id;
use crate::routes::{Invalid, NotFound, Refused};
use crate::state::{Caller, Reads};
use crate::wire;

/// An artifact without its bytes.
#[derive(Serialize, ToSchema)]
#[schema(as = artifacts::Artifact)]
#[expect(clippy::struct_field_names, reason = "the names of the wire")]
pub(crate) struct Artifact {
    #[schema(value_type = uuid::Uuid)]
    artifact_id: ArtifactId,
    #[schema(value_type = uuid::Uuid)]
    run_id: RunId,
    /// Its name within the run; `metrics` is the one every succeeded run has.
    name: String,
    media_type: String,
    size_bytes: u64,
    /// SHA-256, 64 hex digits.
    #[schema(value_type = String)]
    digest: Digest,
    #[serde(serialize_with = "wire::time")]
    created_at: DateTime<Utc>,
}

impl From<runs::Artifact> for Artifact {
    fn from(artifact: runs::Artifact) -> Self {
        Self {
            artifact_id: artifact.id,
            run_id: artifact.run_id,
            name: artifact.name,
            media_type: artifact.media_type,
            size_bytes: artifact.size_bytes,
            digest: artifact.digest,
            created_at: artifact.created_at,
        }
    }
}

/// What is known of an artifact.
#[utoipa::path(get, path = "/artifacts/{artifact_id}", tag = "artifacts",
    params(("artifact_id" = uuid::Uuid, Path, description = "The artifact")),
    responses((status = 200, description = "The artifact", body = Artifact), NotFound, Invalid, Refused))]
pub(crate) async fn find(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
    Id(id): Id<ArtifactId>,
) -> Result<Json<Artifact>, Problem> {
    Ok(Json(known(&reads, tenant, id).await?.into()))
}

/// An artifact's bytes, compared with their digest before the first one is sent.
#[utoipa::path(get, path = "/artifacts/{artifact_id}/content", tag = "artifacts",
    params(("artifact_id" = uuid::Uuid, Path, description = "The artifact"),
        ("If-None-Match" = Option<String>, Header, description = "Digests the caller has already")),
    responses((status = 200, description = "The bytes, under the digest as ETag", content_type = "application/octet-stream"),
        (status = 304, description = "The caller has them already"), NotFound, Invalid, Refused))]
pub(crate) async fn content(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
    Id(id): Id<ArtifactId>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let artifact = known(&reads, tenant, id).await?;
    let tag = format!("\"{}\"", artifact.digest);
    let known_tags = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|tags| tags.to_str().ok());
    let is_known = known_tags.flat_map(|tags| tags.split(',')).any(|given| {
        let given = given.trim();
        given == "*" || given.trim_start_matches("W/") == tag
    });
    let mut response = if is_known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        reads.bytes(&artifact.digest).await?.into_response()
    };
    describe(response.headers_mut(), &artifact, &tag);
    Ok(response)
}

async fn known(reads: &Reads, tenant: kernel::Tenant, id: ArtifactId) -> Result<runs::Artifact, Problem> {
    let artifact = runs::artifact(reads.db(), tenant, id).await.map_err(Problem::internal)?;
    artifact.ok_or_else(|| {
        Problem::new(Class::NotFound, "ARTIFACT_NOT_FOUND", format!("artifact {id} does not exist"))
    })
}

/// The bytes under this address never change. They are never a page of this origin, whatever they say they are.
fn describe(headers: &mut HeaderMap, artifact: &runs::Artifact, tag: &str) {
    let name: String = artifact
        .name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '_' })
        .collect();
    let value = |text: &str| HeaderValue::from_str(text).ok();
    let pairs = [
        (header::CONTENT_TYPE, value(&artifact.media_type)),
        (header::ETAG, value(tag)),
        (header::CONTENT_DISPOSITION, value(&format!("attachment; filename=\"{name}\""))),
        (header::CACHE_CONTROL, value("private, max-age=31536000, immutable")),
    ];
    for (name, value) in pairs {
        if let Some(value) = value {
            headers.insert(name, value);
        }
    }
}
