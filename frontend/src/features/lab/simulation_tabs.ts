/** The parts of the page of a simulation, as its address names them. */
export const SIMULATION_TABS = [
  "leaderboard",
  "entry",
  "ownership",
  "bracket",
  "condition",
  "portfolio",
  "candidates",
] as const;
