import { expect, test } from "vitest";
import { world } from "@/testing/server.ts";
import { type Draft, requestOf, seedProblem } from "./draft.ts";

const DRAFT: Draft = { seed: 42, source: "generated", isReset: false, worldId: null };
const [first, second] = [world(1, "One"), world(2, "Two")];

test("data are generated unless a stored world is to be used", () => {
  expect(requestOf(DRAFT, "sparse", [])).toEqual({
    scenario: "sparse",
    seed: 42,
    reset: false,
    skip_seed: false,
  });
  expect(requestOf({ ...DRAFT, isReset: true }, "sparse", [])).toHaveProperty("reset", true);
});

test("a stored world is named, and never deleted by the run that uses it", () => {
  const stored: Draft = { ...DRAFT, source: "stored", isReset: true };
  expect(requestOf(stored, "sparse", [first])).toEqual({
    scenario: "sparse",
    seed: 42,
    reset: false,
    skip_seed: true,
    world_id: first.world_id,
  });
  expect(requestOf(stored, "sparse", [first, second])).toBeNull();
  expect(requestOf({ ...stored, worldId: second.world_id }, "sparse", [first, second])).toMatchObject({
    world_id: second.world_id,
  });
  expect(requestOf(stored, "sparse", [])).toBeNull();
});

test("a seed must be a whole number from 0 that this page can hold", () => {
  for (const seed of [null, -1, 0.5, 2 ** 60]) expect(requestOf({ ...DRAFT, seed }, "sparse", [])).toBeNull();
  expect(requestOf({ ...DRAFT, seed: 0 }, "sparse", [])).toHaveProperty("seed", 0);
});

test("a seed beyond what this page can hold is refused with the bound, and with the way there", () => {
  expect(seedProblem(2 ** 53 - 1)).toBeNull();
  expect(seedProblem(2 ** 53)).toBe(
    "A whole number from 0 to 9,007,199,254,740,991; larger ones from the command line",
  );
  for (const seed of [null, -1, 0.5])
    expect(seedProblem(seed)).toBe("A whole number from 0 to 9,007,199,254,740,991");
});
