/** Live and replay are one: what a page showed when a frame came is what it shows of that moment ever after. */
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { open, startShowcase, withBrowser } from "./browser.ts";

withBrowser();

const STREAM = /\/api\/runs\/[^/]+\/stream/;
const EXAMPLE = "../examples/data/monthly.csv";

/** Holds the frames of the page's runs, so that the page is live at any frame for as long as a test looks at it. */
async function held(page: Page): Promise<(upTo: number) => Promise<void>> {
  const texts: string[] = [];
  let passed = 0;
  let allowed = 0;
  let pass: () => void = () => undefined;
  await page.routeWebSocket(STREAM, (viewer) => {
    pass = () => {
      for (; passed < Math.min(allowed, texts.length); passed += 1) viewer.send(texts[passed] ?? "");
    };
    const server = viewer.connectToServer();
    server.onMessage((text) => {
      texts.push(String(text));
      pass();
    });
    server.onClose(() => undefined);
  });
  return async (upTo) => {
    allowed = upTo;
    pass();
    await expect.poll(() => page.getByTestId("position").textContent()).toBe(`${upTo} / ${upTo}`);
  };
}

async function shown(page: Page): Promise<string> {
  const [standing, moment] = await Promise.all(
    ["standing", "moment"].map((part) => page.getByTestId(part).innerText()),
  );
  return `${standing}\n${moment}`;
}

/** What the page shows once nothing is being loaded for it; at the end of a run, that is the result. */
async function settled(page: Page, result: string | null): Promise<string> {
  if (result) await page.getByTestId(result).waitFor();
  await expect.poll(() => page.getByRole("status").filter({ hasText: "Loading" }).count()).toBe(0);
  return shown(page);
}

async function framesOf(page: Page, run: string): Promise<number> {
  const ledger = async () => {
    const answer = await page.evaluate(async (id) => (await fetch(`/api/runs/${id}`)).json(), run);
    return answer.ledger as { seq: number; is_closed: boolean };
  };
  await expect.poll(async () => (await ledger()).is_closed, { timeout: 60_000 }).toBe(true);
  return (await ledger()).seq;
}

async function startComparison(page: Page): Promise<string> {
  await page.getByLabel("File of series", { exact: true }).setInputFiles(EXAMPLE);
  await page.getByRole("button", { name: "Start comparison" }).click();
  await page.waitForURL(/\/compare\/.+/);
  return new URL(page.url()).pathname.split("/").at(-1) ?? "";
}

test.each([
  {
    name: "showcase",
    form: "/showcase",
    result: "summary",
    start: startShowcase,
    replay: (run: string, seq: number) => `/showcase?run=${run}&seq=${seq}`,
  },
  {
    name: "comparison",
    form: "/compare",
    result: "verdict",
    start: startComparison,
    replay: (run: string, seq: number) => `/compare/${run}?seq=${seq}`,
  },
])("a $name is replayed as it was seen live, at every tenth frame and at the end", async (how) => {
  const live = await open(how.form);
  const letPass = await held(live);
  // What is routed is what a page opens after that.
  await live.reload();
  const run = await how.start(live);
  const last = await framesOf(live, run);
  expect(last).toBeGreaterThan(20);
  const replay = await open(how.form);
  const moments = new Set<string>();
  const seqs = [...Array.from({ length: Math.floor(last / 10) }, (_, at) => 10 * (at + 1)), last];
  for (const seq of new Set(seqs)) {
    await letPass(seq);
    const result = seq === last ? how.result : null;
    const seen = await settled(live, result);
    await replay.goto(how.replay(run, seq));
    await expect.poll(() => replay.getByTestId("position").textContent()).toBe(`${seq} / ${last}`);
    await replay.locator('[data-testid="proof"][data-state="verified"]').waitFor();
    expect(await settled(replay, result), `frame ${seq}`).toBe(seen);
    moments.add(seen);
  }
  // Otherwise they would be equal because nothing moves.
  expect(moments.size).toBeGreaterThan(2);
  expect([...moments].at(-1)).toMatch(/^Succeeded/);
  expect([...moments].at(0)).toMatch(/^Running/);
});
