import { Link } from "@tanstack/react-router";
import { Scissors } from "lucide-react";
import { useMemo } from "react";
import type { Cut, RunItem } from "@/api/types.ts";
import { count, plural, shortId, words } from "@/lib/format.ts";
import { reduce } from "@/lib/frames/reduce.ts";
import { When } from "@/ui/time.tsx";
import { useRunLog } from "../playback.ts";
import { RunStatusBadge } from "../run_status.tsx";
import { StreamNote } from "../stream_note.tsx";
import { Ending, Transcript } from "../transcript_view.tsx";
import { type TranscriptView, viewOf } from "../view.ts";
import { type Segment, shownOf } from "./segments.ts";

interface Props {
  segment: Segment;
  run: RunItem | undefined;
  /** The moment of the conversation. */
  at: number;
}

/** One run of a conversation up to a moment, between its borders. */
export function RunSegment({ segment, run, at }: Props) {
  const { frames, gone, cut } = segment;
  const shown = shownOf(segment, at);
  const view = useMemo(() => viewOf(reduce(frames.slice(0, shown))), [frames, shown]);
  if (frames.length > 0 ? shown === 0 : at < segment.before) return null;
  return (
    <Border segment={segment} run={run} told={`${count(shown)} of ${plural(frames.length, "frame")}`}>
      {gone ? (
        <p className="text-sm text-ink-3">
          Frames {count(gone.from)} to {count(gone.to)} were let go of under a retention receipt.
        </p>
      ) : null}
      {frames.length === 0 && !gone && !cut ? (
        <p className="text-sm text-ink-3">Nothing was said yet.</p>
      ) : null}
      <Said view={view} />
      {cut && shown === frames.length ? <CutMark cut={cut} /> : null}
    </Border>
  );
}

/** A run that goes on is followed as on its own page. */
export function LiveSegment({ segment, run }: Omit<Props, "at">) {
  const { log, state } = useRunLog(segment.runId);
  return (
    <Border segment={segment} run={run} told={plural(state.length, "frame")}>
      <StreamNote state={state} isOpen />
      <Said view={log.viewAt(state.length)} />
    </Border>
  );
}

function Said({ view }: { view: TranscriptView }) {
  return (
    <>
      <Transcript transcript={view} planned={[]} />
      {view.terminal ? <Ending terminal={view.terminal} /> : null}
    </>
  );
}

function Border(props: Omit<Props, "at"> & { told: string; children: React.ReactNode }) {
  const { segment, run, told, children } = props;
  const { runId } = segment;
  return (
    <section
      aria-label={run?.title ?? `Run …${shortId(runId)}`}
      className="grid gap-3 border-l-2 border-line-strong pl-4 min-w-0"
      data-testid="segment"
    >
      <header className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <h2 className="text-lg font-semibold min-w-0 break-words">
          <Link to="/runs/$runId" params={{ runId }} className="hover:text-accent hover:underline">
            {run ? (run.title ?? words(run.kind)) : `Run …${shortId(runId)}`}
          </Link>
        </h2>
        {run ? <RunStatusBadge run={run} /> : null}
        <span className="num text-xs text-ink-3">{told}</span>
      </header>
      {children}
    </section>
  );
}

function CutMark({ cut }: { cut: Cut }) {
  const { number, seq, runs, frames, cut_at } = cut;
  return (
    <p
      data-testid="cut"
      className="flex items-start gap-2 rounded-lg border border-dashed border-line-strong bg-sunken px-3 py-2 text-sm"
    >
      <Scissors className="size-4 mt-0.5 shrink-0 text-ink-3" aria-hidden />
      <span className="min-w-0">
        <strong className="font-medium">Cut {count(number)}</strong>, <When at={cut_at} />, behind frame{" "}
        {count(seq)} of this run: {plural(frames, "frame")} of {plural(runs, "run")}{" "}
        {frames === 1 ? "is" : "are"} left out here. Nothing is erased; each run's own page has all of it.
      </span>
    </p>
  );
}
