import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { isOfOthers } from "./of_others.ts";

test("the kinds of others are those that the program has", () => {
  const source = join(import.meta.dirname, "../../../../crates/runs/src/engine/foreign.rs");
  const words = [...readFileSync(source, "utf8").matchAll(/Self::\w+ => "(\w+)",/g)].map(([, word]) => word);
  expect(words.filter((word) => word && word === word.toLowerCase())).toEqual(["fork", "import", "stream"]);
  expect(["fork", "import", "stream"].every(isOfOthers)).toBe(true);
  expect(isOfOthers("showcase")).toBe(false);
});
