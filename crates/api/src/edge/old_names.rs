//! Routes under the names that they had in the earlier system: the same routes, with the date since when the old name is
//! deprecated (RFC 9745) and the address that succeeds it.

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderValue, Uri, header};
use axum::response::Response;
use tower::ServiceExt as _;

/// Old names of the lab and what they are called now.
const NAMES: [(&str, &str); 4] = [
    ("synthetic-entries", "attachments"),
    ("synthetic-calcutta-candidates", "attachments"),
    ("entry-runs", "strategies"),
    ("simulation-batches", "batches"),
];

/// Since when, as a date of structured headers: 2026-11-30.
const SINCE: HeaderValue = HeaderValue::from_static("@1795996800");

/// Answers by the routes themselves, under whichever name they are asked for.
pub(crate) async fn under_old_names(api: Router, mut request: Request) -> Response {
    let successor = successor(request.uri());
    if let Some(uri) = &successor {
        *request.uri_mut() = uri.clone();
    }
    let mut response = match api.oneshot(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    };
    if let Some(uri) = successor
        && let Ok(link) = HeaderValue::try_from(format!("</api{}>; rel=\"successor-version\"", uri.path()))
    {
        response.headers_mut().insert("deprecation", SINCE);
        response.headers_mut().append(header::LINK, link);
    }
    response
}

/// The address of today, with its query; none where the name is not an old one.
fn successor(uri: &Uri) -> Option<Uri> {
    let rest = uri.path().strip_prefix("/lab/")?;
    let (name, below) = rest.split_once('/').map_or((rest, None), |(name, below)| (name, Some(below)));
    let (_, today) = NAMES.iter().find(|(old, _)| *old == name)?;
    let below = below.map_or_else(String::new, |below| format!("/{below}"));
    let query = uri.query().map_or_else(String::new, |query| format!("?{query}"));
    format!("/lab/{today}{below}{query}").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_old_names_are_succeeded() {
        let check = |old: &str, expected: Option<&str>| {
            let found = successor(&old.parse().unwrap()).map(|uri| uri.to_string());
            assert_eq!(found.as_deref(), expected, "{old}");
        };
        check("/lab/synthetic-entries", Some("/lab/attachments"));
        check("/lab/entry-runs/17?x=1", Some("/lab/strategies/17?x=1"));
        check("/lab/entry-runs-of-mine", None);
        check("/lab/attachments", None);
        check("/runs/entry-runs", None);
    }
}
