/** The blocks of an item that is no tool call: its reasoning, and what it says or refuses to say. */
import type { Item, Section } from "@/lib/frames/state.ts";
import type { BlockView, MessageBlock, ReasoningBlock } from "./block.ts";
import { citationView } from "./citation.ts";
import { fieldsOf } from "./fields.ts";
import type { Known } from "./known.ts";

export function itemBlocks(item: Item, section: Section, place: number, known: Known): BlockView[] {
  const message = messageOf(item, section, place, known);
  const reasoning = reasoningOf(item, place, known);
  if (!message) return reasoning ? [{ ...reasoning, omissions: known.omissions.of(item.item_id) }] : [];
  return reasoning ? [reasoning, message] : [message];
}

function reasoningOf(item: Item, place: number, { hasEnded }: Known): ReasoningBlock | null {
  const parts = item.reasoning
    .filter(({ text }) => text !== "")
    .map(({ summary_index: index, text, is_done }) => ({ index, text, isDone: is_done || hasEnded }));
  if (parts.length === 0) return null;
  return { type: "reasoning", id: `${item.item_id}-reasoning`, place, parts, omissions: [] };
}

/** A refusal is said instead of the text, whatever of that came before it. */
function messageOf(item: Item, section: Section, place: number, known: Known): MessageBlock | null {
  const refusal = item.parts.map((part) => part.refusal ?? "").join("");
  const text = refusal || item.parts.map((part) => part.text).join("");
  const fields = fieldsOf(section, "message", [item.item_id], known);
  const citations = item.parts.flatMap((part) =>
    part.citations.map((citation) => citationView(citation, part.text, known)),
  );
  if (text === "" && fields.length === 0 && citations.length === 0) return null;
  return {
    type: "message",
    id: item.item_id,
    place,
    role: item.role,
    text,
    isDone: item.is_done || known.hasEnded,
    isRefusal: refusal !== "",
    citations,
    fields,
    omissions: known.omissions.of(item.item_id),
  };
}
