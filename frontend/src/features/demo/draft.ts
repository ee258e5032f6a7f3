/** A showcase as it is being put together, and what it becomes on the wire. */
import type { World } from "@/api/types.ts";
import { chosenWorld } from "@/api/worlds.ts";
import { count } from "@/lib/format.ts";
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

/** The server takes seeds up to 2^63 − 1, of which a number here holds those up to this one exactly. */
export const MAX_SEED = Number.MAX_SAFE_INTEGER;

/** What is wrong with a seed. */
export function seedProblem(seed: number | null): string | null {
  if (isSeedGood(seed)) return null;
  const range = `A whole number from 0 to ${count(MAX_SEED)}`;
  return seed !== null && seed > MAX_SEED ? `${range}; larger ones from the command line` : range;
}

function isSeedGood(seed: number | null): seed is number {
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
