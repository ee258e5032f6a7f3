/** The page of a run, with streams that hold every kind of item: they are told to the page in place of the run's own. */
import { readFileSync } from "node:fs";
import type { Page, WebSocketRoute } from "playwright-core";
import { beforeAll, expect, inject, test } from "vitest";
import { open, runShowcase, startShowcase, withBrowser } from "./browser.ts";
import { wayTo } from "./proxy.ts";

withBrowser();

const STREAM = /\/api\/runs\/[^/]+\/stream/;
/** A dot of one pixel. */
const PNG =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";

let run: string;

beforeAll(async () => {
  run = await runShowcase(await open("/showcase"));
});

function golden(name: string): string[] {
  return readFileSync(`../openapi/goldens/${name}.ndjson`, "utf8").trimEnd().split("\n");
}

/** Frames of an agent, numbered and timed one second apart. */
function told(...bodies: object[]): string[] {
  return bodies.map((body, at) =>
    JSON.stringify({
      schema: "public_sse_v1",
      event_id: at + 1,
      stream_id: "chat_1",
      conversation_id: "c_1",
      response_id: "r_1",
      server_timestamp: new Date(Date.UTC(2026, 0, 5, 8, 0, at)).toISOString(),
      ...body,
    }),
  );
}

/** The page of the run with these frames; what it returns sends so many of them. */
async function tell(texts: readonly string[], search = ""): Promise<[Page, (n: number) => Promise<void>]> {
  const page = await open("/runs");
  let viewer: WebSocketRoute | undefined;
  let sent = 0;
  await page.routeWebSocket(STREAM, (socket) => {
    viewer = socket;
  });
  await page.goto(`/runs/${run}${search}`);
  await expect.poll(() => viewer !== undefined).toBe(true);
  const upTo = async (n: number) => {
    for (; sent < n; sent += 1) viewer?.send(texts[sent] ?? "");
    await expect.poll(() => page.getByTestId("position").textContent()).toMatch(new RegExp(`/ ${n}$`));
  };
  return [page, upTo];
}

async function tellAll(texts: readonly string[], search = ""): Promise<Page> {
  const [page, upTo] = await tell(texts, search);
  await upTo(texts.length);
  return page;
}

test("a chat is shown with its checkpoint, hand-off, reasoning, calls and sources", async () => {
  const page = await tellAll(golden("chat"));
  const transcript = page.getByTestId("transcript");
  for (const block of ["checkpoint", "hand_off", "reasoning", "message"]) {
    expect(await transcript.locator(`[data-block="${block}"]`).count(), block).toBe(1);
  }
  await transcript.getByText("Memory summarised: 12,000 → 3,000 tokens").waitFor();
  await transcript.getByText("triage hands over to writer").waitFor();
  expect(await transcript.locator('[data-block="tool"]').count()).toBe(4);
  expect(await transcript.locator("[data-citation]").count()).toBe(3);
  const source = transcript.locator('[data-citation="url"]').getByRole("link");
  expect(await source.getAttribute("href")).toBe("https://example.com/rain");
  await transcript.getByRole("button", { name: /Code interpreter/ }).click();
  await transcript.getByRole("region", { name: /^Source run by/ }).waitFor();
});

test("a denied call looks like none that was done, and an approved one that runs still runs", async () => {
  const texts = golden("tools");
  const [page, upTo] = await tell(texts);
  await upTo(4);
  const call = page.getByTestId("transcript").locator('[data-tool="mcp"]');
  expect(await call.first().getAttribute("data-status")).toBe("running");
  await upTo(texts.length);
  expect(await call.nth(1).getAttribute("data-status")).toBe("denied");
  expect(await call.nth(1).innerText()).toMatch(/Denied, not run[\s\S]*Denied: the call does not run/);
  await call.first().getByRole("button").first().click();
  expect(await call.first().locator('[data-omission="truncated"]').count()).toBe(1);
  expect(await call.first().locator('[data-omission="redacted"]').count()).toBe(1);
});

const AT = { output_index: 0, item_id: "ig_1" };
const TARGET = { entity_kind: "tool_call", entity_id: "ig_1", field: "partial_image_b64", part_index: 0 };

test("a picture is put together from its chunks and drawn", async () => {
  const tool = {
    tool_type: "image_generation",
    tool_call_id: "ig_1",
    status: "partial_image",
    format: "png",
  };
  const chunk = (chunk_index: number, data: string) => ({
    kind: "chunk.delta",
    ...AT,
    target: TARGET,
    encoding: "base64",
    chunk_index,
    data,
  });
  const [page, upTo] = await tell(
    told(
      { kind: "tool.status", ...AT, tool },
      chunk(0, PNG.slice(0, 40)),
      chunk(1, PNG.slice(40)),
      { kind: "chunk.done", ...AT, target: TARGET },
      { kind: "final", final: { status: "completed", attachments: [] } },
    ),
  );
  await upTo(3);
  await page.getByText("2 chunks of it so far").waitFor();
  await upTo(5);
  const picture = page.locator('[data-image="whole"] img');
  await expect.poll(() => picture.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBe(1);
});

test("what an agent says inside a call stands in its card while it says it", async () => {
  const texts = golden("tools");
  const nested = texts.findIndex((text) => text.includes('"scope"') && text.includes("message.delta"));
  const [page, upTo] = await tell(texts);
  await upTo(nested + 1);
  const card = page.getByTestId("transcript").locator('[data-tool="agent"]');
  await card.getByText("What the agent said").waitFor();
  expect(await card.locator('[data-block="message"], [data-block="refusal"]').count()).toBe(1);
});

test.each(["tools", "chat", "comparison"])(
  "live and replayed, %s is shown the same after every frame",
  async (name) => {
    const texts = golden(name);
    const [page, upTo] = await tell(texts);
    const shown = () => page.getByTestId("transcript").innerText();
    const live: string[] = [];
    for (let n = 1; n <= texts.length; n += 1) {
      await upTo(n);
      live.push(await shown());
    }
    for (let n = texts.length - 1; n >= 1; n -= 1) {
      await page.keyboard.press("ArrowLeft");
      await expect.poll(() => page.getByTestId("position").textContent()).toBe(`${n} / ${texts.length}`);
      expect(await shown(), `frame ${n}`).toBe(live[n - 1]);
    }
    expect(new Set(live).size).toBeGreaterThan(5);
  },
);

test("what came out is said by the last frame, by an error as well, and not before it", async () => {
  const page = await tellAll(golden("comparison"), "?tab=final");
  await page.getByTestId("final").getByText("ets wins").waitFor();
  await page.getByRole("region", { name: "Structured output" }).getByText('"champion": "ets"').waitFor();
  await page.keyboard.press("ArrowLeft");
  await page.getByRole("heading", { name: "Nothing final at this moment" }).waitFor();
  await page.getByRole("button", { name: "To the last frame" }).click();
  await page.getByTestId("final").waitFor();
  const broken = await tellAll(golden("broken"), "?tab=final");
  await broken.getByTestId("final").getByRole("alert").waitFor();
});

test("an attachment is found by its object, and a recorded address says that it may have expired", async () => {
  const open = await tellAll(
    told({
      kind: "final",
      final: {
        status: "completed",
        attachments: [
          { object_id: "obj_1", filename: "rain.csv", url: "https://example.com/signed?until=1" },
          { object_id: "obj_2", filename: "evil.html", url: "javascript:alert(1)" },
        ],
      },
    }),
    "?tab=final",
  );
  const recorded = open.locator('[data-attachment="obj_1"]').getByRole("link");
  expect(await recorded.getAttribute("title")).toContain("may have expired");
  expect(await open.locator('[data-attachment="obj_2"]').getByRole("link").count()).toBe(0);
});

async function recorded(search = ""): Promise<Page> {
  const page = await open(`/runs/${run}${search}`);
  await page.locator('[data-testid="proof"][data-state="verified"]').waitFor();
  return page;
}

async function position(page: Page): Promise<[number, number]> {
  const [at, of] = ((await page.getByTestId("position").textContent()) ?? "").split("/").map(Number);
  return [at ?? Number.NaN, of ?? Number.NaN];
}

test("the timeline has queue, attempt, phases, steps and children; a bar leads to its moment, a table says the same", async () => {
  const page = await recorded("?tab=timeline");
  const gantt = page.getByTestId("gantt");
  await gantt.locator("[data-bar]").first().waitFor();
  for (const sort of ["queue", "attempt", "phase", "step", "run"]) {
    expect(await gantt.locator(`[data-bar="${sort}"]`).count(), sort).toBeGreaterThan(0);
  }
  const bars = await gantt.locator("[data-bar]").count();
  await gantt.getByRole("button", { name: /^Train: / }).click();
  const [at, of] = await position(page);
  expect(at).toBeGreaterThan(1);
  expect(at).toBeLessThan(of);
  expect(await gantt.locator("[data-bar]").count()).toBeLessThan(bars);
  await page.keyboard.press("f");
  await expect.poll(() => gantt.locator("[data-bar]").count()).toBe(bars);
  await gantt.getByRole("button", { name: "Table" }).click();
  await expect.poll(() => gantt.locator("tbody tr").count()).toBeGreaterThanOrEqual(bars);
});

test("an artifact is looked into and proved where it is listed", async () => {
  const page = await recorded("?tab=artifacts");
  await page.locator('[data-testid="digest"][data-state="verified"]').waitFor();
  await page.getByTestId("content").getByText("metric", { exact: true }).waitFor();
});

test("a lineage leads to what a run has started", async () => {
  const page = await recorded("?tab=lineage");
  const lineage = page.getByRole("region", { name: "Lineage" });
  await lineage.getByRole("link", { name: /^Comparison/ }).click();
  await page.waitForURL((url) => url.pathname.startsWith("/runs/") && !url.pathname.endsWith(run));
});

test("a moment is named by its time as well", async () => {
  const start = await recorded("#t=0");
  const sent = await start.evaluate(
    async (id) => (await (await fetch(`/api/runs/${id}/replay/events`)).json()).items,
    run,
  );
  const times = sent.map((frame: { server_timestamp: string }) => Date.parse(frame.server_timestamp));
  const atOnce = times.filter((time: number) => time <= times[0]).length;
  await expect.poll(async () => (await position(start))[0]).toBe(atOnce);
  await start.waitForURL(new RegExp(`\\?seq=${atOnce}$`));
  const end = await recorded("#t=99999");
  await expect.poll(async () => (await position(end)).every((n, _, all) => n === all[1])).toBe(true);
  expect(await end.getByTestId("play-state").textContent()).toBe("Paused");
});

test("a run is followed, paused or played, and keys go from phase to phase", async () => {
  const page = await recorded();
  const state = () => page.getByTestId("play-state").textContent();
  expect(await state()).toBe("Following");
  const [, last] = await position(page);
  await page.keyboard.press("p");
  await expect.poll(state).toBe("Paused");
  const [phase] = await position(page);
  expect(phase).toBeLessThan(last);
  await page.keyboard.press("p");
  await expect.poll(async () => (await position(page))[0]).toBeLessThan(phase);
  await page.keyboard.press("n");
  await expect.poll(async () => (await position(page))[0]).toBe(phase);
  await page.keyboard.press("f");
  await expect.poll(state).toBe("Following");
  await expect.poll(() => page.getByTestId("minimap").locator("[data-chapter]").count()).toBe(4);
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Keyboard" }).getByText("Previous or next phase").waitFor();
});

test("behind a proxy that knows no WebSockets a run is followed and proved all the same", async () => {
  const way = await wayTo(inject("baseUrl"), { isOld: true });
  try {
    const page = await open("/showcase", { server: way.url });
    const events = page.waitForRequest(/replay\/stream\?after=\d+&follow=true/);
    const live = await startShowcase(page);
    await events;
    await page.getByTestId("summary").waitFor();
    await page.goto(`/runs/${live}`);
    await page.locator('[data-testid="proof"][data-state="verified"]').waitFor();
  } finally {
    await way.close();
  }
});
