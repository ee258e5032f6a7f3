import type { Comparison, RankEntry } from "@/api/types.ts";

/**
 * Whether an entry has a figure of the metric that it is ranked by. WAPE has none where there is no demand at all: the order
 * is then one of other metrics, and nobody leads.
 */
export function isJudged(
  metric: Comparison["ranking_metric"],
  { metrics }: Pick<RankEntry, "metrics">,
): boolean {
  return metrics?.[metric] != null;
}
