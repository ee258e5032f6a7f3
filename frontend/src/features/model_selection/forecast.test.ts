import { expect, test } from "vitest";
import type { Body } from "@/lib/frames/types.ts";
import { seriesForecast, viewAfter } from "@/testing/forecasts.ts";
import { withNames } from "@/ui/model_name.tsx";
import {
  EMPTY_FORECAST,
  type ForecastDraft,
  forecastRequestOf,
  missingOfForecast,
} from "./forecast_draft.ts";
import { assumedOf, stagesOf } from "./forecast_view.ts";
import { listedTypes } from "./named.ts";
import { outlookOf } from "./outlook.ts";

const READY: ForecastDraft = {
  ...EMPTY_FORECAST,
  file: {
    key: 1,
    name: "a.parquet",
    bytes: new ArrayBuffer(0),
  },
};

test("what is missing is named in the order of the page", () => {
  expect(missingOfForecast(EMPTY_FORECAST)).toContain("Choose a file");
  expect(missingOfForecast(READY, "The file is being read.")).toContain("being read");
  expect(missingOfForecast({ ...READY, horizon: 367 })).toContain("horizon");
  expect(missingOfForecast({ ...READY, season: 0 })).toContain("season");
  expect(missingOfForecast({ ...READY, models: Array.from({ length: 33 }, String) })).toContain("at most");
  const folds = (change: Partial<ForecastDraft["folds"]>) => ({ ...EMPTY_FORECAST.folds, ...change });
  expect(missingOfForecast({ ...READY, folds: folds({ n_splits: 21 }) })).toContain("Folds");
  expect(missingOfForecast({ ...READY, folds: folds({ min_train_size: 6 }) })).toContain("from 7 on");
  expect(missingOfForecast({ ...READY, folds: folds({ gap: 12 }) })).toContain("below the horizon");
  expect(missingOfForecast({ ...READY, folds: folds({ gap: 11, step: 1, n_splits: 1 }) })).toBeNull();
  expect(missingOfForecast(READY)).toBeNull();
});

test("what nobody chose is left to the server", () => {
  expect(forecastRequestOf(READY, "d")).toEqual({ dataset_id: "d", horizon: 12 });
  expect(forecastRequestOf({ ...READY, season: 7, models: ["naive"] }, "d")).toEqual({
    dataset_id: "d",
    horizon: 12,
    season_length: 7,
    models: [{ model_type: "naive" }],
  });
  const folds = { ...EMPTY_FORECAST.folds, n_splits: 3, gap: 0 };
  expect(forecastRequestOf({ ...READY, folds, gaps: "zero" }, "d")).toEqual({
    dataset_id: "d",
    horizon: 12,
    folds: { n_splits: 3, gap: 0 },
    gaps: "zero",
  });
});

test("past and future share a time axis, and the band is that of 80 %", () => {
  const { dates, actuals, points, band, header, rows } = outlookOf(seriesForecast("a"));
  expect(dates).toEqual(["2025-10-01", "2025-11-01", "2025-12-01", "2026-01-01", "2026-02-01"]);
  expect(actuals).toEqual([1, null, 3, null, null]);
  expect(points).toEqual([null, null, null, 5, 6]);
  expect(band?.lower).toEqual([null, null, null, 4, 4.5]);
  expect(band?.upper).toEqual([null, null, null, 6, 7.5]);
  expect(header).toEqual([
    "date",
    "actual",
    "forecast",
    "lower 50 %",
    "upper 50 %",
    "lower 80 %",
    "upper 80 %",
  ]);
  expect(rows.at(-1)).toEqual(["2026-02-01", null, 6, 5, 7, 4.5, 7.5]);
  expect(rows.every((row) => row.length === header.length)).toBe(true);
});

test("a series that never changes has no band, and one without a calendar no past", () => {
  expect(outlookOf(seriesForecast("a", { intervals: [] })).band).toBeNull();
  const { actuals, dates } = outlookOf(seriesForecast("a", { history_dates: [], history: [] }));
  expect(actuals).toEqual([null, null]);
  expect(dates).toEqual(["2026-01-01", "2026-02-01"]);
});

test("sentences call models by their names, and no other word", () => {
  const nameOf = (type: string) => type.toUpperCase();
  expect(withNames("naive beats seasonal_naive, naively", ["naive"], nameOf)).toBe(
    "NAIVE beats seasonal_naive, naively",
  );
  expect(withNames("as it is", [], nameOf)).toBe("as it is");
  const sentences = ["Candidates: ets (level); theta (trend)", "a regression of rows (at least two)"];
  expect(listedTypes(sentences, ["ets", "theta", "regression"])).toEqual(["ets", "theta"]);
});

const PHASE = (phase: string, phase_index: number): Body => ({
  kind: "phase.started",
  phase,
  phase_index,
  phase_total: 2,
});
const DONE = (done: number): Body => ({
  kind: "progress",
  phase: "race",
  fraction: done / 6,
  done,
  total: 6,
});
const ASSUMED: Body = { kind: "notice", level: "info", code: "ASSUMED", message: "12 rows a season" };

test("stages stand as the frames say", () => {
  const standing = (...bodies: Body[]) => stagesOf(viewAfter(...bodies)).map(({ status }) => status);
  expect(standing()).toEqual(["pending", "pending"]);
  expect(standing(PHASE("race", 1))).toEqual(["running", "pending"]);
  expect(standing(PHASE("race", 1), PHASE("conclude", 2))).toEqual(["completed", "running"]);
  const [race] = stagesOf(viewAfter(PHASE("race", 1), DONE(2), DONE(3)));
  expect(race?.progress).toEqual({ fraction: 0.5, done: 3, total: 6 });
});

test("what was assumed is said once, also after a second attempt", () => {
  expect(assumedOf(viewAfter(ASSUMED, ASSUMED))).toEqual(["12 rows a season"]);
});
