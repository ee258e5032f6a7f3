/** The parts of a run's page, as its address names them. The first is shown where it names none. */
export const RUN_TABS = [
  "transcript",
  "timeline",
  "final",
  "artifacts",
  "lineage",
  "frames",
  "spec",
] as const;

export type RunTab = (typeof RUN_TABS)[number];
