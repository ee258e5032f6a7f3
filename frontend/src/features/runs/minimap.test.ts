import { expect, test } from "vitest";
import { goldenFrames } from "@/testing/goldens.ts";
import { chapterAt, chaptersOf, drawnMarks, type Mark, markBeside, markOf } from "./minimap.ts";

function marksOf(name: string): Mark[] {
  return goldenFrames(name).flatMap((frame, at) => markOf(at + 1, frame) ?? []);
}

test("chapters are the phases, up to the next one and the last up to the end", () => {
  const chapters = chaptersOf(marksOf("comparison"), 38);
  expect(chapters.map(({ from, to }) => [from, to])).toEqual([
    [3, 6],
    [7, 8],
    [9, 38],
  ]);
  expect(chapterAt(chapters, 2)).toBeNull();
  expect(chapterAt(chapters, 8)?.from).toBe(7);
  expect(chapterAt(chapters, 38)?.from).toBe(9);
});

test("a chapter in which something failed says so", () => {
  const marks: Mark[] = [
    { seq: 2, sort: "phase", label: "a" },
    { seq: 5, sort: "phase", label: "b" },
    { seq: 6, sort: "error", label: "x" },
  ];
  expect(chaptersOf(marks, 9).map(({ hasFailed }) => hasFailed)).toEqual([false, true]);
});

test("a phase whose frame has come and is not shown yet is no chapter", () => {
  const marks = marksOf("comparison");
  expect(chaptersOf(marks, 0)).toEqual([]);
  expect(chaptersOf(marks, 7).map(({ from, to }) => [from, to])).toEqual([
    [3, 6],
    [7, 7],
  ]);
});

test("an error, a denial and a failed call are marked; what went well is not", () => {
  expect(marksOf("broken").map(({ sort }) => sort)).toEqual(["error"]);
  expect(marksOf("refused")).toEqual([]);
  expect(
    marksOf("tools")
      .filter(({ sort }) => sort === "error")
      .map(({ label }) => label),
  ).toContain("A call failed");
  expect(marksOf("comparison").map(({ sort }) => sort)).toEqual([
    "phase",
    "warning",
    "attempt",
    "phase",
    "phase",
  ]);
});

test("one goes from mark to mark, and no further than the last", () => {
  const marks = marksOf("comparison");
  expect(markBeside(marks, "phase", 3, 1)).toBe(7);
  expect(markBeside(marks, "phase", 9, 1)).toBeNull();
  expect(markBeside(marks, "phase", 9, -1)).toBe(7);
  expect(markBeside(marks, "error", 1, 1)).toBeNull();
});

test("of marks that share a place the gravest is drawn", () => {
  const marks: Mark[] = Array.from({ length: 10_000 }, (_, at) => ({
    seq: at + 1,
    sort: at === 5_001 ? "error" : "warning",
    label: "",
  }));
  const drawn = drawnMarks(marks, 10_000);
  expect(drawn.length).toBeLessThanOrEqual(401);
  expect(drawn.filter(({ sort }) => sort === "error")).toHaveLength(1);
});
