//! Making streams, appending to them, ending them.

use ::streams::{Appended, Write};
use axum::extract::{OriginalUri, Request, State};
use axum::http::{StatusCode, header as http};
use axum::response::{IntoResponse, Response};

use super::{DOOR, header, path_of, refused};
use crate::Problem;
use crate::extract::whole_body;
use crate::state::{Acts, Caller};

/// `PUT`: makes the stream, or finds that it is there as it was asked for.
pub(super) async fn create(
    State(acts): State<Acts>,
    Caller(tenant): Caller,
    uri: OriginalUri,
    request: Request,
) -> Result<Response, Problem> {
    let path = path_of(&uri)?;
    let headers = request.headers().clone();
    // What is wrong with the headers is said before a body is waited for.
    header::config(&headers, &[])?;
    let body = whole_body(request).await?;
    let config = header::config(&headers, &body)?;
    let (stream, is_new) = match acts.durable.create(tenant, &path, &config).await {
        Ok(created) => created,
        Err(error) => return Ok(refused(error)),
    };
    let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
    let mut response = status.into_response();
    let said = response.headers_mut();
    said.insert(http::CONTENT_TYPE, header::text(stream.content_type().as_str()));
    said.insert(header::NEXT_OFFSET, header::text(stream.end()));
    header::declare(said, &stream);
    if is_new {
        said.insert(http::LOCATION, header::text(format_args!("{DOOR}{path}")));
    }
    if stream.is_closed() {
        said.insert(header::CLOSED, header::TRUE);
    }
    Ok(response)
}

/// `POST`: appends, closes, or both. It is answered when what was appended is durable.
pub(super) async fn append(
    State(acts): State<Acts>,
    Caller(tenant): Caller,
    uri: OriginalUri,
    request: Request,
) -> Result<Response, Problem> {
    let path = path_of(&uri)?;
    let headers = request.headers().clone();
    let producer = header::producer(&headers)?;
    let closes = header::closes(&headers)?;
    let order = header::given(&headers, "Stream-Seq")?.map(str::to_owned);
    let body = whole_body(request).await?;
    let body = if body.is_empty() { None } else { Some((header::content_type(&headers)?, &body[..])) };
    let adds = body.is_some();
    let write = Write { body, producer, order, closes };
    match acts.durable.append(tenant, &path, &write).await {
        Ok(appended) => Ok(answer(&appended, adds)),
        Err(error) => Ok(refused(error)),
    }
}

/// A producer is told by 200 that its append was stored now, and by 204 that it had been stored before.
fn answer(appended: &Appended, adds: bool) -> Response {
    let is_news = appended.producer.is_some() && adds && !appended.is_duplicate;
    let status = if is_news { StatusCode::OK } else { StatusCode::NO_CONTENT };
    let mut response = status.into_response();
    let said = response.headers_mut();
    said.insert(header::NEXT_OFFSET, header::text(appended.end));
    if let Some((epoch, seq)) = appended.producer {
        said.insert(header::PRODUCER_EPOCH, epoch.into());
        said.insert(header::PRODUCER_SEQ, seq.into());
    }
    if appended.is_closed {
        said.insert(header::CLOSED, header::TRUE);
    }
    response
}

/// `DELETE`: ends the stream.
pub(super) async fn delete(
    State(acts): State<Acts>,
    Caller(tenant): Caller,
    uri: OriginalUri,
) -> Result<Response, Problem> {
    let path = path_of(&uri)?;
    match acts.durable.delete(tenant, &path).await {
        Ok(()) => Ok(StatusCode::NO_CONTENT.into_response()),
        Err(error) => Ok(refused(error)),
    }
}
