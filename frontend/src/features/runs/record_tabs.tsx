import type { ReactNode } from "react";
import type { RunDetail } from "@/api/types.ts";
import { ArtifactsTab } from "./artifacts/artifacts_tab.tsx";
import { FinalTab } from "./final/final_tab.tsx";
import { LineageTab } from "./lineage/lineage_tab.tsx";
import type { Playback } from "./playback.ts";

/** What came out, what was left behind and where it stands: small parts, loaded together because apart they weigh more. */
export function RecordTab(props: {
  tab: "final" | "artifacts" | "lineage";
  run: RunDetail;
  playback: Playback;
  lineage: (run: RunDetail) => ReactNode;
}) {
  const { tab, run, playback, lineage } = props;
  switch (tab) {
    case "final":
      return <FinalTab run={run} playback={playback} />;
    case "artifacts":
      return <ArtifactsTab run={run} playback={playback} />;
    case "lineage":
      return <LineageTab run={run} further={lineage(run)} />;
  }
}
