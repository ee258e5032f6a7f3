import { expect, test } from "vitest";
import type { PhaseView, StepView, TerminalView, TranscriptView } from "@/features/runs/view.ts";
import { kpis, outcomeOf, stepsOf, tally } from "./pipeline.ts";

function step(name: string, index: number, change: Partial<StepView> = {}): StepView {
  return {
    step: name,
    index,
    total: 9,
    status: "pass",
    detail: "",
    durationMs: 5,
    data: {},
    startedAt: "2026-01-01T00:00:00Z",
    ...change,
  };
}

function phase(name: string, steps: StepView[], attempt: number | null = null): PhaseView {
  return { phase: name, title: null, attempt, index: 1, total: 4, steps, progress: null };
}

function view(phases: PhaseView[], terminal: Partial<TerminalView> | null = null): TranscriptView {
  const end = {
    status: "completed",
    text: null,
    code: null,
    structured: null,
    isRetryable: false,
    at: "2026-01-01T00:00:02.5Z",
  };
  return {
    openedAt: "2026-01-01T00:00:00Z",
    at: end.at,
    attempt: 1,
    phases,
    blocks: [],
    artifacts: [],
    notices: [],
    approvals: [],
    omissions: [],
    terminal: terminal && { ...end, ...terminal },
  };
}

test("a step that a second attempt began again counts once, as it last stood", () => {
  const steps = stepsOf(
    view([
      phase("data", [step("precheck", 1), step("reset", 2, { status: "skip" })], 1),
      phase("modeling", [step("train", 6, { status: "started" })], 1),
      phase("modeling", [step("train", 6)], 2),
    ]),
  );
  expect(steps.map(({ step, status }) => [step, status])).toEqual([
    ["precheck", "pass"],
    ["reset", "skip"],
    ["train", "pass"],
  ]);
  expect(tally(steps)).toEqual({ ended: 3, passed: 2, skipped: 1 });
});

test("a step that runs has not ended", () => {
  expect(tally([step("train", 6, { status: "started" }), step("x", 7, { status: "running" })]).ended).toBe(0);
});

test("the end names the winner and what it was chosen by", () => {
  const backtest = step("backtest", 7, { data: { winner: "naive", winner_wape: 3.25, metric: "mae" } });
  expect(outcomeOf(view([phase("decision", [backtest])]))).toBeNull();
  expect(outcomeOf(view([phase("decision", [backtest])], {}))).toEqual({
    status: "passed",
    detail: null,
    winner: "naive",
    metric: "mae",
    value: 3.25,
  });
});

test("an end that is none of the good ones says why", () => {
  const failed = outcomeOf(view([], { status: "error", text: "step seed failed" }));
  expect(failed).toMatchObject({ status: "failed", detail: "step seed failed", winner: null });
  expect(outcomeOf(view([], { status: "cancelled" }))?.status).toBe("cancelled");
});

test("figures that no step gave are missing, not zero", () => {
  expect(kpis(view([]))).toEqual({ sales: null, isStored: false, trained: null, isVerified: null });
});

test("figures are read where the steps put them", () => {
  const seed = step("seed", 3, { data: { records_created: { sales: 1380, stores: 3 }, is_existing: true } });
  const train = step("train", 6, { data: { trained: ["naive", "seasonal_naive"] } });
  const verify = step("verify", 9, { data: { verified: true } });
  expect(kpis(view([phase("data", [seed, train, verify])]))).toEqual({
    sales: 1380,
    isStored: true,
    trained: 2,
    isVerified: true,
  });
});
