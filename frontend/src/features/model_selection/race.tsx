import clsx from "clsx";
import type { CandidateProgress, Comparison } from "@/api/types.ts";
import { duration } from "@/lib/format.ts";
import { ModelName, useModelName } from "@/ui/model_name.tsx";
import { Panel, ProgressBar } from "@/ui/panel.tsx";
import { Glyph } from "@/ui/status.tsx";
import { isOver } from "./queries.ts";

/** Who takes part, and how far each has come. */
export function Race({ comparison }: { comparison: Comparison }) {
  const { progress, candidate_progress: candidates, series_total: total } = comparison;
  const done = candidates.reduce((sum, each) => sum + each.series_done, 0);
  const hasEnded = isOver(comparison.status);
  return (
    <Panel
      title="Candidates"
      aside={
        <span className="num text-xs text-ink-3">
          {progress.completed} of {progress.total} completed
          {progress.dropped > 0 ? `, ${progress.dropped} dropped` : ""}
        </span>
      }
      isFlush
    >
      {hasEnded ? null : (
        <ProgressBar
          fraction={total ? done / (total * Math.max(1, candidates.length)) : null}
          label="Progress of the comparison"
        />
      )}
      <ul className="divide-y divide-line">
        {candidates.map((candidate) => (
          <Lane key={candidate.candidate_id} candidate={candidate} total={total} hasEnded={hasEnded} />
        ))}
      </ul>
    </Panel>
  );
}

function Lane({
  candidate,
  total,
  hasEnded,
}: {
  candidate: CandidateProgress;
  total: number;
  hasEnded: boolean;
}) {
  const nameOf = useModelName();
  return (
    <li className="px-4 py-2 grid gap-1" data-candidate={candidate.model_type} data-status={candidate.status}>
      <div className="flex items-center gap-2 text-sm">
        <Glyph status={candidate.status} />
        <ModelName model={candidate.model_type} className="font-medium truncate" />
        <span className="sr-only">{candidate.status}</span>
        <span className="num ml-auto text-xs text-ink-3 whitespace-nowrap">
          {total > 1 ? `${candidate.series_done}/${total} · ` : ""}
          {duration(candidate.duration_ms)}
        </span>
      </div>
      {candidate.status === "running" && !hasEnded ? (
        <ProgressBar
          fraction={total > 1 ? candidate.series_done / total : null}
          label={`Progress of ${nameOf(candidate.model_type)}`}
        />
      ) : null}
      {candidate.error ? (
        <p
          className={clsx("text-xs break-words", candidate.status === "dropped" ? "text-ink-2" : "text-fail")}
        >
          {candidate.error_code ? <code className="font-mono">{candidate.error_code}</code> : null}{" "}
          {candidate.error}
        </p>
      ) : null}
    </li>
  );
}
