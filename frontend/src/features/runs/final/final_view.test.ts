import { expect, test } from "vitest";
import { reduce } from "@/lib/frames/reduce.ts";
import { framesOf } from "@/testing/forecasts.ts";
import { goldenFrames } from "@/testing/goldens.ts";
import { finalView, isSilent } from "./final_view.ts";

const SUCCEEDED = { status: "succeeded", error: null } as const;
const FAILED = { status: "failed", error: { code: "OUT_OF_SPACE", message: "the disk is full" } } as const;

function after(name: string, wasLive = false) {
  const { terminal } = reduce(goldenFrames(name));
  return finalView({ terminal, isAtEnd: true, wasLive }, FAILED);
}

test("the last frame stands above the row, whatever that says", () => {
  expect(after("comparison")).toMatchObject({
    source: "recorded",
    eventId: 38,
    status: "completed",
    text: "ets wins",
    structured: { champion: "ets", wape: 12.5 },
    error: null,
  });
  expect(after("comparison", true)?.source).toBe("live");
});

test("an error is an end as well", () => {
  expect(after("broken")).toMatchObject({ status: "error", source: "recorded" });
  expect(after("broken")?.error?.message).not.toBe("");
});

test("a refusal is told apart from an answer", () => {
  expect(after("refused")).toMatchObject({ status: "refused", text: null });
  expect(after("refused")?.refusal).toMatch(/^No champion/);
});

test("without a last frame the row says how it ended", () => {
  const nothing = { terminal: null, isAtEnd: true, wasLive: false };
  expect(finalView(nothing, FAILED)).toMatchObject({ source: "row", eventId: null, status: "error" });
  expect(finalView(nothing, FAILED)?.error).toMatchObject({ code: "OUT_OF_SPACE" });
  expect(finalView(nothing, SUCCEEDED)).toMatchObject({ source: "row", status: "succeeded" });
});

test("a row says nothing of a moment before the end, and nothing while the run goes on", () => {
  expect(finalView({ terminal: null, isAtEnd: false, wasLive: false }, SUCCEEDED)).toBeNull();
  const running = { status: "running", error: null } as const;
  expect(finalView({ terminal: null, isAtEnd: true, wasLive: true }, running)).toBeNull();
});

test("blanks are no answer", () => {
  const final = { status: "incomplete", response_text: " \n" } as const;
  const { terminal } = reduce(framesOf({ kind: "final", final }));
  const view = finalView({ terminal, isAtEnd: true, wasLive: false }, SUCCEEDED);
  expect(view && isSilent(view)).toBe(true);
});
