/** What a run of the lab stands on and what stands on it, as a graph. */
import type { LabRun, Lineage } from "@/api/lab.ts";
import type { Graph, GraphNode } from "@/features/runs/lineage/graph.ts";
import { words } from "@/lib/format.ts";

type NodeKind =
  | "tournament"
  | "state"
  | "calcutta"
  | "snapshot"
  | "cohort"
  | "synthetic_calcutta"
  | LabRun["run_kind"];

export interface LineageNode extends GraphNode {
  kind: NodeKind;
  /** The tournament or auction of a state or snapshot, which has no page of its own. */
  within: string | null;
}

type LineageGraph = Graph<LineageNode>;

/** The column and the highest row of each kind: games above, auctions below, what puts candidates into them last. */
const PLACES: Record<NodeKind, readonly [column: number, row: number]> = {
  tournament: [0, 0],
  state: [1, 0],
  calcutta: [1, 1],
  cohort: [1, 2],
  game_outcome: [2, 0],
  snapshot: [2, 1],
  synthetic_calcutta: [2, 2],
  market_share: [3, 1],
  simulation: [4, 0],
  strategy_generation: [4, 1],
  evaluation: [5, 0],
  batch: [5, 1],
};

/** The keys of a lineage that are data, with what they are. */
const DATA = [
  ["tournament_id", "tournament"],
  ["state_id", "state"],
  ["calcutta_id", "calcutta"],
  ["snapshot_id", "snapshot"],
  ["cohort_id", "cohort"],
  ["synthetic_calcutta_id", "synthetic_calcutta"],
] as const;

const RUNS = ["game_outcome_run_id", "market_share_run_id", "simulation_run_id"] as const;

/** The runs that a lineage names. */
export function upstreamRuns(lineage: Lineage): string[] {
  return RUNS.flatMap((key) => lineage[key] ?? []);
}

/** The graph of these runs with the data they stand on; each thing once, in the order in which it is first met. */
export function graphOf(runs: readonly LabRun[]): LineageGraph {
  const known = new Map<string, Omit<LineageNode, "column" | "row">>();
  const edges = new Map<string, { from: string; to: string }>();
  const join = (from: string | null | undefined, to: string | null | undefined) => {
    if (from && to && known.has(from) && known.has(to)) edges.set(`${from} ${to}`, { from, to });
  };
  for (const { run_id, run_kind, title, lineage } of runs) {
    for (const [key, kind] of DATA) {
      const id = lineage[key];
      const within = (kind === "state" ? lineage.tournament_id : lineage.calcutta_id) ?? null;
      if (id && !known.has(id)) known.set(id, { id, kind, label: words(kind), within });
    }
    known.set(run_id, { id: run_id, kind: run_kind, label: title, within: null });
  }
  for (const run of runs) joinRun(run, join);
  return placed([...known.values()], [...edges.values()]);
}

type Join = (from: string | null | undefined, to: string | null | undefined) => void;

function joinRun({ run_id, run_kind, parent_run_id, lineage }: LabRun, join: Join): void {
  join(lineage.tournament_id, lineage.state_id);
  join(lineage.tournament_id, lineage.calcutta_id);
  join(lineage.calcutta_id, lineage.snapshot_id);
  join(lineage.cohort_id, lineage.synthetic_calcutta_id);
  for (const id of upstreamRuns(lineage)) join(id, run_id);
  const stands = [lineage.state_id, lineage.snapshot_id, lineage.synthetic_calcutta_id].filter((id) => id);
  for (const id of stands) join(id, run_id);
  if (stands.length === 0) join(lineage.cohort_id ?? lineage.tournament_id, run_id);
  // Of a batch come its simulations; every other child is a part of its parent.
  if (run_kind === "simulation") join(run_id, parent_run_id);
}

function placed(nodes: Omit<LineageNode, "column" | "row">[], edges: LineageGraph["edges"]): LineageGraph {
  const used = [...new Set(nodes.map(({ kind }) => PLACES[kind][0]))].sort((a, b) => a - b);
  const free = used.map(() => 0);
  const byRow = nodes.toSorted((a, b) => PLACES[a.kind][1] - PLACES[b.kind][1]);
  const at = byRow.map((node) => {
    const [place, highest] = PLACES[node.kind];
    const column = used.indexOf(place);
    const row = Math.max(highest, free[column] ?? 0);
    free[column] = row + 1;
    return { ...node, column, row };
  });
  const least = Math.min(...at.map(({ row }) => row));
  const raised = at.map((node) => ({ ...node, row: node.row - least }));
  return { nodes: raised, edges, columns: used.length, rows: Math.max(...free) - least };
}
