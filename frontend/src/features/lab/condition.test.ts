import { expect, test } from "vitest";
import { FIELD } from "@/testing/lab.ts";
import { fixedOf, fixedText, withWinner } from "./condition.ts";

const result = (game_id: string, winner_team_id: string) => ({ game_id, winner_team_id });

test("an address keeps what was fixed, in its order", () => {
  const fixed = [result("f", "a"), result("s2", "d")];
  expect(fixedOf(fixedText(fixed) ?? null)).toEqual(fixed);
  expect(fixedText([])).toBeUndefined();
  expect(fixedOf("rubbish,,x:")).toEqual([]);
});

test("fixing a winner frees what it contradicts, before and after", () => {
  expect(withWinner(FIELD, [result("s1", "a"), result("f", "a")], result("s1", "b"))).toEqual([
    result("s1", "b"),
  ]);
  expect(withWinner(FIELD, [result("s1", "a"), result("s2", "d")], result("f", "b"))).toEqual([
    result("s2", "d"),
    result("f", "b"),
  ]);
});

test("teams that meet elsewhere do not contradict each other", () => {
  expect(withWinner(FIELD, [result("s1", "a")], result("s2", "c"))).toEqual([
    result("s1", "a"),
    result("s2", "c"),
  ]);
});

test("fixing the same again frees the game", () => {
  expect(withWinner(FIELD, [result("s1", "a")], result("s1", "a"))).toEqual([]);
});
