/** A series as a small line with its folds behind it, in the places of a picture. */
import type { PreviewFold, Sketch } from "@/api/types.ts";

interface Box {
  width: number;
  height: number;
}

/** The line, broken where values are missing; empty where there is none. */
export function lineOf(values: readonly (number | null)[], { width, height }: Box): string {
  const known = values.filter((value) => value !== null);
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const span = high - low;
  const x = (at: number) => (values.length > 1 ? (at / (values.length - 1)) * width : width / 2);
  // A series that never changes is a line in the middle.
  const y = (value: number) => (span > 0 ? height - ((value - low) / span) * height : height / 2);
  let path = "";
  values.forEach((value, at) => {
    if (value === null) return;
    const isGoingOn = at > 0 && values[at - 1] !== null;
    path += `${isGoingOn ? "L" : "M"}${x(at).toFixed(1)} ${y(value).toFixed(1)}`;
  });
  return path;
}

/** The part of a series that is drawn: so much before its folds that these are a quarter of it, or all that there is. */
export function drawnOf(sketch: Sketch, folds: readonly PreviewFold[]): Sketch {
  const first = folds[0] ? sketch.dates.indexOf(folds[0].first_date) : -1;
  if (first < 0) return sketch;
  const from = Math.max(0, first - 3 * (sketch.dates.length - first));
  return { ...sketch, dates: sketch.dates.slice(from), values: sketch.values.slice(from) };
}

/** Where the test of each fold lies, from the left. */
export function testsOf({ dates }: Sketch, folds: readonly PreviewFold[], width: number) {
  const last = Math.max(dates.length - 1, 1);
  return folds.flatMap(({ first_date, last_date }) => {
    const [from, to] = [dates.indexOf(first_date), dates.indexOf(last_date)];
    return from < 0 || to < 0 ? [] : [{ x: (from / last) * width, width: ((to - from) / last) * width }];
  });
}
