import { expect, test } from "vitest";
import { ENTRIES, entry } from "@/testing/diffs.ts";
import { beside, changeBeside, meetings, momentAt, momentOf, rowAt } from "./moments.ts";

const FRAMES = { left: 20, right: 24 };
const MET = meetings(ENTRIES, FRAMES);

test("runs meet at the rows that both have, and at their ends", () => {
  expect(MET).toEqual([
    { left: 1, right: 1 },
    { left: 4, right: 4 },
    { left: 10, right: 12 },
    { left: 20, right: 24 },
  ]);
});

test("what stands in another order in the two is no meeting, however it is told", () => {
  const at = (left_seq: number, right_seq: number) => entry({ left_seq, right_seq });
  const rows = [at(5, 18), at(6, 6), at(6, 7), at(8, 9), at(12, 3)];
  const met = meetings(rows, FRAMES);
  expect(met).toEqual([
    { left: 1, right: 1 },
    { left: 6, right: 6 },
    { left: 8, right: 9 },
    { left: 20, right: 24 },
  ]);
  expect(meetings(rows.toReversed(), FRAMES)).toEqual(met);
});

test("at a meeting the other run stands at it, and between two it goes on evenly and never back", () => {
  expect([1, 4, 10, 20].map((seq) => beside(MET, "left", seq))).toEqual([1, 4, 12, 24]);
  expect([1, 4, 12, 24].map((seq) => beside(MET, "right", seq))).toEqual([1, 4, 10, 20]);
  for (const side of ["left", "right"] as const) {
    const seqs = Array.from({ length: FRAMES[side] }, (_, at) => beside(MET, side, at + 1));
    expect(seqs).toEqual([...seqs].sort((one, other) => one - other));
  }
});

test("a moment stays within both runs, also where one has no frames", () => {
  expect(momentAt(MET, "left", 99)).toEqual({ left: 20, right: 24 });
  expect(momentAt(MET, "right", -3)).toEqual({ left: 1, right: 1 });
  expect(momentAt(meetings([], { left: 0, right: 5 }), "right", 3)).toEqual({ left: 0, right: 3 });
  expect(momentAt(meetings([], { left: 0, right: 0 }), "left", 3)).toEqual({ left: 0, right: 0 });
});

test("what only one run has stands beside what the other had come to", () => {
  const [, , , notice] = ENTRIES;
  expect(notice && momentOf(MET, notice)).toEqual({ left: 15, right: 18 });
  expect(momentOf(MET, { left_seq: null, right_seq: null })).toBeNull();
});

test("a moment is of the last row that both have come to", () => {
  const labels = [1, 4, 9, 10, 20].map((seq) => rowAt(MET, ENTRIES, momentAt(MET, "left", seq))?.row);
  expect(labels).toEqual(["spec", "step", "step", "message", "notice"]);
});

test("from change to change, over what is the same, and not beyond the last", () => {
  const [spec, step, message, notice] = ENTRIES;
  expect(changeBeside(ENTRIES, spec ?? null, 1)).toBe(message);
  expect(changeBeside(ENTRIES, step ?? null, -1)).toBe(spec);
  expect(changeBeside(ENTRIES, notice ?? null, 1)).toBeNull();
  expect([changeBeside(ENTRIES, null, 1), changeBeside(ENTRIES, null, -1)]).toEqual([spec, notice]);
});
