import type { ScoringRule } from "@/api/lab.ts";

/**
 * Points a team is expected to earn: the sum over all steps of the points for a step and the chance of at least so much
 * progress. A step without a rule earns none.
 */
export function expectedPoints(pProgress: readonly number[], scoring: readonly ScoringRule[]): number {
  return scoring.reduce(
    (sum, { win_index, points_awarded }) => sum + points_awarded * (pProgress[win_index - 1] ?? 0),
    0,
  );
}
