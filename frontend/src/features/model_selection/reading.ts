/** How a file is to be read where it does not say so itself: what is stated, and what the server asks for. */
import { ApiProblem, fieldMessage } from "@/api/problem.ts";
import type { FileReport, StatedReading } from "@/api/types.ts";

/** What is stated; empty is as found in the file. */
export interface ReadingDraft {
  /** The columns that name a series. */
  ids: readonly string[];
  date: string;
  value: string;
  /** Columns that are known beforehand. */
  known: readonly string[];
  /** Columns that are known only up to the last value. */
  past: readonly string[];
  date_format: string;
  decimal: string;
  separator: string;
  /** How the bytes of a text stand for characters, by its label: `windows-1251`. */
  encoding: string;
  sheet: string;
  frequency: string;
  /** Whose clock times show, such as `Europe/Berlin`. */
  time_zone: string;
  /** The country whose holidays are known beforehand, by its code: `DE`. */
  holidays: string;
  /** The date of the first values, `YYYY-MM-DD`. */
  start: string;
  /** Whether every column of numbers is a series. */
  wide: boolean;
  /** Whether the values of one date are added up. */
  sum_duplicates: boolean;
}

export const AS_FOUND: ReadingDraft = {
  ids: [],
  date: "",
  value: "",
  known: [],
  past: [],
  date_format: "",
  decimal: "",
  separator: "",
  encoding: "",
  sheet: "",
  frequency: "",
  time_zone: "",
  holidays: "",
  start: "",
  wide: false,
  sum_duplicates: false,
};

export const DATE_FORMATS = [
  ...["DD/MM/YYYY", "MM/DD/YYYY", "YYYY-MM-DD", "MM/YYYY", "WW/YYYY"].map((value) => ({
    value,
    label: value,
  })),
  { value: "serial", label: "Day numbers of Excel" },
];

export const DECIMALS = [
  { value: "point", label: "Point", found: "." },
  { value: "comma", label: "Comma", found: "," },
] as const;

export const SEPARATORS = [
  { value: ",", label: "Comma" },
  { value: ";", label: "Semicolon" },
  { value: "tab", label: "Tab" },
  { value: "|", label: "Vertical bar" },
  { value: ":", label: "Colon" },
] as const;

export const ENCODINGS = [
  { value: "utf-8", label: "UTF-8", found: "UTF-8" },
  { value: "windows-1252", label: "Western (Windows-1252)", found: "Windows-1252" },
  { value: "windows-1250", label: "Central European (Windows-1250)" },
  { value: "windows-1251", label: "Cyrillic (Windows-1251)" },
  { value: "koi8-r", label: "Cyrillic (KOI8-R)", found: "KOI8-R" },
  { value: "windows-1253", label: "Greek (Windows-1253)" },
  { value: "windows-1254", label: "Turkish (Windows-1254)" },
  { value: "shift_jis", label: "Japanese (Shift-JIS)", found: "Shift_JIS" },
  { value: "gbk", label: "Chinese (GBK)", found: "GBK" },
  { value: "big5", label: "Chinese (Big5)", found: "Big5" },
  { value: "euc-kr", label: "Korean (EUC-KR)", found: "EUC-KR" },
] as const;

export const FREQUENCIES = [
  { value: "every_15_minutes", label: "Every quarter of an hour" },
  { value: "every_30_minutes", label: "Every half hour" },
  { value: "hourly", label: "Hourly" },
  { value: "daily", label: "Daily" },
  { value: "business_daily", label: "Working days" },
  { value: "weekly", label: "Weekly" },
  { value: "every_2_weeks", label: "Every second week" },
  { value: "every_4_weeks", label: "Every fourth week" },
  { value: "4-4-5", label: "Periods of 4-4-5 weeks" },
  { value: "4-5-4", label: "Periods of 4-5-4 weeks" },
  { value: "5-4-4", label: "Periods of 5-4-4 weeks" },
  { value: "13_periods", label: "13 periods a year" },
  { value: "monthly", label: "Monthly" },
  { value: "every_2_months", label: "Every second month" },
  { value: "quarterly", label: "Quarterly" },
  { value: "every_6_months", label: "Half-yearly" },
  { value: "yearly", label: "Yearly" },
  { value: "each", label: "Each series its own" },
] as const;

/** What is stated, as it is sent; what is not is left out, so that the server finds it in the file. */
export function readingOf(draft: ReadingDraft): StatedReading {
  const { ids, known, past, start, wide, sum_duplicates, ...words } = draft;
  const stated: StatedReading = {};
  for (const [name, word] of Object.entries(words) as [keyof typeof words, string][]) {
    if (word.trim() !== "") stated[name] = word.trim();
  }
  const [names, beforehand, behind] = [listed(ids), listed(known), listed(past)];
  return {
    ...stated,
    ...(names ? { ids: names } : {}),
    ...(beforehand ? { known: beforehand } : {}),
    ...(behind ? { past: behind } : {}),
    ...(isDay(start) ? { start } : {}),
    ...(wide ? { wide } : {}),
    ...(sum_duplicates ? { sum_duplicates } : {}),
  };
}

function listed(names: readonly string[]): string {
  return names
    .map((name) => name.trim())
    .filter((name) => name !== "")
    .join(",");
}

/** Whether it is a day that the server can read: a field of dates takes years of six digits. */
export function isDay(text: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(text);
}

/** Whether a refusal asks for something that can be stated, rather than for another file. */
export function isQuestion(error: unknown): boolean {
  if (!(error instanceof ApiProblem)) return false;
  // Series that cannot be used are named by their own names; often another column or a sum makes them usable.
  return error.code === "SERIES_UNUSABLE" || error.fields.some(({ field }) => field in AS_FOUND);
}

/** What the server says of one field: a sentence of its own, or one that goes on from the field's name. */
export function saidOf(error: unknown, field: keyof ReadingDraft, label: string): string | null {
  const message = fieldMessage(error, field);
  if (!message || !(error instanceof ApiProblem)) return null;
  const isWhole = error.message === message;
  return isWhole ? `${message.charAt(0).toUpperCase()}${message.slice(1)}` : `${label} ${message}`;
}

/** Whether a file of this kind has a separator, or sheets; before a file is read it may have either. */
export function hasPart(report: FileReport | null, part: "separator" | "encoding" | "sheet"): boolean {
  if (!report) return true;
  const isText = report.kind.startsWith("CSV");
  const isWorkbook = /workbook|spreadsheet/.test(report.kind);
  if (part === "encoding") return isText || report.encoding != null;
  return part === "separator" ? isText : isWorkbook;
}

/** The one column that has this role; absent if several do, as the dates of a wide table. */
export function columnOf(
  report: FileReport | null,
  role: FileReport["columns"][number]["role"],
): string | null {
  const those = report?.columns.filter((column) => column.role === role) ?? [];
  return those.length === 1 ? (those[0]?.name ?? null) : null;
}
