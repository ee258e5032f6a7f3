/** A comparison as it is being put together, and what it becomes on the wire. */
import type { Availability, CompareRequest } from "@/api/types.ts";
import { type FoldsDraft, isWithin, NO_FOLDS, statedOf, wrongFolds } from "./folds_draft.ts";
import { AS_FOUND, isDay, type ReadingDraft } from "./reading.ts";

/** A file as it was chosen. Its bytes are sent as they are, so that the server stores and judges the user's own file. */
export interface ChosenFile {
  /** Of each choice another one: the same name may be chosen again with other bytes. */
  key: number;
  name: string;
  bytes: ArrayBuffer;
}

/** The file that series are read from, and what is said of how it is to be read. */
export interface FileDraft {
  file: ChosenFile | null;
  reading: ReadingDraft;
}

export interface Draft extends FileDraft, FoldsDraft {
  source: "file" | "pair";
  /** Absent: the only world there is. */
  worldId: string | null;
  storeId: number | null;
  productId: number | null;
  horizon: number | null;
  /** Absent: each series' usual one. */
  season: number | null;
  /** Empty: what the series ask for. */
  metric: "" | NonNullable<CompareRequest["ranking_metric"]>;
  /** Whether costly models may be dropped early. */
  isRacing: boolean;
  /** The feature set of models that read features. */
  featureSet: 1 | 2;
  /** Groups of set 2; none: the usual ones. */
  groups: string[];
  /** None: those that the data ask for. */
  models: string[];
}

export const EMPTY_DRAFT: Draft = {
  source: "file",
  file: null,
  reading: AS_FOUND,
  worldId: null,
  storeId: null,
  productId: null,
  horizon: 12,
  season: null,
  metric: "",
  isRacing: false,
  featureSet: 1,
  groups: [],
  models: [],
  ...NO_FOLDS,
};

export const MAX_MODELS = 32;

const MAX_TITLE = 200;

/** What still keeps the comparison from starting, in the order of the page. `unread`: why the file is not read yet. */
export function missing(draft: Draft, unread: string | null = null): string | null {
  const ofFile = draft.source === "file" ? missingOfFile(draft, unread) : null;
  if (ofFile) return ofFile;
  if (draft.source === "pair" && (draft.storeId === null || draft.productId === null))
    return "Choose a store and a product.";
  if (!isWithin(draft.horizon, 1, 90)) return "The horizon must be a whole number from 1 to 90.";
  if (draft.season !== null && !isWithin(draft.season, 1, 365))
    return "The season must be a whole number from 1 to 365, or empty.";
  const ofFolds = wrongFolds(draft, draft.horizon ?? 0);
  if (ofFolds) return ofFolds;
  if (draft.folds.n_splits === 1) return "A comparison needs two folds, or none stated.";
  return draft.models.length > MAX_MODELS ? `Choose at most ${MAX_MODELS} models.` : null;
}

/** What still keeps the file from being taken. */
export function missingOfFile({ file, reading }: FileDraft, unread: string | null = null): string | null {
  if (!file) return "Choose a file.";
  if (reading.start && !isDay(reading.start)) return "The first date must be in the years 1 to 9999.";
  return unread;
}

export function requestOf(
  draft: Draft,
  from: { datasetId: string } | { availability: Availability },
): CompareRequest {
  const common = {
    forecast_horizon: draft.horizon ?? 12,
    ...(draft.metric === "" ? {} : { ranking_metric: draft.metric }),
    ...(draft.models.length > 0
      ? { candidate_models: draft.models.map((model_type) => ({ model_type })) }
      : {}),
    ...statedOf(draft),
    ...(draft.season === null ? {} : { season_length: draft.season }),
    ...(draft.isRacing ? { racing: "costly" as const } : {}),
    ...featureSetOf(draft),
  };
  if ("datasetId" in from) {
    // Of a file without names of series, the server could only name the run `series`.
    const title = draft.file ? { title: draft.file.name.slice(0, MAX_TITLE) } : {};
    return { ...common, ...title, dataset_id: from.datasetId };
  }
  const { store_id, product_id, first_sales_date, last_sales_date } = from.availability;
  return {
    ...common,
    store_id,
    product_id,
    selection_window: { start_date: first_sales_date ?? "", end_date: last_sales_date ?? "" },
  };
}

/** Nothing of set 1, so that groups chosen before going back to it are not sent. */
function featureSetOf(
  draft: Draft,
): Partial<Pick<CompareRequest, "feature_frame_version" | "feature_groups">> {
  if (draft.featureSet === 1) return {};
  return { feature_frame_version: 2, ...(draft.groups.length > 0 ? { feature_groups: draft.groups } : {}) };
}
