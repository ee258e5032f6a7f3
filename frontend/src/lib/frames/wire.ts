/** Turns what is on the wire into the one form that a transcript shows. */
import type { Branch } from "./state.ts";
import type { Attachment, Checkpoint, Envelope, FileResult, Final } from "./types.ts";

/** A time with microseconds, whatever precision it was written with: equal times are equal texts. */
export function time(text: string): string {
  const [, seconds, fraction = ""] = /^(.*?:\d\d:\d\d)(?:\.(\d+))?Z$/.exec(text) ?? [];
  if (seconds === undefined) return text;
  return `${seconds}.${fraction.slice(0, 6).padEnd(6, "0")}Z`;
}

/** The object without the fields that are absent; an explicit `null` says no more than an omission. */
export function compact<T extends object>(object: T): T {
  const kept = Object.entries(object).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(kept) as T;
}

/** The end as the contract writes it: always with its list of attachments. */
export function finalOf(final: Final): Final {
  const attachments = (final.attachments ?? []).map((attachment: Attachment) => compact(attachment));
  const usage = final.usage ? compact(final.usage) : undefined;
  return { ...compact({ ...final, usage }), attachments };
}

/** A strategy nobody knows is a compaction: the marker must not be lost over a new word. */
export function checkpointOf(checkpoint: Checkpoint): Checkpoint {
  const isKnown = checkpoint.strategy === "summarize" || checkpoint.strategy === "trim";
  return { ...compact(checkpoint), strategy: isKnown ? checkpoint.strategy : "compact" };
}

export function resultsOf(results: FileResult[] | null | undefined): FileResult[] | undefined {
  return results?.map((result) => compact(result));
}

/** The branch of parallel work a frame belongs to; `null` where nothing runs in parallel. */
export function branchOf({ workflow }: Envelope): Branch | null {
  const parallel_group = workflow?.parallel_group ?? null;
  const branch_index = workflow?.branch_index ?? null;
  if (parallel_group === null && branch_index === null) return null;
  return { stage_name: workflow?.stage_name ?? null, parallel_group, branch_index };
}
