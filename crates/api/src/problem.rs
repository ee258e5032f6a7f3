//! Refusals as `application/problem+json` (RFC 9457), and the only way from a domain's fault to HTTP.

use std::error::Error;

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use kernel::{Class, Fault, FieldError};

/// A refusal on its way out. The request's id is added at the edge, where it is also logged.
#[derive(Debug, Clone)]
pub struct Problem {
    status: StatusCode,
    slug: &'static str,
    title: &'static str,
    code: &'static str,
    detail: String,
    errors: Vec<FieldError>,
    /// What is only for our log.
    cause: Option<String>,
}

impl<F: Fault> From<F> for Problem {
    fn from(fault: F) -> Self {
        let problem = Self::of_class(fault.class(), fault.code());
        if fault.class() == Class::Internal {
            return Self { cause: Some(kernel::error_chain(&fault)), ..problem };
        }
        let cause = fault.source().map(|_| kernel::error_chain(&fault));
        let detail = sentence(fault.code()).map_or_else(|| fault.to_string(), str::to_owned);
        Self { detail, errors: fault.fields(), cause, ..problem }
    }
}

impl Problem {
    fn of_class(class: Class, code: &'static str) -> Self {
        let (status, slug, title) = match class {
            Class::Malformed => (StatusCode::BAD_REQUEST, "bad-request", "Bad Request"),
            Class::Invalid => (StatusCode::UNPROCESSABLE_ENTITY, "validation", "Validation Error"),
            Class::Unprocessable => {
                (StatusCode::UNPROCESSABLE_ENTITY, "unprocessable-entity", "Unprocessable Entity")
            }
            Class::Unauthorized => (StatusCode::UNAUTHORIZED, "unauthorized", "Unauthorized"),
            Class::Forbidden => (StatusCode::FORBIDDEN, "forbidden", "Forbidden"),
            Class::NotFound => (StatusCode::NOT_FOUND, "not-found", "Not Found"),
            Class::Conflict => (StatusCode::CONFLICT, "conflict", "Conflict"),
            Class::PreconditionFailed => {
                (StatusCode::PRECONDITION_FAILED, "precondition-failed", "Precondition Failed")
            }
            Class::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "content-too-large", "Content Too Large"),
            Class::Busy => (StatusCode::TOO_MANY_REQUESTS, "too-many-requests", "Too Many Requests"),
            Class::Timeout => (StatusCode::GATEWAY_TIMEOUT, "gateway-timeout", "Gateway Timeout"),
            Class::Unavailable => {
                (StatusCode::SERVICE_UNAVAILABLE, "service-unavailable", "Service Unavailable")
            }
            Class::StorageFull => {
                (StatusCode::INSUFFICIENT_STORAGE, "insufficient-storage", "Insufficient Storage")
            }
            Class::Internal => (StatusCode::INTERNAL_SERVER_ERROR, "internal", "Internal Server Error"),
        };
        let detail = if class == Class::Internal {
            "something went wrong on our side; the request's id leads to it in the server's log".to_owned()
        } else {
            String::new()
        };
        Self { status, slug, title, code, detail, errors: Vec::new(), cause: None }
    }

    /// Our own fault, for errors that have no class; unless the database is at the bottom of it, which has one.
    pub(crate) fn internal(error: impl Error + 'static) -> Self {
        let cause = Some(kernel::error_chain(&error));
        let said = kernel::database_error(&error).map(|said| (said.class(), said.code()));
        let (class, code) = said.unwrap_or((Class::Internal, "INTERNAL_ERROR"));
        let problem = Self::of_class(class, code);
        let detail = sentence(code).map_or_else(|| problem.detail.clone(), str::to_owned);
        Self { detail, cause, ..problem }
    }

    pub(crate) fn panicked(what: String) -> Self {
        Self { cause: Some(what), ..Self::of_class(Class::Internal, "INTERNAL_ERROR") }
    }

    pub(crate) fn new(class: Class, code: &'static str, detail: impl Into<String>) -> Self {
        Self { detail: detail.into(), ..Self::of_class(class, code) }
    }

    /// A request whose shape or bounds are wrong.
    pub(crate) fn invalid(errors: Vec<FieldError>) -> Self {
        let detail = match errors.as_slice() {
            [one] => format!("{}: {}", one.field, one.message),
            many => format!("{} fields are wrong", many.len()),
        };
        Self { errors, ..Self::new(Class::Invalid, "VALIDATION_ERROR", detail) }
    }

    pub(crate) fn field(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self::invalid(vec![FieldError::new(field, message)])
    }

    pub(crate) fn unsupported_media_type(expected: &str) -> Self {
        Self {
            status: StatusCode::UNSUPPORTED_MEDIA_TYPE,
            slug: "unsupported-media-type",
            title: "Unsupported Media Type",
            ..Self::new(
                Class::Malformed,
                "UNSUPPORTED_MEDIA_TYPE",
                format!("the body must be sent with the content type {expected}"),
            )
        }
    }

    pub(crate) fn range_not_satisfiable(size_bytes: u64) -> Self {
        Self {
            status: StatusCode::RANGE_NOT_SATISFIABLE,
            slug: "range-not-satisfiable",
            title: "Range Not Satisfiable",
            ..Self::new(
                Class::Invalid,
                "RANGE_NOT_SATISFIABLE",
                format!("there are {size_bytes} bytes, and none of them is in the range asked for"),
            )
        }
    }

    /// A body that comes too slowly.
    pub(crate) fn too_slow() -> Self {
        Self {
            status: StatusCode::REQUEST_TIMEOUT,
            slug: "request-timeout",
            title: "Request Timeout",
            ..Self::new(
                Class::Malformed,
                "BODY_TOO_SLOW",
                "the body stopped, or came too slowly to wait for its end",
            )
        }
    }

    /// What was there and is told apart from what never was.
    pub(crate) fn gone(code: &'static str, detail: impl Into<String>) -> Self {
        Self {
            status: StatusCode::GONE,
            slug: "gone",
            title: "Gone",
            ..Self::new(Class::NotFound, code, detail)
        }
    }

    pub(crate) fn method_not_allowed() -> Self {
        Self {
            status: StatusCode::METHOD_NOT_ALLOWED,
            slug: "method-not-allowed",
            title: "Method Not Allowed",
            ..Self::new(
                Class::Malformed,
                "METHOD_NOT_ALLOWED",
                "the header `allow` names what this route takes",
            )
        }
    }

    pub(crate) fn no_such_route() -> Self {
        Self::new(
            Class::NotFound,
            "NO_SUCH_ROUTE",
            "there is no such route; /api/openapi.json names them all",
        )
    }

    /// The status it is sent with.
    pub const fn status(&self) -> StatusCode {
        self.status
    }

    /// The one line for people.
    pub(crate) fn detail(&self) -> &str {
        if self.detail.is_empty() { self.title } else { &self.detail }
    }

    /// What is only for our log.
    pub(crate) fn cause(&self) -> Option<&str> {
        self.cause.as_deref()
    }

    /// The body of the answer to this request.
    pub(crate) fn body(&self, request_id: &str) -> wire::problem::Problem {
        wire::problem::Problem {
            kind: format!("/errors/{}", self.slug),
            title: self.title.to_owned(),
            status: self.status.as_u16(),
            detail: self.detail.clone(),
            instance: format!("/requests/{request_id}"),
            code: self.code.to_owned(),
            request_id: request_id.to_owned(),
            errors: self.errors.iter().map(wire::problem::Field::from).collect(),
        }
    }
}

impl IntoResponse for Problem {
    /// Without a body: the edge writes it, because it knows the request.
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// The answer with its body.
pub(crate) fn write(problem: &wire::problem::Problem, mut head: Response) -> Response {
    let body = serde_json::to_vec(problem).expect("a problem is plain data");
    let kind = HeaderValue::from_static("application/problem+json");
    head.headers_mut().insert(header::CONTENT_TYPE, kind);
    head.headers_mut().remove(header::CONTENT_LENGTH);
    if let Some((name, value)) = advice(head.status()) {
        head.headers_mut().entry(name).or_insert(value);
    }
    *head.body_mut() = body.into();
    head
}

/// What is said of a failure that every operation can have; its own text is about the database, and for our log.
fn sentence(code: &str) -> Option<&'static str> {
    match code {
        "STORAGE_FULL" => Some("there is no room to store this; make room, then try again"),
        "DATABASE_UNAVAILABLE" => Some("the database cannot do this now; try again in a moment"),
        "TEXT_NOT_STORABLE" => {
            Some("a text has a character that cannot be stored, such as NUL; nothing was changed")
        }
        _ => None,
    }
}

/// What a status asks a program to do.
fn advice(status: StatusCode) -> Option<(HeaderName, HeaderValue)> {
    match status {
        StatusCode::UNAUTHORIZED => Some((header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))),
        StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => {
            Some((header::RETRY_AFTER, HeaderValue::from_static("2")))
        }
        _ => None,
    }
}
