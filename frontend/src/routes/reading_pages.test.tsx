import { screen, waitFor, within } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { expect, test } from "vitest";
import { open, servePages } from "@/testing/pages.tsx";
import { answer, problem, REPORT, RUN, server, take, takeFile } from "@/testing/server.ts";

servePages();

const MESSAGE = "the dates of `day` could have the day or the month first; state DD/MM/YYYY or MM/DD/YYYY";
const AMBIGUOUS = problem(422, "TABLE_AMBIGUOUS", MESSAGE, [{ field: "date_format", message: MESSAGE }]);

/** A server that reads a file once its date format is stated: how it was asked to read, and what was started. */
function asks() {
  const [inspected, imported, started]: [Record<string, string>[], Record<string, string>[], unknown[]] = [
    [],
    [],
    [],
  ];
  server.use(
    answer("/model-selection/runs", { items: [], next_cursor: null }),
    takeFile("/datasets/inspect", ({ query }) => {
      inspected.push(query);
      return query.date_format ? REPORT : AMBIGUOUS;
    }),
    takeFile("/datasets", ({ query }) => {
      imported.push(query);
      return { dataset_id: RUN.run_id };
    }),
    take("/model-selection/runs", (body) => {
      started.push(body);
      return problem(409, "BUSY", "later");
    }),
    take("/forecasts", (body) => {
      started.push(body);
      return problem(409, "BUSY", "later");
    }),
  );
  return { inspected, imported, started };
}

async function choose(name = "a.csv") {
  await userEvent.upload(await screen.findByLabelText("File of series"), new File(["day;units"], name));
}

function panel(): HTMLDetailsElement {
  const details = screen.getByText("How the file is read:").closest("details");
  if (!details) throw new Error("the fields are not folded");
  return details;
}

test.each(["/compare", "/forecast"])("a file is read as soon as it is chosen on %s", async (path) => {
  server.use(
    answer("/model-selection/runs", { items: [], next_cursor: null }),
    takeFile("/datasets/inspect", () => ({
      ...REPORT,
      columns_total: 40,
      notes: ["The column `Total` is the sum of the others and was left out."],
      left_out: ["a", "b", "c", "d"].map((name) => ({ name, reason: "2 values are too few" })),
      left_out_total: 60,
    })),
  );
  open(path);
  await choose();
  const report = within(await screen.findByRole("region", { name: "What was read" }));
  expect(report.getByRole("status").textContent).toContain(
    "2 series · 70 values · monthly · 2022-01-01 to 2024-12-01",
  );
  const columns = within(report.getByRole("list", { name: "Columns" })).getAllByRole("listitem");
  expect(columns.map((each) => each.textContent)).toEqual([
    "shopnames the series",
    "daydate",
    "unitsvalue",
    "remarknot read",
  ]);
  expect(report.getByText("and 36 more columns")).toBeTruthy();
  expect(report.getByRole("list", { name: "Notes" }).textContent).toContain("Total is the sum");
  expect(report.getByText("60 series left out")).toBeTruthy();
  expect(report.getByText("57 more")).toBeTruthy();
  expect(panel().open).toBe(false);
});

test("a question opens the fields, its answer is read with, and both go into the import", async () => {
  const { inspected, imported, started } = asks();
  open("/compare");
  await choose();
  const alert = await screen.findByRole("alert");
  expect(alert.textContent).toContain("could have the day or the month first");
  expect(panel().open).toBe(true);
  const format = screen.getByLabelText("Date format");
  expect(format.getAttribute("aria-invalid")).toBe("true");
  expect(document.getElementById(format.getAttribute("aria-describedby") ?? "")?.textContent).toMatch(
    /^The dates of day could/,
  );
  const button = screen.getByRole<HTMLButtonElement>("button", { name: "Start comparison" });
  expect([button.disabled, screen.queryByText("Settle above how the file is read.") !== null]).toEqual([
    true,
    true,
  ]);

  await userEvent.selectOptions(format, "DD/MM/YYYY");
  await screen.findByText(/^CSV text/);
  expect(screen.queryByRole("alert")).toBeNull();
  // Who answers is not thrown out of the fields.
  expect(panel().open).toBe(true);
  expect(inspected).toEqual([{}, { date_format: "DD/MM/YYYY" }]);

  await userEvent.click(screen.getByRole("checkbox", { name: "Add the values of one date up" }));
  await waitFor(() => expect(button.disabled).toBe(false));
  await userEvent.click(button);
  await waitFor(() => expect(started).toHaveLength(1));
  const both = { date_format: "DD/MM/YYYY", sum_duplicates: "true" };
  expect([inspected.at(-1), imported]).toEqual([both, [both]]);
});

test("what was stated of one file is not said of another, but of the same one saved anew", async () => {
  const { inspected } = asks();
  open("/forecast");
  await choose("a.csv");
  await userEvent.selectOptions(await screen.findByLabelText("Date format"), "MM/DD/YYYY");
  await screen.findByText(/^CSV text/);
  await choose("a.csv");
  await waitFor(() => expect(inspected).toHaveLength(3));
  await screen.findByText(/^CSV text/);
  await choose("b.csv");
  await screen.findByRole("alert");
  const stated = { date_format: "MM/DD/YYYY" };
  expect(inspected).toEqual([{}, stated, stated, {}]);
});

test("columns are chosen among those that were read, and written where none were", async () => {
  const { inspected } = asks();
  open("/compare");
  await choose();
  await screen.findByRole("alert");
  await userEvent.type(screen.getByLabelText("Columns that name a series"), "shop,item");
  await waitFor(() => expect(inspected.at(-1)).toEqual({ ids: "shop,item" }));
  // Asked once after the last letter.
  expect(inspected.length).toBeLessThan(5);
  await userEvent.selectOptions(screen.getByLabelText("Date format"), "DD/MM/YYYY");
  await screen.findByText(/^CSV text/);
  // Who wrote goes on writing.
  expect(screen.getByLabelText<HTMLInputElement>("Columns that name a series").value).toBe("shop,item");

  server.use(
    takeFile("/datasets/inspect", ({ query }) => {
      inspected.push(query);
      return REPORT;
    }),
  );
  await choose("b.csv");
  const known = within(await screen.findByRole("group", { name: /^Columns known beforehand/ }));
  await userEvent.click(known.getByRole("checkbox", { name: "remark" }));
  await userEvent.selectOptions(screen.getByLabelText("Column of values"), "units");
  await waitFor(() => expect(inspected.at(-1)).toEqual({ known: "remark", value: "units" }));
});

test("the latest reading wins, and nobody waits for the one before", async () => {
  const aborted: string[] = [];
  server.use(
    answer("/model-selection/runs", { items: [], next_cursor: null }),
    takeFile("/datasets/inspect", ({ query, signal }) => {
      const { frequency } = query;
      if (frequency !== "daily") return { ...REPORT, kind: `Read ${frequency ?? "as found"}` };
      return new Promise<typeof REPORT>((resolve) => {
        signal.addEventListener("abort", () => {
          aborted.push(frequency);
          resolve({ ...REPORT, kind: "Read too late" });
        });
      });
    }),
  );
  open("/compare");
  await choose();
  await screen.findByText(/^Read as found/);
  await userEvent.selectOptions(screen.getByLabelText("Frequency"), "daily");
  await screen.findByText("Reading the file…");
  await new Promise((resolve) => setTimeout(resolve, 500));
  await userEvent.selectOptions(screen.getByLabelText("Frequency"), "weekly");
  await screen.findByText(/^Read weekly/);
  await waitFor(() => expect(aborted).toEqual(["daily"]));
  expect(screen.queryByText(/too late/)).toBeNull();
});

test("a server that is away is asked again by hand", async () => {
  let isAway = true;
  server.use(
    answer("/model-selection/runs", { items: [], next_cursor: null }),
    takeFile("/datasets/inspect", () => (isAway ? problem(503, "SHUTTING_DOWN", "going down") : REPORT)),
  );
  open("/compare");
  await choose();
  await screen.findByText("The file could not be read yet.");
  expect(panel().open).toBe(false);
  isAway = false;
  await userEvent.click(screen.getByRole("button", { name: "Read it again" }));
  await screen.findByText(/^CSV text/);
});
