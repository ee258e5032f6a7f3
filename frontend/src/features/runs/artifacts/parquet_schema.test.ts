import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parquetSchema } from "./parquet_schema.ts";

const FILE = new Uint8Array(readFileSync("e2e/lists.parquet"));

test("the footer of a Parquet file names its columns and counts its rows", () => {
  expect(parquetSchema(FILE)).toEqual({
    columns: [
      { name: "unique_id", type: "text or bytes, may be missing" },
      { name: "element", type: "int32, may be missing" },
    ],
    rows: 2,
  });
});

test("bytes that are no whole Parquet file have no schema", () => {
  expect(parquetSchema(FILE.subarray(0, FILE.length - 1))).toBeNull();
  expect(parquetSchema(new Uint8Array(20))).toBeNull();
});
