//! Artifacts: what runs leave behind, and what people send in.

use std::ops::Range;

use artifacts::{StoreError, attachments};
use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures::{Stream, TryStreamExt as _};
use kernel::Class;
use wire::artifacts::{Artifact, ArtifactId};
use wire::datasets::media_type;

use super::upload::shown;
use crate::Problem;
use crate::extract::Id;
use crate::range::{self, Asked};
use crate::routes::{Invalid, NoSuchRange, NotFound, Refused};
use crate::state::{Caller, Reads};

/// An object of at most so many bytes is compared with its digest before the first one is sent.
const CHECKED_FIRST: u64 = 1024 * 1024;

/// What is known of an artifact, of a run or sent in.
#[utoipa::path(get, path = "/artifacts/{artifact_id}", tag = "artifacts",
    params(("artifact_id" = uuid::Uuid, Path, description = "The artifact")),
    responses((status = 200, description = "The artifact", body = Artifact), NotFound, Invalid, Refused))]
pub(crate) async fn find(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
    Id(id): Id<ArtifactId>,
) -> Result<Json<Artifact>, Problem> {
    Ok(Json(known(&reads, tenant, id).await?))
}

/// An artifact's bytes, or one range of them (more than one in a request are answered with the whole). The bytes are
/// compared with their digest: those of a small artifact before the first one is sent, as are those of an artifact of
/// which a range is asked for; the answer of a large one breaks off before its last bytes if they are not what was
/// stored. `HEAD` answers the same headers.
#[utoipa::path(get, path = "/artifacts/{artifact_id}/content", tag = "artifacts",
    params(("artifact_id" = uuid::Uuid, Path, description = "The artifact"),
        ("If-None-Match" = Option<String>, Header, description = "Digests the caller has already"),
        ("Range" = Option<String>, Header, description = "`bytes=FIRST-LAST`, `bytes=FIRST-` or `bytes=-COUNT`"),
        ("If-Range" = Option<String>, Header, description = "The digest without which the whole is wanted")),
    responses((status = 200, description = "The bytes, under the digest as ETag", content_type = "application/octet-stream"),
        (status = 206, description = "The range", content_type = "application/octet-stream"),
        (status = 304, description = "The caller has them already"), NoSuchRange, NotFound, Invalid, Refused))]
pub(crate) async fn content(
    State(reads): State<Reads>,
    Caller(tenant): Caller,
    Id(id): Id<ArtifactId>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let artifact = known(&reads, tenant, id).await?;
    answer(&reads, &artifact, &method, &headers).await
}

/// What is answered to whoever asks for an artifact's bytes.
pub(super) async fn answer(
    reads: &Reads,
    artifact: &Artifact,
    method: &Method,
    headers: &HeaderMap,
) -> Result<Response, Problem> {
    let tag = format!("\"{}\"", artifact.digest);
    if range::is_known(headers, &tag) {
        return Ok(described(StatusCode::NOT_MODIFIED.into_response(), artifact, &tag));
    }
    check_size(reads, artifact).await?;
    if *method == Method::HEAD {
        let head = sized(Body::empty(), artifact.size_bytes);
        return Ok(described(head, artifact, &tag));
    }
    let response = match range::asked(headers, &tag, artifact.size_bytes) {
        Asked::Whole => sized(whole(reads, artifact).await?, artifact.size_bytes),
        Asked::Part(part) => partial(reads, artifact, part).await?,
        Asked::Nothing => return Ok(unsatisfiable(artifact.size_bytes)),
    };
    Ok(described(response, artifact, &tag))
}

/// An artifact of a run, or one that was sent in.
pub(super) async fn known(
    reads: &Reads,
    tenant: kernel::Tenant,
    id: ArtifactId,
) -> Result<Artifact, Problem> {
    if let Some(artifact) = runs::artifact(reads.db(), tenant, id).await.map_err(Problem::internal)? {
        return Ok(artifact.into());
    }
    let sent_in = attachments::find(reads.db(), tenant, id.0).await?;
    sent_in.map(shown).ok_or_else(|| {
        Problem::new(Class::NotFound, "ARTIFACT_NOT_FOUND", format!("artifact {id} does not exist"))
    })
}

/// A size other than the recorded one must be found out before it is promised. Of a small object the bytes tell.
async fn check_size(reads: &Reads, artifact: &Artifact) -> Result<(), Problem> {
    let Artifact { digest, size_bytes, .. } = artifact;
    if *size_bytes <= CHECKED_FIRST {
        return Ok(());
    }
    match reads.store().size(digest).await? {
        Some(found) if found == *size_bytes => Ok(()),
        Some(found) => {
            let what = format!("the object {digest} has {found} bytes instead of {size_bytes}");
            Err(Problem::internal(std::io::Error::other(what)))
        }
        None => Err(StoreError::Missing { digest: *digest }.into()),
    }
}

async fn whole(reads: &Reads, artifact: &Artifact) -> Result<Body, Problem> {
    if artifact.size_bytes <= CHECKED_FIRST {
        return Ok(reads.store().get(&artifact.digest).await?.into());
    }
    let (_, bytes) = reads.store().get_stream(&artifact.digest).await?;
    Ok(streamed(bytes))
}

async fn partial(reads: &Reads, artifact: &Artifact, part: Range<u64>) -> Result<Response, Problem> {
    // A part cannot be compared with the digest of the whole.
    reads.store().vouch(&artifact.digest).await?;
    let bytes = reads.store().get_range_stream(&artifact.digest, part.clone()).await?;
    let mut response = sized(streamed(bytes), part.end - part.start);
    *response.status_mut() = StatusCode::PARTIAL_CONTENT;
    let range = format!("bytes {}-{}/{}", part.start, part.end - 1, artifact.size_bytes);
    set(&mut response, header::CONTENT_RANGE, &range);
    Ok(response)
}

/// An error ends the body before as many bytes as were promised have come, which whoever reads it notices.
fn streamed(bytes: impl Stream<Item = Result<Bytes, StoreError>> + Send + 'static) -> Body {
    Body::from_stream(bytes.inspect_err(|error| tracing::error!(%error, "an artifact's content breaks off")))
}

fn sized(body: Body, size_bytes: u64) -> Response {
    let mut response = Response::new(body);
    response.headers_mut().insert(header::CONTENT_LENGTH, size_bytes.into());
    response
}

fn unsatisfiable(size_bytes: u64) -> Response {
    let mut response = Problem::range_not_satisfiable(size_bytes).into_response();
    set(&mut response, header::CONTENT_RANGE, &format!("bytes */{size_bytes}"));
    response
}

/// The bytes under this address never change. They are never a page of this origin, whatever they say they are.
fn described(mut response: Response, artifact: &Artifact, tag: &str) -> Response {
    let is_type = HeaderValue::from_str(&artifact.media_type).is_ok() && !artifact.media_type.is_empty();
    let media_type = if is_type { &artifact.media_type } else { "application/octet-stream" };
    set(&mut response, header::CONTENT_TYPE, media_type);
    set(&mut response, header::ETAG, tag);
    set(&mut response, header::ACCEPT_RANGES, "bytes");
    set(&mut response, header::CONTENT_DISPOSITION, &disposition(&file_name(&artifact.name, media_type)));
    set(&mut response, header::CACHE_CONTROL, "private, max-age=31536000, immutable");
    response
}

/// What the file is called where it is saved: programs there know by the extension what it holds. The media type says
/// which, unless the name does already.
pub(super) fn file_name(name: &str, media_type: &str) -> String {
    let essence = media_type.split(';').next().unwrap_or_default().trim_end();
    let found = EXTENSIONS.iter().find(|(known, _)| *known == essence);
    match found {
        Some((_, extension)) if !name.to_ascii_lowercase().ends_with(extension) => {
            format!("{name}{extension}")
        }
        _ => name.to_owned(),
    }
}

/// The extensions of what runs leave behind.
const EXTENSIONS: [(&str, &str); 6] = [
    ("application/json", ".json"),
    ("application/x-ndjson", ".ndjson"),
    (media_type::CSV, ".csv"),
    (media_type::PARQUET, ".parquet"),
    (media_type::ARROW_FILE, ".arrow"),
    ("text/plain", ".txt"),
];

/// The name as far as ASCII goes, and whole (RFC 6266, RFC 8187).
pub(super) fn disposition(name: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    let plain: String = name.chars().map(|c| if is_plain(c) { c } else { '_' }).collect();
    let mut value = format!("attachment; filename=\"{plain}\"");
    if plain != name {
        let escaped = name.bytes().map(|byte| match char::from(byte) {
            c if is_plain(c) => c.to_string(),
            _ => format!("%{byte:02X}"),
        });
        value += "; filename*=UTF-8''";
        value.extend(escaped);
    }
    value
}

fn set(response: &mut Response, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_saved_under_the_extension_of_what_it_holds() {
        for (name, media_type, expected) in [
            ("forecasts", "application/vnd.apache.parquet", "forecasts.parquet"),
            ("metrics", "application/json", "metrics.json"),
            ("metrics.json", "application/json; charset=utf-8", "metrics.json"),
            ("v1.2", "application/x-ndjson", "v1.2.ndjson"),
            ("blob", "application/octet-stream", "blob"),
        ] {
            assert_eq!(file_name(name, media_type), expected);
        }
    }

    #[test]
    fn a_name_cannot_leave_its_header() {
        assert_eq!(disposition("metrics.json"), "attachment; filename=\"metrics.json\"");
        let value = disposition("a\"; b=\r\nx: ü/../");
        assert_eq!(
            value,
            "attachment; filename=\"a___b___x____.._\"; filename*=UTF-8''a%22%3B%20b%3D%0D%0Ax%3A%20%C3%BC%2F..%2F"
        );
        assert!(HeaderValue::from_str(&value).is_ok());
    }
}
