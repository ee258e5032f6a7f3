/** Where a time lies on a picture that leaves out what nobody wants to watch: long stretches in which nothing is done. */
import type { Bar, BarSort } from "./bars.ts";

/** A stretch of time; of one that is cut only a part has room. */
interface Piece {
  fromMs: number;
  toMs: number;
  /** Where it begins in the picture, and how much room it has, in milliseconds of the picture. */
  at: number;
  room: number;
}

export interface Cut {
  /** Where it lies in the picture, from 0 to 1. */
  at: number;
  cutMs: number;
}

export interface Scale {
  /** Where a time lies, from 0 to 1. */
  place: (ms: number) => number;
  /** The time at a place. */
  time: (place: number) => number;
  cuts: Cut[];
}

/** Only these are work; an attempt, a phase with steps and the queue may be full of waiting. */
const WORK: ReadonlySet<BarSort> = new Set(["step", "call", "run"]);

/** Idle time is shown this long at most, as a part of all that is worked; a second is never idle. */
const KEPT_SHARE = 0.05;
const NEVER_IDLE_MS = 1_000;

export function scaleOf(bars: readonly Bar[], fromMs: number, toMs: number, isIdleCut: boolean): Scale {
  const busy = isIdleCut ? busyOf(bars) : [];
  const pieces = busy.length > 0 ? piecesOf(busy, fromMs, toMs) : [whole(fromMs, toMs)];
  const last = pieces.at(-1);
  const total = last ? Math.max(1, last.at + last.room) : 1;
  return {
    place: (ms) => placeIn(pieces, ms) / total,
    time: (place) => timeIn(pieces, place * total),
    cuts: pieces.flatMap(({ fromMs: from, toMs: to, at, room }) =>
      to - from > room + 1 ? [{ at: (at + room / 2) / total, cutMs: to - from - room }] : [],
    ),
  };
}

function whole(fromMs: number, toMs: number): Piece {
  return { fromMs, toMs, at: 0, room: Math.max(1, toMs - fromMs) };
}

/** The times in which something is done, in order and none within another. */
function busyOf(bars: readonly Bar[]): [number, number][] {
  const stepped = bars.some(({ sort }) => WORK.has(sort));
  const work = bars.filter(({ sort }) => WORK.has(sort) || (!stepped && sort === "phase"));
  const sorted = work.map(({ fromMs, toMs }): [number, number] => [fromMs, toMs]).sort((a, b) => a[0] - b[0]);
  const merged: [number, number][] = [];
  for (const [from, to] of sorted) {
    const last = merged.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else merged.push([from, to]);
  }
  return merged;
}

function piecesOf(busy: readonly [number, number][], fromMs: number, toMs: number): Piece[] {
  const worked = busy.reduce((sum, [from, to]) => sum + to - from, 0);
  const kept = Math.max(NEVER_IDLE_MS, worked * KEPT_SHARE);
  const pieces: Piece[] = [];
  const add = (from: number, to: number, most: number) => {
    if (to <= from) return;
    const last = pieces.at(-1);
    pieces.push({
      fromMs: from,
      toMs: to,
      at: last ? last.at + last.room : 0,
      room: Math.min(to - from, most),
    });
  };
  let end = fromMs;
  for (const [from, to] of busy) {
    add(end, from, kept);
    add(Math.max(end, from), to, Number.POSITIVE_INFINITY);
    end = Math.max(end, to);
  }
  add(end, toMs, kept);
  return pieces;
}

function placeIn(pieces: readonly Piece[], ms: number): number {
  const piece = pieces.findLast(({ fromMs }) => fromMs <= ms);
  if (!piece) return 0;
  const share = Math.min(1, (ms - piece.fromMs) / Math.max(1, piece.toMs - piece.fromMs));
  return piece.at + share * piece.room;
}

function timeIn(pieces: readonly Piece[], place: number): number {
  const piece = pieces.findLast(({ at }) => at <= place) ?? pieces[0];
  if (!piece) return 0;
  const share = Math.min(1, (place - piece.at) / Math.max(1, piece.room));
  return piece.fromMs + share * (piece.toMs - piece.fromMs);
}
