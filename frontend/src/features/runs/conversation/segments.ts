/** A conversation as what its replay tells: run after run, each with its frames, and where it was cut. */
import type { ConversationReplay, Cut } from "@/api/types.ts";
import { parseFrame } from "@/lib/frames/parse.ts";
import type { Frame } from "@/lib/frames/types.ts";

type Item = ConversationReplay["items"][number];

/** What stands in a row of one run. */
export interface Segment {
  runId: string;
  frames: Frame[];
  /** The numbers of frames that were let go of, first and last. */
  gone: { from: number; to: number } | null;
  /** What stands behind it. */
  cut: Cut | null;
  /** How many frames of the conversation stand before it. */
  before: number;
}

export function segmentsOf(items: readonly Item[]): Segment[] {
  const segments: Segment[] = [];
  let told = 0;
  for (const item of items) {
    let segment = segments.at(-1);
    // What follows a cut is a new beginning, even of the same run.
    if (!segment || segment.runId !== item.run_id || segment.cut) {
      segment = { runId: item.run_id, frames: [], gone: null, cut: null, before: told };
      segments.push(segment);
    }
    if (item.cut) segment.cut = item.cut;
    if (item.gone_from_seq) segment.gone = { from: item.gone_from_seq, to: item.seq };
    if (!item.frame) continue;
    segment.frames.push(parseFrame(JSON.stringify(item.frame)));
    told += 1;
  }
  return segments;
}

export function framesIn(segments: readonly Segment[]): number {
  const last = segments.at(-1);
  return last ? last.before + last.frames.length : 0;
}

/** How many frames of a segment are shown at a moment of the conversation. */
export function shownOf({ before, frames }: Segment, at: number): number {
  return Math.min(frames.length, Math.max(0, at - before));
}

export interface Place {
  runId: string;
  /** 0 is before its first frame. */
  seq: number;
}

/** The run and the frame that a moment of the conversation is; `null` before its first frame. */
export function placeAt(segments: readonly Segment[], at: number): Place | null {
  const segment = segments.findLast(({ before, frames }) => before < at && frames.length > 0);
  const frame = segment?.frames[Math.min(segment.frames.length, at - segment.before) - 1];
  return segment && frame ? { runId: segment.runId, seq: frame.event_id } : null;
}

/** The moment at which the run before or after begins to be told. */
export function runBeside(segments: readonly Segment[], at: number, by: 1 | -1): number | null {
  const starts = segments.filter(({ frames }) => frames.length > 0).map(({ before }) => before + 1);
  return (by > 0 ? starts.find((start) => start > at) : starts.findLast((start) => start < at)) ?? null;
}
