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
}

/**
 * Counts rows and names series so that the user sees what will be sent. It only looks: the bytes go to the server as they
 * are, and what it cannot make out has no preview, since the server alone knows what it reads and says what is wrong.
 */
export function previewCsv(bytes: ArrayBuffer): CsvPreview | null {
  const lines = decoded(bytes)
    .split(/\r?\n/)
    .filter((line) => line.trim() !== "");
  const header = (lines[0] ?? "").split(",").map((name) => name.trim().toLowerCase());
  if (!header.includes("date") || !header.includes("value") || lines.length < 2) return null;
  const at = header.indexOf("series");
  const names = new Set(
    lines.slice(1).map((line) => (at < 0 ? "series" : (line.split(",")[at] ?? "").trim())),
  );
  return { rows: lines.length - 1, series: [...names] };
}

/** Nothing of bytes that are no UTF-8: a guess at another encoding would show other names than those that are sent. */
function decoded(bytes: ArrayBuffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return "";
  }
}
