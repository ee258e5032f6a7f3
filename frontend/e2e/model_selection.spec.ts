import { existsSync } from "node:fs";
import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import { accessibilityProblems, open, overflow, THEMES, withBrowser } from "./browser.ts";

withBrowser();

const EXAMPLE = "../examples/data/monthly.csv";

let comparison: string;

async function start(
  page: Page,
  file: string | { name: string; mimeType: string; buffer: Buffer },
): Promise<void> {
  await page.getByLabel("File of series", { exact: true }).setInputFiles(file);
  await page.getByRole("button", { name: "Start comparison" }).click();
}

beforeAll(async () => {
  if (!existsSync(EXAMPLE)) throw new Error(`${EXAMPLE} is missing`);
  const page = await open("/compare");
  await start(page, EXAMPLE);
  await page.getByTestId("verdict").waitFor();
  comparison = new URL(page.url()).pathname;
});

test("a file is ranked overall and per series, with its champion and how sure that is", async () => {
  const page = await open(comparison);
  await page.getByTestId("verdict").waitFor();
  const overall = page.getByRole("region", { name: /^Overall, \d+ series$/ });
  await overall.waitFor();
  expect(await overall.locator('tr[data-rank="1"]').count()).toBe(1);
  expect(await page.getByTestId("verdict").textContent()).toMatch(/confidence/);
  const series = page.getByRole("region", { name: "Series", exact: true });
  await series.getByRole("listitem").nth(7).waitFor();
  const name = (await series.getByRole("listitem").nth(1).locator("[title]").getAttribute("title")) ?? "";
  await page.getByLabel("Find a series").fill(name.toUpperCase());
  await expect.poll(() => series.getByRole("listitem").count()).toBe(1);
  await series.getByRole("button").click();
  await page.waitForURL(/series=/);
  await page.getByRole("region", { name: `Ranking on ${name}`, exact: true }).waitFor();
  await page.getByRole("figure", { name: `Actual and forecast, ${name}` }).waitFor();
});

test("the chart has a table twin with the same points, and a CSV", async () => {
  const page = await open(comparison);
  const figure = page.getByRole("figure", { name: /Actual and forecast/ });
  await figure.locator("canvas").waitFor();
  await figure.getByRole("button", { name: "Table" }).click();
  expect(await figure.locator("tbody tr").count()).toBeGreaterThan(10);
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    figure.getByRole("button", { name: "CSV" }).click(),
  ]);
  expect(download.suggestedFilename()).toMatch(/\.csv$/);
});

test("a file the server refuses says what is wrong and starts nothing", async () => {
  const page = await open("/compare");
  const text = "series,date,value\na,2026-01-01,1\na,2026-01-02,many\n";
  const file = { name: "bad.csv", mimeType: "text/csv", buffer: Buffer.from(text) };
  await page.getByLabel("File of series", { exact: true }).setInputFiles(file);
  const alert = page.getByRole("alert");
  await alert.waitFor();
  expect(await alert.textContent()).toMatch(/many/);
  expect(await page.getByRole("button", { name: "Start comparison" }).isDisabled()).toBe(true);
  expect(new URL(page.url()).pathname).toBe("/compare");
});

test.each(THEMES)("a comparison is accessible in the %s theme", async (theme) => {
  const page = await open(comparison, { theme });
  await page.locator("canvas").waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);
});

test("a comparison fits a phone", async () => {
  const page = await open(comparison, { width: 390 });
  await page.locator("canvas").waitFor();
  expect(await overflow(page)).toBe(0);
});

test("a comparison is a run whose proof holds", async () => {
  const page = await open(comparison);
  await page.getByRole("link", { name: "Open the record" }).click();
  await page.locator('[data-testid="proof"][data-state="verified"]').waitFor();
});
