//! The AsyncAPI 3 document of the streams. Its message schemas are those of the OpenAPI document, taken from there.

use serde_json::{Map, Value, json};

use crate::document;

/// The schemas that messages are made of, beside those of frames.
const SCHEMAS: &[&str] = &[
    "demo.StepEvent",
    "demo.StartRequest",
    // What a step event is made of.
    "demo.EventType",
    "demo.EventStatus",
    // What a start request is made of.
    "demo.Scenario",
    "demo.Preservation",
    "demo.UserScope",
    "demo.Backtest",
    "model_selection.Strategy",
    "demo.Metric",
    "seeder.Overrides",
];

/// The document.
pub fn asyncapi() -> Value {
    json!({
        "asyncapi": "3.0.0",
        "info": {
            "title": "Assay streams",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "What the server sends while a run goes on. The same bytes are in the pages of the HTTP API.",
            "license": { "name": "MIT OR Apache-2.0" },
        },
        "defaultContentType": "application/json",
        "channels": { "frames": frames(), "events": events(), "showcase": showcase(), "declared": declared() },
        "operations": {
            "receiveStart": {
                "action": "receive",
                "channel": { "$ref": "#/channels/showcase" },
                "messages": [{ "$ref": "#/channels/showcase/messages/start" }],
                "summary": "The first message says what to run.",
            },
            "receiveFrames": {
                "action": "receive",
                "channel": { "$ref": "#/channels/declared" },
                "summary": "Frames are appended to a stream and are those of its run.",
            },
            "sendSteps": {
                "action": "send",
                "channel": { "$ref": "#/channels/showcase" },
                "messages": [{ "$ref": "#/channels/showcase/messages/step" }],
                "summary": "A step begins, says something, ends; one event for the end of all, or one for a refusal.",
            },
            "sendFrames": send("frames", "One text message per frame; closed with 1000 after the terminal frame."),
            "sendEvents": send("events", "One server-sent event per frame; its id is the frame's seq."),
        },
        "components": { "schemas": schemas() },
    })
}

fn frames() -> Value {
    json!({
        "address": "/api/runs/{run_id}/stream",
        "title": "Frames over WebSocket",
        "description": "The stored bytes of every frame after `after`, then those to come. A ping after 15 s of \
                        silence; 1001 when the server stops, 1011 when the frames cannot be read.",
        "parameters": { "run_id": run_id() },
        "messages": { "frame": message("frame", "One frame", "ledger.Frame") },
        "bindings": { "ws": { "method": "GET", "query": query(&["after"]) } },
    })
}

fn events() -> Value {
    json!({
        "address": "/api/runs/{run_id}/replay/stream",
        "title": "Frames as server-sent events",
        "description": "Resumes with the header Last-Event-ID; a comment after 15 s of silence; 204 when nothing is \
                        left after the terminal frame.",
        "parameters": { "run_id": run_id() },
        "messages": { "frame": message("frame", "One frame", "ledger.Frame") },
    })
}

fn showcase() -> Value {
    json!({
        "address": "/api/demo/stream",
        "title": "The showcase, live",
        "description": "Say one start request, get its events. A client that leaves stops the showcase. Closed with \
                        1000 after the last event.",
        "messages": {
            "start": message("start", "What to run", "demo.StartRequest"),
            "step": message("step", "One event", "demo.StepEvent"),
        },
        "bindings": { "ws": { "method": "GET" } },
    })
}

fn declared() -> Value {
    json!({
        "address": "/api/streams/{path}",
        "title": "A stream that is a run",
        "description": "By the protocol Durable Streams. A PUT with the header `Stream-Schema: public_sse_v1` declares the \
                        stream, each value of a POST is a frame then, and answers name the run in `Stream-Run` and its page \
                        in `Stream-Page`. With `Stream-Schema: ag-ui` each value is an event of AG-UI.",
        "parameters": { "path": { "description": "Where the stream is, of one part or several." } },
        "messages": { "frame": message("frame", "One frame", "ledger.Frame") },
    })
}

fn run_id() -> Value {
    json!({ "description": "The run, a UUID." })
}

fn message(name: &str, title: &str, schema: &str) -> Value {
    json!({
        "name": name,
        "title": title,
        "contentType": "application/json",
        "payload": { "$ref": format!("#/components/schemas/{schema}") },
    })
}

fn query(names: &[&str]) -> Value {
    let properties: Map<String, Value> =
        names.iter().map(|name| ((*name).to_owned(), json!({ "type": "integer", "minimum": 0 }))).collect();
    json!({ "type": "object", "properties": properties })
}

fn send(channel: &str, summary: &str) -> Value {
    json!({ "action": "send", "channel": { "$ref": format!("#/channels/{channel}") }, "summary": summary })
}

fn schemas() -> Map<String, Value> {
    let openapi = serde_json::to_value(document::openapi()).expect("the document is plain data");
    let names = SCHEMAS.iter().map(|name| (*name).to_owned()).chain(frames::schemas().into_keys());
    names.map(|name| (name.clone(), openapi["components"]["schemas"][&name].clone())).collect()
}
