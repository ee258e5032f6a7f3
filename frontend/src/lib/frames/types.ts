/**
 * Frames as they are on the wire: the 23 kinds of `public_sse_v1` and the ten that `run_v1` adds. Their shapes are those
 * of the generated `schema.d.ts`, which come from the tables of `crates/frames`; it refuses what does not fit before
 * anything is stored, so a reader may trust the fields of a kind. Here they only get the names the reducer uses.
 */
import type { components } from "@/api/schema.d.ts";

type Schemas = components["schemas"];
type Described = Schemas["ledger.Frame"];
type Named<K extends Described["kind"]> = Extract<Described, { kind: K }>;

/** The seed as its decimal digits. On the wire it is a number of 64 bits, of which a JavaScript number would lose some. */
type Opened = Omit<Named<"run.opened">, "seed"> & { seed: string };

/** A frame as it is read. */
export type Frame = Exclude<Described, Named<"run.opened">> | Opened;
export type Kind = Frame["kind"];

/** What frames of all kinds have. */
export type Envelope = Pick<Frame, Exclude<keyof Frame, "kind">>;

type WithoutEnvelope<F> = F extends unknown ? Omit<F, keyof Envelope> : never;

/** What a frame says: its kind and the fields of it. */
export type Body = WithoutEnvelope<Frame>;

/** What the frames of these kinds say. */
type Said<K extends Kind> = Extract<Body, { kind: K }>;

/** The output item a frame belongs to. */
export type ItemFields = Pick<Said<"message.delta">, "output_index" | "item_id">;

/** What frames say about the items of a response. */
export type ItemBody = Extract<Body, ItemFields>;

/** What frames say about a tool call. */
export type ToolBody = Extract<Body, { kind: `tool.${string}` }>;

/** What frames say about the run as a whole: the kinds that only `run_v1` knows. */
type RunBody = WithoutEnvelope<Extract<Frame, { schema: "run_v1" }>>;

/** What frames say within a section: about a response or its items. */
export type SectionBody = Exclude<Body, RunBody | Said<"final" | "error">>;

export type OutputItem = Said<"output_item.added" | "output_item.done">;
export type AgentUpdated = Said<"agent.updated">;
export type MemoryCheckpoint = Said<"memory.checkpoint">;
export type ToolApproval = Said<"tool.approval">;
export type ChunkDelta = Said<"chunk.delta">;
export type ChunkDone = Said<"chunk.done">;
export type RunOpened = Said<"run.opened">;
export type AttemptStarted = Said<"attempt.started">;
export type PhaseStarted = Said<"phase.started">;
export type StepStarted = Said<"step.started">;
export type StepCompleted = Said<"step.completed">;
export type Progress = Said<"progress">;
export type ApprovalRequested = Said<"approval.requested">;
export type ApprovalDecided = Said<"approval.decided">;

export type Json = Schemas["frames.Json"];
export type JsonObject = Schemas["frames.JsonObject"];
export type Schema = Schemas["frames.Schema"];
export type Workflow = Schemas["frames.Workflow"];
export type Scope = Schemas["frames.Scope"];
export type Notice = Schemas["frames.Notice"];
export type LifecycleStatus = Schemas["frames.LifecycleStatus"];
export type Checkpoint = Schemas["frames.Checkpoint"];
export type Citation = Schemas["frames.Citation"];
export type Attachment = Schemas["frames.Attachment"];
export type Final = Schemas["frames.Final"];
export type StreamError = Schemas["frames.StreamError"];
export type RunInput = Schemas["frames.RunInput"];
export type StepStatus = Schemas["frames.StepStatus"];
export type Decision = Schemas["frames.Decision"];
export type Level = Schemas["frames.Level"];
export type Tool = Schemas["frames.Tool"];
export type ToolType = Schemas["frames.ToolType"];
export type FileResult = Schemas["frames.FileResult"];
export type ChunkTarget = Schemas["frames.ChunkTarget"];

/** An optional field: omitted, or an explicit `null` as others write it. */
export type Maybe<T> = T | null | undefined;

/** Whether the frame ends its stream. */
export function isTerminal(frame: Frame): boolean {
  return frame.kind === "final" || frame.kind === "error";
}
