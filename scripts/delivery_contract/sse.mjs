// Clients of server-sent events that others wrote, for Node and browsers, as in sse.py.

import { readFileSync } from "node:fs";
import { connect, createServer } from "node:net";

import fetchEvents from "@microsoft/fetch-event-source";
import { EventSource } from "eventsource";
import { createEventSource } from "eventsource-client";
import { createParser } from "eventsource-parser";
import { events } from "fetch-event-stream";
import { parseServerSentEvents } from "parse-sse";

const { RUN_URL, RECORD } = process.env;
const record = readFileSync(RECORD, "utf8").trimEnd().split("\n");

/** Passes connections on to the server and breaks so many of them after some bytes of the answer. */
async function cut(cuts, seed) {
  const { hostname, port } = new URL(RUN_URL);
  let [left, state] = [cuts, seed + 1];
  const random = () => (state = (state * 48271) % 2147483647) / 2147483647;
  const listener = createServer((client) => {
    let room = left-- > 0 ? 600 + Math.floor(random() * 5400) : Infinity;
    const server = connect(Number(port), hostname);
    const end = () => [client, server].forEach((socket) => socket.destroy());
    client.on("data", (piece) => server.write(piece)).on("close", end).on("error", end);
    server.on("close", () => client.end()).on("error", end);
    server.on("data", (piece) => {
      const part = piece.subarray(0, room);
      room -= part.length;
      client.write(part, () => room <= 0 && end());
    });
  });
  await new Promise((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const url = new URL(RUN_URL);
  url.port = String(listener.address().port);
  return { url: url.href, close: () => listener.close() };
}

const get = (url, last) => fetch(url, { headers: last ? { "last-event-id": last } : {} });

/** Readers of one answer: whoever uses them connects again by himself. */
const parsers = {
  "eventsource-parser": async function* (response) {
    const ready = [];
    const parser = createParser({ onEvent: (event) => ready.push(event) });
    for await (const piece of response.body.pipeThrough(new TextDecoderStream())) {
      parser.feed(piece);
      yield* ready.splice(0);
    }
  },
  "fetch-event-stream": (response) => events(response),
  "parse-sse": async function* (response) {
    for await (const { lastEventId, data } of parseServerSentEvents(response)) yield { id: lastEventId, data };
  },
};

async function follow(parse, url) {
  const seen = [];
  for (let tries = 0; tries < 400 && seen.length < record.length; tries++) {
    try {
      const response = await get(url, seen.at(-1)?.id);
      for await (const { id, data } of parse(response)) seen.push({ id: String(id), data });
    } catch {
      // The line broke.
    }
  }
  return seen;
}

/** Clients that connect again by themselves, some of them seconds later: their lines break less often. */
const clients = {
  eventsource: (url, show) =>
    new Promise((resolve) => {
      const source = new EventSource(url);
      source.onmessage = ({ lastEventId, data }) => show({ id: lastEventId, data }) && resolve(source.close());
    }),
  "eventsource-client": (url, show) =>
    new Promise((resolve) => {
      const source = createEventSource({ url, onMessage: ({ id, data }) => show({ id, data }) && resolve(source.close()) });
    }),
  // It takes an id for seen before its data have come, so where it goes on is not left to it.
  "@microsoft/fetch-event-source": async (url, show) => {
    Object.assign(globalThis, { window: globalThis, document: { addEventListener() {}, removeEventListener() {} } });
    const stop = new AbortController();
    const fail = (error) => {
      throw error ?? new Error("ended");
    };
    for (let last; !stop.signal.aborted; ) {
      const headers = last ? { "last-event-id": last } : {};
      const onmessage = ({ id, data }) => {
        last = id;
        if (show({ id, data })) stop.abort();
      };
      const options = { headers, openWhenHidden: true, signal: stop.signal, onmessage, onclose: fail, onerror: fail };
      await fetchEvents.fetchEventSource(url, options).catch(() => {});
    }
  },
};

function check(name, seen) {
  const at = seen.findIndex(({ id, data }, n) => id !== String(n + 1) || data !== record[n]);
  if (at >= 0 || seen.length !== record.length) {
    throw new Error(`${name}: ${seen.length} of ${record.length} events, the first wrong one is ${JSON.stringify(seen[at])}`);
  }
  console.log(`${name} read ${seen.length} frames`);
}

let seed = 0;
for (const [name, parse] of Object.entries(parsers)) {
  const line = await cut(20, seed++);
  check(name, await follow(parse, line.url));
  line.close();
}
for (const [name, read] of Object.entries(clients)) {
  const line = await cut(4, seed++);
  const seen = [];
  await read(line.url, (event) => seen.push(event) >= record.length);
  check(name, seen);
  line.close();
}
process.exit(0);
