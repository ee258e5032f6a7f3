/** A server's end of a WebSocket, spoken by a test. */
import type { Socket } from "@/features/runs/stream.ts";

/** Says these texts to whoever connects, then closes with the code; without a code it stays open. */
export function speak(texts: readonly string[], code?: number): Socket {
  const socket = silent();
  queueMicrotask(() => {
    socket.onopen?.call(AS_SOCKET, new Event("open"));
    for (const data of texts) socket.onmessage?.call(AS_SOCKET, new MessageEvent("message", { data }));
    if (code !== undefined) socket.onclose?.call(AS_SOCKET, closed(code));
  });
  return socket;
}

/** Refuses the connection, as a browser shows it: without a reason. */
export function refuse(): Socket {
  const socket = silent();
  queueMicrotask(() => socket.onclose?.call(AS_SOCKET, closed(1006)));
  return socket;
}

/** Never answers. */
export function hang(): Socket {
  return silent();
}

function silent(): Socket {
  const socket: Socket = {
    onopen: null,
    onmessage: null,
    onclose: null,
    close: () => queueMicrotask(() => socket.onclose?.call(AS_SOCKET, closed(1005))),
  };
  return socket;
}

/** The handlers are arrow functions, so nobody looks at what they are called on. */
const AS_SOCKET = {} as WebSocket;

function closed(code: number): CloseEvent {
  return Object.assign(new Event("close"), { code, reason: "", wasClean: code !== 1006 });
}
