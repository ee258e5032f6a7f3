import { expect, test } from "vitest";
import { follow, type Line, type StreamState } from "./stream.ts";

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

function event(seq: number, kind?: string): string {
  return `id: ${seq}\ndata: ${frame(seq, kind)}\n\n`;
}

function answer(...chunks: string[]): Response {
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(encoder.encode(chunk));
      controller.close();
    },
  });
  return new Response(body, { status: 200, headers: { "content-type": "text/event-stream" } });
}

/** Follows a server that gives these answers, one per connection. */
async function watch(answers: ((after: number) => Response | Promise<Response>)[]) {
  const asked: number[] = [];
  const lines: Line[] = [];
  const states: StreamState[] = [];
  const waits: number[] = [];
  const stop = new AbortController();
  await follow({
    open: async (after) => {
      asked.push(after);
      const next = answers.shift();
      if (!next) {
        stop.abort();
        throw new Error("no more answers");
      }
      return next(after);
    },
    onLines: (more) => lines.push(...more),
    onState: (state) => states.push(state),
    signal: stop.signal,
    sleep: async (ms) => {
      waits.push(ms);
    },
  });
  return { asked, seqs: lines.map((line) => line.seq), lines, states, waits, last: states.at(-1) };
}

test("a run is read to its terminal frame", async () => {
  const seen = await watch([() => answer(event(1), ": heartbeat\n\n", event(2), event(3, "final"))]);
  expect(seen.seqs).toEqual([1, 2, 3]);
  expect(seen.last).toEqual({ phase: "ended" });
  expect(seen.asked).toEqual([0]);
});

test("the text of a frame is kept as it was sent", async () => {
  const odd = frame(1, "final").replace('"event_id":1', '"event_id" :  1');
  const seen = await watch([() => answer(`id: 1\ndata: ${odd}\n\n`)]);
  expect(seen.lines[0]?.text).toBe(odd);
});

test("a dropped connection resumes after the last frame and repeats nothing", async () => {
  const seen = await watch([() => answer(event(1), event(2)), () => answer(event(3), event(4, "final"))]);
  expect(seen.asked).toEqual([0, 2]);
  expect(seen.seqs).toEqual([1, 2, 3, 4]);
});

test("frames that come again are shown once", async () => {
  const seen = await watch([
    () => answer(event(1), event(2)),
    () => answer(event(1), event(2), event(2), event(3, "final")),
  ]);
  expect(seen.seqs).toEqual([1, 2, 3]);
});

test("a missing frame is asked for again before anything after it is shown", async () => {
  const seen = await watch([
    () => answer(event(1), event(3)),
    () => answer(event(2), event(3), event(4, "final")),
  ]);
  expect(seen.asked).toEqual([0, 1]);
  expect(seen.seqs).toEqual([1, 2, 3, 4]);
});

test("a frame that stays missing breaks the stream instead of leaving a hole", async () => {
  const hole = () => answer(event(1), event(3, "final"));
  const seen = await watch([hole, hole, hole, hole]);
  expect(seen.seqs).toEqual([1]);
  expect(seen.last).toMatchObject({ phase: "broken", problem: { code: "STREAM_GAP" } });
});

test("204 says that nothing is left", async () => {
  const seen = await watch([() => new Response(null, { status: 204 })]);
  expect(seen.last).toEqual({ phase: "ended" });
});

test("a refusal ends the stream with the server's own problem", async () => {
  const problem = { code: "NOT_FOUND", title: "Not Found", detail: "no such run", status: 404 };
  const seen = await watch([() => Response.json(problem, { status: 404 })]);
  expect(seen.last).toMatchObject({ phase: "broken", problem: { status: 404, code: "NOT_FOUND" } });
});

test("an unreachable server is asked again, ever less often, and progress starts the waiting over", async () => {
  const down = () => Promise.reject(new TypeError("connection refused"));
  const seen = await watch([down, down, down, () => answer(event(1)), down, () => answer(event(2, "final"))]);
  expect(seen.waits).toEqual([250, 500, 1000, 250, 500]);
  expect(seen.seqs).toEqual([1, 2]);
});

test("a frame that contradicts its id is refused", async () => {
  const seen = await watch([() => answer(`id: 7\ndata: ${frame(1)}\n\n`)]);
  expect(seen.last).toMatchObject({ phase: "broken", problem: { code: "STREAM_MALFORMED" } });
});
