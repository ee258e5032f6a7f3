import { expect, test } from "vitest";
import { leaderboardRow } from "@/testing/lab.ts";
import { firstNamed, pairedSentence, verdictOf } from "./paired.ts";

const candidate = (name: string, value: number, standard_error: number) => ({
  candidate_id: name,
  row: leaderboardRow(name, { display_name: name }),
  difference_to_first: { value, standard_error },
});
const CANDIDATES = [
  candidate("Bold", 0.02, 0.001),
  candidate("Mine", 0, 0),
  candidate("Close", -0.001, 0.001),
  candidate("Weak", -0.05, 0.002),
];

test("only a difference beyond its error is called one", () => {
  expect(CANDIDATES.map(({ difference_to_first }) => verdictOf(difference_to_first))).toEqual([
    "better",
    "not told apart",
    "not told apart",
    "worse",
  ]);
});

test("all are compared with the one that was named first", () => {
  expect(firstNamed(CANDIDATES)?.candidate_id).toBe("Mine");
  expect(pairedSentence(CANDIDATES)).toMatch(
    /^Against Mine, .*: Bold is better by 0.0200; Close is not told apart from it; Weak is worse by 0.0500\./,
  );
});
