import { expect, test } from "vitest";
import { FIELD } from "@/testing/lab.ts";
import { pastedOdds, pastedPairs } from "./pasted.ts";

const teams = FIELD.teams;

test("odds are read from a pasted table with headings, by name, id, or seed and name", () => {
  expect(pastedOdds("Team\tOdds\nTeam A\t1.5\nb\t2,25\n3 Team C\t9\n\n", teams)).toEqual({
    rows: [
      { team_id: "a", decimal_odds: 1.5 },
      { team_id: "b", decimal_odds: 2.25 },
      { team_id: "c", decimal_odds: 9 },
    ],
    problems: [],
  });
});

test("chances of pairs are read as fractions and as percents, in either direction", () => {
  expect(pastedPairs("Team A; Team B; 63 %\nteam b;team a;0,37", teams)).toEqual({
    rows: [
      { team1_id: "a", team2_id: "b", p_team1_wins: 0.63 },
      { team1_id: "b", team2_id: "a", p_team1_wins: 0.37 },
    ],
    problems: [],
  });
});

test("all that is wrong is said at once, by line", () => {
  const { rows, problems } = pastedOdds("Team A,2\nNobody,3\nTeam B,1\nteam a,4\nTeam C", teams);
  expect(rows).toEqual([{ team_id: "a", decimal_odds: 2 }]);
  expect(problems).toEqual([
    "Line 2: no team is called “Nobody”.",
    "Line 3: its last column is not odds above 1.",
    "Line 4: says again what line 1 says.",
    "Line 5: it is to be a team and a figure.",
    "Line 5: its last column is not odds above 1.",
  ]);
});

test("a name that two teams share is asked about", () => {
  const twins = teams.map((team) => ({ ...team, name: "Tech" }));
  expect(pastedPairs("tech;a;0.5", twins).problems).toEqual([
    "Line 1: “tech” is the name of 4 teams; write one of a, b, c, d.",
  ]);
});

test("an empty text has neither rows nor problems", () => {
  expect(pastedPairs(" \n", teams)).toEqual({ rows: [], problems: [] });
});
