import { beforeEach, expect, test } from "vitest";
import { FIELD } from "@/testing/lab.ts";
import { keepDraft, keptDraft, teamMeant } from "./live_draft.ts";

const OF = { snapshot_id: "s", game_outcome_run_id: "g", market_share_run_id: "m" };

beforeEach(() => localStorage.clear());

test("what has fallen survives a reload, and belongs to one auction and its runs", () => {
  const draft = { sold: [{ team_id: "a", others_points: 30, own_points: 5 }], spending: "pace" as const };
  keepDraft(OF, draft);
  expect(keptDraft(OF)).toEqual(draft);
  expect(keptDraft({ ...OF, market_share_run_id: "other" }).sold).toEqual([]);
});

test("what cannot be read is taken for nothing", () => {
  localStorage.setItem("assay.live.s.g.m", '{"sold":[{"team_id":1},null],"spending":"x"}');
  expect(keptDraft(OF)).toEqual({ sold: [], spending: "budgets" });
  localStorage.setItem("assay.live.s.g.m", "{");
  expect(keptDraft(OF)).toEqual({ sold: [], spending: "budgets" });
});

test("a few letters mean a team where only one has them", () => {
  expect(teamMeant("m b", FIELD.teams)?.team_id).toBe("b");
  expect(teamMeant("3 team", FIELD.teams)?.team_id).toBe("c");
  expect(teamMeant("a", FIELD.teams)?.team_id).toBe("a");
  expect(teamMeant("team", FIELD.teams)).toBeNull();
  expect(teamMeant("", FIELD.teams)).toBeNull();
});
