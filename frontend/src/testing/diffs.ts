/** Two runs, compared, as the contract has them. */
import type { Diff, DiffEntry } from "@/api/types.ts";
import { RUN } from "./server.ts";

export const OTHER_RUN = "01a1fd49-b5ce-721a-ac79-98f95931b111";

export function entry(change: Partial<DiffEntry> = {}): DiffEntry {
  return {
    change: "same",
    part: "course",
    row: "step",
    label: "train",
    path: "phases[0].steps[0]",
    left_seq: 4,
    right_seq: 4,
    fields: [],
    fields_omitted: 0,
    ...change,
  };
}

const SIDE: Diff["left"] = {
  run_id: RUN.run_id,
  kind: "comparison",
  status: "succeeded",
  title: "Comparison of monthly.csv",
  spec_digest: "ab".repeat(32),
  frames: 20,
  rows: 12,
  kinds: { "run.opened": 1 },
  first_difference_seq: null,
};

export function diffOf(entries: DiffEntry[], change: Partial<Diff> = {}): Diff {
  const totals = { same: 0, changed: 0, added: 0, removed: 0 };
  for (const each of entries) totals[each.change] += 1;
  return {
    left: SIDE,
    right: { ...SIDE, run_id: OTHER_RUN, frames: 24 },
    is_same: totals.changed + totals.added + totals.removed === 0,
    totals,
    entries,
    remaining: 0,
    next_cursor: null,
    ...change,
  };
}

/** The seed and the horizon differ, and with them a step, an answer and what only the right run has. */
export const ENTRIES: DiffEntry[] = [
  entry({
    change: "changed",
    part: "request",
    row: "spec",
    label: "",
    path: "request",
    left_seq: 1,
    right_seq: 1,
    fields: [
      { name: "seed", left: 1, right: 2, spans: [], is_cut: false },
      { name: "spec.horizon", left: 6, right: 12, spans: [], is_cut: false },
    ],
  }),
  entry(),
  entry({
    change: "changed",
    row: "message",
    label: "",
    path: "sections[0].messages[0]",
    left_seq: 10,
    right_seq: 12,
    fields: [
      {
        name: "text",
        left: "naive wins clearly",
        right: "ets wins clearly",
        spans: [
          { change: "removed", text: "naive" },
          { change: "added", text: "ets" },
          { change: "same", text: " wins clearly" },
        ],
        is_cut: false,
      },
    ],
  }),
  entry({
    change: "added",
    row: "notice",
    label: "SHORT_HISTORY",
    path: "notices[0]",
    left_seq: null,
    right_seq: 18,
    fields: [{ name: "message", right: "short", spans: [], is_cut: false }],
  }),
];
