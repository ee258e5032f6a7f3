//! The contract as others write it: every optional field an explicit `null`, keys in any order, times of any
//! precision, spaces between tokens.

use serde_json::{Value, json};

pub(super) fn lines() -> Vec<String> {
    let nulls = json!({ "object_id": "o", "filename": "f", "mime_type": null, "size_bytes": null, "url": null,
        "tool_call_id": null });
    let result = json!({ "file_id": "f", "filename": null, "score": 1, "vector_store_id": null, "text": null,
        "attributes": { "kept": null } });
    let workflow = json!({ "workflow_key": "k", "workflow_run_id": null, "stage_name": null, "step_name": "s",
        "step_agent": null, "parallel_group": null, "branch_index": null });
    let bodies = [
        json!({ "kind": "lifecycle", "status": "in_progress", "reason": null }),
        json!({ "kind": "memory.checkpoint", "checkpoint": { "strategy": "unheard of", "tokens_before": null,
            "excluded_tools": null, "turns_after": 3 } }),
        json!({ "kind": "output_item.added", "output_index": 0, "item_id": "fs", "role": null, "status": null,
            "item_type": "file_search_call", "workflow": workflow }),
        json!({ "kind": "tool.status", "output_index": 0, "item_id": "fs", "tool": { "tool_type": "file_search",
            "tool_call_id": "fs", "status": "completed", "queries": null, "results": [result] } }),
        json!({ "kind": "message.citation", "output_index": 1, "item_id": "m", "content_index": 0, "citation": {
            "type": "file_citation", "start_index": null, "end_index": null, "index": null, "file_id": "f",
            "filename": null } }),
        json!({ "kind": "reasoning_summary.part.added", "output_index": 2, "item_id": "r", "summary_index": 0,
            "part_type": "summary_text", "text": null }),
        json!({ "kind": "reasoning_summary.delta", "output_index": 2, "item_id": "r", "summary_index": null,
            "delta": "thought" }),
        json!({ "kind": "tool.output", "output_index": 3, "item_id": "x", "tool_call_id": "x",
            "tool_type": "function", "output": null }),
        json!({ "kind": "chunk.delta", "output_index": 1, "item_id": "m", "chunk_index": 0, "data": "d",
            "encoding": null, "target": { "entity_kind": "message", "entity_id": "m", "field": "text",
            "part_index": null } }),
        json!({ "kind": "tool.approval", "output_index": 4, "item_id": "a", "tool_call_id": "a", "tool_type": "mcp",
            "tool_name": "t", "server_label": null, "approval_request_id": null, "approved": true, "reason": null }),
        json!({ "kind": "final", "final": { "status": "completed", "response_text": null, "usage": { "requests": null,
            "input_tokens": 1 }, "structured_output": null, "reasoning_summary_text": null, "refusal_text": null,
            "attachments": [nulls] } }),
    ];
    let times = ["08:00:00Z", "08:00:00.5Z", "08:00:01.250Z", "08:00:02.000001Z"];
    let frames = bodies.into_iter().zip(1_usize..);
    frames.map(|(body, n)| line(body, n, times[n.min(times.len()) - 1])).collect()
}

fn line(mut body: Value, event_id: usize, time: &str) -> String {
    let envelope = json!({
        "schema": "public_sse_v1", "event_id": event_id, "stream_id": "chat_2", "conversation_id": "c_2",
        "server_timestamp": format!("2026-01-05T{time}"), "response_id": null, "agent": null, "scope": null,
        "provider_sequence_number": null, "notices": null,
    });
    let fields = body.as_object_mut().unwrap();
    fields.entry("workflow").or_insert_with(|| json!(null));
    fields.extend(envelope.as_object().unwrap().clone());
    let pairs: Vec<String> =
        fields.iter().rev().map(|(key, value)| format!("{}: {value}", json!(key))).collect();
    format!("{{ {} }}", pairs.join(", "))
}
