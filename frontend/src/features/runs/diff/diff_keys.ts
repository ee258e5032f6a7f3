/** What the keyboard does on a comparison of two runs: the page obeys this table, and the help shows it. */

export type DiffAction =
  | { type: "step"; by: 1 | -1 }
  | { type: "change"; by: 1 | -1 }
  | { type: "end"; to: "first" | "last" };

interface Binding {
  /** As `KeyboardEvent.key` has it, with what each asks for. */
  keys: Readonly<Record<string, DiffAction>>;
  shown: string;
  what: string;
}

export const DIFF_KEYS: readonly Binding[] = [
  {
    keys: { p: { type: "change", by: -1 }, n: { type: "change", by: 1 } },
    shown: "p, n",
    what: "Previous or next change",
  },
  {
    keys: { ArrowLeft: { type: "step", by: -1 }, ArrowRight: { type: "step", by: 1 } },
    shown: "← →",
    what: "One frame back or on, in both runs",
  },
  {
    keys: { Home: { type: "end", to: "first" }, End: { type: "end", to: "last" } },
    shown: "Home, End",
    what: "First or last frames",
  },
];

export function diffActionOf(key: string): DiffAction | undefined {
  return DIFF_KEYS.find(({ keys }) => key in keys)?.keys[key];
}
