import { expect, test } from "vitest";
import { type Draft, EMPTY_DRAFT, missing, requestOf } from "./draft.ts";
import { joined } from "./folds.ts";
import { AS_FOUND } from "./reading.ts";

const READY: Draft = {
  ...EMPTY_DRAFT,
  file: {
    key: 1,
    name: "a.csv",
    bytes: new ArrayBuffer(0),
  },
};

test("what is missing is named in the order of the page", () => {
  expect(missing(EMPTY_DRAFT)).toContain("Choose a file");
  expect(missing({ ...READY, source: "pair" })).toContain("store");
  expect(missing({ ...READY, horizon: 91 })).toContain("horizon");
  expect(missing({ ...READY, season: 0.5 })).toContain("season");
  expect(missing({ ...READY, folds: { ...READY.folds, n_splits: 1 } })).toContain("two folds");
  expect(missing({ ...READY, folds: { ...READY.folds, gap: 12 } })).toContain("below the horizon");
  expect(missing({ ...READY, models: Array.from({ length: 33 }, String) })).toContain("at most");
  expect(missing(READY)).toBeNull();
});

test("an untouched season is left to the server", () => {
  const request = requestOf({ ...READY, models: ["naive"] }, { datasetId: "d" });
  expect(request).toEqual({
    dataset_id: "d",
    title: "a.csv",
    forecast_horizon: 12,
    candidate_models: [{ model_type: "naive" }],
  });
  expect(requestOf({ ...READY, season: 12 }, { datasetId: "d" })).toHaveProperty("season_length", 12);
});

test("what nobody chose is left to the data, and what is stated of folds is sent", () => {
  expect(requestOf(READY, { datasetId: "d" })).not.toHaveProperty("candidate_models");
  const stated = requestOf(
    { ...READY, folds: { ...READY.folds, n_splits: 3 }, gaps: "zero" },
    { datasetId: "d" },
  );
  expect([stated.folds, stated.gaps]).toEqual([{ n_splits: 3 }, "zero"]);
});

test("a feature set is sent only where it is not the usual one", () => {
  const frame = (draft: Partial<Draft>) => {
    const { feature_frame_version, feature_groups } = requestOf(
      { ...READY, ...draft },
      {
        datasetId: "d",
      },
    );
    return [feature_frame_version, feature_groups];
  };
  expect(frame({})).toEqual([undefined, undefined]);
  expect(frame({ featureSet: 2 })).toEqual([2, undefined]);
  expect(frame({ featureSet: 2, groups: ["calendar"] })).toEqual([2, ["calendar"]]);
  expect(frame({ featureSet: 1, groups: ["calendar"] })).toEqual([undefined, undefined]);
});

test("racing is sent only where it is wanted", () => {
  const racing = (isRacing: boolean) => requestOf({ ...READY, isRacing }, { datasetId: "d" }).racing;
  expect([racing(false), racing(true)]).toEqual([undefined, "costly"]);
});

test("a file that is not read yet keeps the comparison from starting, and no pair", () => {
  expect(missing(READY, "The file is being read.")).toBe("The file is being read.");
  expect(missing({ ...READY, horizon: 91 }, "The file is being read.")).toContain("being read");
  expect(
    missing({ ...READY, source: "pair", storeId: 1, productId: 1 }, "The file is being read."),
  ).toBeNull();
  expect(missing({ ...READY, reading: { ...AS_FOUND, start: "12020-01-31" } })).toContain("years");
});

test("folds that do not touch are not joined by a line", () => {
  const fold = (fold_index: number, dates: string[]) => ({
    fold_index,
    dates,
    actuals: dates.map(() => 2),
    predictions: dates.map(() => 1),
  });
  const chart = (...folds: ReturnType<typeof fold>[]) => ({
    name: "a",
    wape_by_model: {},
    bias_by_model: {},
    fold_stability: {},
    winner_actual_vs_predicted: folds,
  });
  const apart = joined(chart(fold(0, ["2026-01-01", "2026-01-02"]), fold(1, ["2026-01-09", "2026-01-10"])));
  expect(apart.actuals).toEqual([2, 2, null, 2, 2]);
  expect(apart.rows).toHaveLength(4);
  const together = joined(
    chart(fold(0, ["2026-01-01", "2026-01-02"]), fold(1, ["2026-01-03", "2026-01-04"])),
  );
  expect(together.actuals).toEqual([2, 2, 2, 2]);
});
