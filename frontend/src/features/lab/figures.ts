/** The lab's figures as people read them. Points are play money and scores; money is stated in hundreds of cents. */
import type { Estimate, LeaderboardRow } from "@/api/lab.ts";
import { decimal, MISSING } from "@/lib/format.ts";

/** Two of the figures' standard errors to each side hold 95 % of all. */
export const Z95 = 1.96;

/**
 * A chance in percent. What is possible is never said to be 0 %, nor what may fail to be certain: both would be read as
 * facts.
 */
export function chance(p: number | null | undefined): string {
  if (p === null || p === undefined || !Number.isFinite(p)) return MISSING;
  if (p <= 0) return "0 %";
  if (p < 0.01) return "< 1 %";
  if (p >= 1) return "100 %";
  if (p > 0.99) return "> 99 %";
  return `${decimal(100 * p, p < 0.1 ? 1 : 0)} %`;
}

/**
 * What a chance by simulation stands on: so many of them, or nothing that was left to chance, so that 0 and 1 are what they
 * say; `null` where their number is not at hand. The command line writes chances by the same rule (`kernel::chance`).
 */
export type Basis = number | "exact" | null;

/** Where every game was decided, each entry has its place, and all simulations are the same one. */
export function basisOf(rows: readonly LeaderboardRow[], simulations: number): Basis {
  return rows.some(({ realized }) => realized != null) ? "exact" : simulations;
}

/** A chance that was counted: what never came may still be possible, and what always came may fail. */
export function counted({ value }: Pick<Estimate, "value">, basis: Basis): string {
  return edge(value, basis) ?? chance(value);
}

/** A counted chance with its error, both in percentage points. */
export function countedWithError({ value, standard_error }: Estimate, basis: Basis): string {
  if (basis === "exact") return chance(value);
  const text = edge(value, basis);
  if (text !== null) return text;
  if (value < 0.0001) return "< 0.01 %";
  if (value > 0.9999) return "> 99.99 %";
  return `${decimal(100 * value, 2)} ± ${decimal(100 * standard_error, 2)} %`;
}

/** What came in none of the simulations, and what came in all of them. */
function edge(value: number, basis: Basis): string | null {
  if (basis === "exact" || (value > 0 && value < 1)) return null;
  const [least, digits] = basis === null ? [1, 0] : bound(basis);
  return value <= 0 ? `< ${least.toFixed(digits)} %` : `> ${(100 - least).toFixed(digits)} %`;
}

/**
 * Below so many percent, at 95 %, lies what came in none of so many simulations (three over their number), rounded up to
 * one digit; and the digits that it takes.
 */
function bound(simulations: number): [number, number] {
  const percent = Math.min(100, 300 / Math.max(1, simulations));
  const power = Math.floor(Math.log10(percent));
  const digit = Math.ceil(percent / 10 ** power - 1e-9);
  return digit >= 10
    ? [10 ** (power + 1), Math.max(0, -power - 1)]
    : [digit * 10 ** power, Math.max(0, -power)];
}

/** A share of a whole, in percent. */
export function share(part: number | null | undefined): string {
  if (part === null || part === undefined) return MISSING;
  if (part > 0 && part < 0.0005) return "< 0.1 %";
  return `${decimal(100 * part, 1)} %`;
}

/** A payout over the first prize, with its standard error. */
export function payout({ value, standard_error }: Estimate): string {
  return `${decimal(value, 4)} ± ${decimal(standard_error, 4)}`;
}

/** Cents in first prizes: in them every mean payout is stated. */
export function inFirstPrizes({ value, standard_error }: Estimate, first_prize_cents: number): string {
  return payout({ value: value / first_prize_cents, standard_error: standard_error / first_prize_cents });
}

/** Cents as money with two decimals. */
export function money(cents: number | null | undefined): string {
  return cents === null || cents === undefined ? MISSING : decimal(cents / 100, 2);
}

export function points(value: number | null | undefined): string {
  return decimal(value, 1);
}

/** How much more or less it is, to two decimals; what rounds to nothing has no sign. */
export function change(by: number): string {
  const size = decimal(Math.abs(by), 2);
  if (size === "0.00") return size;
  return by > 0 ? `+${size}` : `−${size}`;
}
