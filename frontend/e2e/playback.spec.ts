/** The transport bar, as a hand and a keyboard meet it. */
import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import { open, runShowcase, withBrowser } from "./browser.ts";

withBrowser();

let run: string;

beforeAll(async () => {
  run = await runShowcase(await open("/showcase"));
});

async function replay(path: string, width?: number): Promise<Page> {
  const page = await open(path, width === undefined ? {} : { width });
  await page.locator('[data-testid="proof"][data-state="verified"]').waitFor();
  return page;
}

function position(page: Page): Promise<string | null> {
  return page.getByTestId("position").textContent();
}

test.each([1440, 390])("the bar stands still while it scrubs through a run, at %i pixels", async (width) => {
  const page = await replay(`/runs/${run}`, width);
  const bar = page.getByRole("region", { name: "Playback" });
  const slider = page.getByRole("slider", { name: "Position in the run" });
  const places = new Set<string>();
  await slider.focus();
  for (const key of ["Home", "ArrowRight", "PageUp", "PageUp", "End"]) {
    await page.keyboard.press(key);
    await page.waitForURL(/seq=/);
    places.add(JSON.stringify(await bar.boundingBox()));
  }
  expect([...places]).toHaveLength(1);
});

test("after a click on Play the arrows go on, and the space plays and pauses once", async () => {
  const page = await replay(`/runs/${run}?seq=1`);
  await page.getByRole("button", { name: /^Play/ }).click();
  await page.getByRole("button", { name: /^Pause/ }).click();
  await page.keyboard.press("Home");
  await expect.poll(() => position(page)).toMatch(/^1 \//);
  await page.keyboard.press("ArrowRight");
  await expect.poll(() => position(page)).toMatch(/^2 \//);
  await page.keyboard.press("Space");
  await page.getByRole("button", { name: /^Pause/ }).waitFor();
});

test("a moment after the end is the end, and the address says which", async () => {
  const page = await replay(`/runs/${run}?seq=99999`);
  const [at, of] = ((await position(page)) ?? "").split(" / ");
  expect(at).toBe(of);
  await page.waitForURL(`**/runs/${run}?seq=${of}`);
});

test("a moment is called a replay, and the whole run has one duration", async () => {
  const page = await replay(`/showcase?run=${run}&seq=5`);
  const note = page.getByTestId("replay");
  expect(await note.textContent()).toMatch(
    /^Replay: frame 5 of \d+, .+ after its start; it stands at “Succeeded” now$/,
  );
  await page.getByRole("button", { name: "To the end" }).click();
  await note.waitFor({ state: "detached" });
  const said = await page.getByRole("main").innerText();
  expect(new Set([...said.matchAll(/took\s+([\d.]+ \w+)/gi)].map(([, time]) => time)).size).toBe(1);
});

test("the header says how the run stood at the shown moment", async () => {
  const page = await replay(`/runs/${run}?seq=1`);
  expect(await page.getByTestId("standing").textContent()).toBe("Running");
  await page.getByRole("button", { name: "To the end" }).click();
  await expect.poll(() => page.getByTestId("standing").textContent()).toBe("Succeeded");
});

test("the keyboard comes to the scrubber before what it moves", async () => {
  const page = await replay(`/runs/${run}`);
  const slider = page.getByRole("slider", { name: "Position in the run" });
  await page.locator("body").press("Tab");
  let tabs = 1;
  while (!(await slider.evaluate((element) => element === document.activeElement))) {
    await page.keyboard.press("Tab");
    tabs += 1;
    expect(tabs).toBeLessThan(20);
  }
});
