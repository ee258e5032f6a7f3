import { expect, test } from "vitest";
import { diffOf, ENTRIES, entry } from "@/testing/diffs.ts";
import { verdictOf } from "./verdict.ts";

function said(entries: typeof ENTRIES, change: Parameters<typeof diffOf>[1] = {}): string {
  return verdictOf(diffOf(entries, change), entries).sentences.join(" ");
}

test("two runs that say the same are said to be the same", () => {
  expect(said([entry(), entry({ path: "b" })])).toBe("The two runs are the same in all of their 2 rows.");
});

test("what was asked for differently is named before what went differently first", () => {
  expect(said(ENTRIES)).toBe(
    "They were asked for different things: the spec (horizon) and the seed differ. What first went differently is the message, at frame 10 of the left and 12 of the right run.",
  );
  const { causes } = verdictOf(diffOf(ENTRIES), ENTRIES);
  expect(causes).toEqual([
    { sort: "seed", name: "seed", left: "1", right: "2" },
    { sort: "spec", name: "spec.horizon", left: "6", right: "12" },
  ]);
});

test("a difference that nothing asked for explains is said to be one", () => {
  const [, , message] = ENTRIES;
  const text = said([entry(), ...(message ? [message] : [])]);
  expect(text).toContain("neither spec, seed, inputs nor program explains it");
});

test("the first is the first in the course of the runs, not the first that is read", () => {
  const late = entry({ change: "changed", label: "late", left_seq: 9, right_seq: 9 });
  const early = entry({ change: "removed", label: "early", left_seq: 3, right_seq: null });
  expect(said([late, early])).toContain("the step “early”, which only the left run has, at its frame 3");
});

test("an input is a cause with its digests, and what follows from a spec is none", () => {
  const input = entry({
    part: "request",
    row: "input",
    label: "dataset",
    change: "changed",
    fields: [{ name: "digest", left: "aa", right: "bb", spans: [], is_cut: false }],
  });
  const spec = entry({
    part: "request",
    row: "spec",
    change: "changed",
    fields: [{ name: "spec_digest", left: "a", right: "b", spans: [], is_cut: false }],
  });
  const { causes, sentences } = verdictOf(diffOf([input, spec]), [input, spec]);
  expect(causes).toEqual([{ sort: "input", name: "dataset", left: "aa", right: "bb" }]);
  expect(sentences).toEqual([
    "They were asked for different things: the input Dataset differs.",
    "What happened and what came of it are the same.",
  ]);
});

test("of a run that goes on it is said that more may come", () => {
  const diff = diffOf(ENTRIES);
  expect(said(ENTRIES, { right: { ...diff.right, status: "running" } })).toContain(
    "The right run goes on: what there was when they were read is compared.",
  );
});
