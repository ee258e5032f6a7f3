//! Artifacts that people send in: kept as objects of their tenant, shown beside what runs made.

use artifacts::attachments::{self, Attach};
use artifacts::objects::{self, Object, ObjectError, Position, Purpose};
use axum::Json;
use axum::extract::{OriginalUri, Request, State};
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use kernel::Digest;
use utoipa::ToSchema;
use wire::artifacts::{Artifact, ArtifactId, ArtifactPage, UploadQuery};
use wire::page::PageQuery;

use crate::extract::{Query, body_of_any};
use crate::routes::{Invalid, Refused};
use crate::state::{Acts, Caller, Reads};
use crate::{Problem, page};

/// No file is larger.
pub(crate) const BODY_LIMIT: usize = 64 * 1024 * 1024;

/// What may be sent in: it is given out as a file to save and never as a page of this origin. What is of another type is
/// sent as bytes of none.
const MEDIA_TYPES: [&str; 18] = [
    "application/octet-stream",
    "application/json",
    "application/x-ndjson",
    "application/pdf",
    "application/zip",
    "application/gzip",
    "application/vnd.apache.parquet",
    "application/vnd.apache.arrow.file",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "audio/mpeg",
    "image/gif",
    "image/jpeg",
    "image/png",
    "image/webp",
    "text/csv",
    "text/markdown",
    "text/plain",
    "video/mp4",
];

/// The file.
#[derive(ToSchema)]
#[schema(as = artifacts::File, value_type = String, format = Binary)]
#[expect(dead_code, reason = "describes bytes")]
pub(crate) struct File(Vec<u8>);

/// Keeps a file as an artifact that no run made.
///
/// The answer says under which id and digest; frames name it as `object_id`. The same bytes are kept once, under the name
/// they had first, so that sending them again is harmless. A tenant's files have room for as much as the server grants.
#[utoipa::path(post, path = "/artifacts", tag = "artifacts", params(UploadQuery),
    request_body(description = "The file", content(
        (File = "application/octet-stream"),
        (File = "application/json"),
        (File = "application/x-ndjson"),
        (File = "application/pdf"),
        (File = "application/zip"),
        (File = "application/gzip"),
        (File = "application/vnd.apache.parquet"),
        (File = "application/vnd.apache.arrow.file"),
        (File = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (File = "audio/mpeg"),
        (File = "image/gif"),
        (File = "image/jpeg"),
        (File = "image/png"),
        (File = "image/webp"),
        (String = "text/csv"),
        (String = "text/markdown"),
        (String = "text/plain"),
        (File = "video/mp4"))),
    responses((status = 201, description = "Kept", body = Artifact), Invalid, Refused))]
pub(crate) async fn keep(
    State(acts): State<Acts>,
    Caller(tenant): Caller,
    Query(UploadQuery { name }): Query<UploadQuery>,
    request: Request,
) -> Result<(StatusCode, [(HeaderName, String); 1], Json<Artifact>), Problem> {
    objects::check("name", &name)?;
    let media_type = media_type(request.headers());
    let bytes = body_of_any(request, &MEDIA_TYPES).await?;
    let quota_bytes = acts.quotas.attachment_bytes;
    // Before anything is written; whoever sends two at once is held to it by the transaction.
    let used_bytes = attachments::bytes(acts.reads.db(), tenant).await?;
    let size_bytes = bytes.len() as u64;
    if used_bytes.saturating_add(size_bytes) > quota_bytes && !is_kept(&acts, tenant, &bytes).await? {
        return Err(ObjectError::NoRoom { used_bytes, quota_bytes, size_bytes }.into());
    }
    let stored = acts.store.put(bytes).await?;
    let attach = Attach { stored, media_type: &media_type, name: &name, quota_bytes };
    let clock = &**acts.reads.clock();
    let kept = acts
        .write
        .write("keep an attachment", async |tx| attachments::attach_in(tx, clock, tenant, attach).await);
    let artifact = shown(kept.await?);
    let location = format!("/api/artifacts/{}", artifact.artifact_id);
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], Json(artifact)))
}

/// What was sent in, newest first.
#[utoipa::path(get, path = "/artifacts", tag = "artifacts", params(PageQuery),
    responses((status = 200, description = "A page of artifacts", body = ArtifactPage), Invalid, Refused))]
pub(crate) async fn list(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
    OriginalUri(uri): OriginalUri,
    Query(query): Query<PageQuery>,
) -> Result<(HeaderMap, Json<ArtifactPage>), Problem> {
    let limit = page::limit(query.limit, 50, 1..=200)?;
    let scope = format!("attachments:{}", tenant.id());
    let before = query.cursor.map(|cursor| reads.cursors().open::<At>(&scope, &cursor)).transpose()?;
    let before = before.map(|(created_at, digest)| Position { created_at, digest });
    let mut kept = objects::list(reads.db(), tenant, Purpose::Attachment, before, limit as u64 + 1).await?;
    let last = page::cut(&mut kept, limit).map(|last| (last.created_at, last.digest));
    let (headers, next_cursor) = page::next(reads.cursors(), &scope, &uri, last.as_ref());
    Ok((headers, Json(ArtifactPage { items: kept.into_iter().map(shown).collect(), next_cursor })))
}

/// Where a page ends.
type At = (chrono::DateTime<chrono::Utc>, Digest);

/// An attachment as an artifact.
pub(super) fn shown(object: Object) -> Artifact {
    Artifact {
        artifact_id: ArtifactId(attachments::id_of(&object.digest)),
        run_id: None,
        name: object.name,
        media_type: object.media_type,
        size_bytes: object.size_bytes,
        digest: object.digest,
        created_at: object.created_at,
    }
}

async fn is_kept(acts: &Acts, tenant: kernel::Tenant, bytes: &bytes::Bytes) -> Result<bool, Problem> {
    let bytes = bytes.clone();
    let digest = kernel::off_the_runtime(move || Digest::of(&bytes)).await;
    Ok(objects::find(acts.reads.db(), tenant, &digest, Purpose::Attachment).await?.is_some())
}

/// The type without its parameters, in small letters.
fn media_type(headers: &HeaderMap) -> String {
    let given = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    given.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}
