/** The transport bar's logic: where in a run the viewer stands and how that moves. Pure; a clock drives it from outside. */

export const SPEEDS = [0.5, 1, 2, 4, 8, 16] as const;

/** A pause longer than this is shown as this long: nobody wants to watch a queue. */
export const LONGEST_GAP_MS = 1_200;

/** When each frame happens on the playback clock, idle gaps compressed. */
export interface Timeline {
  /** `at[seq - 1]` in milliseconds from the first frame. */
  at: number[];
  /** The first frame's own time, from which moments are counted. */
  firstMs: number | null;
  /** When each frame was sent, in milliseconds after the first and with nothing cut: later ones are never earlier. */
  sentMs: number[];
  /** The last frame's own time, to continue from. */
  lastMs: number | null;
  /** Frames before which real time was cut, with how much of it there was. */
  cuts: { seq: number; gapMs: number }[];
}

export function emptyTimeline(): Timeline {
  return { at: [], firstMs: null, sentMs: [], lastMs: null, cuts: [] };
}

/** Adds a frame. Clocks may step back between attempts; such a gap counts as none. */
export function extend(timeline: Timeline, timestamp: string): void {
  const parsed = Date.parse(timestamp);
  const now = Number.isNaN(parsed) ? (timeline.lastMs ?? 0) : parsed;
  const gapMs = timeline.lastMs === null ? 0 : Math.max(0, now - timeline.lastMs);
  if (gapMs > LONGEST_GAP_MS) timeline.cuts.push({ seq: timeline.at.length + 1, gapMs });
  timeline.at.push((timeline.at.at(-1) ?? 0) + Math.min(gapMs, LONGEST_GAP_MS));
  timeline.firstMs ??= now;
  timeline.sentMs.push(Math.max(timeline.sentMs.at(-1) ?? 0, now - timeline.firstMs));
  timeline.lastMs = now;
}

export interface Transport {
  /** `following` shows every frame as it comes, `playing` moves with the clock; `paused` stands at `seq`. */
  mode: "following" | "paused" | "playing";
  seq: number;
  clockMs: number;
  speed: number;
}

export type Action =
  | { type: "play" }
  | { type: "pause" }
  | { type: "toggle" }
  | { type: "step"; by: number }
  | { type: "seek"; seq: number }
  | { type: "speed"; speed: number }
  | { type: "faster"; by: 1 | -1 }
  | { type: "follow" }
  | { type: "tick"; elapsedMs: number }
  | { type: "arrived" }
  | { type: "ended" };

export function start(seq: number | null): Transport {
  return seq === null
    ? { mode: "following", seq: 0, clockMs: 0, speed: 1 }
    : { mode: "paused", seq, clockMs: 0, speed: 1 };
}

export function move(transport: Transport, action: Action, timeline: Timeline): Transport {
  const last = timeline.at.length;
  switch (action.type) {
    case "arrived":
      return transport.mode === "following" ? standAt(transport, last, timeline) : transport;
    case "ended":
      // A deep link may have named a frame that has never come.
      return transport.mode === "following" || transport.seq > last
        ? standAt(transport, last, timeline)
        : transport;
    case "follow":
      return standAt({ ...transport, mode: "following" }, last, timeline);
    case "pause":
      return { ...transport, mode: "paused" };
    case "play":
      return play(transport, timeline);
    case "toggle":
      return transport.mode === "playing" ? { ...transport, mode: "paused" } : play(transport, timeline);
    case "step":
      return standAt({ ...transport, mode: "paused" }, transport.seq + action.by, timeline);
    case "seek":
      return standAt({ ...transport, mode: "paused" }, action.seq, timeline);
    case "speed":
      return { ...transport, speed: action.speed };
    case "faster":
      return { ...transport, speed: speedBeside(transport.speed, action.by) };
    case "tick":
      return transport.mode === "playing" ? tick(transport, action.elapsedMs, timeline) : transport;
  }
}

function speedBeside(speed: number, by: 1 | -1): number {
  const at = SPEEDS.findIndex((each) => each >= speed);
  return SPEEDS[Math.min(SPEEDS.length - 1, Math.max(0, at + by))] ?? speed;
}

/** Playing from the end starts over, as every player does. */
function play(transport: Transport, timeline: Timeline): Transport {
  const from = transport.seq >= timeline.at.length ? 1 : transport.seq;
  return { ...standAt(transport, from, timeline), mode: "playing" };
}

function tick(transport: Transport, elapsedMs: number, timeline: Timeline): Transport {
  const clockMs = transport.clockMs + elapsedMs * transport.speed;
  const last = timeline.at.length;
  let seq = transport.seq;
  while (seq < last && (timeline.at[seq] ?? Number.POSITIVE_INFINITY) <= clockMs) seq += 1;
  if (seq >= last) return { ...standAt(transport, last, timeline), mode: "paused" };
  return { ...transport, seq, clockMs };
}

function standAt(transport: Transport, seq: number, timeline: Timeline): Transport {
  const last = timeline.at.length;
  // A deep link may name a frame that has not arrived yet; it is kept until frames are there to judge it.
  const clamped = last === 0 ? Math.max(0, seq) : Math.min(Math.max(1, Math.round(seq)), last);
  return { ...transport, seq: clamped, clockMs: timeline.at[clamped - 1] ?? 0 };
}
