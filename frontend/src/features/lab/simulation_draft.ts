import type { SimulationRequest } from "@/api/lab.ts";

export const MOST_SIMULATIONS = 10_000_000_000;
/** So many are sealed at most. */
const MOST_SEALED = 100_000_000;

export interface SimulationDraft {
  state: string | null;
  games: string | null;
  by: "number" | "precision";
  simulations: number | null;
  /** Half the width of a 95 % interval, in percentage points. */
  precision: number | null;
  seed: number | null;
  isSealed: boolean;
  excluded: string | null;
}

export const USUAL_SIMULATION: SimulationDraft = {
  state: null,
  games: null,
  by: "number",
  simulations: 100_000,
  precision: 0.5,
  seed: 42,
  isSealed: true,
  excluded: null,
};

/** What keeps it from starting; `null` if nothing does. */
export function missingOf(draft: SimulationDraft): string | null {
  if (!draft.state) return "Choose a state of play.";
  if (!draft.games) return "Choose who beats whom.";
  if (sizeOf(draft) === null) return "Say how many simulations, or how exact.";
  if (!draft.seed || draft.seed < 1) return "Give a seed of at least 1.";
  if (draft.isSealed && draft.by === "number" && (draft.simulations ?? 0) > MOST_SEALED) {
    return "At most 100 million simulations are sealed.";
  }
  return null;
}

export function simulationRequestOf(draft: SimulationDraft, snapshotId: string): SimulationRequest | null {
  const { state, games, seed, isSealed, excluded } = draft;
  const size = sizeOf(draft);
  if (missingOf(draft) !== null || !state || !games || !seed || !size) return null;
  return {
    snapshot_id: snapshotId,
    state_id: state,
    game_outcome_run_id: games,
    size,
    seed,
    is_sealed: isSealed,
    ...(excluded ? { excluded_entry_id: excluded } : {}),
  };
}

function sizeOf({ by, simulations, precision }: SimulationDraft): SimulationRequest["size"] | null {
  if (by === "number") {
    const isWhole = simulations !== null && Number.isInteger(simulations);
    return isWhole && simulations >= 2 && simulations <= MOST_SIMULATIONS ? { n_sims: simulations } : null;
  }
  return precision !== null && precision > 0 && precision < 50 ? { precision: precision / 100 } : null;
}
