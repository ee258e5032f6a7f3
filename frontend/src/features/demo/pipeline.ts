/** What a showcase has come to, read from its transcript: the same for one that runs and one that is long over. */
import type { StepView, TranscriptView } from "@/features/runs/view.ts";

export interface Outcome {
  status: "passed" | "failed" | "cancelled";
  detail: string | null;
  winner: string | null;
  /** What the winner was chosen by, as on the wire: `wape`, `mae`, … */
  metric: string;
  value: number | null;
}

/** Each step once, as it last stood: a step that a second attempt began again counts as one. */
export function stepsOf({ phases }: TranscriptView): StepView[] {
  const steps = new Map(phases.flatMap((phase) => phase.steps).map((step) => [step.step, step] as const));
  return [...steps.values()].sort((a, b) => a.index - b.index);
}

/** Nothing before the last frame has come. */
export function outcomeOf(view: TranscriptView): Outcome | null {
  const { terminal } = view;
  if (!terminal) return null;
  const { winner, metric, winner_wape } = dataOf(view, "backtest");
  return {
    status: STATUSES[terminal.status] ?? "failed",
    detail: terminal.text,
    winner: text(winner),
    metric: text(metric) ?? "wape",
    value: number(winner_wape),
  };
}

const STATUSES: Record<string, Outcome["status"]> = { completed: "passed", cancelled: "cancelled" };

/** How many steps have ended, and in which way: the figures of the strip above the steps. */
export function tally(steps: readonly StepView[]): { ended: number; passed: number; skipped: number } {
  const ended = steps.filter((step) => step.status !== "started" && step.status !== "running");
  return {
    ended: ended.length,
    passed: ended.filter((step) => step.status === "pass").length,
    skipped: ended.filter((step) => step.status === "skip").length,
  };
}

/** The numbers that a showcase is judged by, wherever its steps put them. */
export function kpis(view: TranscriptView): {
  sales: number | null;
  /** The world was there already, and was taken as it is. */
  isStored: boolean;
  trained: number | null;
  isVerified: boolean | null;
} {
  const seed = dataOf(view, "seed");
  const records = isRecord(seed.records_created) ? seed.records_created : {};
  const { trained } = dataOf(view, "train");
  const { verified } = dataOf(view, "verify");
  return {
    sales: number(records.sales),
    isStored: seed.is_existing === true,
    trained: Array.isArray(trained) ? trained.length : null,
    isVerified: typeof verified === "boolean" ? verified : null,
  };
}

function dataOf(view: TranscriptView, name: string): Record<string, unknown> {
  return stepsOf(view).find((step) => step.step === name)?.data ?? {};
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function text(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

function number(value: unknown): number | null {
  return typeof value === "number" ? value : null;
}
