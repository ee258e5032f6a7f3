import { queryOptions, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import clsx from "clsx";
import type { ReactNode } from "react";
import { api, ask } from "@/api/client.ts";
import type { LabKind, LabRun } from "@/api/lab.ts";
import { LAB_PAGES } from "@/features/runs/result_link.tsx";
import { shortId, words } from "@/lib/format.ts";
import { Figure } from "@/ui/figure.tsx";
import { Answered } from "./answered.tsx";
import { drawnEdges, graphOf, type LineageGraph, type LineageNode, upstreamRuns } from "./lineage.ts";

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
      {(runs) => <Graph graph={graphOf(runs)} of={run} />}
    </Answered>
  );
}

/** Pixels of the picture. */
const NODE = { width: 168, height: 44 };
const STEP = { x: NODE.width + 40, y: NODE.height + 14 };

function Graph({ graph, of }: { graph: LineageGraph; of: LabRun }) {
  const width = graph.columns * STEP.x - 40;
  const height = graph.rows * STEP.y - 14;
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  const rows = graph.nodes.map((node) => [
    words(node.kind),
    node.label,
    node.id,
    graph.edges.flatMap(({ from, to }) => (to === node.id ? shortId(from) : [])).join(" "),
  ]);
  return (
    <Figure
      title="Where it comes from, and what stands on it"
      sentence="From left to right: data, models, bids, simulations, evaluations. Each run names what it stands on by id; nothing was looked up."
      file={`${of.run_id}-lineage.csv`}
      table={{ header: ["Kind", "Name", "Id", "Stands on"], rows }}
    >
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <section aria-label="Lineage" tabIndex={0} className="overflow-x-auto">
        <div className="relative" style={{ width, height }}>
          <svg aria-hidden width={width} height={height} className="absolute inset-0 text-line-strong">
            {drawnEdges(graph.edges).map(({ from, to }) => (
              <path
                key={`${from}${to}`}
                d={edgePath(byId.get(from), byId.get(to))}
                fill="none"
                stroke="currentColor"
              />
            ))}
          </svg>
          {graph.nodes.map((node) => (
            <div
              key={node.id}
              className="absolute"
              style={{ left: node.column * STEP.x, top: node.row * STEP.y, ...NODE }}
            >
              <NodeBox node={node} isThis={node.id === of.run_id} />
            </div>
          ))}
        </div>
      </section>
    </Figure>
  );
}

function edgePath(from: LineageNode | undefined, to: LineageNode | undefined): string {
  if (!from || !to) return "";
  const [x1, y1] = [from.column * STEP.x + NODE.width, from.row * STEP.y + NODE.height / 2];
  const [x2, y2] = [to.column * STEP.x, to.row * STEP.y + NODE.height / 2];
  const bend = (x1 + x2) / 2;
  return `M${x1} ${y1}C${bend} ${y1} ${bend} ${y2} ${x2} ${y2}`;
}

function NodeBox({ node, isThis }: { node: LineageNode; isThis: boolean }) {
  const look = clsx(
    "block h-full rounded-md border px-2.5 py-1 text-xs overflow-hidden",
    isThis ? "border-accent bg-accent-wash" : "border-line bg-surface hover:bg-hover",
  );
  const text = (
    <>
      <span className="block eyebrow">{words(node.kind)}</span>
      <span className="block truncate" title={node.id}>
        {isThis ? "this run" : node.label} <span className="text-ink-3">…{shortId(node.id)}</span>
      </span>
    </>
  );
  return isThis ? (
    <span aria-current="true" className={look}>
      {text}
    </span>
  ) : (
    <NodeLink node={node} className={look}>
      {text}
    </NodeLink>
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
