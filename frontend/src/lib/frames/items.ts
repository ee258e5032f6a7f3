/** Output items in the order of their slots, with their texts, sources and reasoning. */
import type { Cow } from "./cow.ts";
import type { Place } from "./place.ts";
import type { Item, Part, Section, Summary } from "./state.ts";
import type { ItemBody, ItemFields, OutputItem } from "./types.ts";
import { compact } from "./wire.ts";

/** Makes a place for the item, or moves it. */
export function registerItem(
  { cow, section, index, stamp }: Place,
  { item_id, output_index }: ItemFields,
): void {
  const slot = index.slots.get(item_id);
  if (slot === output_index) return;
  index.slots.set(item_id, output_index);
  const items = cow.own(section, "items");
  if (slot === undefined) {
    insert(items, cow.adopt(newItem(item_id, output_index, stamp.event_id)));
    return;
  }
  const position = find(items, item_id, slot);
  const item = cow.at(items, position);
  items.splice(position, 1);
  item.output_index = output_index;
  insert(items, item);
}

/** The item, ready to be written. It is registered. */
export function ownItem({ cow, section, index }: Place, item_id: string): Item {
  const items = cow.own(section, "items");
  return cow.at(items, find(items, item_id, index.slots.get(item_id) ?? 0));
}

/** Takes what a frame says about its item, apart from tool calls. */
export function applyItem(place: Place, body: ItemBody): void {
  const { cow } = place;
  const item = () => ownItem(place, body.item_id);
  switch (body.kind) {
    case "output_item.added":
      begin(cow, item());
      describe(item(), body);
      return;
    case "output_item.done":
      describe(item(), body);
      item().is_done = true;
      return;
    case "message.delta":
      part(cow, item(), body.content_index).text += body.delta;
      return;
    case "message.citation":
      cow.own(part(cow, item(), body.content_index), "citations").push(compact(body.citation));
      return;
    case "refusal.delta": {
      const refused = part(cow, item(), body.content_index);
      refused.refusal = (refused.refusal ?? "") + body.delta;
      return;
    }
    case "refusal.done":
      part(cow, item(), body.content_index).refusal = body.refusal_text;
      return;
    case "reasoning_summary.part.added":
      summary(cow, item(), body.summary_index, body.text ?? "");
      return;
    case "reasoning_summary.delta": {
      const row = item();
      const last = row.reasoning.at(-1)?.summary_index ?? 0;
      const streamed = summary(cow, row, body.summary_index ?? last, "");
      if (!streamed.is_done) streamed.text += body.delta;
      return;
    }
    case "reasoning_summary.part.done":
      Object.assign(summary(cow, item(), body.summary_index, ""), { text: body.text, is_done: true });
  }
}

/** Appends what a whole reasoning summary has beyond the streamed parts, if it extends them. */
export function reconcile(cow: Cow, section: Section, whole: string): void {
  const streamed = section.items.flatMap((item) => item.reasoning.map((part) => part.text)).join("");
  if (!whole.startsWith(streamed)) return;
  const position = section.items.findLastIndex((item) => item.reasoning.length > 0);
  if (position < 0) return;
  const reasoning = cow.own(cow.at(cow.own(section, "items"), position), "reasoning");
  cow.at(reasoning, reasoning.length - 1).text += whole.slice(streamed.length);
}

/**
 * An item that is added again begins anew: another attempt tells it from the start, and what the one before told of it
 * is not said twice.
 */
function begin(cow: Cow, item: Item): void {
  if (item.item_type === null) return;
  item.parts = cow.adopt([]);
  item.reasoning = cow.adopt([]);
  item.is_done = false;
}

function describe(item: Item, body: OutputItem): void {
  item.item_type = body.item_type;
  item.role = body.role ?? item.role;
  item.status = body.status ?? item.status;
}

function part(cow: Cow, item: Item, content_index: number): Part {
  const fresh = (): Part => ({ content_index, text: "", refusal: null, citations: [] });
  return sorted(cow, cow.own(item, "parts"), (part) => part.content_index, content_index, fresh);
}

function summary(cow: Cow, item: Item, summary_index: number, text: string): Summary {
  const fresh = (): Summary => ({ summary_index, text, is_done: false });
  return sorted(cow, cow.own(item, "reasoning"), (part) => part.summary_index, summary_index, fresh);
}

/** The member with this key in a list sorted by it, made if there is none. Looks from the end, where work is done. */
function sorted<T extends object>(
  cow: Cow,
  list: T[],
  key: (member: T) => number,
  wanted: number,
  fresh: () => T,
): T {
  const before = list.findLastIndex((member) => key(member) <= wanted);
  const member = list[before];
  if (member !== undefined && key(member) === wanted) return cow.at(list, before);
  const made = cow.adopt(fresh());
  list.splice(before + 1, 0, made);
  return made;
}

function newItem(item_id: string, output_index: number, first_event_id: number): Item {
  return {
    item_id,
    output_index,
    item_type: null,
    role: null,
    status: null,
    is_done: false,
    tool_call_id: null,
    first_event_id,
    parts: [],
    reasoning: [],
  };
}

/** Two items may claim one slot; the one that came first stands first. */
function insert(items: Item[], item: Item): void {
  const stands = (other: Item) =>
    other.output_index < item.output_index ||
    (other.output_index === item.output_index && other.first_event_id < item.first_event_id);
  items.splice(items.findLastIndex(stands) + 1, 0, item);
}

function find(items: Item[], item_id: string, slot: number): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((items[middle]?.output_index ?? slot) < slot) low = middle + 1;
    else high = middle;
  }
  while (items[low]?.item_id !== item_id) low += 1;
  return low;
}
