/** Where a frame is written: the section, the ready parts of it, and where its ids are found. */
import type { Cow } from "./cow.ts";
import type { Section } from "./state.ts";
import type { ChunkTarget } from "./types.ts";

/** A frame's number and time. */
export interface Stamp {
  event_id: number;
  at: string;
}

export interface Place {
  cow: Cow;
  section: Section;
  index: SectionIndex;
  stamp: Stamp;
}

/** Finds the parts of a section by id without looking through it. It can be made again from the section. */
export class SectionIndex {
  /** The slot of each item. */
  readonly slots = new Map<string, number>();
  /** Positions in `tools`. */
  readonly byItem = new Map<string, number>();
  readonly byCall = new Map<string, number>();
  /** Positions in `chunks`. */
  readonly chunks = new Map<string, number>();
  /** The indexes of nested sections by call. */
  readonly nested = new Map<string, SectionIndex>();

  constructor(section: Section) {
    for (const item of section.items) this.slots.set(item.item_id, item.output_index);
    for (const [at, field] of section.chunks.entries()) this.chunks.set(chunkKey(field), at);
    this.indexCards(section);
    for (const card of section.tools) {
      if (card.nested) this.nested.set(card.tool_call_id, new SectionIndex(card.nested));
    }
  }

  /** Finds the cards anew, after one of them left its place. */
  indexCards(section: Section): void {
    this.byItem.clear();
    this.byCall.clear();
    section.tools.forEach((card, at) => {
      for (const item of card.item_ids) this.byItem.set(item, at);
      // A card that is pending was made for an item alone; no frame has named its call.
      if (card.status !== "pending") this.byCall.set(card.tool_call_id, at);
    });
  }
}

export function chunkKey(target: ChunkTarget): string {
  return JSON.stringify([target.entity_kind, target.entity_id, target.field, target.part_index ?? null]);
}
