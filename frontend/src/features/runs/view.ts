/** What a transcript shows. The showcase's live events and a run's frames both become these, and one set of components draws them. */

export interface StepView {
  step: string;
  index: number;
  total: number;
  /** `started` until the step says how it ended. */
  status: "started" | "running" | "pass" | "fail" | "skip" | "warn";
  detail: string;
  durationMs: number | null;
  data: Record<string, unknown>;
  startedAt: string;
}

export interface PhaseView {
  phase: string;
  title: string | null;
  index: number;
  total: number;
  steps: StepView[];
  progress: { fraction: number; done: number | null; total: number | null; message: string | null } | null;
}

export type BlockView =
  | { type: "message"; id: string; text: string; isDone: boolean; isRefusal: boolean; citations: number }
  | { type: "reasoning"; id: string; text: string; isDone: boolean }
  | {
      type: "tool";
      id: string;
      name: string;
      toolType: string;
      status: string;
      argumentsText: string | null;
      output: unknown;
    };

export interface ArtifactView {
  artifactId: string;
  name: string;
  mediaType: string;
  sizeBytes: number;
  digest: string;
}

export interface NoticeView {
  level: "info" | "warning" | "error";
  code: string;
  message: string;
}

export interface TerminalView {
  /** `error` for an error frame, else the final frame's status. */
  status: string;
  text: string | null;
  code: string | null;
  isRetryable: boolean;
}

export interface TranscriptView {
  phases: PhaseView[];
  blocks: BlockView[];
  artifacts: ArtifactView[];
  notices: NoticeView[];
  attempt: { number: number; worker: string } | null;
  terminal: TerminalView | null;
}

/** A phase stands as its worst step does; with nothing failed it runs until all of its steps have ended. */
export function phaseStatus(phase: PhaseView, hasEnded: boolean): string {
  const statuses = phase.steps.map((step) => step.status);
  if (statuses.includes("fail")) return "fail";
  const isOpen = statuses.some((status) => status === "started" || status === "running");
  if (isOpen) return hasEnded ? "cancelled" : "running";
  if (statuses.length === 0) {
    if (phase.progress && phase.progress.fraction >= 1) return "pass";
    return hasEnded ? "pass" : "running";
  }
  if (statuses.includes("warn")) return "warn";
  return statuses.every((status) => status === "skip") ? "skip" : "pass";
}
