import { expect, test } from "vitest";
import { frequencyText, stepsOf, timeOf } from "./calendar.ts";

test("a time is one of UTC, as a day is", () => {
  expect(timeOf("2024-03-25T00:00:00")).toBe(timeOf("2024-03-25"));
  expect(timeOf("2024-03-25T06:00:00") - timeOf("2024-03-25")).toBe(6 * 3_600_000);
});

test.each([
  [24, "hourly", "24 hours"],
  [1, "business_daily", "1 working day"],
  [10, "business_daily", "10 working days"],
  [96, "every_15_minutes", "96 steps of 15 minutes"],
  [6, "4-4-5_from_12-29", "6 periods of 4 or 5 weeks"],
  [13, "13_periods", "13 steps of 4 weeks"],
  [2, "irregular", "2 steps"],
] as const)("%i dates of %s are %s", (count, frequency, said) => {
  expect(stepsOf(count, frequency)).toBe(said);
});

test("a frequency is readable", () => {
  expect(frequencyText("every_2_weeks")).toBe("Every 2 weeks");
  expect(frequencyText("4-4-5")).toBe("4-4-5");
  expect(frequencyText("business_daily")).toBe("Working days");
});
