import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { LabRun } from "@/api/lab.ts";
import { LAB_PAGES } from "@/features/runs/result_link.tsx";
import { shortId, words } from "@/lib/format.ts";
import { Panel } from "@/ui/panel.tsx";
import { Badge } from "@/ui/status.tsx";
import { When } from "@/ui/time.tsx";
import { Answered } from "./answered.tsx";
import { type LabRunFilter, labRunsQuery } from "./queries.ts";

const SHOWN = 20;

/** The newest runs that stand on something, each leading to what came of it. */
export function LabRunList(props: { title: string; filter: LabRunFilter; empty: string }) {
  const { title, filter, empty } = props;
  const runs = useQuery(labRunsQuery(filter));
  return (
    <Panel title={title} isFlush>
      <Answered query={runs} label={`Loading: ${title}`}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="px-4 py-3 text-sm text-ink-2 text-pretty">{empty}</p>
          ) : (
            <ul className="divide-y divide-line">
              {items.slice(0, SHOWN).map((run) => (
                <Item key={run.run_id} run={run} />
              ))}
            </ul>
          )
        }
      </Answered>
    </Panel>
  );
}

function Item({ run }: { run: LabRun }) {
  return (
    <li>
      <Link
        to={LAB_PAGES[run.run_kind]}
        params={{ runId: run.run_id }}
        className="flex flex-wrap items-center gap-x-2 gap-y-0.5 px-4 py-2.5 hover:bg-hover"
      >
        <span className="font-medium basis-full text-pretty first-letter:uppercase">{run.title}</span>
        <Badge status={run.status} />
        <span className="text-xs text-ink-3">
          {words(run.run_kind)} …{shortId(run.run_id)}
        </span>
        <span className="num ml-auto text-xs text-ink-3">
          <When at={run.created_at} />
        </span>
      </Link>
    </li>
  );
}
