/**
 * What a viewer sees: the JSON form of a transcript, the same in Rust and here. Absent values are `null`. Objects that
 * the contract defines (a citation, the end) stand as on the wire, without the fields that are absent.
 */
import type {
  Checkpoint,
  Citation,
  Decision,
  FileResult,
  Final,
  Json,
  JsonObject,
  Level,
  LifecycleStatus,
  Notice,
  RunInput,
  Schema,
  StepStatus,
  StreamError,
  ToolType,
  Workflow,
} from "./types.ts";

export interface TranscriptState {
  schema: Schema | null;
  stream_id: string | null;
  conversation_id: string | null;
  started_at: string | null;
  updated_at: string | null;
  run: RunHeader | null;
  attempts: Attempt[];
  /** In order of appearance; those of a former attempt stay, with its number. */
  phases: Phase[];
  /** What names neither a branch nor a response. */
  header: Section;
  /** One per branch and response, in order of appearance. */
  sections: Section[];
  artifacts: Artifact[];
  approvals: Approval[];
  notices: RunNoticeState[];
  /** What was redacted or cut, by frame and item. */
  omissions: Omission[];
  terminal: Terminal | null;
  counts: Counts;
}

export interface RunHeader {
  run_id: string;
  run_kind: string;
  run_kind_version: number;
  /** Decimal digits. */
  seed: string;
  spec_digest: string;
  title: string | null;
  inputs: RunInput[];
  opened_at: string;
}

export interface Attempt {
  attempt: number;
  worker: string;
  started_at: string;
}

export interface Phase {
  phase: string;
  attempt: number | null;
  phase_index: number | null;
  phase_total: number | null;
  title: string | null;
  started_at: string | null;
  progress: PhaseProgress | null;
  steps: Step[];
}

export interface PhaseProgress {
  fraction: number;
  done: number | null;
  total: number | null;
  message: string | null;
  at: string;
}

export interface Step {
  step: string;
  step_index: number;
  step_total: number;
  status: StepStatus;
  detail: string;
  duration_ms: number | null;
  data: JsonObject;
  started_at: string | null;
  /** `null` while it runs. */
  completed_at: string | null;
}

export interface Artifact {
  artifact_id: string;
  name: string;
  media_type: string;
  size_bytes: number;
  digest: string;
  event_id: number;
  created_at: string;
}

export interface Approval {
  approval_id: string;
  title: string | null;
  detail: string | null;
  expires_at: string | null;
  requested_at: string | null;
  decision: Decision | null;
  reason: string | null;
  decided_at: string | null;
}

export interface RunNoticeState {
  event_id: number;
  at: string;
  level: Level;
  code: string;
  message: string;
  data: JsonObject | null;
}

export interface Omission extends Notice {
  event_id: number;
  kind: string;
  item_id: string | null;
}

/** One of `final` and `error` is set. */
export interface Terminal {
  event_id: number;
  at: string;
  final: Final | null;
  error: StreamError | null;
}

export interface Counts {
  frames: number;
  last_event_id: number;
  kinds: { [kind: string]: number };
}

/** One response, or one agent run nested in a tool call. */
export interface Section {
  response_id: string | null;
  branch: Branch | null;
  workflow: Workflow | null;
  agent: string | null;
  lifecycle: { status: LifecycleStatus; reason: string | null } | null;
  first_event_id: number | null;
  last_event_id: number | null;
  /** In the order of their slots. */
  items: Item[];
  /** In order of appearance. A card stands at the first of its items. */
  tools: Card[];
  agent_updates: AgentUpdate[];
  checkpoints: CheckpointMarker[];
  chunks: ChunkField[];
}

export interface Branch {
  stage_name: string | null;
  parallel_group: string | null;
  branch_index: number | null;
}

export interface Item {
  item_id: string;
  output_index: number;
  item_type: string | null;
  role: string | null;
  status: string | null;
  is_done: boolean;
  /** The card it shows, if it shows one. */
  tool_call_id: string | null;
  first_event_id: number;
  parts: Part[];
  reasoning: Summary[];
}

export interface Part {
  content_index: number;
  text: string;
  refusal: string | null;
  citations: Citation[];
}

export interface Summary {
  summary_index: number;
  text: string;
  is_done: boolean;
}

/** In rising order: a card's status never falls. */
export const CARD_STATUSES = [
  "pending",
  "preparing",
  "awaiting_approval",
  "approved",
  "running",
  "completed",
  "failed",
  "denied",
] as const;
export type CardStatus = (typeof CARD_STATUSES)[number];

export interface Card {
  tool_call_id: string;
  item_ids: string[];
  tool_type: ToolType;
  name: string | null;
  server_label: string | null;
  agent: string | null;
  status: CardStatus;
  arguments_text: string | null;
  arguments_json: JsonObject | null;
  is_arguments_done: boolean;
  code: string | null;
  is_code_done: boolean;
  details: Details;
  has_output: boolean;
  output: Json;
  approval: CardApproval | null;
  nested: Section | null;
  first_event_id: number;
  last_event_id: number;
  started_at: string;
  ended_at: string | null;
}

export interface Details {
  query: string | null;
  sources: string[] | null;
  queries: string[] | null;
  results: FileResult[] | null;
  container_id: string | null;
  container_mode: "auto" | "explicit" | null;
  revised_prompt: string | null;
  format: string | null;
  size: string | null;
  quality: string | null;
  background: string | null;
  partial_image_index: number | null;
}

export interface CardApproval {
  event_id: number;
  approved: boolean;
  approval_request_id: string | null;
  reason: string | null;
}

export interface AgentUpdate {
  event_id: number;
  at: string;
  from_agent: string | null;
  to_agent: string;
  handoff_index: number | null;
}

export interface CheckpointMarker {
  /** Stable over replays. */
  id: string;
  event_id: number;
  at: string;
  checkpoint: Checkpoint;
}

export interface ChunkField {
  entity_kind: "tool_call" | "message";
  entity_id: string;
  field: string;
  part_index: number | null;
  encoding: "base64" | "utf8";
  /** The pieces up to the first that is missing. */
  data: string;
  /** How many pieces `data` holds. */
  chunks: number;
  is_done: boolean;
  early: { chunk_index: number; data: string }[];
}

export function emptySection(): Section {
  return {
    response_id: null,
    branch: null,
    workflow: null,
    agent: null,
    lifecycle: null,
    first_event_id: null,
    last_event_id: null,
    items: [],
    tools: [],
    agent_updates: [],
    checkpoints: [],
    chunks: [],
  };
}

/** Nothing has been said yet. */
export function emptyTranscript(): TranscriptState {
  return {
    schema: null,
    stream_id: null,
    conversation_id: null,
    started_at: null,
    updated_at: null,
    run: null,
    attempts: [],
    phases: [],
    header: emptySection(),
    sections: [],
    artifacts: [],
    approvals: [],
    notices: [],
    omissions: [],
    terminal: null,
    counts: { frames: 0, last_event_id: 0, kinds: {} },
  };
}
