import { expect, test } from "vitest";
import { CATALOG } from "@/testing/server.ts";
import { modelName } from "./model_name.tsx";

test("a model goes by the catalogue's name, by its place where it occurs twice, and by its type where it is unknown", () => {
  expect(modelName(CATALOG, "lightgbm")).toBe("LightGBM");
  expect(modelName(CATALOG, "lightgbm #2")).toBe("LightGBM #2");
  expect(modelName(CATALOG, "seasonal_naive")).toBe("Seasonal naive");
  expect(modelName(undefined, "lightgbm")).toBe("Lightgbm");
});
