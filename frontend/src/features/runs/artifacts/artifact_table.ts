/** The rows and the schema of an artifact, as far as its bytes say them. */
import { type Cell, fromCsv } from "@/lib/csv.ts";

interface ArtifactColumn {
  name: string;
  /** What stands in it: `text`, `number`, …; several where rows differ. */
  type: string;
}

export interface ArtifactTable {
  /** Where in the file the rows stand; empty: they are the file. */
  path: string;
  columns: ArtifactColumn[];
  /** The first rows. */
  rows: Cell[][];
  /** How many there are in all. */
  total: number;
  /** Single values beside the rows. */
  facts: [string, Cell][];
}

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** So many rows are shown; the download has all. */
export const ROWS_SHOWN = 20;

/** Reads JSON, JSON lines or CSV; `null` where the bytes are of another kind. */
export function artifactTable(mediaType: string, bytes: Uint8Array): ArtifactTable | null {
  const text = () => new TextDecoder().decode(bytes);
  if (mediaType === "application/x-ndjson") {
    const lines = text().split("\n").filter(Boolean);
    return tableOf(
      "",
      lines.map((line) => JSON.parse(line) as Json),
      [],
    );
  }
  if (mediaType.split(";")[0]?.trim() === "text/csv") return tableOf("", csvRows(text()), []);
  return mediaType === "application/json" ? tableOfJson(JSON.parse(text()) as Json) : null;
}

/** The first line names the columns. A cell that reads as a number is one. */
function csvRows(text: string): Json[] {
  const [header = [], ...rows] = fromCsv(text);
  return rows.map((row) => Object.fromEntries(header.map((name, at) => [name, csvCell(row[at] ?? "")])));
}

function csvCell(text: string): Json {
  if (text === "") return null;
  return /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text) ? Number(text) : text;
}

/** The longest list in it is its rows; everything else is single values. */
function tableOfJson(json: Json): ArtifactTable {
  if (Array.isArray(json)) return tableOf("", json, []);
  const lists = listsOf(json, "").toSorted((a, b) => b.list.length - a.list.length);
  const rows = lists[0];
  const facts = [...flat(json)].filter(([name]) => name !== rows?.path);
  return tableOf(rows?.path ?? "", rows?.list ?? [], facts);
}

/** Lists of objects, in objects. */
function listsOf(json: Json, path: string): { path: string; list: Json[] }[] {
  if (Array.isArray(json)) return json.some(isObject) ? [{ path, list: json }] : [];
  if (!isObject(json)) return [];
  return Object.entries(json).flatMap(([key, value]) => listsOf(value, joined(path, key)));
}

function tableOf(path: string, list: readonly Json[], facts: [string, Cell][]): ArtifactTable {
  const types = new Map<string, Set<string>>();
  for (const row of list) {
    for (const [name, value] of leaves(row, "")) {
      const found = types.get(name) ?? new Set();
      types.set(name, found.add(typeOf(value)));
    }
  }
  const columns = [...types].map(([name, found]) => ({ name, type: typeName(found) }));
  const rows = list.slice(0, ROWS_SHOWN).map((row) => {
    const cells = flat(row);
    return columns.map(({ name }) => cells.get(name) ?? null);
  });
  return { path, columns, rows, total: list.length, facts };
}

/** What is always null has no other type; what is null here and there may be missing. */
function typeName(found: ReadonlySet<string>): string {
  const isMixed = found.has("number");
  const known = [...found].filter((type) => type !== "null" && !(isMixed && type === "whole number")).sort();
  if (known.length === 0) return "null";
  return `${known.join(" or ")}${found.has("null") ? ", may be missing" : ""}`;
}

function typeOf(value: Json): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "list";
  switch (typeof value) {
    case "number":
      return Number.isInteger(value) ? "whole number" : "number";
    case "boolean":
      return "yes or no";
    default:
      return typeof value === "string" ? "text" : "object";
  }
}

/** Single values with where they stand: `p_top1.value`. */
function leaves(json: Json, path: string): [string, Json][] {
  if (!isObject(json)) return [[path || "value", json]];
  return Object.entries(json).flatMap(([key, value]) => leaves(value, joined(path, key)));
}

function flat(json: Json): Map<string, Cell> {
  return new Map(leaves(json, "").map(([name, value]) => [name, cellOf(value)]));
}

function cellOf(value: Json): Cell {
  if (typeof value === "number" || typeof value === "string" || value === null) return value;
  return Array.isArray(value) && JSON.stringify(value).length > 60
    ? `${value.length} of them`
    : JSON.stringify(value);
}

function joined(path: string, key: string): string {
  return path === "" ? key : `${path}.${key}`;
}

function isObject(json: Json): json is { [key: string]: Json } {
  return typeof json === "object" && json !== null && !Array.isArray(json);
}
