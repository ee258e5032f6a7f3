import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useEffect } from "react";
import type { LabRun } from "@/api/lab.ts";
import type { Artifact } from "@/api/types.ts";
import { type Playback, usePlayback } from "@/features/runs/playback.ts";
import { runQuery } from "@/features/runs/queries.ts";
import { RecordLink } from "@/features/runs/record_link.tsx";
import { RunFrame } from "@/features/runs/run_frame.tsx";
import { Ending } from "@/features/runs/transcript_view.tsx";
import { phaseStatus, type TranscriptView } from "@/features/runs/view.ts";
import { bytes, count, words } from "@/lib/format.ts";
import { Loading, Panel, ProgressBar } from "@/ui/panel.tsx";
import { Glyph } from "@/ui/status.tsx";
import { LineageFigure } from "./lineage_figure.tsx";
import { RemovedResult, titleOf } from "./removed_result.tsx";

/** A deep link to a moment of a run. */
export interface Moment {
  seq: number | null;
  onSeq: (seq: number | undefined) => void;
}

interface Props extends Moment {
  item: LabRun;
  hasResult: boolean;
  actions?: ReactNode;
  children: ReactNode;
}

/** What is the same around every run of the lab: how it goes, what came of it, and what it stands on. */
export function LabFrame(props: Props) {
  const { item } = props;
  // Most of its frames are gone too: there is nothing to follow.
  return item.removed ? <RemovedResult item={item} removed={item.removed} /> : <Followed {...props} />;
}

function Followed(props: Props) {
  const { item, hasResult, seq, onSeq, actions, children } = props;
  // Its frames say all that could be asked for again.
  const run = useQuery({ ...runQuery(item.run_id), refetchInterval: false });
  const playback = usePlayback(item.run_id, seq, onSeq);
  useResultAtEnd(item.run_id, playback);
  return (
    <RunFrame
      playback={playback}
      run={run.data ?? null}
      title={titleOf(item)}
      actions={
        <>
          {actions}
          <RecordLink runId={item.run_id} />
        </>
      }
    >
      <AtMoment view={playback.view} hasResult={hasResult}>
        {children}
      </AtMoment>
      <LineageFigure run={item} />
      {run.data && run.data.artifacts.length > 0 ? <Artifacts artifacts={run.data.artifacts} /> : null}
    </RunFrame>
  );
}

function Artifacts({ artifacts }: { artifacts: readonly Artifact[] }) {
  return (
    <Panel title="What it left behind">
      <ul className="flex flex-wrap gap-x-5 gap-y-2 text-sm">
        {artifacts.map(({ artifact_id, name, size_bytes }) => (
          <li key={artifact_id}>
            <Link
              to="/artifacts/$artifactId"
              params={{ artifactId: artifact_id }}
              className="text-accent underline"
            >
              {words(name)}
            </Link>{" "}
            <span className="num text-ink-3">{bytes(size_bytes)}</span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

/** What came of a run is published with its last frame, and asked for when that has come. */
function useResultAtEnd(runId: string, { state }: Playback): void {
  const queries = useQueryClient();
  const hasEnded = state.stream.phase === "ended";
  useEffect(() => {
    if (!hasEnded) return;
    for (const queryKey of [
      ["lab", "run", runId],
      ["lab", "runs"],
      ["lab", "resolve"],
    ]) {
      void queries.invalidateQueries({ queryKey });
    }
  }, [queries, runId, hasEnded]);
}

function AtMoment(props: { view: TranscriptView; hasResult: boolean; children: ReactNode }) {
  const { view, hasResult, children } = props;
  const { terminal } = view;
  if (!terminal) return <Underway view={view} />;
  if (terminal.status === "completed") {
    return hasResult ? children : <Loading label="Loading what came out" lines={6} />;
  }
  const isCancelled = terminal.status === "cancelled";
  return (
    <>
      {/* Of a cancelled run the last frame says no more than that. */}
      <Ending terminal={isCancelled ? { ...terminal, text: null } : terminal} />
      {hasResult ? (
        children
      ) : (
        <p className="text-ink-2 max-w-[72ch]">
          {isCancelled
            ? "It was cancelled before anything came out, so there is no result. Its record stays."
            : "It failed before anything came out, so there is no result. Its record says how far it came."}
        </p>
      )}
    </>
  );
}

function Underway({ view }: { view: TranscriptView }) {
  if (view.phases.length === 0) {
    return (
      <p className="text-sm text-ink-2 py-4" role="status">
        {view.at === null ? "Queued: it begins when a worker takes the run." : "It reads what it stands on."}
      </p>
    );
  }
  return (
    <Panel title="How far it has come" isFlush>
      <ol className="divide-y divide-line">
        {view.phases.map((phase) => {
          const status = phaseStatus(phase, false);
          const title = phase.title ?? words(phase.phase);
          return (
            <li key={phase.phase} className="px-4 py-3 grid gap-1.5" data-stage={phase.phase}>
              <p className="flex items-center gap-2 text-sm">
                <Glyph status={status} />
                <span className="font-medium">{title}</span>
                <span className="ml-auto text-xs text-ink-3">{words(status)}</span>
              </p>
              {status === "running" ? (
                <ProgressBar fraction={phase.progress?.fraction ?? null} label={title} />
              ) : null}
              {phase.progress?.done != null ? (
                <p className="num text-xs text-ink-3">
                  {count(phase.progress.done)} of {count(phase.progress.total)} pieces of work
                </p>
              ) : null}
            </li>
          );
        })}
      </ol>
    </Panel>
  );
}
