//! Reading requests. What cannot be read is refused with the field's name.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use kernel::Class;
use serde::de::DeserializeOwned;

use crate::Problem;

/// A JSON body. Unlike axum's own it names the field that does not fit.
#[derive(Debug)]
pub(crate) struct Json<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        if !has_type(request.headers(), "application/json") {
            return Err(Problem::unsupported_media_type("application/json"));
        }
        parse(&whole(request, state).await?).map(Self)
    }
}

/// The query of the address.
#[derive(Debug)]
pub(crate) struct Query<T>(pub(crate) T);

impl<S: Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        let query = parts.uri.query().unwrap_or_default();
        let pairs = serde_urlencoded::from_str::<Vec<(String, String)>>(query)
            .map_err(|error| Problem::new(Class::Malformed, "MALFORMED_QUERY", error.to_string()))?;
        // An empty value is what an empty form field sends: the same as none.
        let pairs: Vec<_> = pairs.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        let pairs = serde_urlencoded::to_string(pairs).expect("pairs of text are a query");
        let deserializer = serde_urlencoded::Deserializer::new(form_urlencoded::parse(pairs.as_bytes()));
        serde_path_to_error::deserialize(deserializer)
            .map(Self)
            .map_err(|error| unfit("query", &error.path().to_string(), &error.inner().to_string()))
    }
}

/// One id in the path.
#[derive(Debug)]
pub(crate) struct Id<T>(pub(crate) T);

impl<S, T> FromRequestParts<S> for Id<T>
where
    S: Send + Sync,
    T: std::str::FromStr<Err: std::fmt::Display>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Path(params) = Path::<Vec<(String, String)>>::from_request_parts(parts, state)
            .await
            .map_err(|error| Problem::new(Class::Malformed, "MALFORMED_PATH", error.to_string()))?;
        let [(name, text)] = params.as_slice() else {
            return Err(Problem::panicked(format!(
                "a route with {} parameters is read as one id",
                params.len()
            )));
        };
        text.parse().map(Self).map_err(|error: T::Err| Problem::field(name, error.to_string()))
    }
}

/// The body as it came, of a named type.
pub(crate) async fn body_of<S: Send + Sync>(
    request: Request,
    state: &S,
    media_type: &'static str,
) -> Result<Bytes, Problem> {
    Ok(body_of_any(request, state, &[media_type]).await?.1)
}

/// The body as it came, of one of the named types, and which one.
pub(crate) async fn body_of_any<S: Send + Sync>(
    request: Request,
    state: &S,
    media_types: &[&'static str],
) -> Result<(&'static str, Bytes), Problem> {
    let given = media_types.iter().find(|media_type| has_type(request.headers(), media_type));
    let media_type = *given.ok_or_else(|| Problem::unsupported_media_type(&media_types.join(" or ")))?;
    Ok((media_type, whole(request, state).await?))
}

/// The rest of a body whose shared fields were taken out.
pub(crate) fn fields<T: DeserializeOwned>(
    fields: serde_json::Map<String, serde_json::Value>,
) -> Result<T, Problem> {
    serde_path_to_error::deserialize(serde_json::Value::Object(fields))
        .map_err(|error| unfit("body", &error.path().to_string(), &error.inner().to_string()))
}

fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    // A list would be read as the fields of an object in their order.
    if body.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'[') {
        return Err(Problem::field("body", "must be a JSON object"));
    }
    let mut deserializer = serde_json::Deserializer::from_slice(body);
    let value = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let path = error.path().to_string();
        let error = error.into_inner();
        if error.is_data() {
            // The field says where; line and column of a body that no human typed do not.
            let text = error.to_string();
            return unfit("body", &path, text.rsplit_once(" at line ").map_or(&text, |(message, _)| message));
        }
        Problem::new(Class::Malformed, "MALFORMED_JSON", format!("the body is not JSON: {error}"))
    })?;
    deserializer.end().map_err(|error| {
        Problem::new(Class::Malformed, "MALFORMED_JSON", format!("the body is not JSON: {error}"))
    })?;
    Ok(value)
}

/// A value that does not fit, by its path; one that is missing, by the path it should have.
fn unfit(whole: &str, path: &str, message: &str) -> Problem {
    let missing = message.strip_prefix("missing field `").and_then(|rest| rest.strip_suffix('`'));
    match (path, missing) {
        (".", None) => Problem::field(whole, message),
        (".", Some(name)) => Problem::field(name, "is missing"),
        (path, None) => Problem::field(path, message),
        (path, Some(name)) => Problem::field(format!("{path}.{name}"), "is missing"),
    }
}

async fn whole<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, Problem> {
    Bytes::from_request(request, state).await.map_err(|rejection: BytesRejection| {
        if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
            let detail = "the body is larger than this route takes";
            return Problem::new(Class::TooLarge, "BODY_TOO_LARGE", detail);
        }
        Problem::new(Class::Malformed, "BODY_BROKEN", "the body could not be read to its end")
    })
}

fn has_type(headers: &HeaderMap, expected: &str) -> bool {
    let given = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    given.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case(expected)
}
