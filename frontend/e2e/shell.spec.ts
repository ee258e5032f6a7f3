import { expect, test } from "vitest";
import { accessibilityProblems, open, overflow, THEMES, withBrowser } from "./browser.ts";

withBrowser();

const PAGES = ["/forecast", "/showcase", "/compare", "/lab", "/runs", "/ops", "/ops/retention", "/nowhere"];

test.each(PAGES.flatMap((path) => THEMES.map((theme) => ({ path, theme }))))(
  "$path is accessible in the $theme theme",
  async ({ path, theme }) => {
    const page = await open(path, { theme });
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page.waitForLoadState("networkidle");
    expect(await accessibilityProblems(page)).toEqual([]);
  },
);

test.each(PAGES)("%s fits a phone", async (path) => {
  const page = await open(path, { width: 390 });
  await page.getByRole("heading", { level: 1 }).waitFor();
  await page.waitForLoadState("networkidle");
  expect(await overflow(page)).toBe(0);
  expect(await accessibilityProblems(page)).toEqual([]);
});

test("the start page is the showcase, and the title names the page", async () => {
  const page = await open("/");
  await page.waitForURL("**/showcase");
  await expect.poll(() => page.title()).toBe("Showcase · Assay");
});

test("the chosen theme survives a reload and overrides the system's", async () => {
  const page = await open("/runs", { theme: "light" });
  await page.getByRole("button", { name: "Theme: system" }).click();
  await page.getByRole("menuitemradio", { name: "Dark" }).click();
  expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe("dark");
  await page.reload();
  expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe("dark");
  await page.getByRole("button", { name: "Theme: dark" }).waitFor();
});

test("the keyboard reaches everything: skip link, palette, help, places", async () => {
  const page = await open("/showcase");
  await page.getByRole("heading", { level: 1 }).waitFor();
  await page.keyboard.press("Tab");
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Skip to the content");
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox").fill("compare");
  await page.keyboard.press("Enter");
  await page.waitForURL("**/compare");
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Keyboard" }).waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await page.keyboard.press("g");
  await page.keyboard.press("r");
  await page.waitForURL("**/runs");
});

test("an unknown run shows the server's problem with its code and request", async () => {
  const page = await open("/runs/01a1fd49-0000-7000-8000-000000000000");
  const alert = page.getByRole("alert").first();
  await alert.waitFor();
  const text = await alert.textContent();
  expect(text).toContain("NOT_FOUND");
  expect(text).toContain("Request");
});

test("scripts, styles and data come compressed", async () => {
  const page = await open("/compare");
  await page.waitForLoadState("networkidle");
  const loaded = await page.evaluate(() =>
    performance
      .getEntriesByType("resource")
      .map((entry) => entry as PerformanceResourceTiming)
      .map(({ name, encodedBodySize, decodedBodySize }) => ({ name, encodedBodySize, decodedBodySize })),
  );
  const large = loaded.filter(
    ({ name, decodedBodySize }) => decodedBodySize > 1024 && !name.endsWith(".woff2"),
  );
  for (const kind of [/\.js$/, /\.css$/, /\/api\//])
    expect(
      large.some(({ name }) => kind.test(name)),
      `${kind}`,
    ).toBe(true);
  expect(
    large.filter(({ encodedBodySize, decodedBodySize }) => encodedBodySize * 2 > decodedBodySize),
  ).toEqual([]);
});

test.each([
  ["/runs/xyz", "run"],
  ["/compare/xyz", "comparison"],
  ["/forecast/xyz", "forecast"],
  ["/showcase?run=xyz", "run"],
])("a mistyped id in %s leaves the navigation", async (path, what) => {
  const page = await open(path);
  await page.getByRole("heading", { name: `There is no such ${what}` }).waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Runs" }).click();
  await page.getByRole("heading", { name: "Runs", exact: true }).waitFor();
});
