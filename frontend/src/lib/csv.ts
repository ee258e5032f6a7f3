/** CSV out (RFC 4180) and the first look at CSV in, before the server judges it. */

export type Cell = string | number | null | undefined;

export function toCsv(header: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return [header, ...rows]
    .map((row) => row.map(escapeCell).join(","))
    .join("\r\n")
    .concat("\r\n");
}

function escapeCell(cell: Cell): string {
  if (cell === null || cell === undefined) return "";
  const text = typeof cell === "number" ? (Number.isFinite(cell) ? String(cell) : "") : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export function download(name: string, text: string, mediaType = "text/csv;charset=utf-8"): void {
  const url = URL.createObjectURL(new Blob([text], { type: mediaType }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}

export interface CsvPreview {
  rows: number;
  series: string[];
  problem: string | null;
}

/** Counts rows and names series so that the user sees what will be sent. The server is the only judge of values. */
export function previewCsv(text: string): CsvPreview {
  const lines = text
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .filter((line) => line.trim() !== "");
  const header = (lines[0] ?? "").split(",").map((name) => name.trim().toLowerCase());
  const problem = headerProblem(header, lines.length);
  if (problem) return { rows: Math.max(0, lines.length - 1), series: [], problem };
  const at = header.indexOf("series");
  const names = new Set(
    lines.slice(1).map((line) => (at < 0 ? "series" : (line.split(",")[at] ?? "").trim())),
  );
  return { rows: lines.length - 1, series: [...names], problem: null };
}

function headerProblem(header: string[], lines: number): string | null {
  if (!header.includes("date") || !header.includes("value")) {
    return "The first line must name the columns series,date,value (or date,value).";
  }
  return lines < 2 ? "The file has a header but no rows." : null;
}
