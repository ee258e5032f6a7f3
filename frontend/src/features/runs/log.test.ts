import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parseFrame } from "@/lib/frames/parse.ts";
import { Transcript } from "@/lib/frames/reduce.ts";
import { speak } from "@/testing/socket.ts";
import { RunLog } from "./log.ts";
import { judge } from "./verified_badge.tsx";
import { viewOf } from "./view.ts";

const GOLDENS = "../openapi/goldens";

function golden(name: string) {
  const lines = readFileSync(`${GOLDENS}/${name}.ndjson`, "utf8").split("\n").filter(Boolean);
  const head = JSON.parse(readFileSync(`${GOLDENS}/${name}.head.json`, "utf8")) as {
    digest: string;
    ledger_id: string;
  };
  return { lines, ...head };
}

async function logOf(run: { lines: string[]; ledger_id: string }): Promise<RunLog> {
  const log = new RunLog(run.ledger_id);
  const isOver = new Promise<void>((resolve) => {
    log.subscribe(() => log.state().stream.phase === "ended" && resolve());
  });
  const open = () => speak(run.lines, 1000);
  log.start({ open, openEvents: open, ask: async () => undefined }, new AbortController().signal);
  await isOver;
  return log;
}

test.each(["showcase", "comparison"])(
  "the browser's chain over %s leads to the ledger's head",
  async (name) => {
    const run = golden(name);
    const log = await logOf(run);
    expect(log.headHex()).toBe(run.digest);
  },
);

test("seeking back and forth shows what going through shows", async () => {
  const run = golden("showcase");
  const log = await logOf(run);
  const through = run.lines.map((_, at) => JSON.stringify(log.viewAt(at + 1)));
  const fresh = await logOf(run);
  for (const seq of [run.lines.length, 1, 7, 3, run.lines.length, 2]) {
    expect(JSON.stringify(fresh.viewAt(seq))).toBe(through[seq - 1]);
  }
});

test("any frame of a long run is shown as going through shows it", async () => {
  const { lines, ledger_id } = golden("random_1");
  // The end of the first would end the log, so only the last of them keeps it.
  const long = Array.from({ length: 5 }, (_, nth) => (nth < 4 ? lines.slice(0, -1) : lines)).flat();
  const numbered = long.map((line, at) => line.replace(/"event_id":\d+/, `"event_id":${at + 1}`));
  expect(numbered.length).toBeGreaterThan(512);
  const log = await logOf({ lines: numbered, ledger_id });
  const through = new Transcript();
  for (const [at, text] of numbered.entries()) {
    through.apply(parseFrame(text));
    if (at % 50 === 0) expect(log.viewAt(at + 1)).toEqual(viewOf(through.snapshot()));
  }
});

test("a run is verified only if the server's check, the count and the head all agree", () => {
  const good = { verified: true, frames: 3, head: "ab", first_bad_seq: null, reason: null, parts: [] };
  expect(judge(good, 3, "ab").state).toBe("verified");
  expect(judge(good, 2, "ab")).toMatchObject({
    state: "failed",
    reason: expect.stringContaining("2 frames"),
  });
  expect(judge(good, 3, "cd")).toMatchObject({ state: "failed", reason: expect.stringContaining("digest") });
  expect(
    judge({ ...good, verified: false, first_bad_seq: 2, reason: "does not match" }, 3, "ab"),
  ).toMatchObject({
    state: "failed",
    reason: "Frame 2: does not match",
  });
});
