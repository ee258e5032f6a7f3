/** One series as a figure shows it: its last values, what comes after them, and how sure that is. */
import type { SeriesForecast } from "@/api/types.ts";
import type { Cell } from "@/lib/csv.ts";

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

export function outlookOf(series: SeriesForecast): Outlook {
  const before = series.history_dates ?? [];
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
