import type { SeriesCharts } from "@/api/types.ts";
import { timeOf } from "@/lib/calendar.ts";

/** The folds one after another. Those that do not touch are kept apart by a date without values, so that no line joins them. */
export function joined(chart: Pick<SeriesCharts, "winner_actual_vs_predicted">) {
  const dates: string[] = [];
  const actuals: (number | null)[] = [];
  const predictions: (number | null)[] = [];
  const rows: (string | number | null)[][] = [];
  for (const fold of chart.winner_actual_vs_predicted) {
    const [first] = fold.dates;
    const last = dates.at(-1);
    if (first && last && !doTouch(last, first, fold.dates)) {
      dates.push(between(last, first));
      actuals.push(null);
      predictions.push(null);
    }
    fold.dates.forEach((date, at) => {
      const actual = fold.actuals[at] ?? null;
      const prediction = fold.predictions[at] ?? null;
      const error = actual === null || prediction === null ? null : actual - prediction;
      dates.push(date);
      actuals.push(actual);
      predictions.push(prediction);
      rows.push([date, fold.fold_index + 1, actual, prediction, error]);
    });
  }
  return { dates, actuals, predictions, rows };
}

/** Whether a fold goes on where the one before ended: at most half a step further than its own widest step. */
function doTouch(last: string, first: string, dates: readonly string[]): boolean {
  const times = dates.map(timeOf);
  // Of a single day it is a day; hours are told by their times.
  const least = first.includes("T") ? 0 : 86_400_000;
  const step = Math.max(...times.slice(1).map((time, at) => time - (times[at] ?? time)), least);
  return timeOf(first) - timeOf(last) <= step * 1.5;
}

function between(last: string, first: string): string {
  const middle = new Date((timeOf(last) + timeOf(first)) / 2).toISOString();
  return middle.slice(0, first.length);
}
