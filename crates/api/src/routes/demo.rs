//! The showcase: submit, run to the end, or watch its own event stream.

use std::ops::ControlFlow;
use std::time::Duration;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade, close_code};
use axum::http::HeaderMap;
use axum::response::Response;
use demo::Showcase;
use frames::Frame;
use futures::{Stream, StreamExt};
use kernel::{Class, RunId, Tenant};
use runs::Submit;
use serde_json::Value;
use wire::demo::{DemoResult, EventStatus, EventType, PresetCard, StartRequest, StepEvent, Summary, Verdict};
use wire::runs::Accepted;

use super::live::{close, limited, not_a_websocket};
use crate::Problem;
use crate::contract::contract;
use crate::extract::{check_json, json_body};
use crate::routes::{Conflict, Invalid, Refused};
use crate::state::{Acts, Caller};
use crate::submit::{Acceptance, accepted, idempotency_key};

/// How long a socket may stay silent before it says what to run.
const START: Duration = Duration::from_secs(30);

/// The presets as cards, the quickest first.
#[utoipa::path(get, path = "/demo/scenarios", tag = "demo",
    responses((status = 200, description = "Every preset", body = Vec<PresetCard>), Refused))]
pub(crate) async fn scenarios() -> Json<Vec<PresetCard>> {
    Json(demo::cards())
}

/// Submits a showcase; it runs on its own. Only one of a tenant runs at a time.
#[utoipa::path(post, path = "/demo/runs", tag = "demo",
    params(("Idempotency-Key" = Option<String>, Header, description = "The same request under the same key is one run")),
    request_body = StartRequest,
    responses((status = 202, description = "Accepted; `Location` names its run", body = Accepted),
        Conflict, Invalid, Refused))]
pub(crate) async fn submit(
    State(acts): State<Acts>,
    Caller(tenant): Caller,
    headers: HeaderMap,
    request: axum::extract::Request,
) -> Result<Acceptance, Problem> {
    let body = json_body(request).await?;
    let submit = submission(&acts, tenant, &body).await?;
    let submit = Submit { idempotency_key: idempotency_key(&headers)?, ..submit };
    let run = acts.engine.submit::<Showcase>(tenant, submit).await?;
    let location = format!("/api/runs/{run}");
    Ok(accepted(run, &location, &location))
}

/// A checked request. Which stored world it uses is settled here and not when the run comes to it: there may be others
/// by then. Without any world the run says so.
async fn submission(acts: &Acts, tenant: Tenant, body: &[u8]) -> Result<Submit<demo::ShowcaseSpec>, Problem> {
    let request = demo::parse(body)?;
    let world = if request.skip_seed {
        retail::world::resolve(acts.reads.db(), tenant, request.world_id).await?
    } else {
        None
    };
    Ok(match world {
        Some(world) => demo::submission_on(&world, request),
        None => demo::submission(request),
    })
}

/// Runs a showcase and answers when it has ended.
#[utoipa::path(post, path = "/demo/run", tag = "demo", request_body = StartRequest,
    responses((status = 200, description = "What it came to, green or red", body = DemoResult),
        Conflict, Invalid, Refused))]
pub(crate) async fn run(
    State(acts): State<Acts>,
    Caller(tenant): Caller,
    request: axum::extract::Request,
) -> Result<Json<DemoResult>, Problem> {
    let body = json_body(request).await?;
    let submit = submission(&acts, tenant, &body).await?;
    let spec = submit.spec.clone();
    let run = acts.engine.submit::<Showcase>(tenant, submit).await?;
    let mut steps = Vec::new();
    let mut last = None;
    let mut events = std::pin::pin!(events(&acts, tenant, run, &spec));
    while let Some(event) = events.next().await {
        let event = event?;
        match event.event_type {
            EventType::StepComplete => steps.push(event),
            EventType::PipelineComplete => last = Some(event),
            EventType::StepStart | EventType::Error => {}
        }
    }
    let last = last.ok_or_else(|| {
        Problem::new(
            Class::Unavailable,
            "SHUTTING_DOWN",
            format!("the server stops; run {run} has been handed back"),
        )
    })?;
    let summary = serde_json::from_value(Value::Object(last.data)).map_err(Problem::internal)?;
    let Summary { winner_model_type, winner_wape, winning_run_id, alias, wall_clock_s, .. } = summary;
    let is_green = last.status == Some(EventStatus::Pass);
    Ok(Json(DemoResult {
        overall_status: if is_green { Verdict::Pass } else { Verdict::Fail },
        steps,
        winner_model_type,
        winner_wape,
        winning_run_id,
        alias,
        wall_clock_s,
        run_id: run,
    }))
}

/// The run's events, made from its stored frames; ends with the run or with the server.
fn events(
    acts: &Acts,
    tenant: Tenant,
    run: RunId,
    spec: &demo::ShowcaseSpec,
) -> impl Stream<Item = Result<StepEvent, Problem>> + Send {
    let closing = acts.reads.closing().clone();
    let mut projector = spec.projector();
    acts.reads.ledger().follow(tenant, run, 0).take_until(closing.cancelled_owned()).flat_map(move |chunk| {
        let events: Vec<Result<StepEvent, Problem>> = match chunk {
            Ok(chunk) => chunk
                .frames()
                .filter_map(|(_, text)| match Frame::parse(text) {
                    Ok(frame) => projector.apply(&frame).map(Ok),
                    Err(error) => Some(Err(Problem::internal(error))),
                })
                .collect(),
            Err(error) => vec![Err(error.into())],
        };
        futures::stream::iter(events)
    })
}

/// `WS /demo/stream`: the client says one start request, the server answers with events and closes. A client that
/// leaves stops the showcase.
pub(crate) async fn stream(
    State(acts): State<Acts>,
    Caller(tenant): Caller,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, Problem> {
    let upgrade = upgrade.map_err(|_| not_a_websocket())?;
    let permit = acts.reads.stream_permit(tenant)?;
    Ok(limited(upgrade).on_upgrade(async move |mut socket| {
        let _permit = permit;
        if converse(&mut socket, &acts, tenant).await.is_continue() {
            let is_stopping = acts.reads.closing().is_cancelled();
            close(&mut socket, if is_stopping { close_code::AWAY } else { close_code::NORMAL }, "").await;
        }
    }))
}

/// `Break`: the client has left.
async fn converse(socket: &mut WebSocket, acts: &Acts, tenant: Tenant) -> ControlFlow<()> {
    let start = tokio::select! {
        () = acts.reads.closing().cancelled() => return ControlFlow::Continue(()),
        start = tokio::time::timeout(START, first_message(socket)) => start,
    };
    let started = match start {
        Ok(None) => return ControlFlow::Break(()),
        Ok(Some(start)) => started(acts, tenant, &start).await,
        Err(_) => {
            Err(Problem::new(Class::Malformed, "NO_START_REQUEST", "no start request came within 30 s"))
        }
    };
    match started {
        Ok((run, spec)) => watch(socket, acts, tenant, run, spec).await,
        Err(problem) => refuse(socket, acts, &problem).await,
    }
}

/// What the client says first; `None` when it leaves instead.
async fn first_message(socket: &mut WebSocket) -> Option<Bytes> {
    loop {
        match socket.recv().await {
            Some(Ok(Message::Text(text))) => return Some(Bytes::copy_from_slice(text.as_bytes())),
            Some(Ok(Message::Binary(bytes))) => return Some(bytes),
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
            Some(Ok(Message::Close(_)) | Err(_)) | None => return None,
        }
    }
}

async fn started(acts: &Acts, tenant: Tenant, start: &[u8]) -> Result<(RunId, demo::ShowcaseSpec), Problem> {
    check_json(start, Some(contract().schema("demo.StartRequest")))?;
    let submit = submission(acts, tenant, start).await?;
    let spec = submit.spec.clone();
    let run = acts.engine.submit::<Showcase>(tenant, submit).await?;
    Ok((run, spec))
}

/// One error event. What is only for our log is logged here, because no answer of HTTP follows.
async fn refuse(socket: &mut WebSocket, acts: &Acts, problem: &Problem) -> ControlFlow<()> {
    if let Some(cause) = problem.cause() {
        tracing::error!(cause, "the showcase's stream failed");
    }
    send(socket, &demo::refused(problem.detail(), acts.reads.clock().now())).await
}

async fn watch(
    socket: &mut WebSocket,
    acts: &Acts,
    tenant: Tenant,
    run: RunId,
    spec: demo::ShowcaseSpec,
) -> ControlFlow<()> {
    let mut events = std::pin::pin!(events(acts, tenant, run, &spec));
    loop {
        tokio::select! {
            event = events.next() => match event {
                Some(Ok(event)) => {
                    if send(socket, &event).await.is_break() {
                        break;
                    }
                }
                Some(Err(problem)) => return refuse(socket, acts, &problem).await,
                None => return ControlFlow::Continue(()),
            },
            said = socket.recv() => match said {
                Some(Ok(Message::Close(_)) | Err(_)) | None => break,
                Some(Ok(_)) => {}
            },
        }
    }
    // The viewer has left, which is how the page's Stop button speaks. A run that has ended meanwhile stays as it is.
    if let Err(error) = acts.engine.cancel(tenant, run).await {
        tracing::debug!(run.id = %run, %error, "a showcase whose viewer left was not cancelled");
    }
    ControlFlow::Break(())
}

async fn send(socket: &mut WebSocket, event: &StepEvent) -> ControlFlow<()> {
    let text = serde_json::to_string(event).expect("an event is plain data");
    match socket.send(Message::text(text)).await {
        Ok(()) => ControlFlow::Continue(()),
        Err(_) => ControlFlow::Break(()),
    }
}
