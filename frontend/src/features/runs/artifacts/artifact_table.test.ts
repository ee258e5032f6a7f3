import { expect, test } from "vitest";
import { artifactTable, ROWS_SHOWN } from "./artifact_table.ts";

const read = (mediaType: string, text: string) => artifactTable(mediaType, new TextEncoder().encode(text));

test("the longest list of a document is its rows, and the rest are single values", () => {
  const table = read(
    "application/json",
    '{"n":2,"few":[{"x":1}],"of":{"teams":[{"id":"a","p":{"value":0.5}},{"id":"b","p":{"value":null},"list":[1,2]}]}}',
  );
  expect(table).toMatchObject({
    path: "of.teams",
    total: 2,
    columns: [
      { name: "id", type: "text" },
      { name: "p.value", type: "number, may be missing" },
      { name: "list", type: "list" },
    ],
    rows: [
      ["a", 0.5, null],
      ["b", null, "[1,2]"],
    ],
  });
  expect(table?.facts).toEqual([
    ["n", 2],
    ["few", '[{"x":1}]'],
  ]);
});

test("a document without rows is single values", () => {
  expect(read("application/json", '{"a":1,"b":{"c":"x"}}')).toEqual({
    path: "",
    columns: [],
    rows: [],
    total: 0,
    facts: [
      ["a", 1],
      ["b.c", "x"],
    ],
  });
});

test("of many lines the first are shown and all are counted", () => {
  const lines = Array.from({ length: 50 }, (_, n) => JSON.stringify({ n }));
  const table = read("application/x-ndjson", `${lines.join("\n")}\n`);
  expect([table?.total, table?.rows.length]).toEqual([50, ROWS_SHOWN]);
});

test("bytes of another kind are no table", () => {
  expect(read("application/octet-stream", "x")).toBeNull();
});

test("CSV is rows under the names of its first line; quotes may hold anything", () => {
  const table = read("text/csv; charset=utf-8", 'shop,"units, sold"\r\n"a ""b""",3\r\n"two\nlines",\r\n');
  expect(table).toMatchObject({
    total: 2,
    columns: [
      { name: "shop", type: "text" },
      { name: "units, sold", type: "whole number, may be missing" },
    ],
    rows: [
      ['a "b"', 3],
      ["two\nlines", null],
    ],
  });
});
