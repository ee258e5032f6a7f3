import type { ReactNode } from "react";
import type { Comparison } from "@/api/types.ts";
import { metricName, plural, words } from "@/lib/format.ts";
import { Facts, Panel } from "@/ui/panel.tsx";

/** What was asked for. */
export function About({ comparison }: { comparison: Comparison }) {
  const split = comparison.split_config;
  const facts: [string, ReactNode][] = [
    ["Horizon", plural(comparison.forecast_horizon, "step")],
    [
      "Season",
      comparison.season_length == null
        ? "as each candidate says, or the usual one"
        : plural(comparison.season_length, "step"),
    ],
    ["Feature set", featureSetText(comparison)],
    ["Racing", comparison.racing === "costly" ? "costly models may be dropped" : "off"],
    ["Folds", `up to ${split.n_splits} of ${plural(split.horizon, "row")}, ${split.strategy}`],
    ["First training, at least", plural(split.min_train_size, "row")],
    ["Gap", plural(split.gap, "step")],
    ...(split.step == null ? [] : [["Between folds", plural(split.step, "step")] as [string, ReactNode]]),
    ["Ranked by", metricName(comparison.ranking_metric)],
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
