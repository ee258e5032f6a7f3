import type { RunDetail } from "@/api/types.ts";
import { plannedOf } from "./planned.ts";
import type { Playback } from "./playback.ts";
import { waitingFor } from "./run_status.tsx";
import { StepSummary } from "./step_summary.tsx";
import { Ending, Transcript } from "./transcript_view.tsx";

/** What was said and done up to the moment that is shown. */
export function TranscriptTab({ run, playback }: { run: RunDetail; playback: Playback }) {
  const { state, view } = playback;
  if (state.length === 0 && state.stream.phase === "broken")
    return <StepSummary run={run} playback={playback} />;
  if (state.length === 0) return <Waiting run={run} />;
  return (
    <div className="grid gap-4">
      {view.terminal ? <Ending terminal={view.terminal} /> : null}
      <Transcript transcript={view} planned={plannedOf(run)} />
    </div>
  );
}

function Waiting({ run }: { run: RunDetail }) {
  return (
    <p className="text-ink-2 text-sm py-6" role="status">
      {run.status === "queued"
        ? "Queued: the first frame arrives when a worker takes the run."
        : run.status === "waiting"
          ? `${waitingFor(run)}.`
          : "Waiting for the first frame…"}
    </p>
  );
}
