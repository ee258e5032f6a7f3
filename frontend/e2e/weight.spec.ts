/** What many tabs and many frames weigh. */
import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import { Chain } from "../src/lib/frames/chain.ts";
import { open, runShowcase, withBrowser } from "./browser.ts";

withBrowser();

let run: string;

beforeAll(async () => {
  run = await runShowcase(await open("/showcase"));
});

const FRAMES = 100_000;

/** A run of a hundred steps, most of whose frames say how far it has come. Also read within the page: it stands for itself. */
function frameText(seq: number, last: number): string {
  const nth = Math.floor(seq / 1000);
  const step = { step: `step_${nth}`, step_index: nth, step_total: 100, phase: "work" };
  const place = { phase_index: 1, phase_total: 1 };
  const end = { status: "pass", detail: "done", duration_ms: 1, data: {} };
  const body =
    seq === last
      ? { kind: "final", final: { status: "completed" } }
      : seq % 1000 === 1
        ? { kind: "step.started", ...step, ...place }
        : seq % 1000 === 999
          ? { kind: "step.completed", ...step, ...place, ...end }
          : { kind: "progress", phase: "work", fraction: seq / last, done: seq, total: last };
  const server_timestamp = new Date(1_767_225_600_000 + seq).toISOString();
  const envelope = { schema: "run_v1", event_id: seq, stream_id: "run_0", server_timestamp };
  return JSON.stringify({ ...envelope, conversation_id: "c", ...body });
}

/** In the page: a socket that gives the frames faster than anybody reads them. */
function standIn(frame: typeof frameText, last: number) {
  class Stand extends EventTarget {
    onopen: ((event: Event) => void) | null = null;
    onmessage: ((event: MessageEvent) => void) | null = null;
    onclose: ((event: CloseEvent) => void) | null = null;
    constructor() {
      super();
      let seq = 0;
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        if (seq === 0) this.onopen?.(new Event("open"));
        for (let each = 0; each < 1_000 && seq < last; each += 1) {
          seq += 1;
          this.onmessage?.(new MessageEvent("message", { data: frame(seq, last) }));
        }
        if (seq < last) port2.postMessage(null);
        else this.onclose?.(new CloseEvent("close", { code: 1000 }));
      };
      port2.postMessage(null);
    }
    close() {}
  }
  Object.assign(window, { WebSocket: Stand });
}

interface TraceEvent {
  name: string;
  ph: string;
  pid: number;
  tid: number;
  /** Microseconds that have passed. */
  dur: number;
  /** Those of them in which the thread worked; of a few tasks it is not measured. */
  tdur?: number;
  args: { name?: string };
}

/** How long each task of the page's main thread has worked, in milliseconds: how long others on the machine held it back is no fault of the page. */
function taskTimes(trace: Buffer): number[] {
  const { traceEvents } = JSON.parse(trace.toString()) as { traceEvents: TraceEvent[] };
  const thread = ({ pid, tid }: TraceEvent) => `${pid}/${tid}`;
  const isMain = (event: TraceEvent) => event.name === "thread_name" && event.args.name === "CrRendererMain";
  const main = new Set(traceEvents.filter(isMain).map(thread));
  return traceEvents
    .filter((event) => event.ph === "X" && event.name.endsWith("RunTask") && main.has(thread(event)))
    .map((event) => (event.tdur ?? event.dur) / 1000);
}

test("a hundred thousand frames are chained and shown without a task of 50 ms", {
  timeout: 180_000,
}, async () => {
  const chain = new Chain(run);
  for (let seq = 1; seq <= FRAMES; seq += 1) chain.push(frameText(seq, FRAMES));
  const verdict = { run_id: run, verified: true, frames: FRAMES, pruned: 0, is_closed: true, parts: [] };
  const page = await open("/runs");
  await page.route("**/verify", (route) => route.fulfill({ json: { ...verdict, head: chain.headHex } }));
  await page.addInitScript(`(${standIn})(${frameText}, ${FRAMES})`);
  const browser = page.context().browser();
  await browser?.startTracing(page, { categories: ["toplevel"] });
  await page.goto(`/runs/${run}`);
  await page.locator('[data-testid="proof"][data-state="verified"]').waitFor({ timeout: 120_000 });
  await expect.poll(() => page.locator("[data-step]").count()).toBe(100);
  const times = taskTimes((await browser?.stopTracing()) ?? Buffer.from("{}"));
  // The trace saw the work: how many tasks it takes depends on how busy the machine is.
  expect(times.length).toBeGreaterThan(500);
  expect(Math.max(...times)).toBeLessThan(50);
});

/** So many series that the comparison is still running when seven tabs have opened. */
function manySeries(): string {
  const rows = Array.from({ length: 1_000 }, (_, nth) =>
    Array.from({ length: 72 }, (_, month) => {
      const date = `${2010 + Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, "0")}-01`;
      return `s${nth},${date},${10 + nth + ((month * 7) % 12)}`;
    }),
  );
  return ["series,date,value", ...rows.flat()].join("\n");
}

async function frames(page: Page): Promise<number> {
  const text = (await page.getByTestId("position").textContent()) ?? "";
  return Number(text.split("/").at(1));
}

test("seven tabs follow a live run, and the seventh is as alive as the first", async () => {
  const first = await open("/compare");
  const file = { name: "many.csv", mimeType: "text/csv", buffer: Buffer.from(manySeries()) };
  await first.getByLabel("File of series", { exact: true }).setInputFiles(file);
  await first.getByRole("button", { name: "Start comparison" }).click();
  await first.waitForURL(/\/compare\/.+/);
  const tabs = [first];
  for (let nth = 2; nth <= 7; nth += 1) {
    const tab = await first.context().newPage();
    await tab.goto(first.url());
    tabs.push(tab);
  }
  for (const tab of tabs) await expect.poll(() => frames(tab), { timeout: 20_000 }).toBeGreaterThan(5);
  const before = await Promise.all(tabs.map(frames));
  for (const [at, tab] of tabs.entries()) {
    await expect.poll(() => frames(tab), { timeout: 20_000 }).toBeGreaterThan(before[at] ?? 0);
  }
  const [seventh] = tabs.slice(-1);
  await seventh?.getByRole("button", { name: "Cancel run" }).click();
  await seventh?.getByRole("alertdialog").getByRole("button", { name: "Cancel run" }).click();
  for (const tab of tabs) {
    await expect.poll(() => tab.getByTestId("standing").textContent(), { timeout: 30_000 }).toBe("Cancelled");
  }
  // One word for it, wherever it met a candidate.
  const lanes = first.locator("[data-candidate]");
  const statuses = await lanes.evaluateAll((all) => all.map((lane) => lane.getAttribute("data-status")));
  expect(new Set(statuses)).toEqual(new Set(["cancelled"]));
  expect(await first.getByTestId("live-region").textContent()).toContain("Cancelled");
});
