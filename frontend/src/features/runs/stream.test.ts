import { expect, test, vi } from "vitest";
import { problemOf, unreachable } from "@/api/problem.ts";
import { hang, refuse, speak } from "@/testing/socket.ts";
import { follow, type Line, OPEN_WITHIN_MS, SLICE_MS, type Socket, type StreamState } from "./stream.ts";

function frame(seq: number, kind = "notice"): string {
  return JSON.stringify({
    schema: "run_v1",
    kind,
    event_id: seq,
    stream_id: "run_0",
    server_timestamp: "2026-01-01T00:00:00Z",
    conversation_id: "c",
    level: "info",
    code: "X",
    message: `frame ${seq}`,
    ...(kind === "final" ? { final: { status: "completed" } } : {}),
  });
}

const END = (seq: number) => frame(seq, "final");

interface Watching {
  /** What the server gives as event streams. */
  events?: (() => Socket)[];
  /** What the server says over HTTP of a socket that it refused. */
  ask?: () => Promise<void>;
  now?: () => number;
  onLine?: (line: Line) => void;
  onPause?: () => void;
}

/** Follows a server that gives these connections. */
async function watch(connections: (() => Socket)[], watching: Watching = {}) {
  const asked: number[] = [];
  const askedEvents: number[] = [];
  const lines: Line[] = [];
  const states: StreamState[] = [];
  const waits: number[] = [];
  const stop = new AbortController();
  await follow({
    open: (after) => {
      asked.push(after);
      const next = connections.shift();
      if (next) return next();
      stop.abort();
      return refuse();
    },
    openEvents: (after) => {
      askedEvents.push(after);
      return watching.events?.shift()?.() ?? refuse();
    },
    ask: watching.ask ?? (async () => undefined),
    onLine: (line) => {
      lines.push(line);
      watching.onLine?.(line);
    },
    onPause: watching.onPause ?? (() => undefined),
    onState: (state) => states.push(state),
    signal: stop.signal,
    sleep: async (ms) => {
      waits.push(ms);
    },
    ...(watching.now ? { now: watching.now } : {}),
  });
  return {
    asked,
    askedEvents,
    seqs: lines.map((line) => line.seq),
    lines,
    states,
    waits,
    last: states.at(-1),
  };
}

test("a run is read to its terminal frame", async () => {
  const seen = await watch([() => speak([frame(1), frame(2), END(3)], 1000)]);
  expect(seen.seqs).toEqual([1, 2, 3]);
  expect(seen.states).toEqual([
    { phase: "connecting" },
    { phase: "open", way: "socket" },
    { phase: "ended" },
  ]);
  expect(seen.asked).toEqual([0]);
});

test("the text of a frame is kept as it was sent", async () => {
  const odd = END(1).replace('"event_id":1', '"event_id" :  1');
  const seen = await watch([() => speak([odd], 1000)]);
  expect(seen.lines[0]?.text).toBe(odd);
});

test("a dropped connection resumes after the last frame and repeats nothing", async () => {
  const seen = await watch([() => speak([frame(1), frame(2)], 1006), () => speak([frame(3), END(4)], 1000)]);
  expect(seen.asked).toEqual([0, 2]);
  expect(seen.seqs).toEqual([1, 2, 3, 4]);
});

test("frames that come again are shown once", async () => {
  const seen = await watch([
    () => speak([frame(1), frame(2)], 1006),
    () => speak([frame(1), frame(2), frame(2), END(3)], 1000),
  ]);
  expect(seen.seqs).toEqual([1, 2, 3]);
});

test("a missing frame is asked for again before anything after it is shown", async () => {
  const seen = await watch([
    () => speak([frame(1), frame(3)]),
    () => speak([frame(2), frame(3), END(4)], 1000),
  ]);
  expect(seen.asked).toEqual([0, 1]);
  expect(seen.seqs).toEqual([1, 2, 3, 4]);
});

test("a frame that stays missing breaks the stream instead of leaving a hole", async () => {
  const hole = () => speak([frame(1), END(3)], 1000);
  const seen = await watch([hole, hole, hole, hole]);
  expect(seen.seqs).toEqual([1]);
  expect(seen.last).toMatchObject({ phase: "broken", problem: { code: "STREAM_GAP" } });
});

test("a run that is called ended without its terminal frame is asked for again, and then called broken", async () => {
  const cut = () => speak([frame(1)], 1000);
  const seen = await watch([cut, cut, cut, cut]);
  expect(seen.asked).toEqual([0, 1, 1]);
  expect(seen.last).toMatchObject({ phase: "broken", problem: { code: "STREAM_GAP" } });
});

test("a refused socket ends the stream with the server's own problem", async () => {
  const unknown = problemOf(404, { code: "NOT_FOUND", title: "Not Found", detail: "no such run" });
  const seen = await watch([refuse], { ask: () => Promise.reject(unknown) });
  expect(seen.last).toEqual({ phase: "broken", problem: unknown });
});

test.each([
  [1001, "STOPPING"],
  [1011, "UNREADABLE"],
  [1006, "UNREACHABLE"],
])("a server that closes with %i is asked again and named %s", async (code, name) => {
  const seen = await watch([() => speak([frame(1)], code), () => speak([END(2)], 1000)]);
  expect(seen.states).toContainEqual(
    expect.objectContaining({ phase: "waiting", problem: expect.objectContaining({ code: name }) }),
  );
  expect(seen.seqs).toEqual([1, 2]);
});

test("an unreachable server is asked again, ever less often, and progress starts the waiting over", async () => {
  const down = refuse;
  const seen = await watch(
    [down, down, down, () => speak([frame(1)], 1006), down, () => speak([END(2)], 1000)],
    { ask: () => Promise.reject(unreachable("nobody listens")) },
  );
  expect(seen.waits).toEqual([250, 500, 1000, 250, 500]);
  expect(seen.seqs).toEqual([1, 2]);
});

test("where a server answers and opens no socket, the frames come as an event stream", async () => {
  const seen = await watch([refuse, refuse], { events: [() => speak([frame(1), frame(2), END(3)], 1006)] });
  expect(seen.seqs).toEqual([1, 2, 3]);
  expect(seen.states).toContainEqual({ phase: "open", way: "events" });
  expect(seen.last).toEqual({ phase: "ended" });
});

test("one refusal is no proxy: a server that starts is asked for a socket again", async () => {
  const seen = await watch([refuse, () => speak([END(1)], 1000)]);
  expect([seen.asked, seen.askedEvents]).toEqual([[0, 0], []]);
});

test("an event stream that drops goes on after its last frame, and a socket is tried first", async () => {
  const events = [() => speak([frame(1), frame(2)], 1006), () => speak([frame(3), END(4)], 1006)];
  const again = await watch([refuse, refuse, refuse], { events });
  expect([again.asked, again.askedEvents]).toEqual([
    [0, 0, 2],
    [0, 2],
  ]);
  expect(again.seqs).toEqual([1, 2, 3, 4]);
  const mended = await watch([refuse, refuse, () => speak([END(2)], 1000)], {
    events: [() => speak([frame(1)], 1006)],
  });
  expect([mended.seqs, mended.askedEvents]).toEqual([[1, 2], [0]]);
});

test("a socket that is left unanswered is given up for an event stream", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  try {
    const seen = watch([hang], { events: [() => speak([END(1)], 1006)] });
    await vi.advanceTimersByTimeAsync(OPEN_WITHIN_MS);
    expect((await seen).seqs).toEqual([1]);
  } finally {
    vi.useRealTimers();
  }
});

test("what is no frame is refused", async () => {
  const seen = await watch([() => speak([frame(1), "{"])]);
  expect(seen.seqs).toEqual([1]);
  expect(seen.last).toMatchObject({ phase: "broken", problem: { code: "STREAM_MALFORMED" } });
});

test("however many frames come at once, nobody waits for more than a slice of them", async () => {
  const many = 1_000;
  let clock = 0;
  // A frame takes a millisecond. Tasks of others count those that were read while they had to wait.
  let taken = 0;
  let longest = 0;
  let isWatching = true;
  const others = new MessageChannel();
  others.port1.onmessage = () => {
    longest = Math.max(longest, taken);
    taken = 0;
    if (isWatching) others.port2.postMessage(null);
  };
  others.port2.postMessage(null);
  const texts = Array.from({ length: many }, (_, at) => (at === many - 1 ? END(many) : frame(at + 1)));
  const seen = await watch([() => speak(texts, 1000)], {
    now: () => clock,
    onLine: () => {
      clock += 1;
      taken += 1;
    },
  });
  isWatching = false;
  others.port1.close();
  expect(seen.lines).toHaveLength(many);
  expect(longest).toBeGreaterThan(0);
  expect(longest).toBeLessThanOrEqual(2 * SLICE_MS);
});
