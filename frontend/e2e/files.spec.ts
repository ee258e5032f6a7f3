/** Files that are sent in and given out again, of the real program. */
import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { accessibilityProblems, open, overflow, THEMES, withBrowser } from "./browser.ts";

withBrowser();

const CONTENT = "shop,units\nnorth,3\n";

async function send(page: Awaited<ReturnType<typeof open>>, name: string, text: string) {
  await page
    .getByLabel("Send a file")
    .setInputFiles({ name, mimeType: "text/csv", buffer: Buffer.from(text) });
  await page.getByText("Kept as").waitFor();
}

test("a file comes back as the bytes that were sent, and its link needs no session", async () => {
  const page = await open("/artifacts");
  await send(page, "shops.csv", CONTENT);
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Download shops.csv" }).click(),
  ]);
  expect(await readFile(await file.path(), "utf8")).toBe(CONTENT);
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.getByRole("button", { name: "Copy link" }).first().click();
  await page.getByText(/Whoever has the link has the file until/).waitFor();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(await (await fetch(link)).text()).toBe(CONTENT);
});

test("the same bytes are kept once, and their page says that no run made them", async () => {
  const page = await open("/artifacts");
  await send(page, "again.csv", `${CONTENT}south,4\n`);
  const rows = () => page.getByTestId("files").getByRole("listitem").count();
  const before = await rows();
  await page.reload();
  await send(page, "again.csv", `${CONTENT}south,4\n`);
  expect(await rows()).toBe(before);
  await page.getByRole("status").getByRole("link", { name: "again.csv" }).click();
  await page.getByText("A file that somebody sent in").waitFor();
  await page.locator('[data-testid="digest"][data-state="verified"]').waitFor();
});

test.each(THEMES)("the files are accessible and as wide as the screen in the %s theme", async (theme) => {
  const page = await open("/artifacts", { theme });
  await page.getByTestId("files").waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);
  for (const width of [1440, 1280, 390]) {
    await page.setViewportSize({ width, height: 900 });
    expect(await overflow(page)).toBe(0);
  }
});
