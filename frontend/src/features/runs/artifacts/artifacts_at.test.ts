import { expect, test } from "vitest";
import { reduce } from "@/lib/frames/reduce.ts";
import { goldenFrames } from "@/testing/goldens.ts";
import { RUN, runDetail } from "@/testing/server.ts";
import { artifactsAt } from "./artifacts_at.ts";

const frames = goldenFrames("comparison");
const kept = {
  artifact_id: "artifact_metrics",
  run_id: RUN.run_id,
  name: "metrics",
  media_type: "application/json",
  size_bytes: 312,
  digest: "00",
  created_at: RUN.created_at,
};

test("an artifact is there once its frame has come", () => {
  const names = (n: number) =>
    artifactsAt(reduce(frames.slice(0, n)), runDetail(), false).map(({ name }) => name);
  expect([names(35), names(36), names(37)]).toEqual([[], ["metrics"], ["metrics", "ranking"]]);
});

test("at the end the row adds what no frame has named, and nothing twice", () => {
  const run = runDetail({ artifacts: [kept, { ...kept, artifact_id: "other", name: "report" }] });
  const all = artifactsAt(reduce(frames), run, true).map(({ name }) => name);
  expect(all).toEqual(["metrics", "ranking", "report"]);
});
