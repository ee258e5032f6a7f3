import { expect, test } from "vitest";
import type { Comparison } from "@/api/types.ts";
import { viewOf } from "@/features/runs/view.ts";
import { Transcript } from "@/lib/frames/reduce.ts";
import type { Body } from "@/lib/frames/types.ts";
import { lanesOf } from "./lanes.ts";

const NAMES = ["naive", "theta", "regression"];

const COMPARISON = {
  candidate_progress: NAMES.map((model_type, ordinal) => ({
    candidate_id: `c${ordinal}`,
    ordinal,
    model_type,
    params: {},
    status: "pending",
    series_done: 0,
  })),
} as unknown as Comparison;

function after(...bodies: Body[]) {
  const transcript = new Transcript();
  for (const [at, body] of bodies.entries()) {
    const ordinal = "output_index" in body ? body.output_index : null;
    transcript.apply({
      schema: "run_v1",
      event_id: at + 1,
      stream_id: "run_0",
      server_timestamp: "2026-01-01T00:00:00Z",
      conversation_id: "c",
      ...(ordinal === null
        ? {}
        : { response_id: `c${ordinal}`, workflow: { parallel_group: "candidates", branch_index: ordinal } }),
      ...body,
    });
  }
  return lanesOf(COMPARISON, viewOf(transcript.snapshot()));
}

const item = (ordinal: number) => ({ output_index: ordinal, item_id: `c${ordinal}` });

function announced(ordinal: number): Body {
  return { kind: "output_item.added", ...item(ordinal), item_type: "function_call", status: "queued" };
}

function started(ordinal: number, status: "in_progress" | "completed" | "failed" = "in_progress"): Body {
  const name = NAMES[ordinal] ?? "";
  const tool = { tool_type: "function" as const, tool_call_id: `c${ordinal}`, status, name };
  return { kind: "tool.status", ...item(ordinal), tool };
}

function ended(ordinal: number, facts: { status: string; series_done: number }, error?: string): Body[] {
  const output = { ...facts, ...(error ? { error: { code: "CODE", message: error } } : {}) };
  const card = { tool_call_id: `c${ordinal}`, tool_type: "function" as const };
  const isGood = facts.status === "completed" || facts.status === "dropped";
  return [
    { kind: "tool.output", ...item(ordinal), ...card, output },
    started(ordinal, isGood ? "completed" : "failed"),
  ];
}

const ANNOUNCED = NAMES.map((_, ordinal) => announced(ordinal));

function statuses(...bodies: Body[]) {
  return after(...bodies).map((lane) => lane.status);
}

test("candidates have their names before their work begins, and wait in the order of the question", () => {
  expect(after().map((lane) => [lane.modelType, lane.status])).toEqual(
    NAMES.map((name) => [name, "pending"]),
  );
  expect(statuses(...ANNOUNCED, started(1))).toEqual(["pending", "running", "pending"]);
});

test("a candidate ends as its own card says", () => {
  const lanes = after(
    ...ANNOUNCED,
    ...ended(0, { status: "completed", series_done: 3 }),
    ...ended(1, { status: "failed", series_done: 0 }, "too short"),
    ...ended(2, { status: "dropped", series_done: 1 }, "it lost"),
  );
  expect(lanes).toMatchObject([
    { status: "completed", seriesDone: 3, error: null },
    { status: "failed", seriesDone: 0, error: { code: "CODE", message: "too short" } },
    { status: "dropped", seriesDone: 1, error: { code: "CODE", message: "it lost" } },
  ]);
});

test("one cancel is called by one word, wherever it met a candidate", () => {
  const cancelled: Body = { kind: "final", final: { status: "cancelled" } };
  const done = ended(0, { status: "completed", series_done: 3 });
  const met = ended(1, { status: "cancelled", series_done: 2 });
  expect(statuses(...ANNOUNCED, ...done, ...met, cancelled)).toEqual(["completed", "cancelled", "cancelled"]);
  expect(statuses(cancelled)).toEqual(["cancelled", "cancelled", "cancelled"]);
});

test("a run that failed took with it whoever was on the way", () => {
  const failed: Body = { kind: "error", error: { message: "x", source: "server", is_retryable: false } };
  const done = ended(0, { status: "completed", series_done: 3 });
  expect(statuses(...ANNOUNCED, ...done, started(1), failed)).toEqual(["completed", "failed", "failed"]);
});
