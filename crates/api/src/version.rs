//! Versions of what can be changed, as entity tags.

use axum::http::{HeaderMap, HeaderValue, header};

use crate::Problem;

/// The version a caller names in `If-Match`; none for whichever there is.
pub(crate) fn if_match(headers: &HeaderMap) -> Result<Option<u32>, Problem> {
    let Some(tag) = headers.get(header::IF_MATCH) else { return Ok(None) };
    if tag == "*" {
        return Ok(None);
    }
    let version = tag.to_str().ok().and_then(|tag| tag.strip_prefix('"')?.strip_suffix('"')?.parse().ok());
    let wrong = || Problem::field("If-Match", "must be the `ETag` of what is changed, such as \"3\"");
    version.map(Some).ok_or_else(wrong)
}

/// A version as `ETag`.
pub(crate) fn tagged(version: u32) -> HeaderMap {
    let tag = HeaderValue::from_str(&format!("\"{version}\"")).expect("a number is plain ASCII");
    HeaderMap::from_iter([(header::ETAG, tag)])
}
