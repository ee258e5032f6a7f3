import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Chain, genesis, idBytes } from "./chain.ts";
import { parseFrame } from "./parse.ts";
import { reduce, Transcript } from "./reduce.ts";
import type { TranscriptState } from "./state.ts";
import { isTerminal } from "./types.ts";

const FOLDER = join(import.meta.dirname, "../../../../openapi/goldens");

interface Head {
  ledger_id: string;
  seq: number;
  digest: string;
}

const names = readdirSync(FOLDER)
  .filter((file) => file.endsWith(".ndjson"))
  .map((file) => file.slice(0, -".ndjson".length));

function read(file: string): string {
  return readFileSync(join(FOLDER, file), "utf8");
}

function lines(name: string): string[] {
  return read(`${name}.ndjson`).trimEnd().split("\n");
}

function expected(name: string): TranscriptState {
  return JSON.parse(read(`${name}.transcript.json`)) as TranscriptState;
}

/** JSON as RFC 8785 writes it: keys in order, numbers in their shortest form. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`).join(",")}}`;
}

describe.each(names)("the golden %s", (name) => {
  const texts = lines(name);
  const frames = texts.map(parseFrame);

  it("shows what the Rust reducer shows", () => {
    expect(reduce(frames)).toStrictEqual(expected(name));
  });

  it("shows after every frame what the Rust reducer shows after it", () => {
    const live = new Transcript();
    const states = frames.map((frame) => {
      live.apply(frame);
      return createHash("sha256").update(canonical(live.snapshot())).digest("hex");
    });
    expect(states).toEqual(read(`${name}.states.txt`).trimEnd().split("\n"));
  });

  it("shows the same when every frame is seen", () => {
    const live = new Transcript();
    for (const [n, frame] of frames.entries()) {
      live.apply(frame);
      expect(live.snapshot()).toStrictEqual(reduce(frames.slice(0, n + 1)));
    }
  });

  it("shows the same when it goes on from any snapshot", () => {
    for (let n = 0; n <= frames.length; n += 1) {
      const snapshot = JSON.parse(JSON.stringify(reduce(frames.slice(0, n)))) as TranscriptState;
      expect(reduce(frames.slice(n), snapshot)).toStrictEqual(expected(name));
    }
  });

  it("never changes a snapshot", () => {
    const live = new Transcript();
    const kept = frames.map((frame) => {
      live.apply(frame);
      const snapshot = live.snapshot();
      return { snapshot, text: JSON.stringify(snapshot) };
    });
    for (const { snapshot, text } of kept) expect(JSON.stringify(snapshot)).toBe(text);
  });

  it("leads to the head that the Rust chain leads to", () => {
    const head = JSON.parse(read(`${name}.head.json`)) as Head;
    const chain = new Chain(head.ledger_id);
    for (const text of texts) chain.push(text);
    expect([chain.seq, chain.headHex]).toEqual([head.seq, head.digest]);
  });

  it("ends with its only terminal frame", () => {
    expect(frames.map(isTerminal).lastIndexOf(true)).toBe(frames.length - 1);
    expect(frames.filter(isTerminal)).toHaveLength(1);
  });
});

describe("the chain", () => {
  const texts = lines("comparison");
  const run = "019aa1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b";

  function head(of: string[]): string {
    const chain = new Chain(run);
    for (const text of of) chain.push(text);
    return chain.headHex;
  }

  it.each([
    ["a changed character", texts.with(3, `${texts[3]?.slice(0, -1)} `)],
    ["a dropped frame", texts.toSpliced(3, 1)],
    ["two swapped frames", texts.with(3, texts[4] ?? "").with(4, texts[3] ?? "")],
    ["an inserted frame", texts.toSpliced(3, 0, texts[3] ?? "")],
  ])("shows %s", (_, changed) => {
    expect(head(changed)).not.toBe(head(texts));
  });

  it("goes on from any head", () => {
    const before = new Chain(run);
    for (const text of texts.slice(0, 5)) before.push(text);
    const after = new Chain(run, before.seq, before.head);
    for (const text of texts.slice(5)) after.push(text);
    expect(after.headHex).toBe(head(texts));
  });

  it("begins with the ledger's id", () => {
    const other = "019aa1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5c";
    expect(new Chain(run).head).toEqual(genesis(run));
    expect(genesis(other)).not.toEqual(genesis(run));
  });

  it("takes an id in either form, and nothing else", () => {
    expect(idBytes("run_019aa1b2c3d47e5f8a9b0c1d2e3f4a5b")).toEqual(idBytes(run));
    expect(() => idBytes("run_1")).toThrow(RangeError);
  });

  it("numbers its links", () => {
    const [first, second] = [new Chain(run, 0, genesis(run)), new Chain(run, 1, genesis(run))];
    for (const chain of [first, second]) chain.push("{}");
    expect(first.headHex).not.toBe(second.headHex);
  });

  it("takes a text of any length, and every character of it", () => {
    const long = "€𝄞".repeat(3_000);
    expect(head(["{}", long, "{}"])).toBe(head(["{}", `${long}`, "{}"]));
    expect(head(["{}", `${long}é`, "{}"])).not.toBe(head(["{}", `${long}e`, "{}"]));
    expect(head([long])).toBe(linked(long));
  });

  /** The same by the words of the contract. */
  function linked(text: string): string {
    const place = new Uint8Array([0, 0, 0, 0, 0, 0, 0, 1]);
    const hash = createHash("sha256").update("assay.frame.v2").update(genesis(run)).update(place);
    return hash.update(createHash("sha256").update(text).digest()).digest("hex");
  }
});
