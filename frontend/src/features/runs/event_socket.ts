/**
 * A run's event stream in the shape of a WebSocket: the way to its frames where a proxy lets no WebSocket through. Its
 * reader tells the two apart by nothing but the name in its state.
 */
import type { Socket } from "./stream.ts";

/** The answer to a request for an event stream, as the client gives it. */
interface Answer {
  data?: ReadableStream<Uint8Array> | null;
  response: Response;
}

/** The server says every 15 seconds that it is there; a connection that is silent for three of them is dead. */
export const SILENCE_MS = 45_000;
const ENDED = 1000;
const DROPPED = 1006;

export function eventSocket(ask: (signal: AbortSignal) => Promise<Answer>): Socket {
  const stop = new AbortController();
  const socket: Socket = { onopen: null, onmessage: null, onclose: null, close: () => stop.abort() };
  const call = (handler: unknown, event: Event) =>
    typeof handler === "function" ? handler.call(socket, event) : undefined;
  void read(ask, stop, {
    onOpen: () => call(socket.onopen, new Event("open")),
    onData: (data) => call(socket.onmessage, new MessageEvent("message", { data })),
  })
    .catch(() => DROPPED)
    .then((code) => call(socket.onclose, Object.assign(new Event("close"), { code })));
  return socket;
}

interface Reader {
  onOpen: () => void;
  onData: (data: string) => void;
}

/** Reads the stream to its end; the code that says how it ended. */
async function read(
  ask: (signal: AbortSignal) => Promise<Answer>,
  stop: AbortController,
  { onOpen, onData }: Reader,
): Promise<number> {
  const { data, response } = await ask(stop.signal);
  if (!response.ok) return DROPPED;
  onOpen();
  // Nothing is left after the last frame.
  if (response.status === 204 || !data) return ENDED;
  const events = new EventReader(onData);
  const decoder = new TextDecoder();
  const reader = data.getReader();
  for (;;) {
    const timer = setTimeout(() => stop.abort(), SILENCE_MS);
    try {
      const { value, done } = await reader.read();
      // A server that stops ends its streams in the same way as one whose run is over: the frames say which.
      if (done) return DROPPED;
      events.push(decoder.decode(value, { stream: true }));
    } finally {
      clearTimeout(timer);
    }
  }
}

/** Takes an event stream in pieces that may end anywhere, and tells the data of each whole event. */
export class EventReader {
  readonly #onData: (data: string) => void;
  #rest = "";
  #data: string[] = [];

  constructor(onData: (data: string) => void) {
    this.#onData = onData;
  }

  push(piece: string): void {
    // A carriage return at the end may be half of a line's end.
    const lines = (this.#rest + piece).split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop() ?? "";
    for (const line of lines) this.#line(line);
  }

  #line(line: string): void {
    if (line === "") {
      if (this.#data.length > 0) this.#onData(this.#data.join("\n"));
      this.#data = [];
    } else if (line.startsWith("data:")) {
      this.#data.push(line.slice(line[5] === " " ? 6 : 5));
    }
  }
}
