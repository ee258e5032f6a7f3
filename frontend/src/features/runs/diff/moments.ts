/**
 * Where two runs stand at the same time. Numbers of frames say nothing of it: a run that stuttered is at another number
 * with the same thing. Rows that both have are where they meet; between two meetings they go on evenly.
 */
import type { DiffEntry } from "@/api/types.ts";

export type Side = "left" | "right";

/** The frames after which the two are shown. */
export type Moment = Record<Side, number>;

type Met = Pick<DiffEntry, "left_seq" | "right_seq">;

/** Where they meet, in order on both sides, from their first frames to their last. */
export function meetings(entries: readonly Met[], frames: Moment): Moment[] {
  const first = { left: Math.min(1, frames.left), right: Math.min(1, frames.right) };
  const between = entries
    .flatMap(({ left_seq: left, right_seq: right }) => (left && right ? [{ left, right }] : []))
    .filter(({ left, right }) => left > 1 && right > 1 && left < frames.left && right < frames.right)
    // Of several at one frame no two can follow each other this way.
    .toSorted((one, other) => one.left - other.left || other.right - one.right);
  return [first, ...longestRise(between), frames];
}

/** As many as can be kept so that those of the right run come in order as well: what has moved is no meeting. */
function longestRise(moments: readonly Moment[]): Moment[] {
  /** `ends[n]` is the end of the rise of n + 1 moments that ends lowest. */
  const ends: number[] = [];
  const before: number[] = [];
  moments.forEach(({ right }, at) => {
    const place = lowest(ends.length, (n) => (moments[ends[n] ?? 0]?.right ?? 0) >= right);
    before[at] = ends[place - 1] ?? -1;
    ends[place] = at;
  });
  const rise: Moment[] = [];
  for (let at = ends.at(-1) ?? -1; at >= 0; at = before[at] ?? -1) {
    const moment = moments[at];
    if (moment) rise.unshift(moment);
  }
  return rise;
}

/** The lowest number below `end` from which on it holds; `end` where it holds for none. */
function lowest(end: number, holds: (n: number) => boolean): number {
  let [low, high] = [0, end];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The frame of the other run that stands beside this one. */
export function beside(met: readonly Moment[], side: Side, seq: number): number {
  const other = side === "left" ? "right" : "left";
  const next = lowest(met.length, (n) => (met[n]?.[side] ?? 0) > seq);
  const [from, to] = [met[Math.max(0, next - 1)], met[Math.min(met.length - 1, next)]];
  if (!from || !to) return 0;
  const width = to[side] - from[side];
  const share = width > 0 ? Math.min(1, Math.max(0, (seq - from[side]) / width)) : 0;
  return Math.floor(from[other] + share * (to[other] - from[other]));
}

/** Both runs, with one of them moved to a frame. */
export function momentAt(met: readonly Moment[], side: Side, seq: number): Moment {
  const last = met.at(-1)?.[side] ?? 0;
  const own = Math.min(last, Math.max(Math.min(1, last), Math.round(seq)));
  const other = beside(met, side, own);
  return side === "left" ? { left: own, right: other } : { left: other, right: own };
}

/** Where a row stands in both: what only one run has stands beside what the other had come to. */
export function momentOf(met: readonly Moment[], { left_seq, right_seq }: Met): Moment | null {
  if (left_seq && right_seq) return { left: left_seq, right: right_seq };
  if (left_seq) return momentAt(met, "left", left_seq);
  return right_seq ? momentAt(met, "right", right_seq) : null;
}

/** The row at which a moment stands: the last of those that both runs have come to. */
export function rowAt<Row extends Met>(
  met: readonly Moment[],
  entries: readonly Row[],
  { left, right }: Moment,
): Row | null {
  let found: Row | null = null;
  let best = -1;
  for (const entry of entries) {
    const at = momentOf(met, entry);
    if (!at || at.left > left || at.right > right || at.left + at.right <= best) continue;
    found = entry;
    best = at.left + at.right;
  }
  return found;
}

/** The row that differs next to a moment, on one of its ends; `null` where there is none. */
export function changeBeside<Row extends Met & Pick<DiffEntry, "change">>(
  entries: readonly Row[],
  current: Row | null,
  by: 1 | -1,
): Row | null {
  const changes = entries.filter(({ change }) => change !== "same");
  if (!current) return (by > 0 ? changes[0] : changes.at(-1)) ?? null;
  const here = entries.indexOf(current);
  const rest = by > 0 ? entries.slice(here + 1) : entries.slice(0, Math.max(0, here)).reverse();
  return rest.find(({ change }) => change !== "same") ?? null;
}
