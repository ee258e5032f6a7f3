/** Numbers and times as people read them. Every figure carries its unit; a missing value is a dash, never zero. */

export const MISSING = "–";

const grouped = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 0 });

export function count(value: number | null | undefined): string {
  if (isMissing(value)) return MISSING;
  // A count is exact, so that it keeps its digits as long as a number has them.
  return Number.isSafeInteger(Math.round(value)) ? grouped.format(value) : decimal(value);
}

export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** From here on, digits in groups say less than a power of ten, and 300 of them make a page as wide as they are long. */
const LARGE = 1e9;

/** A value with a fixed number of decimals, grouped by thousands; a large one by its power of ten: `1.23e12`. */
export function decimal(value: number | null | undefined, digits = 2): string {
  if (isMissing(value)) return MISSING;
  if (Math.abs(value) >= LARGE) return value.toExponential(2).replace("e+", "e");
  return value.toLocaleString("en-GB", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** What is smaller says nothing in decimals. */
const SMALL = 1e-4;

/**
 * A measured number as every sentence of the server's writes it: two decimals, of a small one so many that three digits say
 * something, and a very small or large one by its power of ten.
 */
export function figure(value: number | null | undefined): string {
  if (isMissing(value)) return MISSING;
  const size = Math.abs(value);
  if (size === 0) return "0.00";
  if (size < SMALL) return value.toExponential(2);
  const small = [1, 0.1, 0.01, 0.001].filter((least) => size < least).length;
  return decimal(value, 2 + small);
}

/** `value` is in percent already, as WAPE and sMAPE are everywhere in Assay; as the server states it unless decimals are asked for. */
export function percent(value: number | null | undefined, digits?: number): string {
  if (isMissing(value)) return MISSING;
  return `${digits === undefined ? figure(value) : decimal(value, digits)} %`;
}

/** A quantity whose sign matters: bias, a difference. */
export function signed(value: number | null | undefined): string {
  if (isMissing(value)) return MISSING;
  const text = figure(Math.abs(value));
  if (value === 0) return text;
  return value > 0 ? `+${text}` : `−${text}`;
}

/** A measured quantity of unknown scale: four significant digits, grouped. */
export function quantity(value: number | null | undefined): string {
  if (isMissing(value)) return MISSING;
  const magnitude = Math.abs(value);
  if (magnitude >= LARGE) return decimal(value);
  if (magnitude > 0 && magnitude < 0.1) return figure(value);
  const digits = magnitude >= 1000 ? 0 : magnitude >= 100 ? 1 : magnitude >= 1 ? 2 : 3;
  return decimal(value, digits)
    .replace(/(\.\d*?)0+$/, "$1")
    .replace(/\.$/, "");
}

/** A figure by its metric's wire name: some are in percent, the others in the unit of the data, and of one the sign matters. */
export function measured(metric: string, value: number | null | undefined): string {
  if (metric === "wape" || metric === "smape") return percent(value);
  return metric === "bias" ? signed(value) : figure(value);
}

const METRICS: Record<string, string> = {
  rel_mae: "relative MAE",
  wape: "WAPE",
  smape: "sMAPE",
  mae: "MAE",
  rmse: "RMSE",
  bias: "bias",
  mase: "MASE",
  rmsse: "RMSSE",
  wrmsse: "WRMSSE",
  pinball: "pinball loss",
};

/** What a metric is called within a sentence, as in those of the server: of several series WAPE is another number than of one. */
export function metricName(metric: string, series = 1): string {
  if (metric === "wape" && series > 1) return "pooled WAPE";
  return METRICS[metric] ?? words(metric);
}

export function duration(ms: number | null | undefined): string {
  if (isMissing(ms)) return MISSING;
  if (ms < 1) return "< 1 ms";
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(ms < 9_950 ? 2 : 1)} s`;
  const seconds = Math.round(ms / 1000);
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

export function bytes(value: number | null | undefined): string {
  if (isMissing(value)) return MISSING;
  if (value < 1000) return `${value} B`;
  if (value < 1_000_000) return `${(value / 1000).toFixed(1)} kB`;
  return `${(value / 1_000_000).toFixed(1)} MB`;
}

/** The head of a digest; the whole one belongs into a title or a copy button. */
export function shortDigest(digest: string): string {
  return digest.replace(/^sha256:/, "").slice(0, 12);
}

export function shortId(id: string): string {
  return id.slice(-8);
}

export function relativeTime(at: string | null | undefined, now: number): string {
  if (!at) return MISSING;
  const seconds = Math.round((now - Date.parse(at)) / 1000);
  if (Number.isNaN(seconds)) return MISSING;
  // The clocks of the server and of the browser are a little apart.
  if (Math.abs(seconds) < 5) return "just now";
  return seconds < 0 ? `in ${wholeUnits(-seconds)}` : `${wholeUnits(seconds)} ago`;
}

function wholeUnits(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h`;
  return plural(Math.floor(seconds / 86_400), "day");
}

/** Local wall time to the second, with its zone. */
export function absoluteTime(at: string | null | undefined): string {
  if (!at) return MISSING;
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return MISSING;
  return date.toLocaleString("en-GB", {
    day: "2-digit",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    timeZoneName: "short",
  });
}

/** The time of day of a frame, to the millisecond and as it is recorded: in UTC. */
export function clockTime(at: string): string {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? MISSING : `${date.toISOString().slice(11, 23)} UTC`;
}

export function elapsedMs(from: string | null | undefined, to: string | null | undefined): number | null {
  if (!from || !to) return null;
  const ms = Date.parse(to) - Date.parse(from);
  return Number.isNaN(ms) ? null : ms;
}

/** A sentence with the numbers in it that are longer than a number is exact by their power of ten. */
export function shortNumbers(sentence: string): string {
  return sentence.replace(/-?\d{16,}(?:\.\d+)?/g, (digits) => decimal(Number(digits)));
}

/** `seasonal_naive` → `Seasonal naive`: wire words made readable without a table to maintain. */
export function words(wire: string): string {
  const text = wire.replace(/[_.-]+/g, " ").trim();
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function isMissing(value: number | null | undefined): value is null | undefined {
  return value === null || value === undefined || !Number.isFinite(value);
}
