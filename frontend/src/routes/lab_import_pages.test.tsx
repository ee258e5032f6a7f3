import { screen, waitFor } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { expect, test } from "vitest";
import { LAB_CATALOG, SEASONS_REPORT, TOURNAMENT_ITEM } from "@/testing/lab.ts";
import { open, servePages } from "@/testing/pages.tsx";
import { answer, problem, server, take } from "@/testing/server.ts";

servePages();

const REPORT = {
  tables: [],
  team_matches: [],
  left_out: [],
  notes: ["No rules are given: 100 points for each entry."],
  questions: [{ option: "season", question: "which season is it?", choices: [] }],
  problems: [],
  season: null,
  game_outcome_model: null,
};
const SEASON = { tournament: { name: "Small cup", season: 2026, teams: [] }, results: [], calcutta: null };

test("what files leave open is asked, and nothing is kept before it is answered", async () => {
  const sent: unknown[] = [];
  server.use(
    take("/lab/seasons/inspect", (body) => {
      sent.push(body);
      const isAnswered = (body as { season?: number }).season === 2026;
      return isAnswered ? { ...REPORT, questions: [], season: SEASON } : REPORT;
    }),
    take("/lab/seasons", (body) => {
      sent.push(body);
      return SEASONS_REPORT.seasons[0] ?? null;
    }),
    answer("/lab/tournaments/{tournament_id}", problem(503, "DATABASE_BUSY", "try later"), 503),
  );
  const pages = open("/lab/import");
  const file = new File(["Team\nAlpha\n"], "field.csv", { type: "text/csv" });
  await userEvent.upload(await screen.findByLabelText("Drop the files here, or choose them"), file);
  expect(await screen.findByText(/which season is it\?/)).toBeTruthy();
  const keep = screen.getByRole<HTMLButtonElement>("button", { name: "Import" });
  expect(keep.disabled).toBe(true);
  await userEvent.type(screen.getByLabelText("Season"), "2026");
  await waitFor(() =>
    expect(screen.getByRole<HTMLButtonElement>("button", { name: "Import" }).disabled).toBe(false),
  );
  await userEvent.click(screen.getByRole("button", { name: "Import" }));
  await waitFor(() =>
    expect(pages.state.location.pathname).toBe(`/lab/tournaments/${TOURNAMENT_ITEM.tournament_id}`),
  );
  expect(sent[0]).toEqual({ files: [{ name: "field.csv", content: btoa("Team\nAlpha\n") }] });
  expect(sent.at(-1)).toEqual(SEASON);
});

test("runs in bulk are shown before they are made, and exactly those are made", async () => {
  const id = TOURNAMENT_ITEM.tournament_id;
  const run = {
    run_kind: "market_share",
    request: { snapshot_id: id, model: { kind: "oracle_actual_market" } },
  };
  const model = { run_kind: "market_share", model: "oracle_actual_market", display_name: "Oracle" };
  const sent: unknown[] = [];
  server.use(
    answer("/lab/coverage", {
      tournament_total: 1,
      calcutta_total: 1,
      models: [{ ...model, covered: 0, total: 1 }],
      cohorts: [],
    }),
    answer("/lab/models", LAB_CATALOG),
    answer("/lab/coverage/model", { ...model, covered: 0, total: 1, items: [] }),
    take("/lab/bulk-runs/propose", (body) => {
      sent.push(body);
      return { runs: [run], skipped: [], refused: [] };
    }),
    take("/lab/bulk-runs", (body) => {
      sent.push(body);
      return { created: [{ index: 0, run_id: id }], skipped: [], refused: [] };
    }),
  );
  open("/lab/coverage?kind=market_share&model=oracle_actual_market");
  await userEvent.click(await screen.findByRole("button", { name: "Show what would run" }));
  await userEvent.click(await screen.findByRole("button", { name: "Submit 1 run" }));
  expect(await screen.findByRole("link", { name: "Run 1" })).toBeTruthy();
  expect(sent).toEqual([
    { run_kind: "market_share", model: { kind: "oracle_actual_market" } },
    { runs: [run] },
  ]);
});
