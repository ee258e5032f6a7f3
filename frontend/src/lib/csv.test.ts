import { expect, test } from "vitest";
import { previewCsv, toCsv } from "./csv.ts";

test("cells that would break a row are quoted", () => {
  expect(
    toCsv(
      ["a", "b"],
      [
        ['say "hi"', "x,y"],
        [1.5, null],
        [Number.NaN, "line\nbreak"],
      ],
    ),
  ).toBe('a,b\r\n"say ""hi""","x,y"\r\n1.5,\r\n,"line\nbreak"\r\n');
});

test("a preview counts rows and names series", () => {
  expect(previewCsv("\uFEFFseries,date,value\r\na,2026-01-01,1\r\nb,2026-01-01,2\r\n")).toEqual({
    rows: 2,
    series: ["a", "b"],
    problem: null,
  });
  expect(previewCsv("date,value\n2026-01-01,1\n").series).toEqual(["series"]);
});

test("a file without the columns or without rows says so", () => {
  expect(previewCsv("x,y\n1,2\n").problem).toContain("series,date,value");
  expect(previewCsv("date,value\n").problem).toContain("no rows");
});
