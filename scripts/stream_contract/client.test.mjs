// The protocol's own client writes to the server at STREAMS_URL and reads from it.
import { DurableStream, IdempotentProducer, stream } from "@durable-streams/client";
import { expect, test } from "vitest";

const url = (name) => `${process.env.STREAMS_URL}/client/${name}-${Date.now()}`;

test("what the client appends is what it reads, stored and live", async () => {
  const handle = await DurableStream.create({ url: url("json"), contentType: "application/json" });
  await handle.append(JSON.stringify({ n: 1 }));
  await Promise.all([handle.append(JSON.stringify({ n: 2 })), handle.append(JSON.stringify({ n: 3 }))]);
  const stored = await (await stream({ url: handle.url, live: false })).json();
  expect(stored).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);

  const live = await stream({ url: handle.url, offset: "-1", live: "sse" });
  const seen = [];
  const ended = new Promise((resolve) => {
    live.subscribeJson((batch) => {
      seen.push(...batch.items);
      if (seen.length === 4) resolve();
    });
  });
  await handle.append(JSON.stringify({ n: 4 }));
  await ended;
  live.cancel();
  expect(seen).toEqual([1, 2, 3, 4].map((n) => ({ n })));
});

test("a producer that sends everything twice leaves everything once", async () => {
  const handle = await DurableStream.create({ url: url("producer"), contentType: "text/plain" });
  for (const epoch of [0, 1]) {
    const producer = new IdempotentProducer(handle, "writer", { epoch, lingerMs: 0 });
    for (let n = 0; n < 20; n += 1) producer.append(`${epoch}.${n};`);
    await producer.flush();
  }
  // The same appends once more, as after an answer that was lost.
  const again = await fetch(handle.url, {
    method: "POST",
    headers: {
      "Content-Type": "text/plain",
      "Producer-Id": "writer",
      "Producer-Epoch": "1",
      "Producer-Seq": "0",
    },
    body: "1.0;",
  });
  expect(again.status).toBe(204);
  const text = await (await stream({ url: handle.url, live: false })).text();
  const expected = [0, 1].flatMap((epoch) => Array.from({ length: 20 }, (_, n) => `${epoch}.${n};`));
  expect(text).toBe(expected.join(""));
});

test("bytes come back as they were", async () => {
  const handle = await DurableStream.create({ url: url("bytes"), contentType: "application/octet-stream" });
  const bytes = Uint8Array.from({ length: 300_000 }, (_, at) => (at * 7919) % 256);
  await handle.append(bytes);
  await handle.close();
  for (const live of [false, "sse", "long-poll"]) {
    const read = await (await stream({ url: handle.url, offset: "-1", live })).body();
    expect(Buffer.from(read).equals(bytes)).toBe(true);
  }
});
