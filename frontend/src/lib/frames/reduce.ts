/**
 * The one reducer for live and replayed streams; the twin of `frames::Transcript` in Rust, held to it by the files in
 * `openapi/goldens`. Frames are folded one by one and never again.
 */
import { Cow } from "./cow.ts";
import { reconcile } from "./items.ts";
import type { Stamp } from "./place.ts";
import { Plan } from "./plan.ts";
import { applySection } from "./section.ts";
import { Sections } from "./sections.ts";
import { type Approval, emptyTranscript, type TranscriptState } from "./state.ts";
import type { ApprovalDecided, ApprovalRequested, Final, Frame, RunOpened, StreamError } from "./types.ts";
import { compact, finalOf, time } from "./wire.ts";

/** A transcript that grows. Snapshots never change and share all that a later frame does not touch. */
export class Transcript {
  readonly #cow = new Cow();
  readonly #root: { state: TranscriptState };
  readonly #plan: Plan;
  readonly #sections: Sections;
  readonly #approvals = new Map<string, number>();

  /** A transcript that goes on from a snapshot, or from nothing. */
  constructor(from: TranscriptState = emptyTranscript()) {
    this.#root = { state: from };
    this.#plan = new Plan(from);
    this.#sections = new Sections(from);
    for (const [at, { approval_id }] of from.approvals.entries()) this.#approvals.set(approval_id, at);
  }

  /** What was applied so far, as a value that never changes. */
  snapshot(): TranscriptState {
    this.#cow.release();
    return this.#root.state;
  }

  /** Takes the next frame. A kind of a newer server is counted and shows nothing. */
  apply(frame: Frame): void {
    const cow = this.#cow;
    const state = cow.own(this.#root, "state");
    const stamp = { event_id: frame.event_id, at: time(frame.server_timestamp) };
    this.#head(state, frame, stamp);
    switch (frame.kind) {
      case "run.opened":
        state.run = runHeader(frame, stamp);
        return;
      case "attempt.started":
      case "phase.started":
      case "step.started":
      case "step.completed":
      case "progress":
        this.#plan.apply(cow, state, frame, stamp);
        return;
      case "artifact.created": {
        const { artifact_id, name, media_type, size_bytes, digest } = frame;
        const { event_id, at: created_at } = stamp;
        cow
          .own(state, "artifacts")
          .push({ artifact_id, name, media_type, size_bytes, digest, event_id, created_at });
        return;
      }
      case "approval.requested":
        request(this.#approval(state, frame.approval_id), frame, stamp);
        return;
      case "approval.decided":
        decide(this.#approval(state, frame.approval_id), frame, stamp);
        return;
      case "notice": {
        const { level, code, message, data } = frame;
        cow.own(state, "notices").push({ ...stamp, level, code, message, data: data ?? null });
        return;
      }
      case "final":
        this.#end(state, frame, stamp, finalOf(frame.final), null);
        return;
      case "error":
        this.#end(state, frame, stamp, null, compact(frame.error));
        return;
      default:
        if (!isKnown(frame)) return;
        applySection(this.#sections.place(cow, state, frame, stamp), frame);
        return;
    }
  }

  #head(state: TranscriptState, frame: Frame, { event_id, at }: Stamp): void {
    if (state.schema === null) {
      state.schema = frame.schema;
      state.stream_id = frame.stream_id;
      state.conversation_id = frame.conversation_id;
      state.started_at = at;
    }
    state.updated_at = at;
    const counts = this.#cow.own(state, "counts");
    counts.frames += 1;
    counts.last_event_id = event_id;
    const kinds = this.#cow.own(counts, "kinds");
    kinds[frame.kind] = (kinds[frame.kind] ?? 0) + 1;
    const item_id = "item_id" in frame ? frame.item_id : null;
    for (const notice of frame.notices ?? []) {
      this.#cow.own(state, "omissions").push({ event_id, kind: frame.kind, item_id, ...notice });
    }
  }

  #end(
    state: TranscriptState,
    frame: Frame,
    stamp: Stamp,
    final: Final | null,
    error: StreamError | null,
  ): void {
    state.terminal = { ...stamp, final, error };
    const whole = final?.reasoning_summary_text;
    if (!whole) return;
    const section = this.#sections.find(this.#cow, state, frame);
    if (section) reconcile(this.#cow, section, whole);
  }

  #approval(state: TranscriptState, approval_id: string): Approval {
    const approvals = this.#cow.own(state, "approvals");
    const at =
      this.#approvals.get(approval_id) ?? approvals.push(this.#cow.adopt(newApproval(approval_id))) - 1;
    this.#approvals.set(approval_id, at);
    return this.#cow.at(approvals, at);
  }
}

/** The transcript of these frames, after those that a snapshot shows. */
export function reduce(frames: Iterable<Frame>, from?: TranscriptState): TranscriptState {
  const transcript = new Transcript(from);
  for (const frame of frames) transcript.apply(frame);
  return transcript.snapshot();
}

function runHeader(frame: RunOpened, { at }: Stamp): TranscriptState["run"] {
  const { run_id, run_kind, run_kind_version, seed, spec_digest, title, inputs } = frame;
  return {
    run_id,
    run_kind,
    run_kind_version,
    seed,
    spec_digest,
    title: title ?? null,
    inputs: inputs ?? [],
    opened_at: at,
  };
}

function newApproval(approval_id: string): Approval {
  return {
    approval_id,
    title: null,
    detail: null,
    expires_at: null,
    requested_at: null,
    decision: null,
    reason: null,
    decided_at: null,
  };
}

function request(approval: Approval, frame: ApprovalRequested, { at }: Stamp): void {
  approval.title = frame.title;
  approval.detail = frame.detail ?? null;
  approval.expires_at = frame.expires_at ? time(frame.expires_at) : null;
  approval.requested_at = at;
}

/** Records an answer. The first one counts: a deadline that passes after a click changes nothing. */
function decide(approval: Approval, frame: ApprovalDecided, { at }: Stamp): void {
  if (approval.decision !== null) return;
  approval.decision = frame.decision;
  approval.reason = frame.reason ?? null;
  approval.decided_at = at;
}

const RESPONSE_KINDS: readonly string[] = ["lifecycle", "memory.checkpoint", "agent.updated"];

function isKnown(frame: Frame): boolean {
  return RESPONSE_KINDS.includes(frame.kind) || "item_id" in frame;
}
