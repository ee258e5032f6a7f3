//! The transport to the router of the same process: no socket, no serialisation of the head, the same contract.

use std::convert::Infallible;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use bytes::Bytes;
use futures::future::BoxFuture;
use http::{HeaderValue, Request, Response, header};
use http_body_util::{BodyExt, Full};
use tower::util::BoxCloneSyncService;
use tower::{Service, ServiceExt};

use crate::call::Inside;
use crate::transport::{Body, Transport, TransportError};

type Bound = BoxCloneSyncService<Request<Full<Bytes>>, Response<Body>, Infallible>;

/// Calls a service of this process. Clones share the service.
///
/// It is made empty and bound later, because the showcase drives the very router it lives in. Whoever binds it
/// unbinds it at the end: the router would otherwise hold itself.
#[derive(Clone, Default)]
pub struct InProcess {
    bound: Arc<RwLock<Option<Bound>>>,
}

impl InProcess {
    /// A transport with nothing behind it yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Puts a service behind the transport.
    pub fn bind<S, B>(&self, service: S)
    where
        S: Service<Request<Full<Bytes>>, Response = Response<B>, Error = Infallible>
            + Clone
            + Send
            + Sync
            + 'static,
        S::Future: Send + 'static,
        B: http_body::Body<Data = Bytes> + Send + 'static,
        B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let boxed = service.map_response(|response: Response<B>| {
            response.map(|body| body.map_err(|error| TransportError::Body(error.into())).boxed_unsync())
        });
        *self.bound.write().unwrap_or_else(PoisonError::into_inner) = Some(BoxCloneSyncService::new(boxed));
    }

    /// Takes the service away again.
    pub fn unbind(&self) {
        *self.bound.write().unwrap_or_else(PoisonError::into_inner) = None;
    }

    fn service(&self) -> Result<Bound, TransportError> {
        self.bound.read().unwrap_or_else(PoisonError::into_inner).clone().ok_or(TransportError::Unbound)
    }
}

impl Transport for InProcess {
    fn send(&self, request: Request<Bytes>) -> BoxFuture<'_, Result<Response<Body>, TransportError>> {
        Box::pin(async move {
            let mut request = request.map(Full::new);
            // What a browser or a TCP client would say; the API checks it on every state-changing request.
            request.headers_mut().entry(header::HOST).or_insert(HeaderValue::from_static("localhost"));
            request.extensions_mut().insert(Inside);
            let Ok(response) = self.service()?.oneshot(request).await;
            Ok(response)
        })
    }
}

impl fmt::Debug for InProcess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InProcess").field("is_bound", &self.service().is_ok()).finish()
    }
}
