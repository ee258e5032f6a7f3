import type { ReactNode } from "react";
import type { Comparison } from "@/api/types.ts";
import { stepsOf } from "@/lib/calendar.ts";
import { metricName, words } from "@/lib/format.ts";
import { Facts, Panel } from "@/ui/panel.tsx";

/** What was asked for. */
export function About({ comparison }: { comparison: Comparison }) {
  const split = comparison.split_config;
  // Where the series have several frequencies, rows have no name.
  const steps = (count: number) => stepsOf(count, comparison.frequency ?? "");
  const facts: [string, ReactNode][] = [
    ["Horizon", steps(comparison.forecast_horizon)],
    [
      "Season",
      comparison.season_length == null
        ? "as each candidate says, or the usual one"
        : steps(comparison.season_length),
    ],
    ["Feature set", featureSetText(comparison)],
    ["Racing", comparison.racing === "costly" ? "costly models may be dropped" : "off"],
    ["Folds", `up to ${split.n_splits} of ${steps(split.horizon)}, ${split.strategy}`],
    ["First training, at least", steps(split.min_train_size)],
    ["Gap", steps(split.gap)],
    ...(split.step == null ? [] : [["Between folds", steps(split.step)] as [string, ReactNode]]),
    ["Ranked by", metricName(comparison.ranking_metric, comparison.series_total)],
  ];
  return (
    <Panel title="How it was judged">
      <Facts facts={facts} />
    </Panel>
  );
}

function featureSetText({ feature_frame_version, feature_groups }: Comparison): string {
  if (feature_frame_version === 1) return "1";
  return `2, ${feature_groups ? feature_groups.map(words).join(", ") : "usual groups"}`;
}
