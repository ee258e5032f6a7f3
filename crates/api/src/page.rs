//! Keyset pages: a limit within bounds, a signed cursor, and a `Link` to the next page.

use std::ops::RangeInclusive;

use axum::http::{HeaderMap, HeaderValue, Uri, header};
use kernel::CursorKey;
use serde::Serialize;

use crate::Problem;

/// The link to the next page, which begins after `next`, and its cursor.
pub(crate) fn next(
    cursors: &CursorKey,
    scope: &str,
    uri: &Uri,
    next: Option<&impl Serialize>,
) -> (HeaderMap, Option<String>) {
    let next_cursor = next.map(|next| cursors.seal(scope, next));
    (link(uri, next_cursor.as_deref()), next_cursor)
}

/// The number of items asked for, or the default.
pub(crate) fn limit(asked: Option<u32>, default: u32, bounds: RangeInclusive<u32>) -> Result<usize, Problem> {
    let limit = asked.unwrap_or(default);
    if !bounds.contains(&limit) {
        let message = format!("must be from {} to {}, not {limit}", bounds.start(), bounds.end());
        return Err(Problem::field("limit", message));
    }
    Ok(limit as usize)
}

/// The longest part of a name to look for.
const MAX_PART: usize = 200;

/// The part of a name that is looked for (`name_contains`), of a length that a name may have.
pub(crate) fn name_part(part: Option<&str>) -> Result<Option<&str>, Problem> {
    if part.is_some_and(|part| !(1..=MAX_PART).contains(&part.chars().count())) {
        return Err(Problem::field("name_contains", format!("must have 1 to {MAX_PART} characters")));
    }
    Ok(part)
}

/// Cuts a list that was read with one item more than the limit, and returns the item the next page begins after.
pub(crate) fn cut<T>(items: &mut Vec<T>, limit: usize) -> Option<&T> {
    let has_more = items.len() > limit;
    items.truncate(limit);
    items.last().filter(|_| has_more)
}

/// `Link: <…>; rel="next"` (RFC 8288): the same address with another cursor.
pub(crate) fn link(uri: &Uri, next_cursor: Option<&str>) -> HeaderMap {
    let mut headers = HeaderMap::new();
    if let Some(cursor) = next_cursor {
        let kept = uri.query().unwrap_or_default().split('&').filter(|pair| {
            let name = pair.split('=').next().unwrap_or_default();
            !matches!(name, "" | "cursor" | "after")
        });
        let query: Vec<&str> = kept.collect();
        let sign = if query.is_empty() { "" } else { "&" };
        let link = format!("<{}?{}{sign}cursor={cursor}>; rel=\"next\"", uri.path(), query.join("&"));
        // The query came in as a header-safe address and a cursor is URL-safe.
        if let Ok(link) = HeaderValue::from_str(&link) {
            headers.insert(header::LINK, link);
        }
    }
    headers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_page_keeps_the_filters_and_replaces_the_position() {
        for (uri, expected) in [
            ("/api/runs", "</api/runs?cursor=c>; rel=\"next\""),
            (
                "/api/runs?limit=2&cursor=old&kind=a%20b",
                "</api/runs?limit=2&kind=a%20b&cursor=c>; rel=\"next\"",
            ),
        ] {
            let headers = link(&uri.parse().unwrap(), Some("c"));
            assert_eq!(headers[header::LINK], expected);
        }
        assert!(link(&Uri::from_static("/api/runs"), None).is_empty());
    }

    #[test]
    fn a_limit_out_of_bounds_names_them() {
        assert_eq!(limit(None, 500, 1..=1000).unwrap(), 500);
        assert_eq!(limit(Some(1000), 500, 1..=1000).unwrap(), 1000);
        for bad in [0, 1001] {
            let body = limit(Some(bad), 500, 1..=1000).unwrap_err().body("r");
            assert_eq!((body.status, body.errors[0].field.as_str()), (422, "limit"));
            assert!(body.detail.contains("from 1 to 1000"), "{}", body.detail);
        }
    }
}
