import { expect, test } from "vitest";
import { leaderboardRow } from "@/testing/lab.ts";
import {
  basisOf,
  chance,
  counted,
  countedWithError,
  inFirstPrizes,
  money,
  payout,
  share,
} from "./figures.ts";

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

// The same table as that of `kernel::chance`.
test.each([
  [0, "exact", "0 %"],
  [1, "exact", "100 %"],
  [1e-9, "exact", "< 1 %"],
  [0.995, "exact", "> 99 %"],
  [0.0123, 100, "1.2 %"],
  [0.2299, 100, "23 %"],
  [0, 100, "< 3 %"],
  [0, 300, "< 1 %"],
  [0, 316, "< 1 %"],
  [0, 200_000, "< 0.002 %"],
  [1, 200_000, "> 99.998 %"],
  [1, 1000, "> 99.7 %"],
  [0, 2, "< 100 %"],
  [0, null, "< 1 %"],
  [1, null, "> 99 %"],
] as const)("only what is known exactly is impossible or certain: %s of %s is %s", (value, basis, text) =>
  expect(counted({ value }, basis)).toBe(text),
);

test.each([
  [0.0612, 0.0008, 90_000, "6.12 ± 0.08 %"],
  [0.004, 0.0001, 90_000, "0.40 ± 0.01 %"],
  [0.000_02, 0.000_01, 200_000, "< 0.01 %"],
  [0, 0, 200_000, "< 0.002 %"],
  [1, 0, "exact", "100 %"],
  [0.5, 0, "exact", "50 %"],
] as const)(
  "an error is stated where it says something: %s ± %s of %s",
  (value, standard_error, basis, text) =>
    expect(countedWithError({ value, standard_error }, basis)).toBe(text),
);

test("places are known exactly where every game is decided", () => {
  const ended = { finish_position: 1, is_tied: false, in_the_money: true, payout_cents: 1, total_points: 1 };
  expect(basisOf([leaderboardRow("a")], 200)).toBe(200);
  expect(basisOf([leaderboardRow("a", { realized: ended })], 200)).toBe("exact");
});

test("a mean payout in cents is stated in first prizes as well", () => {
  expect(inFirstPrizes({ value: 1234.5, standard_error: 10 }, 10_000)).toBe("0.1235 ± 0.0010");
});

test("money, shares and payouts carry their unit", () => {
  expect(money(1_650_000)).toBe("16,500.00");
  expect(money(null)).toBe("–");
  expect(share(0.0001)).toBe("< 0.1 %");
  expect(share(0.0832)).toBe("8.3 %");
  expect(payout({ value: 0.12345, standard_error: 0.001 })).toBe("0.1235 ± 0.0010");
});
