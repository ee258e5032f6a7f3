import { expect, test } from "vitest";
import type { RankEntry, RankingDetail } from "@/api/types.ts";
import { intervalQuality, ruleChecks } from "./evidence.ts";

const entry = (uncertainty: unknown) => ({ uncertainty }) as RankEntry;

test("coverage is read at eighty percent", () => {
  const coverage = [
    { level: 0.5, observed: 0.48, interval_score: 3 },
    { level: 0.8, observed: 0.825, interval_score: 5 },
  ];
  const found = entry({ kind: "count", coverage, interval_score: 4.5, scaled_pinball: null });
  expect(intervalQuality(found)).toEqual({
    kind: "count",
    coveragePercent: 82.5,
    intervalScore: 4.5,
    scaledPinball: null,
  });
});

test("a ranking of an earlier version has no interval quality and no rules", () => {
  expect(intervalQuality(entry(undefined))).toBeNull();
  expect(ruleChecks({ selection_check: { series: 1, chosen_wape: 3 } } as unknown as RankingDetail)).toEqual(
    [],
  );
});

test("the rules keep their order", () => {
  const rules = [
    { rule: "mean", wape: 40.1 },
    { rule: "one_model", wape: null },
  ];
  expect(ruleChecks({ selection_check: { rules } } as unknown as RankingDetail)).toEqual(rules);
});
