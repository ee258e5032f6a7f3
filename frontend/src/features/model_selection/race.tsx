import clsx from "clsx";
import type { Comparison } from "@/api/types.ts";
import type { TranscriptView } from "@/features/runs/view.ts";
import { count, duration } from "@/lib/format.ts";
import { ModelName, useStatement } from "@/ui/model_name.tsx";
import { Panel, ProgressBar } from "@/ui/panel.tsx";
import { Glyph } from "@/ui/status.tsx";
import { inFieldNames } from "./folds_draft.ts";
import { type Lane, lanesOf } from "./lanes.ts";

/** Who takes part, and how far each has come at this moment. */
export function Race({ comparison, view }: { comparison: Comparison; view: TranscriptView }) {
  const lanes = lanesOf(comparison, view);
  const said = useStatement(lanes.map((lane) => lane.modelType));
  const ended = (status: string) => lanes.filter((lane) => lane.status === status).length;
  const dropped = ended("dropped");
  return (
    <Panel
      title="Candidates"
      aside={
        <span className="num text-xs text-ink-3">
          {ended("completed")} of {lanes.length} completed
          {dropped > 0 ? `, ${dropped} dropped` : ""}
        </span>
      }
      isFlush
    >
      {view.terminal ? null : <Progress view={view} />}
      <ul className="divide-y divide-line">
        {lanes.map((lane) => (
          <LaneItem
            key={lane.id}
            lane={lane}
            total={comparison.series_total}
            said={said}
            durationMs={view.terminal ? tookOf(comparison, lane) : null}
          />
        ))}
      </ul>
    </Panel>
  );
}

/** Backtests are counted over all candidates together. */
function Progress({ view }: { view: TranscriptView }) {
  const progress = view.phases.findLast((phase) => phase.progress !== null)?.progress;
  return (
    <div className="px-4 py-2 grid gap-1 border-b border-line">
      <ProgressBar fraction={progress?.fraction ?? null} label="Progress of the comparison" />
      {progress?.total ? (
        <p className="num text-xs text-ink-3">
          {count(progress.done)} of {count(progress.total)} backtests
        </p>
      ) : null}
    </div>
  );
}

/** How long it took is measured beside the frames, and known when all have ended. */
function tookOf({ candidate_progress }: Comparison, { id }: Lane): number | null {
  return candidate_progress.find((each) => each.candidate_id === id)?.duration_ms ?? null;
}

function LaneItem(props: {
  lane: Lane;
  total: number;
  said: (sentence: string) => string;
  durationMs: number | null;
}) {
  const { lane, total, said, durationMs } = props;
  return (
    <li className="px-4 py-2 grid gap-1" data-candidate={lane.modelType} data-status={lane.status}>
      <div className="flex flex-wrap items-center gap-x-2 text-sm">
        <Glyph status={lane.status} />
        <ModelName model={lane.modelType} className="font-medium truncate" />
        <span className="num ml-auto text-xs text-ink-3 whitespace-nowrap">
          {lane.status}
          {total > 1 && lane.seriesDone !== null ? ` · ${lane.seriesDone}/${total}` : ""}
          {durationMs === null ? "" : ` · ${duration(durationMs)}`}
        </span>
      </div>
      {lane.error ? (
        <p className={clsx("text-xs break-words", lane.status === "dropped" ? "text-ink-2" : "text-fail")}>
          {lane.error.code ? <code className="font-mono">{lane.error.code}</code> : null}{" "}
          {inFieldNames(said(lane.error.message))}
        </p>
      ) : null}
    </li>
  );
}
