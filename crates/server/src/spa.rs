//! The pages, embedded into the program, each file in the encodings that the frontend's build has laid beside it.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, header};
use axum::response::IntoResponse;
use rust_embed::{EmbeddedFile, RustEmbed};

#[derive(RustEmbed)]
#[folder = "../../frontend/dist"]
struct Pages;

/// Names of encodings and how their files end, the smallest first.
const ENCODINGS: [(&str, &str); 2] = [("br", ".br"), ("gzip", ".gz")];

/// The pages load nothing from elsewhere and stand in no frame. Inline styles are what the charts set.
const POLICY: &str = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; \
                      object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Serves a file of the pages; every other path is a route of the pages themselves, so it gets their entry.
pub(crate) async fn serve(request: Request<Body>) -> Response<Body> {
    answer::<Pages>(&request)
}

fn answer<Files: RustEmbed>(request: &Request<Body>) -> Response<Body> {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET, HEAD")]).into_response();
    }
    let path = request.uri().path().trim_start_matches('/');
    let is_asset = path.starts_with("assets/");
    let page = find::<Files>(path, request.headers());
    let page = page.or_else(|| (!is_asset).then(|| find::<Files>("index.html", request.headers()))?);
    match page {
        Some(page) => respond(page, request.headers()),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// A file in one encoding.
struct Page<'a> {
    path: &'a str,
    encoding: Option<&'static str>,
    file: EmbeddedFile,
}

/// The file in the smallest encoding that the caller takes.
fn find<'a, Files: RustEmbed>(path: &'a str, headers: &HeaderMap) -> Option<Page<'a>> {
    let smaller = ENCODINGS.into_iter().filter(|(name, _)| takes(headers, name)).find_map(|(name, end)| {
        Some(Page { path, encoding: Some(name), file: Files::get(&format!("{path}{end}"))? })
    });
    smaller.or_else(|| Some(Page { path, encoding: None, file: Files::get(path)? }))
}

/// Whether the caller names this encoding and does not refuse it with a weight of nothing.
fn takes(headers: &HeaderMap, encoding: &str) -> bool {
    let lists = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|list| list.to_str().ok());
    lists.flat_map(|list| list.split(',')).any(|given| {
        let (name, weight) = given.split_once(';').unwrap_or((given, "q=1"));
        let weight = weight.trim().strip_prefix("q=").and_then(|weight| weight.parse::<f32>().ok());
        name.trim().eq_ignore_ascii_case(encoding) && weight.is_some_and(|weight| weight > 0.0)
    })
}

fn respond(page: Page<'_>, asked: &HeaderMap) -> Response<Body> {
    // Each encoding is a file with a digest of its own, so no two share a tag.
    let etag = format!("\"{}\"", kernel::Digest::from_bytes(page.file.metadata.sha256_hash()));
    // The build puts a digest into the names under assets/, so those never change; the entry always may.
    let caching =
        if page.path.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
    let known = asked.get(header::IF_NONE_MATCH).is_some_and(|known| known == etag.as_str());
    let mut response = if known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        Body::from(page.file.data.into_owned()).into_response()
    };
    let headers = response.headers_mut();
    let media_type = mime_guess::from_path(page.path).first_or_octet_stream();
    let encoding = page.encoding.map(|encoding| (header::CONTENT_ENCODING, encoding));
    let all = [
        (header::CONTENT_TYPE, media_type.as_ref()),
        (header::VARY, "accept-encoding"),
        (header::CACHE_CONTROL, caching),
        (header::ETAG, etag.as_str()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::REFERRER_POLICY, "same-origin"),
    ];
    for (name, value) in all.into_iter().chain(encoding) {
        headers.insert(name, HeaderValue::from_str(value).expect("media types and digests are plain ASCII"));
    }
    response
}

#[cfg(test)]
mod tests {
    use axum::body::to_bytes;

    use super::*;

    /// `index.html` and `assets/script.js` in all encodings, `assets/font.woff2` as it is. Each says which it is.
    #[derive(RustEmbed)]
    #[folder = "tests/pages"]
    struct Three;

    fn ask(path: &str, headers: &[(header::HeaderName, &str)]) -> Response<Body> {
        let request =
            headers.iter().fold(Request::get(path), |request, (name, value)| request.header(name, *value));
        answer::<Three>(&request.body(Body::empty()).unwrap())
    }

    fn header(response: &Response<Body>, name: header::HeaderName) -> Option<&str> {
        response.headers().get(name).map(|value| value.to_str().unwrap())
    }

    #[tokio::test]
    async fn a_page_comes_in_the_smallest_encoding_that_is_taken() {
        for (path, taken, encoding, body) in [
            ("/assets/script.js", "gzip, deflate, br, zstd", Some("br"), "script in brotli"),
            ("/assets/script.js", "GZIP;q=0.5", Some("gzip"), "script in gzip"),
            ("/assets/script.js", "br;q=0, gzip; q=1.0", Some("gzip"), "script in gzip"),
            ("/assets/script.js", "br;q=0.000,gzip;q=0", None, "script"),
            ("/assets/script.js", "brotli", None, "script"),
            ("/assets/script.js", "", None, "script"),
            ("/assets/font.woff2", "br, gzip", None, "font"),
            ("/runs/any", "br", Some("br"), "entry in brotli"),
            ("/", "gzip", Some("gzip"), "entry in gzip"),
        ] {
            let response = ask(path, &[(header::ACCEPT_ENCODING, taken)]);
            assert_eq!(header(&response, header::CONTENT_ENCODING), encoding, "{path} {taken}");
            assert_eq!(header(&response, header::VARY), Some("accept-encoding"), "{path} {taken}");
            let bytes = to_bytes(response.into_body(), 100).await.unwrap();
            assert_eq!(String::from_utf8_lossy(&bytes).trim_end(), body, "{path} {taken}");
        }
    }

    #[test]
    fn the_media_type_is_that_of_what_is_inside() {
        for (path, expected) in [("/assets/script.js", "text/javascript"), ("/compare", "text/html")] {
            let response = ask(path, &[(header::ACCEPT_ENCODING, "br")]);
            assert_eq!(header(&response, header::CONTENT_TYPE), Some(expected), "{path}");
        }
    }

    #[test]
    fn a_tag_is_known_in_its_own_encoding_only() {
        let taken = ["br", "gzip", "identity"];
        let tags = taken.map(|taken| {
            let response = ask("/assets/script.js", &[(header::ACCEPT_ENCODING, taken)]);
            header(&response, header::ETAG).unwrap().to_owned()
        });
        for (i, taken) in taken.iter().enumerate() {
            for (j, tag) in tags.iter().enumerate() {
                let given = [(header::ACCEPT_ENCODING, *taken), (header::IF_NONE_MATCH, tag.as_str())];
                let status = ask("/assets/script.js", &given).status();
                assert_eq!(status == StatusCode::NOT_MODIFIED, i == j, "{taken} with tag {j}");
            }
        }
    }
}
