import type { RunDetail } from "@/api/types.ts";
import { clockTime, words } from "@/lib/format.ts";
import { Panel } from "@/ui/panel.tsx";
import { Glyph } from "@/ui/status.tsx";
import { useEnd } from "./final/kept_end.ts";
import type { Playback } from "./playback.ts";
import { summarySteps } from "./summary_steps.ts";
import { Ending } from "./transcript_view.tsx";
import { terminalView } from "./view.ts";

/** Instead of a transcript whose frames cannot be had: what the row tells, and that it is no transcript. */
export function StepSummary({ run, playback }: { run: RunDetail; playback: Playback }) {
  const end = terminalView(useEnd(run, playback));
  const steps = summarySteps(run);
  const { stream } = playback.state;
  return (
    <div className="grid gap-4" data-testid="step-summary">
      <p
        className="flex items-start gap-2 text-sm bg-warn-wash border border-line rounded-lg px-3 py-2"
        role="note"
      >
        <span className="mt-0.5">
          <Glyph status="warn" />
        </span>
        <span>
          <strong className="font-semibold">No replay: the frames of this run cannot be had.</strong>{" "}
          {stream.phase === "broken" ? `${stream.problem.message} ` : ""}
          Below is a summary by its row, not what was streamed.
        </span>
      </p>
      {end ? <Ending terminal={end} /> : null}
      <Panel title="Steps, by the run's row" isFlush>
        {steps.length === 0 ? (
          <p className="px-4 py-3 text-sm text-ink-3">No attempt at it was begun.</p>
        ) : (
          <ol className="divide-y divide-line">
            {steps.map(({ id, at, title, status, detail }) => (
              <li key={id} className="px-4 py-2 grid grid-cols-[1rem_minmax(0,1fr)_auto] gap-x-2 text-sm">
                <Glyph status={status} />
                <span className="break-words">
                  {title} <span className="text-xs text-ink-3">{words(status)}</span>
                </span>
                <time dateTime={at} title={at} className="num text-xs text-ink-3">
                  {clockTime(at)}
                </time>
                {detail ? (
                  <p className="col-start-2 col-span-2 text-xs text-ink-2 break-words">{detail}</p>
                ) : null}
              </li>
            ))}
          </ol>
        )}
      </Panel>
    </div>
  );
}
