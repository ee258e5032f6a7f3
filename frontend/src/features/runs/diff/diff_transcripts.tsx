import { useQuery } from "@tanstack/react-query";
import { Loading } from "@/ui/panel.tsx";
import { plannedOf } from "../planned.ts";
import { useRunLog } from "../playback.ts";
import { runQuery } from "../queries.ts";
import { StreamNote } from "../stream_note.tsx";
import { Ending, Transcript } from "../transcript_view.tsx";
import type { Moment, Side } from "./moments.ts";

/** Both transcripts at one moment, drawn by what draws each of them on its own page. */
export function DiffTranscripts({ a, b, moment }: { a: string; b: string; moment: Moment }) {
  return (
    <div className="grid gap-4 lg:grid-cols-2 items-start">
      <One side="left" runId={a} seq={moment.left} />
      <One side="right" runId={b} seq={moment.right} />
    </div>
  );
}

function One({ side, runId, seq }: { side: Side; runId: string; seq: number }) {
  const { log, state } = useRunLog(runId);
  const run = useQuery(runQuery(runId));
  const view = log.viewAt(Math.min(seq, state.length));
  return (
    <section
      aria-label={`Transcript of the ${side} run`}
      className="grid gap-3 min-w-0"
      data-testid={`transcript-${side}`}
    >
      <h2 className="eyebrow">{side === "left" ? "Left" : "Right"}</h2>
      <StreamNote state={state} isOpen={false} />
      {state.length === 0 && state.stream.phase !== "broken" ? (
        <Loading label={`Loading the ${side} run`} />
      ) : null}
      {view.terminal ? <Ending terminal={view.terminal} /> : null}
      <Transcript transcript={view} planned={plannedOf(run.data ?? null)} />
    </section>
  );
}
