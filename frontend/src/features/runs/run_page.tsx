import { useQuery } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { type ReactNode, useDeferredValue } from "react";
import type { RunDetail } from "@/api/types.ts";
import { download } from "@/lib/csv.ts";
import { words } from "@/lib/format.ts";
import { Button } from "@/ui/button.tsx";
import { Loading } from "@/ui/panel.tsx";
import { CompareWith } from "./diff/compare_with.tsx";
import { GlanceStrip } from "./glance_strip.tsx";
import type { RunLog } from "./log.ts";
import { plannedOf } from "./planned.ts";
import { usePlayback } from "./playback.ts";
import { runQuery } from "./queries.ts";
import { ResultLink } from "./result_link.tsx";
import { RunFrame } from "./run_frame.tsx";
import { RunTabs } from "./run_tabs.tsx";
import type { RunTab } from "./tabs.ts";
import { Unknown } from "./unknown.tsx";

interface Props {
  runId: string;
  /** A deep link to one moment. */
  seq: number | null;
  tab: RunTab;
  onSeq: (seq: number | undefined) => void;
  onTab: (tab: RunTab) => void;
  /** Its lineage as those know it who know its kind. */
  lineage: (run: RunDetail) => ReactNode;
}

/** One run, live or historic: the same stream, reducer and components for both. */
export function RunPage({ runId, seq, tab, onSeq, onTab, lineage }: Props) {
  const run = useQuery(runQuery(runId));
  // The whole page hangs on it: drawn in slices, so that its first picture holds back neither keys nor frames.
  const row = useDeferredValue(run.data);
  const playback = usePlayback(runId, seq, onSeq);
  if (run.error && !run.data) return <Unknown what="run" error={run.error} />;
  if (!row) return <Loading label="Loading the run" lines={6} />;
  return (
    <RunFrame
      playback={playback}
      run={row}
      title={row.title ?? words(row.kind)}
      actions={
        <>
          <FramesButton log={playback.log} />
          <CompareWith run={row} />
          <ResultLink run={row} />
        </>
      }
    >
      <GlanceStrip playback={playback} planned={plannedOf(row)} onTab={onTab} />
      <RunTabs run={row} playback={playback} tab={tab} onTab={onTab} lineage={lineage} />
    </RunFrame>
  );
}

function FramesButton({ log }: { log: RunLog }) {
  const save = () =>
    download(
      `${log.runId}.ndjson`,
      log.lines.map((line) => `${line.text}\n`).join(""),
      "application/x-ndjson",
    );
  return (
    <Button size="sm" onClick={save}>
      <Download aria-hidden /> Frames
    </Button>
  );
}
