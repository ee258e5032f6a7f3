import { expect, test } from "vitest";
import { gather, IDLE, kpis, type StepEvent, tally } from "./pipeline.ts";

function event(change: Partial<StepEvent>): StepEvent {
  return {
    event_type: "step_start",
    step_name: "precheck",
    step_index: 1,
    total_steps: 11,
    status: null,
    detail: "",
    duration_ms: 0,
    data: {},
    timestamp: "2026-01-01T00:00:00Z",
    phase_name: "data",
    phase_index: 1,
    phase_total: 6,
    ...change,
  };
}

test("a step is started, may say how it goes, and ends once", () => {
  const events = [
    event({}),
    event({ event_type: "step_complete", status: "running", detail: "waiting" }),
    event({ event_type: "step_complete", status: "pass", detail: "done", duration_ms: 5 }),
  ];
  const states = events.map((_, at) => events.slice(0, at + 1).reduce(gather, IDLE));
  expect(states.map((state) => state.phases[0]?.steps[0]?.status)).toEqual(["started", "running", "pass"]);
  expect(states.at(-1)?.phases[0]?.steps).toHaveLength(1);
  expect(tally(states.at(-1)?.phases ?? [])).toEqual({ ended: 1, passed: 1, skipped: 0, spentMs: 5 });
});

test("the end names the winner and the run, and only the showcase's own run", () => {
  const data = {
    winner_model_type: "naive",
    winner_wape: 12.5,
    wall_clock_s: 0.4,
    winning_run_id: "m",
    showcase_run_id: "r",
  };
  const { outcome } = gather(IDLE, event({ event_type: "pipeline_complete", status: "pass", data }));
  expect(outcome).toMatchObject({
    status: "pass",
    winner: "naive",
    winnerValue: 12.5,
    wallClockS: 0.4,
    runId: "r",
  });
});

test("a refusal is kept beside the steps that had run", () => {
  const { phases, refusal } = [event({}), event({ event_type: "error", detail: "busy" })].reduce(
    gather,
    IDLE,
  );
  expect(phases).toHaveLength(1);
  expect(refusal).toBe("busy");
});

test("figures that no step gave are missing, not zero", () => {
  expect(kpis([])).toEqual({ sales: null, trained: null, isVerified: null });
});
