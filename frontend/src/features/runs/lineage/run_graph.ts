/** What a run was made from and what came of it, as its own record names them. */
import type { RunDetail, RunItem } from "@/api/types.ts";
import { words } from "@/lib/format.ts";
import type { Graph, GraphNode } from "./graph.ts";

type Source = RunDetail["inputs"][number]["source"];

export interface RunNode extends GraphNode {
  /** Where it lives; `null` of what has no page. */
  source: Source | null;
}

type Placeless = Omit<RunNode, "column" | "row">;

/** A side of the picture shows so many things; the others are counted. */
const MOST_ON_A_SIDE = 20;

type Run = Pick<
  RunDetail,
  "run_id" | "kind" | "title" | "parent_run_id" | "retry_of" | "inputs" | "artifacts"
>;
type Child = Pick<RunItem, "run_id" | "kind" | "title">;

export function runGraph(run: Run, children: readonly Child[]): Graph<RunNode> {
  const before = side(distinct(upstream(run), run.run_id), "before", 0);
  // Where nothing stands left of it, the run does not leave the place empty.
  const column = before.length > 0 ? 1 : 0;
  const after = side(distinct(downstream(run, children), run.run_id), "after", column + 1);
  const self: Placeless = runNode(run.run_id, run.kind, run.title);
  const rows = Math.max(1, before.length, after.length);
  return {
    nodes: [...before, { ...self, column, row: Math.floor((rows - 1) / 2) }, ...after],
    edges: [
      ...before.map(({ id }) => ({ from: id, to: run.run_id })),
      ...after.map(({ id }) => ({ from: run.run_id, to: id })),
    ],
    columns: column + (after.length > 0 ? 2 : 1),
    rows,
  };
}

function upstream({ parent_run_id, retry_of, inputs }: Run): Placeless[] {
  const runs = [
    parent_run_id ? { ...runNode(parent_run_id, "run", "the run that started it") } : null,
    retry_of ? { ...runNode(retry_of, "run", "the run it repeats") } : null,
  ].filter((node) => node !== null);
  const pinned = inputs.map(({ id, role, source }) => ({ id, kind: source, label: words(role), source }));
  return [...runs, ...pinned];
}

function downstream({ artifacts }: Run, children: readonly Child[]): Placeless[] {
  const left = artifacts.map(({ artifact_id: id, name }) => ({
    id,
    kind: "artifact",
    label: words(name),
    source: "artifact" as const,
  }));
  return [...left, ...children.map((child) => runNode(child.run_id, child.kind, child.title))];
}

function runNode(id: string, kind: string, title: string): Placeless {
  return { id, kind, label: title, source: "run" };
}

/** Each thing once, and the run itself in the middle alone. */
function distinct(nodes: readonly Placeless[], selfId: string): Placeless[] {
  return [...new Map(nodes.map((node) => [node.id, node])).values()].filter(({ id }) => id !== selfId);
}

function side(nodes: readonly Placeless[], name: string, column: number): RunNode[] {
  const shown = nodes.length > MOST_ON_A_SIDE ? nodes.slice(0, MOST_ON_A_SIDE - 1) : nodes;
  const rest = nodes.length - shown.length;
  const more: Placeless[] =
    rest > 0 ? [{ id: `more-${name}`, kind: "more", label: `and ${rest} more`, source: null }] : [];
  return [...shown, ...more].map((node, row) => ({ ...node, column, row }));
}
