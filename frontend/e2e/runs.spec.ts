import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import { accessibilityProblems, open, overflow, runShowcase, THEMES, withBrowser } from "./browser.ts";

withBrowser();

const STREAM = /\/api\/runs\/[^/]+\/stream/;

let run: string;

beforeAll(async () => {
  run = await runShowcase(await open("/showcase"));
});

async function openRun(search = "", how: Parameters<typeof open>[1] = {}): Promise<Page> {
  const page = await open(`/runs/${run}${search}`, how);
  await page.locator('[data-testid="proof"][data-state="verified"]').waitFor();
  return page;
}

/** A tab that was not opened before is loaded first. */
async function loaded(page: Page): Promise<void> {
  await expect.poll(() => page.getByRole("status").filter({ hasText: "Loading" }).count()).toBe(0);
}

async function position(page: Page): Promise<[number, number]> {
  const text = (await page.getByTestId("position").textContent()) ?? "";
  const [at, of] = text.split("/").map(Number);
  return [at ?? Number.NaN, of ?? Number.NaN];
}

test("the browser computes the same head as the ledger", async () => {
  const page = await openRun();
  await page.getByTestId("proof").hover();
  const tooltip = page.getByText(/chained with SHA-256 in this browser/);
  await tooltip.waitFor();
  const ledger = await page.evaluate(async (id) => (await fetch(`/api/runs/${id}`)).json(), run);
  expect(await tooltip.textContent()).toContain(String(ledger.ledger.head).slice(0, 12));
});

test("a frame changed on its way is not called verified", async () => {
  const page = await open("/runs");
  await page.routeWebSocket(STREAM, (viewer) => {
    viewer
      .connectToServer()
      .onMessage((text) => viewer.send(String(text).replace("is healthy", "is not healthy")));
  });
  await page.goto(`/runs/${run}`);
  await page.locator('[data-testid="proof"][data-state="failed"]').waitFor();
});

test("a dropped connection is resumed without a loss or a repetition", async () => {
  const page = await open("/runs");
  const asked: number[] = [];
  await page.routeWebSocket(STREAM, (viewer) => {
    asked.push(Number(new URL(viewer.url()).searchParams.get("after")));
    const server = viewer.connectToServer();
    if (asked.length > 1) return;
    let passed = 0;
    server.onMessage((text) => {
      passed += 1;
      if (passed <= 5) viewer.send(text);
      else void viewer.close({ code: 1001 });
    });
  });
  await page.goto(`/runs/${run}`);
  await page.locator('[data-testid="proof"][data-state="verified"]').waitFor();
  expect(asked).toEqual([0, 5]);
});

test("the keyboard moves through the frames and the address names the moment", async () => {
  const page = await openRun();
  const [, length] = await position(page);
  expect(length).toBeGreaterThan(20);
  await page.keyboard.press("Home");
  await expect.poll(() => position(page)).toEqual([1, length]);
  expect(await page.locator("[data-step]").count()).toBe(0);
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await expect.poll(() => position(page)).toEqual([3, length]);
  await page.waitForURL(/seq=3/);
  await page.keyboard.press("ArrowLeft");
  await expect.poll(() => position(page)).toEqual([2, length]);
  await page.keyboard.press("End");
  await expect.poll(() => position(page)).toEqual([length, length]);
});

test("a link to a moment shows that moment", async () => {
  const page = await openRun("?seq=5");
  await expect.poll(async () => (await position(page))[0]).toBe(5);
  const early = await page.locator("[data-step]").count();
  await page.getByRole("button", { name: "To the end" }).click();
  await expect.poll(() => page.locator("[data-step]").count()).toBe(9);
  expect(early).toBeLessThan(9);
});

test("playing goes through to the end by itself", async () => {
  const page = await openRun("?seq=1");
  await page.getByLabel("Speed").selectOption("16");
  await page.getByRole("button", { name: /^Play/ }).click();
  await expect
    .poll(
      async () => {
        const [at, of] = await position(page);
        return at === of;
      },
      { timeout: 15_000 },
    )
    .toBe(true);
  await page.getByRole("button", { name: /^Play/ }).waitFor();
});

test("the slider tells a screen reader where it is", async () => {
  const page = await openRun();
  const slider = page.getByRole("slider", { name: "Position in the run" });
  await slider.focus();
  await page.keyboard.press("Home");
  await expect.poll(() => slider.getAttribute("aria-valuetext")).toContain("Frame 1 of");
});

test("the inspector shows a frame exactly as it was sent", async () => {
  const page = await openRun("?tab=frames&seq=1");
  await page.getByRole("button", { name: "As sent", exact: true }).click();
  const shown = await page.getByRole("region", { name: "Frame 1" }).textContent();
  const sent = await page.evaluate(
    async (id) => (await fetch(`/api/runs/${id}/replay/stream?follow=false`)).text(),
    run,
  );
  const first = /data: (.*)/.exec(sent)?.[1];
  expect(shown).toBe(first);
});

test("the metrics artifact can be downloaded, and the frames too", async () => {
  const page = await openRun();
  const [metrics] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: /Download metrics/ }).click(),
  ]);
  expect(metrics.suggestedFilename()).toContain("metrics");
  const [frames] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Frames" }).click(),
  ]);
  expect(frames.suggestedFilename()).toBe(`${run}.ndjson`);
});

test.each(THEMES)("a run is accessible in the %s theme, in all its tabs", async (theme) => {
  const page = await openRun("", { theme });
  for (const tab of ["Transcript", "Timeline", "Final", "Artifacts", "Lineage", "Frames", "Spec"]) {
    await page.getByRole("tab", { name: tab }).click();
    await loaded(page);
    expect(await accessibilityProblems(page)).toEqual([]);
  }
});

test("a run shows what it started, and each of those leads back", async () => {
  const page = await openRun();
  const children = page.getByTestId("children").getByRole("link");
  // Three trainings and a comparison.
  await expect.poll(() => children.count()).toBe(4);
  await children.first().click();
  await page.waitForURL((url) => !url.pathname.endsWith(run));
  await page.getByText("Started by").waitFor();
  await page.locator(`a[href*="${run}"]`).first().click();
  await page.waitForURL(`**/runs/${run}*`);
});

test("the server's own check is shown part by part", async () => {
  const page = await openRun();
  const check = page.getByTestId("server-check");
  await check.locator('[data-part="frames"]').waitFor();
  expect(await check.locator("[data-part]").count()).toBeGreaterThanOrEqual(4);
  expect(await check.locator('[data-status="fail"]').count()).toBe(0);
});

test("the run of a showcase leads to its result", async () => {
  const page = await openRun();
  await page.getByRole("link", { name: "Result" }).click();
  await page.waitForURL(`**/showcase?run=${run}*`);
  await page.getByTestId("summary").waitFor();
});

test("a run fits a phone, in all its tabs", async () => {
  for (const tab of ["transcript", "timeline", "final", "artifacts", "lineage", "frames", "spec"]) {
    const page = await openRun(`?tab=${tab}`, { width: 390 });
    await loaded(page);
    expect(await overflow(page), tab).toBe(0);
  }
});

test.each(THEMES)("a list of runs and of those they started is accessible in the %s theme", async (theme) => {
  const page = await open("/runs", { theme });
  await page.locator(`a[title="Started by run ${run}"]`).first().waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);
});

test("the list filters by status in the address and leads to the run", async () => {
  const page = await open("/runs?kind=showcase");
  await page.getByLabel("Status").selectOption("succeeded");
  await page.waitForURL(/status=succeeded/);
  await page.locator(`a[href*="${run}"]`).first().click();
  await page.waitForURL(`**/runs/${run}*`);
});
