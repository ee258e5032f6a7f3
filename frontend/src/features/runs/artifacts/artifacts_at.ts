/** Which artifacts there are at a moment of a run. */
import type { Artifact, RunDetail } from "@/api/types.ts";
import type { TranscriptState } from "@/lib/frames/state.ts";

/** Those that frames up to the moment have named; at the end also those that only the row knows, as of pruned frames. */
export function artifactsAt(
  { artifacts }: Pick<TranscriptState, "artifacts">,
  run: Pick<RunDetail, "run_id" | "artifacts">,
  isAtEnd: boolean,
): Artifact[] {
  const told = artifacts.map(({ event_id: _, ...artifact }) => ({ ...artifact, run_id: run.run_id }));
  if (!isAtEnd) return told;
  const named = new Set(told.map(({ artifact_id }) => artifact_id));
  return [...told, ...run.artifacts.filter(({ artifact_id }) => !named.has(artifact_id))];
}
