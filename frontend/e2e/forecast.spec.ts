import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { accessibilityProblems, open, overflow, THEMES, withBrowser } from "./browser.ts";

withBrowser();

/** Two series with a strong season of 12 months, and one of two values, which is no history. */
function monthly(): string {
  const rows = ["north", "south"].flatMap((name, nth) =>
    Array.from({ length: 60 }, (_, month) => {
      const value = (nth + 1) * (100 + 20 * Math.sin((month * Math.PI) / 6) + ((month * 7) % 5));
      return `${name},${dateOf(month)},${value.toFixed(2)}`;
    }),
  );
  return ["series,date,value", ...rows, `short,${dateOf(58)},1`, `short,${dateOf(59)},2`].join("\n");
}

/** Daily values of many series: work enough to be cancelled. */
function daily(series: number): string {
  const rows = Array.from({ length: series }, (_, nth) =>
    Array.from({ length: 300 }, (_, day) => {
      const date = new Date(Date.UTC(2024, 0, 1 + day)).toISOString().slice(0, 10);
      return `s${nth},${date},${20 + nth + 5 * Math.sin((day * 2 * Math.PI) / 7) + ((day * nth) % 3)}`;
    }),
  );
  return ["series,date,value", ...rows.flat()].join("\n");
}

function dateOf(month: number): string {
  return `${2020 + Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, "0")}-01`;
}

async function choose(page: Page, csv: string) {
  const file = { name: "a.csv", mimeType: "text/csv", buffer: Buffer.from(csv) };
  await page.getByLabel("File of series", { exact: true }).setInputFiles(file);
}

/** Starts it from the page and returns its path. */
async function start(page: Page): Promise<string> {
  await page.getByRole("button", { name: "Start forecast" }).click();
  await page.waitForURL(/\/forecast\/.+/);
  return new URL(page.url()).pathname;
}

test("a file becomes forecasts with a band, and a link shows the chosen series again", async () => {
  const page = await open("/forecast");
  await choose(page, monthly());
  await page.getByLabel("Horizon").fill("6");
  const [request] = await Promise.all([
    page.waitForRequest((each) => each.method() === "POST" && each.url().endsWith("/api/forecasts")),
    start(page),
  ]);
  // What nobody chose, the data decide.
  expect(Object.keys(request.postDataJSON()).sort()).toEqual(["dataset_id", "horizon"]);
  await page.getByTestId("statement").getByText("6 months of 2 of 3 series").waitFor();
  const north = page.getByRole("figure", { name: "What comes next of north" });
  await north.getByText("80 % interval").waitFor();
  await north.getByRole("img", { name: /^6 months to 2025-06-01/ }).waitFor();
  await page.getByText("2 values are too few").waitFor();

  await page.reload();
  await page.getByTestId("statement").waitFor();
  await page.getByRole("button", { name: /^south/ }).click();
  const south = page.getByRole("figure", { name: "What comes next of south" });
  await south.getByRole("button", { name: "Table" }).click();
  await south.getByRole("cell", { name: "2025-06-01" }).waitFor();
  // The last value before: December of the fifth year.
  await south.getByRole("cell", { name: "2024-12-01" }).waitFor();
  expect(new URL(page.url()).searchParams.get("series")).toBe("south");
  await page.reload();
  await south.waitFor();
});

test("the files to take away are a CSV of the series and a Parquet file of all", async () => {
  const page = await open("/forecast");
  await choose(page, monthly());
  await start(page);
  const figure = page.getByRole("figure", { name: "What comes next of north" });
  const [csv] = await Promise.all([
    page.waitForEvent("download"),
    figure.getByRole("button", { name: "CSV" }).click(),
  ]);
  const text = readFileSync(await csv.path(), "utf8");
  expect(text).toMatch(/^date,actual,forecast,lower 50 %,upper 50 %/);
  const [parquet] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: /^All forecasts, Parquet/ }).click(),
  ]);
  expect(
    readFileSync(await parquet.path())
      .subarray(0, 4)
      .toString(),
  ).toBe("PAR1");
});

test("a moment before the end shows how far it had come", async () => {
  const page = await open("/forecast");
  await choose(page, monthly());
  const path = await start(page);
  await page.getByTestId("statement").waitFor();
  await page.goto(`${path}?seq=6`);
  await page.locator('[data-stage="race"][data-status="running"]').waitFor();
  await page.getByText(/^Candidates: Seasonal naive/).waitFor();
  expect(await page.getByTestId("statement").count()).toBe(0);
});

test("a forecast that is cancelled says that nothing came out", async () => {
  const page = await open("/forecast");
  await choose(page, daily(150));
  await page.getByText("Choose from the list").click();
  for (const name of [/^Random forest/, /^Automatic ARIMA/])
    await page.getByRole("checkbox", { name }).check();
  await start(page);
  await page.getByRole("button", { name: "Cancel run" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Cancel run" }).click();
  await page.getByText(/^It was cancelled before anything was forecast/).waitFor();
  await page.getByRole("link", { name: "Start another forecast" }).click();
  // What had been chosen is still there.
  await page.getByText("(2 models chosen)").waitFor();
});

test.each(THEMES)("form and result are accessible and fit a phone, in the %s theme", async (theme) => {
  const page = await open("/forecast", { theme });
  await choose(page, monthly());
  await page.getByText("Choose from the list").click();
  await page.getByRole("checkbox", { name: /^Seasonal naive/ }).waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);
  await start(page);
  await page.getByRole("figure", { name: "What comes next of north" }).waitFor();
  await page.getByRole("region", { name: "Standings", exact: true }).waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await overflow(page)).toBe(0);
});
