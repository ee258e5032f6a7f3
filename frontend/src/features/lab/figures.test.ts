import { expect, test } from "vitest";
import { chance, counted, countedWithError, money, payout, share } from "./figures.ts";

test.each([
  [0, "0 %"],
  [1e-9, "< 1 %"],
  [0.0099, "< 1 %"],
  [0.0123, "1.2 %"],
  [0.2299, "23 %"],
  [0.995, "> 99 %"],
  [1, "100 %"],
  [null, "–"],
  [Number.NaN, "–"],
])("a chance of %s reads %s", (p, text) => expect(chance(p)).toBe(text));

test("what was counted is never impossible and never certain", () => {
  expect(counted({ value: 0, standard_error: 0 })).toBe("< 1 %");
  expect(counted({ value: 1, standard_error: 0 })).toBe("> 99 %");
  expect(countedWithError({ value: 0.0612, standard_error: 0.0008 })).toBe("6.12 ± 0.08 %");
  expect(countedWithError({ value: 0, standard_error: 0 })).toBe("< 1 %");
});

test("money, shares and payouts carry their unit", () => {
  expect(money(1_650_000)).toBe("16,500.00");
  expect(money(null)).toBe("–");
  expect(share(0.0001)).toBe("< 0.1 %");
  expect(share(0.0832)).toBe("8.3 %");
  expect(payout({ value: 0.12345, standard_error: 0.001 })).toBe("0.1235 ± 0.0010");
});
