/** One series as a figure shows it: its last values, what comes after them, and how sure that is. */
import type { FleetResult, SeriesForecast } from "@/api/types.ts";
import type { Cell } from "@/lib/csv.ts";

type Frequency = FleetResult["frequency"];

const DAYS: Partial<Record<Frequency, number>> = { daily: 1, weekly: 7 };
const MONTHS: Partial<Record<Frequency, number>> = { monthly: 1, quarterly: 3, yearly: 12 };

/** The level whose band is drawn; the others are in the table. */
const DRAWN = 0.8;

export interface Outlook {
  dates: string[];
  actuals: (number | null)[];
  points: (number | null)[];
  /** Absent where the series never changes. */
  band: { lower: (number | null)[]; upper: (number | null)[] } | null;
  header: string[];
  rows: Cell[][];
}

export function outlookOf(series: SeriesForecast, frequency: Frequency): Outlook {
  const before = datesBefore(series.dates, series.history.length, frequency);
  const history = before.length > 0 ? series.history : [];
  const past = history.map(() => null);
  const future = series.points.map(() => null);
  const drawn = series.intervals.find(({ level }) => level === DRAWN);
  const bounds = series.intervals.flatMap(({ lower, upper }) => [lower, upper]);
  return {
    dates: [...before, ...series.dates],
    actuals: [...history, ...future],
    points: [...past, ...series.points],
    band: drawn ? { lower: [...past, ...drawn.lower], upper: [...past, ...drawn.upper] } : null,
    header: ["date", "actual", "forecast", ...series.intervals.flatMap(boundNames)],
    rows: [
      ...history.map((value, at) => [before[at], value, null, ...bounds.map(() => null)]),
      ...series.points.map((point, at) => [
        series.dates[at],
        null,
        point,
        ...bounds.map((bound) => bound[at] ?? null),
      ]),
    ],
  };
}

function boundNames({ level }: { level: number }): string[] {
  const percent = Math.round(level * 100);
  return [`lower ${percent} %`, `upper ${percent} %`];
}

/** The dates of the last values, which the answer leaves to its calendar: on the grid that the forecast's dates go on. */
export function datesBefore(dates: readonly string[], count: number, frequency: Frequency): string[] {
  const [first] = dates;
  const days = DAYS[frequency];
  const months = MONTHS[frequency];
  if (!first || (!days && !months)) return [];
  const steps = Array.from({ length: count }, (_, at) => count - at);
  if (days) return steps.map((step) => dayAt(Date.parse(first) - step * days * 86_400_000));
  const [year = 0, month = 0] = first.split("-").map(Number);
  const day = dayOfMonth(dates);
  return steps.map((step) => {
    const last = new Date(Date.UTC(year, month - step * (months ?? 0), 0)).getUTCDate();
    return dayAt(Date.UTC(year, month - 1 - step * (months ?? 0), Math.min(day, last)));
  });
}

/** The day that dates a month apart have; the last of every month where they all are that. */
function dayOfMonth(dates: readonly string[]): number {
  const isLast = dates.every((date) => dayAt(Date.parse(date) + 86_400_000).endsWith("-01"));
  return isLast ? 31 : Math.max(...dates.map((date) => Number(date.slice(8))));
}

function dayAt(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
