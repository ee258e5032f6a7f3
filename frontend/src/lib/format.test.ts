import { expect, test } from "vitest";
import * as format from "./format.ts";

test("a missing or non-finite number is a dash, never zero", () => {
  for (const value of [null, undefined, Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(format.count(value)).toBe("–");
    expect(format.percent(value)).toBe("–");
    expect(format.quantity(value)).toBe("–");
    expect(format.duration(value)).toBe("–");
  }
});

test.each([
  [0.4, "< 1 ms"],
  [12.4, "12 ms"],
  [999, "999 ms"],
  [1234, "1.23 s"],
  [12_345, "12.3 s"],
  [59_990, "1 min 0 s"],
  [61_000, "1 min 1 s"],
  [3_720_000, "1 h 2 min"],
])("a duration of %d ms reads %s", (ms, text) => {
  expect(format.duration(ms)).toBe(text);
});

test.each([
  [0.12345, "0.123"],
  [1.5, "1.5"],
  [12, "12"],
  [123.456, "123.5"],
  [12_345.6, "12,346"],
  [999_999_999, "999,999,999"],
  [1.234e12, "1.23e12"],
  [-4.3571e300, "-4.36e300"],
])("a quantity of %d reads %s", (value, text) => {
  expect(format.quantity(value)).toBe(text);
});

test.each([
  // The same pairs as in `crates/kernel/src/figure.rs`.
  [0, "0.00"],
  [-0, "0.00"],
  [28.756, "28.76"],
  [0.12345, "0.123"],
  [-0.012345, "-0.0123"],
  [0.00012345, "0.000123"],
  [7.4e-6, "7.40e-6"],
  [-4.6e-11, "-4.60e-11"],
  [1.234e12, "1.23e12"],
  [-4.3571e300, "-4.36e300"],
])("a figure of %d reads %s, as the server writes it", (value, text) => {
  expect(format.figure(value)).toBe(text);
});

test("a sign is shown, and zero has none", () => {
  expect(format.signed(1.234)).toBe("+1.23");
  expect(format.signed(-331.324)).toBe("−331.32");
  expect(format.signed(-0.00001)).toBe("−1.00e-5");
  expect(format.signed(-0)).toBe("0.00");
  expect(format.signed(-1e300)).toBe("−1.00e300");
});

test("no number is wider than its column, whatever its size", () => {
  for (const value of [1e9, Number.MAX_VALUE, -1e300]) {
    for (const write of [format.decimal, format.percent, format.signed, format.quantity, format.count])
      expect(write(value).length).toBeLessThan(16);
  }
});

test("a figure is written by its metric", () => {
  expect(format.measured("wape", 4.3549)).toBe("4.35 %");
  expect(format.measured("smape", 11.8)).toBe("11.80 %");
  expect(format.measured("mae", 4.3549)).toBe("4.35");
  expect(format.measured("bias", 4.3549)).toBe("+4.35");
});

test("relative times count in whole units", () => {
  const now = Date.parse("2026-01-02T00:00:00Z");
  expect(format.relativeTime("2026-01-01T23:59:58Z", now)).toBe("just now");
  expect(format.relativeTime("2026-01-01T23:58:00Z", now)).toBe("2 min ago");
  expect(format.relativeTime("2026-01-01T00:00:00Z", now)).toBe("1 day ago");
  expect(format.relativeTime("2026-01-02T00:00:03Z", now)).toBe("just now");
  expect(format.relativeTime("2026-01-02T12:30:00Z", now)).toBe("in 12 h");
  expect(format.relativeTime("2026-04-02T00:00:00Z", now)).toBe("in 90 days");
  expect(format.relativeTime(null, now)).toBe("–");
});

test("wire words become readable", () => {
  expect(format.words("seasonal_naive")).toBe("Seasonal naive");
  expect(format.words("output_item.done")).toBe("Output item done");
});

test("a number within a sentence is no longer than it is exact", () => {
  const bias = `-${"3".repeat(299)}.00`;
  expect(format.shortNumbers(`the bias of ${bias} exceeds the accepted 1000000000.00`)).toBe(
    "the bias of -3.33e298 exceeds the accepted 1000000000.00",
  );
});
