/** What stands in a transcript, one kind of block for each kind of item. Components draw these and know no frames. */
import type { CardApproval, Details } from "@/lib/frames/state.ts";
import type { Checkpoint } from "@/lib/frames/types.ts";

/** What was redacted or cut where it stands: nothing is dropped silently. */
export interface OmissionView {
  eventId: number;
  type: "redacted" | "truncated";
  path: string;
  message: string;
}

/** A source that a message names. */
export interface CitationView {
  /** What kind of thing it is: a page, a file, a file of a container. */
  sort: "url" | "file" | "container_file";
  label: string;
  /** Where it can be opened; `null` where nobody has said an address that may be followed. */
  href: string | null;
  /** The artifact it is, where the run has left it. */
  artifactId: string | null;
  /** The passage of the message it belongs to. */
  quote: string | null;
}

/** A large field put together from its chunks. */
export interface FieldView {
  name: string;
  part: number | null;
  /** Every chunk of it is here. */
  isWhole: boolean;
  /** More chunks may come. */
  isComing: boolean;
  chunks: number;
  /** Its text; of bytes, `null`. */
  text: string | null;
}

/** A picture that came in chunks. */
export interface ImageView {
  part: number;
  chunks: number;
  /** More chunks may come. */
  isComing: boolean;
  /** A data address once all of it is here. */
  url: string | null;
}

interface Common {
  id: string;
  /** The frame that made a place for it. */
  place: number;
}

export interface MessageBlock extends Common {
  type: "message";
  role: string | null;
  text: string;
  /** Nothing more of it comes. */
  isDone: boolean;
  isRefusal: boolean;
  citations: CitationView[];
  fields: FieldView[];
  omissions: OmissionView[];
}

export interface ReasoningBlock extends Common {
  type: "reasoning";
  parts: { index: number; text: string; isDone: boolean }[];
  omissions: OmissionView[];
}

export interface ToolBlock extends Common {
  type: "tool";
  /** Absent as long as nothing but its place is known. */
  name: string | null;
  /** Its place among what runs in parallel. */
  branch: number | null;
  toolType: string;
  status: string;
  server: string | null;
  agent: string | null;
  argumentsText: string | null;
  code: string | null;
  isCodeDone: boolean;
  details: Details;
  approval: CardApproval | null;
  output: unknown;
  images: ImageView[];
  fields: FieldView[];
  /** What an agent said inside the call. */
  nested: BlockView[];
  startedAt: string;
  endedAt: string | null;
  omissions: OmissionView[];
}

/** The memory was made smaller before this place; what was said before it stays as it is. */
export interface CheckpointBlock extends Common {
  type: "checkpoint";
  at: string;
  checkpoint: Checkpoint;
}

export interface HandOffBlock extends Common {
  type: "hand_off";
  at: string;
  from: string | null;
  to: string;
  nth: number | null;
}

/** From here on another agent, step or branch speaks. */
export interface SpeakerBlock extends Common {
  type: "speaker";
  label: string;
  lifecycle: string | null;
  reason: string | null;
}

export type BlockView =
  | MessageBlock
  | ReasoningBlock
  | ToolBlock
  | CheckpointBlock
  | HandOffBlock
  | SpeakerBlock;
