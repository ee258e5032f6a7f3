import { expect, test } from "vitest";
import { seqAt, timeOf } from "./moment.ts";

test.each([
  ["#t=12.5", 12_500],
  ["#t=0", 0],
  ["#a=1&t=2", 2_000],
  ["#t=", null],
  ["#t=-1", null],
  ["#t=soon", null],
  ["#t=Infinity", null],
  ["#step", null],
  ["", null],
])("%j names %j ms", (hash, ms) => {
  expect(timeOf(hash)).toBe(ms);
});

test("a time shows the last frame sent by then", () => {
  const sent = [0, 100, 100, 60_000];
  const at = (ms: number) => seqAt(sent, ms);
  expect([at(0), at(99), at(100), at(59_999), at(60_000), at(1e9)]).toEqual([1, 1, 3, 3, 4, 4]);
});
