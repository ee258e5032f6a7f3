import type { RunStatus } from "@/api/types.ts";
import type { Phase, Step, Terminal, TranscriptState } from "@/lib/frames/state.ts";
import type { Json } from "@/lib/frames/types.ts";
import type { BlockView } from "./transcript/block.ts";
import { looseOmissions, transcriptBlocks } from "./transcript/blocks.ts";

/** What a transcript shows: a run's frames become these, live or replayed, and one set of components draws them. */

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
  /** The attempt it belongs to; `null` before there is a second one to tell it from. */
  attempt: number | null;
  index: number;
  total: number;
  steps: StepView[];
  progress: { fraction: number; done: number | null; total: number | null; message: string | null } | null;
}

interface ArtifactView {
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
  /** What the end says to programs. */
  structured: Json | null;
  isRetryable: boolean;
  at: string;
}

export interface TranscriptView {
  openedAt: string | null;
  /** When the newest of the frames was sent. */
  at: string | null;
  /** 0 before the first. */
  attempt: number;
  phases: PhaseView[];
  blocks: BlockView[];
  artifacts: ArtifactView[];
  notices: NoticeView[];
  approvals: { id: string; title: string; decision: string | null; reason: string | null }[];
  /** What was redacted or cut and stands at no block, said aloud: nothing is dropped silently. */
  omissions: string[];
  terminal: TerminalView | null;
}

/** How the run stands after these frames, in the words of the list of runs. */
export function standingOf({ terminal, at }: TranscriptView): RunStatus {
  if (terminal) return ENDINGS[terminal.status] ?? "failed";
  return at === null ? "queued" : "running";
}

/** A refusal is an answer, so the run has succeeded. */
const ENDINGS: Record<string, RunStatus> = {
  completed: "succeeded",
  refused: "succeeded",
  cancelled: "cancelled",
};

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

/** A reduced transcript as the components draw it. */
export function viewOf(state: TranscriptState): TranscriptView {
  const blocks = transcriptBlocks(state);
  return {
    // A stream of others may open no run; it began with its first frame.
    openedAt: state.run?.opened_at ?? state.started_at,
    at: state.updated_at,
    attempt: state.attempts.at(-1)?.attempt ?? 0,
    phases: phasesOf(state),
    blocks,
    artifacts: state.artifacts.map((artifact) => ({
      artifactId: artifact.artifact_id,
      name: artifact.name,
      mediaType: artifact.media_type,
      sizeBytes: artifact.size_bytes,
      digest: artifact.digest,
    })),
    notices: state.notices.map(({ level, code, message }) => ({ level, code, message })),
    approvals: state.approvals.map(({ approval_id, title, decision, reason }) => ({
      id: approval_id,
      title: title ?? approval_id,
      decision,
      reason,
    })),
    omissions: looseOmissions(state.omissions, blocks).map(
      ({ event_id, path, message }) => `Frame ${event_id}, ${path}: ${message}`,
    ),
    terminal: terminalView(state.terminal),
  };
}

export function phasesOf({ phases, attempts }: TranscriptState): PhaseView[] {
  const hasRetried = attempts.length > 1;
  return phases.map((phase, at) => phaseOf(phase, at, hasRetried));
}

function phaseOf(phase: Phase, at: number, hasRetried: boolean): PhaseView {
  return {
    phase: phase.phase,
    title: phase.title,
    attempt: hasRetried ? phase.attempt : null,
    index: phase.phase_index ?? at + 1,
    total: phase.phase_total ?? 0,
    steps: phase.steps.map(stepOf),
    progress: phase.progress,
  };
}

function stepOf(step: Step): StepView {
  return {
    step: step.step,
    index: step.step_index,
    total: step.step_total,
    status: step.completed_at === null && step.status !== "running" ? "started" : step.status,
    detail: step.detail,
    durationMs: step.duration_ms,
    data: step.data,
    startedAt: step.started_at ?? "",
  };
}

/** The end as it is drawn. */
export function terminalView(terminal: Terminal | null): TerminalView | null {
  if (!terminal) return null;
  if (terminal.error) {
    const { message, code, is_retryable } = terminal.error;
    return {
      status: "error",
      text: message,
      code: code ?? null,
      structured: null,
      isRetryable: is_retryable,
      at: terminal.at,
    };
  }
  const { final } = terminal;
  if (!final) return null;
  return {
    status: final.status,
    text: final.response_text ?? final.refusal_text ?? null,
    code: null,
    structured: final.structured_output ?? null,
    isRetryable: false,
    at: terminal.at,
  };
}
