import { queryOptions, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { api, ask } from "@/api/client.ts";
import type { LabKind, LabRun } from "@/api/lab.ts";
import { LineageGraphFigure } from "@/features/runs/lineage/graph_figure.tsx";
import { LAB_PAGES } from "@/features/runs/result_link.tsx";
import { Answered } from "./answered.tsx";
import { graphOf, type LineageNode, upstreamRuns } from "./lineage.ts";

const MOST_DOWN = 200;

/** The run with all runs it stands on, near or far, and with those that stand on it. */
function lineageQuery(run: LabRun) {
  return queryOptions({
    queryKey: ["lab", "lineage", run.run_id],
    queryFn: async ({ signal }) => {
      const met = new Map<string, LabRun>();
      const waiting = [...upstreamRuns(run.lineage), ...(run.parent_run_id ? [run.parent_run_id] : [])];
      for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
        if (met.has(id)) continue;
        const path = { lab_run_id: id };
        const found = await ask(api.GET("/lab/runs/{lab_run_id}", { params: { path }, signal }));
        met.set(id, found);
        waiting.push(...upstreamRuns(found.lineage));
      }
      return [...met.values(), run, ...(await downstream(run, signal))];
    },
  });
}

/** Those that name it as what they stand on, and of a batch its simulations. */
export async function downstream({ run_id, lineage }: LabRun, signal: AbortSignal): Promise<LabRun[]> {
  const { tournament_id, cohort_id } = lineage;
  const on = tournament_id ? { tournament_id } : cohort_id ? { cohort_id } : null;
  if (!on) return [];
  const query = { ...on, limit: MOST_DOWN };
  const { items } = await ask(api.GET("/lab/runs", { params: { query }, signal }));
  return items.filter((item) => upstreamRuns(item.lineage).includes(run_id) || item.parent_run_id === run_id);
}

/** What a run stands on and what stands on it: each thing leads to its page. */
export function LineageFigure({ run }: { run: LabRun }) {
  const lineage = useQuery(lineageQuery(run));
  return (
    <Answered query={lineage} label="Loading the lineage">
      {(runs) => (
        <LineageGraphFigure
          graph={graphOf(runs)}
          thisId={run.run_id}
          title="Where it comes from, and what stands on it"
          sentence="From left to right: data, models, bids, simulations, evaluations. Each run names what it stands on by id; nothing was looked up."
          renderLink={(node, rest) => <NodeLink node={node} {...rest} />}
        />
      )}
    </Answered>
  );
}

function NodeLink(props: { node: LineageNode; className: string; children: ReactNode }) {
  const { node, ...rest } = props;
  const { id, kind, within } = node;
  switch (kind) {
    case "tournament":
      return <Link to="/lab/tournaments/$tournamentId" params={{ tournamentId: id }} {...rest} />;
    case "state":
      return (
        <Link
          to="/lab/tournaments/$tournamentId"
          params={{ tournamentId: within ?? "" }}
          search={{ tab: "bracket", state: id }}
          {...rest}
        />
      );
    case "calcutta":
      return <Link to="/lab/calcuttas/$calcuttaId" params={{ calcuttaId: id }} {...rest} />;
    case "snapshot":
      return (
        <Link
          to="/lab/calcuttas/$calcuttaId"
          params={{ calcuttaId: within ?? "" }}
          search={{ snapshot: id }}
          {...rest}
        />
      );
    case "cohort":
      return <Link to="/lab/cohorts/$cohortId" params={{ cohortId: id }} {...rest} />;
    case "synthetic_calcutta":
      return (
        <Link
          to="/lab/synthetic-calcuttas/$syntheticCalcuttaId"
          params={{ syntheticCalcuttaId: id }}
          {...rest}
        />
      );
    default:
      return <Link to={LAB_PAGES[kind satisfies LabKind]} params={{ runId: id }} {...rest} />;
  }
}
