import { expect, test } from "vitest";
import { drawnEdges } from "@/features/runs/lineage/graph.ts";
import { GAMES_RUN, labRun, MARKET_RUN, SIMULATION_RUN, STRATEGY_RUN } from "@/testing/lab.ts";
import { graphOf, upstreamRuns } from "./lineage.ts";

const RUNS = [GAMES_RUN, MARKET_RUN, STRATEGY_RUN, SIMULATION_RUN];

test("a graph has each thing once, and what stands on it further right", () => {
  const { nodes, edges } = graphOf(RUNS);
  expect(new Set(nodes.map(({ id }) => id)).size).toBe(nodes.length);
  const column = new Map(nodes.map(({ id, column: each }) => [id, each]));
  for (const { from, to } of edges) expect(column.get(from)).toBeLessThan(column.get(to) ?? -1);
  const places = nodes.map((node) => `${node.column} ${node.row}`);
  expect(new Set(places).size).toBe(places.length);
});

test("a run names its upstreams, and what is implied is not drawn", () => {
  expect(upstreamRuns(STRATEGY_RUN.lineage)).toEqual([GAMES_RUN.run_id, MARKET_RUN.run_id]);
  const { edges } = graphOf(RUNS);
  const from = (id: string | null | undefined) =>
    drawnEdges(edges).flatMap((edge) => (edge.to === id ? edge.from : []));
  expect(from(STRATEGY_RUN.run_id)).toEqual([MARKET_RUN.run_id]);
  expect(from(MARKET_RUN.run_id).sort()).toEqual(
    [GAMES_RUN.run_id, MARKET_RUN.lineage.snapshot_id ?? ""].sort(),
  );
});

test("a simulation of a cohort leads to its batch", () => {
  const batch = labRun("batch", 30, { lineage: { cohort_id: "cohort" } });
  const simulation = { ...SIMULATION_RUN, parent_run_id: batch.run_id };
  const { edges } = graphOf([batch, simulation]);
  expect(edges).toContainEqual({ from: simulation.run_id, to: batch.run_id });
  expect(edges).toContainEqual({ from: "cohort", to: batch.run_id });
});

test("a picture begins with its first row", () => {
  const { nodes, rows } = graphOf([labRun("batch", 30, { lineage: { cohort_id: "cohort" } })]);
  expect(Math.min(...nodes.map(({ row }) => row))).toBe(0);
  expect(rows).toBe(2);
});
