/** One response, or one nested agent run: its items, tool calls, handovers and memory checkpoints. */
import { sightingOf } from "./card.ts";
import { nestedPlace, seeCard } from "./cards.ts";
import { applyChunk } from "./chunks.ts";
import { applyItem, registerItem } from "./items.ts";
import type { Place } from "./place.ts";
import type { Section } from "./state.ts";
import type { AgentUpdated, Envelope, MemoryCheckpoint, SectionBody } from "./types.ts";
import { checkpointOf, compact } from "./wire.ts";

/** Takes a frame of this section. A scoped one belongs to the agent run nested in a tool call. */
export function applySection(place: Place, frame: Envelope & SectionBody): void {
  const { section, stamp } = place;
  see(section, stamp.event_id);
  if (frame.workflow) section.workflow = compact(frame.workflow);
  if (!frame.scope) {
    section.agent = frame.agent ?? section.agent;
    applyBody(place, frame);
    return;
  }
  const nested = nestedPlace(place, frame.scope);
  nested.section.response_id = frame.response_id ?? null;
  see(nested.section, stamp.event_id);
  nested.section.agent = frame.agent ?? frame.scope.agent ?? nested.section.agent;
  applyBody(nested, frame);
}

function see(section: Section, event_id: number): void {
  section.first_event_id ??= event_id;
  section.last_event_id = event_id;
}

function applyBody(place: Place, frame: Envelope & SectionBody): void {
  switch (frame.kind) {
    case "lifecycle":
      place.section.lifecycle = { status: frame.status, reason: frame.reason ?? null };
      return;
    case "agent.updated":
      handOver(place, frame);
      return;
    case "memory.checkpoint":
      mark(place, frame);
      return;
    case "chunk.delta":
    case "chunk.done":
      registerItem(place, frame);
      applyChunk(place, frame);
      return;
    case "output_item.added":
    case "output_item.done":
    case "tool.status":
    case "tool.arguments.delta":
    case "tool.arguments.done":
    case "tool.code.delta":
    case "tool.code.done":
    case "tool.output":
    case "tool.approval": {
      registerItem(place, frame);
      const sighting = sightingOf(frame);
      if (sighting) seeCard(place, sighting);
      applyItem(place, frame);
      return;
    }
    default:
      registerItem(place, frame);
      applyItem(place, frame);
      return;
  }
}

function handOver({ cow, section, stamp }: Place, body: AgentUpdated): void {
  section.agent = body.to_agent;
  cow.own(section, "agent_updates").push({
    ...stamp,
    from_agent: body.from_agent ?? null,
    to_agent: body.to_agent,
    handoff_index: body.handoff_index ?? null,
  });
}

function mark({ cow, section, stamp }: Place, frame: Envelope & MemoryCheckpoint): void {
  const id = `memory-checkpoint-${frame.stream_id}-${stamp.event_id}`;
  cow.own(section, "checkpoints").push({ id, ...stamp, checkpoint: checkpointOf(frame.checkpoint) });
}
