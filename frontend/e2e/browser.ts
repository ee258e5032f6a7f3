/** One Chromium per spec file, pages in both themes, and the accessibility check that every page must pass. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, expect, inject } from "vitest";

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-dev-shm-usage",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
];

export const THEMES = ["light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

let browser: Browser;
const failures: string[] = [];

/** Call once at the top of a spec file. */
export function withBrowser(): void {
  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: FLAGS,
    });
  });
  afterAll(async () => {
    await browser.close();
    expect(failures, "scripts failed on a page").toEqual([]);
  });
}

/** A page of its own, at a path of the server. */
export async function open(
  path: string,
  how: { theme?: Theme; width?: number; server?: string } = {},
): Promise<Page> {
  const { theme = "light", width = 1440, server = inject("baseUrl") } = how;
  const context = await browser.newContext({
    baseURL: server,
    colorScheme: theme,
    reducedMotion: "reduce",
    acceptDownloads: true,
    viewport: { width, height: 900 },
  });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  page.on("pageerror", (error) => failures.push(`${path}: ${error.message}`));
  await page.goto(path);
  return page;
}

/** What axe finds against WCAG 2.2 A and AA, as lines to read. */
export async function accessibilityProblems(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const { axe } = window as unknown as { axe: typeof import("axe-core") };
    const { violations } = await axe.run(document, {
      runOnly: { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] },
    });
    return violations.flatMap((violation) =>
      violation.nodes.map(
        (node) => `${violation.id}: ${node.html.slice(0, 160)} — ${node.failureSummary ?? ""}`,
      ),
    );
  });
}

/** A page must never scroll sideways, on a phone least of all. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

/** Starts the showcase through the page and returns its run's id, which the address has. */
export async function startShowcase(page: Page): Promise<string> {
  await page.getByRole("button", { name: "Run showcase" }).click();
  await page.waitForURL(/[?&]run=/);
  const id = new URL(page.url()).searchParams.get("run");
  if (!id) throw new Error("the address has no run");
  return id;
}

/** Runs the showcase through the page to its end and returns its run's id. */
export async function runShowcase(page: Page): Promise<string> {
  const run = await startShowcase(page);
  await page.getByTestId("summary").waitFor();
  return run;
}
