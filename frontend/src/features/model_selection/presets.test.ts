import { expect, test } from "vitest";
import { CATALOG } from "@/testing/server.ts";
import { presetOf, presetsOf } from "./presets.ts";

const [naive] = CATALOG.models;
if (!naive) throw new Error("the catalogue has a model");
const PRESETS = presetsOf({
  ...CATALOG,
  models: [
    { ...naive, model_type: "naive" },
    { ...naive, model_type: "arima", costly: true },
    { ...naive, model_type: "xgboost", available: false },
  ],
});

test("a preset has the models that can be had, and the fast one no costly ones", () => {
  expect(PRESETS.map(({ value, models }) => [value, models])).toEqual([
    ["recommended", []],
    ["fast", ["naive"]],
    ["all", ["naive", "arima"]],
  ]);
});

test.each([
  [[], "recommended"],
  [["arima", "naive"], "all"],
  [["naive"], "fast"],
  [["arima"], "own"],
])("what is chosen, %j, is %s", (chosen, preset) => {
  expect(presetOf(PRESETS, chosen)).toBe(preset);
});
