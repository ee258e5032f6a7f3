import type { OverallEntry, RankEntry, RankingDetail } from "@/api/types.ts";

/** What a model's intervals were worth on its folds. */
export interface IntervalQuality {
  kind: string;
  /** Share of outcomes inside the interval that should hold 80 %, in percent. */
  coveragePercent: number | null;
  intervalScore: number | null;
  scaledPinball: number | null;
}

const LEVEL = 0.8;

/** Absent for rankings of earlier versions and for models without a judged interval. */
export function intervalQuality(entry: RankEntry | OverallEntry): IntervalQuality | null {
  const found = entry.uncertainty as Record<string, unknown> | null | undefined;
  if (!found || typeof found.kind !== "string") return null;
  const levels = Array.isArray(found.coverage) ? (found.coverage as Record<string, unknown>[]) : [];
  const observed = number(levels.find((each) => each.level === LEVEL)?.observed);
  return {
    kind: found.kind,
    coveragePercent: observed === null ? null : 100 * observed,
    intervalScore: number(found.interval_score),
    scaledPinball: number(found.scaled_pinball),
  };
}

/** A rule of choosing or combining, on the fold it did not know. */
export interface RuleCheck {
  rule: string;
  wape: number | null;
}

/** The rules of the selection check, most accurate first; empty where there was none. */
export function ruleChecks(ranking: RankingDetail): RuleCheck[] {
  const rules = (ranking.selection_check as Record<string, unknown> | null | undefined)?.rules;
  if (!Array.isArray(rules)) return [];
  return (rules as Record<string, unknown>[]).map((each) => ({
    rule: String(each.rule),
    wape: number(each.wape),
  }));
}

function number(value: unknown): number | null {
  return typeof value === "number" ? value : null;
}
