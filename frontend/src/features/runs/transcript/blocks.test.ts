import { describe, expect, test } from "vitest";
import { reduce, Transcript } from "@/lib/frames/reduce.ts";
import type { Section, TranscriptState } from "@/lib/frames/state.ts";
import { framesOf } from "@/testing/forecasts.ts";
import { GOLDENS, goldenFrames } from "@/testing/goldens.ts";
import type { BlockView, MessageBlock, ToolBlock } from "./block.ts";
import { looseOmissions, transcriptBlocks } from "./blocks.ts";

function blocksOf(name: string): BlockView[] {
  return transcriptBlocks(reduce(goldenFrames(name)));
}

function flat(blocks: readonly BlockView[]): BlockView[] {
  return blocks.flatMap((block) => (block.type === "tool" ? [block, ...flat(block.nested)] : [block]));
}

function toolsOf(blocks: readonly BlockView[]): ToolBlock[] {
  return flat(blocks).filter((block) => block.type === "tool");
}

function messagesOf(blocks: readonly BlockView[]): MessageBlock[] {
  return flat(blocks).filter((block) => block.type === "message");
}

function sectionsOf(sections: readonly Section[]): Section[] {
  return sections.flatMap((each) => [
    each,
    ...sectionsOf(each.tools.flatMap((card) => (card.nested ? [card.nested] : []))),
  ]);
}

/** What was said, counted where it was reduced. */
function said(state: TranscriptState) {
  const sections = sectionsOf([state.header, ...state.sections]);
  const items = sections.flatMap((section) => section.items).filter((item) => item.tool_call_id === null);
  const refusal = (item: Section["items"][number]) => item.parts.map((part) => part.refusal ?? "").join("");
  return {
    tools: sections.flatMap((section) => section.tools).length,
    texts: items
      .map((item) => refusal(item) || item.parts.map((part) => part.text).join(""))
      .filter(Boolean)
      .toSorted(),
    citations: items.flatMap((item) => item.parts.flatMap((part) => part.citations)).length,
    reasoning: items.flatMap((item) => item.reasoning).filter(({ text }) => text !== "").length,
    checkpoints: sections.flatMap((section) => section.checkpoints).length,
    handOffs: sections.flatMap((section) => section.agent_updates).length,
    omissions: state.omissions.length,
  };
}

function shown(state: TranscriptState) {
  const blocks = transcriptBlocks(state);
  const all = flat(blocks);
  const messages = messagesOf(blocks);
  const standing = all.flatMap((block) => ("omissions" in block ? block.omissions : []));
  return {
    tools: toolsOf(blocks).length,
    texts: messages
      .map(({ text }) => text)
      .filter(Boolean)
      .toSorted(),
    citations: messages.flatMap(({ citations }) => citations).length,
    reasoning: all.flatMap((block) => (block.type === "reasoning" ? block.parts : [])).length,
    checkpoints: all.filter(({ type }) => type === "checkpoint").length,
    handOffs: all.filter(({ type }) => type === "hand_off").length,
    omissions: standing.length + looseOmissions(state.omissions, blocks).length,
  };
}

describe.each(GOLDENS)("of the golden %s", (name) => {
  test("nothing that was said is missing, after any frame", () => {
    const transcript = new Transcript();
    for (const frame of goldenFrames(name)) {
      transcript.apply(frame);
      const state = transcript.snapshot();
      expect(shown(state)).toEqual(said(state));
    }
  });
});

test("a chat reads in order: reasoning, calls, hand-off, words; it begins with who spoke first", () => {
  const blocks = blocksOf("chat");
  expect(blocks[0]).toMatchObject({ type: "speaker", label: "triage" });
  expect(blocks.map(({ type }) => type)).toEqual([
    "speaker",
    "checkpoint",
    "reasoning",
    "tool",
    "tool",
    "tool",
    "tool",
    "hand_off",
    "message",
  ]);
});

test("pages and files that a message names are shown, and led to where that is known", () => {
  const [message] = messagesOf(blocksOf("chat"));
  expect(message?.citations.map(({ sort, href }) => [sort, href])).toEqual([
    ["url", "https://example.com/rain"],
    ["container_file", null],
    ["file", null],
  ]);
  const [why] = messagesOf(blocksOf("comparison"));
  expect(why?.citations).toEqual([
    {
      sort: "file",
      label: "ranking",
      href: null,
      artifactId: "artifact_ranking",
      quote: "ets has the lowest error",
    },
  ]);
});

const IMAGE = { output_index: 0, item_id: "ig_1" };
const TARGET = { entity_kind: "tool_call", entity_id: "ig_1", field: "partial_image_b64" } as const;

function chunk(part_index: number, chunk_index: number, data: string) {
  const target = { ...TARGET, part_index };
  return { kind: "chunk.delta", ...IMAGE, target, encoding: "base64", chunk_index, data } as const;
}

test("a picture is put together from its chunks once all of them are here", () => {
  const status = {
    kind: "tool.status",
    ...IMAGE,
    tool: { tool_type: "image_generation", tool_call_id: "ig_1", status: "partial_image", format: "JPEG" },
  } as const;
  const done = { kind: "chunk.done", ...IMAGE, target: { ...TARGET, part_index: 0 } } as const;
  const images = (...bodies: Parameters<typeof framesOf>) =>
    toolsOf(transcriptBlocks(reduce(framesOf(status, ...bodies))))[0]?.images;
  expect(images(chunk(0, 1, "BBBB"), chunk(0, 0, "AAAA"))).toEqual([
    { part: 0, chunks: 2, isComing: true, url: null },
  ]);
  expect(images(chunk(1, 0, "CCCC"), chunk(0, 1, "BBBB"), chunk(0, 0, "AAAA"), done)).toEqual([
    { part: 0, chunks: 2, isComing: false, url: "data:image/jpeg;base64,AAAABBBB" },
    { part: 1, chunks: 1, isComing: true, url: null },
  ]);
  // The end was said, but a piece is missing.
  expect(images(chunk(0, 0, "AAAA"), chunk(0, 2, "CCCC"), done)).toEqual([
    { part: 0, chunks: 1, isComing: true, url: null },
  ]);
});

function call(status: "awaiting_approval" | "in_progress" | "completed") {
  const tool = { tool_type: "mcp", tool_call_id: "m", tool_name: "drop_table", status } as const;
  return { kind: "tool.status", output_index: 0, item_id: "m", tool } as const;
}

function decision(approved: boolean) {
  return {
    kind: "tool.approval",
    output_index: 0,
    item_id: "m",
    tool_call_id: "m",
    tool_type: "mcp",
    tool_name: "drop_table",
    approved,
    reason: approved ? null : "not this one",
  } as const;
}

function statusAfter(...bodies: Parameters<typeof framesOf>) {
  return toolsOf(transcriptBlocks(reduce(framesOf(...bodies))))[0]?.status;
}

test("an approved call that runs still runs, and a denied one never looks done", () => {
  expect(statusAfter(call("awaiting_approval"))).toBe("awaiting_approval");
  expect(statusAfter(call("awaiting_approval"), decision(true))).toBe("approved");
  expect(statusAfter(call("awaiting_approval"), decision(true), call("in_progress"))).toBe("running");
  const output = {
    kind: "tool.output",
    output_index: 0,
    item_id: "m",
    tool_call_id: "m",
    tool_type: "mcp",
    output: { status: "completed" },
  } as const;
  expect(statusAfter(call("awaiting_approval"), decision(false), output, call("completed"))).toBe("denied");
  expect(statusAfter(call("awaiting_approval"), decision(true), output)).toBe("completed");
});

test("what an agent says inside a call stands inside its card", () => {
  const agent = toolsOf(blocksOf("tools")).find(({ toolType }) => toolType === "agent");
  expect(agent?.nested.length).toBeGreaterThan(0);
  const top = blocksOf("tools").filter(({ type }) => type === "message");
  for (const block of agent?.nested ?? []) expect(top).not.toContainEqual(block);
});

test("a notice stands at the call that it speaks of", () => {
  const marked = toolsOf(blocksOf("tools")).filter(({ omissions }) => omissions.length > 0);
  expect(marked).toHaveLength(1);
  expect(marked[0]?.omissions[0]?.type).toMatch(/redacted|truncated/);
});

test("after the end nothing is said to be on its way", () => {
  const open = flat(blocksOf("chat")).filter((block) => "isDone" in block && !block.isDone);
  expect(open).toEqual([]);
  expect(
    toolsOf(blocksOf("chat")).flatMap(({ images }) => images.filter(({ isComing }) => isComing)),
  ).toEqual([]);
});
