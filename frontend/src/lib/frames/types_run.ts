/** The ten kinds that `run_v1` adds. */
import type { JsonObject, Maybe } from "./types.ts";

export interface RunInput {
  role: string;
  id: string;
  digest: string;
}

export interface RunOpened {
  kind: "run.opened";
  run_id: string;
  run_kind: string;
  run_kind_version: number;
  /** Decimal digits. On the wire it is a number of 64 bits, of which a JavaScript number would lose some. */
  seed: string;
  spec_digest: string;
  title?: Maybe<string>;
  inputs?: Maybe<RunInput[]>;
}

export interface AttemptStarted {
  kind: "attempt.started";
  attempt: number;
  worker: string;
}

export interface PhaseStarted {
  kind: "phase.started";
  phase: string;
  phase_index: number;
  phase_total: number;
  title?: Maybe<string>;
}

export interface StepStarted {
  kind: "step.started";
  step: string;
  step_index: number;
  step_total: number;
  phase: string;
  phase_index: number;
  phase_total: number;
}

export type StepStatus = "pass" | "fail" | "skip" | "warn" | "running";

export interface StepCompleted extends Omit<StepStarted, "kind"> {
  kind: "step.completed";
  status: StepStatus;
  detail: string;
  duration_ms: number;
  data: JsonObject;
}

export interface Progress {
  kind: "progress";
  phase: string;
  fraction: number;
  done?: Maybe<number>;
  total?: Maybe<number>;
  message?: Maybe<string>;
}

export interface ArtifactCreated {
  kind: "artifact.created";
  artifact_id: string;
  name: string;
  media_type: string;
  size_bytes: number;
  digest: string;
}

export interface ApprovalRequested {
  kind: "approval.requested";
  approval_id: string;
  title: string;
  detail?: Maybe<string>;
  expires_at?: Maybe<string>;
}

export type Decision = "approved" | "rejected" | "timed_out";

export interface ApprovalDecided {
  kind: "approval.decided";
  approval_id: string;
  decision: Decision;
  reason?: Maybe<string>;
}

export type Level = "info" | "warning" | "error";

export interface RunNotice {
  kind: "notice";
  level: Level;
  code: string;
  message: string;
  data?: Maybe<JsonObject>;
}
