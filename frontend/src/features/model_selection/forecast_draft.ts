/** A forecast as it is being put together, and what it becomes on the wire. */
import type { ForecastRequest, StatedFolds } from "@/api/types.ts";
import { type FileDraft, isWithin, MAX_MODELS, missingOfFile } from "./draft.ts";

export interface ForecastDraft extends FileDraft {
  horizon: number | null;
  /** Absent: what the data show. */
  season: number | null;
  /** None: those that the data ask for. */
  models: string[];
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
  { name: "n_splits", label: "Folds", hint: "How many, 1 to 20", min: 1, max: 20 },
  { name: "min_train_size", label: "Least training", hint: "Rows before the first test, 7 or more", min: 7 },
  { name: "gap", label: "Gap", hint: "Rows between training and test, below the horizon", min: 0, max: 30 },
  { name: "step", label: "Step", hint: "Rows from one fold to the next, 1 to 365", min: 1, max: 365 },
];

export const EMPTY_FORECAST: ForecastDraft = {
  file: null,
  frequency: null,
  start: null,
  horizon: 12,
  season: null,
  models: [],
  folds: { n_splits: null, min_train_size: null, gap: null, step: null },
  gaps: "missing",
};

export const MAX_HORIZON = 366;

/** What still keeps the forecast from starting, in the order of the page. */
export function missingOfForecast(draft: ForecastDraft): string | null {
  const ofFile = missingOfFile(draft);
  if (ofFile) return ofFile;
  if (!isWithin(draft.horizon, 1, MAX_HORIZON))
    return `The horizon must be a whole number from 1 to ${MAX_HORIZON}.`;
  if (draft.season !== null && !isWithin(draft.season, 1, 365))
    return "The season must be a whole number from 1 to 365, or empty.";
  const wrong = FOLD_FIELDS.find(({ name, min, max }) => {
    const value = draft.folds[name];
    return value !== null && !isWithin(value, min, max ?? Number.MAX_SAFE_INTEGER);
  });
  if (wrong) {
    const bounds = wrong.max === undefined ? `from ${wrong.min} on` : `from ${wrong.min} to ${wrong.max}`;
    return `${wrong.label} must be a whole number ${bounds}, or empty.`;
  }
  const { gap } = draft.folds;
  if (gap && gap >= (draft.horizon ?? 0)) return "The gap must be below the horizon.";
  return draft.models.length > MAX_MODELS ? `Choose at most ${MAX_MODELS} models.` : null;
}

/** What nobody chose is left out, so that the server decides by the data and says how. */
export function forecastRequestOf(draft: ForecastDraft, datasetId: string): ForecastRequest {
  const { horizon, season, models, gaps } = draft;
  const folds: StatedFolds = {};
  for (const { name } of FOLD_FIELDS) {
    const value = draft.folds[name];
    if (value !== null) folds[name] = value;
  }
  return {
    dataset_id: datasetId,
    horizon: horizon ?? 12,
    ...(season === null ? {} : { season_length: season }),
    ...(models.length > 0 ? { models: models.map((model_type) => ({ model_type })) } : {}),
    ...(Object.keys(folds).length > 0 ? { folds } : {}),
    ...(gaps === "missing" ? {} : { gaps }),
  };
}
