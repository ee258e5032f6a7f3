//! Output items in the order of their slots, with their texts, sources and reasoning.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::{Serialize, Serializer};

use super::Stamp;
use crate::body::{Body, Citation, Item};

#[derive(Debug, Clone, Default)]
pub(super) struct Items {
    rows: Vec<Row>,
    by_id: HashMap<String, usize>,
    /// Slot, then arrival: providers start slots anew with each response, and two items may claim one.
    order: BTreeSet<(u64, usize)>,
}

#[derive(Debug, Clone, Serialize)]
struct Row {
    item_id: String,
    output_index: u64,
    item_type: Option<String>,
    role: Option<String>,
    status: Option<String>,
    is_done: bool,
    tool_call_id: Option<String>,
    first_event_id: u64,
    #[serde(serialize_with = "values")]
    parts: BTreeMap<u64, Part>,
    #[serde(serialize_with = "values")]
    reasoning: BTreeMap<u64, Summary>,
}

#[derive(Debug, Clone, Serialize)]
struct Part {
    content_index: u64,
    text: String,
    refusal: Option<String>,
    citations: Vec<Citation>,
}

#[derive(Debug, Clone, Serialize)]
struct Summary {
    summary_index: u64,
    text: String,
    is_done: bool,
}

fn values<T: Serialize, S: Serializer>(map: &BTreeMap<u64, T>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(map.values())
}

impl Items {
    /// Makes a place for the item, or moves it.
    pub(super) fn register(&mut self, item: &Item, stamp: Stamp) {
        let Some(&at) = self.by_id.get(&item.item_id) else {
            self.by_id.insert(item.item_id.clone(), self.rows.len());
            self.order.insert((item.output_index, self.rows.len()));
            self.rows.push(Row::new(item, stamp));
            return;
        };
        let row = &mut self.rows[at];
        if row.output_index != item.output_index {
            self.order.remove(&(row.output_index, at));
            self.order.insert((item.output_index, at));
            row.output_index = item.output_index;
        }
    }

    /// Says which tool call the item shows.
    pub(super) fn bind(&mut self, item_id: &str, tool_call_id: &str) {
        if let Some(&at) = self.by_id.get(item_id) {
            self.rows[at].tool_call_id = Some(tool_call_id.to_owned());
        }
    }

    /// Takes what a frame says about its item, which is registered.
    pub(super) fn apply(&mut self, body: &Body) {
        let Some(item) = body.item() else { return };
        let row = &mut self.rows[self.by_id[&item.item_id]];
        match body {
            Body::OutputItemAdded(added) => {
                row.begin();
                row.describe(&added.item_type, added.role.as_ref(), added.status.as_ref());
            }
            Body::OutputItemDone(done) => {
                row.describe(&done.item_type, done.role.as_ref(), done.status.as_ref());
                row.is_done = true;
            }
            Body::MessageDelta(delta) => row.part(delta.content_index).text.push_str(&delta.delta),
            Body::MessageCitation(cited) => {
                row.part(cited.content_index).citations.push(cited.citation.clone());
            }
            Body::RefusalDelta(delta) => {
                row.part(delta.content_index).refusal.get_or_insert_default().push_str(&delta.delta);
            }
            Body::RefusalDone(done) => {
                row.part(done.content_index).refusal = Some(done.refusal_text.clone());
            }
            Body::ReasoningPartAdded(added) => {
                let text = added.text.as_deref().unwrap_or_default();
                row.summary(added.summary_index, text);
            }
            Body::ReasoningDelta(delta) => {
                let last = row.reasoning.keys().next_back().copied();
                let at = delta.summary_index.or(last).unwrap_or(0);
                row.summary(at, "").append(&delta.delta);
            }
            Body::ReasoningPartDone(done) => {
                let summary = row.summary(done.summary_index, "");
                summary.text.clone_from(&done.text);
                summary.is_done = true;
            }
            _ => {}
        }
    }

    /// Appends what a whole reasoning summary has beyond the streamed parts, if it extends them.
    pub(super) fn reconcile(&mut self, whole: &str) {
        let parts = self.order.iter().flat_map(|(_, at)| self.rows[*at].reasoning.values());
        let streamed: String = parts.map(|part| part.text.as_str()).collect();
        let Some(rest) = whole.strip_prefix(&streamed) else { return };
        let rows = self.order.iter().rev().map(|(_, at)| *at);
        let last = rows.into_iter().find(|at| !self.rows[*at].reasoning.is_empty());
        if let Some(part) = last.and_then(|at| self.rows[at].reasoning.values_mut().next_back()) {
            part.text.push_str(rest);
        }
    }
}

impl Row {
    fn new(item: &Item, stamp: Stamp) -> Self {
        Self {
            item_id: item.item_id.clone(),
            output_index: item.output_index,
            item_type: None,
            role: None,
            status: None,
            is_done: false,
            tool_call_id: None,
            first_event_id: stamp.event_id,
            parts: BTreeMap::new(),
            reasoning: BTreeMap::new(),
        }
    }

    /// An item that is added again begins anew: another attempt tells it from the start, and what the one before told
    /// of it is not said twice.
    fn begin(&mut self) {
        if self.item_type.is_some() {
            self.parts.clear();
            self.reasoning.clear();
            self.is_done = false;
        }
    }

    fn describe(&mut self, item_type: &str, role: Option<&String>, status: Option<&String>) {
        self.item_type = Some(item_type.to_owned());
        self.role = role.cloned().or(self.role.take());
        self.status = status.cloned().or(self.status.take());
    }

    fn part(&mut self, content_index: u64) -> &mut Part {
        self.parts.entry(content_index).or_insert_with(|| Part {
            content_index,
            text: String::new(),
            refusal: None,
            citations: Vec::new(),
        })
    }

    fn summary(&mut self, summary_index: u64, text: &str) -> &mut Summary {
        let new = || Summary { summary_index, text: text.to_owned(), is_done: false };
        self.reasoning.entry(summary_index).or_insert_with(new)
    }
}

impl Summary {
    /// Adds streamed text; what was declared complete stays.
    fn append(&mut self, delta: &str) {
        if !self.is_done {
            self.text.push_str(delta);
        }
    }
}

impl Serialize for Items {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.order.iter().map(|(_, at)| &self.rows[*at]))
    }
}
