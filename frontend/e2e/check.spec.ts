import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, test, vi } from "vitest";
import { accessibilityProblems, open, overflow, runShowcase, THEMES, withBrowser } from "./browser.ts";

withBrowser();

let bundle: string;

beforeAll(async () => {
  const page = await open("/showcase");
  const run = await runShowcase(page);
  const status = () => page.evaluate(async (id) => (await fetch(`/api/runs/${id}/proof`)).status, run);
  await vi.waitFor(async () => expect(await status()).toBe(200), 10_000);
  bundle = await page.evaluate(async (id) => (await fetch(`/api/runs/${id}/bundle`)).text(), run);
});

async function checked(text: string, how: Parameters<typeof open>[1] = {}) {
  const page = await open("/check", how);
  await page.getByLabel("Paste or drop a bundle").fill(text);
  await page.getByRole("button", { name: "Check", exact: true }).click();
  return page;
}

test("a bundle is checked in the browser, down to the signature", async () => {
  const page = await checked(bundle);
  await page.locator('[data-testid="log-check"][data-holds="true"]').waitFor();
  expect(await page.locator('[data-check="signature"]').getAttribute("data-status")).toBe("pass");
});

test("a word changed in a bundle is found", async () => {
  const page = await checked(bundle.replace("is healthy", "is not healthy"));
  await page.locator('[data-testid="log-check"][data-holds="false"]').waitFor();
  expect(await page.locator('[data-check="frames"]').getAttribute("data-status")).toBe("fail");
});

test("a file is checked beside the page, which no record keeps from answering", async () => {
  const page = await open("/check");
  await page.evaluate(() => {
    const tasks: number[] = [];
    Object.assign(window, { tasks });
    new PerformanceObserver((list) => {
      tasks.push(...list.getEntries().map(({ duration }) => duration));
    }).observe({ type: "longtask" });
  });
  const folder = await mkdtemp(join(tmpdir(), "assay-check-"));
  const choose = async (text: string) => {
    await writeFile(join(folder, "run.ndjson"), text);
    await page.getByLabel("Choose a file").setInputFiles(join(folder, "run.ndjson"));
  };
  await choose(`${bundle}${`{"kind":"notice","message":"${"x".repeat(200)}"}\n`.repeat(150_000)}`);
  await page.getByText("There are 150", { exact: false }).waitFor();
  const tasks = await page.evaluate(() => (window as unknown as { tasks: number[] }).tasks);
  expect(tasks.filter((ms) => ms > 200)).toEqual([]);
  await page.getByRole("button", { name: "Leave run.ndjson" }).click();
  await choose(bundle);
  await page.locator('[data-testid="log-check"][data-holds="true"]').waitFor();
  await rm(folder, { recursive: true });
});

test("what is no bundle is said to be none", async () => {
  const page = await checked("{}");
  await page.getByRole("alert").getByText("This is no bundle").waitFor();
});

test.each(THEMES)("the page is accessible and as wide as the screen in the %s theme", async (theme) => {
  const page = await checked(bundle, { theme });
  await page.locator('[data-testid="log-check"]').waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.setViewportSize({ width: 390, height: 800 });
  expect(await overflow(page)).toBe(0);
});
