import type { RunDetail } from "@/api/types.ts";
import { clockTime, words } from "@/lib/format.ts";
import { Glyph } from "@/ui/status.tsx";

export interface Happening {
  at: string;
  event: string;
  /** How it stands then; `null` where the event has no end of its own. */
  status: string | null;
  /** Who executed it, as it began. */
  worker: string | null;
  error: { code: string; message: string } | null;
}

/** What happened to a run, oldest first: each attempt begins with its worker and ends with its error, if it has one. */
export function timelineOf({ timeline, attempts }: Pick<RunDetail, "timeline" | "attempts">): Happening[] {
  return timeline.map(({ at, event }) => {
    const [, number, step] = /^attempt (\d+) (\w+)$/.exec(event) ?? [];
    const attempt = attempts.find((each) => String(each.number) === number);
    const isStart = step === "started";
    return {
      at,
      event,
      status: number === undefined ? event : isStart ? null : (step ?? null),
      worker: isStart ? (attempt?.worker ?? null) : null,
      error: isStart ? null : (attempt?.error ?? null),
    };
  });
}

/** One shape for every run, however it went. */
export function Happenings({ run }: { run: Pick<RunDetail, "timeline" | "attempts"> }) {
  return (
    <ol className="divide-y divide-line text-sm" data-testid="timeline">
      {timelineOf(run).map(({ at, event, status, worker, error }) => (
        <li key={`${at}${event}`} className="px-4 py-1.5 grid grid-cols-[1rem_minmax(0,1fr)_auto] gap-x-2">
          <Glyph status={status ?? "running"} />
          <span>
            {words(event)}
            {worker ? <span className="text-ink-3"> on {worker}</span> : null}
          </span>
          <time dateTime={at} title={at} className="num text-xs text-ink-3">
            {clockTime(at)}
          </time>
          {error ? (
            <p className="col-start-2 col-span-2 text-xs text-fail break-words">
              <code className="font-mono">{error.code}</code> {error.message}
            </p>
          ) : null}
        </li>
      ))}
    </ol>
  );
}
