//! The transport to a server on the network.

use std::time::Duration;

use bytes::Bytes;
use futures::future::BoxFuture;
use http::uri::{Authority, Scheme, Uri};
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;

use crate::transport::{Body, Transport, TransportError};

const CONNECT: Duration = Duration::from_secs(5);

/// Speaks HTTP/1.1 with one server and keeps its connections.
#[derive(Debug, Clone)]
pub struct Tcp {
    authority: Authority,
    http: legacy::Client<HttpConnector, Full<Bytes>>,
}

/// Text that is not the address of a server.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{address}` is not a server's address: expected http://HOST:PORT")]
pub struct InvalidAddress {
    address: String,
}

impl Tcp {
    /// A transport to `http://HOST:PORT`. Nothing is sent yet.
    pub fn new(base_url: &str) -> Result<Self, InvalidAddress> {
        let invalid = || InvalidAddress { address: base_url.to_owned() };
        let uri: Uri = base_url.parse().map_err(|_| invalid())?;
        let is_bare = matches!(uri.path(), "" | "/") && uri.query().is_none();
        if uri.scheme() != Some(&Scheme::HTTP) || !is_bare {
            return Err(invalid());
        }
        let authority = uri.authority().ok_or_else(invalid)?.clone();
        let mut connector = HttpConnector::new();
        connector.set_connect_timeout(Some(CONNECT));
        connector.set_nodelay(true);
        Ok(Self { authority, http: legacy::Client::builder(TokioExecutor::new()).build(connector) })
    }

    fn broken(&self, source: legacy::Error) -> TransportError {
        TransportError::Connection { address: format!("http://{}", self.authority), source: source.into() }
    }
}

impl Transport for Tcp {
    fn send(&self, request: Request<Bytes>) -> BoxFuture<'_, Result<Response<Body>, TransportError>> {
        Box::pin(async move {
            let (mut head, body) = request.into_parts();
            let path = head.uri.path_and_query().map_or("/", |path| path.as_str());
            head.uri = Uri::builder()
                .scheme(Scheme::HTTP)
                .authority(self.authority.clone())
                .path_and_query(path)
                .build()
                .expect("an authority and a path make a URI");
            let request = Request::from_parts(head, Full::new(body));
            let response = self.http.request(request).await.map_err(|error| self.broken(error))?;
            Ok(response.map(|body| body.map_err(|error| TransportError::Body(error.into())).boxed_unsync()))
        })
    }
}
