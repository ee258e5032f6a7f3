//! The client: one place that sends, reads and refuses.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures::{Stream, TryStreamExt as _};
use http::{HeaderName, HeaderValue, Method, Request, Response, StatusCode, header};
use http_body_util::{BodyExt, Limited};
use kernel::{RunId, Tenant};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::time::timeout;

use crate::Error;
use crate::operation::Call;
use crate::problem;
use crate::transport::{Body, Transport, TransportError};

/// A whole answer may take this long; a frame stream only its head.
const ANSWER: Duration = Duration::from_mins(2);
/// No answer other than a frame stream or an artifact is larger.
const MAX_ANSWER_BYTES: usize = 64 * 1024 * 1024;
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// Calls the API. Clones share their connections.
#[derive(Clone)]
pub struct Client {
    transport: Arc<dyn Transport>,
    authorization: Option<HeaderValue>,
    idempotency_key: Option<HeaderValue>,
    acting: Option<Acting>,
}

/// The run that asks. It travels as an extension of the request, so only the in-process transport carries it, and
/// nothing that comes over a socket can claim it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Acting {
    /// Whose run it is.
    pub tenant: Tenant,
    /// The run.
    pub run: RunId,
}

/// Says that a request comes from this process and from no run of it: from a command of whoever holds the machine. The
/// in-process transport adds it where nobody [acts](Acting); like that, it cannot come over a socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Inside;

impl Client {
    /// A client over a transport, with a bearer token where the installation asks for one.
    pub fn new(transport: impl Transport, token: Option<&str>) -> Self {
        let authorization = token.and_then(|token| {
            let mut value = HeaderValue::from_str(&format!("Bearer {token}")).ok()?;
            value.set_sensitive(true);
            Some(value)
        });
        Self { transport: Arc::new(transport), authorization, idempotency_key: None, acting: None }
    }

    /// The same client, whose creating calls carry this key: the same call under the same key creates once.
    #[must_use]
    pub fn with_idempotency_key(&self, key: &str) -> Self {
        Self { idempotency_key: HeaderValue::from_str(key).ok(), ..self.clone() }
    }

    /// The same client, whose calls are those of this run. Over TCP they stay those of the token.
    #[must_use]
    pub fn acting_as(&self, tenant: Tenant, run: RunId) -> Self {
        Self { acting: Some(Acting { tenant, run }), ..self.clone() }
    }

    /// `GET` with a JSON answer.
    pub async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, Error> {
        self.call(Call { method: Method::GET, path: path.to_owned(), body: None }).await
    }

    /// `POST` of a JSON body with a JSON answer.
    pub async fn post<T: DeserializeOwned>(&self, path: &str, body: &impl Serialize) -> Result<T, Error> {
        self.call(Call { method: Method::POST, path: path.to_owned(), body: None }.saying(body)).await
    }

    /// A call with a JSON answer.
    pub(crate) async fn call<T: DeserializeOwned>(&self, call: Call) -> Result<T, Error> {
        let path = call.path.clone();
        let body = whole(self.accepted(self.request(call)).await?, MAX_ANSWER_BYTES).await?;
        serde_json::from_slice(&body).map_err(|source| Error::Unreadable { path, source })
    }

    /// Whatever bytes stand there.
    pub(crate) async fn download(&self, call: Call) -> Result<Bytes, Error> {
        whole(self.accepted(self.request(call)).await?, usize::MAX).await
    }

    /// Some of the bytes that stand there; a server that knows no ranges answers all of them.
    pub(crate) async fn download_range(&self, call: Call, range: Range<u64>) -> Result<Bytes, Error> {
        let mut request = self.request(call);
        let asked = format!("bytes={}-{}", range.start, range.end.saturating_sub(1));
        let asked = HeaderValue::try_from(asked).expect("digits are a header");
        request.headers_mut().insert(header::RANGE, asked);
        let response = self.accepted(request).await?;
        let is_whole = response.status() != StatusCode::PARTIAL_CONTENT;
        let bytes = whole(response, usize::MAX).await?;
        let at = |n: u64| usize::try_from(n).unwrap_or(usize::MAX).min(bytes.len());
        Ok(if is_whole { bytes.slice(at(range.start)..at(range.end)) } else { bytes })
    }

    /// Whatever bytes stand there, as they come and however long it takes.
    pub(crate) async fn download_stream(
        &self,
        call: Call,
    ) -> Result<impl Stream<Item = Result<Bytes, Error>> + Send + use<>, Error> {
        let response = self.accepted(self.request(call)).await?;
        Ok(response.into_body().into_data_stream().map_err(Error::from))
    }

    /// Opens a stream; `None` says that nothing will come (204).
    pub(crate) async fn open(&self, call: Call) -> Result<Option<Body>, Error> {
        let mut request = self.request(call);
        request.headers_mut().insert(header::ACCEPT, HeaderValue::from_static("text/event-stream"));
        let response = self.accepted(request).await?;
        Ok((response.status() != StatusCode::NO_CONTENT).then(|| response.into_body()))
    }

    fn request(&self, Call { method, path, body }: Call) -> Request<Bytes> {
        let is_creating = method == Method::POST;
        let (media_type, body) = body.map_or((None, Bytes::new()), |(kind, body)| (Some(kind), body));
        let mut request = Request::new(body);
        *request.method_mut() = method;
        *request.uri_mut() = path.parse().expect("a path is built from escaped parts");
        if let Some(acting) = self.acting {
            request.extensions_mut().insert(acting);
        }
        let headers = request.headers_mut();
        if let Some(media_type) = media_type {
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
        }
        if let Some(authorization) = &self.authorization {
            headers.insert(header::AUTHORIZATION, authorization.clone());
        }
        if let (true, Some(key)) = (is_creating, &self.idempotency_key) {
            headers.insert(IDEMPOTENCY_KEY, key.clone());
        }
        request
    }

    async fn accepted(&self, request: Request<Bytes>) -> Result<Response<Body>, Error> {
        let late = |_| TransportError::Timeout { seconds: ANSWER.as_secs() };
        let response = timeout(ANSWER, self.transport.send(request)).await.map_err(late)??;
        let status = response.status();
        if status.is_success() {
            return Ok(response);
        }
        let body = whole(response, MAX_ANSWER_BYTES).await?;
        Err(Error::Problem(Box::new(problem::read(status, &body))))
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("has_token", &self.authorization.is_some()).finish_non_exhaustive()
    }
}

async fn whole(response: Response<Body>, limit: usize) -> Result<Bytes, Error> {
    let late = |_| TransportError::Timeout { seconds: ANSWER.as_secs() };
    let body = timeout(ANSWER, Limited::new(response.into_body(), limit).collect()).await.map_err(late)?;
    let broken = |error: Box<dyn std::error::Error + Send + Sync>| match error.downcast::<TransportError>() {
        Ok(error) => *error,
        Err(error) => TransportError::Body(error),
    };
    Ok(body.map_err(broken)?.to_bytes())
}
