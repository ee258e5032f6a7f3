/** Dates and frequencies of series: `2024-03-25` and `2024-03-25T14:00:00`, `daily` and `every_15_minutes`. */
import { plural, words } from "./format.ts";

/** When a date is, in milliseconds: days and times are those of UTC, wherever the reader is. */
export function timeOf(date: string): number {
  return Date.parse(date.includes("T") ? `${date}Z` : date);
}

const UNITS: Readonly<Record<string, string>> = {
  every_second: "second",
  every_minute: "minute",
  hourly: "hour",
  daily: "day",
  business_daily: "working day",
  weekly: "week",
  monthly: "month",
  quarterly: "quarter",
  yearly: "year",
};

/** What so many dates of a frequency are called: `24 hours`, `96 steps of 15 minutes`, `6 periods of 4 or 5 weeks`. */
export function stepsOf(count: number, frequency: string): string {
  const unit = UNITS[frequency];
  if (unit) return plural(count, unit);
  if (/^(4-4-5|4-5-4|5-4-4)/.test(frequency)) return `${plural(count, "period")} of 4 or 5 weeks`;
  if (frequency.startsWith("13_periods")) return `${plural(count, "step")} of 4 weeks`;
  const every = /^every_(\d+)_(\w+)$/.exec(frequency);
  return every ? `${plural(count, "step")} of ${every[1]} ${every[2]}` : plural(count, "step");
}

/** A frequency in words; a calendar of weeks keeps its strokes. */
export function frequencyText(frequency: string): string {
  if (frequency === "business_daily") return "Working days";
  return /^\d/.test(frequency) ? frequency.replaceAll("_", " ") : words(frequency);
}
