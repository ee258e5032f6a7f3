/**
 * The blocks of a transcript in the order in which they are read: within a response by the slots of its items, between
 * responses by when they began. What belongs to no response stands where it was said.
 */
import type { Card, Omission, Section, TranscriptState } from "@/lib/frames/state.ts";
import type { BlockView, CheckpointBlock, HandOffBlock, SpeakerBlock, ToolBlock } from "./block.ts";
import { cardBlock } from "./card_block.ts";
import { itemBlocks } from "./item_blocks.ts";
import { type Known, OmissionsByItem } from "./known.ts";
import { speakerOf } from "./speaker.ts";

export function transcriptBlocks(state: TranscriptState): BlockView[] {
  const known = knownOf(state);
  const groups = [
    ...sectionBlocks(state.header, known).map((block) => ({ place: block.place, blocks: [block] })),
    ...state.sections.map((section) => ({
      place: section.first_event_id ?? 0,
      blocks: sectionBlocks(section, known),
    })),
  ];
  return withoutRepeated(groups.sort((a, b) => a.place - b.place).flatMap(({ blocks }) => blocks));
}

/** What a run has said is missing somewhere, and where no block shows it. */
export function looseOmissions(omissions: readonly Omission[], blocks: readonly BlockView[]): Omission[] {
  if (omissions.length === 0) return [];
  const shown = new Set(blocks.flatMap(shownIn));
  return omissions.filter(({ event_id, path }) => !shown.has(`${event_id} ${path}`));
}

function shownIn(block: BlockView): string[] {
  if (!("omissions" in block)) return [];
  const own = block.omissions.map(({ eventId, path }) => `${eventId} ${path}`);
  return block.type === "tool" ? [...own, ...block.nested.flatMap(shownIn)] : own;
}

function knownOf({ artifacts, omissions, terminal }: TranscriptState): Known {
  return {
    artifacts: new Set(artifacts.map(({ artifact_id }) => artifact_id)),
    omissions: new OmissionsByItem(omissions),
    hasEnded: terminal !== null,
  };
}

/** One response, or what an agent said inside a tool call. */
function sectionBlocks(section: Section, known: Known): BlockView[] {
  const markers = [...section.checkpoints.map(checkpointBlock), ...section.agent_updates.map(handOffBlock)];
  const blocks = [...markers, ...placedItems(section, known)].sort((a, b) => a.place - b.place);
  const speaker = blocks.some(({ type }) => type !== "tool") ? speakerOf(section) : null;
  return speaker ? [speaker, ...blocks] : blocks;
}

/** A card of several items stands at the first of them, and one without an item at the end. */
function placedItems(section: Section, known: Known): BlockView[] {
  const cards = new Map(section.tools.map((card) => [card.tool_call_id, card]));
  let place = 0;
  const blocks = section.items.flatMap((item) => {
    place = Math.max(place, item.first_event_id);
    if (item.tool_call_id === null) return itemBlocks(item, section, place, known);
    const card = cards.get(item.tool_call_id);
    cards.delete(item.tool_call_id);
    return card ? [blockOf(card, section, place, known)] : [];
  });
  const rest = [...cards.values()];
  return [...blocks, ...rest.map((card) => blockOf(card, section, card.first_event_id, known))];
}

function blockOf(card: Card, section: Section, place: number, known: Known): ToolBlock {
  const nested = card.nested ? sectionBlocks(card.nested, known) : [];
  return { ...cardBlock(card, section, known), place, nested };
}

function checkpointBlock({ id, event_id, at, checkpoint }: Section["checkpoints"][number]): CheckpointBlock {
  return { type: "checkpoint", id, place: event_id, at, checkpoint };
}

function handOffBlock(update: Section["agent_updates"][number]): HandOffBlock {
  const { event_id, at, from_agent: from, to_agent: to, handoff_index: nth } = update;
  return { type: "hand_off", id: `hand-off-${event_id}`, place: event_id, at, from, to, nth };
}

/** Who speaks is said where it changes. */
function withoutRepeated(blocks: BlockView[]): BlockView[] {
  let said: string | null = null;
  return blocks.filter((block) => {
    if (block.type !== "speaker") return true;
    const isNew = toldBy(block) !== said;
    said = toldBy(block);
    return isNew;
  });
}

function toldBy({ label, lifecycle, reason }: SpeakerBlock): string {
  return [label, lifecycle, reason].join("|");
}
