import type { StateItem } from "@/api/lab.ts";
import { plural, words } from "@/lib/format.ts";

/** `Post first four (4 games decided)`: a state as it is chosen. */
export function stateOption({ state_id, starting_state_key, decided_games }: StateItem) {
  return {
    value: state_id,
    label: `${words(starting_state_key)} (${plural(decided_games, "game")} decided)`,
  };
}
