import { expect, test } from "vitest";
import { RUN, runDetail } from "@/testing/server.ts";
import { runGraph } from "./run_graph.ts";

const INPUT = { role: "series", source: "dataset" as const, id: "dataset-1", digest: "00" };
const ARTIFACT = {
  artifact_id: "artifact-1",
  run_id: RUN.run_id,
  name: "metrics",
  media_type: "application/json",
  size_bytes: 2,
  digest: "00",
  created_at: RUN.created_at,
};

test("what a run was made from stands left of it, and what came of it right", () => {
  const run = runDetail({ inputs: [INPUT], artifacts: [ARTIFACT], parent_run_id: "parent-1" });
  const { nodes, edges } = runGraph(run, [{ ...RUN, run_id: "child-1" }]);
  expect(nodes.map(({ id, column }) => [id, column])).toEqual([
    ["parent-1", 0],
    ["dataset-1", 0],
    [RUN.run_id, 1],
    ["artifact-1", 2],
    ["child-1", 2],
  ]);
  expect(edges).toContainEqual({ from: "dataset-1", to: RUN.run_id });
  expect(edges).toContainEqual({ from: RUN.run_id, to: "child-1" });
});

test("a thing named twice stands once", () => {
  const run = runDetail({ inputs: [INPUT, { ...INPUT, role: "exogenous" }] });
  expect(runGraph(run, []).nodes).toHaveLength(2);
});

test("a run alone stands at the edge", () => {
  expect(runGraph(runDetail(), [])).toMatchObject({ columns: 1, rows: 1, nodes: [{ column: 0 }] });
  expect(runGraph(runDetail({ artifacts: [ARTIFACT] }), []).columns).toBe(2);
});

test("of very many the picture shows some and counts the rest", () => {
  const artifacts = Array.from({ length: 50 }, (_, at) => ({ ...ARTIFACT, artifact_id: `a${at}` }));
  const { nodes, rows } = runGraph(runDetail({ artifacts }), []);
  expect(rows).toBe(20);
  expect(nodes.at(-1)).toMatchObject({ label: "and 31 more", source: null });
});
