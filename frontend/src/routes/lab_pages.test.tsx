import { screen, waitFor, within } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { expect, test } from "vitest";
import type { Body } from "@/lib/frames/types.ts";
import { framesOf } from "@/testing/forecasts.ts";
import {
  CALCUTTA,
  CALCUTTA_ITEM,
  GAMES_RUN,
  LAB_CATALOG,
  labRun,
  MARKET_RUN,
  RESOLUTION,
  SEASONS_REPORT,
  SIMULATION_RESULT,
  SIMULATION_RUN,
  SNAPSHOT,
  STATE_PLAYED,
  STRATEGY_RUN,
  TOURNAMENT,
  TOURNAMENT_ITEM,
} from "@/testing/lab.ts";
import { open, servePages } from "@/testing/pages.tsx";
import { answer, frames, problem, runDetail, server, take } from "@/testing/server.ts";

servePages();

const END: Body = { kind: "final", final: { status: "completed", response_text: null } };
const list = <T,>(items: T[]) => ({ items, next_cursor: null });

/** What the lab's pages ask for beside their own object. */
function serveLab(...bodies: Body[]) {
  server.use(
    answer("/lab/models", LAB_CATALOG),
    answer("/lab/tournaments", list([TOURNAMENT_ITEM])),
    answer("/lab/tournaments/{tournament_id}", TOURNAMENT),
    answer("/lab/states/{state_id}", STATE_PLAYED),
    answer("/lab/calcuttas", list([CALCUTTA_ITEM])),
    answer("/lab/calcuttas/{calcutta_id}", CALCUTTA),
    answer("/lab/snapshots/{snapshot_id}", SNAPSHOT),
    answer("/lab/resolve", RESOLUTION),
    answer("/lab/runs", list([SIMULATION_RUN])),
    answer("/lab/runs/{lab_run_id}", GAMES_RUN),
    answer("/lab/candidates", list([])),
    answer("/lab/cohorts", list([])),
    answer("/runs/{run_id}", runDetail()),
    answer("/runs/{run_id}/verify", problem(503, "SHUTTING_DOWN", "going down"), 503),
    frames(framesOf(...bodies).map((frame) => JSON.stringify(frame))),
  );
}

test("an empty lab teaches, makes seasons, and computes their chances with a second click", async () => {
  serveLab();
  const sent: unknown[] = [];
  server.use(
    answer("/lab/tournaments", list([])),
    take("/lab/seasons/generate", (body) => {
      sent.push(body);
      server.use(answer("/lab/tournaments", list([TOURNAMENT_ITEM])));
      return SEASONS_REPORT;
    }),
    take("/lab/game-outcomes", (body) => {
      sent.push(body);
      return { run_id: GAMES_RUN.run_id };
    }),
  );
  open("/lab");
  expect(await screen.findByText("No tournaments yet")).toBeTruthy();
  await userEvent.click(screen.getByRole("button", { name: "Make seasons" }));
  // The lists have come meanwhile; what is next is still said.
  await screen.findByRole("region", { name: "Tournaments" });
  await userEvent.click(screen.getByRole("button", { name: /every team's chances/ }));
  expect(await screen.findByText(/chances are being computed/)).toBeTruthy();
  expect(sent).toEqual([
    { seed: 42, first_season: 2024, seasons: 3, entries: 40 },
    {
      tournament_id: TOURNAMENT.tournament_id,
      state_id: TOURNAMENT.states[0]?.state_id,
      model: { kind: "logistic", scale: 10 },
    },
  ]);
});

test("a list that does not come says why, and is asked for again", async () => {
  serveLab();
  server.use(answer("/lab/tournaments", problem(503, "DATABASE_BUSY", "try later"), 503));
  open("/lab");
  expect((await screen.findByRole("alert")).textContent).toContain("DATABASE_BUSY");
  server.use(answer("/lab/tournaments", list([TOURNAMENT_ITEM])));
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByRole("link", { name: "Office auction" })).toBeTruthy();
  expect(screen.getByRole("link", { name: "Small cup" }).getAttribute("href")).toBe(
    `/lab/tournaments/${TOURNAMENT.tournament_id}`,
  );
});

test("odds are pasted, what is wrong is said by line, and only whole ones are sent", async () => {
  serveLab();
  const sent: unknown[] = [];
  server.use(
    take("/lab/game-outcomes", (body) => {
      sent.push(body);
      return { run_id: GAMES_RUN.run_id };
    }),
    answer("/lab/game-outcomes/{game_outcome_run_id}", problem(503, "DATABASE_BUSY", "try later"), 503),
  );
  open(`/lab/tournaments/${TOURNAMENT.tournament_id}`);
  await screen.findByRole("option", { name: "Bookmakers' odds" });
  await userEvent.selectOptions(screen.getByLabelText("Model"), "odds");
  const state_id = TOURNAMENT.states[0]?.state_id ?? "";
  await userEvent.selectOptions(screen.getByLabelText("From which state"), state_id);
  await userEvent.type(screen.getByLabelText("Steps"), "2");
  const odds = screen.getByLabelText("Decimal odds");
  const start = screen.getByRole<HTMLButtonElement>("button", { name: "Compute the chances" });
  await userEvent.click(odds);
  await userEvent.paste("Team A;1,5\nTeam X;2");
  expect(screen.getByText("Line 2: no team is called “Team X”.")).toBeTruthy();
  expect(start.disabled).toBe(true);
  await userEvent.clear(odds);
  await userEvent.paste("Team A;1,5\nTeam B;2,5");
  expect(screen.getByText("2 of 4 teams read")).toBeTruthy();
  await userEvent.click(start);
  const teams = [
    { team_id: "a", decimal_odds: 1.5 },
    { team_id: "b", decimal_odds: 2.5 },
  ];
  const { tournament_id } = TOURNAMENT;
  await waitFor(() =>
    expect(sent).toEqual([{ tournament_id, state_id, model: { kind: "odds", level: 2, odds: teams } }]),
  );
});

test("a tournament shows its field, its bracket at a state, and starts a model from a chosen state", async () => {
  serveLab();
  const sent: unknown[] = [];
  server.use(
    take("/lab/game-outcomes", (body) => {
      sent.push(body);
      return { run_id: GAMES_RUN.run_id };
    }),
    answer("/lab/game-outcomes/{game_outcome_run_id}", problem(503, "DATABASE_BUSY", "try later"), 503),
  );
  const pages = open(`/lab/tournaments/${TOURNAMENT.tournament_id}`);
  const field = await screen.findByRole("region", { name: "Field" });
  expect(within(field).getByRole("rowheader", { name: "Team A" })).toBeTruthy();
  await userEvent.click(screen.getByRole("button", { name: "Bracket" }));
  expect(pages.state.location.search).toMatchObject({ tab: "bracket" });
  const bracket = await screen.findByRole("figure", { name: "Bracket" });
  // In the picture and in the list for phones.
  await waitFor(() => expect(within(bracket).getAllByText(", winner").length).toBeGreaterThan(0));
  const start = screen.getByRole<HTMLButtonElement>("button", { name: "Compute the chances" });
  expect(start.disabled).toBe(true);
  await userEvent.selectOptions(
    screen.getByLabelText("From which state"),
    TOURNAMENT.states[0]?.state_id ?? "",
  );
  await userEvent.click(start);
  await waitFor(() => expect(pages.state.location.pathname).toContain("/lab/game-outcomes/"));
  expect(sent).toEqual([
    {
      tournament_id: TOURNAMENT.tournament_id,
      state_id: TOURNAMENT.states[0]?.state_id,
      model: { kind: "logistic", scale: 10 },
    },
  ]);
});

test("chances are shown with the points they are worth, and what may happen is not said to be impossible", async () => {
  serveLab(END);
  server.use(
    answer("/lab/game-outcomes/{game_outcome_run_id}", {
      run: GAMES_RUN,
      model: { kind: "logistic", scale: 10 },
      result: {
        rounds: ["semi_final", "final"],
        teams: [
          { team_id: "a", p_progress: [0.5, 0.25] },
          { team_id: "b", p_progress: [0.004, 0] },
        ],
        places: [2, 1],
        pairs: [],
      },
    }),
  );
  open(`/lab/game-outcomes/${GAMES_RUN.run_id}`);
  expect(await screen.findByText("Model: Logistic, scale 10.")).toBeTruthy();
  const table = await screen.findByRole("region", { name: "How far each team comes" });
  await waitFor(() => expect(within(table).getAllByRole("row")[1]?.textContent).toBe("1 Team A50 %25 %50.0"));
  expect(within(table).getAllByRole("row")[2]?.textContent).toContain("< 1 %");
});

test("a run on an auction names the upstream that was chosen, never one by itself of several", async () => {
  serveLab();
  const sent: unknown[] = [];
  server.use(
    take("/lab/market-shares", (body) => {
      sent.push(body);
      return { run_id: MARKET_RUN.run_id };
    }),
    answer("/lab/market-shares/{market_share_run_id}", problem(503, "DATABASE_BUSY", "try later"), 503),
  );
  const pages = open(`/lab/calcuttas/${CALCUTTA.calcutta_id}`);
  const games = await screen.findByLabelText<HTMLSelectElement>("Who beats whom");
  expect(games.value).toBe("");
  const start = screen.getByRole<HTMLButtonElement>("button", { name: "Compute what others bid" });
  expect(start.disabled).toBe(true);
  await userEvent.selectOptions(games, GAMES_RUN.run_id);
  await userEvent.click(start);
  await waitFor(() => expect(pages.state.location.pathname).toContain("/lab/market-shares/"));
  expect(sent).toEqual([
    {
      snapshot_id: SNAPSHOT.snapshot_id,
      model: { kind: "naive-ev-baseline", game_outcome_run_id: GAMES_RUN.run_id },
    },
  ]);
});

test("other rules make another snapshot, which is then shown", async () => {
  serveLab();
  const sent: unknown[] = [];
  const made = { ...SNAPSHOT, snapshot_id: "01a1fd49-b5ce-721a-ac79-000000000555" };
  server.use(
    take("/lab/snapshots", (body) => {
      sent.push(body);
      return made;
    }),
  );
  const pages = open(`/lab/calcuttas/${CALCUTTA.calcutta_id}`);
  await userEvent.click(await screen.findByRole("button", { name: "Replace the rules" }));
  const form = await screen.findByRole("dialog");
  const make = within(form).getByRole("button", { name: "Make the snapshot" });
  expect(make.hasAttribute("disabled")).toBe(true);
  const payouts = within(form).getByLabelText("Payouts");
  await userEvent.clear(payouts);
  await userEvent.type(payouts, "60 40");
  await userEvent.click(make);
  await waitFor(() => expect(pages.state.location.search).toMatchObject({ snapshot: made.snapshot_id }));
  const { rules, scoring } = SNAPSHOT.content;
  expect(sent).toEqual([
    {
      base_snapshot_id: SNAPSHOT.snapshot_id,
      description: "Other rules",
      rules,
      scoring,
      payouts: [
        { position: 1, amount_cents: 6000 },
        { position: 2, amount_cents: 4000 },
      ],
    },
  ]);
});

test("an entry's bids and the step are in the address", async () => {
  serveLab();
  const pages = open(`/lab/calcuttas/${CALCUTTA.calcutta_id}?step=simulation`);
  expect(await screen.findByRole("button", { name: "Simulate" })).toBeTruthy();
  await userEvent.click(await screen.findByRole("button", { name: "Ann" }));
  expect(await screen.findByRole("region", { name: "Bids of Ann" })).toBeTruthy();
  expect(pages.state.location.search).toMatchObject({
    step: "simulation",
    entry: SNAPSHOT.content.entries[0]?.entry_id,
  });
});

test("bids are a sheet, and become a candidate", async () => {
  serveLab(END);
  const sent: unknown[] = [];
  const bid = { team_id: "a", bid_points: 30, expected_points: 90, expected_market: 50 };
  server.use(
    answer("/lab/strategies/{strategy_generation_run_id}", {
      run: STRATEGY_RUN,
      result: {
        expected_points: 33.75,
        total_bid_points: 30,
        bids: [{ ...bid, expected_ownership: 0.375, expected_roi: 1.125 }],
      },
    }),
    take("/lab/candidates", (body) => {
      sent.push(body);
      return { candidate_id: "01a1fd49-b5ce-721a-ac79-000000000199", display_name: "Mine" };
    }),
  );
  open(`/lab/strategies/${STRATEGY_RUN.run_id}`);
  const sheet = await screen.findByRole("region", { name: "Bid sheet" });
  await waitFor(() =>
    expect(within(sheet).getAllByRole("row")[1]?.textContent).toBe("1 Team A3090.050.037.5 %1.13"),
  );
  await userEvent.type(screen.getByLabelText("Name"), "Mine");
  await userEvent.click(screen.getByRole("button", { name: "Keep candidate" }));
  expect(await screen.findByRole("link", { name: "Mine" })).toBeTruthy();
  expect(sent).toEqual([
    { display_name: "Mine", source_kind: "strategy", strategy_generation_run_id: STRATEGY_RUN.run_id },
  ]);
});

function serveSimulation() {
  serveLab(END);
  server.use(
    answer("/lab/simulations/{simulation_run_id}", {
      run: SIMULATION_RUN,
      size: { n_sims: 1000 },
      seed: 42,
      result: SIMULATION_RESULT,
    }),
    answer("/lab/simulations/{simulation_run_id}/distribution", (request) => ({
      entry_id: new URL(request.url).searchParams.get("entry_id") ?? "",
      finishes: [
        { position: 1, sharing: 1, payout_cents: 10_000, simulations: 600 },
        { position: 2, sharing: 1, payout_cents: 0, simulations: 400 },
      ],
    })),
  );
}

test("a leaderboard says how sure it is, and an entry shows its maths", async () => {
  serveSimulation();
  const pages = open(`/lab/simulations/${SIMULATION_RUN.run_id}`);
  const table = await screen.findByRole("region", { name: "Entries" });
  const rows = within(table).getAllByRole("row");
  expect(rows[1]?.textContent).toContain("0.6000 ± 0.0100");
  // Never seen among a thousand is not impossible.
  expect(rows[2]?.textContent).toContain("< 0.3 %");
  await userEvent.click(within(table).getByRole("button", { name: "Ann" }));
  expect(pages.state.location.search).toMatchObject({ tab: "entry" });
  expect(await screen.findByRole("figure", { name: "How Ann finishes" })).toBeTruthy();
  const maths = await screen.findByTestId("maths");
  expect(within(maths).getAllByText("adds up here")).toHaveLength(3);
});

test("a simulated tournament that does not lead to the seal is said not to be proven", async () => {
  serveSimulation();
  const root = "cd".repeat(32);
  server.use(
    answer("/lab/simulations/{simulation_run_id}", {
      run: SIMULATION_RUN,
      size: { n_sims: 1000 },
      seed: 42,
      result: { ...SIMULATION_RESULT, seal_root: root },
    }),
    answer("/lab/simulations/{simulation_run_id}/bracket", {
      simulation: 3,
      games: ["s1", "s2", "f"].map((game_id) => ({ game_id, winner_team_id: "a", is_decided: false })),
      proof: { root, total_simulations: 1000, bits: [1], path: [root] },
    }),
  );
  open(`/lab/simulations/${SIMULATION_RUN.run_id}?tab=bracket&simulation=3`);
  expect((await screen.findByTestId("seal")).dataset.state).toBe("failed");
});

test("a cancelled run without a result says so, and an unknown one leads to all runs", async () => {
  serveLab({ kind: "final", final: { status: "cancelled", response_text: null } });
  server.use(
    answer("/lab/market-shares/{market_share_run_id}", {
      run: labRun("market_share", 11, { status: "cancelled" }),
      model: { kind: "oracle_actual_market" },
      result: null,
    }),
    answer("/lab/strategies/{strategy_generation_run_id}", problem(404, "NOT_FOUND", "no such run"), 404),
  );
  const pages = open(`/lab/market-shares/${MARKET_RUN.run_id}`);
  expect(await screen.findByText(/cancelled before anything came out/)).toBeTruthy();
  await pages.navigate({ to: "/lab/strategies/$runId", params: { runId: STRATEGY_RUN.run_id } });
  expect(await screen.findByText("There is no such run")).toBeTruthy();
});

test("the record of a run of the lab leads to its result", async () => {
  serveLab(END);
  server.use(answer("/runs/{run_id}", runDetail({ kind: "simulation", run_id: SIMULATION_RUN.run_id })));
  open(`/runs/${SIMULATION_RUN.run_id}`);
  const link = await screen.findByRole("link", { name: /^Result/ });
  expect(link.getAttribute("href")).toBe(`/lab/simulations/${SIMULATION_RUN.run_id}`);
});
