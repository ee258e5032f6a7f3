import type { RunItem } from "@/api/types.ts";
import { absoluteTime } from "@/lib/format.ts";
import { Badge } from "@/ui/status.tsx";

/** How a run stands. */
export type Standing = Pick<RunItem, "status" | "waits_for" | "is_dead_letter"> & {
  wakes_at?: string | null;
};

/** Where a run stands: what it waits for, and whether somebody has to look. */
export function RunStatusBadge({ run }: { run: Standing }) {
  return (
    <span className="inline-flex flex-wrap gap-1">
      {run.status === "waiting" ? <WaitingBadge run={run} /> : <Badge status={run.status} />}
      {run.is_dead_letter ? (
        <span title="No further attempt is made by itself; somebody should look.">
          <Badge status="dead_letter" />
        </span>
      ) : null}
    </span>
  );
}

function WaitingBadge({ run }: { run: Standing }) {
  const status = run.waits_for === "decision" ? "waiting_for_decision" : "waiting";
  return <Badge status={status} label={waitingFor(run)} />;
}

export function waitingFor({ waits_for, wakes_at }: Pick<Standing, "waits_for" | "wakes_at">): string {
  switch (waits_for) {
    case "children":
      return "Waiting for its runs";
    case "decision":
      return "Waiting for a decision";
    case "time":
      return wakes_at ? `Waiting until ${absoluteTime(wakes_at)}` : "Waiting for its time";
    default:
      return "Waiting";
  }
}
