/** A showcase as it is being put together, and what it becomes on the wire. */
import type { World } from "@/api/types.ts";
import { chosenWorld } from "@/api/worlds.ts";
import type { ScenarioName, StartRequest } from "./queries.ts";

export interface Draft {
  seed: number | null;
  /** Where the data come from. */
  source: "generated" | "stored";
  /** Deletes every stored world first; only where data are generated. */
  isReset: boolean;
  /** Absent: the only world there is. */
  worldId: string | null;
}

export function isSeedGood(seed: number | null): seed is number {
  return seed !== null && Number.isSafeInteger(seed) && seed >= 0;
}

/** Nothing while something is missing. */
export function requestOf(
  draft: Draft,
  scenario: ScenarioName,
  worlds: readonly World[],
): StartRequest | null {
  const { seed } = draft;
  if (!isSeedGood(seed)) return null;
  if (draft.source === "generated") {
    return { scenario, seed, reset: draft.isReset, skip_seed: false };
  }
  const world = chosenWorld(worlds, draft.worldId);
  return world && { scenario, seed, reset: false, skip_seed: true, world_id: world.world_id };
}
