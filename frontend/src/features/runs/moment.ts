/** A moment named by its time: `#t=12.5` is what stood 12.5 seconds after the first frame. */
import { type Dispatch, useEffect, useState } from "react";
import type { LogState, RunLog } from "./log.ts";
import type { Action } from "./transport.ts";

/** The milliseconds that the fragment of an address names; `null` where it names no time. */
export function timeOf(hash: string): number | null {
  const text = new URLSearchParams(hash.replace(/^#/, "")).get("t");
  const seconds = text === null || text.trim() === "" ? Number.NaN : Number(text);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : null;
}

/** The last frame sent by then; the first where the time is before it. */
export function seqAt(sentMs: readonly number[], timeMs: number): number {
  let low = 0;
  let high = sentMs.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sentMs[middle] ?? 0) <= timeMs) low = middle + 1;
    else high = middle;
  }
  return Math.max(1, low);
}

/** Goes to the time that the address names, once the frames around it are here. A time after the end is the end. */
export function useAskedTime(log: RunLog, state: LogState, dispatch: Dispatch<Action>): void {
  const [askedMs, ask] = useState(() => timeOf(location.hash));
  useEffect(() => {
    const onHash = () => ask(timeOf(location.hash));
    window.addEventListener("hashchange", onHash);
    return () => window.removeEventListener("hashchange", onHash);
  }, []);
  const { sentMs } = log.timeline;
  const hasEnded = state.stream.phase === "ended";
  const isHere = state.length > 0 && (hasEnded || (sentMs.at(-1) ?? 0) > (askedMs ?? 0));
  useEffect(() => {
    if (askedMs === null || !isHere) return;
    dispatch({ type: "seek", seq: seqAt(log.timeline.sentMs, askedMs) });
    ask(null);
  }, [askedMs, isHere, log, dispatch]);
}
