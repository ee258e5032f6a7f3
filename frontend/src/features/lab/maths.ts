/** The headline figures of an entry, computed again from every way it finished. */
import type { Distribution, LeaderboardRow, SimulationResult } from "@/api/lab.ts";
import { count, decimal } from "@/lib/format.ts";
import { basisOf, countedWithError, money } from "./figures.ts";

/** One figure: its value, the formula, and the formula with the numbers in it. */
export interface Sum {
  name: string;
  stated: string;
  formula: string;
  numbers: string;
  /** Whether the numbers give what is stated. */
  agrees: boolean;
}

type Finish = Distribution["finishes"][number];

/** Sums over the finishes are exact in whole numbers; only the last division rounds. */
export function sumsOf(
  row: LeaderboardRow,
  { finishes }: Distribution,
  { total_simulations: n, first_prize_cents: prize }: SimulationResult,
): Sum[] {
  const total = (weight: (finish: Finish) => number) =>
    finishes.reduce((sum, finish) => sum + finish.simulations * weight(finish), 0);
  const paid = total(({ payout_cents }) => payout_cents);
  const mean = paid / (n * prize);
  const first = total(({ position, sharing }) => (position === 1 ? 1 / sharing : 0));
  const money_ = total(({ payout_cents }) => (payout_cents > 0 ? 1 : 0));
  const basis = basisOf([row], n);
  const all = `${count(n)} simulations`;
  return [
    {
      name: "Mean payout",
      stated: `${decimal(row.mean_normalized_payout.value, 4)} first prizes`,
      formula: "Σ simulations × payout ÷ (all simulations × first prize)",
      numbers: `${money(paid)} ÷ (${all} × ${money(prize)}) = ${decimal(mean, 4)}`,
      agrees: isSame(mean, row.mean_normalized_payout.value),
    },
    {
      name: "First place",
      stated: countedWithError(row.p_top1, basis),
      formula: "Σ simulations in first place ÷ entries that share it ÷ all simulations",
      numbers: `${decimal(first, 1)} ÷ ${all} = ${decimal((100 * first) / n, 2)} %`,
      agrees: isSame(first / n, row.p_top1.value),
    },
    {
      name: "In the money",
      stated: countedWithError(row.p_in_money, basis),
      formula: "Σ simulations with a payout ÷ all simulations",
      numbers: `${count(money_)} ÷ ${all} = ${decimal((100 * money_) / n, 2)} %`,
      agrees: isSame(money_ / n, row.p_in_money.value),
    },
  ];
}

/** What two ways of adding the same numbers may differ by. */
function isSame(one: number, other: number): boolean {
  return Math.abs(one - other) <= 1e-9 * Math.max(1, Math.abs(one));
}

/** How often each place came, ties for it together; places that never came are left out. */
export function placesOf({ finishes }: Distribution): { position: number; simulations: number }[] {
  const places = new Map<number, number>();
  for (const { position, simulations } of finishes) {
    places.set(position, (places.get(position) ?? 0) + simulations);
  }
  return [...places]
    .map(([position, simulations]) => ({ position, simulations }))
    .sort((a, b) => a.position - b.position);
}
