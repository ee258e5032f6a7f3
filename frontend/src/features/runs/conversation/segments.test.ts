import { expect, test } from "vitest";
import { framesOf } from "@/testing/forecasts.ts";
import { framesIn, placeAt, runBeside, segmentsOf, shownOf } from "./segments.ts";

const [ONE, OTHER] = ["01a1fd49-b5ce-721a-ac79-000000000001", "01a1fd49-b5ce-721a-ac79-000000000002"];
const CUT = {
  number: 1,
  run_id: OTHER,
  seq: 1,
  through_run_id: OTHER,
  runs: 1,
  frames: 4,
  cut_at: "2026-01-01T00:00:00Z",
  cut_by: null,
};

function told(run_id: string, n: number) {
  const bodies = Array.from(
    { length: n },
    () => ({ kind: "notice", level: "info", code: "X", message: "x" }) as const,
  );
  return framesOf(...bodies).map((frame) => ({ run_id, seq: frame.event_id, frame: frame as never }));
}

const ITEMS = [...told(ONE, 3), ...told(OTHER, 1), { run_id: OTHER, seq: 1, cut: CUT }, ...told(OTHER, 2)];

test("frames stand run after run, and what follows a cut is a part of its own", () => {
  const segments = segmentsOf(ITEMS);
  expect(
    segments.map(({ runId, frames, before, cut }) => [runId, frames.length, before, cut?.number]),
  ).toEqual([
    [ONE, 3, 0, undefined],
    [OTHER, 1, 3, 1],
    [OTHER, 2, 4, undefined],
  ]);
  expect(framesIn(segments)).toBe(6);
  expect(framesIn([])).toBe(0);
});

test("a moment shows all of what is before it and nothing of what comes after", () => {
  const segments = segmentsOf(ITEMS);
  const shown = (at: number) => segments.map((segment) => shownOf(segment, at));
  expect([0, 2, 4, 5, 99].map(shown)).toEqual([
    [0, 0, 0],
    [2, 0, 0],
    [3, 1, 0],
    [3, 1, 1],
    [3, 1, 2],
  ]);
});

test("a moment is a frame of a run", () => {
  const segments = segmentsOf(ITEMS);
  expect([1, 3, 4, 99].map((at) => placeAt(segments, at))).toEqual([
    { runId: ONE, seq: 1 },
    { runId: ONE, seq: 3 },
    { runId: OTHER, seq: 1 },
    { runId: OTHER, seq: 2 },
  ]);
  expect(placeAt(segments, 0)).toBeNull();
});

test("from run to run, and not beyond", () => {
  const segments = segmentsOf(ITEMS);
  expect([runBeside(segments, 1, 1), runBeside(segments, 5, 1)]).toEqual([4, null]);
  expect([runBeside(segments, 6, -1), runBeside(segments, 1, -1)]).toEqual([5, null]);
});

test("frames that are gone are counted where they stood", () => {
  const [segment] = segmentsOf([{ run_id: ONE, seq: 7, gone_from_seq: 2 }]);
  expect(segment).toMatchObject({ gone: { from: 2, to: 7 }, frames: [] });
});
