import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { expect, test } from "vitest";
import { FIELD } from "@/testing/lab.ts";
import { bracketOf } from "./bracket.ts";
import { holds, isOfBits, leafOf } from "./seal.ts";

/** A tree over leaves by its definition, with the siblings of one of them. */
function prove(leaves: Uint8Array[], at: number): { root: Uint8Array; path: string[] } {
  const [one] = leaves;
  if (!one) throw new Error("a tree has leaves");
  if (leaves.length === 1) return { root: one, path: [] };
  let half = 1;
  while (half * 2 < leaves.length) half *= 2;
  const isLeft = at < half;
  const left = prove(leaves.slice(0, half), isLeft ? at : 0);
  const right = prove(leaves.slice(half), isLeft ? 0 : at - half);
  const root = sha256
    .create()
    .update(new Uint8Array([1]))
    .update(left.root)
    .update(right.root)
    .digest();
  const [below, beside] = isLeft ? [left.path, right.root] : [right.path, left.root];
  return { root, path: [...below, bytesToHex(beside)] };
}

test.each([1, 2, 3, 7, 8, 1000])("each of %d tournaments is proven, and none that was changed", (total) => {
  const leaves = Array.from({ length: total }, (_, at) => leafOf([at, at * 7]));
  for (const at of [0, Math.floor(total / 3), total - 1]) {
    const { root, path } = prove(leaves, at);
    const proof = { root: bytesToHex(root), total_simulations: total, bits: [at, at * 7], path };
    expect(holds(proof, at)).toBe(true);
    expect(holds({ ...proof, bits: [at + 1, at * 7] }, at)).toBe(false);
    expect(holds(proof, at + 1)).toBe(false);
    expect(holds({ ...proof, root: bytesToHex(leafOf([9])) }, at)).toBe(false);
  }
});

test("the leaf of nothing is that of the standard", () => {
  expect(bytesToHex(leafOf([]))).toBe("6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
});

test("winners are read from the bits, game by game", () => {
  const winners = { s1: "a", s2: "d", f: "d" };
  const games = Object.entries(winners).map(([game_id, winner_team_id]) => ({
    game_id,
    winner_team_id,
    is_decided: false,
  }));
  const bracket = bracketOf(FIELD, new Map(Object.entries(winners)));
  // First, second, second side.
  expect(isOfBits({ simulation: 0, games }, bracket, [0b001])).toBe(true);
  expect(isOfBits({ simulation: 0, games }, bracket, [0b011])).toBe(false);
});
