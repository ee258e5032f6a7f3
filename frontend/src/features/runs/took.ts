import type { RunDetail } from "@/api/types.ts";
import { elapsedMs } from "@/lib/format.ts";
import type { Playback } from "./playback.ts";

/**
 * The one number for how long a run took, the same as in the list of runs: from its start to its end by the server's row. At
 * any moment before that, how far its frames had come.
 */
export function tookMs(
  run: Pick<RunDetail, "started_at" | "ended_at"> | null,
  { view, isAtEnd }: Pick<Playback, "view" | "isAtEnd">,
): number | null {
  const whole = isAtEnd && view.terminal ? elapsedMs(run?.started_at, run?.ended_at) : null;
  return whole ?? elapsedMs(view.openedAt, view.at);
}
