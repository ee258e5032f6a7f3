//! Which card a frame speaks of.
//!
//! An item and a call have ids of their own, and either may be seen first. A card made for an item alone takes the
//! call's id once a frame names both; if the call has a card already, the two become one.

use std::collections::HashMap;

use serde::{Serialize, Serializer};

use super::Stamp;
use super::card::{Card, Sighting};
use super::section::Section;
use crate::body::ToolType;
use crate::envelope::Scope;

#[derive(Debug, Clone, Default)]
pub(super) struct Cards {
    /// In order of appearance; a card that became part of another leaves a gap.
    slots: Vec<Option<Card>>,
    by_item: HashMap<String, usize>,
    by_call: HashMap<String, usize>,
}

/// An item and the call it shows from now on.
pub(super) type Binding = (String, String);

impl Cards {
    /// Takes a frame and returns the items whose call became known by it.
    pub(super) fn see(&mut self, sighting: Sighting<'_>, stamp: Stamp) -> Vec<Binding> {
        let item_id = &sighting.item.item_id;
        let (at, changed) = match sighting.tool_call_id {
            Some(call) => self.of_call(item_id, call, sighting.tool_type, stamp),
            None => self.of_item(item_id, sighting.tool_type, stamp),
        };
        let card = self.card(at);
        card.patch(sighting, stamp);
        if !changed {
            return Vec::new();
        }
        card.item_ids.iter().map(|item| (item.clone(), card.tool_call_id.clone())).collect()
    }

    /// The agent run nested in a call, which may be heard of before the call itself.
    pub(super) fn nested(&mut self, scope: &Scope, stamp: Stamp) -> &mut Section {
        let call = &scope.tool_call_id;
        let at = match self.find_call(call) {
            Some(at) => at,
            None => self.open_call(call, ToolType::Agent, stamp),
        };
        self.card(at).enclose(scope, stamp)
    }

    /// A placeholder: its item's id stands for the call until that is known.
    fn of_item(&mut self, item_id: &str, tool_type: ToolType, stamp: Stamp) -> (usize, bool) {
        if let Some(&at) = self.by_item.get(item_id) {
            return (at, false);
        }
        let known = self.by_call.get(item_id).copied();
        let at = known.unwrap_or_else(|| self.open(item_id, tool_type, stamp));
        (at, self.show(item_id, at))
    }

    fn of_call(&mut self, item_id: &str, call: &str, tool_type: ToolType, stamp: Stamp) -> (usize, bool) {
        let of_item = self.by_item.get(item_id).copied();
        match (self.find_call(call), of_item) {
            (Some(at), Some(other)) if at == other => (at, false),
            (Some(at), Some(other)) if self.is_placeholder(other) => (at, self.merge(other, at)),
            // The item shows another call already and keeps it.
            (Some(at), Some(_)) => (at, false),
            (Some(at), None) => (at, self.show(item_id, at)),
            (None, Some(at)) if self.is_placeholder(at) => (at, self.name(at, call)),
            (None, Some(_)) => (self.open_call(call, tool_type, stamp), false),
            (None, None) => {
                let at = self.open_call(call, tool_type, stamp);
                (at, self.show(item_id, at))
            }
        }
    }

    /// The card of a call; a placeholder whose item has the call's id is it.
    fn find_call(&mut self, call: &str) -> Option<usize> {
        if let Some(&at) = self.by_call.get(call) {
            return Some(at);
        }
        let at = *self.by_item.get(call)?;
        if !self.is_placeholder(at) {
            return None;
        }
        self.name(at, call);
        Some(at)
    }

    /// Whether no frame has named the card's call yet.
    fn is_placeholder(&self, at: usize) -> bool {
        let card = self.slots[at].as_ref();
        card.is_none_or(|card| self.by_call.get(&card.tool_call_id) != Some(&at))
    }

    fn open(&mut self, id: &str, tool_type: ToolType, stamp: Stamp) -> usize {
        self.slots.push(Some(Card::new(id, tool_type, stamp)));
        self.slots.len() - 1
    }

    fn open_call(&mut self, call: &str, tool_type: ToolType, stamp: Stamp) -> usize {
        let at = self.open(call, tool_type, stamp);
        self.by_call.insert(call.to_owned(), at);
        at
    }

    fn show(&mut self, item_id: &str, at: usize) -> bool {
        self.by_item.insert(item_id.to_owned(), at);
        self.card(at).item_ids.push(item_id.to_owned());
        true
    }

    fn name(&mut self, at: usize, call: &str) -> bool {
        self.by_call.insert(call.to_owned(), at);
        call.clone_into(&mut self.card(at).tool_call_id);
        true
    }

    /// Makes a placeholder part of a known call. It has nothing to lose: whatever said more would have named a call.
    fn merge(&mut self, placeholder: usize, into: usize) -> bool {
        let Some(merged) = self.slots[placeholder].take() else { return false };
        for item_id in &merged.item_ids {
            self.by_item.insert(item_id.clone(), into);
        }
        let card = self.card(into);
        card.item_ids.extend(merged.item_ids);
        if merged.first_event_id < card.first_event_id {
            card.first_event_id = merged.first_event_id;
            card.started_at = merged.started_at;
        }
        true
    }

    fn card(&mut self, at: usize) -> &mut Card {
        self.slots[at].as_mut().expect("only merged cards leave gaps, and no id leads to those")
    }
}

impl Serialize for Cards {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.slots.iter().flatten())
    }
}
