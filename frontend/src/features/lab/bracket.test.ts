import { expect, test } from "vitest";
import type { Field } from "@/api/lab.ts";
import { bracketOf, teamLabel } from "./bracket.ts";

/** Five teams: the last two play for a place in the first semi-final. */
const FIELD: Field = {
  rounds: ["Play-in", "Semi-final", "Final"],
  teams: ["a", "b", "c", "d", "e"].map((team_id) => ({ team_id, name: team_id })),
  games: [
    { game_id: "p", round: 0, sides: [{ team: "d" }, { team: "e" }] },
    { game_id: "s1", round: 1, sides: [{ team: "a" }, { winner_of: "p" }] },
    { game_id: "s2", round: 1, sides: [{ team: "b" }, { team: "c" }] },
    { game_id: "f", round: 2, sides: [{ winner_of: "s1" }, { winner_of: "s2" }] },
  ],
};

test("a game lies in the middle of those that lead to it, and a play-in takes no row of its own", () => {
  const { rounds, rows } = bracketOf(FIELD, new Map());
  expect(rows).toBe(2);
  expect(rounds.map(({ games }) => games.map(({ game, row }) => [game.game_id, row]))).toEqual([
    [["p", 0]],
    [
      ["s1", 0],
      ["s2", 1],
    ],
    [["f", 0.5]],
  ]);
});

test("who meets is known as far as games are played", () => {
  const { rounds } = bracketOf(
    FIELD,
    new Map([
      ["p", "e"],
      ["s2", "c"],
    ]),
  );
  const [semi, other] = rounds[1]?.games ?? [];
  expect(semi).toMatchObject({ teams: ["a", "e"], winner: null, feeders: [null, "p"] });
  expect(other).toMatchObject({ teams: ["b", "c"], winner: "c" });
  expect(rounds[2]?.games[0]?.teams).toEqual([null, "c"]);
});

test("a field of 256 is laid out in 128 rows", () => {
  const teams = Array.from({ length: 256 }, (_, at) => ({ team_id: `t${at}`, name: `Team ${at}` }));
  const games: Field["games"] = [];
  let before: Field["games"][number]["sides"] = teams.map(({ team_id }) => ({ team: team_id }));
  for (let round = 0; before.length > 1; round += 1) {
    const next: typeof before = [];
    for (let at = 0; at < before.length; at += 2) {
      const game_id = `${round}-${at / 2}`;
      games.push({ game_id, round, sides: before.slice(at, at + 2) });
      next.push({ winner_of: game_id });
    }
    before = next;
  }
  const rounds = Array.from({ length: 8 }, (_, at) => `Round ${at + 1}`);
  const bracket = bracketOf({ rounds, teams, games }, new Map());
  expect(bracket.rows).toBe(128);
  expect(bracket.rounds[7]?.games[0]?.row).toBe(63.5);
});

test("a team is named with its seed where it has one", () => {
  expect(teamLabel({ name: "North", seed: 4 }, "a")).toBe("4 North");
  expect(teamLabel({ name: "North", seed: null }, "a")).toBe("North");
  expect(teamLabel(undefined, "a")).toBe("a");
});
