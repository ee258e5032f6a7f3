import { expect, test } from "vitest";
import {
  type Action,
  emptyTimeline,
  extend,
  LONGEST_GAP_MS,
  move,
  start,
  type Transport,
} from "./transport.ts";

function timeline(...seconds: number[]) {
  const made = emptyTimeline();
  for (const each of seconds) extend(made, new Date(each * 1000).toISOString());
  return made;
}

function after(from: Transport, frames: ReturnType<typeof timeline>, ...actions: Action[]): Transport {
  return actions.reduce((transport, action) => move(transport, action, frames), from);
}

const FRAMES = timeline(0, 0.1, 0.2, 60, 60.1);

test("an idle gap is compressed and remembered", () => {
  expect(FRAMES.at).toEqual([0, 100, 200, 200 + LONGEST_GAP_MS, 300 + LONGEST_GAP_MS]);
  expect(FRAMES.cuts).toEqual([{ seq: 4, gapMs: 59_800 }]);
  expect(FRAMES.sentMs).toEqual([0, 100, 200, 60_000, 60_100]);
});

test("a clock that steps back costs no time", () => {
  expect(timeline(10, 5, 5.1).at).toEqual([0, 0, 100]);
  expect(timeline(10, 5, 5.1).sentMs).toEqual([0, 0, 0]);
});

test("following stands at the newest frame and moves with it", () => {
  expect(after(start(null), FRAMES, { type: "arrived" })).toMatchObject({ mode: "following", seq: 5 });
});

test("a deep link stays at its frame while others arrive", () => {
  expect(after(start(2), FRAMES, { type: "arrived" })).toMatchObject({ mode: "paused", seq: 2 });
});

test("a deep link beyond the run waits for its frame, and stands at the last when none comes any more", () => {
  const waiting = after(start(99_999), FRAMES, { type: "arrived" });
  expect(waiting).toMatchObject({ mode: "paused", seq: 99_999 });
  expect(after(waiting, FRAMES, { type: "ended" })).toMatchObject({ mode: "paused", seq: 5 });
  expect(after(start(2), FRAMES, { type: "ended" })).toMatchObject({ mode: "paused", seq: 2 });
  expect(after(start(null), FRAMES, { type: "ended" })).toMatchObject({ mode: "following", seq: 5 });
});

test("steps and seeks stay within the run and pause it", () => {
  const at = (action: Action) => after(start(null), FRAMES, { type: "follow" }, action);
  expect(at({ type: "step", by: -1 })).toMatchObject({ mode: "paused", seq: 4 });
  expect(at({ type: "step", by: 9 })).toMatchObject({ seq: 5 });
  expect(at({ type: "seek", seq: -3 })).toMatchObject({ seq: 1 });
  expect(at({ type: "seek", seq: Number.MAX_SAFE_INTEGER })).toMatchObject({ seq: 5 });
});

test("playing follows the frames' own times, faster by the speed", () => {
  const playing = after(start(1), FRAMES, { type: "play" }, { type: "tick", elapsedMs: 100 });
  expect(playing).toMatchObject({ mode: "playing", seq: 2 });
  const fast = after(
    start(1),
    FRAMES,
    { type: "speed", speed: 2 },
    { type: "play" },
    { type: "tick", elapsedMs: 100 },
  );
  expect(fast).toMatchObject({ seq: 3 });
});

test("playing ends paused on the last frame, and playing from there starts over", () => {
  const ended = after(start(1), FRAMES, { type: "play" }, { type: "tick", elapsedMs: 10_000 });
  expect(ended).toMatchObject({ mode: "paused", seq: 5 });
  expect(after(ended, FRAMES, { type: "toggle" })).toMatchObject({ mode: "playing", seq: 1 });
});

test("ticks move nothing unless it plays", () => {
  const paused = start(2);
  expect(move(paused, { type: "tick", elapsedMs: 1000 }, FRAMES)).toBe(paused);
});

test("the speed goes up and down among those there are, and no further", () => {
  const speed = (...by: (1 | -1)[]) =>
    after(start(1), FRAMES, ...by.map((each) => ({ type: "faster", by: each }) as const)).speed;
  expect([speed(1), speed(1, 1), speed(-1), speed(-1, -1, -1)]).toEqual([2, 4, 0.5, 0.5]);
  expect(speed(1, 1, 1, 1, 1, 1)).toBe(16);
});
