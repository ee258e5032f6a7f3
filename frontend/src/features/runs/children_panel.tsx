import { Link } from "@tanstack/react-router";
import type { RunDetail } from "@/api/types.ts";
import { duration, elapsedMs, words } from "@/lib/format.ts";
import { Panel } from "@/ui/panel.tsx";
import { ProblemNote } from "@/ui/problem_note.tsx";
import { RunStatusBadge } from "./run_status.tsx";
import { useChildren } from "./use_children.ts";

/** The runs that this one has started; nothing where there are none. */
export function ChildrenPanel({ run }: { run: RunDetail }) {
  const children = useChildren(run);
  if (children.error && !children.data) return <ProblemNote error={children.error} />;
  if (!children.data || children.data.items.length === 0) return null;
  return (
    <Panel title="Runs it started" isFlush>
      <ul className="divide-y divide-line" data-testid="children">
        {children.data.items.map((child) => (
          <li key={child.run_id} className="px-4 py-2 text-sm grid gap-1">
            <Link
              to="/runs/$runId"
              params={{ runId: child.run_id }}
              className="font-medium hover:text-accent hover:underline break-words"
            >
              {child.title || words(child.kind)}
            </Link>
            <div className="flex items-center gap-2">
              <RunStatusBadge run={child} />
              <span className="num ml-auto text-xs text-ink-3">
                {duration(elapsedMs(child.started_at, child.ended_at))}
              </span>
            </div>
          </li>
        ))}
      </ul>
      {children.data.next_cursor ? (
        <p className="px-4 py-2 border-t border-line text-sm">
          <Link to="/runs" search={{ parent_run_id: run.run_id }} className="text-accent hover:underline">
            Show all of them
          </Link>
        </p>
      ) : null}
    </Panel>
  );
}
