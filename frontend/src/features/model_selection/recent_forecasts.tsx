import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { runsQuery } from "@/features/runs/queries.ts";
import { RunStatusBadge } from "@/features/runs/run_status.tsx";
import { words } from "@/lib/format.ts";
import { Empty, Loading, Panel } from "@/ui/panel.tsx";
import { ProblemNote } from "@/ui/problem_note.tsx";
import { When } from "@/ui/time.tsx";

const SHOWN = 12;

/** The latest forecasts, each on its own page. */
export function RecentForecasts() {
  const runs = useQuery(runsQuery({ kind: "forecast" }));
  const shown = runs.data?.items.slice(0, SHOWN) ?? [];
  return (
    <Panel title="Recent forecasts" isFlush>
      {runs.error ? (
        <div className="p-3">
          <ProblemNote error={runs.error} />
        </div>
      ) : null}
      {runs.isPending ? <Loading label="Loading forecasts" /> : null}
      {runs.data && shown.length === 0 ? (
        <Empty title="None yet">
          Start with a table of series. Each forecast stays here with what it was made of, and can be replayed
          as a run.
        </Empty>
      ) : null}
      <ul className="divide-y divide-line">
        {shown.map((run) => (
          <li key={run.run_id}>
            <Link
              to="/forecast/$runId"
              params={{ runId: run.run_id }}
              className="flex flex-wrap items-center gap-x-2 gap-y-0.5 px-4 py-2.5 hover:bg-hover"
            >
              <span className="font-medium truncate first-letter:uppercase basis-full">
                {run.title ?? words(run.kind)}
              </span>
              <RunStatusBadge run={run} />
              <span className="num ml-auto text-xs text-ink-3">
                <When at={run.created_at} />
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
