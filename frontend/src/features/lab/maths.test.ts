import { expect, test } from "vitest";
import { leaderboardRow, SIMULATION_RESULT } from "@/testing/lab.ts";
import { placesOf, sumsOf } from "./maths.ts";

const FINISHES = {
  entry_id: "e",
  finishes: [
    { position: 1, sharing: 1, payout_cents: 1000, simulations: 20 },
    { position: 1, sharing: 2, payout_cents: 700, simulations: 10 },
    { position: 2, sharing: 1, payout_cents: 400, simulations: 30 },
    { position: 3, sharing: 1, payout_cents: 0, simulations: 40 },
  ],
};
const RESULT = { ...SIMULATION_RESULT, total_simulations: 100, first_prize_cents: 1000 };
const ROW = leaderboardRow("e", {
  mean_normalized_payout: { value: 0.39, standard_error: 0.04 },
  p_top1: { value: 0.25, standard_error: 0.04 },
  p_in_money: { value: 0.6, standard_error: 0.05 },
});

test("the figures follow from how it finished", () => {
  const sums = sumsOf(ROW, FINISHES, RESULT);
  expect(sums.map(({ agrees }) => agrees)).toEqual([true, true, true]);
  expect(sums[0]?.numbers).toBe("390.00 ÷ (100 simulations × 10.00) = 0.3900");
  expect(sums[1]?.numbers).toBe("25.0 ÷ 100 simulations = 25.00 %");
});

test("a figure that does not follow is said not to", () => {
  const other = { ...ROW, p_in_money: { value: 0.61, standard_error: 0.05 } };
  expect(sumsOf(other, FINISHES, RESULT).map(({ agrees }) => agrees)).toEqual([true, true, false]);
});

test("ties for a place count with it", () => {
  expect(placesOf(FINISHES)).toEqual([
    { position: 1, simulations: 30 },
    { position: 2, simulations: 30 },
    { position: 3, simulations: 40 },
  ]);
});
