import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { screen, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { expect, test } from "vitest";
import { labRun, SIMULATION_RUN } from "@/testing/lab.ts";
import { open, servePages } from "@/testing/pages.tsx";
import { answer, runDetail, server } from "@/testing/server.ts";

servePages();

const CONTENT = '{"n":3,"teams":[{"id":"a","p":0.5},{"id":"b","p":1}]}';
const ARTIFACT = {
  artifact_id: "01a1fd49-b5ce-721a-ac79-000000000301",
  run_id: SIMULATION_RUN.run_id,
  name: "leaderboard",
  media_type: "application/json",
  size_bytes: CONTENT.length,
  digest: bytesToHex(sha256(utf8ToBytes(CONTENT))),
  created_at: SIMULATION_RUN.created_at,
};
const READER = labRun("evaluation", 30, {
  title: "Evaluate mine",
  lineage: { ...SIMULATION_RUN.lineage, simulation_run_id: SIMULATION_RUN.run_id },
});

function serveArtifact(content: string) {
  const input = { role: "simulation", source: "artifact" as const, id: ARTIFACT.artifact_id, digest: "00" };
  server.use(
    answer("/artifacts/{artifact_id}", ARTIFACT),
    http.get("*/api/artifacts/:id/content", () => HttpResponse.text(content)),
    answer("/runs/{run_id}", (request) =>
      request.url.endsWith(READER.run_id)
        ? runDetail({ run_id: READER.run_id, kind: "evaluation", inputs: [input] })
        : runDetail({ run_id: SIMULATION_RUN.run_id, kind: "simulation", title: "Simulate it" }),
    ),
    answer("/lab/runs/{lab_run_id}", SIMULATION_RUN),
    answer("/lab/runs", { items: [READER], next_cursor: null }),
  );
}

test("an artifact shows its rows, its schema, its proof, its maker and its readers", async () => {
  serveArtifact(CONTENT);
  open(`/artifacts/${ARTIFACT.artifact_id}`);
  const rows = await screen.findByRole("region", { name: "First rows" });
  expect(within(rows).getAllByRole("row")).toHaveLength(3);
  const schema = screen.getByRole("region", { name: "Schema" });
  expect(within(schema).getByRole("row", { name: "p number" })).toBeTruthy();
  expect(screen.getByTestId("digest").dataset.state).toBe("verified");
  expect((await screen.findAllByRole("link", { name: "Simulate it" })).length).toBeGreaterThan(0);
  expect((await screen.findByRole("link", { name: "Evaluate mine" })).getAttribute("href")).toBe(
    `/lab/evaluations/${READER.run_id}`,
  );
});

test("bytes that are not those of the digest are said to be others", async () => {
  serveArtifact(CONTENT.replace("0.5", "0.6"));
  open(`/artifacts/${ARTIFACT.artifact_id}`);
  expect((await screen.findByTestId("digest")).dataset.state).toBe("failed");
});
