import { expect, test } from "vitest";
import { inOrder, sortedNext } from "./sorting.ts";

test("what has no number comes last in either order", () => {
  const rows = [3, null, 1, undefined, 2];
  expect(inOrder(rows, (row) => row, false)).toEqual([1, 2, 3, null, undefined]);
  expect(inOrder(rows, (row) => row, true)).toEqual([3, 2, 1, null, undefined]);
});

test("a column is sorted up, down, and then as it came", () => {
  const up = sortedNext(null, "mae");
  const down = sortedNext(up, "mae");
  expect([up, down, sortedNext(down, "mae")]).toEqual([
    { by: "mae", isDescending: false },
    { by: "mae", isDescending: true },
    null,
  ]);
  expect(sortedNext(down, "wape")).toEqual({ by: "wape", isDescending: false });
});

test("texts sort as people look for them", () => {
  const names = ["béta", "Alpha", null, "gamma"];
  expect(inOrder(names, (name) => name, false)).toEqual(["Alpha", "béta", "gamma", null]);
  expect(inOrder(names, (name) => name, true)).toEqual(["gamma", "béta", "Alpha", null]);
});
