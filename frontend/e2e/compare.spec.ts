import type { Page } from "playwright-core";
import { expect, inject, test } from "vitest";
import { accessibilityProblems, open, overflow, runShowcase, THEMES, withBrowser } from "./browser.ts";
import { wayTo } from "./proxy.ts";

withBrowser();

/** Two series of 48 values, `north` and `south`: a row each, whose column `y` is a list. There is no date in it. */
const LISTS = "e2e/lists.parquet";

/** Months of a year against their mean. */
const SEASON = [0.8, 0.7, 0.9, 1.0, 1.1, 1.3, 1.5, 1.4, 1.1, 1.0, 0.9, 1.3];

/** Monthly values with a strong season: 72 of them are enough for a seasonal model and too few for trees. */
function seasonal(series: number): string {
  const rows = Array.from({ length: series }, (_, nth) =>
    Array.from({ length: 72 }, (_, month) => {
      const date = `${2010 + Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, "0")}-01`;
      const level = (nth + 1) * (SEASON[month % 12] ?? 1) * (1 + 0.01 * month);
      return `s${nth + 1},${date},${level + ((month * 7) % 5)}`;
    }),
  );
  return ["series,date,value", ...rows.flat()].join("\n");
}

async function choose(page: Page, file: string | { name: string; mimeType: string; buffer: Buffer }) {
  await page.getByLabel("File of series", { exact: true }).setInputFiles(file);
}

/** One series of 60 months. */
function monthly(value: (month: number) => number): Buffer {
  const rows = Array.from({ length: 60 }, (_, month) => {
    const date = `${2015 + Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, "0")}-01`;
    return `${date},${value(month)}`;
  });
  return Buffer.from(["date,value", ...rows].join("\n"));
}

/** Leaves only these candidates chosen. */
async function chooseModels(page: Page, names: readonly RegExp[]) {
  await page.getByText("Choose from the list").click();
  const models = page.getByRole("group", { name: /^Models/ });
  await models.getByRole("checkbox").first().waitFor();
  const chosen = models.getByRole("checkbox", { checked: true });
  while ((await chosen.count()) > 0) await chosen.first().uncheck();
  for (const name of names) await models.getByRole("checkbox", { name }).check();
}

async function start(page: Page) {
  await page.getByRole("button", { name: "Start comparison" }).click();
}

test("a file of lists is read with the frequency and first date that it lacks", async () => {
  const page = await open("/compare");
  await choose(page, LISTS);
  const [frequency, first] = [page.getByLabel("Frequency"), page.getByLabel("First date")];
  for (const field of [frequency, first]) {
    await expect.poll(() => field.getAttribute("aria-invalid")).toBe("true");
  }
  for (const name of ["Frequency", "First date"]) {
    await page.getByText(`${name} is needed: column y has no dates`, { exact: true }).waitFor();
  }
  await page.getByText("Settle above how the file is read.").waitFor();

  await first.fill("2020-01-31");
  await expect.poll(() => first.getAttribute("aria-invalid")).toBeNull();
  await frequency.selectOption("Monthly");
  await page.getByText("Parquet · 2 series · 96 values · monthly · 2020-01-31 to 2023-12-31").waitFor();
  await start(page);
  await page.getByTestId("verdict").waitFor();
  await page.getByRole("heading", { name: "Comparison on 2 series" }).waitFor();
  const series = page.getByRole("region", { name: "Series", exact: true }).getByRole("listitem");
  await expect
    .poll(() => series.allTextContents())
    .toEqual(["north", "south"].map((name) => expect.stringContaining(name)));
  const figure = page.getByRole("figure", { name: "Actual and forecast, north" });
  await figure.getByRole("button", { name: "Table" }).click();
  // The first fold trains on 30 months from January 2020, so its test begins with the last day of July 2022.
  await figure.getByText("2022-07-31").waitFor();
});

test("a CSV has its own dates, so nothing is asked about them", async () => {
  const page = await open("/compare");
  await choose(page, { name: "a.csv", mimeType: "text/csv", buffer: Buffer.from(seasonal(1)) });
  await page.getByText(/^CSV text · 1 series · 72 values · monthly/).waitFor();
  expect(await page.getByLabel("First date").isVisible()).toBe(false);
});

test("before the start the folds are drawn, the time is measured, and the draft outlives the page", async () => {
  const page = await open("/compare");
  await choose(page, { name: "a.csv", mimeType: "text/csv", buffer: Buffer.from(seasonal(13)) });
  const figure = page.getByRole("figure", { name: "What models are judged on" });
  await page.getByText(/^About .*, as measured just now on \d+ series/).waitFor();
  const planned = await figure.locator("[data-fold]").count();
  expect(planned).toBeGreaterThan(12);
  await page.getByRole("button", { name: "Fast", exact: true }).click();
  await figure.getByRole("button", { name: "One fold fewer" }).click();
  await expect.poll(() => figure.locator("[data-fold]").count()).toBeLessThan(planned);
  await page.getByText(/^\d\d models, ready to start/).waitFor();
  for (const width of [1440, 1280, 390]) {
    await page.setViewportSize({ width, height: 844 });
    expect(await overflow(page)).toBe(0);
    // Wherever the page stands, Start is in sight.
    const box = await page.getByRole("button", { name: "Start comparison" }).boundingBox();
    expect((box?.y ?? 999) + (box?.height ?? 0)).toBeLessThanOrEqual(844);
  }
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.getByRole("link", { name: "Runs" }).first().click();
  await page.getByRole("link", { name: "Compare" }).first().click();
  await page.getByText("a.csv").waitFor();
  await page.getByRole("button", { name: "Fast", exact: true, pressed: true }).waitFor();
  await figure.waitFor();
});

test("the tables of a result fit beside each other, and on a phone they say that there is more", async () => {
  const page = await open("/compare");
  await choose(page, { name: "wide.csv", mimeType: "text/csv", buffer: Buffer.from(seasonal(12)) });
  await start(page);
  const overall = page.getByRole("region", { name: "Overall, 12 series, table" });
  const one = page.getByRole("region", { name: "Ranking on s1, table" });
  await one.waitFor();
  const hidden = () =>
    Promise.all([overall, one].map((box) => box.evaluate((each) => each.scrollWidth - each.clientWidth)));
  for (const width of [1440, 1400, 1280, 1024]) {
    await page.setViewportSize({ width, height: 900 });
    expect(await hidden(), `hidden at ${width}`).toEqual([0, 0]);
  }
  await page.setViewportSize({ width: 390, height: 844 });
  expect(Math.min(...(await hidden()))).toBeGreaterThan(0);
  const edges = () =>
    page
      .locator("[data-more]")
      .evaluateAll((all) => all.map((each) => (each as HTMLElement).dataset.more ?? ""));
  await expect.poll(edges).toEqual(["after", "after"]);
  await overall.focus();
  for (let presses = 0; presses < 40; presses += 1) await page.keyboard.press("ArrowRight");
  await expect.poll(edges).toEqual(["before", "after"]);
  expect(await overflow(page)).toBe(0);
});

test("values beyond all measure are written short, and the page is no wider for them", async () => {
  const page = await open("/compare");
  await choose(page, {
    name: "huge.csv",
    mimeType: "text/csv",
    buffer: monthly((month) => (1 + (month % 7)) * 1e300),
  });
  await chooseModels(page, [/^Seasonal naive/, /^Naive/, /^Moving average/]);
  await start(page);
  await page.getByTestId("verdict").waitFor();
  await page.getByRole("region", { name: "Ranking, table" }).getByText(/e300$/).first().waitFor();
  for (const width of [1440, 1280, 390]) {
    await page.setViewportSize({ width, height: 900 });
    expect(await overflow(page)).toBe(0);
  }
  expect(await page.getByRole("main").innerText()).not.toMatch(/\d{16}/);
});

test("nobody leads where nothing can be measured", async () => {
  const page = await open("/compare");
  await choose(page, { name: "zero.csv", mimeType: "text/csv", buffer: monthly(() => 0) });
  await chooseModels(page, [/^Seasonal naive/, /^Naive/]);
  await start(page);
  const verdict = page.getByTestId("verdict");
  await verdict.getByRole("heading", { name: "None leads" }).waitFor();
  await verdict.getByText("All 2 ranked candidates are exact on every test point: they tie").waitFor();
  const places = page.getByRole("region", { name: "Ranking, table" }).locator("tbody tr");
  expect(await places.evaluateAll((all) => all.map((row) => row.getAttribute("data-rank")))).toEqual([
    "1",
    "1",
  ]);
  expect(await accessibilityProblems(page)).toEqual([]);
});

test("the page says what the API states, and the numbers of its names", async () => {
  const page = await open("/compare");
  await choose(page, { name: "two.csv", mimeType: "text/csv", buffer: Buffer.from(seasonal(12)) });
  await chooseModels(page, [/^Seasonal naive/, /^Naive/, /^Moving average/]);
  await start(page);
  const verdict = page.getByTestId("verdict");
  await verdict.waitFor();
  const id = new URL(page.url()).pathname.split("/").at(-1);
  const found = await page.evaluate(async (id) => (await fetch(`/api/model-selection/${id}`)).json(), id);
  const names: Record<string, string> = {
    seasonal_naive: "Seasonal naive",
    moving_average: "Moving average",
    naive: "Naive",
  };
  const named = (text: string) =>
    text.replace(/\b(?:seasonal_naive|moving_average|naive)\b/g, (type) => names[type] ?? type);
  const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
  expect(await verdict.getByTestId("statement").textContent()).toBe(capital(named(found.statement)));
  expect(await verdict.getAttribute("data-verdict")).toBe(found.verdict);
  const text = (await verdict.innerText()).toLowerCase();
  for (const said of [...found.confidence_reasons, found.bias, ...found.notes])
    expect(text).toContain(named(said).toLowerCase());
  const first = found.figures[0];
  const shown = first.error.toFixed(first.error < 0.1 ? 4 : first.error < 1 ? 3 : 2);
  const figures = verdict.getByRole("row", { name: new RegExp(`^${first.label}`) });
  expect(await figures.textContent()).toContain(shown);
  const overall = page.getByRole("region", { name: "Overall, 12 series, table" });
  await overall.locator('tr[data-rank="1"]').getByText(shown, { exact: true }).waitFor();

  // Another order on request, and back again.
  const order = () =>
    overall.locator("tbody tr").evaluateAll((all) => all.map((row) => row.getAttribute("data-rank")));
  await overall.getByRole("button", { name: "Bias" }).click();
  await overall.getByRole("button", { name: "Bias" }).click();
  const sorted = overall.getByRole("columnheader", { name: /Bias/ });
  expect(await sorted.getAttribute("aria-sort")).toBe("descending");
  await overall.getByRole("button", { name: "Bias" }).click();
  expect(await order()).toEqual(["1", "2", "3"]);
});

test("racing is switched on by keyboard, and the result names the model that was dropped", async () => {
  const page = await open("/compare");
  await choose(page, { name: "many.csv", mimeType: "text/csv", buffer: Buffer.from(seasonal(24)) });
  await chooseModels(page, [/^Seasonal naive/, /^Gradient boosting regression/]);
  const racing = page.getByRole("checkbox", { name: "Racing: drop costly models early" });
  await page.getByText("Costly and chosen: Gradient boosting regression.").waitFor();
  await racing.focus();
  await page.keyboard.press("Space");
  expect(await racing.isChecked()).toBe(true);
  await page.getByLabel("Horizon").fill("6");
  const [request] = await Promise.all([
    page.waitForRequest((each) => each.method() === "POST" && each.url().endsWith("/model-selection/runs")),
    start(page),
  ]);
  expect(request.postDataJSON()).toMatchObject({ racing: "costly" });
  await page.getByTestId("verdict").waitFor();
  await page.getByText("costly models may be dropped").waitFor();
  await page.getByText("1 of 2 completed, 1 dropped").waitFor();
  const lane = page.locator('[data-candidate="regression"]');
  expect(await lane.getAttribute("data-status")).toBe("dropped");
  expect(await lane.textContent()).toMatch(/Gradient boosting regression.*Dropped after 8 of 24 series/);
  expect(await accessibilityProblems(page)).toEqual([]);

  await page.getByRole("link", { name: "Open the record" }).click();
  await page.getByText("CANDIDATE_DROPPED").waitFor();
  await page.getByRole("button", { name: /^Gradient boosting regression Dropped after 8 of 24/ }).waitFor();
});

test.each(THEMES)("the compare page is accessible with every field shown, in the %s theme", async (theme) => {
  const page = await open("/compare", { theme });
  await choose(page, LISTS);
  await page.getByLabel("First date").waitFor();
  await page.getByRole("checkbox", { name: /^Racing/ }).waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await overflow(page)).toBe(0);
});

test("a comparison says when the server is away, and goes on by itself when it is back", async () => {
  const way = await wayTo(inject("baseUrl"));
  const page = await open("/compare", { server: way.url });
  await choose(page, { name: "many.csv", mimeType: "text/csv", buffer: Buffer.from(seasonal(300)) });
  await start(page);
  await page.waitForURL(/\/compare\/.+/);
  await page.getByTestId("standing").getByText("Running").waitFor();
  await way.cut();
  await page.getByText("The server does not answer.").waitFor();
  await way.mend();
  await page.getByTestId("stream-note").waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Cancel run" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Cancel run" }).click();
  await page.getByTestId("standing").getByText("Cancelled").waitFor();
  await way.close();
});

test("a pair that sells is chosen in its world, and one with too little history does not start", async () => {
  await runShowcase(await open("/showcase"));
  await runShowcase(await open("/showcase?scenario=sparse&seed=3"));
  const page = await open("/compare");
  await page.getByRole("button", { name: "Stored store × product" }).click();
  const world = page.getByLabel("World");
  await world.waitFor();
  const titles = await world.locator("option").allTextContents();
  await world.selectOption({ label: titles.find((title) => title.startsWith("Sparse")) ?? "" });
  const products = page.getByLabel("Product");
  await products.getByRole("option").nth(1).waitFor({ state: "attached" });
  await page.getByLabel("Store").selectOption({ index: 1 });
  // Of ten products some have never been sold here; they are not offered.
  await expect.poll(() => products.getByRole("option").count()).toBeLessThan(11);
  await products.selectOption({ index: 1 });
  await page.getByText(/ready to start/).waitFor();
  await page.getByLabel("Horizon").fill("90");
  await page.getByText("Unusable").waitFor();
  await page.getByText("This pair has too little history.").waitFor();
  expect(await page.getByRole("button", { name: "Start comparison" }).isDisabled()).toBe(true);
  expect(await accessibilityProblems(page)).toEqual([]);
  await world.selectOption({ label: titles.find((title) => title.startsWith("Minimal")) ?? "" });
  await page.getByText("Choose a store and a product.").waitFor();
});
