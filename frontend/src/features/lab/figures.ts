/** The lab's figures as people read them. Points are play money and scores; money is stated in hundreds of cents. */
import type { Estimate } from "@/api/lab.ts";
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

/** A chance that was counted: what never came may still be possible, and what always came may fail. */
export function counted({ value }: Estimate): string {
  if (value <= 0) return "< 1 %";
  return value >= 1 ? "> 99 %" : chance(value);
}

/** A counted chance with its error, both in percentage points. */
export function countedWithError(estimate: Estimate): string {
  const error = 100 * estimate.standard_error;
  if (estimate.value < 0.01 || estimate.value > 0.99) return counted(estimate);
  return `${decimal(100 * estimate.value, 2)} ± ${decimal(error, 2)} %`;
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
