/** What is said of folds and gaps where the rest is left to a plan, in a forecast and in a comparison alike. */
import type { StatedFolds } from "@/api/types.ts";

export interface FoldsDraft {
  /** Of the folds what is not left to the plan. */
  folds: Record<FoldField, number | null>;
  gaps: (typeof GAPS)[number]["value"];
}

export const GAPS = [
  { value: "missing", label: "Not known" },
  { value: "zero", label: "Nothing sold" },
  { value: "refuse", label: "An error" },
] as const;

type FoldField = keyof StatedFolds;

/** What of the folds can be stated, with its bounds. */
export const FOLD_FIELDS: readonly {
  name: FoldField;
  label: string;
  hint: string;
  min: number;
  max?: number;
}[] = [
  { name: "n_splits", label: "Folds", hint: "How many, up to 20", min: 1, max: 20 },
  { name: "min_train_size", label: "Least training", hint: "Rows before the first test, 7 or more", min: 7 },
  { name: "gap", label: "Gap", hint: "Rows between training and test, below the horizon", min: 0, max: 30 },
  { name: "step", label: "Step", hint: "Rows from one fold to the next, 1 to 365", min: 1, max: 365 },
];

/** A sentence of the server's with parameters of folds by the labels of their fields: `raise “Least training”`. */
export function inFieldNames(sentence: string): string {
  const names = FOLD_FIELDS.filter(({ name }) => name.includes("_"));
  return names.reduce((text, { name, label }) => text.replaceAll(name, `“${label}”`), sentence);
}

export const NO_FOLDS: FoldsDraft = {
  folds: { n_splits: null, min_train_size: null, gap: null, step: null },
  gaps: "missing",
};

/** What of the folds cannot be. */
export function wrongFolds({ folds }: FoldsDraft, horizon: number): string | null {
  const wrong = FOLD_FIELDS.find(({ name, min, max }) => {
    const value = folds[name];
    return value !== null && !isWithin(value, min, max ?? Number.MAX_SAFE_INTEGER);
  });
  if (wrong) {
    const bounds = wrong.max === undefined ? `from ${wrong.min} on` : `from ${wrong.min} to ${wrong.max}`;
    return `${wrong.label} must be a whole number ${bounds}, or empty.`;
  }
  return folds.gap && folds.gap >= horizon ? "The gap must be below the horizon." : null;
}

/** What is stated; what is not is left out, so that the server decides by the data and says how. */
export function statedOf({ folds, gaps }: FoldsDraft): { folds?: StatedFolds; gaps?: FoldsDraft["gaps"] } {
  const stated: StatedFolds = {};
  for (const { name } of FOLD_FIELDS) {
    const value = folds[name];
    if (value !== null) stated[name] = value;
  }
  return {
    ...(Object.keys(stated).length > 0 ? { folds: stated } : {}),
    ...(gaps === "missing" ? {} : { gaps }),
  };
}

/** Whether it is a whole number between two. */
export function isWithin(value: number | null, low: number, high: number): boolean {
  return value !== null && Number.isInteger(value) && value >= low && value <= high;
}
