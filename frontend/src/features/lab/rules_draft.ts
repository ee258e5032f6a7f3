/** The rules of an auction as they are typed, and as the contract has them. */
import type { SnapshotContent } from "@/api/lab.ts";

export type WrittenRules = Pick<SnapshotContent, "rules" | "scoring" | "payouts">;
type Limit = keyof SnapshotContent["rules"];

export interface RulesDraft {
  limits: Record<Limit, number | null>;
  /** Points of each step, from the first. */
  scoring: string;
  /** What each place is paid, from the first, in hundreds of cents. */
  payouts: string;
}

export function draftOf({ rules, scoring, payouts }: WrittenRules): RulesDraft {
  const points = new Map(scoring.map(({ win_index, points_awarded }) => [win_index, points_awarded]));
  const steps = Math.max(0, ...points.keys());
  const places = payouts.toSorted((a, b) => a.position - b.position);
  return {
    limits: { ...rules },
    // A step that is not named earns none.
    scoring: Array.from({ length: steps }, (_, at) => points.get(at + 1) ?? 0).join(" "),
    payouts: places.map(({ amount_cents }) => (amount_cents / 100).toFixed(2)).join(" "),
  };
}

/** As the contract has it, or `null` while something is no number. */
export function rulesOf({ limits, scoring, payouts }: RulesDraft): WrittenRules | null {
  const points = numbers(scoring, 1);
  const cents = numbers(payouts, 100);
  const rules = Object.entries(limits).every(([, value]) => value !== null && Number.isInteger(value));
  if (!rules || !points || !cents) return null;
  return {
    rules: limits as SnapshotContent["rules"],
    scoring: points.map((points_awarded, at) => ({ win_index: at + 1, points_awarded })),
    payouts: cents.map((amount_cents, at) => ({ position: at + 1, amount_cents })),
  };
}

/** Numbers between blanks, each a whole one once it is taken so many times. */
function numbers(text: string, times: number): number[] | null {
  const parts = text.split(/[\s;]+/).filter((part) => part !== "");
  const found = parts.map((part) => (/^\d+(\.\d+)?$/.test(part) ? Number(part) * times : Number.NaN));
  const isWhole = found.every((number) => Math.abs(number - Math.round(number)) < 1e-6);
  return found.length > 0 && isWhole ? found.map(Math.round) : null;
}
