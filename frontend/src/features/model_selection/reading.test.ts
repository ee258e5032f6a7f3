import { expect, test } from "vitest";
import { problemOf, unreachable } from "@/api/problem.ts";
import { problem, REPORT } from "@/testing/server.ts";
import { summaryOf } from "./file_report.tsx";
import { type Inspection, unreadOf } from "./inspection.ts";
import { AS_FOUND, columnOf, hasPart, isQuestion, readingOf, saidOf } from "./reading.ts";

function refusal(code: string, detail: string, errors: { field: string; message: string }[] = []) {
  return problemOf(422, problem(422, code, detail, errors));
}

test("only what is stated is sent", () => {
  expect(readingOf(AS_FOUND)).toEqual({});
  expect(
    readingOf({
      ...AS_FOUND,
      ids: ["shop", " item ", ""],
      date: " day ",
      separator: ";",
      start: "2020-01-31",
      wide: true,
    }),
  ).toEqual({ ids: "shop,item", date: "day", separator: ";", start: "2020-01-31", wide: true });
  expect(readingOf({ ...AS_FOUND, past: ["stock", "returns"] })).toEqual({ past: "stock,returns" });
  expect(readingOf({ ...AS_FOUND, known: ["price"], sum_duplicates: true, frequency: "each" })).toEqual({
    known: "price",
    sum_duplicates: true,
    frequency: "each",
  });
  // A field of dates takes years that the server does not.
  expect(readingOf({ ...AS_FOUND, start: "12020-01-31" })).toEqual({});
});

test("a separator is asked of texts alone, and a sheet of workbooks", () => {
  const parts = (kind: string) =>
    (["separator", "sheet"] as const).filter((part) => hasPart({ ...REPORT, kind }, part));
  expect(parts("CSV text (gzip)")).toEqual(["separator"]);
  expect(parts("an old Excel workbook (.xls)")).toEqual(["sheet"]);
  expect(parts("an OpenDocument spreadsheet")).toEqual(["sheet"]);
  expect(parts("Parquet")).toEqual([]);
  expect(hasPart(null, "sheet")).toBe(true);
});

test("a refusal is a question where something can be stated, and otherwise asks for another file", () => {
  const message = "the dates could have the day first";
  expect(isQuestion(refusal("TABLE_AMBIGUOUS", message, [{ field: "date_format", message }]))).toBe(true);
  expect(isQuestion(refusal("SERIES_UNUSABLE", "none", [{ field: "a", message: "twice" }]))).toBe(true);
  expect(isQuestion(refusal("TABLE_EMPTY", "the file is empty"))).toBe(false);
  expect(isQuestion(refusal("VALIDATION_ERROR", "name", [{ field: "name", message: "long" }]))).toBe(false);
});

test("a message at a field is a sentence of its own, or goes on from the field's name", () => {
  const whole = "the dates of `day` could be either";
  const own = refusal("TABLE_AMBIGUOUS", whole, [{ field: "date_format", message: whole }]);
  expect(saidOf(own, "date_format", "Date format")).toBe("The dates of `day` could be either");
  expect(saidOf(own, "decimal", "Decimal mark")).toBeNull();
  const message = "is for workbooks";
  const part = refusal("TABLE_NOT_STATABLE", `sheet ${message}`, [{ field: "sheet", message }]);
  expect(saidOf(part, "sheet", "Sheet")).toBe("Sheet is for workbooks");
});

test("a file is not taken while it is read, refused or out of reach", () => {
  const read: Inspection = { report: REPORT, error: null, isReading: false, columns: [], again: () => {} };
  expect(unreadOf(read)).toBeNull();
  expect(unreadOf({ ...read, isReading: true })).toContain("being read");
  const message = "which?";
  expect(
    unreadOf({ ...read, error: refusal("TABLE_AMBIGUOUS", message, [{ field: "value", message }]) }),
  ).toContain("Settle above");
  expect(unreadOf({ ...read, error: refusal("TABLE_EMPTY", "the file is empty") })).toContain("as it is");
  expect(unreadOf({ ...read, error: unreachable("down") })).toContain("not be read yet");
});

test("the summary says how much there is and over what time", () => {
  expect(summaryOf(REPORT).join(" · ")).toBe(
    "CSV text · 2 series · 70 values · monthly · 2022-01-01 to 2024-12-01 · 2 missing dates",
  );
  expect(summaryOf({ ...REPORT, frequency: null, missing_dates: 0 }).join(" ")).toMatch(
    /each series its own frequency .* no date missing$/,
  );
});

test("a column is said to be found only where it is the only one of its role", () => {
  expect(columnOf(REPORT, "date")).toBe("day");
  const dates = [...REPORT.columns, { name: "2024-01", role: "date" as const }];
  expect(columnOf({ ...REPORT, columns: dates }, "date")).toBeNull();
  expect(columnOf(null, "value")).toBeNull();
});
