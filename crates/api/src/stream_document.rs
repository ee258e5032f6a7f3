//! The AsyncAPI 3 document of the streams. Its message schemas are those of the OpenAPI document, taken from there.

use serde_json::{Map, Value, json};

use crate::document;

/// The schemas that messages are made of, beside those of frames.
const SCHEMAS: &[&str] = &[
    "ledger.LiveRequest",
    "ledger.LiveRequestType",
    "ledger.LiveAnswer",
    // What a refusal names.
    "problem.Field",
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
        "channels": {
            "frames": frames(),
            "events": events(),
            "showcase": showcase(),
            "streams": streams(),
            "declared": declared(),
        },
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
            "receiveResume": {
                "action": "receive",
                "channel": { "$ref": "#/channels/frames" },
                "messages": [{ "$ref": "#/channels/frames/messages/resume" }],
                "summary": "Go on from somewhere else, at any time; other messages are refused, and more than a hundred \
                            of them close the socket with 1008.",
            },
            "sendFrames": send("frames", "One text message per frame, and one per answer; closed with 1000 after the terminal frame."),
            "sendEvents": send("events", "One server-sent event per frame; its id is the frame's seq."),
            "sendStreams": send("streams", "Events `data` and `control` by turns, until the stream is closed."),
        },
        "components": { "schemas": schemas() },
    })
}

fn frames() -> Value {
    json!({
        "address": "/api/runs/{run_id}/stream",
        "title": "Frames over WebSocket",
        "description": "The stored bytes of every frame after `after` or from `from` on, then those to come, up to `to`. \
                        A ping after 15 s of silence. What is no frame has a `type`: the answer to a message of the \
                        viewer. After `resumed` comes the frame behind the one that was named; what came before it \
                        belongs to what was shown before. Closed with 1000 after the last frame, 1001 when the server \
                        stops, 1002, 1003, 1007 or 1009 when the viewer breaks the protocol, sends bytes, what is no UTF-8 or \
                        more than 64 KiB, 1008 when it goes on sending what means nothing, 1011 when the frames cannot \
                        be read.",
        "parameters": { "run_id": run_id() },
        "messages": {
            "frame": message("frame", "One frame", "ledger.Frame"),
            "resume": message("resume", "Where to go on", "ledger.LiveRequest"),
            "answer": message("answer", "What became of that", "ledger.LiveAnswer"),
        },
        "bindings": { "ws": { "method": "GET", "query": live_query() } },
    })
}

fn events() -> Value {
    json!({
        "address": "/api/runs/{run_id}/replay/stream",
        "title": "Frames as server-sent events",
        "description": "Resumes with the header Last-Event-ID; `from`, `to` and `speed` as over the WebSocket; a comment \
                        after 15 s of silence; 204 when nothing is left of what was asked for.",
        "parameters": { "run_id": run_id() },
        "messages": { "frame": message("frame", "One frame", "ledger.Frame") },
    })
}

/// The live side of the door for streams; what else the door does are requests and answers.
fn streams() -> Value {
    let data = json!({
        "description": "What was appended: an array of values in a stream of JSON, else text, or base64 where the header \
                        `Stream-SSE-Data-Encoding` says so.",
    });
    let control = json!({
        "type": "object",
        "required": ["streamNextOffset"],
        "properties": {
            "streamNextOffset": { "type": "string", "description": "Where to go on." },
            "streamCursor": { "type": "string", "description": "To be sent back with the next request." },
            "upToDate": { "type": "boolean", "description": "Nothing else is stored now." },
            "streamClosed": { "type": "boolean", "description": "Nothing will ever come." },
        },
    });
    let event = |name: &str, title: &str, payload: Value| json!({ "name": name, "title": title, "contentType": "application/json", "payload": payload });
    json!({
        "address": "/api/streams/{path}",
        "title": "A stream of anybody's as server-sent events",
        "description": "Asked for with `offset` and `live=sse`, as Durable Streams has it; a comment after 15 s of silence.",
        "parameters": { "path": { "description": "The stream: words with slashes between them." } },
        "messages": {
            "data": event("data", "What was appended", data),
            "control": event("control", "Where that leads", control),
        },
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

/// As in the address of the event stream.
fn live_query() -> Value {
    let text = |what: &str| json!({ "type": "string", "description": what });
    json!({
        "type": "object",
        "properties": {
            "after": { "type": "integer", "minimum": 0 },
            "from": text("The first frame: its seq, or a time in RFC 3339."),
            "to": text("The last frame: its seq, or a time in RFC 3339."),
            "speed": text("`instant`, `original`, or a factor such as `2x`."),
            "max_gap_ms": { "type": "integer", "minimum": 1, "maximum": 3_600_000 },
        },
    })
}

fn send(channel: &str, summary: &str) -> Value {
    json!({ "action": "send", "channel": { "$ref": format!("#/channels/{channel}") }, "summary": summary })
}

fn schemas() -> Map<String, Value> {
    let openapi = serde_json::to_value(document::openapi()).expect("the document is plain data");
    let names = SCHEMAS.iter().map(|name| (*name).to_owned()).chain(frames::schemas().into_keys());
    let pairs = names.map(|name| {
        let mut schema = openapi["components"]["schemas"][&name].clone();
        leave_out_discriminators(&mut schema);
        (name, schema)
    });
    pairs.collect()
}

/// AsyncAPI's discriminator is a name alone and selects a schema by its own name, where OpenAPI's has a table. Ours is told by
/// the constant in each schema anyhow.
fn leave_out_discriminators(schema: &mut Value) {
    match schema {
        Value::Object(fields) => {
            // A field may be called so too; it would be a schema, without this key.
            if fields.get("discriminator").is_some_and(|value| value.get("propertyName").is_some()) {
                fields.remove("discriminator");
            }
            fields.values_mut().for_each(leave_out_discriminators);
        }
        Value::Array(items) => items.iter_mut().for_each(leave_out_discriminators),
        _ => {}
    }
}
