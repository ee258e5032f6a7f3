//! A small world for random streams: a few items, calls, branches and responses whose ids meet often.

use frames::*;
use serde_json::json;

use crate::story::*;

/// How many kinds of frames the world knows.
pub(crate) const KINDS: usize = 20;

/// Each below three, `index` below two.
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
        _ => ChunkDone { item, target }.into(),
    }
}
