/** What a showcase has come to, read from its transcript: the same for one that runs and one that is long over. */
import type { Found } from "@/api/types.ts";
import type { StepView, TranscriptView } from "@/features/runs/view.ts";

export interface Outcome {
  status: "passed" | "failed" | "cancelled";
  detail: string | null;
  winner: string | null;
  /** What the winner was chosen by. */
  metric: Found["backtest"]["metric"];
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
  const { winner = null, metric = "wape", winner_wape = null } = found(view, "backtest");
  return {
    status: STATUSES[terminal.status] ?? "failed",
    detail: terminal.text,
    winner,
    metric,
    value: winner_wape,
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
  const { records_created, is_existing = false } = found(view, "seed");
  const { verified = null } = found(view, "verify");
  return {
    sales: records_created?.sales ?? null,
    isStored: is_existing,
    trained: found(view, "train").trained?.length ?? null,
    isVerified: verified,
  };
}

/** What a step found. It is nothing before its end, and where it was skipped or has failed. */
function found<S extends keyof Found>(view: TranscriptView, name: S): Partial<Found[S]> {
  const step = stepsOf(view).find(({ step }) => step === name);
  // A frame says nothing of the shape of its data; the step's name does.
  return (step?.data ?? {}) as Partial<Found[S]>;
}
