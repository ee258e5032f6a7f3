import type { RunStatus } from "@/api/types.ts";
import type { Card, Item, Phase, Section, Step, TranscriptState } from "@/lib/frames/state.ts";
import type { Json } from "@/lib/frames/types.ts";

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

export type BlockView =
  | { type: "message"; id: string; text: string; isDone: boolean; isRefusal: boolean; citations: number }
  | { type: "reasoning"; id: string; text: string; isDone: boolean }
  | {
      type: "tool";
      id: string;
      /** Absent as long as nothing but its place is known. */
      name: string | null;
      /** Its place among what runs in parallel. */
      branch: number | null;
      toolType: string;
      status: string;
      argumentsText: string | null;
      output: unknown;
      /** What an agent said inside the call. */
      nested: BlockView[];
    };

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
  /** What was redacted or cut, said aloud: nothing is dropped silently. */
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
  const hasRetried = state.attempts.length > 1;
  return {
    openedAt: state.run?.opened_at ?? null,
    at: state.updated_at,
    attempt: state.attempts.at(-1)?.attempt ?? 0,
    phases: state.phases.map((phase, at) => phaseOf(phase, at, hasRetried)),
    blocks: [state.header, ...state.sections].flatMap(blocksOf),
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
    omissions: state.omissions.map(({ event_id, path, message }) => `Frame ${event_id}, ${path}: ${message}`),
    terminal: terminalOf(state),
  };
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

function blocksOf(section: Section): BlockView[] {
  const cards = new Map(section.tools.map((card) => [card.tool_call_id, card]));
  const blocks: BlockView[] = [];
  for (const item of section.items) {
    const card = item.tool_call_id === null ? undefined : cards.get(item.tool_call_id);
    if (card) {
      // A card of several items stands at the first of them.
      if (cards.delete(card.tool_call_id)) blocks.push(cardOf(card, section));
    } else blocks.push(...textsOf(item));
  }
  return [...blocks, ...[...cards.values()].map((card) => cardOf(card, section))];
}

function cardOf(card: Card, { branch }: Section): BlockView {
  return {
    type: "tool",
    id: card.tool_call_id,
    name: card.name,
    branch: branch?.branch_index ?? null,
    toolType: card.tool_type,
    status: endOf(card) ?? card.status,
    argumentsText:
      card.arguments_text ??
      card.code ??
      (card.arguments_json === null ? card.details.query : JSON.stringify(card.arguments_json)),
    output: card.has_output ? card.output : undefined,
    nested: card.nested ? blocksOf(card.nested) : [],
  };
}

/** A card that gave nothing has failed by the contract; that it was cancelled or dropped, its output says. */
function endOf({ has_output, output }: Card): string | null {
  const said = has_output && typeof output === "object" && output !== null && !Array.isArray(output);
  return said && ENDS.has(output.status) ? String(output.status) : null;
}

const ENDS = new Set<unknown>(["completed", "dropped", "failed", "cancelled"]);

function textsOf(item: Item): BlockView[] {
  const reasoning = item.reasoning.map(({ summary_index, text, is_done }) => ({
    type: "reasoning" as const,
    id: `${item.item_id}-r${summary_index}`,
    text,
    isDone: is_done,
  }));
  const refusal = item.parts.map((part) => part.refusal ?? "").join("");
  const text = refusal || item.parts.map((part) => part.text).join("");
  if (text === "") return reasoning;
  const citations = item.parts.reduce((sum, part) => sum + part.citations.length, 0);
  const message = {
    type: "message" as const,
    id: item.item_id,
    text,
    isDone: item.is_done,
    isRefusal: refusal !== "",
    citations,
  };
  return [...reasoning, message];
}

function terminalOf({ terminal }: TranscriptState): TerminalView | null {
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
