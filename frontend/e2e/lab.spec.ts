import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { accessibilityProblems, open, overflow, THEMES, withBrowser } from "./browser.ts";

withBrowser();

/** Few and far from any season that somebody else makes here. */
const SEASON = 2071;

/** Makes one season through the page and computes who beats whom in it; its auction is then on the page. */
async function makeSeason(page: Page, season: number) {
  await page.getByLabel("Seasons").fill("1");
  await page.getByLabel("Entries").fill("12");
  await page.getByLabel("First season").fill(String(season));
  await page.getByRole("button", { name: "Make seasons" }).click();
  await page.getByRole("button", { name: "Compute every team's chances" }).click();
  await page.getByText("The chances are being computed").waitFor();
}

/** The id of the run whose page is open, once it has succeeded. */
async function ended(page: Page, kind: string): Promise<string> {
  await page.waitForURL(new RegExp(`/lab/${kind}/`));
  await page.getByTestId("standing").getByText("Succeeded").waitFor({ timeout: 60_000 });
  return new URL(page.url()).pathname.split("/").at(-1) ?? "";
}

/** Goes to the auction of a season, at one of the steps. */
async function openAuction(page: Page, season: number, step: string) {
  await page.goto("/lab");
  const auctions = page.getByRole("region", { name: "Auctions", exact: true });
  await auctions.getByRole("link", { name: new RegExp(String(season)) }).click();
  await page.getByRole("heading", { name: "Rules" }).waitFor();
  await page.getByLabel("Step").selectOption({ label: step });
}

let simulation = "";
let strategy = "";
let evaluation = "";

test("data become models, bids, a simulation, a leaderboard, a candidate and a bid sheet", async () => {
  const page = await open("/lab");
  await page.getByRole("heading", { level: 1, name: "Lab" }).waitFor();
  await makeSeason(page, SEASON);
  await openAuction(page, SEASON, "1. What others bid");
  // The only run there is on this tournament is chosen once it has succeeded.
  await page.getByRole("button", { name: "Compute what others bid" }).click({ timeout: 60_000 });
  await ended(page, "market-shares");
  await page.getByRole("region", { name: "What others are expected to bid", exact: true }).waitFor();

  await openAuction(page, SEASON, "2. Worth against price");
  await page.getByRole("link", { name: "Show worth against price" }).click();
  await page.getByRole("figure", { name: "Where the market errs" }).waitFor();

  await openAuction(page, SEASON, "3. The best bids");
  await page.getByRole("button", { name: "Find the best bids" }).click();
  strategy = await ended(page, "strategies");
  const sheet = page.getByRole("region", { name: "Bid sheet", exact: true });
  const [csv] = await Promise.all([
    page.waitForEvent("download"),
    sheet.getByRole("button", { name: "CSV" }).click(),
  ]);
  expect(readFileSync(await csv.path(), "utf8")).toMatch(/^team,bid_points,expected_points,/);
  await page.getByLabel("Name").fill("The lab's own");
  await page.getByRole("button", { name: "Keep candidate" }).click();
  await page.getByRole("link", { name: "The lab's own" }).waitFor();

  await openAuction(page, SEASON, "4. Simulate the auction");
  await page.getByLabel("From which state").selectOption({ index: 1 });
  await page.getByLabel("Simulations").fill("5000");
  await page.getByRole("button", { name: "Simulate", exact: true }).click();
  simulation = await ended(page, "simulations");
  const entries = page.getByRole("region", { name: "Entries", exact: true });
  await entries.waitFor();
  expect(await entries.getByRole("row").count()).toBe(13);

  await page.getByRole("button", { name: "Candidates", exact: true }).click();
  await page.getByLabel("The lab's own").check();
  await page.getByRole("button", { name: "Compare" }).click();
  evaluation = await ended(page, "evaluations");
  await page.getByRole("figure", { name: "Candidates compared" }).waitFor();
  await page.getByRole("link", { name: "candidate", exact: true }).click();
  await page.getByRole("heading", { level: 1, name: "The lab's own" }).waitFor();
  await page.getByRole("link", { name: "Bid sheet of its strategy" }).click();
  await sheet.waitFor();
  expect(page.url()).toContain(strategy);
});

test("an entry's figures add up, and a link shows the same entry again", async () => {
  const page = await open(`/lab/simulations/${simulation}`);
  await page.getByRole("region", { name: "Entries", exact: true }).getByRole("button").nth(9).click();
  const maths = page.getByTestId("maths");
  await maths.waitFor();
  expect(await maths.getByText("adds up here").count()).toBe(3);
  const shown = await page.getByLabel("Entry", { exact: true }).inputValue();
  await page.reload();
  await maths.waitFor();
  expect(await page.getByLabel("Entry", { exact: true }).inputValue()).toBe(shown);
});

test("a simulated tournament is played again and proven in the browser", async () => {
  const page = await open(`/lab/simulations/${simulation}?tab=bracket&simulation=4321`);
  await page.locator('[data-testid="seal"][data-state="verified"]').waitFor();
  await page.getByLabel("Which simulation").fill("17");
  await page.getByRole("button", { name: "Play it again" }).click();
  await page.getByRole("figure", { name: "Simulation 17" }).waitFor();
  await page.locator('[data-testid="seal"][data-state="verified"]').waitFor();
  expect(new URL(page.url()).searchParams.get("simulation")).toBe("17");
});

test("a lineage leads from a run to its data and its evaluations", async () => {
  const page = await open(`/lab/simulations/${simulation}`);
  const lineage = page.getByRole("region", { name: "Lineage" });
  await lineage.getByRole("link", { name: /^Evaluation/ }).click();
  await page.waitForURL(`**/lab/evaluations/${evaluation}`);
  await page
    .getByRole("region", { name: "Lineage" })
    .getByRole("link", { name: /^Tournament/ })
    .click();
  await page.getByRole("region", { name: "Field", exact: true }).waitFor();
});

test("a cohort judges an auction with a candidate that joined it", async () => {
  const page = await open("/lab");
  await page.getByText("New cohort").click();
  await page.getByRole("textbox", { name: "Name" }).fill(`Cohort of ${SEASON}`);
  await page.getByRole("spinbutton", { name: "Simulations" }).fill("2000");
  await page.getByRole("button", { name: "Keep cohort" }).click();
  await page.waitForURL(/\/lab\/cohorts\//);
  const cohort = page.url();
  await page.getByLabel("Auction", { exact: true }).selectOption({ index: 1 });
  await page.getByLabel("From which state").selectOption({ index: 1 });
  await page.getByLabel("Who beats whom").selectOption({ index: 1 });
  await page.getByRole("button", { name: "Add to the cohort" }).click();
  await page.getByRole("region", { name: "Synthetic calcuttas", exact: true }).getByRole("link").click();
  await page.waitForURL(/\/lab\/synthetic-calcuttas\//);
  await page.getByLabel("Candidate", { exact: true }).selectOption({ index: 1 });
  await page.getByRole("button", { name: "Attach" }).click();
  await page.getByRole("button", { name: "Highlight The lab's own" }).click();
  await page.getByText("Highlighted", { exact: true }).waitFor();
  await page.goto(cohort);
  await page.getByRole("button", { name: /^Simulate 1 auction/ }).click();
  await ended(page, "batches");
  await page.getByRole("row", { name: /The lab's own/ }).waitFor();
});

test("a season is imported from files, and what they leave open is asked", async () => {
  const page = await open("/lab/import");
  const file = (name: string, text: string) => ({ name, mimeType: "text/csv", buffer: Buffer.from(text) });
  const field = file(
    "field.csv",
    "Team;Seed;Rating\nAlpha;1;12,5\nBravo;2;9,0\nCharlie;3;4,5\nDelta;4;-1,0\n",
  );
  const bids = (points: string) =>
    file("bids.csv", `Entry;Team;Points\nAnn;alpha;40\nAnn;Bravo;20\nAnn;Charlie;${points}\n`);
  const drop = page.getByLabel("Drop the files here, or choose them");
  await drop.setInputFiles([field, bids("many")]);
  await page.getByText("many", { exact: true }).waitFor();
  await page.getByText("which season is it?").waitFor();
  await drop.setInputFiles([bids("5")]);
  await page.getByLabel("Season", { exact: true }).fill(String(SEASON + 1));
  await page.getByRole("button", { name: "Import", exact: true }).click();
  await page.waitForURL(/\/lab\/tournaments\//);
  await page.getByRole("rowheader", { name: "Delta" }).waitFor();
});

test("games are taken to end so, and a link shows the same again", async () => {
  const page = await open(`/lab/simulations/${simulation}?tab=condition`);
  const figure = page.getByRole("figure", { name: "What if" });
  await figure.locator("[data-game] button:enabled:visible").first().click();
  await page.getByText("Simulations that remain", { exact: true }).waitFor();
  expect(new URL(page.url()).searchParams.get("fixed")).toBeTruthy();
  await page.reload();
  await page.getByText("Simulations that remain", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByText("Simulations that remain", { exact: true }).waitFor({ state: "detached" });
});

test("an artifact is proven, and says who reads it", async () => {
  const page = await open(`/runs/${simulation}`);
  await page.getByRole("link", { name: "leaderboard", exact: true }).click();
  await page.waitForURL(/\/artifacts\//);
  await page.locator('[data-testid="digest"][data-state="verified"]').waitFor();
  await page.getByRole("link", { name: /^evaluate 1 candidate$/i }).waitFor();
});

test("a simulation is executed again from its inputs and leaves the same behind", async () => {
  const page = await open(`/runs/${simulation}`);
  await page.getByRole("button", { name: "Execute again" }).click();
  await page.getByTestId("reproduction").waitFor({ timeout: 60_000 });
  await page.getByText("it left the same bytes").waitFor();
});

test.each(THEMES)("the lab's pages are accessible and fit a phone, in the %s theme", async (theme) => {
  const pages = [
    "/lab",
    `/lab/strategies/${strategy}`,
    `/lab/simulations/${simulation}`,
    `/lab/simulations/${simulation}?tab=entry`,
    `/lab/simulations/${simulation}?tab=bracket`,
    `/lab/simulations/${simulation}?tab=condition`,
    `/lab/simulations/${simulation}?tab=portfolio`,
    "/lab/import",
    "/lab/coverage",
    "/lab/models",
    `/lab/evaluations/${evaluation}`,
  ];
  for (const path of pages) {
    const page = await open(path, { theme });
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page.waitForLoadState("networkidle");
    expect(await accessibilityProblems(page), path).toEqual([]);
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await overflow(page), path).toBe(0);
    await page.context().close();
  }
});

test.each([
  ["/lab/tournaments/xyz", "tournament"],
  ["/lab/calcuttas/xyz", "auction"],
  ["/lab/cohorts/xyz", "cohort"],
  ["/lab/simulations/xyz", "run"],
])("a mistyped id in %s leads back", async (path, what) => {
  const page = await open(path);
  await page.getByRole("heading", { name: `There is no such ${what}` }).waitFor();
});
