import { expect, test } from "vitest";
import { reduce } from "@/lib/frames/reduce.ts";
import { goldenFrames } from "@/testing/goldens.ts";
import { RUN } from "@/testing/server.ts";
import { type Bar, barsOf } from "./bars.ts";
import { scaleOf } from "./scale.ts";

const NONE = { created_at: "2026-01-05T08:00:00Z", started_at: null, ended_at: null, attempts: [] };

function barsAfter(name: string, n: number, told: Partial<Parameters<typeof barsOf>[0]> = {}): Bar[] {
  const frames = goldenFrames(name);
  const transcript = reduce(frames.slice(0, n));
  const sentAt = (eventId: number) => Date.parse(frames[eventId - 1]?.server_timestamp ?? "");
  const nowMs = transcript.updated_at ? Date.parse(transcript.updated_at) : 0;
  return barsOf({ transcript, run: NONE, children: [], sentAt, nowMs, ...told });
}

const at = (second: number) => new Date(Date.parse(NONE.created_at) + second * 1000).toISOString();

const ATTEMPTS = [
  {
    number: 1,
    worker: "worker-a",
    started_at: at(1),
    ended_at: at(2),
    outcome: "lost" as const,
    error: null,
  },
  {
    number: 2,
    worker: "worker-b",
    started_at: at(3),
    ended_at: at(19),
    outcome: "succeeded" as const,
    error: null,
  },
];

test("queue time, waiting and work are told apart, attempt by attempt", () => {
  const run = { created_at: at(-9), started_at: at(1), ended_at: at(19), attempts: ATTEMPTS };
  const bars = barsAfter("comparison", 38, { run });
  const spans = bars
    .filter(({ sort }) => sort === "queue" || sort === "wait" || sort === "attempt")
    .map(({ sort, status, fromMs, toMs }) => [sort, status, (toMs - fromMs) / 1000]);
  expect(spans).toEqual([
    ["queue", "pending", 10],
    ["wait", "pending", 1],
    ["attempt", "lost", 1],
    ["attempt", "succeeded", 16],
  ]);
  const phases = bars.filter(({ sort }) => sort === "phase");
  expect(phases.map(({ toMs, fromMs }) => (toMs - fromMs) / 1000)).toEqual([0.5, 1, 14.5]);
  expect(bars.filter(({ sort }) => sort === "call")).toHaveLength(3);
});

test("nothing stands at a moment that came after it, and what goes on then is open", () => {
  const run = { created_at: at(-9), started_at: at(1), ended_at: at(19), attempts: ATTEMPTS };
  const frames = goldenFrames("comparison");
  for (let n = 1; n <= frames.length; n += 1) {
    const nowMs = Date.parse(frames[n - 1]?.server_timestamp ?? "");
    for (const bar of barsAfter("comparison", n, { run })) {
      expect(bar.fromMs).toBeLessThanOrEqual(nowMs);
      expect(bar.toMs).toBeLessThanOrEqual(nowMs);
      expect(bar.toMs).toBeGreaterThanOrEqual(bar.fromMs);
    }
  }
  const second = barsAfter("comparison", 11, { run }).filter(({ sort }) => sort === "attempt")[1];
  expect(second).toMatchObject({ isOpen: true, status: "running" });
});

test("steps stand below their phase, and calls of an agent below its call", () => {
  const steps = barsAfter("showcase", 27).filter(({ sort }) => sort === "step");
  expect(steps.length).toBeGreaterThan(4);
  expect(new Set(steps.map(({ depth }) => depth))).toEqual(new Set([2]));
  const calls = barsAfter("tools", 26).filter(({ sort }) => sort === "call");
  expect(new Set(calls.map(({ depth }) => depth))).toEqual(new Set([1, 2]));
});

test("runs it started stand with their own times", () => {
  const child = { ...RUN, created_at: at(4), started_at: at(5), ended_at: at(7) };
  const [bar] = barsAfter("comparison", 38, { children: [child] }).filter(({ sort }) => sort === "run");
  expect(bar).toMatchObject({ runId: RUN.run_id, status: "succeeded", toMs: Date.parse(at(7)) });
});

function work(fromMs: number, toMs: number): Bar {
  const facts = { label: "", depth: 0, isOpen: false, status: "pass", runId: null };
  return { id: `${fromMs}`, sort: "step", fromMs, toMs, ...facts };
}

test("a picture gives its room to work: long stretches without any are cut, and said", () => {
  const bars = [work(0, 1_000), work(601_000, 602_000)];
  const cut = scaleOf(bars, 0, 602_000, true);
  expect(cut.place(1_000)).toBeCloseTo(1 / 3);
  expect(cut.place(601_000)).toBeCloseTo(2 / 3);
  expect(cut.cuts).toEqual([{ at: 0.5, cutMs: 599_000 }]);
  const whole = scaleOf(bars, 0, 602_000, false);
  expect(whole.place(601_000)).toBeCloseTo(601 / 602);
  expect(whole.cuts).toEqual([]);
});

test("places and times lead to each other, and later is never further left", () => {
  const scale = scaleOf([work(0, 1_000), work(601_000, 602_000), work(601_500, 650_000)], 0, 700_000, true);
  let before = -1;
  for (let ms = 0; ms <= 700_000; ms += 5_000) {
    const place = scale.place(ms);
    expect(place).toBeGreaterThanOrEqual(before);
    expect(place).toBeLessThanOrEqual(1);
    expect(scale.time(place)).toBeCloseTo(ms, 3);
    before = place;
  }
});
