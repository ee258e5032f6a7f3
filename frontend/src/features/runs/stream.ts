/**
 * Follows one run, live or historic: reads its frames over SSE from any position and keeps their raw text.
 *
 * Guarantees: every frame is delivered once and in order; a dropped connection resumes after the last delivered frame;
 * a repeated frame is dropped; a missing one is asked for again, and if the server cannot give it the stream breaks
 * with a problem instead of showing a transcript with a hole.
 */
import { type ApiProblem, asProblem, problemOf, unreachable } from "@/api/problem.ts";
import { parseFrame } from "@/lib/frames/parse.ts";
import type { Frame } from "@/lib/frames/types.ts";
import { SseParser } from "@/lib/sse.ts";

export interface Line {
  seq: number;
  /** The frame exactly as it was sent: what the chain is computed over. */
  text: string;
  frame: Frame;
}

export type StreamState =
  | { phase: "connecting" }
  | { phase: "open" }
  | { phase: "waiting"; attempt: number; problem: ApiProblem }
  | { phase: "ended" }
  | { phase: "broken"; problem: ApiProblem };

export interface FollowOptions {
  /** Asks for the frames after `after`; the answer is an event stream, 204, or a problem. */
  open: (after: number, signal: AbortSignal) => Promise<Response>;
  onLines: (lines: Line[]) => void;
  onState: (state: StreamState) => void;
  signal: AbortSignal;
  after?: number;
  sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** The server is asked this often for a missing frame before the stream is called broken. */
const MAX_GAP_RETRIES = 3;
const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 8_000;

function isTerminal(frame: Frame): boolean {
  return frame.kind === "final" || frame.kind === "error";
}

type Ending = "ended" | "dropped";

export async function follow(options: FollowOptions): Promise<void> {
  const { onState, signal, sleep = wait } = options;
  const cursor = { last: options.after ?? 0, gaps: 0 };
  let attempt = 0;
  onState({ phase: "connecting" });
  while (!signal.aborted) {
    const before = cursor.last;
    try {
      if ((await readOnce(options, cursor)) === "ended") {
        onState({ phase: "ended" });
        return;
      }
      throw unreachable("the stream closed before the end of the run");
    } catch (error) {
      if (signal.aborted) return;
      const problem = asProblem(error);
      if (isFinal(problem)) {
        onState({ phase: "broken", problem });
        return;
      }
      attempt = cursor.last > before ? 1 : attempt + 1;
      onState({ phase: "waiting", attempt, problem });
    }
    await sleep(Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (attempt - 1)), signal);
  }
}

async function readOnce(options: FollowOptions, cursor: { last: number; gaps: number }): Promise<Ending> {
  const connection = new AbortController();
  const stop = () => connection.abort();
  options.signal.addEventListener("abort", stop, { once: true });
  try {
    const response = await options.open(cursor.last, connection.signal).catch((cause) => {
      throw unreachable(cause);
    });
    if (response.status === 204) return "ended";
    if (!response.ok || !response.body) {
      throw problemOf(response.status, await response.json().catch(() => null));
    }
    options.onState({ phase: "open" });
    return await readBody(response.body, options, cursor);
  } finally {
    options.signal.removeEventListener("abort", stop);
    connection.abort();
  }
}

async function readBody(
  body: ReadableStream<Uint8Array>,
  options: FollowOptions,
  cursor: { last: number; gaps: number },
): Promise<Ending> {
  const parser = new SseParser();
  const decoder = new TextDecoder();
  const reader = body.getReader();
  for (;;) {
    const { done, value } = await reader.read().catch((cause) => {
      throw unreachable(cause);
    });
    if (done || options.signal.aborted) return "dropped";
    const lines: Line[] = [];
    let hole: ApiProblem | null = null;
    for (const event of parser.push(decoder.decode(value, { stream: true }))) {
      const line = parse(event.id, event.data);
      if (line.seq <= cursor.last) continue;
      if (line.seq > cursor.last + 1) {
        hole = gap(cursor, line.seq);
        break;
      }
      cursor.last = line.seq;
      cursor.gaps = 0;
      lines.push(line);
    }
    if (lines.length > 0) options.onLines(lines);
    const latest = lines.at(-1);
    if (latest && isTerminal(latest.frame)) return "ended";
    if (hole) throw hole;
  }
}

function parse(id: string | null, text: string): Line {
  let frame: Frame;
  try {
    frame = parseFrame(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw broken("STREAM_MALFORMED", `Frame ${id ?? "without an id"} cannot be read: ${reason}.`);
  }
  if (id !== null && Number(id) !== frame.event_id) {
    throw broken("STREAM_MALFORMED", `The stream says frame ${id}, the frame itself says ${frame.event_id}.`);
  }
  return { seq: frame.event_id, text, frame };
}

function gap(cursor: { last: number; gaps: number }, seq: number): ApiProblem {
  cursor.gaps += 1;
  const detail = `After frame ${cursor.last} came frame ${seq}; the frames between are missing.`;
  if (cursor.gaps >= MAX_GAP_RETRIES) return broken("STREAM_GAP", detail);
  return problemOf(503, { code: "STREAM_GAP_RETRY", title: "Frames are missing", detail });
}

function broken(code: string, detail: string) {
  return problemOf(422, { code, title: "The stream of this run is broken", detail });
}

/** 4xx says that asking again gives the same answer; a busy or unreachable server may come back. */
function isFinal(problem: ApiProblem): boolean {
  return problem.status >= 400 && problem.status < 500 && problem.status !== 408 && problem.status !== 429;
}

function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener(
      "abort",
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}
