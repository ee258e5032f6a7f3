import { queryOptions, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { api, ask } from "@/api/client.ts";
import type { LabRun } from "@/api/lab.ts";
import type { Artifact } from "@/api/types.ts";
import { runQuery } from "@/features/runs/queries.ts";
import { LAB_PAGES } from "@/features/runs/result_link.tsx";
import { plural, words } from "@/lib/format.ts";
import { Panel } from "@/ui/panel.tsx";
import { Badge } from "@/ui/status.tsx";
import { Answered } from "./answered.tsx";
import { downstream, LineageFigure } from "./lineage_figure.tsx";

function labRunQuery(lab_run_id: string) {
  return queryOptions({
    queryKey: ["lab", "runs", "one", lab_run_id],
    queryFn: ({ signal }) =>
      ask(api.GET("/lab/runs/{lab_run_id}", { params: { path: { lab_run_id } }, signal })),
  });
}

/** The lineage of a run of the lab, which is known by its id alone. */
export function RunLineage({ runId }: { runId: string }) {
  const run = useQuery(labRunQuery(runId));
  return (
    <Answered query={run} label="Loading the lineage">
      {(item) => <LineageFigure run={item} />}
    </Answered>
  );
}

/** Who reads an artifact of the lab, and where its run stands. */
export function ArtifactUses({ artifact, runId }: { artifact: Artifact; runId: string }) {
  const run = useQuery(labRunQuery(runId));
  return (
    <Answered query={run} label="Loading where it is used">
      {(item) => (
        <div className="grid gap-5">
          <Readers artifact={artifact} run={item} />
          <LineageFigure run={item} />
        </div>
      )}
    </Answered>
  );
}

/** Runs whose recorded inputs name the artifact. */
function Readers({ artifact, run }: { artifact: Artifact; run: LabRun }) {
  const readers = useQuery({
    queryKey: ["lab", "readers", artifact.artifact_id],
    queryFn: async ({ signal, client }) => {
      const near = await downstream(run, signal);
      const details = await Promise.all(near.map(({ run_id }) => client.ensureQueryData(runQuery(run_id))));
      const reads = new Set(
        details.flatMap(({ run_id, inputs }) =>
          inputs.some(({ id }) => id === artifact.artifact_id) ? [run_id] : [],
        ),
      );
      return { asked: near.length, items: near.filter(({ run_id }) => reads.has(run_id)) };
    },
  });
  return (
    <Panel title="Where it was used" isFlush>
      <Answered query={readers} label="Loading where it was used">
        {({ asked, items }) => (
          <>
            <p className="px-4 py-3 text-sm text-ink-2">
              {items.length === 0
                ? `No run names it among its inputs; ${plural(asked, "run")} that ${asked === 1 ? "stands" : "stand"} on this one ${asked === 1 ? "was" : "were"} asked.`
                : `${plural(items.length, "run")} of ${asked} that stand on this one ${items.length === 1 ? "names" : "name"} it among ${items.length === 1 ? "its" : "their"} inputs, by id and digest.`}
            </p>
            <ul className="divide-y divide-line border-t border-line empty:hidden">
              {items.map((item) => (
                <li
                  key={item.run_id}
                  className="px-4 py-2 text-sm flex flex-wrap items-center gap-x-3 gap-y-1"
                >
                  <Link
                    to={LAB_PAGES[item.run_kind]}
                    params={{ runId: item.run_id }}
                    className="text-accent hover:underline font-medium first-letter:uppercase"
                  >
                    {item.title}
                  </Link>
                  <Badge status={item.status} />
                  <span className="text-ink-3">{words(item.run_kind)}</span>
                </li>
              ))}
            </ul>
          </>
        )}
      </Answered>
    </Panel>
  );
}
