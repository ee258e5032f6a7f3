import { expect, test } from "vitest";
import { drawnOf, lineOf, testsOf } from "./sparkline.ts";

const BOX = { width: 100, height: 10 };

test("a line is broken where a value is missing", () => {
  expect(lineOf([0, 10, null, 5, 0], BOX)).toBe("M0.0 10.0L25.0 0.0M75.0 5.0L100.0 10.0");
  expect(lineOf([null, null], BOX)).toBe("");
});

test("of a long history so much is drawn that the folds are a quarter of it", () => {
  const dates = Array.from({ length: 40 }, (_, at) => `d${at}`);
  const sketch = { name: "a", frequency: "daily" as const, rows: 40, dates, values: dates.map(() => 1) };
  const folds = [{ train_rows: 36, first_date: "d36", last_date: "d39" }];
  expect(drawnOf(sketch, folds).dates).toEqual(dates.slice(24));
  expect(drawnOf(sketch, []).dates).toEqual(dates);
});

test("what never changes is a line in the middle", () => {
  expect(lineOf([3, 3], BOX)).toBe("M0.0 5.0L100.0 5.0");
});

test("a test lies where its dates are, and one before the picture is not in it", () => {
  const dates = ["2024-01-01", "2024-02-01", "2024-03-01", "2024-04-01", "2024-05-01"];
  const sketch = { name: "a", frequency: "monthly" as const, rows: 9, dates, values: [1, 2, 3, 4, 5] };
  const fold = (first_date: string, last_date: string) => ({ train_rows: 3, first_date, last_date });
  expect(testsOf(sketch, [fold("2023-12-01", "2024-01-01"), fold("2024-04-01", "2024-05-01")], 100)).toEqual([
    { x: 75, width: 25 },
  ]);
});
