//! A small world for random streams: a few items, calls, branches and responses whose ids meet often.

use frames::*;
use serde_json::json;

use crate::story::*;

/// How many kinds of frames the world knows.
pub(crate) const KINDS: usize = 30;

/// Each below three, `index` below two.
#[derive(Clone, Copy)]
pub(crate) struct Ids {
    pub(crate) slot: u64,
    pub(crate) id: u64,
    pub(crate) index: u64,
    pub(crate) call: u64,
}

/// Where a frame belongs.
pub(crate) struct Place {
    pub(crate) branch: Option<u64>,
    pub(crate) response: Option<u64>,
    pub(crate) nested: Option<u64>,
}

pub(crate) fn draft(kind: usize, ids: &Ids, word: &str, place: &Place) -> Draft {
    let mut draft = Draft::from(body(kind, ids, word.to_owned()));
    draft.workflow = place.branch.map(branch);
    draft.response_id = place.response.map(|n| format!("r{n}"));
    draft.scope = place.nested.map(|n| scope(&format!("call_{n}")));
    draft
}

fn body(kind: usize, ids: &Ids, word: String) -> Body {
    let Ids { slot, id, index, .. } = *ids;
    let item = Item::new(slot, format!("item_{id}"));
    // The third call has its item's id, as hosted tools have it.
    let call = if ids.call == 2 { item.item_id.clone() } else { format!("call_{}", ids.call) };
    let target = ChunkTarget {
        entity_kind: EntityKind::Message,
        entity_id: item.item_id.clone(),
        field: "text".to_owned(),
        part_index: None,
    };
    let nth = usize::try_from(slot).unwrap();
    match kind {
        0 => lifecycle(LifecycleStatus::ALL[nth]),
        1 => AgentUpdated { from_agent: None, to_agent: word, handoff_index: Some(index) }.into(),
        2 => Checkpoint { tokens_before: Some(id), ..Checkpoint::default() }.into(),
        3 => added(&item, "function_call"),
        4 => added(&item, "message"),
        5 => done(&item, "message"),
        6 => delta(&item, index, &word),
        7 => cites(&item, index, UrlCitation { start_index: 0, end_index: 1, title: None, url: word }),
        8 => ReasoningPartAdded { item, summary_index: index, text: Some(word) }.into(),
        9 => ReasoningDelta { item, summary_index: (slot > 0).then_some(index), delta: word }.into(),
        10 => ReasoningPartDone { item, summary_index: index, text: word }.into(),
        11 => RefusalDelta { item, content_index: index, delta: word }.into(),
        12 => RefusalDone { item, content_index: index, refusal_text: word }.into(),
        13 => tool(&item, function(&call, CallStatus::ALL[nth])),
        14 => tool(&item, mcp(&call, McpStatus::ALL[nth])),
        15 => approval(&item, &call, index == 0).into(),
        16 => output(&item, &call, ToolType::Function, json!(word)),
        17 => ToolCodeDelta { item, tool_call_id: call, delta: word }.into(),
        18 => ChunkDelta { item, target, encoding: None, chunk_index: slot, data: word }.into(),
        19 => ChunkDone { item, target }.into(),
        20..=24 => call_body(kind, item, call, slot, word),
        _ => run_body(kind, *ids, word),
    }
}

fn call_body(kind: usize, item: Item, call: String, slot: u64, word: String) -> Body {
    match kind {
        20 => ToolArgumentsDelta {
            item,
            tool_call_id: call,
            tool_type: CallType::Agent,
            tool_name: "ask".to_owned(),
            delta: word,
        }
        .into(),
        21 => ToolArgumentsDone {
            item,
            tool_call_id: call,
            tool_type: CallType::Function,
            tool_name: "look".to_owned(),
            arguments_text: word.clone(),
            arguments_json: (slot > 0).then(|| object(json!({ "asked": word, "share": 0.25 }))),
        }
        .into(),
        22 => ToolCodeDone { item, tool_call_id: call, code: word }.into(),
        23 => {
            let status = SearchStatus::ALL[usize::try_from(slot).unwrap()];
            let query = (!word.is_empty()).then_some(word);
            tool(&item, WebSearch { tool_call_id: call, status, query, sources: None })
        }
        _ => {
            let status = CallStatus::ALL[usize::try_from(slot).unwrap()];
            tool(&item, AgentTool { tool_call_id: call, status, name: word, agent: None })
        }
    }
}

/// What is said of the run as a whole; a plan is no part of it, because its numbers must fit.
fn run_body(kind: usize, ids: Ids, word: String) -> Body {
    match kind {
        25 => ApprovalRequested {
            approval_id: format!("a{}", ids.id),
            title: word,
            detail: None,
            expires_at: None,
        }
        .into(),
        26 => ApprovalDecided {
            approval_id: format!("a{}", ids.id),
            decision: Decision::ALL[usize::try_from(ids.slot).unwrap()],
            reason: (ids.index > 0).then_some(word),
        }
        .into(),
        27 => RunNotice { level: Level::Info, code: "WORD".to_owned(), message: word, data: None }.into(),
        28 => Progress {
            phase: format!("p{}", ids.index),
            fraction: [0.0, 0.5, 1.0][usize::try_from(ids.slot).unwrap()],
            done: Some(ids.id),
            total: None,
            message: (!word.is_empty()).then_some(word),
        }
        .into(),
        _ => OutputItemDone {
            item: Item::new(ids.slot, word),
            item_type: "odd".to_owned(),
            role: None,
            status: None,
        }
        .into(),
    }
}
