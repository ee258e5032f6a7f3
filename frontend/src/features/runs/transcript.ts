import type { WireFrame } from "./stream.ts";
import type { BlockView, PhaseView, StepView, TranscriptView } from "./view.ts";

/** Nothing has been said yet. */
export const EMPTY: TranscriptView = {
  phases: [],
  blocks: [],
  artifacts: [],
  notices: [],
  attempt: null,
  terminal: null,
};

/** One frame later. Untouched parts are shared with the transcript before, so a snapshot costs a reference. */
export function apply(transcript: TranscriptView, frame: WireFrame): TranscriptView {
  const f = frame as Fields;
  switch (frame.kind) {
    case "attempt.started":
      return { ...transcript, attempt: { number: f.attempt, worker: f.worker } };
    case "phase.started":
      return {
        ...transcript,
        phases: withPhase(transcript.phases, f, (phase) => ({ ...phase, title: f.title ?? null })),
      };
    case "step.started":
    case "step.completed":
      return { ...transcript, phases: withPhase(transcript.phases, f, (phase) => withStep(phase, f)) };
    case "progress":
      return { ...transcript, phases: withProgress(transcript.phases, f) };
    case "artifact.created":
      return {
        ...transcript,
        artifacts: [
          ...transcript.artifacts,
          {
            artifactId: f.artifact_id,
            name: f.name,
            mediaType: f.media_type,
            sizeBytes: f.size_bytes,
            digest: f.digest,
          },
        ],
      };
    case "notice":
      return {
        ...transcript,
        notices: [...transcript.notices, { level: f.level, code: f.code, message: f.message }],
      };
    case "final":
      return { ...transcript, terminal: finalOf(f.final) };
    case "error":
      return {
        ...transcript,
        terminal: {
          status: "error",
          text: f.error.message,
          code: f.error.code ?? null,
          isRetryable: f.error.is_retryable === true,
        },
      };
    default:
      return { ...transcript, blocks: withBlock(transcript.blocks, frame.kind, f) };
  }
}

// biome-ignore lint/suspicious/noExplicitAny: a frame's own fields are checked by the server's validator, by kind
type Fields = any;

function finalOf(final: Fields): TranscriptView["terminal"] {
  return {
    status: final.status,
    text: final.response_text ?? final.refusal_text ?? null,
    code: null,
    isRetryable: false,
  };
}

function withPhase(phases: PhaseView[], f: Fields, change: (phase: PhaseView) => PhaseView): PhaseView[] {
  const at = phases.findIndex((phase) => phase.phase === f.phase);
  const found = phases[at];
  if (found) return phases.with(at, change(found));
  const fresh = {
    phase: f.phase,
    title: null,
    index: f.phase_index ?? phases.length + 1,
    total: f.phase_total ?? 0,
    steps: [],
    progress: null,
  };
  return [...phases, change(fresh)];
}

function withStep(phase: PhaseView, f: Fields): PhaseView {
  const at = phase.steps.findIndex((step) => step.index === f.step_index);
  const before = phase.steps[at];
  const step: StepView = {
    step: f.step,
    index: f.step_index,
    total: f.step_total,
    status: f.kind === "step.started" ? "started" : f.status,
    detail: f.detail ?? before?.detail ?? "",
    durationMs: f.duration_ms ?? null,
    data: f.data ?? {},
    startedAt: before?.startedAt ?? f.server_timestamp,
  };
  return { ...phase, steps: before ? phase.steps.with(at, step) : [...phase.steps, step] };
}

function withProgress(phases: PhaseView[], f: Fields): PhaseView[] {
  const progress = {
    fraction: f.fraction,
    done: f.done ?? null,
    total: f.total ?? null,
    message: f.message ?? null,
  };
  return withPhase(phases, f, (phase) => ({ ...phase, progress }));
}

function withBlock(blocks: BlockView[], kind: string, f: Fields): BlockView[] {
  const id: string | undefined = f.item_id;
  if (!id) return blocks;
  const at = blocks.findIndex((block) => block.id === id);
  const next = blockAfter(blocks[at], kind, f, id);
  if (!next) return blocks;
  return at < 0 ? [...blocks, next] : blocks.with(at, next);
}

function blockAfter(before: BlockView | undefined, kind: string, f: Fields, id: string): BlockView | null {
  if (kind === "output_item.added") return before ?? placeholder(f, id);
  if (kind === "output_item.done") {
    return before && before.type !== "tool" ? { ...before, isDone: true } : (before ?? null);
  }
  if (kind.startsWith("tool.")) return toolAfter(before, kind, f, id);
  if (kind.startsWith("reasoning_summary.")) {
    const text = before?.type === "reasoning" ? before.text : "";
    if (kind.endsWith(".delta")) return { type: "reasoning", id, text: text + f.delta, isDone: false };
    return { type: "reasoning", id, text: f.text ?? text, isDone: kind.endsWith(".done") };
  }
  if (kind.startsWith("message.") || kind.startsWith("refusal.")) return messageAfter(before, kind, f, id);
  return null;
}

function placeholder(f: Fields, id: string): BlockView | null {
  if (f.item_type === "message") {
    return { type: "message", id, text: "", isDone: false, isRefusal: false, citations: 0 };
  }
  if (f.item_type === "reasoning") return { type: "reasoning", id, text: "", isDone: false };
  return {
    type: "tool",
    id,
    name: f.item_type,
    toolType: "function",
    status: f.status ?? "queued",
    argumentsText: null,
    output: undefined,
  };
}

function messageAfter(before: BlockView | undefined, kind: string, f: Fields, id: string): BlockView {
  const message =
    before?.type === "message"
      ? before
      : ({ type: "message", id, text: "", isDone: false, isRefusal: false, citations: 0 } as const);
  switch (kind) {
    case "message.citation":
      return { ...message, citations: message.citations + 1 };
    case "refusal.done":
      return { ...message, text: f.refusal_text, isRefusal: true };
    case "refusal.delta":
      return { ...message, text: message.text + f.delta, isRefusal: true };
    default:
      return { ...message, text: message.text + f.delta };
  }
}

function toolAfter(before: BlockView | undefined, kind: string, f: Fields, id: string): BlockView {
  const tool =
    before?.type === "tool"
      ? before
      : ({
          type: "tool",
          id,
          name: f.tool_name ?? "tool",
          toolType: f.tool_type ?? "function",
          status: "in_progress",
          argumentsText: null,
          output: undefined,
        } as const);
  switch (kind) {
    case "tool.status":
      return {
        ...tool,
        name: f.tool.name ?? f.tool.tool_name ?? tool.name,
        toolType: f.tool.tool_type,
        status: f.tool.status,
        argumentsText: f.tool.arguments_text ?? jsonText(f.tool.arguments_json) ?? tool.argumentsText,
        output: f.tool.output ?? tool.output,
      };
    case "tool.arguments.delta":
    case "tool.code.delta":
      return { ...tool, argumentsText: (tool.argumentsText ?? "") + f.delta };
    case "tool.arguments.done":
      return { ...tool, argumentsText: f.arguments_text };
    case "tool.code.done":
      return { ...tool, argumentsText: f.code };
    case "tool.output":
      return { ...tool, output: f.output };
    default:
      return tool;
  }
}

function jsonText(value: unknown): string | null {
  return value === undefined || value === null ? null : JSON.stringify(value);
}
