/** What is known of a tool call, as a block shows it. */
import type { Card, Section } from "@/lib/frames/state.ts";
import type { ToolBlock } from "./block.ts";
import { fieldsOf, imagesOf } from "./fields.ts";
import type { Known } from "./known.ts";

export function cardBlock(card: Card, section: Section, known: Known): Omit<ToolBlock, "place" | "nested"> {
  const ids = [card.tool_call_id, ...card.item_ids];
  return {
    type: "tool",
    id: card.tool_call_id,
    name: card.name,
    branch: section.branch?.branch_index ?? null,
    toolType: card.tool_type,
    status: endOf(card) ?? card.status,
    server: card.server_label,
    agent: card.agent,
    argumentsText:
      card.arguments_text ?? (card.arguments_json === null ? null : JSON.stringify(card.arguments_json)),
    code: card.code,
    isCodeDone: card.is_code_done || known.hasEnded,
    details: card.details,
    approval: card.approval,
    output: card.has_output ? card.output : undefined,
    images: imagesOf(section, card, known),
    fields: fieldsOf(section, "tool_call", ids, known),
    startedAt: card.started_at,
    endedAt: card.ended_at,
    omissions: known.omissions.of(...card.item_ids),
  };
}

/**
 * A card that gave nothing has failed by the contract; that it was cancelled or dropped, its output says. No output makes
 * a call that was denied look like one that was done.
 */
function endOf({ has_output, output, status }: Card): string | null {
  if (status !== "completed" && status !== "failed") return null;
  const said = has_output && typeof output === "object" && output !== null && !Array.isArray(output);
  return said && ENDS.has(output.status) ? String(output.status) : null;
}

const ENDS = new Set<unknown>(["completed", "dropped", "failed", "cancelled"]);
