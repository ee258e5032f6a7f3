import type { Page } from "playwright-core";
import { expect, inject, test } from "vitest";
import {
  accessibilityProblems,
  open,
  overflow,
  runShowcase,
  startShowcase,
  THEMES,
  withBrowser,
} from "./browser.ts";
import { wayTo } from "./proxy.ts";

withBrowser();

function texts(page: Page): Promise<string[]> {
  return page
    .locator("[data-step]")
    .evaluateAll((steps) => steps.map((step) => (step as HTMLElement).innerText));
}

async function isGreen(page: Page) {
  await page.locator('[data-testid="summary"][data-status="passed"]').waitFor();
  expect(await page.locator("[data-step]").count()).toBe(9);
  expect(await page.locator('[data-step][data-status="fail"]').count()).toBe(0);
}

test("one click runs the whole pipeline green, step by step", async () => {
  const page = await open("/showcase");
  const plan = page.getByTestId("plan");
  await plan.getByText("9 steps in 4 phases", { exact: false }).waitFor();
  await runShowcase(page);
  expect(await page.getByTestId("summary").textContent()).toMatch(/wins with a WAPE of [\d.]+ %/);
  await isGreen(page);
  expect(await page.locator('[data-step="verify"]').getAttribute("data-status")).toBe("pass");
  await expect.poll(() => page.getByTestId("live-region").textContent()).toBe("Minimal · seed 42: Succeeded");
});

test("a reload in the middle shows the same run, which goes on to its end", async () => {
  const page = await open("/showcase");
  const run = await startShowcase(page);
  await page.locator("[data-step]").first().waitFor();
  await page.reload();
  await page.getByTestId("run").waitFor();
  expect(new URL(page.url()).searchParams.get("run")).toBe(run);
  await isGreen(page);
});

test("leaving does not stop it, and coming back leads to it", async () => {
  const page = await open("/showcase");
  const run = await startShowcase(page);
  const main = page.getByRole("navigation", { name: "Main" });
  await main.getByRole("link", { name: "Runs" }).click();
  await page.waitForURL("**/runs");
  await main.getByRole("link", { name: "Showcase" }).click();
  // By itself while it runs; by the link to the last one when it was quicker than that.
  const last = page.getByRole("link", { name: /^Showcase demo_minimal/ });
  await Promise.race([page.waitForURL(/[?&]run=/), last.click().catch(() => page.waitForURL(/[?&]run=/))]);
  await page.waitForURL(`**/showcase?*run=${run}*`);
  await isGreen(page);
});

test("going back leads through the showcases that were started, one by one", async () => {
  const page = await open("/showcase");
  const first = await runShowcase(page);
  await page.getByRole("button", { name: "Run showcase" }).click();
  await page.waitForURL((url) => (url.searchParams.get("run") ?? first) !== first);
  await isGreen(page);
  await page.goBack();
  await page.waitForURL(`**/showcase?*run=${first}*`);
  await page.goBack();
  await page.waitForURL((url) => url.pathname === "/showcase" && !url.searchParams.has("run"));
});

test("two tabs show the same run to its end", async () => {
  const first = await open("/showcase");
  const run = await startShowcase(first);
  const second = await open(`/showcase?run=${run}`);
  await Promise.all([isGreen(first), isGreen(second)]);
  await expect.poll(() => texts(second)).toEqual(await texts(first));
});

test("a second showcase is not started beside the first, and the way to that is shown", async () => {
  const second = await open("/showcase");
  await second.getByRole("button", { name: "Run showcase" }).waitFor();
  // As another tab's would be a moment before this tab has noticed.
  const refused = { code: "RUN_ALREADY_ACTIVE", title: "Conflict", status: 409 };
  const active = await runShowcase(await open("/showcase"));
  await second.route("**/api/demo/runs", (route) =>
    route.fulfill({
      status: 409,
      contentType: "application/problem+json",
      body: JSON.stringify({ ...refused, detail: `run ${active} is still active; cancel it` }),
    }),
  );
  await second.goto("/showcase");
  await second.getByRole("button", { name: "Run showcase" }).click();
  await second.getByRole("alert").getByRole("link", { name: "Show the showcase that runs" }).click();
  await second.waitForURL(`**/showcase?run=${active}`);
  await isGreen(second);
});

test("a showcase that is cancelled says so, and keeps what it has done", async () => {
  const page = await open("/showcase");
  await page.getByRole("radio", { name: "New launches" }).click();
  await page.waitForURL(/scenario=new_launches/);
  await startShowcase(page);
  await page.getByRole("button", { name: "Cancel run" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Cancel run" }).click();
  await page.locator('[data-testid="summary"][data-status="cancelled"]').waitFor();
  expect(await page.getByTestId("standing").textContent()).toBe("Cancelled");
  await page.getByRole("button", { name: "Run showcase" }).waitFor();
});

test("a server that is away is said on the page, which goes on by itself when it is back", async () => {
  const run = await runShowcase(await open("/showcase"));
  const way = await wayTo(inject("baseUrl"));
  const page = await open("/showcase", { server: way.url });
  await page.getByRole("radio").first().waitFor();
  await way.cut();
  // Within the page, which a dead server could not serve again.
  await page.evaluate((to) => {
    history.pushState(null, "", to);
    dispatchEvent(new PopStateEvent("popstate"));
  }, `/showcase?run=${run}`);
  await page.getByText("The server does not answer.").waitFor();
  await way.mend();
  await isGreen(page);
  await way.close();
});

test("a stored world is used as it is", async () => {
  const page = await open("/showcase");
  await page.getByRole("button", { name: "Use a stored world" }).click();
  const world = page.getByLabel("World");
  await world.waitFor();
  const titles = await world.locator("option").allTextContents();
  await world.selectOption({ label: titles.find((title) => /minimal/i.test(title)) ?? "" });
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await overflow(page)).toBe(0);
  await runShowcase(page);
  expect(await page.locator('[data-step="seed"]').getAttribute("data-status")).toBe("skip");
  await isGreen(page);
});

test("deleting the stored worlds is confirmed first, and can be left", async () => {
  const page = await open("/showcase");
  await page.getByRole("checkbox", { name: "Delete all stored worlds first" }).check();
  await page.getByRole("button", { name: "Run showcase" }).click();
  const dialog = page.getByRole("alertdialog", { name: "Delete all stored worlds?" });
  await dialog.waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);
  await dialog.getByRole("button", { name: "Keep them" }).click();
  await dialog.waitFor({ state: "detached" });
  expect(new URL(page.url()).searchParams.get("run")).toBeNull();
});

test("the recorded showcase is the same transcript, and its proof holds in this browser", async () => {
  const live = await open("/showcase");
  const run = await runShowcase(live);
  const shown = await texts(live);
  const replay = await open(`/showcase?run=${run}`);
  await replay.locator('[data-testid="proof"][data-state="verified"]').waitFor();
  // The names of models come by themselves.
  await expect.poll(() => texts(replay)).toEqual(shown);
});

test.each(THEMES)("the steps are accessible in the %s theme and on a phone", async (theme) => {
  const page = await open("/showcase", { theme });
  await runShowcase(page);
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await overflow(page)).toBe(0);
});

test("a card chooses the preset, and the address keeps it", async () => {
  const page = await open("/showcase");
  await page.getByRole("radio", { name: "Sparse" }).click();
  await page.waitForURL("**/showcase?scenario=sparse*");
  await page.reload();
  await expect
    .poll(() => page.getByRole("radio", { name: "Sparse" }).getAttribute("aria-checked"))
    .toBe("true");
});
