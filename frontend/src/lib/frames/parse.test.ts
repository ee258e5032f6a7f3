import { describe, expect, it } from "vitest";
import { FrameError, parseFrame } from "./parse.ts";
import { reduce } from "./reduce.ts";
import type { Frame } from "./types.ts";

const ENVELOPE = {
  schema: "run_v1",
  event_id: 1,
  stream_id: "s",
  server_timestamp: "2026-01-05T08:00:00Z",
  conversation_id: "c",
};

describe("parsing", () => {
  it.each([
    ["what is not JSON", "{"],
    ["what is not an object", "[]"],
    ["a frame without a kind", JSON.stringify(ENVELOPE)],
    ["a number that is none", JSON.stringify({ ...ENVELOPE, kind: "final", event_id: 1.5 })],
    ["a run without a seed", JSON.stringify({ ...ENVELOPE, kind: "run.opened" })],
  ])("refuses %s", (_, text) => {
    expect(() => parseFrame(text)).toThrow(FrameError);
  });

  it("keeps every digit of a seed", () => {
    const opened = (seed: string) =>
      `{"title":"a \\"seed\\":1","seed": ${seed},${JSON.stringify({ ...ENVELOPE, kind: "run.opened" }).slice(1)}`;
    for (const seed of ["0", "42", "9007199254740993", "18446744073709551615"]) {
      expect(parseFrame(opened(seed))).toMatchObject({ seed });
    }
  });

  it("lets a kind of a newer server pass, and the transcript counts it", () => {
    const frame = parseFrame(JSON.stringify({ ...ENVELOPE, kind: "run.praised" }));
    expect(reduce([frame]).counts).toEqual({ frames: 1, last_event_id: 1, kinds: { "run.praised": 1 } });
  });
});

describe("a long stream", () => {
  it("shares what later frames do not touch", () => {
    const say = (event_id: number, response_id: string): Frame => ({
      ...ENVELOPE,
      schema: "run_v1",
      event_id,
      response_id,
      kind: "message.delta",
      output_index: 0,
      item_id: "m",
      content_index: 0,
      delta: "x",
    });
    const before = reduce([say(1, "a"), say(2, "b")]);
    const after = reduce([say(3, "b")], before);
    expect(after.sections[0]).toBe(before.sections[0]);
    expect(after.sections[1]).not.toBe(before.sections[1]);
    expect(before.sections[1]?.items[0]?.parts[0]?.text).toBe("x");
    expect(after.sections[1]?.items[0]?.parts[0]?.text).toBe("xx");
  });
});
