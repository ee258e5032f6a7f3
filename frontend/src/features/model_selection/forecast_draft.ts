/** A forecast as it is being put together, and what it becomes on the wire. */
import type { ForecastRequest } from "@/api/types.ts";
import { type FileDraft, MAX_MODELS, missingOfFile } from "./draft.ts";
import { type FoldsDraft, isWithin, NO_FOLDS, statedOf, wrongFolds } from "./folds_draft.ts";
import { AS_FOUND } from "./reading.ts";

export interface ForecastDraft extends FileDraft, FoldsDraft {
  horizon: number | null;
  /** Absent: what the data show. */
  season: number | null;
  /** Of a file whose series have a frequency each, those to forecast; empty: the ones with the most dates. */
  frequency: string;
  /** None: those that the data ask for. */
  models: string[];
}

export const EMPTY_FORECAST: ForecastDraft = {
  file: null,
  reading: AS_FOUND,
  horizon: 12,
  season: null,
  frequency: "",
  models: [],
  ...NO_FOLDS,
};

export const MAX_HORIZON = 366;

/** What still keeps the forecast from starting, in the order of the page. `unread`: why the file is not read yet. */
export function missingOfForecast(draft: ForecastDraft, unread: string | null = null): string | null {
  const ofFile = missingOfFile(draft, unread);
  if (ofFile) return ofFile;
  if (!isWithin(draft.horizon, 1, MAX_HORIZON))
    return `The horizon must be a whole number from 1 to ${MAX_HORIZON}.`;
  if (draft.season !== null && !isWithin(draft.season, 1, 365))
    return "The season must be a whole number from 1 to 365, or empty.";
  const ofFolds = wrongFolds(draft, draft.horizon ?? 0);
  if (ofFolds) return ofFolds;
  return draft.models.length > MAX_MODELS ? `Choose at most ${MAX_MODELS} models.` : null;
}

/** What nobody chose is left out, so that the server decides by the data and says how. */
export function forecastRequestOf(
  draft: ForecastDraft,
  datasetId: string,
  champion: string | null = null,
): ForecastRequest {
  const { horizon, season, models, frequency } = draft;
  const common = {
    dataset_id: datasetId,
    horizon: horizon ?? 12,
    // Only where each series has its own is there anything to choose.
    ...(frequency && draft.reading.frequency === "each" ? { frequency } : {}),
    ...statedOf(draft),
  };
  // An earlier decision says models and season.
  if (champion) return { ...common, champion };
  return {
    ...common,
    ...(season === null ? {} : { season_length: season }),
    ...(models.length > 0 ? { models: models.map((model_type) => ({ model_type })) } : {}),
  };
}
