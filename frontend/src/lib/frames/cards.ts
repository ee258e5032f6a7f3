/**
 * Which card a frame speaks of. An item and a call have ids of their own, and either may be seen first. A card made
 * for an item alone takes the call's id once a frame names both; if the call has a card already, the two become one.
 */
import { encloseCard, newCard, patchCard, type Sighting } from "./card.ts";
import { ownItem } from "./items.ts";
import { type Place, SectionIndex } from "./place.ts";
import { type Card, emptySection } from "./state.ts";
import type { Scope, ToolType } from "./types.ts";

/** Takes a frame that speaks of a tool call; its item is registered. */
export function seeCard(place: Place, sighting: Sighting): void {
  const { tool_call_id, item_id, tool_type } = sighting;
  const found =
    tool_call_id === null
      ? ofItem(place, item_id, tool_type)
      : ofCall(place, item_id, tool_call_id, tool_type);
  const card = ownCard(place, found.at);
  patchCard(place.cow, card, sighting, place.stamp);
  if (!found.isChanged) return;
  for (const item of card.item_ids) {
    if (place.index.slots.has(item)) ownItem(place, item).tool_call_id = card.tool_call_id;
  }
}

/** The agent run nested in a call, which may be heard of before the call itself. */
export function nestedPlace(place: Place, scope: Scope): Place {
  const { cow, index, stamp } = place;
  const call = scope.tool_call_id;
  const card = ownCard(place, findCall(place, call) ?? openCall(place, call, "agent"));
  encloseCard(card, scope, stamp);
  card.nested ??= cow.adopt(emptySection());
  const section = cow.own(card, "nested");
  const nested = index.nested.get(call) ?? new SectionIndex(section);
  index.nested.set(call, nested);
  return { cow, section, index: nested, stamp };
}

interface Found {
  at: number;
  /** Whether an item's call became known by it. */
  isChanged: boolean;
}

/** A placeholder: its item's id stands for the call until that is known. */
function ofItem(place: Place, item: string, tool_type: ToolType): Found {
  const at = place.index.byItem.get(item);
  if (at !== undefined) return { at, isChanged: false };
  return show(place, item, place.index.byCall.get(item) ?? open(place, item, tool_type));
}

function ofCall(place: Place, item: string, call: string, tool_type: ToolType): Found {
  const known = findCall(place, call);
  const shown = place.index.byItem.get(item);
  if (known !== undefined) {
    if (shown === undefined) return show(place, item, known);
    // An item that shows another call keeps it.
    const isMerged = shown !== known && isPlaceholder(place, shown);
    return isMerged ? merge(place, shown, known) : { at: known, isChanged: false };
  }
  if (shown !== undefined && isPlaceholder(place, shown)) return name(place, shown, call);
  const at = openCall(place, call, tool_type);
  return shown === undefined ? show(place, item, at) : { at, isChanged: false };
}

/** The card of a call; a placeholder whose item has the call's id is it. */
function findCall(place: Place, call: string): number | undefined {
  const at = place.index.byCall.get(call);
  if (at !== undefined) return at;
  const shown = place.index.byItem.get(call);
  if (shown === undefined || !isPlaceholder(place, shown)) return undefined;
  return name(place, shown, call).at;
}

/** Whether no frame has named the card's call yet. */
function isPlaceholder({ section, index }: Place, at: number): boolean {
  const card = section.tools[at];
  return card !== undefined && index.byCall.get(card.tool_call_id) !== at;
}

function open({ cow, section, stamp }: Place, id: string, tool_type: ToolType): number {
  return cow.own(section, "tools").push(cow.adopt(newCard(id, tool_type, stamp))) - 1;
}

function openCall(place: Place, call: string, tool_type: ToolType): number {
  const at = open(place, call, tool_type);
  place.index.byCall.set(call, at);
  return at;
}

function show(place: Place, item: string, at: number): Found {
  place.index.byItem.set(item, at);
  place.cow.own(ownCard(place, at), "item_ids").push(item);
  return { at, isChanged: true };
}

function name(place: Place, at: number, call: string): Found {
  place.index.byCall.set(call, at);
  ownCard(place, at).tool_call_id = call;
  return { at, isChanged: true };
}

/** Makes a placeholder part of a known call. It has nothing to lose: whatever said more would have named a call. */
function merge(place: Place, placeholder: number, into: number): Found {
  const { cow, section, index } = place;
  const merged = ownCard(place, placeholder);
  const card = ownCard(place, into);
  cow.own(card, "item_ids").push(...merged.item_ids);
  if (merged.first_event_id < card.first_event_id) {
    card.first_event_id = merged.first_event_id;
    card.started_at = merged.started_at;
  }
  section.tools.splice(placeholder, 1);
  index.indexCards(section);
  return { at: placeholder < into ? into - 1 : into, isChanged: true };
}

function ownCard({ cow, section }: Place, at: number): Card {
  return cow.at(cow.own(section, "tools"), at);
}
