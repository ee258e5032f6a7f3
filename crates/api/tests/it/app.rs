//! The whole API on a test database. Every JSON answer is compared with the OpenAPI document on its way out.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::Duration;

use api::{Hosts, Parts, Quotas};
use artifacts::Store;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use client::{Client, InProcess};
use demo::Showcase;
use http_body_util::BodyExt;
use kernel::{CursorKey, RunId, Seed, SharedClock, SystemClock, Tenant};
use lab::Lab;
use ledger::{Ledger, Log};
use model_selection::Selector;
use runs::{Config, Engine, Program, Submit};
use serde_json::{Value, json};
use test_support::TestDb;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

use crate::schema::Contract;
use crate::script::{Script, ScriptKind};

pub(crate) struct App {
    pub(crate) db: TestDb,
    pub(crate) client: Client,
    pub(crate) engine: Engine,
    pub(crate) log: Log,
    pub(crate) go: Arc<Semaphore>,
    pub(crate) closing: CancellationToken,
    pub(crate) contract: Contract,
    router: Router,
    in_process: InProcess,
}

/// Room for what one of these tests sends in, and little more.
pub(crate) const QUOTAS: Quotas = Quotas { attachment_bytes: 4 * 1024 * 1024, ..Quotas::USUAL };

impl App {
    pub(crate) async fn new(db: TestDb) -> Self {
        Self::with(db, Duration::from_secs(10)).await
    }

    /// With its own patience for cancellations.
    #[expect(clippy::unused_async, reason = "the ledger's committer needs a runtime")]
    pub(crate) async fn with(db: TestDb, cancel_wait: Duration) -> Self {
        let store = Store::local(db.dir().join("artifacts")).unwrap();
        let ledger = Ledger::open(db.db.clone());
        let clock: SharedClock = Arc::new(SystemClock);
        let in_process = InProcess::new();
        let client = Client::new(in_process.clone(), None);
        let go = Arc::new(Semaphore::new(0));
        let config = Config {
            poll: Duration::from_millis(20),
            cancel_wait,
            ..Config::new("worker-1", Program { version: "0.0.0".to_owned(), commit: None })
        };
        let builder =
            Engine::builder(db.db.clone(), ledger.clone(), store.clone(), Arc::clone(&clock), config);
        let builder = Selector::register_kinds(builder, &db.db, store.reader(), &clock);
        let engine = Lab::register_kinds(builder, &db.db, store.reader())
            .run_kind(Showcase::new(client.clone()))
            .run_kind(ScriptKind { go: Arc::clone(&go) })
            .build();
        engine.start();
        let closing = CancellationToken::new();
        let streams = streams::Streams::open(&db.db, ledger.clone(), engine.foreign(), Arc::clone(&clock));
        let access = access::Access::open(&db.db, ledger.clone(), Arc::clone(&clock));
        let log = crate::log::open(&db.db, &ledger, &clock);
        let router = api::router(&Parts {
            db: db.db.clone(),
            log: log.clone(),
            ledger,
            store,
            engine: engine.clone(),
            streams,
            access,
            clock,
            cursors: CursorKey::new([7; 32]),
            hosts: Hosts::loopback(),
            quotas: QUOTAS,
            closing: closing.clone(),
        });
        in_process.bind(router.clone());
        Self { db, client, engine, log, go, closing, contract: Contract::load(), router, in_process }
    }

    /// From now on the first call of this path that comes from within is answered as when the database is away.
    pub(crate) fn lose_once(&self, path: &'static str) {
        let is_lost = Arc::new(AtomicBool::new(false));
        let lose = from_fn(move |request: Request<Body>, next: Next| {
            let is_hit = request.uri().path() == path && !is_lost.swap(request.uri().path() == path, Relaxed);
            async move { if is_hit { away() } else { next.run(request).await } }
        });
        self.in_process.bind(self.router.clone().layer(lose));
    }

    /// Sends a request and compares the answer with the contract.
    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let (method, path) = (request.method().clone(), request.uri().path().to_owned());
        let (head, body) = self.respond(request).await.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        let answer = Answer { status: head.status, headers: head.headers, body };
        // An answer under an old name is that of its successor, which it names.
        let successor = answer.headers.get("deprecation").and(answer.headers.get("link"));
        let path = successor.map_or(path, |link| {
            let (path, _) = link.to_str().unwrap().trim_start_matches('<').split_once('>').unwrap();
            path.to_owned()
        });
        if answer.is_json() {
            self.contract.check(&method, &path, answer.status, &answer.json());
        }
        answer
    }

    /// The answer's head; its body is left open.
    pub(crate) async fn head(&self, path: &str) -> Response {
        self.respond(request(Method::GET, path).body(Body::empty()).unwrap()).await
    }

    /// The answer as it is, with its body unread.
    pub(crate) async fn respond(&self, request: Request<Body>) -> Response {
        self.router.clone().oneshot(request).await.unwrap()
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(request(Method::GET, path).body(Body::empty()).unwrap()).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.send(request(Method::DELETE, path).body(Body::empty()).unwrap()).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        let request = request(Method::POST, path).header(header::CONTENT_TYPE, "application/json");
        self.send(request.body(body.to_string().into()).unwrap()).await
    }

    /// Submits a scripted run.
    pub(crate) async fn script(&self, script: Script) -> RunId {
        let submit = Submit::new("scripted", Seed(1), script);
        self.engine.submit::<ScriptKind>(Tenant::LOCAL, submit).await.unwrap()
    }

    /// A scripted run that holds a key only one may hold.
    pub(crate) async fn exclusive(&self, key: &str, script: Script) -> RunId {
        let submit =
            Submit { exclusive_key: Some(key.to_owned()), ..Submit::new("scripted", Seed(1), script) };
        self.engine.submit::<ScriptKind>(Tenant::LOCAL, submit).await.unwrap()
    }

    /// A scripted run that has ended.
    pub(crate) async fn ended(&self, script: Script) -> wire::runs::Detail {
        let run = self.script(script).await;
        self.client.wait(run).await.unwrap()
    }

    /// Serves on a free port, for what needs a socket.
    pub(crate) async fn serve(&self) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = self.router.clone();
        tokio::spawn(async move { axum::serve(listener, router).await });
        address
    }

    /// Stops everything; a test that leaves work behind hangs here.
    pub(crate) async fn close(self) {
        self.closing.cancel();
        self.engine.shutdown(Duration::from_secs(10)).await;
        self.in_process.unbind();
    }
}

fn away() -> Response {
    let problem = json!({
        "type": "/errors/unavailable", "title": "Service Unavailable", "status": 503, "detail": "away",
        "instance": "/requests/r", "code": "DATABASE_UNAVAILABLE", "request_id": "r", "errors": [],
    });
    let head = Response::builder().status(503).header(header::CONTENT_TYPE, "application/problem+json");
    head.body(problem.to_string().into()).unwrap()
}

pub(crate) fn request(method: Method, path: &str) -> axum::http::request::Builder {
    Request::builder().method(method).uri(path).header(header::HOST, "localhost")
}

pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    pub(crate) fn media_type(&self) -> &str {
        self.headers.get(header::CONTENT_TYPE).map_or("", |value| value.to_str().unwrap())
    }

    fn is_json(&self) -> bool {
        matches!(self.media_type(), "application/json" | "application/problem+json")
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    /// The JSON of an answer that must be a success.
    pub(crate) fn ok(&self) -> Value {
        assert!(self.status.is_success(), "{}: {}", self.status, self.text());
        self.json()
    }

    /// Status, code and fields of a refusal, after a look at what all refusals have in common.
    pub(crate) fn problem(&self) -> (u16, String, Vec<String>) {
        assert_eq!(self.media_type(), "application/problem+json", "{}: {}", self.status, self.text());
        let body = self.json();
        assert_eq!(body["status"], self.status.as_u16());
        let id = self.headers["x-request-id"].to_str().unwrap();
        assert_eq!((&body["request_id"], &body["instance"]), (&id.into(), &format!("/requests/{id}").into()));
        assert!(body["type"].as_str().unwrap().starts_with("/errors/"));
        assert!(!body["title"].as_str().unwrap().is_empty());
        let fields = body["errors"].as_array().map_or(&[][..], Vec::as_slice);
        let fields = fields.iter().map(|field| field["field"].as_str().unwrap().to_owned()).collect();
        (self.status.as_u16(), body["code"].as_str().unwrap().to_owned(), fields)
    }
}
