import { useMemo, useState } from "react";
import type { RunDetail } from "@/api/types.ts";
import { decimal, duration, plural, words } from "@/lib/format.ts";
import { Button } from "@/ui/button.tsx";
import { Figure } from "@/ui/figure.tsx";
import { ProblemNote } from "@/ui/problem_note.tsx";
import { seqAt } from "../moment.ts";
import type { Playback } from "../playback.ts";
import { useChildren } from "../use_children.ts";
import { type Bar, barsOf } from "./bars.ts";
import { Gantt } from "./gantt.tsx";
import { scaleOf } from "./scale.ts";

/** When what was done, up to the moment that is shown; queue time apart from work, idle time cut. */
export function TimelineTab({ run, playback }: { run: RunDetail; playback: Playback }) {
  const [isIdleCut, setIdleCut] = useState(true);
  const children = useChildren(run);
  const bars = useBars(run, playback, children.data?.items ?? []);
  const fromMs = bars.reduce((least, bar) => Math.min(least, bar.fromMs), Number.POSITIVE_INFINITY);
  const toMs = bars.reduce((most, bar) => Math.max(most, bar.toMs), 0);
  if (bars.length === 0) return <p className="text-sm text-ink-2 py-6">Nothing has happened yet.</p>;
  const scale = scaleOf(bars, fromMs, toMs, isIdleCut);
  const cutMs = scale.cuts.reduce((sum, cut) => sum + cut.cutMs, 0);
  return (
    <div className="grid gap-3" data-testid="gantt">
      {children.error && !children.data ? <ProblemNote error={children.error} /> : null}
      <Figure
        title="Timeline"
        sentence={sentenceOf(bars, cutMs, children.data?.next_cursor != null)}
        file={`${run.run_id}-timeline.csv`}
        table={tableOf(bars, fromMs)}
        aside={
          <Button size="sm" aria-pressed={isIdleCut} onClick={() => setIdleCut(!isIdleCut)}>
            Cut idle time
          </Button>
        }
      >
        <Gantt bars={bars} scale={scale} fromMs={fromMs} onSeek={(ms) => seek(playback, ms)} />
      </Figure>
    </div>
  );
}

function useBars(
  run: RunDetail,
  playback: Playback,
  children: Parameters<typeof barsOf>[0]["children"],
): Bar[] {
  const { log, seq, isAtEnd } = playback;
  const transcript = log.transcriptAt(seq);
  return useMemo(() => {
    const sentAt = (eventId: number) => Date.parse(log.lines[eventId - 1]?.frame.server_timestamp ?? "");
    const atMs = transcript.updated_at ? Date.parse(transcript.updated_at) : Date.parse(run.created_at);
    // The row's end is a moment after the last frame, and until then the run has taken what its frames say.
    const nowMs = isAtEnd && run.ended_at ? Math.max(atMs, Date.parse(run.ended_at)) : atMs;
    return barsOf({ transcript, run, children, sentAt, nowMs });
  }, [log, transcript, run, children, isAtEnd]);
}

function seek({ log, dispatch }: Playback, ms: number): void {
  dispatch({ type: "seek", seq: seqAt(log.timeline.sentMs, ms - (log.timeline.firstMs ?? ms)) });
}

function sentenceOf(bars: readonly Bar[], cutMs: number, areChildrenCut: boolean): string {
  const of = (sort: Bar["sort"]) => bars.filter((bar) => bar.sort === sort);
  const took = (sort: Bar["sort"]) => of(sort).reduce((sum, bar) => sum + bar.toMs - bar.fromMs, 0);
  const parts = [
    `${duration(took("queue"))} in the queue`,
    of("attempt").length > 0 ? plural(of("attempt").length, "attempt") : null,
    of("step").length > 0 ? plural(of("step").length, "step") : null,
    of("call").length > 0 ? plural(of("call").length, "call") : null,
    of("run").length > 0
      ? `${areChildrenCut ? "the first " : ""}${plural(of("run").length, "run")} it started`
      : null,
  ].filter((part) => part !== null);
  const idle = cutMs > 0 ? ` ${duration(cutMs)} in which nothing was done are cut.` : "";
  return `${parts.join(", ")}.${idle} A bar leads to its moment.`;
}

function tableOf(bars: readonly Bar[], fromMs: number) {
  return {
    header: ["What", "Sort", "Began after (s)", "Took (s)", "Stands"],
    rows: bars.map((bar) => [
      bar.label,
      SORTS[bar.sort],
      (bar.fromMs - fromMs) / 1000,
      (bar.toMs - bar.fromMs) / 1000,
      words(bar.status),
    ]),
    show: (cell: string | number | null | undefined) =>
      typeof cell === "number" ? decimal(cell, 3) : (cell ?? "–"),
  };
}

const SORTS: Record<Bar["sort"], string> = {
  queue: "Queue",
  attempt: "Attempt",
  wait: "Wait",
  phase: "Phase",
  step: "Step",
  call: "Call",
  run: "Run",
};
