import { expect, test } from "vitest";
import { fromCsv, toCsv } from "./csv.ts";

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

test("no text of a file is a formula when a spreadsheet opens it", () => {
  const texts = ["=1+1", "+SUM(A1)", "-2+3", "@cmd", "\tx", "\r=x", "plain", "a=b"];
  const csv = toCsv(
    ["=name", "value"],
    texts.map((text) => [text, -1.5]),
  );
  expect(csv).toBe(
    "'=name,value\r\n'=1+1,-1.5\r\n'+SUM(A1),-1.5\r\n'-2+3,-1.5\r\n'@cmd,-1.5\r\n'\tx,-1.5\r\n" +
      '"\'\r=x",-1.5\r\nplain,-1.5\r\na=b,-1.5\r\n',
  );
});

test("what was written is read again", () => {
  const rows = [
    ["a", 'he said "no"', "two\r\nlines"],
    ["", "x,y", "end"],
  ];
  expect(fromCsv(toCsv(["k", "l", "m"], rows))).toEqual([["k", "l", "m"], ...rows]);
  expect(fromCsv("")).toEqual([]);
  expect(fromCsv("a,\n1,2")).toEqual([
    ["a", ""],
    ["1", "2"],
  ]);
});
