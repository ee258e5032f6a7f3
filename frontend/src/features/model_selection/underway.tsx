import { Link } from "@tanstack/react-router";
import type { FleetForecast } from "@/api/types.ts";
import { Ending } from "@/features/runs/transcript_view.tsx";
import type { TerminalView, TranscriptView } from "@/features/runs/view.ts";
import { count } from "@/lib/format.ts";
import { buttonClass } from "@/ui/button.tsx";
import { Panel, ProgressBar } from "@/ui/panel.tsx";
import { Glyph } from "@/ui/status.tsx";
import { Assumed, Excluded } from "./forecast_notes.tsx";
import { assumedOf, type Stage, stagesOf } from "./forecast_view.ts";

/** How far the forecast has come at this moment. */
export function Underway({ forecast, view }: { forecast: FleetForecast; view: TranscriptView }) {
  const isQueued = view.at === null;
  return (
    <div className="grid gap-5 xl:grid-cols-[minmax(0,1fr)_24rem] items-start">
      <Panel title="How far it has come" isFlush>
        {isQueued ? (
          <p className="px-4 py-3 text-sm text-ink-2 border-b border-line" role="status">
            Queued: it begins when a worker takes the run.
          </p>
        ) : null}
        <ol className="divide-y divide-line">
          {stagesOf(view).map((stage) => (
            <StageItem key={stage.phase} stage={stage} />
          ))}
        </ol>
      </Panel>
      <div className="grid gap-5">
        <Assumed assumptions={assumedOf(view)} isOpen />
        <Excluded series={forecast.excluded_series} total={forecast.excluded_total} />
      </div>
    </div>
  );
}

function StageItem({ stage }: { stage: Stage }) {
  const { title, status, progress } = stage;
  const isRunning = status === "running";
  return (
    <li className="px-4 py-3 grid gap-1.5" data-stage={stage.phase} data-status={status}>
      <p className="flex items-center gap-2 text-sm">
        <Glyph status={status} />
        <span className="font-medium">{title}</span>
        <span className="ml-auto text-xs text-ink-3">{status}</span>
      </p>
      {isRunning ? <ProgressBar fraction={progress?.fraction ?? null} label={title} /> : null}
      {progress ? (
        <p className="num text-xs text-ink-3">
          {count(progress.done)} of {count(progress.total)} pieces of work
        </p>
      ) : null}
    </li>
  );
}

/** A forecast that ended without an answer, and the next step. */
export function Unfinished({ forecast, terminal }: { forecast: FleetForecast; terminal: TerminalView }) {
  const isCancelled = terminal.status === "cancelled";
  return (
    <div className="grid gap-4">
      {/* Of a cancelled run the last frame says no more than that. */}
      <Ending terminal={isCancelled ? { ...terminal, text: null } : terminal} />
      <p className="text-ink-2 max-w-[72ch]">
        {isCancelled
          ? "It was cancelled before anything was forecast, so there is no result. Its record stays."
          : "It failed before anything was forecast, so there is no result. Its record says how far it came."}
      </p>
      <div>
        <Link to="/forecast" className={buttonClass("primary")}>
          Start another forecast
        </Link>
      </div>
      <Excluded series={forecast.excluded_series} total={forecast.excluded_total} />
    </div>
  );
}
