import { expect, test } from "vitest";
import type { Mark } from "./minimap.ts";
import { actionOf, RUN_KEYS } from "./run_keys.ts";

const marks: Mark[] = [
  { seq: 2, sort: "phase", label: "load" },
  { seq: 9, sort: "phase", label: "race" },
  { seq: 11, sort: "error", label: "a call failed" },
];

test("keys go from phase to phase and from error to error", () => {
  expect(actionOf("n", { marks, seq: 2 })).toEqual({ type: "seek", seq: 9 });
  expect(actionOf("p", { marks, seq: 9 })).toEqual({ type: "seek", seq: 2 });
  expect(actionOf("e", { marks, seq: 2 })).toEqual({ type: "seek", seq: 11 });
  expect(actionOf("E", { marks, seq: 20 })).toEqual({ type: "seek", seq: 11 });
});

test("where there is none to go to, nothing moves", () => {
  expect(actionOf("n", { marks, seq: 9 })).toBeNull();
  expect(actionOf("e", { marks: [], seq: 1 })).toBeNull();
});

test("a key of nobody stays with the browser, and no key has two meanings", () => {
  expect(actionOf("x", { marks, seq: 1 })).toBeUndefined();
  const keys = RUN_KEYS.flatMap((binding) => binding.keys);
  expect(new Set(keys).size).toBe(keys.length);
});
