import { expect, test } from "vitest";
import { percents } from "./percents.ts";

test.each([
  [
    [1 / 3, 1 / 3, 1 / 3],
    [34, 33, 33],
  ],
  [
    [0.125, 0.125, 0.125, 0.625],
    [13, 13, 12, 62],
  ],
  [[1], [100]],
  [
    [0.29, 0.57, 0.14],
    [29, 57, 14],
  ],
  [[], []],
])("%j are %j percent, which add up", (shares, whole) => {
  expect(percents(shares)).toEqual(whole);
});
