import { expect, test } from "vitest";
import { textHead } from "./artifact_text.ts";

const read = (mediaType: string, text: string) => textHead(mediaType, new TextEncoder().encode(text));

test("a text is shown up to a limit, and how much there is is said", () => {
  expect(read("text/plain; charset=utf-8", "a\nb\n")).toEqual({ head: "a\nb", lines: 2, linesTotal: 2 });
  expect(read("text/markdown", "x\n".repeat(1_000))).toMatchObject({ lines: 200, linesTotal: 1_000 });
});

test("rows and bytes are no text", () => {
  expect(read("text/csv", "a,b")).toBeNull();
  expect(read("application/json", "{}")).toBeNull();
  expect(read("application/octet-stream", "a")).toBeNull();
});
