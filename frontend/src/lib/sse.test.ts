import { expect, test } from "vitest";
import { SseParser } from "./sse.ts";

const STREAM =
  ': heartbeat\n\nid: 1\ndata: {"a":1}\n\nid: 2\r\ndata: one\r\ndata:two\r\n\r\nevent: x\ndata: three\n\n';
const EVENTS = [
  { id: "1", data: '{"a":1}' },
  { id: "2", data: "one\ntwo" },
  { id: "2", data: "three" },
];

test("any way of cutting the bytes gives the same events", () => {
  for (let size = 1; size <= STREAM.length; size += 1) {
    const parser = new SseParser();
    const events = [];
    for (let at = 0; at < STREAM.length; at += size) events.push(...parser.push(STREAM.slice(at, at + size)));
    expect(events).toEqual(EVENTS);
  }
});

test("an event without its blank line is not delivered", () => {
  expect(new SseParser().push("id: 1\ndata: half\n")).toEqual([]);
});

test("only one space after the colon belongs to the wire", () => {
  expect(new SseParser().push("data:  x \n\n")).toEqual([{ id: null, data: " x " }]);
});
