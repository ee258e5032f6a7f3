/** The showcase's live wire: step events over a WebSocket, gathered into the same view that a recorded run has. */
import type { PhaseView, StepView } from "@/features/runs/view.ts";

export interface StepEvent {
  event_type: "step_start" | "step_complete" | "pipeline_complete" | "error";
  step_name: string;
  step_index: number;
  total_steps: number;
  status: "running" | "pass" | "fail" | "skip" | "warn" | null;
  detail: string;
  duration_ms: number;
  data: Record<string, unknown>;
  timestamp: string;
  phase_name: string | null;
  phase_index: number | null;
  phase_total: number | null;
}

export interface Outcome {
  status: "pass" | "fail";
  detail: string;
  winner: string | null;
  winnerValue: number | null;
  wallClockS: number | null;
  runId: string | null;
}

export interface Pipeline {
  phases: PhaseView[];
  total: number;
  outcome: Outcome | null;
  /** The server refused to start, or said that something broke. */
  refusal: string | null;
}

export const IDLE: Pipeline = { phases: [], total: 0, outcome: null, refusal: null };

export function gather(pipeline: Pipeline, event: StepEvent): Pipeline {
  switch (event.event_type) {
    case "error":
      return { ...pipeline, refusal: event.detail };
    case "pipeline_complete":
      return { ...pipeline, outcome: outcomeOf(event) };
    default:
      return { ...pipeline, total: event.total_steps, phases: withStep(pipeline.phases, event) };
  }
}

function outcomeOf(event: StepEvent): Outcome {
  const { data } = event;
  return {
    status: event.status === "pass" ? "pass" : "fail",
    detail: event.detail,
    winner: text(data.winner_model_type),
    winnerValue: number(data.winner_wape),
    wallClockS: number(data.wall_clock_s),
    runId: text(data.showcase_run_id),
  };
}

function withStep(phases: PhaseView[], event: StepEvent): PhaseView[] {
  const name = event.phase_name ?? "pipeline";
  const at = phases.findIndex((phase) => phase.phase === name);
  const phase: PhaseView = phases[at] ?? {
    phase: name,
    title: null,
    attempt: null,
    index: event.phase_index ?? phases.length + 1,
    total: event.phase_total ?? 0,
    steps: [],
    progress: null,
  };
  const changed = { ...phase, steps: stepsWith(phase.steps, event) };
  return at < 0 ? [...phases, changed] : phases.with(at, changed);
}

function stepsWith(steps: StepView[], event: StepEvent): StepView[] {
  const at = steps.findIndex((step) => step.index === event.step_index);
  const step: StepView = {
    step: event.step_name,
    index: event.step_index,
    total: event.total_steps,
    status: event.event_type === "step_start" ? "started" : (event.status ?? "running"),
    detail: event.detail,
    durationMs: event.event_type === "step_start" ? null : event.duration_ms,
    data: event.data,
    startedAt: steps[at]?.startedAt ?? event.timestamp,
  };
  return at < 0 ? [...steps, step] : steps.with(at, step);
}

/** How many steps have ended, and in which way: the figures of the strip above the steps. */
export function tally(phases: readonly PhaseView[]): {
  ended: number;
  passed: number;
  skipped: number;
  spentMs: number;
} {
  const steps = phases.flatMap((phase) => phase.steps);
  const ended = steps.filter((step) => step.status !== "started" && step.status !== "running");
  return {
    ended: ended.length,
    passed: ended.filter((step) => step.status === "pass").length,
    skipped: ended.filter((step) => step.status === "skip").length,
    spentMs: ended.reduce((sum, step) => sum + (step.durationMs ?? 0), 0),
  };
}

/** The numbers that a finished pipeline is judged by, wherever its steps put them. */
export function kpis(phases: readonly PhaseView[]): {
  sales: number | null;
  trained: number | null;
  isVerified: boolean | null;
} {
  const data = (name: string) =>
    phases.flatMap((phase) => phase.steps).find((step) => step.step === name)?.data ?? {};
  const records = data("seed").records_created as Record<string, unknown> | undefined;
  const trained = data("train").trained;
  return {
    sales: number(records?.sales),
    trained: Array.isArray(trained) ? trained.length : null,
    isVerified: typeof data("verify").verified === "boolean" ? (data("verify").verified as boolean) : null,
  };
}

function text(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

function number(value: unknown): number | null {
  return typeof value === "number" ? value : null;
}
