import { screen, waitFor, within } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { beforeEach, expect, test } from "vitest";
import { framesOf } from "@/testing/forecasts.ts";
import {
  GAMES_RUN,
  MARKET_RUN,
  SIMULATION_RESULT,
  SIMULATION_RUN,
  SNAPSHOT,
  TOURNAMENT,
} from "@/testing/lab.ts";
import { open, servePages } from "@/testing/pages.tsx";
import { answer, frames, problem, refuse, runDetail, server, take } from "@/testing/server.ts";

servePages();
beforeEach(() => localStorage.clear());

const winner = (team_id: string, p_exact: number) => ({ team_id, simulations: 0, p: null, p_exact });
const game = (game_id: string, round: number, winners: ReturnType<typeof winner>[], is_fixed = false) => ({
  game_id,
  round,
  is_decided: false,
  is_fixed,
  winners,
});

function conditioned(isFixed: boolean) {
  const s1 = isFixed ? [winner("b", 1)] : [winner("a", 0.996), winner("b", 0.004)];
  return {
    simulation_run_id: SIMULATION_RUN.run_id,
    total_simulations: 1000,
    considered: 1000,
    agreeing: isFixed ? 4 : 1000,
    is_few: isFixed,
    p_condition: isFixed ? 0.004 : 1,
    games: [
      game("s1", 0, s1, isFixed),
      game("s2", 0, [winner("c", 0.6), winner("d", 0.4)]),
      game("f", 1, [...s1, winner("c", 0.1)]),
    ],
    entries: [],
  };
}

test("a click on a team lets it win, the address says so, and what is rare is not said to be impossible", async () => {
  const sent: unknown[] = [];
  server.use(
    answer("/lab/simulations/{simulation_run_id}", {
      run: SIMULATION_RUN,
      size: { n_sims: 1000 },
      seed: 42,
      is_sealed: false,
      result: SIMULATION_RESULT,
    }),
    answer("/lab/tournaments/{tournament_id}", TOURNAMENT),
    answer("/lab/runs", { items: [], next_cursor: null }),
    answer("/lab/runs/{lab_run_id}", GAMES_RUN),
    answer("/runs/{run_id}", runDetail()),
    answer("/runs/{run_id}/verify", problem(503, "SHUTTING_DOWN", "going down"), 503),
    frames(
      framesOf({ kind: "final", final: { status: "completed", response_text: null } }).map((frame) =>
        JSON.stringify(frame),
      ),
    ),
    take("/lab/simulations/{simulation_run_id}/condition", (body) => {
      sent.push(body);
      return conditioned((body as { games: unknown[] }).games.length > 0);
    }),
  );
  const pages = open(`/lab/simulations/${SIMULATION_RUN.run_id}?tab=condition`);
  const figure = await screen.findByRole("figure", { name: "What if" });
  // In the picture and in the list for phones.
  const rare = within(figure).getAllByRole("button", { name: /Team B\s*< 1 %/ })[0];
  if (!rare) throw new Error("the rare winner is not offered");
  await userEvent.click(rare);
  await waitFor(() => expect(pages.state.location.search).toMatchObject({ fixed: "s1:b" }));
  expect(await screen.findByText(/Only 4 simulations remain/)).toBeTruthy();
  await userEvent.click(screen.getByRole("button", { name: "Undo" }));
  await waitFor(() => expect(pages.state.location.search).not.toHaveProperty("fixed", "s1:b"));
  expect(sent.slice(0, 2)).toEqual([{ games: [] }, { games: [{ game_id: "s1", winner_team_id: "b" }] }]);
});

test("a team that has fallen is typed by keyboard, and a reload knows it", async () => {
  const sent: unknown[] = [];
  server.use(
    take("/lab/live", (body) => {
      sent.push(body);
      return LIVE;
    }),
  );
  const path = `/lab/live?snapshot=${SNAPSHOT.snapshot_id}&games=${GAMES_RUN.run_id}&market=${MARKET_RUN.run_id}`;
  open(path);
  await userEvent.click(await screen.findByLabelText("Team"));
  await userEvent.keyboard("team b{Tab}30{Tab}5{Enter}");
  const sold = [{ team_id: "b", others_points: 30, own_points: 5 }];
  await waitFor(() => expect(sent.at(-1)).toMatchObject({ sold, spending: "budgets" }));
  await waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText("Team")));
  expect(JSON.parse(Object.values({ ...localStorage })[0] ?? "null")).toMatchObject({ sold });
});

test("a bid that cannot be is refused before it is kept, and what was typed stays", async () => {
  server.use(take("/lab/live", () => LIVE));
  const path = `/lab/live?snapshot=${SNAPSHOT.snapshot_id}&games=${GAMES_RUN.run_id}&market=${MARKET_RUN.run_id}`;
  open(path);
  await userEvent.click(await screen.findByLabelText("Team"));
  server.use(
    refuse("/lab/live", problem(422, "VALIDATION_ERROR", "you bid 60 on it; 1 to 50 are allowed, or 0")),
  );
  await userEvent.keyboard("team b{Tab}30{Tab}60{Enter}");
  expect(await screen.findByText(/1 to 50 are allowed/)).toBeTruthy();
  expect(screen.getByLabelText("Team")).toHaveProperty("value", "team b");
  expect(Object.values({ ...localStorage })).toEqual([]);
});

const LIVE = {
  other_entry_count: 2,
  pool_points: 200,
  sold_points: 0,
  projected_pot_points: 180,
  pace: null,
  own_budget_points: 100,
  own_spent_points: 0,
  own_left_points: 100,
  own_expected_points: 0,
  unsold_expected_points: 400,
  plan: null,
  no_plan_reason: null,
  left_on_the_table_points: null,
  teams: TOURNAMENT.field.teams.map(({ team_id, name, seed }) => ({
    team_id,
    name,
    region: null,
    seed,
    expected_points: 100,
    predicted_points: 40,
    is_sold: false,
    others_points: 40,
    change_percent: null,
    own_points: 0,
    best_bid_points: 0,
  })),
};
