import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useReducer, useSyncExternalStore } from "react";
import { type LogState, RunLog } from "./log.ts";
import { streamOf } from "./queries.ts";
import { type Action, move, start, type Transport } from "./transport.ts";

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

/** The run itself is asked for again when its last frame has come. */
export function useRefetchAtEnd(runId: string, state: LogState): void {
  const queries = useQueryClient();
  const hasEnded = state.stream.phase === "ended";
  useEffect(() => {
    if (!hasEnded) return;
    void queries.invalidateQueries({ queryKey: ["run", runId], exact: true });
  }, [queries, runId, hasEnded]);
}

/** Where the viewer stands in the log, moved by the transport bar, the keyboard and time. */
export function useTransport(log: RunLog, state: LogState, seq: number | null) {
  const [transport, dispatch] = useReducer(
    (before: Transport, action: Action) => move(before, action, log.timeline),
    seq,
    start,
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: the length is what says that frames have arrived
  useEffect(() => dispatch({ type: "arrived" }), [state.length]);
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
