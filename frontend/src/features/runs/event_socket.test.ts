import { expect, test, vi } from "vitest";
import { EventReader, eventSocket, SILENCE_MS } from "./event_socket.ts";
import type { Socket } from "./stream.ts";

const STREAM =
  ': heartbeat\n\nid: 1\ndata: {"a":1}\n\nid: 2\r\ndata: b\r\ndata:c\r\n\r\nid: 3\ndata: é\n\ndata: unfinished';

/** What a socket tells until it is closed. */
function told(socket: Socket): Promise<string[]> {
  const seen: string[] = [];
  return new Promise((resolve) => {
    socket.onopen = () => void seen.push("open");
    socket.onmessage = ({ data }) => void seen.push(String(data));
    socket.onclose = ({ code }) => resolve([...seen, `closed ${code}`]);
  });
}

test("an event stream is read the same wherever its pieces end", () => {
  for (let length = 1; length <= STREAM.length; length += 1) {
    const seen: string[] = [];
    const reader = new EventReader((data) => seen.push(data));
    for (let at = 0; at < STREAM.length; at += length) reader.push(STREAM.slice(at, at + length));
    expect(seen).toEqual(['{"a":1}', "b\nc", "é"]);
  }
});

test("a stream speaks as a socket does: it opens, tells each frame and closes", async () => {
  const response = new Response(STREAM);
  const socket = eventSocket(async () => ({ data: response.body, response }));
  expect(await told(socket)).toEqual(["open", '{"a":1}', "b\nc", "é", "closed 1006"]);
});

test("nothing left after the last frame is an end, and a refusal never opens", async () => {
  const nothing = eventSocket(async () => ({ response: new Response(null, { status: 204 }) }));
  expect(await told(nothing)).toEqual(["open", "closed 1000"]);
  const refused = eventSocket(async () => ({ response: new Response("{}", { status: 503 }) }));
  expect(await told(refused)).toEqual(["closed 1006"]);
  const down = eventSocket(() => Promise.reject(new TypeError("fetch failed")));
  expect(await told(down)).toEqual(["closed 1006"]);
});

test("a connection without a heartbeat is given up", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  try {
    const socket = eventSocket(async (signal) => {
      const data = new ReadableStream<Uint8Array>({
        start: (controller) => signal.addEventListener("abort", () => controller.error(signal.reason)),
      });
      return { data, response: new Response("") };
    });
    const seen = told(socket);
    await vi.advanceTimersByTimeAsync(SILENCE_MS);
    expect(await seen).toEqual(["open", "closed 1006"]);
  } finally {
    vi.useRealTimers();
  }
});
