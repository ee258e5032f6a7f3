/**
 * Frames as they are on the wire: the 23 kinds of `public_sse_v1` and the ten that `run_v1` adds. `crates/frames` is
 * the authority; it refuses what does not fit before anything is stored, so a reader may trust the fields of a kind.
 */
import type {
  ApprovalDecided,
  ApprovalRequested,
  ArtifactCreated,
  AttemptStarted,
  PhaseStarted,
  Progress,
  RunNotice,
  RunOpened,
  StepCompleted,
  StepStarted,
} from "./types_run.ts";
import type {
  ChunkDelta,
  ChunkDone,
  ToolApproval,
  ToolArgumentsDelta,
  ToolArgumentsDone,
  ToolCodeDelta,
  ToolCodeDone,
  ToolOutput,
  ToolStatus,
} from "./types_tool.ts";

export type Json = null | boolean | number | string | Json[] | JsonObject;
export type JsonObject = { [key: string]: Json };

/** An optional field: omitted, or an explicit `null` as others write it. */
export type Maybe<T> = T | null | undefined;

export type Schema = "public_sse_v1" | "run_v1";

export interface Workflow {
  workflow_key?: Maybe<string>;
  workflow_run_id?: Maybe<string>;
  stage_name?: Maybe<string>;
  step_name?: Maybe<string>;
  step_agent?: Maybe<string>;
  parallel_group?: Maybe<string>;
  branch_index?: Maybe<number>;
}

/** The tool call whose nested agent run a frame belongs to. */
export interface Scope {
  type: "agent_tool";
  tool_call_id: string;
  tool_name?: Maybe<string>;
  agent?: Maybe<string>;
}

/** Something that was left out of a frame. */
export interface Notice {
  type: "redacted" | "truncated";
  path: string;
  message: string;
}

export interface Envelope {
  schema: Schema;
  event_id: number;
  stream_id: string;
  server_timestamp: string;
  conversation_id: string;
  response_id?: Maybe<string>;
  agent?: Maybe<string>;
  workflow?: Maybe<Workflow>;
  scope?: Maybe<Scope>;
  provider_sequence_number?: Maybe<number>;
  notices?: Maybe<Notice[]>;
}

/** The output item a frame belongs to. */
export interface ItemFields {
  output_index: number;
  item_id: string;
}

export type LifecycleStatus = "queued" | "in_progress" | "completed" | "failed" | "incomplete" | "cancelled";

export interface Lifecycle {
  kind: "lifecycle";
  status: LifecycleStatus;
  reason?: Maybe<string>;
}

export interface Checkpoint {
  strategy: string;
  trigger_reason?: Maybe<string>;
  tokens_before?: Maybe<number>;
  tokens_after?: Maybe<number>;
  compacted_count?: Maybe<number>;
  compacted_inputs?: Maybe<number>;
  compacted_outputs?: Maybe<number>;
  keep_turns?: Maybe<number>;
  trigger_turns?: Maybe<number>;
  clear_tool_inputs?: Maybe<boolean>;
  excluded_tools?: Maybe<string[]>;
  included_tools?: Maybe<string[]>;
  total_items_before?: Maybe<number>;
  total_items_after?: Maybe<number>;
  turns_before?: Maybe<number>;
  turns_after?: Maybe<number>;
}

export interface MemoryCheckpoint {
  kind: "memory.checkpoint";
  checkpoint: Checkpoint;
}

export interface AgentUpdated {
  kind: "agent.updated";
  from_agent?: Maybe<string>;
  to_agent: string;
  handoff_index?: Maybe<number>;
}

export interface OutputItem extends ItemFields {
  kind: "output_item.added" | "output_item.done";
  item_type: string;
  role?: Maybe<string>;
  status?: Maybe<string>;
}

export interface MessageDelta extends ItemFields {
  kind: "message.delta";
  content_index: number;
  delta: string;
}

export type Citation =
  | { type: "url_citation"; start_index: number; end_index: number; title?: Maybe<string>; url: string }
  | {
      type: "container_file_citation";
      start_index: number;
      end_index: number;
      container_id: string;
      file_id: string;
      filename?: Maybe<string>;
      url?: Maybe<string>;
    }
  | {
      type: "file_citation";
      start_index?: Maybe<number>;
      end_index?: Maybe<number>;
      index?: Maybe<number>;
      file_id: string;
      filename?: Maybe<string>;
    };

export interface MessageCitation extends ItemFields {
  kind: "message.citation";
  content_index: number;
  citation: Citation;
}

export interface ReasoningPartAdded extends ItemFields {
  kind: "reasoning_summary.part.added";
  part_type: "summary_text";
  summary_index: number;
  text?: Maybe<string>;
}

export interface ReasoningDelta extends ItemFields {
  kind: "reasoning_summary.delta";
  summary_index?: Maybe<number>;
  delta: string;
}

export interface ReasoningPartDone extends ItemFields {
  kind: "reasoning_summary.part.done";
  part_type: "summary_text";
  summary_index: number;
  text: string;
}

export interface RefusalDelta extends ItemFields {
  kind: "refusal.delta";
  content_index: number;
  delta: string;
}

export interface RefusalDone extends ItemFields {
  kind: "refusal.done";
  content_index: number;
  refusal_text: string;
}

export interface Attachment {
  object_id: string;
  filename: string;
  mime_type?: Maybe<string>;
  size_bytes?: Maybe<number>;
  url?: Maybe<string>;
  tool_call_id?: Maybe<string>;
}

export interface Usage {
  input_tokens?: Maybe<number>;
  output_tokens?: Maybe<number>;
  total_tokens?: Maybe<number>;
  cached_input_tokens?: Maybe<number>;
  reasoning_output_tokens?: Maybe<number>;
  requests?: Maybe<number>;
}

export interface Final {
  status: "completed" | "failed" | "incomplete" | "refused" | "cancelled";
  response_text?: Maybe<string>;
  structured_output?: Json;
  reasoning_summary_text?: Maybe<string>;
  refusal_text?: Maybe<string>;
  attachments?: Maybe<Attachment[]>;
  usage?: Maybe<Usage>;
}

export interface FinalFrame {
  kind: "final";
  final: Final;
}

export interface StreamError {
  code?: Maybe<string>;
  message: string;
  source: "provider" | "server";
  is_retryable: boolean;
}

export interface ErrorFrame {
  kind: "error";
  error: StreamError;
}

/** What frames say about the items of a response. */
export type ItemBody =
  | OutputItem
  | MessageDelta
  | MessageCitation
  | ReasoningPartAdded
  | ReasoningDelta
  | ReasoningPartDone
  | RefusalDelta
  | RefusalDone
  | ToolBody
  | ChunkDelta
  | ChunkDone;

/** What frames say about a tool call. */
export type ToolBody =
  | ToolStatus
  | ToolArgumentsDelta
  | ToolArgumentsDone
  | ToolCodeDelta
  | ToolCodeDone
  | ToolOutput
  | ToolApproval;

/** What frames say within a section: about a response or its items. */
export type SectionBody = Lifecycle | MemoryCheckpoint | AgentUpdated | ItemBody;

/** What frames say about the run as a whole. */
export type RunBody =
  | RunOpened
  | AttemptStarted
  | PhaseStarted
  | StepStarted
  | StepCompleted
  | Progress
  | ArtifactCreated
  | ApprovalRequested
  | ApprovalDecided
  | RunNotice;

export type Body = SectionBody | RunBody | FinalFrame | ErrorFrame;
export type Kind = Body["kind"];
export type Frame = Envelope & Body;

/** Whether the frame ends its stream. */
export function isTerminal(frame: Frame): boolean {
  return frame.kind === "final" || frame.kind === "error";
}
