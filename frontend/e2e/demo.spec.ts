import { expect, test } from "vitest";
import { accessibilityProblems, open, overflow, runShowcase, THEMES, withBrowser } from "./browser.ts";

withBrowser();

test("one click runs the whole pipeline green, step by step", async () => {
  const page = await open("/showcase");
  await runShowcase(page);
  expect(await page.getByTestId("summary").textContent()).toMatch(/wins with a WAPE of [\d.]+ %/);
  expect(await page.locator("[data-step]").count()).toBe(11);
  expect(await page.locator('[data-step][data-status="fail"]').count()).toBe(0);
  expect(await page.locator('[data-step="verify"]').getAttribute("data-status")).toBe("pass");
  await expect.poll(() => page.getByTestId("live-region").textContent()).toContain("Showcase ended: pass");
});

test("the recorded showcase is the same transcript, and its proof holds in this browser", async () => {
  const live = await open("/showcase");
  const run = await runShowcase(live);
  const texts = (each: typeof live) =>
    each.locator("[data-step]").evaluateAll((steps) => steps.map((step) => (step as HTMLElement).innerText));
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
