import { expect, test } from "vitest";
import { timelineOf } from "./happenings.tsx";

const AT = "2026-01-01T00:00:00Z";
const attempt = { worker: "w1", started_at: AT, ended_at: AT };
const error = { code: "OUT_OF_SPACE", message: "the disk is full" };

test("an attempt begins with its worker and ends with its error", () => {
  const found = timelineOf({
    timeline: ["submitted", "attempt 1 started", "attempt 1 retried", "attempt 2 started"].map((event) => ({
      at: AT,
      event,
    })),
    attempts: [
      { ...attempt, number: 1, outcome: "retried", error },
      { ...attempt, number: 2, worker: "w2", outcome: null, error: null },
    ],
  });
  expect(found.map(({ worker, error }) => [worker, error?.code ?? null])).toEqual([
    [null, null],
    ["w1", null],
    [null, "OUT_OF_SPACE"],
    ["w2", null],
  ]);
  expect(found.map(({ status }) => status)).toEqual(["submitted", null, "retried", null]);
});
