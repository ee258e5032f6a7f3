import { expect, test } from "vitest";
import { expectedPoints } from "./reach.ts";

test("each step counts as often as it is reached, and steps that nobody plays count nothing", () => {
  const scoring = [
    { win_index: 1, points_awarded: 0 },
    { win_index: 2, points_awarded: 50 },
    { win_index: 3, points_awarded: 100 },
    { win_index: 9, points_awarded: 900 },
  ];
  expect(expectedPoints([1, 0.5, 0.25], scoring)).toBe(50);
});
