import { expect, test } from "vitest";
import { missingOf, simulationRequestOf, USUAL_SIMULATION } from "./simulation_draft.ts";

const WHOLE = { ...USUAL_SIMULATION, state: "s", games: "g" };

test("a whole draft names every upstream by its id", () => {
  expect(simulationRequestOf(WHOLE, "n")).toEqual({
    snapshot_id: "n",
    state_id: "s",
    game_outcome_run_id: "g",
    size: { n_sims: 100_000 },
    seed: 42,
    is_sealed: true,
  });
  const precise = { ...WHOLE, by: "precision" as const, excluded: "e", isSealed: false };
  expect(simulationRequestOf(precise, "n")).toMatchObject({
    size: { precision: 0.005 },
    is_sealed: false,
    excluded_entry_id: "e",
  });
});

test.each([
  [{ state: null }, "Choose a state of play."],
  [{ games: null }, "Choose who beats whom."],
  [{ simulations: 1.5 }, "Say how many simulations, or how exact."],
  [{ simulations: 1e11 }, "Say how many simulations, or how exact."],
  [{ by: "precision" as const, precision: 0 }, "Say how many simulations, or how exact."],
  [{ seed: 0 }, "Give a seed of at least 1."],
  [{ simulations: 1e9 }, "At most 100 million simulations are sealed."],
])("%o is not started: %s", (change, why) => {
  const draft = { ...WHOLE, ...change };
  expect(missingOf(draft)).toBe(why);
  expect(simulationRequestOf(draft, "n")).toBeNull();
});
