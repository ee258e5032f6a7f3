import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { expect, test } from "vitest";
import { Chain } from "../frames/chain.ts";
import { lineDigests } from "./line_digests.ts";
import { fold } from "./record.ts";
import { digestInto } from "./sha256.ts";

const LEDGER = "01a1fd49-b5ce-721a-ac79-98f95931b99a";

test("a digest is that of the library, whatever the length and place of a message", () => {
  const bytes = Uint8Array.from({ length: 400 }, (_, at) => at * 7 + (at >> 3));
  const digest = new Uint8Array(40);
  for (let length = 0; length <= 200; length += 1) {
    digestInto(digest, 5, bytes, 3, 3 + length);
    expect(bytesToHex(digest.subarray(5, 37))).toBe(bytesToHex(sha256(bytes.subarray(3, 3 + length))));
  }
});

test.each([
  [["a", "bb", "ccc"], true],
  [["a", "", "ccc"], true],
  [["é", `sha256:${"ab".repeat(32)}`, `sha256:${"AB".repeat(32)}`, `sha256:${"zz".repeat(32)}`], false],
  [[""], true],
  [[], false],
])("lines %j lead to the head that the chain of texts has", async (lines, hasEnd) => {
  const chain = new Chain(LEDGER);
  for (const line of lines) chain.pushLine(line);
  const text = lines.join("\n") + (hasEnd ? "\n" : "");
  for (const partBytes of [1, 2, 3, 70, 1000]) {
    for (const atOnce of [1, 3]) {
      const folded = await fold(LEDGER, new Blob([text]), { partBytes, atOnce });
      expect(folded).toEqual({ seq: chain.seq, headHex: chain.headHex });
    }
  }
});

test("parts that are made out of order are linked in order, and progress ends with the file", async () => {
  const lines = Array.from({ length: 50 }, (_, at) => `line ${at}`);
  const chain = new Chain(LEDGER);
  for (const line of lines) chain.pushLine(line);
  const waiting: (() => void)[] = [];
  const seen: number[] = [];
  const folded = fold(LEDGER, new Blob([lines.join("\n")]), {
    partBytes: 40,
    atOnce: 4,
    digests: async (part) => {
      const bytes = new Uint8Array(await part.arrayBuffer());
      // The newest of those that wait comes first.
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
        setTimeout(() => waiting.pop()?.(), 0);
      });
      return lineDigests(bytes);
    },
    onProgress: (fraction) => seen.push(fraction),
  });
  expect((await folded).headHex).toBe(chain.headHex);
  expect(seen.at(-1)).toBe(1);
  expect(seen).toEqual([...seen].sort((one, other) => one - other));
});

test("what is no text is taken as the bytes that it is", async () => {
  const bytes = new Uint8Array([0xff, 0xfe, 10, ...utf8ToBytes("a")]);
  expect((await fold(LEDGER, new Blob([bytes]))).seq).toBe(2);
  expect(bytesToHex(lineDigests(bytes).subarray(0, 32))).toBe(bytesToHex(sha256(bytes.subarray(0, 2))));
});
