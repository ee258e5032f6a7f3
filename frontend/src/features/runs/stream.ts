/**
 * Follows one run, live or historic: reads its frames over a WebSocket from any position and keeps their raw text. A
 * browser allows a server six HTTP connections in all, which as many live tabs would use up; a WebSocket is none of them.
 * Where none can be opened though the server answers, a proxy on the way knows no WebSockets: then the same frames come
 * as an event stream.
 *
 * Guarantees: every frame is delivered once and in order; a dropped connection resumes after the last delivered frame;
 * a repeated frame is dropped; a missing one is asked for again, and if the server cannot give it the stream breaks
 * with a problem instead of showing a transcript with a hole. Frames are taken in slices, so that however many come at
 * once, the page stays free to answer its user.
 */
import { type ApiProblem, asProblem, problemOf, unreachable } from "@/api/problem.ts";
import { parseFrame } from "@/lib/frames/parse.ts";
import { type Frame, isTerminal } from "@/lib/frames/types.ts";
import { nextTask } from "@/lib/next_task.ts";
import { paced } from "@/lib/paced.ts";

export interface Line {
  seq: number;
  /** The frame exactly as it was sent: what the chain is computed over. */
  text: string;
  frame: Frame;
}

export type StreamState =
  | { phase: "connecting" }
  | { phase: "open"; way: Way }
  | { phase: "waiting"; attempt: number; problem: ApiProblem }
  | { phase: "ended" }
  | { phase: "broken"; problem: ApiProblem };

/** How the frames come: over a WebSocket, or as an event stream where a proxy lets none through. */
type Way = "socket" | "events";

export type Socket = Pick<WebSocket, "onopen" | "onmessage" | "onclose" | "close">;

export interface FollowOptions {
  /** Opens the frames after `after`: one text message each. */
  open: (after: number) => Socket;
  /** Opens the same as an event stream. */
  openEvents: (after: number) => Socket;
  /** Throws what keeps the frames after `after` from being opened: of a refused socket a browser tells nothing. */
  ask: (after: number) => Promise<void>;
  onLine: (line: Line) => void;
  /** Lines have come, and the page may be drawn. */
  onPause: () => void;
  onState: (state: StreamState) => void;
  signal: AbortSignal;
  after?: number;
  sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
  now?: () => number;
}

/** How long frames are taken before others have their turn: well under the 50 ms from which a page feels stuck. */
export const SLICE_MS = 12;
/** Drawing the page for every frame would take longer than reading them all. */
const DRAW_MS = 100;
/** The server is asked this often for a missing frame before the stream is called broken. */
const MAX_GAP_RETRIES = 3;
/** A server that is just starting may refuse a socket and answer a moment later: once says nothing of a proxy. */
const REFUSALS_OF_A_PROXY = 2;
/** A proxy that knows no WebSockets may as well leave one unanswered. */
export const OPEN_WITHIN_MS = 6_000;
/** In place of the code that a socket is closed with. */
const UNANSWERED = 0;
const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 8_000;

interface Cursor {
  last: number;
  gaps: number;
  hasEnded: boolean;
  /** Sockets in a row that were not opened by a server that answers. */
  refusals: number;
}

export async function follow(options: FollowOptions): Promise<void> {
  const { onState, signal, sleep = wait } = options;
  const cursor: Cursor = { last: options.after ?? 0, gaps: 0, hasEnded: false, refusals: 0 };
  let attempt = 0;
  onState({ phase: "connecting" });
  while (!signal.aborted) {
    const before = cursor.last;
    try {
      await readOnce(options, cursor);
      if (signal.aborted) return;
      onState({ phase: "ended" });
      return;
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

/** Reads one connection to the terminal frame; throws why it ended before. */
async function readOnce(options: FollowOptions, cursor: Cursor): Promise<void> {
  const way: Way = cursor.refusals >= REFUSALS_OF_A_PROXY ? "events" : "socket";
  const socket = way === "socket" ? options.open(cursor.last) : options.openEvents(cursor.last);
  const inbox = listen(socket, way, options);
  const stop = () => socket.close();
  options.signal.addEventListener("abort", stop, { once: true });
  try {
    await readAll(inbox, options, cursor);
    if (options.signal.aborted || cursor.hasEnded) return;
    if (!inbox.hasOpened) await options.ask(cursor.last);
    // The next time a socket is tried first: what kept it out may have been mended.
    cursor.refusals = refusalsAfter(way, inbox, cursor);
    throw inbox.hasOpened || way === "events" ? dropped(inbox.closed, cursor) : kept();
  } finally {
    inbox.stop();
    options.signal.removeEventListener("abort", stop);
    socket.close();
  }
}

function refusalsAfter(way: Way, { hasOpened, closed }: Inbox, { refusals }: Cursor): number {
  if (way === "events") return REFUSALS_OF_A_PROXY - 1;
  if (closed === UNANSWERED) return REFUSALS_OF_A_PROXY;
  return hasOpened ? 0 : refusals + 1;
}

/** What has arrived and is not yet read. */
interface Inbox {
  texts: string[];
  hasOpened: boolean;
  /** The code it was closed with. */
  closed: number | null;
  /** Resolves at the next message, or at the end. */
  arrival: () => Promise<void>;
  /** Nobody waits any longer for it to open. */
  stop: () => void;
}

function listen(socket: Socket, way: Way, { onState }: FollowOptions): Inbox {
  let wake = () => {};
  const arrival = () =>
    new Promise<void>((resolve) => {
      wake = resolve;
    });
  const close = (code: number) => {
    inbox.closed ??= code;
    wake();
  };
  const timer = setTimeout(() => close(UNANSWERED), OPEN_WITHIN_MS);
  const stop = () => clearTimeout(timer);
  const inbox: Inbox = { texts: [], hasOpened: false, closed: null, arrival, stop };
  socket.onopen = () => {
    stop();
    inbox.hasOpened = true;
    onState({ phase: "open", way });
  };
  socket.onmessage = ({ data }) => {
    inbox.texts.push(String(data));
    wake();
  };
  socket.onclose = ({ code }) => close(code);
  return inbox;
}

async function readAll(inbox: Inbox, options: FollowOptions, cursor: Cursor): Promise<void> {
  const { signal } = options;
  const draw = paced(() => signal.aborted || options.onPause(), DRAW_MS);
  try {
    while (!signal.aborted && !cursor.hasEnded) {
      // Whole batches are taken, so that nothing is moved within the list for every frame.
      const texts = inbox.texts;
      inbox.texts = [];
      for (let at = 0; at < texts.length && !signal.aborted && !cursor.hasEnded; ) {
        at = readSlice(texts, at, options, cursor);
        await nextTask();
        draw.soon();
      }
      if (inbox.texts.length > 0) continue;
      // After the last frame nothing is waited for, not even that the other side closes.
      if (cursor.hasEnded || inbox.closed !== null) return;
      await inbox.arrival();
    }
  } finally {
    // Also what came before a hole is shown.
    draw.now();
  }
}

/** Reads texts for the time of one slice, at least one; the place of the next. */
function readSlice(texts: readonly string[], from: number, options: FollowOptions, cursor: Cursor): number {
  const { now = () => performance.now() } = options;
  const until = now() + SLICE_MS;
  let at = from;
  do {
    const line = read(texts[at] ?? "", cursor);
    if (line) options.onLine(line);
    at += 1;
  } while (at < texts.length && !cursor.hasEnded && now() < until);
  return at;
}

/** The line, unless it was delivered before. */
function read(text: string, cursor: Cursor): Line | null {
  const frame = parse(text, cursor);
  const seq = frame.event_id;
  if (seq <= cursor.last) return null;
  if (seq > cursor.last + 1) {
    throw gap(cursor, `After frame ${cursor.last} came frame ${seq}; the frames between are missing.`);
  }
  cursor.last = seq;
  cursor.gaps = 0;
  cursor.hasEnded = isTerminal(frame);
  return { seq, text, frame };
}

function parse(text: string, cursor: Cursor): Frame {
  try {
    return parseFrame(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw broken("STREAM_MALFORMED", `What came after frame ${cursor.last} cannot be read: ${reason}.`);
  }
}

function gap(cursor: Cursor, detail: string): ApiProblem {
  cursor.gaps += 1;
  if (cursor.gaps >= MAX_GAP_RETRIES) return broken("STREAM_GAP", detail);
  return problemOf(503, { code: "STREAM_GAP_RETRY", title: "Frames are missing", detail });
}

function broken(code: string, detail: string): ApiProblem {
  return problemOf(422, { code, title: "The stream of this run is broken", detail });
}

function kept(): ApiProblem {
  const title = "The server answers, but no WebSocket can be opened.";
  return problemOf(503, { code: "NO_WEBSOCKET", title });
}

/** Why a connection ended before the terminal frame. */
function dropped(code: number | null, cursor: Cursor): ApiProblem {
  switch (code) {
    case 1000:
      return gap(
        cursor,
        `The server says that the run has ended with frame ${cursor.last}, which is no end.`,
      );
    case 1001:
      return problemOf(503, { code: "STOPPING", title: "The server is stopping." });
    case 1011:
      return problemOf(500, { code: "UNREADABLE", title: "The server cannot read this run's frames." });
    default:
      return unreachable("the stream closed before the end of the run");
  }
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
