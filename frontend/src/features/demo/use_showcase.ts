import { useCallback, useEffect, useReducer, useRef, useState } from "react";
import { webSocketUrl } from "@/api/client.ts";
import { announce } from "@/lib/announce.ts";
import { gather, IDLE, type Pipeline, type StepEvent } from "./pipeline.ts";

export interface StartFrame {
  scenario: string;
  seed: number;
  reset: boolean;
  skip_seed: boolean;
}

type Change = { type: "start" } | { type: "event"; event: StepEvent } | { type: "lost"; detail: string };

function reduce(pipeline: Pipeline, change: Change): Pipeline {
  switch (change.type) {
    case "start":
      return IDLE;
    case "event":
      return gather(pipeline, change.event);
    case "lost":
      return pipeline.outcome || pipeline.refusal ? pipeline : { ...pipeline, refusal: change.detail };
  }
}

/** Starts a showcase and shows its events as they come. Stopping closes the socket, which is how the wire says stop. */
export function useShowcase() {
  const [pipeline, dispatch] = useReducer(reduce, IDLE);
  const [isRunning, setRunning] = useState(false);
  const socket = useRef<WebSocket | null>(null);
  const isStopped = useRef(false);

  const start = useCallback((frame: StartFrame) => {
    isStopped.current = false;
    dispatch({ type: "start" });
    setRunning(true);
    announce("Showcase started");
    const wire = new WebSocket(webSocketUrl("/api/demo/stream"));
    socket.current = wire;
    wire.onopen = () => wire.send(JSON.stringify(frame));
    wire.onmessage = (message) => {
      const event = parse(String(message.data));
      if (!event) return;
      dispatch({ type: "event", event });
      if (event.event_type === "step_complete" && event.status === "fail")
        announce(`Step ${event.step_name} failed`);
      if (event.event_type === "pipeline_complete") announce(`Showcase ended: ${event.status ?? "unknown"}`);
    };
    wire.onclose = () => {
      setRunning(false);
      const detail = isStopped.current
        ? "You stopped the showcase. The steps that had finished keep their effect."
        : "The connection ended before the showcase did. Look under Runs for how it went on.";
      dispatch({ type: "lost", detail });
    };
  }, []);

  const stop = useCallback(() => {
    isStopped.current = true;
    announce("Showcase stopped");
    socket.current?.close(1000);
  }, []);

  useEffect(() => () => socket.current?.close(1000), []);
  return { pipeline, isRunning, start, stop };
}

function parse(text: string): StepEvent | null {
  try {
    const value = JSON.parse(text) as StepEvent;
    return typeof value.event_type === "string" ? value : null;
  } catch {
    return null;
  }
}
