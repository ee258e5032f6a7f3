import { useQueryClient } from "@tanstack/react-query";
import { type Dispatch, useEffect, useMemo, useReducer, useSyncExternalStore } from "react";
import { type LogState, RunLog } from "./log.ts";
import { useAskedTime } from "./moment.ts";
import { streamOf } from "./queries.ts";
import { type Action, move, start, type Transport } from "./transport.ts";
import type { TranscriptView } from "./view.ts";

/** A run as a page shows it, live or long over: the frames that have come, and the moment at which the viewer stands. */
export interface Playback {
  log: RunLog;
  state: LogState;
  transport: Transport;
  dispatch: Dispatch<Action>;
  /** The frame after which the run is shown. */
  seq: number;
  /** What the frames up to that one say: all that a page shows of the run's course. */
  view: TranscriptView;
  /** Nothing has come after this moment. */
  isAtEnd: boolean;
}

/** Follows a run. While the viewer stands still, `onSeq` is told where, so that the address names the moment. */
export function usePlayback(
  runId: string,
  asked: number | null,
  onSeq: (seq: number | undefined) => void,
): Playback {
  const { log, state } = useRunLog(runId);
  const { transport, dispatch } = useTransport(log, state, asked);
  useAskedTime(log, state, dispatch);
  useRefetchAtEnd(runId, state);
  useAddress(transport, asked, onSeq);
  const seq = Math.min(transport.seq, state.length);
  return { log, state, transport, dispatch, seq, view: log.viewAt(seq), isAtEnd: seq === state.length };
}

/** The log of a run, followed for as long as a component shows it. */
export function useRunLog(runId: string): { log: RunLog; state: LogState } {
  const log = useMemo(() => new RunLog(runId), [runId]);
  useEffect(() => {
    const stop = new AbortController();
    log.start(streamOf(runId), stop.signal);
    return () => stop.abort();
  }, [log, runId]);
  const state = useSyncExternalStore(log.subscribe, log.state);
  return { log, state };
}

/** What the server knows of the run beside its frames is asked for again when the last frame has come. */
function useRefetchAtEnd(runId: string, state: LogState): void {
  const queries = useQueryClient();
  const hasEnded = state.stream.phase === "ended";
  useEffect(() => {
    if (!hasEnded) return;
    void queries.invalidateQueries({ queryKey: ["run", runId], exact: true });
  }, [queries, runId, hasEnded]);
}

/** Where the viewer stands in the log, moved by the transport bar, the keyboard and time. */
function useTransport(log: RunLog, state: LogState, asked: number | null) {
  const [transport, dispatch] = useReducer(
    (before: Transport, action: Action) => move(before, action, log.timeline),
    asked,
    start,
  );
  const hasEnded = state.stream.phase === "ended";
  // biome-ignore lint/correctness/useExhaustiveDependencies: the length is what says that frames have arrived
  useEffect(() => dispatch({ type: hasEnded ? "ended" : "arrived" }), [state.length, hasEnded]);
  const isPlaying = transport.mode === "playing";
  useEffect(() => {
    if (!isPlaying) return;
    let before = performance.now();
    let request = requestAnimationFrame(function paint(now) {
      dispatch({ type: "tick", elapsedMs: now - before });
      before = now;
      request = requestAnimationFrame(paint);
    });
    return () => cancelAnimationFrame(request);
  }, [isPlaying]);
  return { transport, dispatch };
}

/** While the viewer moves, the address stays as it is. */
function useAddress(
  transport: Transport,
  asked: number | null,
  onSeq: (seq: number | undefined) => void,
): void {
  const wanted = transport.mode === "paused" ? transport.seq : transport.mode === "following" ? null : asked;
  useEffect(() => {
    if (wanted === asked || wanted === 0) return;
    const timer = setTimeout(() => onSeq(wanted ?? undefined), 150);
    return () => clearTimeout(timer);
  }, [wanted, asked, onSeq]);
}
