import { expect, test } from "vitest";
import { CATALOG } from "@/testing/server.ts";
import { modelName, statement } from "./model_name.tsx";

test("a model goes by the catalogue's name, by its place where it occurs twice, and by its type where it is unknown", () => {
  expect(modelName(CATALOG, "lightgbm")).toBe("LightGBM");
  expect(modelName(CATALOG, "lightgbm #2")).toBe("LightGBM #2");
  expect(modelName(CATALOG, "seasonal_naive")).toBe("Seasonal naive");
  expect(modelName(undefined, "lightgbm")).toBe("Lightgbm");
});

test("a sentence names the models that take part, and leaves words that only look like one", () => {
  const said = "lightgbm leads, and naive and lightgbm #2 cannot be told from it; a naive-like combination";
  expect(statement(CATALOG, said, ["naive", "lightgbm"])).toBe(
    "LightGBM leads, and Naive and LightGBM #2 cannot be told from it; a naive-like combination",
  );
  expect(statement(CATALOG, "judged blind, the choice held", ["naive"])).toBe(
    "Judged blind, the choice held",
  );
  expect(statement(undefined, "seasonal_naive leads", ["seasonal_naive"])).toBe("Seasonal naive leads");
  // The name of one holds the type of another.
  expect(statement(CATALOG, "seasonal_naive leads naive", ["seasonal_naive", "naive"])).toBe(
    "Seasonal naive leads Naive",
  );
});
