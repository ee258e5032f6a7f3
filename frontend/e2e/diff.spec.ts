/** Two runs side by side, and a conversation as one transcript, of the real program. */
import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import { accessibilityProblems, open, overflow, runShowcase, THEMES, withBrowser } from "./browser.ts";

withBrowser();

const WIDTHS = [1440, 1280, 390];
let path: string;
let runs: [string, string];

beforeAll(async () => {
  const first = await runShowcase(await open("/showcase"));
  const page = await open("/showcase");
  await page.getByLabel("Seed").fill("43");
  const second = await runShowcase(page);
  runs = [first, second];
  path = `/runs/${first}/diff/${second}`;
});

async function compared(search = "", how: Parameters<typeof open>[1] = {}): Promise<Page> {
  const page = await open(`${path}${search}`, how);
  await page.getByTestId("verdict").waitFor();
  return page;
}

async function position(page: Page, side: "left" | "right"): Promise<number> {
  return Number((await page.getByTestId(`position-${side}`).textContent())?.split(" / ")[0]);
}

test("the seed is named as what the two were asked for differently", async () => {
  const page = await compared();
  expect(await page.getByTestId("verdict").textContent()).toContain("the seed");
  const cause = page.getByTestId("causes").getByRole("listitem").filter({ hasText: "seed" }).first();
  expect(await cause.textContent()).toMatch(/42[\s\S]*43/);
});

test("from change to change by keyboard, in both runs, and the address leads back", async () => {
  const page = await compared("?seq=1");
  const seen: number[] = [];
  for (let n = 0; n < 4; n += 1) {
    await page.keyboard.press("n");
    await page.locator('[aria-current="true"]').waitFor();
    seen.push(await position(page, "left"));
  }
  expect(seen).toEqual([...seen].sort((one, other) => one - other));
  await page.waitForURL(new RegExp(`seq=${seen.at(-1)}`));
  const again = await compared(new URL(page.url()).search);
  expect(await position(again, "left")).toBe(seen.at(-1));
});

test("one scrubber moves the other", async () => {
  const page = await compared();
  const right = page.getByRole("slider", { name: "Position in the right run" });
  await right.focus();
  await page.keyboard.press("Home");
  await expect.poll(() => position(page, "left")).toBe(1);
  await page.keyboard.press("End");
  const [last] = (await page.getByTestId("position-left").textContent())?.split(" / ").slice(1) ?? [];
  await expect.poll(() => position(page, "left")).toBe(Number(last));
});

test("a run beside itself is the same", async () => {
  const page = await open(`/runs/${runs[0]}/diff/${runs[0]}`);
  await page.locator('[data-testid="diff"][data-same="true"]').waitFor();
  await page.getByRole("button", { name: "Show what is the same" }).click();
  await page.locator('[data-change="same"]').first().waitFor();
});

test("both transcripts stand beside each other, and the rows are a table and a file", async () => {
  const page = await compared("?view=transcripts");
  for (const side of ["left", "right"])
    await page.getByTestId(`transcript-${side}`).getByText("Precheck", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Table", exact: true }).click();
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "CSV" }).click(),
  ]);
  expect(file.suggestedFilename()).toMatch(/^runs-.*\.csv$/);
});

test("two runs are picked in the list", async () => {
  const page = await open("/runs?kind=showcase");
  const boxes = page.getByRole("checkbox", { name: /^Compare/ });
  await boxes.nth(0).check();
  await boxes.nth(1).check();
  await page.getByRole("link", { name: "Compare the two" }).click();
  await page.getByTestId("verdict").waitFor();
});

test.each(THEMES)("a comparison is accessible and as wide as the screen in the %s theme", async (theme) => {
  for (const view of ["", "?view=transcripts", "?view=table"]) {
    const page = await compared(view, { theme });
    expect(await accessibilityProblems(page)).toEqual([]);
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 900 });
      expect(await overflow(page)).toBe(0);
    }
  }
});

test("a conversation is one transcript with borders, in both themes and at every width", async () => {
  const start = await open(`/runs/${runs[0]}`);
  await start.getByRole("link", { name: /^…/ }).and(start.locator('a[href^="/conversations/"]')).click();
  await start.getByTestId("conversation").waitFor();
  const { pathname } = new URL(start.url());
  for (const theme of THEMES) {
    const page = await open(pathname, { theme });
    await page.getByTestId("segment").nth(1).waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 900 });
      expect(await overflow(page)).toBe(0);
    }
  }
});

test("a conversation that is cut keeps its runs, and shows where it was cut", async () => {
  const page = await open(`/runs/${runs[1]}`);
  await page.locator('a[href^="/conversations/"]').first().click();
  await page.getByTestId("segment").nth(1).waitFor();
  await page.getByRole("slider", { name: "Position in the conversation" }).focus();
  await page.keyboard.press("Home");
  await page.getByRole("button", { name: "Cut here…" }).click();
  await page.getByRole("button", { name: "Cut it" }).click();
  await page.getByTestId("cut").waitFor();
  await page.goto(`/runs/${runs[1]}`);
  await page.locator('[data-testid="proof"][data-state="verified"]').waitFor();
});
