import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { accessibilityProblems, open, overflow, THEMES, withBrowser } from "./browser.ts";
import { workbook } from "./workbook.ts";

withBrowser();

function csv(name: string, text: string) {
  return { name, mimeType: "text/csv", buffer: Buffer.from(text) };
}

async function choose(page: Page, file: { name: string; mimeType: string; buffer: Buffer }) {
  await page.getByLabel("File of series", { exact: true }).setInputFiles(file);
}

/** As planners keep it: a title, a column per product, days first, decimal commas, and totals at both ends. */
function plannersSheet(): string[][] {
  const shown = (value: number) =>
    value.toLocaleString("de-DE", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  const months = Array.from({ length: 48 }, (_, month) => {
    const season = Math.sin((month * Math.PI) / 6);
    return [
      900 + 200 * season + (month % 5) + 0.5,
      2000 + 40 * season + ((month * 7) % 9),
      50 + 10 * season + (month % 4),
    ];
  });
  const row = (head: string, values: number[]) => [
    head,
    ...[...values, values.reduce((sum, value) => sum + value)].map(shown),
  ];
  const dated = months.map((values, month) => {
    const at = String((month % 12) + 1).padStart(2, "0");
    return row(`01.${at}.${2021 + Math.floor(month / 12)}`, values);
  });
  const totals = [0, 1, 2].map((nth) => months.reduce((sum, values) => sum + (values[nth] ?? 0), 0));
  const head = ["Month", "Bolts", "Nuts", "Washers", "Total"];
  return [["Sales 2021-2024", "", "", "", ""], head, ...dated, row("Total", totals)];
}

const TEXT = csv(
  "sheet.csv",
  plannersSheet()
    .map((cells) => cells.join(";"))
    .join("\r\n"),
);
const EXCEL = {
  name: "sheet.xlsx",
  mimeType: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  buffer: workbook(plannersSheet()),
};

test.each([TEXT, EXCEL])("a planner's sheet becomes a ranking without any setting: $name", async (file) => {
  const page = await open("/compare");
  await choose(page, file);
  const report = page.getByRole("region", { name: "What was read" });
  await report.getByText(/3 series · 144 values · monthly · 2021-01-01 to 2024-12-01/).waitFor();
  await report.getByText("The column Total is the sum of others and was left out.").waitFor();
  expect(await page.getByLabel("Date format").isVisible()).toBe(false);
  const [imported] = await Promise.all([
    page.waitForRequest((each) => each.method() === "POST" && /\/api\/datasets\?/.test(each.url())),
    page.getByRole("button", { name: "Start comparison" }).click(),
  ]);
  expect([...new URL(imported.url()).searchParams.keys()]).toEqual(["name"]);
  await page.getByTestId("verdict").waitFor();
  const series = page.getByRole("region", { name: "Series", exact: true }).getByRole("listitem");
  await expect
    .poll(() => series.allTextContents())
    .toEqual(["Bolts", "Nuts", "Washers"].map((name) => expect.stringContaining(name)));
});

/** Words of Windows-1251, which as those of the west of Europe are read as no word at all. */
const CITIES = Buffer.concat([
  Buffer.from("city;date;value\n"),
  ...Array.from({ length: 24 }, (_, month) =>
    Buffer.concat([
      Buffer.from([0xcc, 0xee, 0xf1, 0xea, 0xe2, 0xe0]),
      Buffer.from(
        `;${2022 + Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, "0")}-01;${month * 3}\n`,
      ),
    ]),
  ),
]);

test("a text of an encoding that nothing says is asked about, and read as it is stated", async () => {
  const page = await open("/forecast");
  await choose(page, { name: "cities.csv", mimeType: "text/csv", buffer: CITIES });
  await page
    .getByRole("alert")
    .getByText(/windows-1251 \(Москва\)/)
    .waitFor();
  await page.getByLabel("Encoding").selectOption("Cyrillic (Windows-1251)");
  await page.getByText(/1 series · 24 values · monthly · 2022-01-01 to 2023-12-01/).waitFor();
  await page.getByText("The text is read as windows-1251, which was stated.").waitFor();
  expect(await overflow(page)).toBe(0);
});

/** Months from January 2024, which could as well be days of it. */
const EITHER = [
  "date,value",
  ...Array.from({ length: 12 }, (_, at) => `01/${String(at + 1).padStart(2, "0")}/2024,${at * 3}`),
].join("\n");

test.each(THEMES)(
  "what a file leaves open is asked, and settled by keyboard, in the %s theme",
  async (theme) => {
    const page = await open("/forecast", { theme });
    await choose(page, csv("either.csv", EITHER));
    await page
      .getByRole("alert")
      .getByText(/could be DD\/MM\/YYYY or MM\/DD\/YYYY/)
      .waitFor();
    const format = page.getByLabel("Date format");
    await format.waitFor();
    const button = page.getByRole("button", { name: "Start forecast" });
    expect(await button.isDisabled()).toBe(true);
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await overflow(page)).toBe(0);

    await format.focus();
    await page.keyboard.press("ArrowDown");
    await page.getByText(/1 series · 12 values · monthly · 2024-01-01 to 2024-12-01/).waitFor();
    expect(await page.getByRole("alert").count()).toBe(0);
    expect(await button.isEnabled()).toBe(true);
    // The field is still where it was, with the focus in it.
    expect(await format.evaluate((field) => field === document.activeElement)).toBe(true);
    expect(await accessibilityProblems(page)).toEqual([]);
    expect(await overflow(page)).toBe(0);
    await page.keyboard.press("ArrowDown");
    await page.getByText(/1 series · 12 values · daily · 2024-01-01 to 2024-01-12/).waitFor();
  },
);

test.each([
  ["empty.csv", "", /^the file is empty/],
  ["picture.csv", "\x89PNG\r\n\x1a\n0000", /image/],
])("what the server says of %s is shown once", async (name, text, said) => {
  const page = await open("/compare");
  await choose(page, { ...csv(name, ""), buffer: Buffer.from(text, "latin1") });
  await page.getByRole("alert").getByText(said).waitFor();
  expect(await page.getByText(said).count()).toBe(1);
  await page.getByText("The file cannot be read as it is.").waitFor();
});
