import { expect, test } from "vitest";
import { toCsv } from "./csv.ts";

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
