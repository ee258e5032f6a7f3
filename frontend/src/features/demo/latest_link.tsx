import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { runsQuery } from "@/features/runs/queries.ts";
import { RunStatusBadge } from "@/features/runs/run_status.tsx";
import { When } from "@/ui/time.tsx";

/** The way back to the last showcase: its result is never further than this. */
export function LatestLink() {
  const runs = useQuery(runsQuery({ kind: "showcase" }));
  const latest = runs.data?.items.at(0);
  if (!latest) return null;
  return (
    <p className="flex flex-wrap items-center gap-x-2 gap-y-1 text-sm text-ink-2">
      The last one:
      <Link
        to="/showcase"
        search={{ run: latest.run_id }}
        className="font-medium text-ink hover:text-accent hover:underline"
      >
        {latest.title}
      </Link>
      <RunStatusBadge run={latest} />
      <When at={latest.ended_at ?? latest.created_at} />
    </p>
  );
}
