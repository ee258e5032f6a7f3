/**
 * What a run came to, from the best source there is: the last frame of its stream, else its row. The frames of a run come
 * over one stream whether it is over or goes on, so that no end of another run can be among them.
 */
import type { RunDetail } from "@/api/types.ts";
import type { Terminal } from "@/lib/frames/state.ts";
import type { Attachment, Final, Json, StreamError } from "@/lib/frames/types.ts";
import { isSettled } from "../queries.ts";

export type FinalSource = "recorded" | "live" | "row";

export interface FinalView {
  source: FinalSource;
  /** The frame that says it; of a row there is none. */
  eventId: number | null;
  /** `error` for an error frame, else the final frame's status, else the row's. */
  status: string;
  text: string | null;
  refusal: string | null;
  reasoning: string | null;
  structured: Json | undefined;
  attachments: Attachment[];
  usage: Final["usage"];
  error: StreamError | null;
}

type Row = Pick<RunDetail, "status" | "error">;

interface Moment {
  /** What the frames up to the moment that is shown say of the end. */
  terminal: Terminal | null;
  /** Nothing has come after it. */
  isAtEnd: boolean;
  /** This page saw the run go on, and the end come. */
  wasLive: boolean;
}

/** `null` where nothing final was said yet. A row knows the end alone, so that it says nothing of a moment before. */
export function finalView({ terminal, isAtEnd, wasLive }: Moment, row: Row): FinalView | null {
  if (terminal) return ofTerminal(terminal, wasLive ? "live" : "recorded");
  return isAtEnd && isSettled(row.status) ? ofRow(row) : null;
}

function ofTerminal({ event_id, final, error }: Terminal, source: FinalSource): FinalView {
  return {
    source,
    eventId: event_id,
    status: error ? "error" : (final?.status ?? "incomplete"),
    text: said(final?.response_text),
    refusal: said(final?.refusal_text),
    reasoning: said(final?.reasoning_summary_text),
    structured: final?.structured_output ?? undefined,
    attachments: final?.attachments ?? [],
    usage: final?.usage,
    error,
  };
}

function ofRow({ status, error }: Row): FinalView {
  return {
    source: "row",
    eventId: null,
    status: error ? "error" : status,
    text: null,
    refusal: null,
    reasoning: null,
    structured: undefined,
    attachments: [],
    usage: undefined,
    error: error ? { ...error, source: "server", is_retryable: false } : null,
  };
}

/** Nothing but blanks says nothing. */
function said(text: string | null | undefined): string | null {
  return text?.trim() || null;
}

/** Whether the end has said anything but how it ended. */
export function isSilent({ text, refusal, structured, attachments, error }: FinalView): boolean {
  return !text && !refusal && structured === undefined && attachments.length === 0 && !error;
}
