import { expect, test } from "vitest";
import type { Preview } from "@/api/types.ts";
import { about, estimateInWords } from "./preview.ts";

const PLANNED: Preview = {
  candidates: [],
  split: { strategy: "expanding", n_splits: 3, min_train_size: 24, gap: 0, horizon: 12, step: null },
  assumptions: [],
  series: [],
  estimate: { seconds: 42.4, measured: 3, unmeasured: ["global_boosting"], series: 12, threads: 2 },
};

test("an estimate says what it was measured on and what it leaves out", () => {
  expect(estimateInWords(PLANNED, (model) => model.toUpperCase())).toBe(
    "About 40 seconds, as measured just now on 12 series, without GLOBAL_BOOSTING.",
  );
  expect(estimateInWords({ ...PLANNED, estimate: null }, String)).toBeNull();
});

test.each([
  [0.2, "a second"],
  [1.4, "1 second"],
  [7.6, "8 seconds"],
  [62, "60 seconds"],
  [118, "2 minutes"],
  [7300, "2 hours"],
])("%d seconds are about %s", (seconds, words) => {
  expect(about(seconds)).toBe(words);
});
