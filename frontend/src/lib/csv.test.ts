import { expect, test } from "vitest";
import { previewCsv, toCsv } from "./csv.ts";

test("cells that would break a row are quoted", () => {
  expect(
    toCsv(
      ["a", "b"],
      [
        ['say "hi"', "x,y"],
        [1.5, null],
        [Number.NaN, "line\nbreak"],
      ],
    ),
  ).toBe('a,b\r\n"say ""hi""","x,y"\r\n1.5,\r\n,"line\nbreak"\r\n');
});

function preview(text: string) {
  return previewCsv(new TextEncoder().encode(text).buffer);
}

test("a preview counts rows and names series", () => {
  expect(preview("\uFEFFseries,date,value\r\na,2026-01-01,1\r\nb,2026-01-01,2\r\n")).toEqual({
    rows: 2,
    series: ["a", "b"],
  });
  expect(preview("date,value\n2026-01-01,1\n")?.series).toEqual(["series"]);
});

test("what cannot be made out has no preview", () => {
  expect(preview("")).toBeNull();
  expect(preview("x,y\n1,2\n")).toBeNull();
  expect(preview("date,value\n")).toBeNull();
  expect(previewCsv(Uint8Array.from([...LATIN_1]).buffer)).toBeNull();
});

/** `Größe` in Latin-1. */
const LATIN_1 = [..."series,date,value\nGr\u00F6\u00DFe,2026-01-01,1\n"].map((each) => each.charCodeAt(0));
