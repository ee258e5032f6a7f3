import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { act, screen, within } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { expect, test, vi } from "vitest";
import { labRun, SIMULATION_RUN } from "@/testing/lab.ts";
import { open, servePages } from "@/testing/pages.tsx";
import { answer, problem, refuse, runDetail, server, take, takeFile } from "@/testing/server.ts";

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

/** Links that hold for so long, numbered as they are made, and what was saved of them. */
function serveLinks(holdMs: number) {
  const saved: string[] = [];
  let made = 0;
  server.use(
    take("/artifacts/{artifact_id}/download-url", () => {
      made += 1;
      return {
        artifact_id: ARTIFACT.artifact_id,
        download_url: `/api/downloads?link=${made}`,
        method: "GET",
        filename: "leaderboard.json",
        media_type: ARTIFACT.media_type,
        size_bytes: ARTIFACT.size_bytes,
        sha256: ARTIFACT.digest,
        expires_at: new Date(Date.now() + holdMs).toISOString(),
      };
    }),
  );
  vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function (this: HTMLAnchorElement) {
    saved.push(`${this.pathname}${this.search} as ${this.download}`);
  });
  return { saved, made: () => made };
}

const DOWNLOAD = { name: "Download leaderboard" };

test("a link is made when a file is asked for, anew each time, and none before", async () => {
  serveArtifact(CONTENT);
  const links = serveLinks(900_000);
  open(`/artifacts/${ARTIFACT.artifact_id}`);
  const button = await screen.findByRole("button", DOWNLOAD);
  expect(links.made()).toBe(0);
  await userEvent.click(button);
  await vi.waitFor(() => expect(links.saved).toEqual(["/api/downloads?link=1 as leaderboard.json"]));
  await userEvent.click(button);
  await vi.waitFor(() => expect(links.saved.at(-1)).toBe("/api/downloads?link=2 as leaderboard.json"));
  expect(document.body.innerHTML).not.toContain("/api/downloads");
});

test("a link that ends before it is used is made again", async () => {
  serveArtifact(CONTENT);
  const links = serveLinks(10_000);
  open(`/artifacts/${ARTIFACT.artifact_id}`);
  await userEvent.click(await screen.findByRole("button", DOWNLOAD));
  await vi.waitFor(() => expect(links.saved).toEqual(["/api/downloads?link=2 as leaderboard.json"]));
});

test("a file that is no longer there is said to be gone, and nothing is opened", async () => {
  serveArtifact(CONTENT);
  const links = serveLinks(900_000);
  server.use(refuse("/artifacts/{artifact_id}/download-url", problem(404, "NOT_FOUND", "no such artifact")));
  open(`/artifacts/${ARTIFACT.artifact_id}`);
  await userEvent.click(await screen.findByRole("button", DOWNLOAD));
  expect((await screen.findByRole("alert")).textContent).toBe("no such artifact");
  expect(links.saved).toEqual([]);
});

test("what is said of a copied link is forgotten when the link ends", async () => {
  serveArtifact(CONTENT);
  serveLinks(900_000);
  open(`/artifacts/${ARTIFACT.artifact_id}`);
  const user = userEvent.setup();
  const button = await screen.findByRole("button", { name: "Copy link" });
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"], shouldAdvanceTime: true });
  try {
    await user.click(button);
    const said = await screen.findByText(/Whoever has the link has the file until/);
    expect(await navigator.clipboard.readText()).toBe("http://localhost/api/downloads?link=1");
    await act(() => vi.advanceTimersByTimeAsync(890_000));
    expect(said.isConnected).toBe(true);
    await act(() => vi.advanceTimersByTimeAsync(20_000));
    expect(said.isConnected).toBe(false);
  } finally {
    vi.useRealTimers();
  }
});

test("a file that somebody sent in has no run", async () => {
  const { run_id: _, ...sent } = ARTIFACT;
  serveArtifact(CONTENT);
  server.use(answer("/artifacts/{artifact_id}", sent));
  open(`/artifacts/${ARTIFACT.artifact_id}`);
  expect(await screen.findByText(/A file that somebody sent in/)).toBeTruthy();
  expect(screen.queryByText("its run")).toBeNull();
});

test("files that were sent in are listed, and another is sent as the bytes that it is", async () => {
  const { run_id: _, ...kept } = ARTIFACT;
  const sent: { name: string | null; type: string | null; bytes: number[] }[] = [];
  const older = { ...kept, artifact_id: "01a1fd49-b5ce-721a-ac79-000000000302", name: "older.csv" };
  server.use(
    answer("/artifacts", () => ({ items: sent.length > 0 ? [kept, older] : [older], next_cursor: null })),
    takeFile("/artifacts", ({ bytes, mediaType, query }) => {
      sent.push({ name: query.name ?? null, type: mediaType, bytes: [...bytes] });
      return kept;
    }),
  );
  open("/artifacts");
  expect(await screen.findByRole("link", { name: "older.csv" })).toBeTruthy();
  const file = new File([new Uint8Array([1, 2, 255])], "mine.bin", { type: "application/x-strange" });
  await userEvent.upload(screen.getByLabelText("Send a file"), file);
  const status = await screen.findByText(/Kept as/);
  expect(within(status).getByRole("link").getAttribute("href")).toBe(`/artifacts/${kept.artifact_id}`);
  expect(sent).toEqual([{ name: null, type: "application/octet-stream", bytes: [1, 2, 255] }]);
  await vi.waitFor(() => expect(screen.getByTestId("files").querySelectorAll("li")).toHaveLength(2));
});

test("without files the page teaches, and a refused one says why", async () => {
  server.use(
    answer("/artifacts", { items: [], next_cursor: null }),
    refuse("/artifacts", problem(409, "NO_ROOM", "10 MB are kept, and no more than 10 MB may be")),
  );
  open("/artifacts");
  expect(await screen.findByText("No files yet")).toBeTruthy();
  await userEvent.upload(
    screen.getByLabelText("Send a file"),
    new File(["a"], "a.txt", { type: "text/plain" }),
  );
  expect((await screen.findByRole("alert")).textContent).toContain("no more than 10 MB may be");
});
