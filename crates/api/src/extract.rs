//! Reading requests. What cannot be read is refused with the field's name.

mod body;
mod json;

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, MatchedPath, Path, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use kernel::Class;
use serde::de::DeserializeOwned;

pub(crate) use self::body::{BodyLimit, Room, whole as whole_body};
pub(crate) use self::json::{check as check_json, read as read_json};
use crate::Problem;
use crate::contract::contract;

/// What is said of a text that PostgreSQL cannot keep.
pub(crate) const NUL: &str = "must not contain the character NUL";

/// A JSON body. Unlike axum's own it names the field that does not fit.
#[derive(Debug)]
pub(crate) struct Json<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _state: &S) -> Result<Self, Problem> {
        json::read(&json_body(request).await?).map(Self)
    }
}

/// A JSON body as it came, checked against what the document says of its route.
pub(crate) async fn json_body(request: Request) -> Result<Bytes, Problem> {
    let operation = request
        .extensions()
        .get::<MatchedPath>()
        .and_then(|path| contract().operation(request.method(), path.as_str()));
    let schema = operation.and_then(|operation| operation.body.as_ref());
    let body = body_of_any(request, &["application/json"]).await?;
    json::check(&body, schema)?;
    Ok(body)
}

/// The query of the address. That each name is known and stands once is checked before, for every route.
#[derive(Debug)]
pub(crate) struct Query<T>(pub(crate) T);

impl<S: Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        let query = parts.uri.query().unwrap_or_default();
        let pairs = form_urlencoded::parse(query.as_bytes());
        // An empty value is what an empty form field sends: the same as none.
        let pairs = pairs.filter(|(_, value)| !value.is_empty());
        let pairs = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        let deserializer = serde_urlencoded::Deserializer::new(form_urlencoded::parse(pairs.as_bytes()));
        serde_path_to_error::deserialize(deserializer)
            .map(Self)
            .map_err(|error| unfit("query", &error.path().to_string(), allowed(&error.inner().to_string())))
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
        match named_in_path(parts, state).await?.as_slice() {
            [(name, text)] => parsed(name, text).map(Self),
            params => Err(unlike(params, "one id")),
        }
    }
}

/// Two ids in the path, in their order.
#[derive(Debug)]
pub(crate) struct Ids<A, B>(pub(crate) A, pub(crate) B);

impl<S, A, B> FromRequestParts<S> for Ids<A, B>
where
    S: Send + Sync,
    A: std::str::FromStr<Err: std::fmt::Display>,
    B: std::str::FromStr<Err: std::fmt::Display>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match named_in_path(parts, state).await?.as_slice() {
            [(name, text), (second_name, second)] => {
                Ok(Self(parsed(name, text)?, parsed(second_name, second)?))
            }
            params => Err(unlike(params, "two ids")),
        }
    }
}

type Named = (String, String);

async fn named_in_path<S: Send + Sync>(parts: &mut Parts, state: &S) -> Result<Vec<Named>, Problem> {
    let Path(params) = Path::<Vec<Named>>::from_request_parts(parts, state)
        .await
        .map_err(|error| Problem::new(Class::Malformed, "MALFORMED_PATH", error.to_string()))?;
    Ok(params)
}

fn unlike(params: &[Named], read_as: &str) -> Problem {
    Problem::panicked(format!("a route with {} parameters is read as {read_as}", params.len()))
}

fn parsed<T: std::str::FromStr<Err: std::fmt::Display>>(name: &str, text: &str) -> Result<T, Problem> {
    if text.contains('\0') {
        return Err(Problem::field(name, NUL));
    }
    text.parse().map_err(|error: T::Err| Problem::field(name, allowed(&error.to_string())))
}

/// The body as it came, of one of the named types.
pub(crate) async fn body_of_any(request: Request, media_types: &[&str]) -> Result<Bytes, Problem> {
    if !media_types.iter().any(|media_type| has_type(request.headers(), media_type)) {
        return Err(Problem::unsupported_media_type(&media_types.join(" or ")));
    }
    body::whole(request).await
}

/// What a value of an address may be, where its type's own parser only says what it stumbled over.
fn allowed(message: &str) -> &str {
    match message {
        "invalid digit found in string" => "must be a whole number, 0 or more",
        "number too large to fit in target type" => "is too large a number",
        "provided string was not `true` or `false`" => "must be `true` or `false`",
        other => other,
    }
}

/// What is said of a name that is given more than once.
fn twice(name: &str) -> String {
    format!("{TWICE}{name}`")
}

const TWICE: &str = "stands twice: `";

/// A value that does not fit, by its path; one that is missing or doubled, by the path it should have.
fn unfit(whole: &str, path: &str, message: &str) -> Problem {
    let named = |prefix: &str| message.strip_prefix(prefix).and_then(|rest| rest.strip_suffix('`'));
    let (name, message) = match (named("missing field `"), named(TWICE)) {
        (Some(name), _) => (Some(name), "is missing"),
        (None, Some(name)) => (Some(name), "stands twice; which of the two counts is not for us to choose"),
        (None, None) => (None, message),
    };
    match (path, name) {
        (".", None) => Problem::field(whole, message),
        (".", Some(name)) => Problem::field(name, message),
        (path, None) => Problem::field(path, message),
        (path, Some(name)) => Problem::field(format!("{path}.{name}"), message),
    }
}

fn has_type(headers: &HeaderMap, expected: &str) -> bool {
    let given = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    given.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case(expected)
}
