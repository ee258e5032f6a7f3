//! The client against a tiny service of this process and against a socket.
#![expect(clippy::unwrap_used, reason = "a helper that fails fails its test")]

mod calls;
mod follow;
mod tcp;

use std::convert::Infallible;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use client::{Acting, Client, InProcess};
use http::{Request, Response};
use http_body_util::{BodyExt, Full};

/// A request as the service saw it.
#[derive(Debug, Clone)]
struct Seen {
    method: String,
    path: String,
    headers: http::HeaderMap,
    acting: Option<Acting>,
    body: Bytes,
}

/// Answers the n-th request with the n-th answer and remembers all requests.
#[derive(Clone, Default)]
struct Script {
    answers: Arc<Mutex<Vec<Response<Bytes>>>>,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Script {
    fn client(answers: impl IntoIterator<Item = Response<Bytes>>) -> (Client, Self) {
        let script = Self::default();
        *script.answers.lock().unwrap() = answers.into_iter().collect();
        let transport = InProcess::new();
        let service = script.clone();
        transport.bind(tower::service_fn(move |request: Request<Full<Bytes>>| {
            let service = service.clone();
            async move { Ok::<_, Infallible>(service.answer(request).await) }
        }));
        (Client::new(transport, Some("secret")), script)
    }

    async fn answer(self, request: Request<Full<Bytes>>) -> Response<Full<Bytes>> {
        let (head, body) = request.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        let (method, path) = (head.method.to_string(), head.uri.to_string());
        let acting = head.extensions.get().copied();
        let seen = Seen { method, path, headers: head.headers, acting, body };
        self.seen.lock().unwrap().push(seen);
        self.answers.lock().unwrap().remove(0).map(Full::new)
    }

    fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }
}

fn answer(status: u16, body: impl Into<Bytes>) -> Response<Bytes> {
    Response::builder().status(status).body(body.into()).unwrap()
}
