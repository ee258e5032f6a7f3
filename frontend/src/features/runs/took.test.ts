import { expect, test } from "vitest";
import { emptyTranscript } from "@/lib/frames/state.ts";
import { tookMs } from "./took.ts";
import { viewOf } from "./view.ts";

const ROW = { started_at: "2026-01-01T00:00:00Z", ended_at: "2026-01-01T00:00:03.120Z" };
const MOMENT = {
  ...viewOf(emptyTranscript()),
  openedAt: "2026-01-01T00:00:00.010Z",
  at: "2026-01-01T00:00:02.010Z",
};
const TERMINAL = {
  status: "completed",
  text: null,
  code: null,
  structured: null,
  isRetryable: false,
  at: "",
};

test("a run that is over took what its row says, and at a moment of it what its frames say", () => {
  const end = { ...MOMENT, terminal: TERMINAL };
  expect(tookMs(ROW, { view: end, isAtEnd: true })).toBe(3120);
  expect(tookMs(ROW, { view: MOMENT, isAtEnd: false })).toBe(2000);
  expect(tookMs({ ...ROW, ended_at: null }, { view: end, isAtEnd: true })).toBe(2000);
  expect(tookMs(null, { view: end, isAtEnd: true })).toBe(2000);
});
